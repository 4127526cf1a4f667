"""A case (办件) and the directory of its numbers."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mingqu.clocks.types import PAYMENT
from mingqu.identity.types import Theirs
from mingqu.kernel.errors import to_citizens
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.training import OfRegion


class Case(OfRegion, ShardRoot):
    """
    One application by one party for one handling item (办件).

    It pins the revision of the definition it was filed under, so later edits of the catalogue never change
    what the applicant was promised. It is never deleted. Deadlines live in `clocks`; `due_on` is a copy for
    sorting, checked nightly. Its id is the id of the draft it was filed from.

    Only `cases.services` writes it.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", to_citizens("待受理")  # 收件: nothing runs yet but the five-day notice
        CORRECTION = "correction", to_citizens("待补正")
        NOT_ACCEPTED = "not_accepted", to_citizens("不予受理")
        ACCEPTED = "accepted", to_citizens("审查中")  # 受理: statutory and promised clocks run
        DECIDED = "decided", to_citizens("已决定")
        DELIVERED = "delivered", to_citizens("已送达")
        ARCHIVED = "archived", to_citizens("已归档")
        WITHDRAWN = "withdrawn", to_citizens("已撤回")
        NOT_REQUIRED = "not_required", to_citizens("不需要许可")  # 行政许可法 32(1): told at once
        TERMINATED = "terminated", to_citizens("已终止")
        VOIDED = (
            "voided",
            to_citizens("已作废"),
        )  # taken in by mistake at a window; the number is not used again

    class Outcome(models.TextChoices):
        NONE = "", ""
        GRANTED = "granted", "准予"
        REFUSED = "refused", "不予"

    class Channel(models.TextChoices):
        ONLINE = "online", "网上"
        WINDOW = "window", "窗口"
        KIOSK = "kiosk", "自助机"

    class DeliveryWay(models.TextChoices):
        ELECTRONIC = "electronic", "电子送达"  # only with the applicant's consent
        WINDOW = "window", "窗口领取"

    class PartyKind(models.TextChoices):
        PERSON = "person", "自然人"
        FIRM = "firm", "法人和非法人组织"

    # What who stands aside (回避) may still do: see that it goes on without her.
    open_to_barred: ClassVar = frozenset({"case.see", "case.export"})

    # What a row tells of whom it is for, for the rule of access.
    THEIRS: ClassVar = Theirs(firm="party_id", capacity="capacity_id", item="item_code")

    number = models.CharField(max_length=20)
    query_code = EncryptedTextField(grade="L3")
    # Nobody looks cases up by a revision, which nobody deletes either; by organ `case_worklist` finds them.
    revision = models.ForeignKey(
        "catalogue.Revision", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # 流程迁移: the later revision whose steps it goes by, those it went by before, what steps were called there.
    flow_revision = models.ForeignKey(
        "catalogue.Revision", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    flow_past = ArrayField(models.UUIDField(), default=list, db_default=[])
    flow_steps = models.JSONField(default=dict, db_default={})
    item_code = models.CharField(max_length=64)
    item_name = models.CharField(max_length=200)
    handling_code = models.CharField(max_length=20)
    handling_item = models.CharField(max_length=200)
    handling_kind = models.CharField(max_length=8, default="new")  # new change renew replace cancel
    acts_on_id = models.UUIDField(
        null=True
    )  # the certificate that is changed, renewed, replaced or cancelled
    department = models.ForeignKey(
        "identity.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    applicant_id = models.UUIDField()  # a person: another aggregate, so no constraint
    applicant_name = EncryptedTextField(grade="L3")
    # Whose application it is: the applicant, or a firm for which the applicant acts. A firm may stand in while it
    # has no number yet; the id stays when its number comes.
    party_kind = models.CharField(max_length=8, choices=PartyKind, default=PartyKind.PERSON)
    party_id = models.UUIDField(null=True)  # NULL: the applicant
    party_name = EncryptedTextField(grade="L3", default="")
    bundle_id = models.UUIDField(null=True)  # 一件事 it was filed with
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.ONLINE)
    # 补录: the paper slip it was taken in on while the platform stood still; "" for all others.
    slip_number = models.CharField(max_length=24, default="", db_default="", blank=True)
    filed_by_post = models.UUIDField(null=True)  # the window's post that filed it for the applicant
    delivery_way = models.CharField(max_length=12, choices=DeliveryWay, default=DeliveryWay.ELECTRONIC)
    # Filed by who acts for the applicant or her firm, under this authority (identity.Capacity); NULL: by herself.
    capacity_id = models.UUIDField(null=True)
    # 寄递: the result lies at a counter and goes by courier to her `DeliveryAddress`; a way of `window` only.
    by_post = models.BooleanField(default=False, db_default=False)
    delivery_consent_at = models.DateTimeField(null=True)  # consent to electronic delivery
    situation = models.JSONField(default=dict)  # answers of 情形引导: nothing personal
    answers = EncryptedJSONField(grade="L3", default=dict)
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)
    received_at = models.DateTimeField()
    received_on = models.DateField()  # the day the materials now before us came in (行政许可法 32)
    accepted_on = models.DateField(null=True)
    deemed_accepted = models.BooleanField(default=False)
    due_on = models.DateField(null=True)  # NULL also while a special procedure suspends the clock
    suspended_since = models.DateField(null=True)  # 特别程序: a label; the ledger of the clock is the truth
    suspended_ground = models.CharField(max_length=24, default="", blank=True)
    suspended_until = models.DateField(
        null=True
    )  # by when it is expected to be over, as the applicant was last told
    suspension_told = models.BooleanField(
        default=False, db_default=False
    )  # that this day has passed, to its officers
    extended_on = models.DateField(null=True)
    owes = models.BooleanField(default=False)  # 容缺: a material may still be owed; its rows say which
    returned_inside = models.BooleanField(default=False)  # 内部退回: a step is being done again
    # 征求意见: something was asked of another organ; its rows say what, and what came of it.
    consults = models.BooleanField(default=False, db_default=False)
    # 回避: persons who have no hand in this case, whatever posts they hold; models.Recusal says why.
    barred_ids = ArrayField(models.UUIDField(), default=list, db_default=[])
    decided_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.NONE, blank=True)
    deemed_granted = models.BooleanField(default=False)  # 视为准予延续 (行政许可法 50)
    delivered_on = models.DateField(null=True)
    archived_on = models.DateField(null=True)
    visits = models.SmallIntegerField(default=0)  # 到现场次数, counted from what happened
    instance_id = models.UUIDField(null=True)  # its process instance, from acceptance on
    certificate_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["applicant_id", "-id"], name="case_applicant"),
            # Of a firm's agent with thousands of cases, those that go on.
            models.Index(
                fields=["applicant_id", "-id"],
                name="case_applicant_open",
                condition=Q(status__in=["received", "correction", "accepted", "decided"]),
            ),
            models.Index(fields=["department", "status", "due_on", "id"], name="case_worklist"),
            models.Index(fields=["due_on", "id"], name="case_unanswered", condition=Q(status="received")),
            models.Index(fields=["bundle_id"], name="case_bundle", condition=Q(bundle_id__isnull=False)),
            models.Index(fields=["party_id", "-id"], name="case_party", condition=Q(party_id__isnull=False)),
            models.Index(fields=["acts_on_id"], name="case_acts_on", condition=Q(acts_on_id__isnull=False)),
            # For posts of every department (a window); what is archived is in no list of work.
            models.Index(
                fields=["status", "due_on", "id"], name="case_unarchived", condition=~Q(status="archived")
            ),
            # The same in the order of receipt.
            models.Index(
                fields=["status", "received_on", "id"],
                name="case_unarchived_received",
                condition=~Q(status="archived"),
            ),
            # For a post of one small region among many: its own cases and no others are looked through.
            models.Index(
                fields=["region_code", "status", "due_on", "id"],
                name="case_region",
                opclasses=["varchar_pattern_ops", "varchar_ops", "date_ops", "uuid_ops"],
            ),
            # Of an item, newest first: 同类办件, and lists that are narrowed to it.
            models.Index(fields=["item_code", "-id"], name="case_of_item"),
            models.Index(fields=["due_on", "id"], name="case_returned", condition=Q(returned_inside=True)),
            models.Index(
                fields=["suspended_until", "id"],
                name="case_expected",
                condition=Q(suspended_until__isnull=False),
            ),
            # The latest results, and how many of a day.
            models.Index(
                fields=["-decided_on", "-id"], name="case_decided", condition=Q(decided_on__isnull=False)
            ),
            # 归档清单: of an organ, by the day it was archived.
            models.Index(
                fields=["department", "-archived_on", "-id"],
                name="case_archived",
                condition=Q(archived_on__isnull=False),
            ),
            models.Index(fields=["id"], name="case_special", condition=Q(suspended_since__isnull=False)),
            # What everyone may read (行政许可法 40): grants of an organ, of an item.
            models.Index(
                fields=["department", "-decided_on", "-id"],
                name="case_granted_organ",
                condition=Q(outcome="granted"),
            ),
            models.Index(
                fields=["item_code", "-decided_on", "-id"],
                name="case_granted_item",
                condition=Q(outcome="granted"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_accepted_has_due_date",
                condition=~Q(status="accepted")
                | (
                    Q(accepted_on__isnull=False)
                    & (Q(due_on__isnull=False) | Q(suspended_since__isnull=False))
                ),
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
    def waits_for_payment(self) -> bool:
        """Its time stands still until a fee is paid: the payment alone ends that."""
        return self.suspended_ground == PAYMENT

    @property
    def delivery_words(self) -> str:
        """送达方式, as papers and pages say it."""
        return "寄递" if self.by_post else str(self.get_delivery_way_display())

    @property
    def firm_id(self) -> UUID | None:
        """The firm whose matter it is, for the access rule."""
        return self.party_id if self.party_kind == Case.PartyKind.FIRM else None

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
