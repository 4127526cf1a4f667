"""What each deed of review does to the rows of a portion. Inside the command of `review_services`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mingqu.catalogue import gates as gate_rules
from mingqu.catalogue import rules
from mingqu.catalogue.directory.selectors import lists_in_force
from mingqu.catalogue.gates import Lists
from mingqu.catalogue.imports import review_rules, review_selectors
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.review_errors import NothingToPlan
from mingqu.catalogue.imports.review_models import ReviewDeed, ReviewedRow
from mingqu.catalogue.imports.review_selectors import REVIEW
from mingqu.catalogue.imports.stems import stems
from mingqu.catalogue.models import ServiceItem
from mingqu.kernel.commands import require_command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.regions import is_training
from mingqu.kernel.types import Actor, Instant
from mingqu.law import selectors as law

CHANGED = (
    "state", "reviewer_id", "reviewed_at", "remark", "version", "document", "bases", "item_type", "handling_kind",
    "kind_confirmed", "listed", "applicable", "lawful", "stopped_by",
)  # fmt: skip
OF_REVIEW = ("state", "reviewer_id", "reviewed_at", "remark")
OF_CONTENT = tuple(name for name in CHANGED if name != "version" and name not in OF_REVIEW)
AT_A_TIME = 200
Kind, State = ReviewDeed.Kind, ImportedItem.State


@dataclass
class Portion:
    """What the rows of a portion are judged with."""

    deed: ReviewDeed
    batch: ImportBatch
    at: Instant
    training: bool
    lists: Lists
    standings: dict[Any, Any] = field(default_factory=dict)
    named: dict[str, Any] = field(default_factory=dict)  # by stem of a name, what the law library says of it


def carry_out(
    deed: ReviewDeed, batch: ImportBatch, taken: Sequence[ReviewedRow], by: Actor, at: Instant
) -> None:
    """The deed on these rows: each is done, or refused with what stands against it."""
    require_command()
    ids = [row.item_id for row in taken]
    items = {
        one.pk: one for one in ImportedItem.objects.filter(pk__in=ids).order_by("line").select_for_update()
    }
    allowed = review_selectors.within(by, REVIEW, batch)
    own = set(ImportedItem.objects.filter(allowed, pk__in=ids).values_list("pk", flat=True))
    lists = lists_in_force(batch.region_code, legal_day(at))
    portion = Portion(deed, batch, at, is_training(batch.region_code), lists)
    if deed.kind == Kind.BASES:
        portion.standings = _standings(items.values(), at)
    if deed.kind == Kind.PROPOSE:
        asked = [stem for item in items.values() if not item.bases for stem in stems(item.name)]
        portion.named = dict(law.laying_down(asked, on=legal_day(at)))
    bases = _in_force([items[row.item_id].item_code for row in taken]) if deed.kind == Kind.ACCEPT else {}
    changed = []
    for row in taken:
        item = items[row.item_id]
        said = _refused(row, item, deed, item.pk in own) or DEEDS[deed.kind](row, item, portion)
        row.said, row.state = said, ReviewedRow.State.REFUSED if said else ReviewedRow.State.DONE
        if said:
            continue
        item.version += 1
        row.version, row.base_id = item.version, bases.get(item.item_code)
        changed.append(item)
    columns = CHANGED if deed.kind in (Kind.CONFIRM, Kind.PROPOSE, Kind.BASES) else (*OF_REVIEW, "version")
    ImportedItem.objects.bulk_update(changed, columns, batch_size=AT_A_TIME)
    ReviewedRow.objects.bulk_update(
        taken, ["said", "state", "version", "base", "before"], batch_size=AT_A_TIME
    )


def set_aside(deed: ReviewDeed, rows: Sequence[ReviewedRow]) -> None:
    """
    The rows of a publication that is being planned: what was not accepted, or waits for a day already, is refused now
    and not on the day. Raises NothingToPlan where none is left.
    """
    require_command()
    ids = [row.item_id for row in rows]
    states = dict(ImportedItem.objects.filter(pk__in=ids).values_list("pk", "state"))
    days = review_selectors.planned_days(ids)
    for row in rows:
        why = review_rules.not_planned(states[row.item_id], days.get(row.item_id))
        if why:
            row.state, row.said = ReviewedRow.State.REFUSED, [why]
    deed.state = ReviewDeed.State.PLANNED
    deed.refused = deed.done = sum(row.state == ReviewedRow.State.REFUSED for row in rows)
    if deed.refused == len(rows):
        raise NothingToPlan(why=rows[0].said[0])


def _refused(row: ReviewedRow, item: ImportedItem, deed: ReviewDeed, own: bool) -> list[str]:
    if not own:
        return ["您现在无权审核这一行"]
    if item.version != row.version:
        return ["这一行在您选中以后又变了，没有动它"]
    why = review_rules.refusal(deed.kind, item.state, item.get_state_display())
    return [why] if why else []


def _kept(item: ImportedItem, names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in names}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    } | (
        {"reviewer_id": str(item.reviewer_id) if item.reviewer_id else None} if "reviewer_id" in names else {}
    )


def _accept(row: ReviewedRow, item: ImportedItem, portion: Portion) -> list[str]:
    said = review_rules.not_acceptable(
        listed=item.listed, kind_confirmed=item.kind_confirmed, training=portion.training
    )
    if not said:
        _judged(row, item, State.ACCEPTED, "", portion)
    return said


def _return(row: ReviewedRow, item: ImportedItem, portion: Portion) -> list[str]:
    _judged(row, item, State.RETURNED, portion.deed.reason, portion)
    return []


def _judged(row: ReviewedRow, item: ImportedItem, state: str, remark: str, portion: Portion) -> None:
    row.before = _kept(item, OF_REVIEW)
    item.state, item.remark = state, remark
    item.reviewer_id, item.reviewed_at = portion.deed.actor_id, portion.at


def _confirm(row: ReviewedRow, item: ImportedItem, portion: Portion) -> list[str]:
    values = portion.deed.values
    wanted = values.get("item_type", "") or item.item_type
    if not wanted:
        return ["来源没有写明事项类型，不能照建议确认，请选一个类型"]
    row.before = _kept(item, OF_CONTENT)
    item.document = review_rules.with_kinds(
        item.document, wanted, values.get("handling_kind", ""), portion.deed.actor_name
    )
    item.item_type = item.document["item"]["type"]
    item.handling_kind = item.document["item"]["handling_kind"]
    item.kind_confirmed = True
    _gated(item, portion.lists)
    return []


def _accept_bases(row: ReviewedRow, item: ImportedItem, portion: Portion) -> list[str]:
    places = review_rules.open_bases(item.bases, portion.deed.values.get("places"))
    standing = portion.standings
    good = [place for place in places if standing[_place(item.bases[place])].state == review_rules.IN_FORCE]
    if not good:
        return [standing[_place(item.bases[place])].sentence for place in places] or [
            "没有可以采纳的依据：只有现行有效、还没有采纳的才能采纳"
        ]
    row.before = _kept(item, OF_CONTENT)
    item.document, item.bases = review_rules.with_bases(
        item.document, item.bases, good, portion.deed.actor_name
    )
    _gated(item, portion.lists)
    return []


def _propose(row: ReviewedRow, item: ImportedItem, portion: Portion) -> list[str]:
    """What the row does not quote is looked up by its name; a person still accepts it."""
    if item.bases or item.document.get("basis"):
        return ["这一行已经有依据，或者有建议的依据，不用查找"]
    if item.handling_kind != rules.ON_APPLICATION:
        return ["不是依申请办理的事项，不按名称查找依据"]
    found = next((stem for stem in stems(item.name) if stem in portion.named), "")
    if not found:
        return ["法规库里没有按名称找到依据，由编辑人员写明"]
    row.before = _kept(item, OF_CONTENT)
    (law_name, article, _suffix), standing = portion.named[found]
    item.bases = [review_rules.proposal_by_name(law_name, article, found, standing)]
    return []


DEEDS: dict[str, Callable[[ReviewedRow, ImportedItem, Portion], list[str]]] = {
    Kind.ACCEPT: _accept,
    Kind.RETURN: _return,
    Kind.CONFIRM: _confirm,
    Kind.PROPOSE: _propose,
    Kind.BASES: _accept_bases,
}


def _place(basis: Any) -> tuple[str, int, int]:
    return basis["law"], basis.get("article", 0), basis.get("suffix", 0)


def _standings(items: Iterable[ImportedItem], at: Instant) -> dict[Any, Any]:
    """How the proposed bases stand today: the library may have changed since they were proposed."""
    places = {_place(basis) for item in items for basis in item.bases}
    return dict(law.standings(places, on=legal_day(at))) if places else {}


def _in_force(codes: Sequence[str]) -> dict[str, Any]:
    found = ServiceItem.objects.filter(code__in=codes).exclude(current=None)
    return dict(found.values_list("code", "current_id"))


def _gated(item: ImportedItem, lists: Lists) -> None:
    """The columns that follow from the document."""
    if rules.shape_problems(item.document):
        item.listed = item.applicable = item.lawful = False
        item.stopped_by = ["shape"]
        return
    found = gate_rules.gates(rules.document_of(item.document), lists)
    item.listed, item.applicable, item.lawful = (
        found.open(gate) for gate in ("listed", "applicable", "lawful")
    )
    item.stopped_by = list(dict.fromkeys(one.code for one in found.shut))


def restored(done: Any) -> int:
    """The rows as they were before the deed; how many."""
    require_command()
    rows = list(done.order_by("line"))
    for start in range(0, len(rows), AT_A_TIME):
        part = rows[start : start + AT_A_TIME]
        ids = [row.item_id for row in part]
        items = {
            one.pk: one
            for one in ImportedItem.objects.filter(pk__in=ids).order_by("line").select_for_update()
        }
        for row in part:
            item = items[row.item_id]
            for name, value in row.before.items():
                setattr(item, name, value)
            item.version += 1
            row.state = ReviewedRow.State.UNDONE
        ImportedItem.objects.bulk_update(items.values(), CHANGED, batch_size=AT_A_TIME)
        ReviewedRow.objects.bulk_update(part, ["state"], batch_size=AT_A_TIME)
    return len(rows)
