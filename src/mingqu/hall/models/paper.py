"""Paper in a hall: results at a counter until somebody comes for them; originals of applicants on their way."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from mingqu.hall.models.halls import Hall
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import RootRow, ShardRoot
from mingqu.kernel.standing_aside import standing_aside
from mingqu.kernel.training import OfRegion


class Result(OfRegion, ShardRoot):
    """
    The result of a case that lies at the counter of a hall (到件) until it is handed out. Its id is the case's.

    `department`, `region_code` and `item_type` are the case's, for the rule of access. How it was handed out, to whom
    and against what, is the case's service record (送达回证). Only `hall.services` writes it.
    """

    class State(models.TextChoices):
        LYING = "lying", "等领取"
        HANDED_OUT = "handed_out", "已送达"
        TAKEN_BACK = "taken_back", "没有到件"  # 到件 was registered by mistake

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    case_number = models.CharField(max_length=20)
    item_name = models.CharField(max_length=402)  # with the handling item
    item_type = models.CharField(max_length=16)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    applicant_id = models.UUIDField()
    place = models.CharField(max_length=40, default="", blank=True)  # 架位: where at the counter
    state = models.CharField(max_length=10, choices=State, default=State.LYING)
    arrived_at = models.DateTimeField()
    arrived_on = models.DateField()
    post_id = models.UUIDField(null=True)
    reminders = models.SmallIntegerField(default=0)
    remind_on = models.DateField(null=True)  # when the applicant is told once more; none after the last
    ended_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["arrived_on", "id"], condition=Q(state="lying"), name="result_lying"),
            models.Index(fields=["applicant_id"], condition=Q(state="lying"), name="result_of_applicant"),
            models.Index(fields=["remind_on", "id"], condition=Q(state="lying"), name="result_to_remind"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="result_ended_has_day", condition=Q(state="lying") ^ Q(ended_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.case_number

    @cached_property
    def barred_ids(self) -> frozenset[UUID]:
        return standing_aside(self.pk)


class KeptPaper(OfRegion, RootRow):
    """
    A paper of an applicant that an officer keeps (收存的材料); `root_id` is the case's. One holder at any time: the
    post `post_id` of `department`, also while it is on its way, until somebody has signed for it.
    """

    class State(models.TextChoices):
        KEPT = "kept", "在手里"
        MOVING = "moving", "交接中"
        RETURNED = "returned", "已退还"
        FILED = "filed", "已归入案卷"

    class Form(models.TextChoices):
        ORIGINAL = "original", "原件"
        COPY = "copy", "复印件"

    case_number = models.CharField(max_length=20)
    item_name = models.CharField(max_length=200)
    item_type = models.CharField(max_length=16)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    post_id = models.UUIDField()
    serial = models.SmallIntegerField()  # within the case; with its number the code on the paper
    name = models.CharField(max_length=120)
    form = models.CharField(max_length=8, choices=Form)
    copies = models.SmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.KEPT)
    slip_id = models.UUIDField(null=True)  # the one it is on now
    missing = models.BooleanField(
        default=False
    )  # signed for with fewer than the slip says; the sender looks for it
    kept_at = models.DateTimeField()  # since when this holder has it

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["post_id", "kept_at", "id"],
                condition=Q(state__in=["kept", "moving"]),
                name="paper_in_hands",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint("root_id", "serial", name="paper_serial_once"),
            models.CheckConstraint(name="paper_copies", condition=Q(copies__gte=1)),
            models.CheckConstraint(
                name="paper_moving_has_slip", condition=Q(state="moving") ^ Q(slip_id=None)
            ),
        ]

    @property
    def code(self) -> str:
        """What stands on the paper as a code (办件编号-序号)."""
        return f"{self.case_number}-{self.serial:02d}"


class GivenBack(RootRow):
    """That originals were given back to the applicant's side (退还): who took them, with what proof; never changed."""

    append_only = True

    paper_ids = ArrayField(models.UUIDField())
    receiver = EncryptedTextField(grade="L3")
    relation = models.CharField(max_length=20)
    document = EncryptedTextField(grade="L3", default="")
    proof = EncryptedTextField(grade="L3", default="")
    signature_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    at = models.DateTimeField()


class Slip(OfRegion, ShardRoot):
    """
    材料交接单: papers handed by one post to a department, which counts and signs. `department` is who signs.

    Only `hall.services` writes it.
    """

    class State(models.TextChoices):
        SENT = "sent", "等签收"
        RECEIVED = "received", "已签收"
        DIFFERS = "differs", "签收，有不符"
        CALLED_BACK = "called_back", "已撤回"

    number = models.CharField(max_length=22)
    sender = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    sender_post_id = models.UUIDField()
    sent_by = models.UUIDField()
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State, default=State.SENT)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    receiver_post_id = models.UUIDField(null=True)
    received_by = models.UUIDField(null=True)

    item_type = ""  # papers of items of every type

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["department", "sent_at"], condition=Q(state="sent"), name="slip_to_sign"),
            models.Index(fields=["sender_post_id", "-id"], name="slip_sent"),
            models.Index(fields=["department", "-id"], name="slip_to"),
        ]

    def __str__(self) -> str:
        return self.number


class SlipLine(models.Model):
    """One paper of a slip, as it was handed over and as it was counted."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="lines")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("slip_id", "id")
    position = models.SmallIntegerField()
    case_id = models.UUIDField()
    paper_id = models.UUIDField()
    code = models.CharField(max_length=24)
    item_name = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    form = models.CharField(max_length=8, choices=KeptPaper.Form)
    copies = models.SmallIntegerField()
    found = models.SmallIntegerField(null=True)  # counted by who signs
    remark = models.CharField(max_length=120, default="", blank=True)


class SlipNumber(models.Model):
    """The directory 交接单编号 → slip."""

    append_only = True
    directory = True

    number = models.CharField(max_length=22, primary_key=True)
    slip_id = models.UUIDField(unique=True)
