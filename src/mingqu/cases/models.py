"""Cases from filing to archive, and what belongs to them."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import RootRow, ShardRoot


class Case(ShardRoot):
    """
    One application by one party for one handling item (办件).

    It pins the revision of the definition it was filed under, so later edits of the catalogue never change
    what the applicant was promised. It is never deleted. Deadlines live in `clocks`; `due_on` is a copy for
    sorting, checked nightly. Its id is the id of the draft it was filed from.

    Only `cases.services` writes it.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", "待受理"  # 收件: nothing runs yet but the five-day notice
        CORRECTION = "correction", "待补正"
        NOT_ACCEPTED = "not_accepted", "不予受理"
        ACCEPTED = "accepted", "审查中"  # 受理: statutory and promised clocks run
        DECIDED = "decided", "已决定"
        DELIVERED = "delivered", "已送达"
        ARCHIVED = "archived", "已归档"
        WITHDRAWN = "withdrawn", "已撤回"

    class Outcome(models.TextChoices):
        NONE = "", ""
        GRANTED = "granted", "准予"
        REFUSED = "refused", "不予"

    class Channel(models.TextChoices):
        ONLINE = "online", "网上"

    number = models.CharField(max_length=20)
    query_code = EncryptedTextField(grade="L3")
    revision = models.ForeignKey("catalogue.Revision", on_delete=models.PROTECT, related_name="+")
    item_code = models.CharField(max_length=40)
    item_name = models.CharField(max_length=200)
    handling_item = models.CharField(max_length=20)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    applicant_id = models.UUIDField()  # a person: another aggregate, so no constraint
    applicant_name = EncryptedTextField(grade="L3")
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.ONLINE)
    situation = models.JSONField(default=dict)  # answers of 情形引导: nothing personal
    answers = EncryptedJSONField(grade="L3", default=dict)
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)
    received_at = models.DateTimeField()
    received_on = models.DateField()  # the day the materials now before us came in (行政许可法 32)
    accepted_on = models.DateField(null=True)
    deemed_accepted = models.BooleanField(default=False)
    due_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.NONE, blank=True)
    delivered_on = models.DateField(null=True)
    archived_on = models.DateField(null=True)
    visits = models.SmallIntegerField(default=0)  # 到现场次数, counted from what happened
    instance_id = models.UUIDField(null=True)  # its process instance, from acceptance on
    certificate_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["applicant_id", "-id"], name="case_applicant"),
            models.Index(fields=["department", "status", "due_on", "id"], name="case_worklist"),
            models.Index(fields=["due_on", "id"], name="case_unanswered", condition=Q(status="received")),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_accepted_has_due_date",
                condition=~Q(status="accepted") | Q(due_on__isnull=False, accepted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="case_decided_has_outcome", condition=~Q(status="decided") | ~Q(outcome="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        """Whose case it is, for the access rule."""
        return (self.applicant_id,)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


OPEN = (Case.Status.RECEIVED, Case.Status.CORRECTION, Case.Status.ACCEPTED, Case.Status.DECIDED)


class CaseNumber(models.Model):
    """The directory 办件编号 → case: public numbers are looked up here, rows are locked by shard key."""

    append_only = True
    directory = True

    number = models.CharField(max_length=20, primary_key=True)
    case_id = models.UUIDField(unique=True)


class CaseMaterial(models.Model):
    """A material this case needs, as its situation asked for it; `asked` says what is to be corrected."""

    class State(models.TextChoices):
        GIVEN = "given", "已提交"
        ASKED = "asked", "需补正"
        SUPPLEMENTED = "supplemented", "已补正"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    position = models.SmallIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.GIVEN)
    asked = EncryptedTextField(grade="L3", default="")

    class Meta:
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


class Opinion(models.Model):
    """What an officer found in one step; never changed."""

    append_only = True

    class Finding(models.TextChoices):
        MET = "met", "符合"
        NOT_MET = "not_met", "不符合"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="opinions")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    step = models.CharField(max_length=40)
    step_name = models.CharField(max_length=80)
    post_id = models.UUIDField()
    person_id = models.UUIDField()
    second_officer = EncryptedTextField(grade="L3", default="")
    finding = models.CharField(max_length=8, choices=Finding)
    points = models.JSONField(default=list)  # [material code, 审查要点, met]: nothing personal
    text = EncryptedTextField(grade="L3", default="")
    at = models.DateTimeField()


class Decision(models.Model):
    """The decision on acceptance or on the licence, with reasons and remedies; never changed."""

    append_only = True

    class Kind(models.TextChoices):
        NOT_ACCEPTED = "not_accepted", "不予受理"
        GRANTED = "granted", "准予"
        REFUSED = "refused", "不予"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    kind = models.CharField(max_length=12, choices=Kind)
    document_number = models.CharField(max_length=60)  # 文号
    reasons = EncryptedTextField(grade="L3", default="")
    post_id = models.UUIDField()
    person_id = models.UUIDField()
    at = models.DateTimeField()
