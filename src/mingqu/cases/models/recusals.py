"""回避: who has no hand in a case, and why."""

from django.db import models
from django.db.models import Q

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id


class Recusal(models.Model):
    """
    回避 of one person in one case (公务员法 76): asked for by herself, effective at once, until the head of the organ
    has decided (77); or decided by the head without being asked. It bars the person, whatever posts she holds.

    `Case.barred_ids` holds those of `asked` and `stands`. Only `cases.services.recusing` writes it; the applicant's
    pages don't show it.
    """

    class Ground(models.TextChoices):
        OWN = "own", "涉及本人利害关系"
        KIN = "kin", "涉及亲属的利害关系"
        OTHER = "other", "其他可能影响公正办理"

    class State(models.TextChoices):
        ASKED = "asked", "本人申请，等负责人决定"
        STANDS = "stands", "回避"
        LIFTED = "lifted", "不用回避"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="recusals")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    person_id = models.UUIDField()
    ground = models.CharField(max_length=8, choices=Ground)
    text = EncryptedTextField(grade="L3")
    state = models.CharField(max_length=8, choices=State)
    asked_by = models.UUIDField()
    asked_by_post = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision = EncryptedTextField(grade="L3", default="")

    class Meta:
        indexes = [
            models.Index(fields=["asked_at", "id"], name="recusal_to_decide", condition=Q(state="asked")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person_id"],
                name="recusal_once",
                condition=Q(state__in=["asked", "stands"]),
            ),
            models.CheckConstraint(
                name="recusal_decided_by_whom",
                condition=Q(state="asked", decided_by=None) | ~Q(state="asked") & Q(decided_by__isnull=False),
            ),
        ]
