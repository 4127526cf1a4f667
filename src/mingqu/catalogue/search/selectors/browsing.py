"""
Lists of what is published, without a question: narrowed, by name; and how many there are of each theme, department,
life event, region and first letters, from counts that publication keeps. A count tells what the list shows: what is of
a training region is counted apart, as lists hide it.
"""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from mingqu.catalogue.search.candidates import quoted
from mingqu.catalogue.search.lexemes import ALL, APART, COUNTED_APART, FILTER, LETTERS, REGIONS, narrowing
from mingqu.catalogue.search.models import SearchEntry, SearchTerm
from mingqu.catalogue.search.selectors.finding import (
    PAGE,
    audience_codes,
    hidden,
    without_training,
)
from mingqu.catalogue.search.types import Bucket, Hit, Kind, Listed, Narrow

BUCKET = 120  # names on one page of first letters, where several letters share it
UNDER_THE_SAME = 400  # names of the same letters on one page: a second page would be a fourth click (PRT-01)


def listed(to: Narrow, *, after: str = "", before: str = "", most: int = PAGE) -> Listed:
    """A page of items by name; an unknown cursor shows the first page."""
    found = _narrowed(to)
    cursor = _cursor(after or before)
    if cursor is None:
        return _page(list(found[: most + 1]), most, newer=False)
    name, code = cursor
    if after:
        rest = found.filter(Q(name__gt=name) | Q(name=name, code__gt=code))
        return _page(list(rest[: most + 1]), most, newer=True)
    rows = list(found.filter(Q(name__lt=name) | Q(name=name, code__lt=code)).reverse()[: most + 1])
    hits = [_hit(row) for row in rows[:most][::-1]]
    return Listed(tuple(hits), hits[0].code if len(rows) > most else "", hits[-1].code if hits else "")


def counted(*letters: str, to: Narrow | None = None) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """
    How many items have each theme, department, event (`THEMES` …), by (letter, group), as a list narrowed to `to` would
    show them at most; one statement.
    """
    within = Q(pk=None)
    for letter in _kept_under(letters, to or Narrow()):
        within |= Q(term__startswith=f"{FILTER}{letter}:")
    return _summed(within)


def counts(letter: str, group: str) -> list[tuple[str, int]]:
    """How many items of this group have each theme, department or event (`lexemes.THEMES` …)."""
    within = Q(pk=None)
    for one in _kept_under([letter], Narrow()):
        within |= Q(term__startswith=f"{FILTER}{one}:{group}:")
    return _summed(within).get((letter, group), [])


def _kept_under(letters: Iterable[str], to: Narrow) -> list[str]:
    """The rollups that count: with those of training regions where nothing, or not what is asked for, is hidden."""
    plain, all_hidden = list(letters), hidden(Narrow())
    if all_hidden and hidden(to) == all_hidden:
        return plain
    return [*plain, *(APART + one for one in plain if one in COUNTED_APART)]


def _summed(within: Q) -> dict[tuple[str, str], list[tuple[str, int]]]:
    found: dict[tuple[str, str], Counter[str]] = {}
    rows = SearchTerm.objects.filter(within, entries__gt=0)
    for term, entries in rows.values_list("term", "entries"):
        letter, group, value = term[len(FILTER) :].removeprefix(APART).split(":", 2)
        found.setdefault((letter, group), Counter())[value] += entries
    return {place: sorted(values.items()) for place, values in found.items()}


def number(group: str) -> int:
    """How many items of this group there are."""
    return next((entries for _, entries in counts(ALL, group)), 0)


def region_counts() -> list[tuple[str, int]]:
    """Stems of division codes that items have, with how many a list of the region shows; one statement."""
    plain, apart = f"{FILTER}{REGIONS}:all:", f"{FILTER}{APART}{REGIONS}:all:"
    within = Q(term__startswith=plain) | Q(term__startswith=apart)
    found: Counter[str] = Counter()
    for term, entries in SearchTerm.objects.filter(within, entries__gt=0).values_list("term", "entries"):
        stem = term.rpartition(":")[2]
        if term.startswith(plain) or not _hides(stem):
            found[stem] += entries
    return sorted(found.items())


def _hides(stem: str) -> bool:
    """Whether a list of this region hides what is of a training region below it; a training region's own shows it."""
    prefixes = hidden(Narrow(region=stem))
    return any(prefix.startswith(stem) for prefix in prefixes)


def buckets(group: str = "all") -> list[Bucket]:
    """All items by first letters, in pages of about the same size."""
    found: list[Bucket] = []
    for letters, entries in counts(LETTERS, group):
        last = found[-1] if found else None
        if last and last.number + entries <= BUCKET and last.first[:1] == letters[:1]:
            found[-1] = Bucket(last.first, letters, last.number + entries)
        else:
            found.append(Bucket(letters, letters, entries))
    return found


def of_letters(first: str, last: str, group: str = "all", *, after: str = "") -> tuple[list[Hit], str]:
    """
    Items whose names begin with letters between these, by name, and the code to go on after ("" at the end); no more
    than the bucket that `first` lies in, and UNDER_THE_SAME at a time: many names may begin with the same letters.
    """
    end = next((min(last, one.last) for one in buckets(group) if first <= one.last), "")
    within = [letters for letters, _ in counts(LETTERS, group) if first <= letters <= end]
    if not within:
        return [], ""
    kept = _kept_under([LETTERS], Narrow())
    query = " | ".join(quoted(f"{FILTER}{one}:{group}:{letters}") for letters in within for one in kept)
    rows = SearchEntry.objects.extra(where=["lexemes @@ %s::tsquery"], params=[query]).defer(
        "lexemes", "body", "sounds"
    )
    rows = without_training(rows, Narrow())
    if after and (cursor := SearchEntry.objects.filter(kind="item", code=after).first()):
        initials, code = cursor.initials, cursor.code
        rows = rows.filter(Q(initials__gt=initials) | Q(initials=initials, code__gt=code))
    found = [_hit(row) for row in rows.order_by("initials", "code")[: UNDER_THE_SAME + 1]]
    more = len(found) > UNDER_THE_SAME
    return found[:UNDER_THE_SAME], found[UNDER_THE_SAME - 1].code if more else ""


def _narrowed(to: Narrow) -> QuerySet[SearchEntry]:
    return without_training(_fitting(to), to)


def _fitting(to: Narrow) -> QuerySet[SearchEntry]:
    groups = [[f"{FILTER}k:item"], *narrowing(to, audience_codes(to.audience))]
    query = " & ".join("(" + " | ".join(quoted(one) for one in group) + ")" for group in groups)
    found = SearchEntry.objects.extra(where=["lexemes @@ %s::tsquery"], params=[query])
    return found.defer("lexemes", "body", "sounds", "initials", "aliases").order_by("name", "code")


def _cursor(code: str) -> tuple[str, str] | None:
    return (
        SearchEntry.objects.filter(kind="item", code=code).values_list("name", "code").first()
        if code
        else None
    )


def _page(rows: list[SearchEntry], most: int, *, newer: bool) -> Listed:
    hits = [_hit(row) for row in rows[:most]]
    return Listed(
        tuple(hits), hits[0].code if hits and newer else "", hits[-1].code if len(rows) > most else ""
    )


def _hit(row: SearchEntry) -> Hit:
    kind: Kind = "bundle" if row.kind == "bundle" else "item"
    return Hit(
        kind,
        row.code,
        row.name,
        row.summary,
        row.department_name,
        tuple(row.audience),
        row.handling_kind,
        row.applicable,
    )
