"""Questions to the catalogue. Everything published is public, so none of them checks access."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When

from mingqu.catalogue import discretion, fees, places, routes, rules
from mingqu.catalogue.depth import APPOINTMENT, INFORMATION, booked
from mingqu.catalogue.directory.errors import NotLawful
from mingqu.catalogue.directory.selectors import lists_in_force
from mingqu.catalogue.drawing import Picture, Place, drawn
from mingqu.catalogue.errors import AnswerUnknown, HandlingUnknown, ItemUnknown, ItemWithdrawn, NotApplicable
from mingqu.catalogue.gates import Gates, Kept, gates, is_power
from mingqu.catalogue.models import DefinitionFile, HandlingPlan, Revision, ServiceItem
from mingqu.catalogue.paper_forms import form_of, offers, paragraphs
from mingqu.catalogue.promises import clock_specs
from mingqu.catalogue.raci import part_of
from mingqu.catalogue.rules import DECIDE, ONE
from mingqu.catalogue.studio.drafted import Drafted, drafted
from mingqu.catalogue.types import (
    Applied,
    Charged,
    Definition,
    Document,
    Eligibility,
    FeeTable,
    Files,
    Handling,
    Limits,
    SituationResult,
    StoredFile,
    complete,
    view,
)
from mingqu.decisions import services as decisions
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import FileView
from mingqu.kernel import regions, training
from mingqu.kernel.json import plain
from mingqu.kernel.rows import Columns, kept_plans, read_often

__all__ = [
    "DECIDE",
    "ONE",
    "Drafted",
    "Limits",
    "Picture",
    "Place",
    "acting_on",
    "applicable",
    "booked",
    "certificate_values",
    "clock_specs",
    "current_definition",
    "current_document",
    "definition",
    "depths",
    "discretion_of",
    "document",
    "doubts",
    "drafted",
    "drawn",
    "evaluate",
    "files_of",
    "form_file",
    "form_of",
    "gates",
    "gates_of",
    "item",
    "items_near",
    "items_of_entry",
    "items_with_discretion",
    "lawful_item",
    "limits_of",
    "listed_codes",
    "names",
    "offers",
    "paragraphs",
    "part_of",
    "plan_digest",
    "published_at",
    "published_items",
    "require_lawful",
    "routed",
    "situation",
    "situation_of_answers",
    "themes",
    "unlawful",
    "unlawful_items",
    "unlisted",
]

LIMITS = ("statutory", "promised")


def published_items(
    *, words: str = "", theme: str = "", life_event: str = "", audience: str = "", organ: str = ""
) -> QuerySet[ServiceItem]:
    """Items that can be applied for, by name; every word of `words` must stand in name, aliases or materials."""
    items = ServiceItem.objects.exclude(current=None).filter(withdrawn_at=None)
    items = items.select_related("department").order_by("name", "code")
    for word in words.split():
        items = items.filter(Q(words__icontains=word))
    if theme:
        items = items.filter(theme=theme)
    if life_event:
        items = items.filter(life_events__contains=[life_event])
    if audience:
        items = items.filter(audience__contains=[audience])
    if organ:
        items = items.filter(department__code=organ)
    return items


LATER_KINDS = ("change", "renew", "replace", "cancel")
PIECES = 20  # two-character pieces of a question that are looked at


def items_near(words: str, most: int = 6) -> list[ServiceItem]:
    """
    What people may mean when no item has their very words: 开个小饭店 has the piece 饭店.

    Items with the most two-character pieces in name, aliases or materials first.
    """
    pieces = list(dict.fromkeys(w[i : i + 2] for w in words.split() for i in range(len(w) - 1)))[:PIECES]
    if not pieces:
        return []
    any_piece = Q()
    for piece in pieces:
        any_piece |= Q(words__icontains=piece)
    found = list(published_items().filter(any_piece)[:100])
    return sorted(found, key=lambda one: -sum(piece.lower() in one.words.lower() for piece in pieces))[:most]


def item(code: str) -> ServiceItem:
    """The published item. Raises ItemUnknown, ItemWithdrawn (停办, with its reason)."""
    found = _published().filter(code=code).first()
    if found is None:
        raise ItemUnknown()
    if found.withdrawn_at:
        raise ItemWithdrawn(reason=found.withdrawn_reason)
    return found


def items(codes: Iterable[str]) -> dict[str, ServiceItem]:
    """Those of them that are published and not withdrawn, by code."""
    return {row.code: row for row in _published().filter(code__in=set(codes), withdrawn_at=None)}


def _published() -> QuerySet[ServiceItem]:
    return ServiceItem.objects.select_related("department", "current").exclude(current=None)


def depths(bookable: Collection[str] | None = ()) -> list[tuple[UUID, str, int]]:
    """
    How many services of an organ go how deep online: (department, depth, number) of what is applied for (依申请) and
    offered now, training regions left out. `bookable`: codes of items for which a window takes appointments, None: all.
    One statement.
    """
    rows = ServiceItem.objects.exclude(current=None).filter(withdrawn_at=None, handling_kind="on_application")
    takes = Q(depth=INFORMATION) if bookable is None else Q(depth=INFORMATION, code__in=list(bookable))
    level = Case(When(takes, then=Value(APPOINTMENT)), default="depth")
    found = (
        rows.order_by()
        .annotate(level=level)
        .values_list("department_id", "level", "region_code")
        .annotate(n=Count("pk"))
    )
    return [(organ, depth, n) for organ, depth, region, n in found if not training.is_training(region)]


def names(codes: Iterable[str]) -> dict[str, str]:
    """What items are called, those that are not offered any more included."""
    return dict(ServiceItem.objects.filter(code__in=list(codes)).values_list("code", "name"))


def listed_codes(codes: Iterable[str]) -> set[str]:
    """Those of these codes whose item is published and not withdrawn."""
    rows = ServiceItem.objects.exclude(current=None).filter(withdrawn_at=None, code__in=set(codes))
    return set(rows.values_list("code", flat=True))


@lru_cache(maxsize=1024)
def document(revision_id: UUID) -> Document:
    """The whole document of a revision; revisions never change, so it is read once per process."""
    return rules.document_of(Revision.objects.only("document").get(pk=revision_id).document)


@lru_cache(maxsize=1024)
def published_at(revision_id: UUID) -> datetime:
    """When a revision was published."""
    return Revision.objects.values_list("published_at", flat=True).get(pk=revision_id)


def definition(revision_id: UUID, handling: str) -> Definition:
    """One 业务办理项 of a revision. A page that asks for one of a training region says so. Raises HandlingUnknown."""
    found = _definition(revision_id, handling)
    training.notice(found.item.region_code)
    return found


def notice_items(codes: Iterable[str]) -> None:
    """A page that lists items says so if one lies in a training region; costs nothing where there is none."""
    if training.known.prefixes:
        for region in ServiceItem.objects.filter(code__in=list(codes)).values_list("region_code", flat=True):
            training.notice(region)


@lru_cache(maxsize=1024)
def _definition(revision_id: UUID, handling: str) -> Definition:
    try:
        return view(document(revision_id), handling)
    except KeyError as unknown:
        raise HandlingUnknown() from unknown


@lru_cache(maxsize=1024)
def doubts(revision_id: UUID, handling: str) -> tuple[tuple[str, str], ...]:
    """
    What of a 业务办理项 rests on a template's default that nobody has confirmed: (the place in Chinese, its source).

    Worked out once per process: a revision never changes.
    """
    of = definition(revision_id, handling)
    whole = plain(document(revision_id))
    return tuple(
        (places.words(whole, source.path), source.source)
        for source in of.sources
        if source.default and not source.confirmed_by
    )


@lru_cache(maxsize=1024)
def plan_digest(revision_id: UUID, handling: str) -> str:
    """The stored plan that cases of this 业务办理项 of a revision run on."""
    plans = HandlingPlan.objects.filter(revision_id=revision_id, code=handling)
    return plans.values_list("plan_digest", flat=True).get()


def current_document(code: str) -> tuple[ServiceItem, Document]:
    """The item and the document in force for new applications. Raises ItemUnknown."""
    found = item(code)
    assert found.current_id is not None
    return found, document(found.current_id)


def current_definition(code: str, handling: str = "") -> tuple[ServiceItem, Definition]:
    """
    The item and one 业务办理项 of what is in force for new applications; by default the first that can be applied for.

    Raises ItemUnknown, HandlingUnknown, NotApplicable (查询/指引, 依职权, or the guide is not complete yet).
    """
    found = item(code)
    return found, definition_now(found, handling)


def definition_now(found: ServiceItem, handling: str = "") -> Definition:
    """As `current_definition`, of an item that was read. Raises HandlingUnknown, NotApplicable."""
    assert found.current_id is not None
    chosen = handling or next((h.code for h in applicable(document(found.current_id))), "")
    if not chosen:
        raise NotApplicable()
    return definition(found.current_id, chosen)


def require_lawful(*codes: str) -> None:
    """
    That new applications for these items may be made: outside training regions each must rest on law. Raises NotLawful
    for the first that does not; cases that run are not asked.
    """
    rows = ServiceItem.objects.filter(code__in=codes).values_list("code", "name", "region_code", "lawful")
    for _code, name, region_code, lawful in sorted(rows):
        if not lawful and not regions.is_training(region_code, now=True):
            raise NotLawful(item=name)


_ITEM = Columns(ServiceItem, "i")
_ORGAN: Columns[Any] = Columns(ServiceItem._meta.get_field("department").related_model, "d")
_ITEM_OF_CODE = (  # asked for each filing
    f"SELECT {_ITEM}, {_ORGAN} FROM catalogue_serviceitem i JOIN identity_department d ON d.id = i.department_id"  # noqa: S608
    " WHERE i.code = %s"
)


def lawful_item(code: str) -> ServiceItem:
    """The published item with its department, if new applications for it may be made. Raises NotLawful."""
    with kept_plans() as cursor:
        cursor.execute(_ITEM_OF_CODE, [code])
        found = cursor.fetchone()
    if found is None:
        raise ServiceItem.DoesNotExist(code)
    row = _ITEM.instance(found[: len(_ITEM)])
    row.department = _ORGAN.instance(found[len(_ITEM) :])
    if not row.lawful and not regions.is_training(row.region_code, now=True):
        raise NotLawful(item=row.name)
    return row


def gates_of(row: ServiceItem) -> Gates:
    """The gates of a published item as its row has them; costs no statement when the definition is in memory."""
    assert row.current_id is not None
    return gates(document(row.current_id), Kept(row.lawful))


def unlawful_items(within: Q) -> QuerySet[ServiceItem]:
    """Published items that rest on no law now; `within`: what the actor may see."""
    rows = ServiceItem.objects.filter(within, lawful=False).exclude(current=None)
    return rows.select_related("department").order_by("code")


def items_of_entry(region_code: str, code: str, base_code: str, organ: str) -> list[ServiceItem]:
    """The published items that an entry of a list of this region covers."""
    rows = published_items().filter(regions.subtree("region_code", region_code))
    of_base = Q(base_code=base_code) & ~Q(base_code="")
    if organ:
        of_base &= Q(department__code=organ)
    return list(rows.filter(Q(code=code) | of_base)[:20])


def items_with_discretion() -> bool:
    """Whether an item that is offered has a 裁量基准."""
    offered = ServiceItem.objects.exclude(current=None).filter(withdrawn_at=None)
    first = Q(current__document__handling__contains=[{"discretion": {}}])
    more = Q(current__document__handling__contains=[{"more_discretion": [{}]}])
    return offered.filter(first | more).exists()


_UNLISTED = (
    "SELECT 1 FROM catalogue_serviceitem WHERE code = %s AND NOT lawful"  # after each filing; mostly none
)


def unlisted(code: str) -> ServiceItem | None:
    """The item, if it rests on no list; None for one that may be applied for."""
    if not read_often(_UNLISTED, [code]):
        return None
    return ServiceItem.objects.filter(code=code, lawful=False).first()


def unlawful(row: ServiceItem, on: date) -> list[str]:
    """Why an item does not rest on law, in words; empty: it does. Costs statements only where it does not."""
    if row.lawful or row.current_id is None:
        return []
    whole = document(row.current_id)
    lists = lists_in_force(row.region_code, on)
    shut = gates(whole, lists).of("lawful")
    why = lists.why_not(whole.item, power=is_power(whole.item.type))
    return [why] if shut and why and whole.basis else [one.sentence for one in shut]


def applicable(whole: Document) -> list[Handling]:
    """Its 业务办理项 that can be applied for."""
    return [handling for handling in whole.handling if complete(handling)]


def acting_on(certificate_type: str) -> list[tuple[str, Handling, str]]:
    """Item code, 业务办理项 and its kind, of all that can be applied for about certificates of a type."""
    found = []
    for row in published_items().filter(current__handling__kind__in=LATER_KINDS).distinct():
        for handling in document(row.current_id).handling:
            of_type = handling.result is not None and handling.result.certificate_type == certificate_type
            if handling.kind in LATER_KINDS and complete(handling) and of_type:
                found.append((row.code, handling, handling.kind))
    return found


def situation(of: Definition, given: Mapping[str, Sequence[str]]) -> SituationResult:
    """What raw answers (question → chosen values) come to. Raises AnswerUnknown naming the question."""
    answers, _, unknown = rules.cleaned_answers(of.situations, {k: list(v) for k, v in given.items()})
    if unknown:
        raise AnswerUnknown(field=unknown.ask, question=unknown.text)
    return rules.situation_result(of, answers, evaluate)


def situation_of_answers(of: Definition, answers: Mapping[str, Any]) -> SituationResult:
    """The same for answers as a case keeps them."""
    return rules.situation_result(of, answers, evaluate)


def certificate_values(of: Definition, names: Mapping[str, Any]) -> dict[str, str]:
    """The lines of the certificate a grant brings, from {form, situation, applicant}."""
    return rules.certificate_values(of, names, evaluate)


def fees_of(of: Definition, situation: Mapping[str, Any], form: Mapping[str, Any]) -> list[Charged]:
    """What a case with these answers is charged through the platform. Raises ValueError for a table without sense."""
    names = {"situation": dict(situation), "form": dict(form)}
    found = [fees.charged(fee, evaluate(fee.table, names)) for fee in of.fees if fee.table]
    return [one for one in found if one is not None]


def routed(of: Definition, node: str, situation: Mapping[str, Any], form: Mapping[str, Any]) -> str:
    """What 自动判定 gives at a business-rule task of its flow: the value of a result, "" where there is none."""
    return routes.decided_at(of.routes, node, {"situation": dict(situation), "form": dict(form)}, evaluate)


def discretion_of(of: Definition, names: Mapping[str, Any]) -> list[Applied]:
    """Which row of each 裁量基准 applies to {situation, form, outcome} of a case; empty without such a table."""
    return discretion.applied(of.discretions, names, evaluate) if of.discretions else []


def evaluate(expression: str | Eligibility | FeeTable, names: Mapping[str, Any]) -> Any:
    """FEEL, or a decision of a stored DMN file; null where FEEL says so."""
    if not isinstance(expression, str):
        return decisions.evaluate_decision(_model(expression.file), expression.decision, names)
    return decisions.evaluate(expression, names)


@lru_cache(maxsize=256)
def _model(digest: str) -> Any:
    """A stored file never changes, so it is read once per process."""
    return decisions.parse_model(files_of([digest])[digest].content)


def documents_in_force() -> Iterator[tuple[str, dict[str, Any]]]:
    """Code and document of every published item, as it was written, by code; none that is for training alone."""
    rows = ServiceItem.objects.exclude(current=None).filter(withdrawn_at=None).order_by("code")
    for code, region, document in rows.values_list("code", "region_code", "current__document").iterator(
        chunk_size=50
    ):
        if not training.is_training(region):
            yield code, document


def files_of(digests: Iterable[str]) -> Files:
    """The stored files with these digests; unknown ones are left out."""
    rows = DefinitionFile.objects.filter(digest__in=list(digests))
    return {row.digest: StoredFile(row.kind, bytes(row.content)) for row in rows}


def form_file(item_id: UUID, digest: str) -> FileView | None:
    """A file of a material's form that was put in for this item, by the digest of its bytes."""
    return next(iter(documents.files_of(item_id, digest)), None)


def limits_of(codes: Iterable[str]) -> dict[str, Limits]:
    """
    The limits in law and promised of these items, by code: of the first 业务办理项 of the published revision that has
    any. One statement, which reads no more of the documents than their 业务办理项.
    """
    current = ServiceItem.objects.filter(code__in=list(codes)).exclude(current=None)
    found = {}
    for code, handling in current.values_list("code", "current__document__handling"):
        rules_of = next((one["clocks"] for one in handling or () if one.get("clocks")), None)
        if rules_of:
            found[code] = Limits(*((rules_of[kind]["limit"], rules_of[kind]["unit"]) for kind in LIMITS))
    return found


def themes() -> list[tuple[str, int]]:
    """Themes that have something to apply for, with how many items each."""
    counted: dict[str, int] = {}
    for theme in published_items().order_by("theme").values_list("theme", flat=True):
        counted[theme] = counted.get(theme, 0) + 1
    return sorted(counted.items())
