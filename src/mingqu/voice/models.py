"""Complaints, questions and suggestions of people."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.training import OfRegion


class Ticket(OfRegion, ShardRoot):
    """
    What one person says to one organ: 投诉, 咨询 or 建议 (诉求件). It ends with its author's word on the answer, or
    with the answer.

    What was said and answered is encrypted; department, region and type are those of what it is about, so that the
    access rule can filter. Only `voice.services` writes it.
    """

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("投诉")
        CONSULTATION = "consultation", _("咨询")
        SUGGESTION = "suggestion", _("建议")

    class State(models.TextChoices):
        FILED = "filed", _("等待答复")
        ANSWERED = "answered", _("已答复")
        SETTLED = "settled", _("已解决")
        UNSETTLED = "unsettled", _("没有解决")

    number = models.CharField(max_length=22)
    kind = models.CharField(max_length=14, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.FILED)
    party_id = models.UUIDField()  # who says it: a person, another aggregate
    case_id = models.UUIDField(null=True)
    case_number = models.CharField(max_length=20, default="")
    item_code = models.CharField(max_length=64, default="")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16, default="")
    text = EncryptedTextField(grade="L3")
    filed_at = models.DateTimeField()
    filed_on = models.DateField()
    due_on = models.DateField()
    reply = EncryptedTextField(grade="L3", default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)  # the post
    overdue_on = models.DateField(null=True)  # the day it was told, once, that no answer came in time
    passed_from = models.ForeignKey(  # 转办: the organ that had it before, and why it is not its matter
        "identity.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    passed_on = models.DateField(null=True)
    passed_because = EncryptedTextField(grade="L3", null=True)
    passes = models.SmallIntegerField(default=0, db_default=0)
    said_on = models.DateField(null=True)  # settled or not: said by its author, once

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["party_id", "-filed_at", "-id"], name="ticket_party"),
            models.Index(
                fields=["department", "due_on", "id"], name="ticket_open", condition=Q(state="filed")
            ),
            models.Index(
                fields=["department", "-due_on", "-id"], name="ticket_done", condition=~Q(state="filed")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ticket_answered_has_post",
                condition=Q(state="filed", answered_at=None)
                | (~Q(state="filed") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        """Whose it is, for the access rule."""
        return (self.party_id,)


class TicketNumber(models.Model):
    """The directory 诉求件编号 → ticket."""

    append_only = True
    directory = True

    number = models.CharField(max_length=22, primary_key=True)
    ticket_id = models.UUIDField(unique=True)
