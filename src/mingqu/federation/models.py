"""What is reported upwards: what of ours stands in which table, the batches, how far each table was looked through."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mingqu.kernel.fields import EncryptedJSONField
from mingqu.kernel.models import Reference, ShardRoot


class UpwardEntry(models.Model):
    """
    One thing of ours in one table (an item, a case, a certificate): a line of a local queue, like the outbox. What it
    says is built anew when it is sent and kept nowhere; `digest` is that of what was last accepted, `guids` the rows.

    `again`: something happened to it while it was out. `wrong`: [[row, field, words]], never a value.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待上报"
        SENT = "sent", "已发出，等回执"
        ACCEPTED = "accepted", "已接受"
        REJECTED = "rejected", "被退回"

    directory = True

    id = models.UUIDField(primary_key=True)  # rules.entry_id
    table = models.CharField(max_length=32)
    key = models.CharField(max_length=90)
    label = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=8, choices=State)
    again = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    batch_id = models.UUIDField(null=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    offered = models.CharField(max_length=64, default="", blank=True)  # digest of what is out
    guids = ArrayField(models.CharField(max_length=36), default=list)
    offered_guids = ArrayField(models.CharField(max_length=36), default=list)
    wrong = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["table", "changed_at", "id"],
                name="upward_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["table", "id"], name="upward_rejected", condition=models.Q(state="rejected")
            ),
            models.Index(fields=["key", "table"], name="upward_key"),
            models.Index(fields=["batch_id"], name="upward_sent", condition=models.Q(state="sent")),
        ]


class UpwardBatch(ShardRoot):
    """
    What left together. Its number never stands for other rows; the rows lie here, encrypted, until the receiver's
    report was read, so that an attempt that was struck down is repeated with the same.
    """

    class State(models.TextChoices):
        MADE = "made", "等待发出"
        SENT = "sent", "已发出，等回执"
        ANSWERED = "answered", "收到回执"

    table = models.CharField(max_length=32)
    number = models.CharField(max_length=48)
    layout = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State, default=State.MADE)
    digest = models.CharField(max_length=64)
    payload = EncryptedJSONField(grade="L3", null=True)
    rows = models.IntegerField()
    accepted = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    made_on = models.DateField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    try_at = models.DateTimeField()
    reason = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["try_at"], name="upwardbatch_due", condition=~models.Q(state="answered")),
            models.Index(fields=["table", "-id"], name="upwardbatch_of_table"),
            models.Index(fields=["made_on", "table"], name="upwardbatch_of_day"),
        ]


class UpwardFeed(Reference):
    """How far one table was looked through (`mark`: the key after which it goes on), its last number, what stands."""

    table = models.CharField(max_length=32, unique=True)
    mark = models.CharField(max_length=90, default="", blank=True)
    number = models.IntegerField(default=0)
    accepted = models.BigIntegerField(default=0)  # things of ours that were accepted and stand
    began_at = models.DateTimeField(null=True)  # when it was begun to look through it (anew)


class DoubleUpward(models.Model):
    """The demo's platform above: a batch it took, and its report. Nothing of ours; in demos and tests only."""

    directory = True

    number = models.CharField(max_length=48, primary_key=True)
    table = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    wrong = models.JSONField(default=list)
    received_at = models.DateTimeField()


class DoubleUpwardRow(models.Model):
    """A row that platform took: its key alone, by which other tables refer to it."""

    directory = True

    guid = models.CharField(max_length=36, primary_key=True)
    table = models.CharField(max_length=32)
