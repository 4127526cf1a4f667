"""What a case needs, what was handed in for it, and what was promised instead."""

from django.db import models
from django.db.models import Q

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import RootRow


class CaseMaterial(models.Model):
    """A material this case needs, as its situation asked for it; `asked` says what is to be corrected."""

    class State(models.TextChoices):
        GIVEN = "given", "已提交"
        ASKED = "asked", "需补正"
        SUPPLEMENTED = "supplemented", "已补正"
        OWED = "owed", "容缺待补"  # brought after acceptance, on a signed promise
        BROUGHT = "brought", "容缺已补"
        ABSENT = "absent", "未提交"  # an optional one that was not handed in

    class How(models.TextChoices):
        UPLOAD = "upload", "上传"
        CERTIFICATE = "certificate", "调用电子证照"
        COMMITMENT = "commitment", "告知承诺"
        PAPER = "paper", "窗口核对原件"
        COPY = "copy", "窗口收复印件"

    class OwedTold(models.TextChoices):
        """What the applicant was told last about an owed material, so that each is told once."""

        NOTHING = "", ""
        REMINDED = "reminded", "已提醒"
        MISSED = "missed", "已告知逾期"

    # The key begins with it.
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials", db_index=False)
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    position = models.SmallIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.GIVEN)
    asked = EncryptedTextField(grade="L3", default="")
    how = models.CharField(max_length=12, choices=How, default=How.UPLOAD)
    source_id = models.UUIDField(null=True)  # the certificate looked up, or the SignedCommitment
    copies = models.SmallIntegerField(default=0, db_default=0)  # counted at a window (份); 0: nobody counted
    owed_until = models.DateField(null=True)
    owed_told = models.CharField(max_length=8, choices=OwedTold, default=OwedTold.NOTHING, blank=True)
    # Again, with the next application: hers to choose.
    offered = models.BooleanField(default=True, db_default=True)

    class Meta:
        indexes = [
            models.Index(fields=["owed_until"], name="material_owed", condition=Q(state="owed")),
        ]
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="material_code_once")]


class MaterialFile(RootRow):
    """
    A file handed in for a material. Its root is the draft, whose id the case takes when it is filed.

    pending: waits for filing or for the correction to be handed in; current: what reviewers see; replaced:
    a correction brought a better one; removed: taken back by the applicant before handing in.
    """

    class State(models.TextChoices):
        PENDING = "pending", "待提交"
        CURRENT = "current", "有效"
        REPLACED = "replaced", "已替换"
        REMOVED = "removed", "已撤下"

    material_code = models.CharField(max_length=40)
    file_id = models.UUIDField()
    added_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)


class SignedCommitment(RootRow):
    """
    What an applicant promised in writing: 告知承诺 for one material, or to bring what is missing (容缺承诺).

    Its root is the draft, whose id the case takes. The words are kept as they were signed. `signature_id` is a
    drawn signature (documents.StoredFile), None where the name was typed.
    """

    append_only = True

    class Kind(models.TextChoices):
        PROMISE = "promise", "告知承诺"
        GAP = "gap", "容缺承诺"

    kind = models.CharField(max_length=8, choices=Kind)
    code = models.CharField(max_length=40)  # the material; for a gap: its material
    commitment = models.CharField(
        max_length=40, default="", blank=True
    )  # code of the definition's Commitment
    version = models.SmallIntegerField(default=1)
    text = (
        models.JSONField()
    )  # {"version": 1, "told": [], "promised": [], "consequence": ""}: nothing personal
    person_id = models.UUIDField(null=True)  # None: signed before sign-in, bound when the draft is filed
    signed_name = EncryptedTextField(grade="L3")
    signature_id = models.UUIDField(null=True)
    signed_at = models.DateTimeField()


class AfterCheck(models.Model):
    """The duty to check a promise after the decision (告知承诺事后核查); found kept or broken."""

    class Finding(models.TextChoices):
        NONE = "", "待核查"
        KEPT = "kept", "属实"
        BROKEN = "broken", "与承诺不符"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="after_checks")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    material_code = models.CharField(max_length=40)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    finding = models.CharField(max_length=8, choices=Finding, default=Finding.NONE, blank=True)
    text = EncryptedTextField(grade="L3", default="")
    done_on = models.DateField(null=True)
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["department", "due_on"], name="aftercheck_open", condition=Q(finding=""))
        ]
