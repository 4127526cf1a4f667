"""Questions to the lists. What is published is public; drafts are shown only to those who work on lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, When

from mingqu.catalogue.directory import columns, rules
from mingqu.catalogue.directory.errors import EditionUnknown, EntryUnknown, InheritedChanged
from mingqu.catalogue.directory.models import ListEdition, ListEntry
from mingqu.catalogue.directory.types import Basis, Departure, Difference, Entry, Kind
from mingqu.identity.services import access
from mingqu.kernel import training
from mingqu.kernel.identifiers import IdentifierRefused, RegionCode
from mingqu.kernel.types import Actor
from mingqu.law import selectors as law
from mingqu.law.types import Standing

PAGE = 50
LISTED = 300
PUBLISHED = ListEdition.State.PUBLISHED
OWN_LISTS = ("power", "service")


@dataclass(frozen=True)
class OfItem:
    """What of an item decides whether it is in a list."""

    code: str
    base_code: str
    organ: str  # by code
    type: str


# Which edition counts ----------------------------------------------------------------------------------------


def regions_up(code: str) -> list[str]:
    """The region and those above it, nearest first."""
    try:
        place = RegionCode.parse(code)
    except IdentifierRefused:
        return [code]
    found = [str(place)]
    while (above := place.parent) is not None:
        found.append(str(above))
        place = above
    return found


def responsible_regions(kind: str, code: str) -> list[str]:
    """
    Whose list counts in a region, nearest first. 权责清单 and 公共服务清单 are made by each government from the county
    up, and a county's holds what its towns do; the base directory and the negative list count in all regions below.
    """
    above = regions_up(code)
    if kind not in OWN_LISTS:
        return above
    county = [one for one in above if not one.endswith("000000")]
    return [*county, *above[len(county) : len(county) + 1]]


def in_force(kind: str, region_code: str, on: date) -> ListEdition | None:
    """The edition that counts in a region on a day: its own, else that of the nearest region above it."""
    places = responsible_regions(kind, region_code)
    rows = ListEdition.objects.filter(
        kind=kind, state=PUBLISHED, region_code__in=places, published_on__lte=on
    )
    best = sorted(rows, key=lambda one: (places.index(one.region_code), -one.number))
    return best[0] if best else None


def active(on: date) -> Q:
    """Entries that count on a day."""
    begun = Q(effective_on=None) | Q(effective_on__lte=on)
    not_over = Q(cancelled_on=None) | Q(cancelled_on__gt=on)
    return Q(state=ListEntry.State.ACTIVE) & begun & not_over


class InForce:
    """
    What stands in the lists of a region on a day (`catalogue.gates.Lists`). None: no such list is in force yet.

    An entry is an item's when it has the item's code, or its base code and the same organ. Each question costs a
    statement or two; `preload` reads everything at once, for whoever asks about many items.
    """

    def __init__(self, region_code: str, on: date) -> None:
        self.region_code, self.on = region_code, on
        self._editions: dict[str, ListEdition | None] = {}
        self._entries: dict[str, list[ListEntry]] = {}
        self._standings: dict[tuple[str, int, int], Standing] = {}

    def power_entry(self, item: Any) -> bool | None:
        """An active entry of the 权责清单 that rests on an article in force."""
        if self.edition("power") is None:
            return None
        return any(self.rests(entry) for entry in self.entries_of("power", item))

    def service_entry(self, item: Any) -> bool | None:
        """An active entry of the 公共服务清单 with a stated basis."""
        if self.edition("service") is None:
            return None
        return any(entry.basis_words.strip() for entry in self.entries_of("service", item))

    def edition(self, kind: str) -> ListEdition | None:
        if kind not in self._editions:
            self._editions[kind] = in_force(kind, self.region_code, self.on)
        return self._editions[kind]

    def entries_of(self, kind: str, item: Any) -> list[ListEntry]:
        """The active entries of a list that are this item's."""
        edition = self.edition(kind)
        if edition is None:
            return []
        rows = self._entries.get(kind)
        if rows is None:
            wanted = Q(code=item.code) | (Q(base_code=item.base_code) & ~Q(base_code=""))
            rows = list(ListEntry.objects.filter(active(self.on), wanted, edition=edition))
        return [one for one in rows if _is_of(one, item)]

    def rests(self, entry: ListEntry) -> bool:
        """Whether one article of its basis is in force."""
        wanted = [(one["law"], one["article"], one.get("suffix", 0)) for one in entry.basis]
        unknown = [place for place in wanted if place not in self._standings]
        if unknown:
            self._standings |= law.standings(unknown, on=self.on)
        return any(self._standings[place].state == "in_force" for place in wanted)

    def preload(self, items: Sequence[Any]) -> None:
        """Read what these items need in a few statements."""
        codes = {one.code for one in items} | {one.base_code for one in items} - {""}
        for kind in OWN_LISTS:
            edition = self.edition(kind)
            if edition is None:
                continue
            rows = ListEntry.objects.filter(active(self.on), edition=edition)
            self._entries[kind] = list(rows.filter(Q(code__in=codes) | Q(base_code__in=codes)))
        places = {
            (one["law"], one["article"], one.get("suffix", 0))
            for entry in self._entries.get("power", [])
            for one in entry.basis
        }
        self._standings |= law.standings(places - set(self._standings), on=self.on)

    def why_not(self, item: Any, *, power: bool) -> str:
        """Why an item is not lawful, as an official understands it."""
        kind = "power" if power else "service"
        edition = self.edition(kind)
        if edition is None:
            return ""
        found = self.entries_of(kind, item)
        if not found:
            return f"{edition.name}里没有这个事项的有效条目。"
        if not power:
            return f"{edition.name}里这个事项没有写明依据。"
        said = [
            self._standings[one["law"], one["article"], one.get("suffix", 0)].sentence
            for entry in found
            for one in entry.basis
            if (one["law"], one["article"], one.get("suffix", 0)) in self._standings
        ]
        if not said:
            return f"{edition.name}里这个事项的依据没有写到法律条文。"
        return f"{edition.name}里这个事项的依据都不是现行条文：{' '.join(dict.fromkeys(said))}"


