"""What reviewers of an import see: its rows by filter, by page, by chance; one row; deeds and their progress."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import chain
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import CharField, Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import MD5, Cast, Concat

from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.review_errors import RowUnknown
from mingqu.catalogue.imports.review_models import ReviewDeed, ReviewedRow
from mingqu.catalogue.models import ServiceItem
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Mandate
from mingqu.kernel.types import Actor

REVIEW, PUBLISH = "catalogue.review", "catalogue.publish"
PAGE = 50
PLANNED = "planned"  # asked for as if it were a state: accepted, and waiting for its day
SAMPLES = (20, 50, 100)
SEED_LONGEST = 20
GATES = ("listed", "applicable", "lawful")
COLUMNS = (
    "id", "batch_id", "line", "item_code", "name", "organ_code", "organ_name", "item_type", "type_words",
    "handling_kind", "listed", "applicable", "lawful", "finding_codes", "kind_confirmed", "version", "state", "remark",
    "bases",
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What is asked for; "" for all. `gate`: listed, applicable, lawful, or with a minus before it: shut."""

    state: str = ""
    gate: str = ""
    finding: str = ""
    organ: str = ""
    type: str = ""
    kind: str = ""
    words: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Filter":
        return cls(**{field.name: str(given.get(field.name) or "").strip()[:64] for field in fields(cls)})

    @property
    def query(self) -> str:
        """As the address has it."""
        return urlencode({f.name: value for f in fields(self) if (value := getattr(self, f.name))})

    def q(self) -> Q:
        found = Q()
        if self.state == PLANNED:
            waits = {"state": ReviewedRow.State.WAITING, "deed__state": ReviewDeed.State.PLANNED}
            found &= Q(pk__in=ReviewedRow.objects.filter(**waits).values("item"))
        elif self.state:
            found &= Q(state=self.state)
        if self.gate.removeprefix("-") in GATES:
            found &= Q(**{self.gate.removeprefix("-"): not self.gate.startswith("-")})
        if self.finding:
            found &= Q(finding_codes__contains=[self.finding])
        if self.organ:
            found &= Q(organ_code=self.organ)
        if self.type:
            found &= Q(item_type="" if self.type == "-" else self.type)
        if self.kind:
            found &= Q(handling_kind=self.kind)
        for word in self.words.split():
            found &= Q(name__icontains=word) | Q(item_code__istartswith=word)
        return found


@dataclass(frozen=True)
class Fingerprint:
    """How many rows match, and their versions summed up: what a click on "all of them" was about."""

    count: int
    versions: int


def batch(batch_id: UUID) -> ImportBatch:
    """Raises RowUnknown."""
    found = ImportBatch.objects.defer("content").filter(pk=batch_id).first()
    if found is None:
        raise RowUnknown()
    return found


def within(actor: Actor, action: str, of: ImportBatch) -> Q:
    """The rows of a batch an actor may do this to: by the organ's department, the batch's region and the item type."""
    scope = access.scope(actor, action)
    if scope.everything:
        return Q()
    found = Q(pk__in=[])
    for mandate in scope.mandates:
        if of.region_code.startswith(mandate.region):
            found |= _limits(mandate)
    return found


def _limits(mandate: Mandate) -> Q:
    limits = Q(pk__isnull=False)
    if mandate.departments is not None:
        own = [one for one in identity.departments() if one.id in mandate.departments]
        codes = {one.code for one in own} | {one.credit_code for one in own} - {""}
        limits &= Q(organ_code__in=sorted(codes))
    if mandate.item_types is not None:
        limits &= Q(item_type__in=sorted(mandate.item_types))
    return limits


def rows(actor: Actor, of: ImportBatch, asked: Filter, action: str = REVIEW) -> QuerySet[ImportedItem]:
    """What this actor may see of a batch and asked for, by line, without what the file said."""
    found = ImportedItem.objects.filter(within(actor, action, of), asked.q(), batch=of)
    return found.only(*COLUMNS).order_by("line")


def page(actor: Actor, of: ImportBatch, asked: Filter, after: int = 0) -> tuple[list[ImportedItem], int]:
    """Rows after a line, and the line to go on from (0: the end)."""
    found = list(rows(actor, of, asked).filter(line__gt=after)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].line if len(found) > PAGE else 0


def sample(actor: Actor, of: ImportBatch, asked: Filter, size: int, seed: str) -> list[ImportedItem]:
    """Rows drawn by chance; the same seed draws the same ones, whoever draws."""
    drawn = MD5(Concat(Value(f"{seed}:"), Cast("line", CharField())))
    found = rows(actor, of, asked).annotate(drawn=drawn).order_by("drawn")[:size]
    return sorted(found, key=lambda row: row.line)


def fingerprint(actor: Actor, of: ImportBatch, asked: Filter, action: str = REVIEW) -> Fingerprint:
    found = ImportedItem.objects.filter(within(actor, action, of), asked.q(), batch=of)
    counted = found.aggregate(count=Count("pk"), versions=Sum("version", default=0))
    return Fingerprint(counted["count"], counted["versions"])


def row(actor: Actor, batch_id: UUID, line: int) -> ImportedItem:
    """A row with all it holds. Raises RowUnknown, also for one that is not this actor's to review."""
    of = batch(batch_id)
    found = (
        ImportedItem.objects.select_related("batch", "revision")
        .defer("batch__content")
        .filter(within(actor, REVIEW, of), batch=of)
    )
    one = found.filter(line=line).first()
    if one is None:
        raise RowUnknown()
    return one


