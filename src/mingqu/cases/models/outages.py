"""Taken in on paper while the platform stood still: numbered slips, their outage, what was typed in later."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.training import OfRegion


class PaperPack(OfRegion, ShardRoot):
    """
    A range of numbered slips (纸质收件单), printed before they are needed: in an outage nothing prints.

    `department` and `region_code` are those of the post that printed it, for the rule of access.
    """

    number = models.CharField(max_length=20, unique=True)
    count = models.SmallIntegerField()  # slips 1…count
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()

    item_type = ""  # slips for items of every type
    directory = True

    def __str__(self) -> str:
        return self.number


class Outage(OfRegion, ShardRoot):
    """停机: from when until when windows took in on paper, and why. Open until somebody says that it is over."""

    number = models.CharField(max_length=20, unique=True)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    reason = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    declared_by = models.UUIDField()
    declared_at = models.DateTimeField()

    item_type = ""
    directory = True

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-began_at", "id"], name="outage_latest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="outage_ends_after", condition=Q(ended_at=None) | Q(ended_at__gt=models.F("began_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PaperSlip(models.Model):
    """
    One slip that was used: when the application really came in, what for, by whom. A second person compares it with the
    paper; only then the application may be typed in with that moment. Which case it became, `BackFilled` says.
    """

    class State(models.TextChoices):
        ENTERED = "entered", "等复核"
        CONFIRMED = "confirmed", "等补录"
        DECLINED = "declined", "没有同意"

    pack = models.ForeignKey(PaperPack, on_delete=models.CASCADE, related_name="slips")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("pack_id", "id")
    serial = models.SmallIntegerField()
    outage_id = models.UUIDField()
    received_at = models.DateTimeField()
    item_code = models.CharField(max_length=64)
    item_name = models.CharField(max_length=200)
    applicant_name = EncryptedTextField(grade="L3")
    state = models.CharField(max_length=10, choices=State, default=State.ENTERED)
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(grade="L3", default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["outage_id", "serial"], name="slip_of_outage")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pack", "serial"], name="slip_used_once", condition=~Q(state="declined")
            ),
            models.CheckConstraint(
                name="slip_second_person",
                condition=Q(answered_by=None) | ~Q(answered_by=models.F("entered_by")),
            ),
        ]


class BackFilled(models.Model):
    """The directory slip → case: a slip is typed in once."""

    append_only = True
    directory = True

    slip_id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField(unique=True)
