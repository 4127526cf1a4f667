"""公告送达: what is announced so that it counts as served."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.models import RootRow
from mingqu.kernel.training import OfRegion


class Announcement(OfRegion, RootRow):
    """
    One paper of a case or bundle announced (公告送达, 民事诉讼法 95): open to everyone with a masked name, until the
    day on which it counts as served. `root_id` is the case's, or the bundle's of a merged notice. What it says is
    never changed: a wrong one is withdrawn.

    `tried`: why, and what was tried before, for the file (95, second paragraph). Only `cases.announcing` writes it.
    """

    class State(models.TextChoices):
        POSTED = "posted", "公告中"
        SERVED = "served", "已视为送达"
        OVERTAKEN = "overtaken", "已用别的方式送达"
        WITHDRAWN = "withdrawn", "已撤回"

    paper_id = models.UUIDField()
    paper = models.CharField(max_length=32)  # kind of the document
    document_number = models.CharField(max_length=60, default="", blank=True)
    case_number = models.CharField(max_length=24)  # or the bundle's
    item_name = models.CharField(max_length=402)
    item_type = models.CharField(max_length=16)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    addressee = models.CharField(max_length=120)  # masked
    text = models.CharField(max_length=500)  # what it says beside the facts: open to everyone
    place = models.CharField(max_length=120)  # where else it is posted
    tried = EncryptedTextField(grade="L3")
    posted_on = models.DateField()
    deemed_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.POSTED)
    ended_on = models.DateField(null=True)
    withdrawn_because = EncryptedTextField(grade="L3", default="")
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["-posted_on", "-id"],
                condition=Q(state__in=["posted", "served"]),
                name="announced_to_all",
            ),
            models.Index(fields=["deemed_on"], condition=Q(state="posted"), name="announced_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["root_id", "paper_id"], condition=Q(state="posted"), name="announced_once_at_a_time"
            ),
            models.CheckConstraint(
                name="announced_ended_has_day", condition=Q(state="posted") ^ Q(ended_on__isnull=False)
            ),
        ]
