"""What a window asks to change of an application it took in: voided, or a slip of the keyboard mended."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.ids import new_id


class FilingChange(models.Model):
    """
    作废 of a filing, or 更正 of what a clerk mistyped, with reason and both values; never deleted.

    What takes an application away or says who somebody is waits for a second person (`waiting`); everything else is
    `done` at once. Only `cases.services.amending` writes it.
    """

    class Kind(models.TextChoices):
        VOID = "void", "作废"
        MEND = "mend", "更正录入"

    class State(models.TextChoices):
        WAITING = "waiting", "等第二个人复核"
        DONE = "done", "已生效"
        DECLINED = "declined", "没有同意"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="filing_changes")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    paths = ArrayField(models.CharField(max_length=120), default=list)  # of 更正: which fields
    names = models.JSONField(default=dict)  # path → the question: nothing personal
    before = EncryptedJSONField(grade="L3", default=dict)  # path → value
    after = EncryptedJSONField(grade="L3", default=dict)
    reason = EncryptedTextField(grade="L3")
    asked_by = models.UUIDField()
    asked_by_post = models.UUIDField()
    asked_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(grade="L3", default="")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="filing_change_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="filing_change_one_waits", condition=Q(state="waiting")
            ),
            models.CheckConstraint(
                name="filing_change_second_person",
                condition=Q(answered_by=None) | ~Q(answered_by=models.F("asked_by")),
            ),
        ]