def _is_of(entry: ListEntry, item: Any) -> bool:
    if entry.code == item.code:
        return True
    if not item.base_code or entry.base_code != item.base_code:
        return False
    return entry.organ_code == item.organ or not (entry.organ_code or entry.organ_name)


def lists_in_force(region_code: str, on: date) -> InForce:
    """What 权责清单 and 公共服务清单 of a region say on a day."""
    return InForce(region_code, on)


# What is inherited --------------------------------------------------------------------------------------------


def base_entries(region_code: str, base_codes: Iterable[str], on: date) -> Mapping[str, ListEntry]:
    """The active entries of the base directory that counts there, by base code."""
    edition = in_force("base", region_code, on)
    if edition is None:
        return {}
    rows = ListEntry.objects.filter(active(on), edition=edition, code__in=set(base_codes) - {""})
    return {row.code: row for row in rows}


def departures(document: Mapping[str, Any], on: date) -> tuple[str, list[Departure]]:
    """The base code of what may be an incomplete definition, and where it changes what it inherits."""
    item = document.get("item")
    values = item if isinstance(item, Mapping) else {}
    said = {
        name: str(values.get(name) or "") for name in ("base_code", "region_code", "name", "type", "level")
    }
    entry = base_entries(said["region_code"], [said["base_code"]], on).get(said["base_code"])
    if entry is None:
        return said["base_code"], []
    local = rules.Inheriting(said["name"], said["type"], said["level"], rules.item_basis(document))
    return entry.code, rules.departures(local, entry_of(entry))


def require_inherited(document: Mapping[str, Any], on: date) -> None:
    """同一事项同标准 (国务院令第722号 20, CAT-07). Raises InheritedChanged for the first field that differs."""
    base_code, found = departures(document, on)
    if found:
        first = found[0]
        raise InheritedChanged(
            field="text",
            words=first.words,
            base_code=base_code,
            local=first.local,
            inherited=first.inherited,
        )


# Editions and entries ------------------------------------------------------------------------------------------


def entry_of(row: ListEntry) -> Entry:
    return Entry(
        code=row.code,
        name=row.name,
        base_code=row.base_code,
        item_type=row.item_type,
        organ_code=row.organ_code,
        organ_name=row.organ_name,
        levels=tuple(row.levels),
        basis_words=row.basis_words,
        basis=tuple(Basis(one["law"], one["article"], one.get("suffix", 0)) for one in row.basis),
        duties=row.duties,
        accountability=row.accountability,
        measure=row.measure,
        effective_on=row.effective_on,
        cancelled_on=row.cancelled_on,
        state=row.state,
    )


def entries_of(edition: ListEdition) -> list[Entry]:
    return [entry_of(row) for row in ListEntry.objects.filter(edition=edition).order_by("code")]


def published(kind: str, region_code: str = "") -> QuerySet[ListEdition]:
    """Published editions of a kind, newest first."""
    rows = ListEdition.objects.filter(kind=kind, state=PUBLISHED)
    if region_code:
        rows = rows.filter(region_code=region_code)
    return rows.order_by("region_code", "-number")


