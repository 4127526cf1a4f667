"""
What reviewers did to rows of an import, or will on a day: each deed, and what it did to each row, so that the last can
be undone.
"""

from typing import ClassVar

from django.db import models

from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.kernel.models import Reference


class ReviewDeed(Reference):
    """
    One deed on the rows that were chosen. `values`: what a confirmation chose; `chosen`: the filter in words of the
    address, empty where rows were ticked. `done` of `total` rows are behind it, `refused` of them with a reason.
    `publish_on`: the legal day a planned publication begins on.

    Only `imports.review_services`, `review_publishing` and `review_planning` write it.
    """

    class Kind(models.TextChoices):
        ACCEPT = "accept", "通过"
        RETURN = "return", "退回"
        CONFIRM = "confirm", "确认类型和办理性质"
        PROPOSE = "propose", "查找依据"
        BASES = "bases", "采纳依据"
        PUBLISH = "publish", "发布"

    class State(models.TextChoices):
        PLANNED = "planned", "到日子再办"
        RUNNING = "running", "正在办理"
        DONE = "done", "已办完"
        UNDONE = "undone", "已撤销"

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="deeds")
    number = models.IntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    actor_id = models.UUIDField()
    post_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=100)  # goes into documents as who confirmed
    reason = models.CharField(max_length=300, default="")
    values = models.JSONField(default=dict)
    chosen = models.CharField(max_length=300, default="")
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    publish_on = models.DateField(null=True)
    begun_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="review_deed_numbered"),
            # One at a time: what the next one sees has an end.
            models.UniqueConstraint(
                fields=["batch"], condition=models.Q(state="running"), name="review_deed_one_running"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["queued_at"], condition=models.Q(state="running"), name="review_deed_at_work"
            ),
            models.Index(
                fields=["publish_on"], condition=models.Q(state="planned"), name="review_deed_planned"
            ),
        ]


class ReviewedRow(Reference):
    """
    What a deed did to one row. `version`: the row as the reviewer saw it, then as the deed left it. `before`: the
    columns it changed. `base`: what was in force of the item when the row was accepted. `said`: why it was refused.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        DONE = "done", "已办"
        REFUSED = "refused", "没有办成"
        UNDONE = "undone", "已撤销"

    deed = models.ForeignKey(ReviewDeed, on_delete=models.PROTECT, related_name="rows")
    item = models.ForeignKey(ImportedItem, on_delete=models.PROTECT, related_name="reviews")
    line = models.IntegerField()
    version = models.IntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    before = models.JSONField(default=dict)
    base = models.ForeignKey("catalogue.Revision", on_delete=models.PROTECT, null=True, related_name="+")
    said = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["deed", "item"], name="reviewed_row_once")]
        indexes: ClassVar = [models.Index(fields=["deed", "state", "line"], name="reviewed_row_waiting")]
