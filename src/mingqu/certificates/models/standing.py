"""What was done to a certificate: use suspended (暂扣, 中止) and restored, revoked (撤销), struck off (注销)."""

from typing import ClassVar

from django.db import models

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.models import RootRow


class Measure(RootRow):
    """
    One deed on the use of a certificate, with its reason: suspended, restored; its beginning put off (建筑法 9). Its
    root is the certificate.

    `way` says of a suspension what it is in law: the licence is withheld by a penalty (暂扣许可证件, 行政处罚法 9), or
    its use is stopped as another law says. `until` is what the holder was told; nothing is restored by itself.
    """

    append_only = True

    class Kind(models.TextChoices):
        SUSPENDED = "suspended", "暂停使用"
        RESTORED = "restored", "恢复使用"
        PUT_OFF = "put_off", "延期开工"

    class Way(models.TextChoices):
        NONE = "", ""
        WITHHELD = "withheld", "暂扣许可证件"
        STOPPED = "stopped", "中止使用"

    kind = models.CharField(max_length=12, choices=Kind)
    way = models.CharField(max_length=12, choices=Way, default=Way.NONE, blank=True)
    document_number = models.CharField(max_length=80, default="", blank=True)  # of the decision it rests on
    basis = EncryptedTextField(grade="L3")
    reason = EncryptedTextField(grade="L3")
    until = models.DateField(null=True)
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["root_id", "-at"], name="measure_of_certificate")]


class Revocation(RootRow):
    """
    撤销 (行政许可法 69): on which ground, what it rests on, why, how the holder was heard before (行政许可法 7),
    where to complain. Its root is the certificate; `ground`, `heard` are codes of `revoking`. Without its paper
    (`request_id`) it is what one officer proposed; another's decision is a row of its own with the same words.
    """

    append_only = True

    ground = models.CharField(max_length=12)
    document_number = models.CharField(max_length=80, default="", blank=True)
    basis = EncryptedTextField(grade="L3")
    reason = EncryptedTextField(grade="L3")
    heard = models.CharField(max_length=12)
    told_on = models.DateField()  # when the holder was told what was intended
    statement = EncryptedTextField(grade="L3", null=True)  # what the holder said to it
    reconsideration_organ = models.CharField(max_length=120)
    court = models.CharField(max_length=120)
    request_id = models.UUIDField(null=True)  # documents.DocumentRequest of this root; none yet: proposed
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["root_id", "-at"], name="revocation_of_certificate")]


class StrikeOff(RootRow):
    """
    依职权注销 as one officer proposed it (行政许可法 70): on which ground, by what it is known, why. Whether another
    agreed is a `kernel.AskedDeed` that names this row; `ground` is a code of `striking`. Its root is the certificate.
    """

    append_only = True

    ground = models.CharField(max_length=12)
    basis = EncryptedTextField(grade="L3")
    reason = EncryptedTextField(grade="L3")
    proof = EncryptedTextField(grade="L3", default="")
    reconsideration_organ = models.CharField(
        max_length=120, blank=True, default=""
    )  # "": proposed before it was asked
    court = models.CharField(max_length=120, blank=True, default="")
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["root_id", "-at"], name="strikeoff_of_certificate")]
