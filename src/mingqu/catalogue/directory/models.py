"""Editions of lists and their entries."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import to_citizens
from mingqu.kernel.models import Reference
from mingqu.kernel.training import OfRegion


class ListEdition(OfRegion, Reference):
    """
    One numbered edition of a list of a region: 草稿 → 待审核 → 已发布, or 退回; published by a second person.

    A published one is never changed: what is different is a new edition. The number is given at publication, 0 before.
    `report`: what reading a file found, row by row. `remarks`: what was done on the way, each {at, who, deed, text}.
    Names are looked up, never kept here. Only `catalogue.directory.services` writes it.
    """

    class Kind(models.TextChoices):
        POWER = "power", "权责清单"
        SERVICE = "service", "公共服务清单"
        BASE = "base", "基本目录"
        NEGATIVE = "negative", "市场准入负面清单"

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "退回"
        PUBLISHED = "published", "已发布"
        DROPPED = "dropped", "已作废"

    OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)

    kind = models.CharField(max_length=8, choices=Kind)
    region_code = models.CharField(max_length=12)  # where it counts
    number = models.IntegerField(default=0)
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200)  # who made it: the file, the notice it came with
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.IntegerField(default=1)
    author_id = models.UUIDField()
    submitter_id = models.UUIDField(null=True)
    publisher_id = models.UUIDField(null=True)
    remarks = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")  # compared with
    size = models.IntegerField(default=0)  # entries
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_on = models.DateField(null=True)  # in force from this day until the next edition

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "region_code"],
                condition=models.Q(state__in=["draft", "submitted", "returned"]),
                name="edition_open_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "region_code", "number"],
                condition=models.Q(number__gt=0),
                name="edition_number_once",
            ),
            models.CheckConstraint(
                name="edition_published_is_numbered",
                condition=~models.Q(state="published") | models.Q(number__gt=0, published_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["-updated_at", "id"], name="edition_recent")]

    # What the access rule looks at: a list is its region's, of no department and no type.
    department_id = None
    item_type = ""

    @property
    def kind_words(self) -> str:
        return str(self.Kind(self.kind).label)

    @property
    def state_words(self) -> str:
        return str(self.State(self.state).label)

    @property
    def name(self) -> str:
        """权责清单第2版; before it is published, without a number."""
        return f"{self.title}第{self.number}版" if self.number else self.title


class ListEntry(Reference):
    """
    One entry of an edition; the columns are those of `types.Entry`.

    `organ_code` is empty where the house has no such department. `words`: what the search of a list looks through.
    """

    class State(models.TextChoices):
        ACTIVE = "active", to_citizens("在用")
        SUSPENDED = "suspended", to_citizens("暂停")
        CANCELLED = "cancelled", to_citizens("取消")

    edition = models.ForeignKey(ListEdition, on_delete=models.CASCADE, related_name="entries")
    code = models.CharField(max_length=64)
    base_code = models.CharField(max_length=12, default="")
    name = models.CharField(max_length=300)
    item_type = models.CharField(max_length=16, default="")
    organ_code = models.CharField(max_length=32, default="")
    organ_name = models.CharField(max_length=120, default="")
    levels = ArrayField(models.CharField(max_length=16), default=list)
    basis_words = models.TextField(default="")
    basis = models.JSONField(default=list)  # each {law, article, suffix}
    duties = models.TextField(default="")
    accountability = models.TextField(default="")
    measure = models.TextField(default="")
    effective_on = models.DateField(null=True)
    cancelled_on = models.DateField(null=True)  # first day it does not count any more
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    words = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="list_entry_once")]
        indexes = [models.Index(fields=["edition", "base_code"], name="list_entry_base")]

    @property
    def type_words(self) -> str:
        known = code_list("item_type")
        return known.name(self.item_type) if self.item_type in known else ""
