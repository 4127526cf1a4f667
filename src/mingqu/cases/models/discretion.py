"""裁量: what was set within or outside the range of a 裁量基准, and who agreed to it."""

from django.db import models
from django.db.models import Q

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id


class Discretion(models.Model):
    """
    One use of discretion in a decision: the row of the 裁量基准 that applied (as it read then), what was set, by whom.

    Inside the range it is `within` and decided in the same command. Outside it is `waiting` until another person at
    `second_post` agrees, and the decision is made, or sends it back; `dropped` when the case ended or its decision was
    left before. Of several tables (`table`, from 1) each has its row: what is inside or agreed to already is `held`
    until the last is agreed to, and all are decided together. Never deleted. Only
    `cases.services.discretion` and `second_word` write it.
    """

    class State(models.TextChoices):
        WITHIN = "within", "在幅度内"
        WAITING = "waiting", "超出幅度，等复核"
        AGREED = "agreed", "超出幅度，已复核同意"
        SENT_BACK = "sent_back", "超出幅度，没有同意"
        HELD = "held", "等其他裁量复核以后一起决定"
        DROPPED = "dropped", "没有作出决定，作罢"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="discretions")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    task_id = models.UUIDField()
    table = models.SmallIntegerField(default=1, db_default=1)  # which 裁量基准 of the 业务办理项
    state = models.CharField(max_length=12, choices=State)
    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=20)
    rule = models.SmallIntegerField()  # from 1; 0: no row applied
    says = models.CharField(max_length=300, blank=True)
    law = models.CharField(max_length=120, blank=True)
    article = models.SmallIntegerField(default=0)
    paragraph = models.SmallIntegerField(default=0)
    least = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    most = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    to_be = models.CharField(max_length=8, blank=True)  # what is to be decided by that row; empty: either
    outcome = models.CharField(max_length=8, choices=Case.Outcome)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # of a grant
    why = EncryptedTextField(grade="L3", default="")  # why outside
    reasons = EncryptedTextField(grade="L3", default="")  # of the decision, until it is made
    person_id = models.UUIDField()
    post_id = models.UUIDField()
    organ_code = models.CharField(max_length=32)  # in whose name it is decided
    organ_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    second_post = models.CharField(max_length=64, blank=True)  # by code: who is to agree
    answered_by = models.UUIDField(null=True)
    answered_post = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(grade="L3", default="")
    decided_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["second_post", "id"], name="discretion_waiting", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["decided_on", "id"], name="discretion_decided", condition=Q(decided_on__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "table"],
                name="discretion_one_open",
                condition=Q(state__in=["waiting", "held"]),
            ),
            models.CheckConstraint(
                name="discretion_second_person",
                condition=Q(answered_by=None) | ~Q(answered_by=models.F("person_id")),
            ),
            models.CheckConstraint(
                name="discretion_agreed_by_whom",
                condition=~Q(state="agreed") | Q(answered_by__isnull=False, decided_on__isnull=False),
            ),
            models.CheckConstraint(
                name="discretion_inside_is_inside",
                condition=~Q(state="within") | Q(rule__gte=1, decided_on__isnull=False),
            ),
        ]
