"""What officers keep for their own work on cases: marks on materials, own phrases."""

from django.db import models

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import ShardRoot


class MaterialMark(models.Model):
    """
    What an officer said of one file that was handed in, or of one of its pages: fine, or what is wrong.

    Never changed: the last mark of a file and page counts. It stays inside; what reaches the applicant is the
    correction notice, which begins with what is marked.
    """

    append_only = True

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="marks")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    material_code = models.CharField(max_length=40)
    file_id = models.UUIDField()
    page = models.SmallIntegerField(default=0)  # 0: the whole file
    fine = models.BooleanField()
    text = EncryptedTextField(grade="L3", default="")
    post_id = models.UUIDField()
    person_id = models.UUIDField()
    at = models.DateTimeField()


class OwnPhrases(ShardRoot):
    """常用语 of one officer, whose id it bears, in their order; the platform's own stand in workbench/phrases.yaml."""

    phrases = EncryptedTextField(grade="L3", default="")  # one a line: somebody's name may slip in
