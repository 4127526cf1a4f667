"""The package of an archived case (归档包): its digest, how long it is kept, and how far it is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mingqu.cases.models.case import Case
from mingqu.kernel.ids import new_id


class ArchiveRecord(models.Model):
    """
    归档包 of one case, one at most: what it has in it and its digest (SHA-256), from which it is checked whenever it is
    made again; checked; handed over to the archive. The bytes are not kept: the same files give the same bytes.

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
    missing = ArrayField(models.CharField(max_length=32), default=list)
    made_at = models.DateTimeField()
    made_by_post = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    sound = models.BooleanField(null=True)  # as found by the last check
    handed_on = models.DateField(null=True)
    handed_to = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], name="archive_record_once")]
