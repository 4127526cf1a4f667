"""Fee notices with their payments, refunds and what providers told; the days of reconciliation."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from mingqu.identity.types import Theirs
from mingqu.kernel.errors import to_citizens
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.standing_aside import standing_aside
from mingqu.kernel.training import OfRegion
from mingqu.payments import rules
from mingqu.payments.models_together import TogetherPayment

__all__ = [
    "Difference",
    "DoubleOrder",
    "FeeNotice",
    "NoticeNumber",
    "Payment",
    "PaymentReference",
    "ProviderCallback",
    "ReconciledDay",
    "Refund",
    "StatementLine",
    "TogetherPayment",
]


class FeeNotice(OfRegion, ShardRoot):
    """
    What one case owes for one fee of its definition (缴款通知), with the amount, how it came about and its basis.

    Its id follows from case and fee, so that it is raised once. `state` follows rules.NOTICE; money is never lost
    sight of: every payment is a row of its own. Only `payments.services` writes it.
    """

    class State(models.TextChoices):
        DUE = "due", to_citizens("待缴费")
        PAYING = "paying", to_citizens("缴费处理中")
        PAID = "paid", to_citizens("已缴费")
        EXEMPTED = "exempted", to_citizens("已免缴")
        CANCELLED = "cancelled", to_citizens("已取消")
        REFUNDING = "refunding", to_citizens("退费处理中")
        REFUNDED = "refunded", to_citizens("已退费")

    # What a row tells of whom it is for, for the rule of access.
    THEIRS: ClassVar = Theirs(firm="firm_id", capacity="capacity_id", item="item_code")

    # What who stands aside (回避) in the case may still do.
    open_to_barred: ClassVar = frozenset({"payment.see", "case.see"})

    number = models.CharField(max_length=24)
    case_id = models.UUIDField()
    case_number = models.CharField(max_length=20)
    item_code = models.CharField(max_length=64, default="", blank=True)
    item_name = models.CharField(max_length=200)
    item_type = models.CharField(max_length=16)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    payer_id = models.UUIDField()  # the person who applied, also for a firm
    payer_kind = models.CharField(max_length=8, default="person")
    firm_id = models.UUIDField(null=True)
    capacity_id = models.UUIDField(null=True)  # under which authority the payer applied (identity.Capacity)
    payer_name = EncryptedTextField(grade="L3")
    fee_code = models.CharField(max_length=64)
    fee_name = models.CharField(max_length=200)
    standard = models.CharField(max_length=500)
    basis = models.CharField(max_length=300)
    because = models.CharField(max_length=500, default="", blank=True)
    amount = models.BigIntegerField()  # 分
    state = models.CharField(max_length=12, choices=State, default=State.DUE)
    waits = models.BooleanField(default=False)
    due_on = models.DateField(null=True)
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=500, default="", blank=True)  # of exemption and cancelling
    receipt_number = models.CharField(max_length=32, default="", blank=True)
    request_id = models.UUIDField(null=True)  # documents.DocumentRequest of this root

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case_id"], name="fee_of_case"),
            models.Index(fields=["case_number"], name="fee_of_case_number"),
            models.Index(fields=["payer_id", "-id"], name="fee_of_payer"),
            models.Index(
                fields=["department", "id"], name="fee_under_way", condition=Q(state__in=["due", "paying"])
            ),
            models.Index(fields=["department", "state", "-id"], name="fee_of_department"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="fee_amount", condition=Q(amount__gte=0) & Q(amount__lte=rules.LARGEST)
            ),
            models.CheckConstraint(
                name="fee_paid_has_receipt", condition=~Q(state="paid") | ~Q(receipt_number="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        return (self.payer_id,)

    @cached_property
    def barred_ids(self) -> frozenset[UUID]:
        return standing_aside(self.case_id)


class NoticeNumber(models.Model):
    """The directory: number of a notice → notice."""

    append_only = True
    directory = True

    number = models.CharField(max_length=24, primary_key=True)
    notice_id = models.UUIDField()


class PaymentReference(models.Model):
    """
    The directory: what a payment or a refund is called between us and a provider → notice; with `together` → an order
    for several notices. Never used twice.
    """

    append_only = True
    directory = True

    key = models.CharField(max_length=120, primary_key=True)  # provider:reference
    notice_id = models.UUIDField()
    together = models.BooleanField(default=False, db_default=False)


class Payment(models.Model):
    """
    One attempt to pay a notice. `reference` is ours; `trade_number` the provider's. `surplus`: the money came although
    nothing was owed any more (paid twice, or after an exemption), and is given back. `told_amount`: what the provider
    says it took, where that is another amount; a finance officer looks at it and says what became of it.
    `order_reference`: of the order it was paid with where that pays several notices (合并缴款); else empty.
    """

    class State(models.TextChoices):
        OPEN = "open", to_citizens("正在确认")
        SUCCEEDED = "succeeded", to_citizens("成功")
        FAILED = "failed", to_citizens("没有成功")
        EXPIRED = "expired", to_citizens("没有完成")
        DIFFERS = "differs", to_citizens("金额不符，正在核对")

    class Way(models.TextChoices):
        ONLINE = "online", to_citizens("网上")
        CASH = "cash", to_citizens("窗口现金")
        POS = "pos", to_citizens("窗口刷卡")

    notice = models.ForeignKey(FeeNotice, on_delete=models.PROTECT, related_name="payments")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("notice_id", "id")
    provider = models.CharField(max_length=32)
    way = models.CharField(max_length=8, choices=Way)
    reference = models.CharField(max_length=64)
    order_reference = models.CharField(max_length=64, default="", db_default="", blank=True)
    trade_number = models.CharField(max_length=64, default="", blank=True)
    amount = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    surplus = models.BooleanField(default=False)
    receipt_number = models.CharField(max_length=32, default="", blank=True)
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)  # when the provider was last asked how it stands
    paid_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)  # the day of the provider's statement it stands in
    post_id = models.UUIDField(null=True)  # who took it at the window
    person_id = models.UUIDField(null=True)
    told_amount = models.BigIntegerField(null=True)
    checked_by = models.UUIDField(null=True)
    checked_because = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["until"], name="payment_open", condition=Q(state="open")),
            models.Index(fields=["began_at"], name="payment_differs", condition=Q(state="differs")),
            models.Index(
                fields=["provider", "paid_on", "order_reference"],
                name="payment_of_order",
                condition=Q(state="succeeded") & ~Q(order_reference=""),
            ),
            models.Index(
                fields=["provider", "paid_on", "reference"],
                name="payment_of_day",
                condition=Q(state="succeeded"),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="payment_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="payment_succeeded_has_day", condition=~Q(state="succeeded") | Q(paid_on__isnull=False)
            ),
        ]


class Refund(models.Model):
    """Giving one payment back: asked by one person (or by the system, for money nobody owed), agreed by another."""

    class State(models.TextChoices):
        ASKED = "asked", to_citizens("等待复核")
        DECLINED = "declined", to_citizens("没有同意退")
        SENDING = "sending", to_citizens("正在退")
        DONE = "done", to_citizens("已退回")
        FAILED = "failed", to_citizens("没有退成")

    notice = models.ForeignKey(FeeNotice, on_delete=models.PROTECT, related_name="refunds")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("notice_id", "id")
    payment_id = models.UUIDField()
    provider = models.CharField(max_length=32)
    reference = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    reason = EncryptedTextField(grade="L3")
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    proof = models.CharField(max_length=64, default="", blank=True)  # of what was given back at the counter
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    agreed_by = models.UUIDField(null=True)
    agreed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                name="refund_under_way",
                condition=Q(state__in=["asked", "sending", "failed"]),
            ),
            models.Index(
                fields=["provider", "done_on", "reference"], name="refund_of_day", condition=Q(state="done")
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "payment_id"],
                name="refund_once",
                condition=~Q(state="declined"),
            ),
        ]


class ProviderCallback(models.Model):
    """What a provider told of a notice, and what it came to. Never changed."""

    append_only = True

    notice = models.ForeignKey(FeeNotice, on_delete=models.PROTECT, related_name="+")
    event_id = models.UUIDField()
    pk = models.CompositePrimaryKey("notice_id", "event_id")
    provider = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    reference = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    verdict = models.CharField(max_length=16)
    at = models.DateTimeField()


class ReconciledDay(ShardRoot):
    """One provider's day: our payments and refunds against its statement. Its id follows from provider and day."""

    provider = models.CharField(max_length=32)
    day = models.DateField()
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    ours = models.IntegerField(default=0)
    our_sum = models.BigIntegerField(default=0)
    theirs = models.IntegerField(default=0)
    their_sum = models.BigIntegerField(default=0)
    reconciled_at = models.DateTimeField()
    by_person = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-day", "provider"], name="reconciled_day")]


