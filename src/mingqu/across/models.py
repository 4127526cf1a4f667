"""通办: agreements of two halls, and what one receives for the organs of the other district under them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from mingqu.kernel.models import Reference, ShardRoot
from mingqu.kernel.training import OfRegion


class Agreement(Reference):
    """
    Between the hall of whose district the items are (`home`) and a hall elsewhere (`away`). One side proposes, the
    other one confirms; either withdraws it from a day on. Nothing counts but one that both sides have agreed to. Only
    `across.services` writes it.
    """

    class Way(models.TextChoices):
        ONLINE = "online", "全程网办"
        COLLECT = "collect", "异地代收代办"
        JOINT = "joint", "多地联办"

    class State(models.TextChoices):
        PROPOSED = "proposed", "等确认"
        AGREED = "agreed", "双方已确认"
        DECLINED = "declined", "对方没有同意"
        TAKEN_BACK = "taken_back", "提出方已收回"
        WITHDRAWN = "withdrawn", "已退出"

    number = models.CharField(max_length=24, unique=True)
    way = models.CharField(max_length=8, choices=Way)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    home = models.ForeignKey("hall.Hall", on_delete=models.PROTECT, related_name="+")
    away = models.ForeignKey("hall.Hall", on_delete=models.PROTECT, related_name="+")
    by_home = models.BooleanField()  # which side proposed
    from_on = models.DateField()
    until_on = models.DateField(null=True)  # the last day; NULL: until further notice
    ends_on = models.DateField(null=True)  # withdrawn: the first day on which it does not hold
    terms = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="agreement_of_two_halls", condition=~Q(home=F("away"))),
            models.CheckConstraint(
                name="agreement_ends_after_it_begins",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="agreement_withdrawn_has_a_day", condition=~Q(state="withdrawn", ends_on=None)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="agreement_state")]

    def __str__(self) -> str:
        return self.number


class AgreementItem(Reference):
    """An item of the home side that the agreement names."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="items")
    item_code = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "item_code"], name="agreement_item_once")
        ]
        indexes: ClassVar = [models.Index(fields=["item_code", "agreement"], name="agreement_of_item")]


class AgreementDeed(Reference):
    """Who did what about an agreement, for which side; never changed."""

    append_only = True

    class Deed(models.TextChoices):
        PROPOSE = "propose", "提出"
        AGREE = "agree", "确认"
        DECLINE = "decline", "没有同意"
        TAKE_BACK = "take_back", "收回"
        WITHDRAW = "withdraw", "退出"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="deeds")
    deed = models.CharField(max_length=10, choices=Deed)
    by_home = models.BooleanField()
    at = models.DateTimeField()
    post_id = models.UUIDField(null=True)
    officer_id = models.UUIDField()
    reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agreement", "id"], name="agreement_deeds")]


class Reception(OfRegion, ShardRoot):
    """
    What a window receives for another district (异地代收代办): one application of one person under one agreement.

    `department` and `region_code` are the receiving hall's, `item_type` is the item's, for the rule of access: the
    case itself is the home side's. Its id once filed is `draft_id`. Only `across.services` writes it.
    """

    class State(models.TextChoices):
        OPEN = "open", "正在填"
        FILED = "filed", "已收件"
        ENDED = "ended", "没有收"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    hall = models.ForeignKey("hall.Hall", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    post_id = models.UUIDField()
    officer_id = models.UUIDField()
    person_id = models.UUIDField()  # for whom: another aggregate, so no constraint
    item_code = models.CharField(max_length=64)
    item_type = models.CharField(max_length=16)
    handling_code = models.CharField(max_length=20)
    draft_id = models.UUIDField(null=True, unique=True)
    opened_on = models.DateField()
    filed_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["hall", "state", "-id"], name="reception_of_hall"),
            models.Index(fields=["person_id", "-id"], name="reception_of_person"),
            models.Index(fields=["agreement", "-id"], name="reception_of_agreement"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reception_filed_has_case",
                condition=~Q(state="filed") | Q(draft_id__isnull=False, filed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_code} {self.opened_on}"

    @property
    def is_filed(self) -> bool:
        return bool(self.state == self.State.FILED and self.draft_id is not None)

    @property
    def is_open(self) -> bool:
        return bool(self.state == self.State.OPEN)
