"""Files by the aggregate they serve, who read them, documents being made, and the keys of seals."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from mingqu.kernel.errors import to_citizens
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.ids import new_id
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
        indexes: ClassVar = [
            models.Index("root_id", "created_at", name="storedfile_of_root"),
            models.Index("address", name="storedfile_address"),  # whether anything names some bytes
        ]


class FileRead(models.Model):
    """
    That somebody opened or took away one file of an aggregate (查阅记录): who, as which post, which file, when, on what
    ground. Written with every file that leaves, by one insert; never changed.

    `ground`: the permission staff read it by, `own` for the applicant's side, `code` for who holds the code of a draft.
    Partitioned by month of `at`. Only `documents.services` writes it.
    """

    append_only = True
    partitioned_by = "at"

    class Way(models.TextChoices):
        SHOWN = "shown", "打开"
        TAKEN = "taken", "下载"
        SMALL = "small", "看缩小图"

    root_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    at = models.DateTimeField()
    pk = models.CompositePrimaryKey("root_id", "id", "at")
    file_id = models.UUIDField()
    kind = models.CharField(max_length=64)  # as StoredFile.kind: which material or paper
    way = models.CharField(max_length=8, choices=Way)
    ground = models.CharField(max_length=64)
    terminal = models.BooleanField(default=False)  # at a self-service terminal of a hall
    actor_kind = models.CharField(max_length=8, default="", blank=True)  # "": nobody signed in
    actor_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=36, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["root_id", "-at"], name="fileread_of_root"),
            models.Index(fields=["actor_id", "-at"], name="fileread_of_actor"),
        ]


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
