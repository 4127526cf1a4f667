"""An import of existing certificates (存量证照): the batch, and its rows before they are certificates."""

from typing import ClassVar

from django.db import models

from mingqu.kernel.fields import EncryptedJSONField
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.training import OfRegion


class ImportBatch(OfRegion, ShardRoot):
    """
    One uploaded table. Its rows are checked, looked at by a person, and then become certificates.

    `report` is written and read through imports.report only. Only `certificates.imports` writes it.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "正在检查"
        CHECKED = "checked", "等待确认"
        IMPORTING = "importing", "正在导入"
        IMPORTED = "imported", "已导入"
        UNDONE = "undone", "已撤销导入"
        DROPPED = "dropped", "不导入"

    state = models.CharField(max_length=12, choices=State, default=State.CHECKING)
    file_name = models.CharField(max_length=120)
    file_digest = models.CharField(max_length=64)
    headers = models.JSONField(default=list)  # the column names of the file, in their order
    department_id = models.UUIDField(null=True)  # of the post that uploaded it
    region_code = models.CharField(max_length=12, default="", blank=True)
    item_type = models.CharField(max_length=16, default="", blank=True)
    uploaded_by = models.UUIDField()
    uploaded_post = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_post = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)  # rows checked, or brought in, in the present state
    imported = models.IntegerField(default=0)
    report = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["queued_at"],
                name="import_at_work",
                condition=models.Q(state__in=["checking", "importing"]),
            ),
        ]

    @property
    def at_work(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.IMPORTING)


class ImportRow(models.Model):
    """
    One row of the table, as it was uploaded. `findings`: [code, column] pairs, nothing personal.

    `number` and `type_code` are what the check of doubles looks at.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待检查"
        GOOD = "good", "没有问题"
        NOTED = "noted", "有提示"
        WRONG = "wrong", "有错误"
        IMPORTED = "imported", "已导入"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    line = models.IntegerField()  # as the spreadsheet counts
    pk = models.CompositePrimaryKey("batch_id", "line")
    values = EncryptedJSONField(grade="L3")
    number = models.CharField(max_length=40, default="", blank=True)
    type_code = models.CharField(max_length=21, default="", blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    findings = models.JSONField(default=list)
    certificate_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["batch", "state", "line"], name="import_rows_by_state")]
