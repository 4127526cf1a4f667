"""What a person does with her account as a whole: closing it, taking a copy of what is kept of her."""

from django.db import models
from django.db.models import F, Q

from mingqu.kernel.fields import EncryptedJSONField
from mingqu.kernel.models import ShardRoot


class AccountClosing(ShardRoot):
    """
    That somebody wants her account closed (注销账号; 个人信息保护法 47): from `closes_at` on it is, unless she changed
    her mind by then or something of hers is under way. Only `services.closing` writes it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CALLED_OFF = "called_off"
        STOPPED = "stopped"  # something was under way on the last day
        DONE = "done"

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    user_id = models.UUIDField()
    person_id = models.UUIDField()
    asked_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["closes_at"], name="closing_due", condition=Q(state="waiting"))]
        constraints = [
            models.UniqueConstraint("user_id", condition=Q(state="waiting"), name="closing_once"),
            models.CheckConstraint(name="closing_after_asking", condition=Q(closes_at__gt=F("asked_at"))),
        ]


class OwnCopy(ShardRoot):
    """
    A copy of what is kept of one person (个人信息保护法 45), made by a job when she asks; `parts` is empty before it is
    made and after `gone_at`, when it is deleted. Only `services.copies` writes it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        GONE = "gone"

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    user_id = models.UUIDField()
    person_id = models.UUIDField()
    parts = EncryptedJSONField(grade="L3", default=list)
    asked_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField()  # when it is deleted, or was
    taken = models.SmallIntegerField(default=0)  # how often it was downloaded

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-asked_at"], name="owncopy_of_person"),
            models.Index(fields=["gone_at"], name="owncopy_over", condition=~Q(state="gone")),
        ]
        constraints = [
            models.UniqueConstraint("person_id", condition=Q(state="waiting"), name="owncopy_waits_once")
        ]
