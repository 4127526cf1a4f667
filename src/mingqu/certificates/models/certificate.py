"""Types of certificates, certificates, and the directory by which one is found."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from mingqu.certificates import rules
from mingqu.kernel.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from mingqu.kernel.models import Reference, ShardRoot
from mingqu.kernel.training import OfRegion


class CertificateType(Reference):
    """
    A kind of certificate (证照类型). `code` has 21 characters (GB/T 36904): the credit code of the organ that
    defined it, and a serial of three digits.

    `fields` is read and written through rules.read_fields and write_fields only, `begin` through read_begin and
    write_begin.
    """

    code = models.CharField(max_length=21, unique=True)
    name = models.CharField(max_length=80)
    organ_code = models.CharField(max_length=32)  # the department that issues it
    item_type = models.CharField(max_length=16, default="", blank=True)  # of the service that grants it
    number_prefix = models.CharField(max_length=8)
    validity_years = models.SmallIntegerField(null=True)  # None: no end
    renew_before_days = models.SmallIntegerField(default=30)  # 行政许可法 50
    fields = models.JSONField()
    begin = models.JSONField(default=dict)  # by when what it allows is to be begun (建筑法 9); {}: by no day

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="certificatetype_code_length", condition=Q(code__regex=r"^[0-9A-Z]{18}[0-9]{3}$")
            ),
            models.CheckConstraint(
                name="certificatetype_validity", condition=Q(validity_years=None) | Q(validity_years__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Certificate(OfRegion, ShardRoot):
    """
    An electronic certificate (电子证照): what a decision granted, to whom, until when.

    Its sealed file is attached once it is made; from then on the file's digest in the register is what an upload
    is compared with. `status` is what was decided about it; that it has expired follows from `valid_until` and
    the day (rules.effective). A changed, renewed or replaced certificate is a new version: a row of its own with the
    same number, which the directory then finds; the old row keeps its file and its code and says what became of it.
    `origin` existing: taken over from the paper register (存量证照); it has no file of ours until it is changed or
    renewed, and no holder until the person with `holder_number` is known. Only `certificates.services` and
    `certificates.imports` write it.
    """

    class Origin(models.TextChoices):
        ISSUED = "issued", "本平台签发"
        EXISTING = "existing", "存量证照"

    type = models.ForeignKey(CertificateType, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    identifier = models.CharField(
        max_length=120, default="", blank=True
    )  # 电子证照标识; none without a file of ours
    version = models.SmallIntegerField(default=1)
    status = models.CharField(max_length=12, choices=list(rules.WORDS.items()), default="valid")
    replaces_id = models.UUIDField(null=True)  # the version before
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.ISSUED)
    trust = models.CharField(
        max_length=1, default="A"
    )  # A from the issuing organ's system, B checked by a clerk
    batch_id = models.UUIDField(null=True)  # the import that brought it
    used_at = models.DateTimeField(null=True)  # an application has named it: its import can no more be undone
    holder_kind = models.CharField(max_length=8)
    holder_id = models.UUIDField(null=True)  # NULL: known by name and number only
    holder_index = BlindIndexField(
        purpose="certificates.holder", null=True
    )  # of the number, while that is so
    holder_name = EncryptedTextField(grade="L3")
    holder_number = EncryptedTextField(grade="L3", null=True)
    fields = EncryptedJSONField(grade="L3")  # code → value
    organ_code = models.CharField(max_length=32)
    organ_name = models.CharField(max_length=120)
    department_id = models.UUIDField()
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    begin_by = models.DateField(
        null=True
    )  # copy of its clock: to be begun by then, or void by itself (建筑法 9)
    begun_on = models.DateField(null=True)
    begin_clock = models.UUIDField(
        null=True
    )  # the version that was collected: its clock counts for later ones
    case_id = models.UUIDField(null=True)
    verification_code = EncryptedTextField(grade="L3")
    request_id = models.UUIDField(null=True)  # documents.DocumentRequest of this root
    file_id = models.UUIDField(null=True)  # documents.StoredFile of this root
    issued_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["holder_id", "-issued_at"], name="certificate_of_holder"),
            models.Index("valid_until", name="certificate_ends", condition=Q(status="valid")),
            models.Index(
                "holder_index", name="certificate_of_number", condition=Q(holder_index__isnull=False)
            ),
            models.Index(
                fields=["organ_code", "id"], name="certificate_suspended", condition=Q(status="suspended")
            ),
            models.Index(
                fields=["organ_code", "id"],
                name="certificate_to_strike_off",
                condition=Q(status__in=("revoked", "withdrawn")),
            ),
            models.Index("batch_id", name="certificate_of_batch", condition=Q(batch_id__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="certificate_ends_after_start",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def state_on(self, day: date) -> rules.State:
        """The state on that day; raises KeyError for a status no rule knows."""
        waits = None if self.begun_on else self.begin_by
        return rules.effective(rules.STATES[self.status], self.valid_until, day, waits)

    @property
    def party_ids(self) -> tuple[object, ...]:
        """For the access rule: a certificate is its holder's."""
        return (self.holder_id,) if self.holder_id else ()


class CertificateDirectory(models.Model):
    """
    By what a certificate is found: its number (the newest version), its verification code (as a keyed digest), its
    file's SHA-256; number and version together, so that no two rows are the same version of one certificate.

    A directory table: small rows, looked up by key alone, never locked.
    """

    directory = True

    class Kind(models.TextChoices):
        NUMBER = "number"
        CODE = "code"
        FILE = "file"
        VERSION = "version"

    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=64)
    pk = models.CompositePrimaryKey("kind", "value")
    certificate_id = models.UUIDField()
