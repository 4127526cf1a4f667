"""Files by the aggregate they serve, documents being made, and the keys of seals."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from mingqu.kernel.errors import to_citizens
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.models import Reference, RootRow


class StoredFile(RootRow):
    """
    One file of an aggregate: an uploaded material, a generated document, a licence.

    Its bytes lie in the store under `address`, encrypted; `digest` is a keyed digest of the plain bytes,
    so that nobody who reads table or folder can tell whether a file they hold is among them. Never
    changed: a corrected material is another row. Only `documents.services` writes it.
    """

    class Scan(models.TextChoices):
        NOT_SCANNED = "not_scanned", to_citizens("未查毒")
        CLEAN = "clean", to_citizens("已查毒，未发现问题")

    kind = models.CharField(max_length=64)  # the owner's word: a material code, a document kind
    name = EncryptedTextField(grade="L3")  # people put names and numbers into file names
    media_type = models.CharField(max_length=40)
    size = models.BigIntegerField()  # bytes of the plain content
    pages = models.IntegerField(default=1)
    digest = models.BinaryField(max_length=32)
    address = models.CharField(max_length=120)
    scan = models.CharField(max_length=12, choices=Scan, default=Scan.NOT_SCANNED)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index("root_id", "created_at", name="storedfile_of_root")]


class DocumentRequest(RootRow):
    """
    A document somebody's command asked for, and how far it is (rules.TRANSITIONS).

    Rendering and sealing run in a job; what the document says is fixed here when it is asked for. `attempts`
    counts the starts and fences off a worker that was given up for dead and comes back.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待生成"
        RENDERING = "rendering", "正在生成"
        READY = "ready", "已生成"
        FAILED = "failed", "生成失败"

    kind = models.CharField(max_length=32)
    organ_code = models.CharField(max_length=32)  # whose seal
    number = models.CharField(max_length=60, default="", blank=True)  # 文号
    data = EncryptedJSONField(grade="L3")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=40, default="", blank=True)  # code of the error, when failed
    detail = models.CharField(max_length=200, default="", blank=True)  # its sentence; holds nothing personal
    attempts = models.IntegerField(default=0)
    requested_at = models.DateTimeField()
    queued_at = models.DateTimeField()  # when a job was last deferred for it
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    file_id = models.UUIDField(null=True)  # a StoredFile of the same root

    class Meta:
        indexes: ClassVar = [
            models.Index(
                "state",
                "queued_at",
                name="document_unfinished",
                condition=Q(state__in=("waiting", "rendering")),
            ),
            models.Index("root_id", "requested_at", name="document_of_root"),
            models.Index("ended_at", name="document_failed", condition=Q(state="failed")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="document_ready_has_file", condition=~Q(state="ready") | Q(file_id__isnull=False)
            ),
            models.CheckConstraint(
                name="document_failed_has_reason", condition=~Q(state="failed") | ~Q(reason="")
            ),
        ]


class OrganKey(Reference):
    """
    The signing key of an organ; with an empty `organ_code`, the root of this installation.

    The private half is what its provider left (key bytes, or a handle of a hardware module), encrypted. A
    retired key signs no more; what it signed before stays valid.
    """

    secret_columns = ("private",)

    organ_code = models.CharField(max_length=32, default="", blank=True)
    organ_name = models.CharField(max_length=120)
    provider = models.CharField(max_length=32)
    certificate = models.TextField()
    fingerprint = models.CharField(max_length=64, unique=True)  # SHA-256 of the certificate, hex
    private = EncryptedTextField(grade="L4")
    since = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organ_code", name="organkey_one_active", condition=Q(retired_at=None))
        ]
