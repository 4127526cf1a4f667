"""换班交接: what somebody had in hand at a post and who took it over."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.training import OfRegion


class Shift(OfRegion, ShardRoot):
    """
    One hand-over of a shift (换班交接单): by whom, as what, to whom; what was in hand then stands in its lines and is
    never changed. Both names are its own: who gives it makes it out, only the one it is made out to takes it.

    `department` and `region_code` are the giving post's. Only `hall.services` writes it.
    """

    class State(models.TextChoices):
        GIVEN = "given", "等接班人确认"
        TAKEN = "taken", "已接"
        DECLINED = "declined", "没有接，要再点"
        CALLED_BACK = "called_back", "已撤回"

    number = models.CharField(max_length=22, unique=True)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State, default=State.GIVEN)
    giver_id = models.UUIDField()  # a person
    giver_post_id = models.UUIDField()
    taker_id = models.UUIDField()
    taker_post_id = models.UUIDField()
    remark = EncryptedTextField(grade="L3", default="")
    given_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(grade="L3", default="")  # why it was not taken

    item_type = ""
    directory = True

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["taker_id"], condition=Q(state="given"), name="shift_to_take"),
            models.Index(fields=["giver_id", "-id"], name="shift_given"),
            models.Index(fields=["taker_id", "-id"], name="shift_taken"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["giver_id", "giver_post_id"], condition=Q(state="given"), name="shift_given_once"
            ),
            models.CheckConstraint(name="shift_two_people", condition=~Q(giver_id=models.F("taker_id"))),
            models.CheckConstraint(
                name="shift_answered_has_moment", condition=Q(state="given") ^ Q(answered_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ShiftLine(models.Model):
    """One thing that was in hand. `count`: how many of it; `amount`: 分, of money only. Nobody's name stands in it."""

    append_only = True

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="lines")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("shift_id", "id")
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=12)  # of types.SHIFT_KINDS
    number = models.CharField(max_length=28, default="", blank=True)
    what = models.CharField(max_length=402)
    note = models.CharField(max_length=200, default="", blank=True)
    day = models.DateField(null=True)  # the last day, where there is one
    count = models.SmallIntegerField(default=1)
    amount = models.BigIntegerField(null=True)
    case_id = models.UUIDField(null=True)  # of an original, with `paper_id`
    paper_id = models.UUIDField(null=True)
