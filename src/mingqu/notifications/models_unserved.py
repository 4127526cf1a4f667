"""Papers that wait to be served (文书送达)."""

from django.db import models

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.models import RootRow


class UnservedPaper(RootRow):
    """
    A legal notice that is made and of which nobody has noted yet how it reached the one it is for. Put here when it is
    made and could not be served electronically, gone when its service record is written; so that what lies unserved is
    a list and no search through all papers. Only `notifications.services.service` writes it.

    `root_id` owns the service record: a case or a bundle. `limit_on`: the last day on which telling it is in time,
    where a law or the organ's own undertaking sets one. Names no person.
    """

    class Owner(models.TextChoices):
        CASE = "case", "办件"
        BUNDLE = "bundle", "一件事"

    paper_id = models.UUIDField()
    paper = models.CharField(max_length=32)  # kind of the document
    document_number = models.CharField(max_length=60, default="", blank=True)
    owner = models.CharField(max_length=8, choices=Owner)
    number = models.CharField(max_length=24)  # of the case or bundle
    subject = models.CharField(max_length=200)  # which item or bundle
    department_id = models.UUIDField()
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16, default="", blank=True)
    since = models.DateTimeField()
    limit_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root_id", "paper_id"], name="unserved_once")]
        indexes = [models.Index(fields=["since", "id"], name="unserved_oldest")]


class ClosedPaper(RootRow):
    """
    That nobody will note any more how a paper reached the one it is for, and why: it left the list without a service
    record. No proof of service: where one turns up, the record is still written. Written once, never changed.
    """

    append_only = True

    class Ground(models.TextChoices):
        UNRECORDED = "unrecorded", "当时送到了，没有留下回证"
        REPLACED = "replaced", "已由后来的文书代替"
        ENDED = "ended", "办件已经结束，不用再告知"

    paper_id = models.UUIDField()
    paper = models.CharField(max_length=32)
    ground = models.CharField(max_length=12, choices=Ground)
    reason = EncryptedTextField(grade="L3")
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root_id", "paper_id"], name="paper_closed_once")]