def latest() -> list[ListEdition]:
    """The newest published edition of each list of each region."""
    rows = ListEdition.objects.filter(state=PUBLISHED).order_by("kind", "region_code", "-number")
    return list(rows.distinct("kind", "region_code"))


def published_edition(kind: str, region_code: str, number: int) -> ListEdition:
    """Raises EditionUnknown, also for one that is not published."""
    found = ListEdition.objects.filter(
        kind=kind, region_code=region_code, number=number, state=PUBLISHED
    ).first()
    if found is None:
        raise EditionUnknown()
    return found


def newest(kind: str, region_code: str) -> ListEdition | None:
    return (
        ListEdition.objects.filter(kind=kind, region_code=region_code, state=PUBLISHED)
        .order_by("-number")
        .first()
    )


def entry(edition: ListEdition, code: str) -> ListEntry:
    """Raises EntryUnknown."""
    found = ListEntry.objects.filter(edition=edition, code=code).first()
    if found is None:
        raise EntryUnknown()
    return found


def entries(
    edition: ListEdition, *, words: str = "", organ: str = "", item_type: str = "", after: str = ""
) -> tuple[list[ListEntry], str]:
    """A page of entries by code, and the code to go on from ("" at the end)."""
    rows = ListEntry.objects.filter(edition=edition).order_by("code")
    for word in words.split()[:8]:
        rows = rows.filter(words__icontains=word)
    if organ:
        rows = rows.filter(organ_name=organ)
    if item_type:
        rows = rows.filter(item_type=item_type)
    if after:
        rows = rows.filter(code__gt=after)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else ""


def found(words: str, *, on: date, most: int = 5) -> list[ListEntry]:
    """
    Entries that count on a day, of the newest editions, in which all the words stand; those called so first, each with
    its edition. What is of a training region is not among them. Two statements.
    """
    asked = words.split()[:8]
    editions = {one.pk: one for one in latest() if not training.is_training(one.region_code)}
    rows = ListEntry.objects.filter(active(on), edition__in=editions)
    called = Q()
    for word in asked:
        rows, called = rows.filter(words__icontains=word), called & Q(name__icontains=word)
    if not asked or not editions:
        return []
    first = Case(When(called, then=0), default=1, output_field=IntegerField())
    entries = list(rows.order_by(first, "name", "code", "edition")[:most])
    for row in entries:
        row.edition = editions[row.edition_id]
    return entries


def choices(edition: ListEdition) -> tuple[list[str], list[str]]:
    """Organs and types that entries of an edition have, for filters."""
    rows = ListEntry.objects.filter(edition=edition).order_by()
    organs = rows.exclude(organ_name="").values_list("organ_name", flat=True).distinct()
    kinds = rows.exclude(item_type="").values_list("item_type", flat=True).distinct()
    return sorted(organs), sorted(kinds)


def table(kind: Kind, of: ListEdition) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of an edition, as they can be read again."""
    return [one.header for one in columns.OF_KIND[kind]], [
        columns.cells_of(kind, one) for one in entries_of(of)
    ]


def differences(before: ListEdition | None, after: ListEdition) -> list[Difference]:
    return rules.differences(entries_of(before) if before else [], entries_of(after))


def standings(row: ListEntry, on: date) -> list[tuple[Basis, Standing]]:
    """How each article of an entry's basis stands on a day."""
    basis = entry_of(row).basis
    found = law.standings([(one.law, one.article, one.suffix) for one in basis], on=on)
    return [(one, found[one.law, one.article, one.suffix]) for one in basis]


# For those who work on lists -----------------------------------------------------------------------------------


def editions(actor: Actor, *, kind: str = "", state: str = "") -> list[ListEdition]:
    """Editions this actor works on, drafts included, newest first."""
    rows = ListEdition.objects.order_by("-updated_at", "id").defer("remarks", "report")
    if kind:
        rows = rows.filter(kind=kind)
    if state == "open":
        rows = rows.filter(state__in=ListEdition.OPEN)
    elif state:
        rows = rows.filter(state=state)
    within = access.scope(
        actor, "list.see"
    )  # a list has no department: who may only see one department's sees none
    return [row for row in rows[:LISTED] if within.covers(row)]


def edition(actor: Actor, edition_id: UUID) -> ListEdition:
    """Raises EditionUnknown, also for one that is not this actor's to see."""
    found = ListEdition.objects.select_related("before").filter(pk=edition_id).first()
    if found is None or not access.allows(actor, "list.see", found):
        raise EditionUnknown()
    return found
