"""What is under supervision after its licence was granted, and what inspections found (行政许可法 61)."""

from functools import cached_property
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.standing_aside import standing_aside
from mingqu.kernel.training import OfRegion

SUPERVISED = "supervised"


class Supervised(OfRegion, ShardRoot):
    """
    监管对象: what one certificate number allows its holder to do, from the grant until the certificate is no more.

    A changed, renewed or replaced certificate stays the same object: `certificate_id` is its newest version. Only
    `regulation.services` writes it.
    """

    class End(models.TextChoices):
        REVOKED = "revoked", "证照已撤销"
        CANCELLED = "cancelled", "证照已注销"
        STRUCK_OFF = "struck_off", "证照已依职权注销"
        OVER = "over", "证照已过期或者自行废止"

    number = models.CharField(max_length=40)  # of the certificate
    certificate_id = models.UUIDField()
    certificate_name = models.CharField(max_length=80)
    case_id = models.UUIDField(null=True)  # that granted the newest version; NULL: none of ours (存量证照)
    item_code = models.CharField(
        max_length=64
    )  # of the service; of the type of certificate where no case of ours was
    item_name = models.CharField(max_length=120)
    item_type = models.CharField(max_length=16)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    holder_kind = models.CharField(max_length=8)
    holder_id = models.UUIDField(null=True)
    holder_name = EncryptedTextField(grade="L3")
    # Why its records are not open, by the definition of the newest version.
    not_public = models.CharField(max_length=200, default="", blank=True)
    since = models.DateField()
    next_on = models.DateField()  # 最晚检查日
    last_on = models.DateField(null=True)
    last_finding = models.CharField(max_length=8, default="", blank=True)
    overdue_on = models.DateField(null=True)  # the day it was told, once, that `next_on` went by
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=12, choices=End, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["department", "next_on", "id"], name="supervised_open", condition=Q(ended_on=None)
            ),
            models.Index(
                fields=["department", "-ended_on", "-id"],
                name="supervised_ended",
                condition=Q(ended_on__isnull=False),
            ),
            models.Index(fields=["number"], name="supervised_number"),
            models.Index("case_id", name="supervised_case"),
            models.Index("holder_id", name="supervised_holder", condition=Q(holder_id__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="supervised_end_has_reason",
                condition=Q(ended_on=None, ended_why="") | (Q(ended_on__isnull=False) & ~Q(ended_why="")),
            ),
        ]

    open_to_barred: ClassVar = frozenset({"regulation.see", "regulation.export"})

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[object, ...]:
        """For the access rule: nobody outside; the record is open in a way of its own."""
        return ()

    @cached_property
    def barred_ids(self) -> frozenset[UUID]:
        """回避 (公务员法 76): `selectors.barred_from` says who."""
        return standing_aside(self.pk, of=SUPERVISED)


class Inspection(models.Model):
    """监督检查记录: what was found and what was done about it, signed by who inspected; never changed afterwards."""

    append_only = True

    class Finding(models.TextChoices):
        SOUND = "sound", _("未发现问题")
        WRONG = "wrong", _("发现问题")
        ABSENT = "absent", _("找不到被许可人")

    supervised = models.ForeignKey(Supervised, on_delete=models.CASCADE, related_name="inspections")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("supervised_id", "id")
    inspected_on = models.DateField()
    finding = models.CharField(max_length=8, choices=Finding)
    seen = EncryptedTextField(grade="L3")  # 监督检查的情况
    done = EncryptedTextField(grade="L3")  # 处理结果
    next_on = models.DateField()
    signed_name = EncryptedTextField(grade="L3")
    second_id = models.UUIDField(
        null=True
    )  # who inspected along with her (行政处罚法 42: two where it ends in a penalty)
    second_name = EncryptedTextField(grade="L3", default="")
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-inspected_on", "-id"], name="inspection_latest")]


class PutOff(models.Model):
    """改期: by when the next inspection was due, by when it is now, and why; never changed afterwards."""

    append_only = True

    supervised = models.ForeignKey(Supervised, on_delete=models.CASCADE, related_name="put_off")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("supervised_id", "id")
    was_on = models.DateField()
    next_on = models.DateField()
    reason = EncryptedTextField(grade="L3")  # the ledger has its digest
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField()
    at = models.DateTimeField()
