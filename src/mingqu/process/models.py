"""
The rows of running instances. Every row carries its owner's id (`root_id`), first in its key.

Only `process.store` and `process.writes` write them. Ids of tokens, tasks and joins are the instance's id with
their number mixed in (`store.row_id`), so that a rebuilt instance has the very same rows.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce

from mingqu.kernel.fields import EncryptedJSONField
from mingqu.kernel.models import Reference, RootRow
from mingqu.process.state import Status

FAR = "9999-12-31"
"""Sorts what has no due date after what has one."""


class StoredPlan(Reference):
    """A published plan; immutable, found by its digest, shared by all instances that run on it."""

    append_only = True

    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()


class ProcessInstance(RootRow):
    """
    One run of a plan for one owner (a case, later a matter).

    `seq` is the number of its last event, `live` the number of its tokens, those parked at joins included; it
    ends at 0. Every event locks this row first, so two at once become one after the other. `end` is the
    end it came to; "" while it runs and if it was terminated from outside.
    """

    class State(models.TextChoices):
        ACTIVE = Status.ACTIVE.value
        ENDED = Status.ENDED.value
        TERMINATED = Status.TERMINATED.value

    owner = models.CharField(max_length=32)
    plan = models.ForeignKey(StoredPlan, on_delete=models.PROTECT, to_field="digest", db_column="plan_digest")
    status = models.CharField(max_length=16, choices=State)
    seq = models.IntegerField()
    live = models.IntegerField()
    end = models.CharField(max_length=128, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="process_over_without_tokens",
                condition=models.Q(status="active", live__gt=0, ended_at=None)
                | models.Q(~models.Q(status="active"), live=0, ended_at__isnull=False),
            ),
        ]


class Token(RootRow):
    """
    A place where an instance stands: a user task, or a join at which a finished branch is parked.

    It is the branch's own row: arriving at a join changes this row and the join's counter, no other branch's.
    """

    instance_id = models.UUIDField()
    node = models.CharField(max_length=128)
    flow = models.CharField(max_length=260, default="")
    frame_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index("root_id", "instance_id", "node", name="process_token_node")]


class Frame(RootRow):
    """
    One run of a sub-process, or the several instances of an activity; see `state.Frame`. It goes when it is over.
    """

    instance_id = models.UUIDField()
    node = models.CharField(max_length=128)
    parent_id = models.UUIDField(null=True)
    token_id = models.UUIDField()
    live = models.IntegerField()
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index("root_id", "instance_id", name="process_frame_instance")]


class Wait(RootRow):
    """
    A message, a signal or a moment that an instance waits for; it goes when it came or is awaited no more.

    `ref` of a timer that follows a clock of the owner is "clock." (`moments`).

    `token_id`: at whose activity or event; null: an event sub-process watches the frame, or the whole instance.
    """

    instance_id = models.UUIDField()
    node = models.CharField(max_length=128)
    token_id = models.UUIDField(null=True)
    frame_id = models.UUIDField(null=True)
    occasion = models.CharField(max_length=16)
    ref = models.CharField(max_length=200, default="")
    due_at = models.DateTimeField(null=True)
    left = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index("root_id", "instance_id", name="process_wait_instance"),
            models.Index("root_id", "token_id", name="process_wait_token"),
            models.Index("due_at", condition=models.Q(due_at__isnull=False), name="process_wait_due"),
            models.Index("id", condition=models.Q(occasion="timer", ref="clock."), name="process_wait_clock"),
        ]


class Join(RootRow):
    """
    One opening of a parallel or inclusive block: how many branches its join expects, and how many have come.

    Closed by one conditional update when the last one comes; at most one is open per join and instance.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"
        DROPPED = "dropped"  # emptied by a return, or by the end of the instance

    instance_id = models.UUIDField()
    node = models.CharField(max_length=128)
    expected = models.IntegerField()
    arrived = models.IntegerField()
    status = models.CharField(max_length=8, choices=State, default=State.OPEN)
    frame_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "root_id",
                "instance_id",
                "node",
                condition=models.Q(status="open", frame_id=None),
                name="process_join_open_once",
            ),
            models.UniqueConstraint(
                "root_id",
                "frame_id",
                "node",
                condition=models.Q(status="open", frame_id__isnull=False),
                name="process_join_once_in_frame",
            ),
            models.CheckConstraint(
                name="process_join_waits",
                condition=models.Q(arrived__lt=models.F("expected")) | models.Q(status="closed"),
            ),
        ]