def neighbours(actor: Actor, of: ImportedItem, asked: Filter) -> tuple[int, int]:
    """Lines before and after that match the filter; 0: none."""
    found = rows(actor, of.batch, asked)
    before = found.filter(line__lt=of.line).order_by("-line").values_list("line", flat=True).first()
    after = found.filter(line__gt=of.line).values_list("line", flat=True).first()
    return before or 0, after or 0


def in_force(code: str) -> ServiceItem | None:
    """The item as it is offered now, if it is."""
    return ServiceItem.objects.select_related("current").exclude(current=None).filter(code=code).first()


def numbers(actor: Actor, of: ImportBatch) -> tuple[Counter[str], int]:
    """Of the rows that are this actor's to review: how many by state, and how many of a kind nobody has confirmed."""
    found = ImportedItem.objects.filter(within(actor, REVIEW, of), batch=of).order_by()
    states: Counter[str] = Counter()
    unconfirmed = 0
    for state, confirmed, rows_ in found.values_list("state", "kind_confirmed").annotate(number=Count("pk")):
        states[state] += rows_
        unconfirmed += rows_ if not confirmed and state != ImportedItem.State.REFUSED else 0
    return states, unconfirmed


def choices(actor: Actor, of: ImportBatch) -> dict[str, list[Any]]:
    """What the rows that are this actor's to review can be told apart by; of others' rows not even the organ."""
    found = ImportedItem.objects.filter(within(actor, REVIEW, of), batch=of).order_by()
    return {
        "organs": sorted(found.values_list("organ_code", "organ_name").distinct()),
        "types": sorted(found.values_list("item_type", flat=True).distinct()),
        "kinds": sorted(found.values_list("handling_kind", flat=True).distinct()),
        "findings": sorted(
            Counter(chain.from_iterable(found.values_list("finding_codes", flat=True))).items()
        ),
    }


def planned_days(ids: Iterable[UUID]) -> dict[UUID, date]:
    """Of these rows, those that wait for the day of their publication, with the day."""
    waits = ReviewedRow.objects.filter(
        state=ReviewedRow.State.WAITING, deed__state=ReviewDeed.State.PLANNED, item__in=list(ids)
    )
    return {pk: on for pk, on in waits.values_list("item_id", "deed__publish_on") if on is not None}


def planned(actor: Actor, of: ImportBatch) -> list[ReviewDeed]:
    """Publications of a batch that wait for their day, the next first, with `rows_here`: how many are this actor's."""
    own = ImportedItem.objects.filter(within(actor, REVIEW, of)).values("pk")
    waiting = Q(rows__state=ReviewedRow.State.WAITING, rows__item__in=own)
    found = ReviewDeed.objects.filter(batch=of, state=ReviewDeed.State.PLANNED)
    counted = found.annotate(rows_here=Count("rows", filter=waiting)).filter(rows_here__gt=0)
    return list(counted.order_by("publish_on", "number"))


# Deeds -------------------------------------------------------------------------------------------------------


def running(of: ImportBatch) -> ReviewDeed | None:
    return ReviewDeed.objects.filter(batch=of, state=ReviewDeed.State.RUNNING).first()


def deeds(of: ImportBatch, most: int = 20) -> list[ReviewDeed]:
    """Newest first."""
    return list(ReviewDeed.objects.filter(batch=of).order_by("-number")[:most])


def deed(actor: Actor, deed_id: UUID) -> ReviewDeed:
    """Raises RowUnknown: also for somebody who reviews nothing of its batch."""
    found = ReviewDeed.objects.select_related("batch").defer("batch__content").filter(pk=deed_id).first()
    if found is None or not access.may(actor, REVIEW):
        raise RowUnknown()
    if not ImportedItem.objects.filter(within(actor, REVIEW, found.batch), batch=found.batch).exists():
        raise RowUnknown()
    return found


def refused_rows(actor: Actor, of: ReviewDeed, most: int = 200) -> list[ReviewedRow]:
    own = ImportedItem.objects.filter(within(actor, REVIEW, of.batch), batch=of.batch_id).values("pk")
    found = ReviewedRow.objects.filter(deed=of, state=ReviewedRow.State.REFUSED, item__in=own).order_by(
        "line"
    )
    return list(found.select_related("item").only("line", "said", "item__name", "item__line")[:most])


def last_deed(of: ImportBatch) -> ReviewDeed | None:
    """The one that can be undone, if any can."""
    return (
        ReviewDeed.objects.filter(batch=of).exclude(state=ReviewDeed.State.UNDONE).order_by("-number").first()
    )


def undoable(of: ReviewDeed | None) -> str:
    """Why a deed can't be undone; "" when it can."""
    if of is None:
        return "还没有办过什么"
    if of.state == ReviewDeed.State.PLANNED:
        return "它是一次还没有到日子的发布，请先把它收回"
    if of.state != ReviewDeed.State.DONE:
        return "它还没有办完"
    if of.kind == ReviewDeed.Kind.PUBLISH:
        return "已经发布，只能停办或者再发布一版"
    done = ReviewedRow.objects.filter(deed=of, state=ReviewedRow.State.DONE)
    if not done.exists():
        return "它没有改动任何一行"
    if done.exclude(item__version=F("version"), item__batch=of.batch_id).exists():
        return "其中有的行后来又变了，或者已经发布"
    return ""
