"""寄递: a result that goes to the applicant by courier."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mingqu.hall.models.halls import Hall
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.models import RootRow
from mingqu.kernel.standing_aside import standing_aside
from mingqu.kernel.training import OfRegion

OPEN = ("waiting", "ordered", "moving", "delivering")


class Consignment(OfRegion, RootRow):
    """
    The result of a case on its way by courier (寄递); `root_id` is the case's. One at a time: what came back may be
    sent again. It counts as lying at its counter until somebody signed: then the case is served (送达).

    Results of one bundle (一件事) may lie in one parcel: `along_root`, `along_id` name the consignment that was ordered
    at the courier; this one has its waybill and follows what becomes of it (decision 0037). NULL: a parcel of its own.

    Only `hall.services` writes it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待下单")
        ORDERED = "ordered", _("等快递员来取")
        MOVING = "moving", _("运送中")
        DELIVERING = "delivering", _("正在派送")
        SIGNED = "signed", _("已签收")
        RETURNED = "returned", _("已退回窗口")
        CANCELLED = "cancelled", _("已取消")

    case_number = models.CharField(max_length=20)
    item_name = models.CharField(max_length=402)
    item_type = models.CharField(max_length=16)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    applicant_id = models.UUIDField()
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)  # ours: written down before the courier hears of it
    courier = models.CharField(max_length=32)
    waybill = models.CharField(max_length=40, default="", blank=True)
    receiver = EncryptedTextField(grade="L3")
    phone = EncryptedTextField(grade="L3")
    address = EncryptedTextField(grade="L3")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    moved_at = models.DateTimeField()  # when it came into this state, or something was last told of it
    asked_at = models.DateTimeField()
    signer = EncryptedTextField(grade="L3", default="")  # who took it, as the courier says
    signed_on = models.DateField(null=True)
    reason = models.CharField(max_length=120, default="", blank=True)  # cancelled by the clerk: why
    post_id = models.UUIDField(null=True)
    along_root = models.UUIDField(null=True)
    along_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["along_root", "along_id"],
                condition=Q(along_id__isnull=False),
                name="parcel_along",
            ),
            models.Index(fields=["moved_at", "id"], condition=Q(state__in=OPEN), name="parcel_under_way"),
            models.Index(fields=["department", "-id"], name="parcel_of_department"),
            models.Index(fields=["applicant_id"], name="parcel_of_applicant"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["root_id"], condition=Q(state__in=OPEN), name="parcel_one_under_way"
            ),
            models.CheckConstraint(
                name="parcel_signed_has_day", condition=Q(state="signed") ^ Q(signed_on__isnull=True)
            ),
            models.CheckConstraint(
                name="parcel_along_whole",
                condition=Q(along_root__isnull=True, along_id__isnull=True)
                | Q(along_root__isnull=False, along_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @cached_property
    def barred_ids(self) -> frozenset[UUID]:
        return standing_aside(self.root_id)


class ConsignmentTrack(RootRow):
    """What the courier told of a consignment, once for each event, and what it came to; never changed."""

    append_only = True

    consignment_id = models.UUIDField()
    event_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    words = EncryptedTextField(grade="L3", default="")  # the courier's: may name a person
    verdict = models.CharField(max_length=12)
    happened_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["root_id", "consignment_id", "event_id"], name="track_once"),
        ]


class ConsignmentReference(models.Model):
    """The directory: our reference → case and consignment."""

    append_only = True
    directory = True

    reference = models.CharField(max_length=40, primary_key=True)
    case_id = models.UUIDField()
    consignment_id = models.UUIDField(unique=True)


class DoubleParcel(models.Model):
    """The demo's courier: what it was asked to carry. Nothing of ours: the other side, in demos and tests only."""

    directory = True

    reference = models.CharField(max_length=40, primary_key=True)
    waybill = models.CharField(max_length=40)
    state = models.CharField(max_length=12, default="ordered")
    told = models.JSONField(default=list)  # every event as it happened: kind, event, words, happened_at
    created_at = models.DateTimeField()