class Signing(RootRow):
    """One opening of a step that several posts sign together; see `state.Signing`. Its tasks are the signatures."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    instance_id = models.UUIDField()
    token_id = models.UUIDField()
    node = models.CharField(max_length=128)
    mode = models.CharField(max_length=8)
    votes = models.IntegerField(default=0)
    waiting = ArrayField(models.CharField(max_length=64), default=list)
    signed = ArrayField(models.CharField(max_length=64), default=list)
    outcomes = ArrayField(models.CharField(max_length=64), default=list)  # of each post in `signed`
    added = ArrayField(models.CharField(max_length=64), default=list)
    status = models.CharField(max_length=8, choices=State, default=State.OPEN)

    class Meta:
        indexes = [
            models.Index(
                "root_id", "instance_id", condition=models.Q(status="open"), name="process_signing_open"
            )
        ]


class Task(RootRow):
    """
    A human step that waits, or waited, for someone of a post.

    `post` is the code of a post or pool, resolved to people when it is read: nobody is copied here but who
    claimed the task (`claimed_by`) and who did it (`closed_by`). `lent`: the post that delegated it. `held`: 挂起.
    A signature that did not yet settle its step is `signed`, the one that did is `completed`.
    """

    class State(models.TextChoices):
        OPEN = "open"
        SIGNED = "signed"
        COMPLETED = "completed"
        RETURNED = "returned"
        DROPPED = "dropped"

    instance_id = models.UUIDField()
    token_id = models.UUIDField()
    node = models.CharField(max_length=128)
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=64)
    people = models.IntegerField(default=1)
    status = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    claimed_by = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=64, default="")
    lent = models.CharField(max_length=64, default="", db_default="")
    held = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index("root_id", "instance_id", name="process_task_instance"),
            models.Index(
                "post",
                Coalesce("due_on", models.Value(FAR, output_field=models.DateField())),
                "opened_at",
                "id",
                condition=models.Q(status="open"),
                name="process_task_worklist",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="process_task_closed",
                condition=models.Q(status="open", closed_at=None)
                | models.Q(~models.Q(status="open"), closed_at__isnull=False),
            ),
        ]


class Variable(RootRow):
    """The value of one name the flow decides on; all other answers stay with the owner."""

    instance_id = models.UUIDField()
    name = models.CharField(max_length=200)
    value = EncryptedJSONField(grade="L3", null=True)
    frame_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "root_id",
                "instance_id",
                "name",
                condition=models.Q(frame_id=None),
                name="process_variable_once",
            ),
            models.UniqueConstraint(
                "root_id",
                "frame_id",
                "name",
                condition=models.Q(frame_id__isnull=False),
                name="process_variable_in_frame",
            ),
        ]


class History(RootRow):
    """
    One event of an instance, never changed: all of them give the instance again (`step.replay`).

    `event` holds what may be personal (values decided on, reasons in a person's words) and is encrypted;
    the columns beside it are for reading lists.
    """

    append_only = True

    instance_id = models.UUIDField()
    seq = models.IntegerField()
    plan_digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    node = models.CharField(max_length=128, default="")
    outcome = models.CharField(max_length=64, default="")
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=8)
    by_id = models.UUIDField()
    by_post = models.UUIDField(null=True)
    event = EncryptedJSONField(grade="L3")
    effects = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint("root_id", "instance_id", "seq", name="process_history_seq"),
        ]
