"""What one person asked for and another has to agree to."""

from django.db import models

from mingqu.kernel.models import Reference


class AskedDeed(Reference):
    """
    A dangerous deed that waits for a second person (双人复核): which, on what, why, asked by whom; then how it ended.

    `facts` is what the deed needs besides; nothing personal. Only `kernel.second_person` writes it.
    """

    class Answer(models.TextChoices):
        WAITING = "", "等待复核"
        DONE = "done", "已复核，已办"
        REFUSED = "refused", "复核不同意"
        CALLED_OFF = "called_off", "提出人撤回"

    deed = models.CharField(max_length=64)
    about_id = models.UUIDField()
    facts = models.JSONField(default=dict)
    reason = models.CharField(max_length=200)
    asked_by = models.UUIDField()
    asked_post = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.WAITING, blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deed", "about_id"], condition=models.Q(answer=""), name="asked_deed_waits_once"
            ),
        ]
