"""What was read from other catalogues, row by row, until it is published or dropped."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mingqu.kernel.models import Reference
from mingqu.kernel.training import OfRegion


class ImportBatch(OfRegion, Reference):
    """
    One file that was read through one mapping. `counts`: rows by state, gate and finding as the report shows them;
    kept by the services that change rows.
    """

    class State(models.TextChoices):
        READING = "reading", "正在读取"
        READY = "ready", "待审核"
        FAILED = "failed", "读取失败"
        DONE = "done", "已处理完"

    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes
    mapping = models.CharField(max_length=60)
    mapping_version = models.IntegerField()
    region_code = models.CharField(max_length=12)
    author_id = models.UUIDField()
    # In a training region: put the defaults of mapping and template for what the source does not know.
    defaults = models.BooleanField(default=False)
    content = models.BinaryField(null=True)  # the file, until it has been read
    state = models.CharField(max_length=8, choices=State, default=State.READING)
    rows = models.IntegerField(default=0)
    read_rows = models.IntegerField(default=0)  # how far reading has come
    counts = models.JSONField(default=dict)
    failure = models.CharField(max_length=300, default="")  # why reading failed, in words
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-created_at", "id"], name="import_batch_recent")]


class ImportedItem(Reference):
    """
    One row: what it said (`raw`), the definition made of it (`document`, format 1.0; what the row does not say stays
    empty), and what was found.

    `findings`: each {code, sentence, path}. `bases`: proposed ones, each {law, article, paragraph, point, found_in,
    standing, sentence, accepted_by}. `stopped_by`: codes of the conditions that shut a gate. The columns are what lists
    filter by; they follow from the document and are written with it.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审核"
        ACCEPTED = "accepted", "已通过"
        RETURNED = "returned", "已退回"
        PUBLISHED = "published", "已发布"
        FAILED = "failed", "发布失败"
        REFUSED = "refused", "不能导入"

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="items")
    line = models.IntegerField()
    key = models.CharField(max_length=64)  # by which the source tells its rows apart
    item_code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    organ_code = models.CharField(max_length=32)
    organ_name = models.CharField(max_length=120)
    item_type = models.CharField(max_length=16)
    type_words = models.CharField(max_length=40)  # as the source calls it (核准, 审核 …): CAT-11
    handling_kind = models.CharField(max_length=16)
    raw = models.JSONField()
    document = models.JSONField()
    findings = models.JSONField(default=list)
    bases = models.JSONField(default=list)
    listed = models.BooleanField(default=False)
    applicable = models.BooleanField(default=False)
    lawful = models.BooleanField(default=False)
    stopped_by = ArrayField(models.CharField(max_length=40), default=list)
    finding_codes = ArrayField(models.CharField(max_length=40), default=list)
    kind_confirmed = models.BooleanField(default=False)  # type and handling kind, by a person
    version = models.IntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reviewer_id = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, default="")
    revision = models.ForeignKey("catalogue.Revision", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="imported_line_once"),
            models.UniqueConstraint(fields=["batch", "key"], name="imported_key_once"),
        ]
        indexes = [
            models.Index(fields=["batch", "state", "line"], name="imported_by_state"),
            models.Index(fields=["item_code"], name="imported_item"),
        ]
