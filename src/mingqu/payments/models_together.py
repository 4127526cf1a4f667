"""One order of a provider for several fee notices."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from mingqu.identity.types import Theirs
from mingqu.kernel.errors import to_citizens
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.training import OfRegion


class TogetherPayment(OfRegion, ShardRoot):
    """
    合并缴款: one order of the provider that pays several fee notices of one payer. What belongs to a notice stays its
    own: a payment with its own amount, receipt number and refund, which names this order (`Payment.order_reference`).

    What the provider tells changes this row alone; a job then writes it down at each notice (`settled`: it has).
    Only `payments.services` writes it.
    """

    class State(models.TextChoices):
        OPEN = "open", to_citizens("正在确认")
        SUCCEEDED = "succeeded", to_citizens("成功")
        FAILED = "failed", to_citizens("没有成功")
        EXPIRED = "expired", to_citizens("没有完成")
        DIFFERS = "differs", to_citizens("金额不符，正在核对")

    THEIRS: ClassVar = Theirs(firm="firm_id", capacity="capacity_id", item="item_code")

    number = models.CharField(max_length=24)
    about_id = models.UUIDField()  # what was paid for at once: another aggregate, so no constraint
    payer_id = models.UUIDField()
    firm_id = models.UUIDField(null=True)
    capacity_id = models.UUIDField(null=True)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    item_code = models.CharField(max_length=64, default="", blank=True)
    item_type = models.CharField(max_length=16)
    provider = models.CharField(max_length=32)
    reference = models.CharField(max_length=64)
    trade_number = models.CharField(max_length=64, default="", blank=True)
    amount = models.BigIntegerField()  # 分, the sum of its shares
    notice_ids = models.JSONField(default=list)  # whose payments name this order
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when the provider says it happened
    told_amount = models.BigIntegerField(null=True)
    settled = models.BooleanField(default=True)  # every notice has heard of the present state
    checked_by = models.UUIDField(null=True)
    checked_because = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["about_id", "-id"], name="together_about"),
            models.Index(fields=["payer_id", "-id"], name="together_payer"),
            models.Index(fields=["provider", "reference"], name="together_reference"),
            models.Index(
                fields=["until"], name="together_open", condition=Q(state="open") | Q(settled=False)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="together_amount", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        return (self.payer_id,)

    @cached_property
    def shares(self) -> list[UUID]:
        """The notices, in the order in which they are locked."""
        return sorted(UUID(one) for one in self.notice_ids)
