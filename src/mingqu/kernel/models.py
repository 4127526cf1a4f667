"""Bases of every model, and the kernel's own tables."""

from django.db import models

from mingqu.kernel import signatures
from mingqu.kernel.ids import new_id


class ShardRoot(models.Model):
    """The root of an aggregate; its id is the shard key of everything that belongs to it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class RootRow(models.Model):
    """A row of a lower app that serves an aggregate: carries the owner's id as `root_id`, first in its key."""

    root_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("root_id", "id")

    class Meta:
        abstract = True


class Reference(models.Model):
    """A reference table: small, the same on every node, may be pointed at by foreign keys."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class CommandRecord(models.Model):
    """That a command with this key was done on this root, and its first result. Only `command()` writes it."""

    root_id = models.UUIDField()
    key = models.UUIDField()
    pk = models.CompositePrimaryKey("root_id", "key")
    name = models.CharField(max_length=64)
    actor_id = models.UUIDField()
    at = models.DateTimeField()
    result = models.JSONField(null=True)


class AuditHead(models.Model):
    """The end of a root's audit chain; locked last by every command."""

    root_id = models.UUIDField(primary_key=True)
    seq = models.IntegerField()
    link = models.BinaryField(max_length=32)


class AuditEntry(models.Model):
    """
    Who did what, on what, why and when; chained per root, never changed.

    Partitioned by month of `at`. `notes` hold readable text that is not personal; the chain covers only
    their salted `digests`.
    """

    append_only = True
    partitioned_by = "at"

    root_id = models.UUIDField()
    seq = models.IntegerField()
    at = models.DateTimeField()
    pk = models.CompositePrimaryKey("root_id", "seq", "at")
    action = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField()
    post_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=36, default="")
    notes = models.JSONField(default=dict)
    salt = models.BinaryField(max_length=16)
    digests = models.JSONField(default=dict)
    previous = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["actor_id", "at"], name="audit_actor_at"),
            models.Index(fields=["at"], name="audit_at"),
        ]


class UnsealedEntry(models.Model):
    """A queue: entries that no checkpoint covers yet. The sealer empties it."""

    root_id = models.UUIDField()
    seq = models.IntegerField()
    pk = models.CompositePrimaryKey("root_id", "seq")
    link = models.BinaryField(max_length=32)


class Checkpoint(models.Model):
    """A signed Merkle root over the entries since the last one; published, never changed."""

    append_only = True

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    size = models.IntegerField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    signature = models.BinaryField()
    signer = models.ForeignKey("kernel.LedgerKey", on_delete=models.PROTECT)


class CheckpointLeaf(models.Model):
    """Where an entry stands in its checkpoint's tree."""

    append_only = True

    root_id = models.UUIDField()
    seq = models.IntegerField()
    pk = models.CompositePrimaryKey("root_id", "seq")
    checkpoint = models.BigIntegerField()
    position = models.IntegerField()
    link = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["checkpoint", "position"], name="leaf_checkpoint_position")]


class LedgerKey(Reference):
    """
    A key that signs checkpoints, P-256 or SM2 as its public half says; the newest is in force. The private half is
    encrypted. Only `kernel.ledger_keys` writes it, and a rotation of the master key.
    """

    append_only = True
    secret_columns = ("private_sealed",)

    fingerprint = models.CharField(max_length=64, unique=True)
    public_pem = models.TextField()
    private_sealed = models.BinaryField()
    since = models.DateTimeField()

    @property
    def signature(self) -> str:
        """For operators and auditors: which signature it makes."""
        return signatures.scheme_of(self.public_pem).title


class OutboxEvent(models.Model):
    """An event of a committed command, waiting for the relay. Partitioned by month of `at`."""

    partitioned_by = "at"

    root_id = models.UUIDField()
    event_id = models.UUIDField(default=new_id)
    at = models.DateTimeField()
    pk = models.CompositePrimaryKey("root_id", "event_id", "at")
    order = models.BigIntegerField()  # audit seq × 1000 + place within the command: order per root
    name = models.CharField(max_length=64)
    payload = models.JSONField()
    try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["try_at"], condition=models.Q(done_at=None), name="outbox_waiting"),
            models.Index(
                fields=["root_id", "order"], condition=models.Q(done_at=None), name="outbox_root_waiting"
            ),
        ]


class Delivery(models.Model):
    """That a subscriber has had an event; written in the transaction of its effects."""

    append_only = True

    root_id = models.UUIDField()
    event_id = models.UUIDField()
    subscriber = models.CharField(max_length=96)
    pk = models.CompositePrimaryKey("root_id", "event_id", "subscriber")


class DeadLetter(models.Model):
    """A delivery that failed; it blocks this subscriber for this root until it succeeds or is given up."""

    root_id = models.UUIDField()
    event_id = models.UUIDField()
    subscriber = models.CharField(max_length=96)
    pk = models.CompositePrimaryKey("root_id", "event_id", "subscriber")
    event_name = models.CharField(max_length=64)
    attempts = models.IntegerField(default=1)
    error = models.CharField(max_length=300)  # class and code, never a value: values may be personal
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="deadletter_last")]


class NumberSeries(models.Model):
    """The last number given out per kind, organ and period."""

    kind = models.CharField(max_length=32)
    organ = models.CharField(max_length=32)
    period = models.CharField(max_length=16)
    pk = models.CompositePrimaryKey("kind", "organ", "period")
    last = models.BigIntegerField()


class PeriodicRun(models.Model):
    """When a periodic work last ran, and how it failed if it did."""

    name = models.CharField(max_length=64, primary_key=True)
    last_at = models.DateTimeField()
    error = models.CharField(max_length=200, default="")


from mingqu.kernel.models_asked import AskedDeed  # noqa: E402, F401  at the end: it uses Reference
from mingqu.kernel.models_regions import Region, RegionChange  # noqa: E402, F401  at the end: they use Reference
