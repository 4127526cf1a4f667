"""A bundle (一件事): several applications made at once, its parts, and the directory of its numbers."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mingqu.cases.models.case import Case
from mingqu.kernel.errors import to_citizens
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.training import OfRegion


class Bundle(OfRegion, ShardRoot):
    """
    One request for a bundle (一件事) or for a stage of a project; each of its parts is a case of its own, with its
    own state and clock, or a matter of an outside system.

    It pins the revision it was filed under. Its subject may be a firm that has no number yet, or become one on the
    way: `party_id` stays. `due_on` is the last day of handling together (行政许可法 42, second paragraph); none while
    that stands still (45).

    Only `cases.bundles.services` writes it.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", to_citizens("已收件")
        HANDLING = "handling", to_citizens("办理中")  # something is accepted
        DECIDED = (
            "decided",
            to_citizens("结果已出"),
        )  # every part has ended; the results are to be delivered together
        DELIVERED = "delivered", to_citizens("已办结")
        WITHDRAWN = "withdrawn", to_citizens("已撤回")

    number = models.CharField(max_length=24)
    query_code = EncryptedTextField(grade="L3", default="")
    kind = models.CharField(max_length=8)  # bundle or stage
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    revision = models.ForeignKey("catalogue.BundleRevision", on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    applicant_id = models.UUIDField()
    applicant_name = EncryptedTextField(grade="L3")
    party_kind = models.CharField(max_length=8, choices=Case.PartyKind, default=Case.PartyKind.PERSON)
    party_id = models.UUIDField(null=True)  # NULL: the applicant
    party_name = EncryptedTextField(grade="L3", default="")
    credit_code = models.CharField(max_length=18, default="", blank=True)  # of the firm, once it is known
    situation = models.JSONField(default=dict)  # answers of 情形引导: nothing personal
    answers = EncryptedJSONField(grade="L3", default=dict)
    # Answers typed anew for a correction, by their paths in the one form; they wait until all is handed in.
    corrected = EncryptedJSONField(grade="L3", default=dict)
    originals = ArrayField(
        models.CharField(max_length=90), default=list
    )  # materials a clerk has seen on paper
    copied = ArrayField(
        models.CharField(max_length=90), default=list, db_default=[]
    )  # copies a clerk took in
    counted = ArrayField(
        models.SmallIntegerField(), default=list, db_default=[]
    )  # how many: of `originals`, then of `copied`
    owed = ArrayField(
        models.CharField(max_length=90), default=list
    )  # materials chosen to follow later (容缺)
    channel = models.CharField(max_length=12, choices=Case.Channel, default=Case.Channel.ONLINE)
    filed_by_post = models.UUIDField(null=True)  # the window's post that filed it for the applicant
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)
    delivery_way = models.CharField(
        max_length=12, choices=Case.DeliveryWay, default=Case.DeliveryWay.ELECTRONIC
    )
    # 寄递, as of a case: a way of `window` only. `sent_to`: for parts filed later; each filed one keeps its own.
    by_post = models.BooleanField(default=False, db_default=False)
    sent_to = EncryptedJSONField(grade="L3", null=True)
    served = EncryptedJSONField(grade="L3", default=dict)  # how the results were delivered, for each case
    project_id = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    accepted_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    extended_on = models.DateField(null=True)  # the joint limit was lengthened, once
    decided_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["applicant_id", "-id"], name="bundle_applicant"),
            models.Index(fields=["lead", "status", "due_on", "id"], name="bundle_worklist"),
            models.Index(fields=["project_id"], name="bundle_project", condition=Q(project_id__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="bundle_handling_was_accepted",
                condition=~Q(status="handling") | Q(accepted_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.number

    # What the access rule looks at.
    item_type = ""

    @property
    def department_id(self) -> UUID:
        """Whose it is for the access rule: the lead's."""
        return self.lead_id

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        return (self.applicant_id,)

    @property
    def delivery_words(self) -> str:
        """送达方式, as papers and pages say it."""
        return "寄递" if self.by_post else str(self.get_delivery_way_display())

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_BUNDLES


OPEN_BUNDLES = (Bundle.Status.RECEIVED, Bundle.Status.HANDLING, Bundle.Status.DECIDED)


class BundlePart(models.Model):
    """One matter of a bundle: the case it is, or the result of the outside system; its id in the case is fixed."""

    class State(models.TextChoices):
        WAITING = "waiting", to_citizens("等前面的事项")
        OUTSIDE = "outside", to_citizens("外部系统办理中")
        DUE = "due", to_citizens("正在提交")  # nothing stands in its way; its case is being filed
        FILED = "filed", to_citizens("待受理")
        CORRECTION = "correction", to_citizens("待补正")
        ACCEPTED = "accepted", to_citizens("审查中")
        GRANTED = "granted", to_citizens("已准予")
        REFUSED = "refused", to_citizens("不予")
        NOT_ACCEPTED = "not_accepted", to_citizens("不予受理")
        NOT_REQUIRED = "not_required", to_citizens("不需要办理")
        WITHDRAWN = "withdrawn", to_citizens("已撤回")
        TERMINATED = "terminated", to_citizens("已终止")
        SKIPPED = "skipped", to_citizens("不再办理")

    class Pending(models.TextChoices):
        NONE = "", ""
        ACCEPT = "accept", "正在受理"
        ASK = "ask", "正在告知补正"
        END = "end", "正在终止"

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="parts")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("bundle_id", "id")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    position = models.SmallIntegerField()
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    item_code = models.CharField(max_length=64, default="", blank=True)
    revision_id = models.UUIDField(null=True)  # of the item's definition, pinned; NULL: outside
    case_id = models.UUIDField(null=True)  # fixed when the bundle is filed; NULL: outside
    case_number = models.CharField(max_length=20, default="", blank=True)
    after = ArrayField(models.CharField(max_length=40), default=list)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    pending = models.CharField(max_length=8, choices=Pending, default=Pending.NONE, blank=True)
    asked = EncryptedJSONField(grade="L3", default=list)  # [[material, what]]: told to the case, then to her
    said = EncryptedJSONField(
        grade="L3", default=list
    )  # the same by its department, before the notice of all
    said_by = models.UUIDField(null=True)  # NULL: nobody has spoken on the materials as they are now
    said_at = models.DateTimeField(null=True)
    told = models.CharField(max_length=12, default="", blank=True)  # state of which a paper was made last
    accepted_on = models.DateField(null=True)
    due_on = models.DateField(null=True)  # of its own clock
    ended_on = models.DateField(null=True)
    paper_ready = models.BooleanField(default=False)  # certificate or refusal stands in the applicant's space
    delivered_on = models.DateField(null=True)
    result = EncryptedJSONField(grade="L3", default=dict)  # of the outside system: number, name, reasons

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bundle", "code"], name="bundlepart_code_once")]

    @property
    def is_outside(self) -> bool:
        return self.case_id is None


class BundleNumber(models.Model):
    """The directory 一件事编号 → bundle."""

    append_only = True
    directory = True

    number = models.CharField(max_length=24, primary_key=True)
    bundle_id = models.UUIDField(unique=True)