class StatementLine(models.Model):
    """A line of the statement; refunds are negative."""

    day = models.ForeignKey(ReconciledDay, on_delete=models.CASCADE, related_name="lines")
    line = models.IntegerField()
    pk = models.CompositePrimaryKey("day_id", "line")
    reference = models.CharField(max_length=64)
    amount = models.BigIntegerField()


class Difference(models.Model):
    """What does not agree, with who answers for it; settled with a reason, never deleted once settled."""

    day = models.ForeignKey(ReconciledDay, on_delete=models.CASCADE, related_name="differences")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("day_id", "id")
    kind = models.CharField(max_length=16, choices=list(rules.DIFFERENCES.items()))
    reference = models.CharField(max_length=64)
    notice_id = models.UUIDField(null=True)
    ours = models.BigIntegerField(null=True)
    theirs = models.BigIntegerField(null=True)
    owner_id = models.UUIDField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day"], name="difference_open", condition=Q(settled_at__isnull=True))
        ]


class DoubleOrder(models.Model):
    """
    The demo's bank: what it was asked to take and what its page decided. Nothing of ours: it is the other side, and
    exists in demo installations and tests only.
    """

    directory = True

    reference = models.CharField(max_length=64, primary_key=True)
    amount = models.BigIntegerField()
    subject = models.CharField(max_length=200)
    back_url = models.CharField(max_length=300)
    state = models.CharField(max_length=16, default="waiting")
    trade_number = models.CharField(max_length=64, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    refund_of = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()
