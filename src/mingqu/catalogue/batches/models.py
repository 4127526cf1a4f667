"""What is changed in many definitions at once, and how far it came with each of them."""

from django.db import models

from mingqu.kernel.models import Reference


class BatchChange(Reference):
    """
    One change of many items: wherever `field` says `before` (empty: whatever it says) it will say `after`.

    It makes and hands in a draft of each item; a second person approves and publishes all that became one; as long as
    nobody has, its maker takes it back. Only `batches.services` writes it.
    """

    class State(models.TextChoices):
        MAKING = "making", "正在做成草稿"
        MADE = "made", "等第二个人审核"
        PUBLISHING = "publishing", "正在审核发布"
        DONE = "done", "已办完"
        UNDOING = "undoing", "正在撤回"
        UNDONE = "undone", "已撤回"

    AT_WORK = (State.MAKING, State.PUBLISHING, State.UNDOING)

    field = models.CharField(max_length=24)
    before = models.CharField(max_length=300, default="")
    after = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=State, default=State.MAKING)
    maker_id = models.UUIDField()
    maker_post_id = models.UUIDField(null=True)
    reviewer_id = models.UUIDField(null=True)
    reviewer_post_id = models.UUIDField(null=True)
    total = models.IntegerField(default=0)
    begun_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-begun_at", "id"], name="batch_change_recent"),
            models.Index(
                fields=["queued_at"],
                condition=models.Q(state__in=["making", "publishing", "undoing"]),
                name="batch_change_at_work",
            ),
        ]

    @property
    def at_work(self) -> bool:
        return self.state in self.AT_WORK


class BatchChangeRow(Reference):
    """One item of a change: its draft once there is one, and why it came no further."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        DRAFTED = "drafted", "草稿已送审"
        PUBLISHED = "published", "已发布"
        REFUSED = "refused", "没有办成"
        UNDONE = "undone", "已撤回"

    change = models.ForeignKey(BatchChange, on_delete=models.PROTECT, related_name="rows")
    item = models.ForeignKey("catalogue.ServiceItem", on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(
        "catalogue.DefinitionDraft", on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.IntegerField(default=0)  # of the draft as it was handed in
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    said = models.CharField(max_length=300, default="")
    tries = models.SmallIntegerField(default=0, db_default=0)  # failures nobody foresaw, one after another

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "item"], name="batch_change_item_once")]
        indexes = [models.Index(fields=["change", "state", "id"], name="batch_change_waiting")]
