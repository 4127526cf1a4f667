"""通办: agreements of two halls, what one receives for the organs of the other district under them, and its figures."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from mingqu.across.types import Facts
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
    sent_on = models.DateField(null=True)  # originals went to the organ that decides, for the first time
    home_gives = models.BooleanField(default=False)  # the home side took giving out back over

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


class ReceptionFacts(OfRegion, ShardRoot):
    """
    What of one reception has been counted; its id is the case's, `region_code`, `organ_id` and `item_type` are. What
    it adds to the months is told by these columns alone (`rules.added`). Nothing personal. Only `across.services`
    writes it.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    item_code = models.CharField(max_length=64)
    item_type = models.CharField(max_length=16)
    organ_id = models.UUIDField()
    region_code = models.CharField(max_length=12)
    case_number = models.CharField(max_length=20)
    received_on = models.DateField()
    sent_on = models.DateField(null=True)
    returned_on = ArrayField(models.DateField(), default=list)
    decided_on = models.DateField(null=True)
    late = models.BooleanField(default=False)
    given_on = models.DateField(null=True)
    given_here = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agreement", "received_on"], name="across_received"),
            models.Index(fields=["agreement", "decided_on"], name="across_decided"),
            models.Index(fields=["agreement", "given_on"], name="across_given"),
            models.Index(fields=["organ_id", "received_on"], name="across_of_organ"),
            models.Index(fields=["agreement", "received_on"], condition=Q(ended_on=None), name="across_open"),
        ]

    def __str__(self) -> str:
        return self.case_number

    @property
    def facts(self) -> Facts:
        return Facts(
            received_on=self.received_on,
            sent_on=self.sent_on,
            returned_on=tuple(self.returned_on),
            decided_on=self.decided_on,
            late=self.late,
            given_on=self.given_on,
            given_here=self.given_here,
        )


class MonthFigure(OfRegion, models.Model):
    """
    How often one measure (`rules.MEASURES`) was met in one month: what the page of figures sums. `days`: of what was
    given out, the natural days it took, so that a median can be told of any sum; else 0. A row of zero may stay.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    item_code = models.CharField(max_length=64)
    organ_id = models.UUIDField()
    measure = models.CharField(max_length=12)
    days = models.SmallIntegerField(default=0)
    pk = models.CompositePrimaryKey("agreement_id", "month", "item_code", "organ_id", "measure", "days")
    item_type = models.CharField(max_length=16)
    region_code = models.CharField(max_length=12)
    number = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organ_id", "month"], name="across_month_of_organ")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.measure}"
