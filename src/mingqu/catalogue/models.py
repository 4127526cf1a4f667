"""Service items and the revisions of their definitions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mingqu.catalogue.affected.models import CitedPlace, ReadForCitations
from mingqu.catalogue.batches.models import BatchChange, BatchChangeRow
from mingqu.catalogue.bundles.models import BundleDefinition, BundleRevision
from mingqu.catalogue.directory.duty_models import Duty, DutyDone
from mingqu.catalogue.directory.models import ListEdition, ListEntry
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.review_models import ReviewDeed, ReviewedRow
from mingqu.catalogue.search.models import SearchAsked, SearchEntry, SearchSaying, SearchTerm
from mingqu.catalogue.studio.models import DraftComment, DraftVersion
from mingqu.kernel.models import Reference
from mingqu.kernel.training import OfRegion

__all__ = [
    "BatchChange",
    "BatchChangeRow",
    "BundleDefinition",
    "BundleRevision",
    "CitedPlace",
    "DefinitionDraft",
    "DraftComment",
    "DraftVersion",
    "Duty",
    "DutyDone",
    "HandlingPlan",
    "ImportBatch",
    "ImportedItem",
    "ListEdition",
    "ListEntry",
    "ReadForCitations",
    "ReviewDeed",
    "ReviewedRow",
    "Revision",
    "SearchAsked",
    "SearchEntry",
    "SearchSaying",
    "SearchTerm",
    "ServiceItem",
]


class ServiceItem(OfRegion, Reference):
    """
    A service item (政务服务事项) as listed: the columns that lists filter and sort on.

    Everything else stands in its current revision. Only `catalogue.services` writes it.
    """

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    summary = models.CharField(max_length=300)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    audience = ArrayField(models.CharField(max_length=40))
    theme = models.CharField(max_length=40)
    life_events = ArrayField(models.CharField(max_length=40), default=list)
    handling_kind = models.CharField(max_length=16, default="on_application")
    applicable = models.BooleanField(default=False)  # a 业务办理项 of the current revision can be applied for
    depth = models.CharField(max_length=12, default="information")  # kernel's list online_depth, computed
    # Follow from the lists in force; kept by `directory.services.keeping` when items or lists are published, and daily.
    lawful = models.BooleanField(default=False)
    base_code = models.CharField(max_length=12, default="")
    base_standing = models.CharField(
        max_length=8, default=""
    )  # in the base directory: linked, departs, missing
    words = models.TextField(default="")  # name, aliases, materials: what search looks through
    current = models.ForeignKey("catalogue.Revision", on_delete=models.PROTECT, null=True, related_name="+")
    remarks = ArrayField(models.CharField(max_length=30), default=list)  # rules of the linter it breaks
    withdrawn_at = models.DateTimeField(null=True)  # 停办: not offered any more; running cases go on
    withdrawn_reason = models.CharField(max_length=300, default="")

    class Meta:
        indexes = [
            models.Index(fields=["theme", "name"], name="item_theme_name"),
            models.Index(fields=["code"], condition=~models.Q(remarks=[]), name="item_doubtful"),
            # Those of a region, for a post of it: without this half a million are looked through.
            models.Index(fields=["region_code"], opclasses=["varchar_pattern_ops"], name="item_region"),
        ]

    def __str__(self) -> str:
        return self.name


class Revision(Reference):
    """
    One published definition, immutable and addressed by its digest. A case pins it, so later edits never
    change what an applicant was promised.
    """

    append_only = True

    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="revisions")
    number = models.IntegerField()
    digest = models.CharField(max_length=64, unique=True)
    document = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="revision_number_once")]


class DefinitionFile(Reference):
    """A BPMN or DMN file that definitions refer to by the digest of its bytes. Immutable; stored at publication."""

    append_only = True

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=4)  # bpmn, dmn
    content = models.BinaryField()


class HandlingPlan(Reference):
    """
    A 业务办理项 of a revision that can be applied for, and the stored plan its cases run on; `position` is its
    place in the document.
    """

    append_only = True

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="handling")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    position = models.SmallIntegerField()
    plan_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "code"], name="handling_code_once")]


class DefinitionDraft(OfRegion, Reference):
    """
    A definition on its way to publication (编制状态). Only `catalogue.services.drafts` writes it.

    `author` last changed it, `submitter` handed it in, `reviewer` is the second person. `base`: what was in force when
    it was handed in. `remarks`: what was said on the way, each {at, who, deed, text}. Names are
    looked up, never kept here.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "退回"
        APPROVED = "approved", "审核通过"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已作废"

    OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.APPROVED)

    item_code = models.CharField(max_length=64)
    item_name = models.CharField(max_length=200)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    document = models.JSONField()
    version = models.IntegerField(default=1)
    shown = models.IntegerField(default=0, db_default=0)  # which kept state it says; 0: none
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    author_id = models.UUIDField()
    submitter_id = models.UUIDField(null=True)
    reviewer_id = models.UUIDField(null=True)
    remarks = models.JSONField(default=list)
    base = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")
    publish_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item_code"],
                condition=models.Q(state__in=["draft", "submitted", "returned", "approved"]),
                name="draft_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["-updated_at", "id"], name="draft_recent"),
            models.Index(
                fields=["publish_on"], condition=models.Q(state="approved"), name="draft_publish_due"
            ),
        ]

    @property
    def state_words(self) -> str:
        return str(self.State(self.state).label)
