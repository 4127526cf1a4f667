"""The package of an archived case (归档包): its digest, how long it is kept, how far it is, what a job does to it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mingqu.cases.models.case import Case
from mingqu.kernel.ids import new_id


class ArchiveRecord(models.Model):
    """
    归档包 of one case, one at most: what it has in it and its digest (SHA-256), from which it is checked whenever it is
    made again; checked; handed over to the archive. The bytes are kept for fetching only (`ArchiveWork`), for a time:
    the same files give the same bytes.

    Only `cases.archiving.services` writes it. `handed_to` is the name of an organ, of nobody.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="archive_records")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    retention = models.CharField(max_length=12)  # code list retention_period
    pieces = models.IntegerField()  # files, without the list of them
    pages = models.IntegerField()
    size = models.BigIntegerField()  # bytes of the package
    digest = models.BinaryField(max_length=32)
    # Kinds of documents that should be in it and are not.
    # By file what of it lasts (`archiving.copies`); NULL: made before there were copies, and made again without them.
    lasting = models.JSONField(null=True)
    missing = ArrayField(models.CharField(max_length=32), default=list)
    made_at = models.DateTimeField()
    made_by_post = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    sound = models.BooleanField(null=True)  # as found by the last check
    handed_on = models.DateField(null=True)
    handed_to = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], name="archive_record_once")]


class ArchiveWork(models.Model):
    """
    What a job was last asked to do to the package of one case, by whom, and what came of it; one row a case, the next
    asking takes its place. `id` is of the asking: a job of an earlier one finds nothing to do.

    `file_id`: the package as it was last made, a StoredFile whose root is `file_root`, until it is swept; NULL: none.
    Only `cases.archiving` writes it.
    """

    class Deed(models.TextChoices):
        MAKE = "make", "做包"
        CHECK = "check", "核对"

    class State(models.TextChoices):
        WAITING = "waiting", "正在做"
        DONE = "done", "做完了"
        FAILED = "failed", "没有做成"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="archive_work")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    deed = models.CharField(max_length=8, choices=Deed)
    retention = models.CharField(max_length=12, default="", blank=True)  # of what is made
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_by = models.UUIDField()  # the person; the job does it with the authority this post has then
    asked_post = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    queued_at = models.DateTimeField()  # when a job was last deferred for it
    ended_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    said = models.CharField(max_length=200, default="", blank=True)  # why it failed; of nobody
    file_root = models.UUIDField(null=True)
    file_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case"], name="archive_work_once")]
        indexes: ClassVar = [
            models.Index(fields=["queued_at"], condition=Q(state="waiting"), name="archive_work_waiting"),
            models.Index(fields=["ended_at"], condition=Q(file_id__isnull=False), name="archive_work_kept"),
        ]
