"""
Regions and their history: questions, and the loading of the list.

Questions take 6-, 9- or 12-digit codes and answer with 12-digit ones. Whether a six-digit code was ever
given is answered without a database by `is_known_ever`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q

from mingqu.kernel.identifiers import RegionCode, is_known_ever
from mingqu.kernel.identifiers.divisions import LIST_VERSION, changes, parent_of, spells, towns
from mingqu.kernel.models_regions import Region, RegionChange
from mingqu.kernel.rows import read_often
from mingqu.kernel.training import is_training, marked_prefixes

__all__ = [
    "DEMO_COUNTY",
    "called",
    "children",
    "current",
    "full_name",
    "is_known_ever",
    "is_training",
    "load_demo_district",
    "load_national_list",
    "name_on",
    "subtree",
    "successors",
]

DEMO_COUNTY: Final = "990104000000"
DEMO_VERSION: Final = "demo"
REASSIGNED: Final = "码位改派"
# The fictional district of the demo and its neighbour; 99 was never given to a real region (a test proves it).
_DEMO_REGIONS: Final = (
    ("990000000000", "澜州（示例省级）"),
    ("990100000000", "澜州市"),
    ("990104000000", "清禾区"),
    ("990104001000", "青澜街道"),
    ("990104001001", "青澜社区"),
    ("990104001002", "望渠社区"),
    ("990104002000", "云澜街道"),
    ("990104002001", "云澜社区"),
    ("990104100000", "禾塘镇"),
    ("990104100001", "禾塘社区"),
    ("990104100200", "上禾塘村"),
    ("990104100201", "下禾塘村"),
    # Next to it: what one district receives for the other (通办) takes two.
    ("990105000000", "临泊区"),
    ("990105001000", "泊岸街道"),
)


def name_on(code: str, day: date) -> str | None:
    """What the region was called on that day; None when the code was not in use (or is unknown)."""
    row = (
        Region.objects.filter(_valid(day), code=_twelve(code))
        .order_by(F("valid_from").desc(nulls_last=True))
        .first()
    )
    return row.name if row else None


def current(code: str) -> Region | None:
    """The region as it is now, or None when the code is gone or unknown."""
    return Region.objects.filter(code=_twelve(code), valid_until=None).order_by("name").first()


def full_name(code: str, *, within: str = "") -> str:
    """
    澜州市清禾区青澜街道: the present names from the city down; `within` leaves out the levels above it
    and itself (an installation's pages need not repeat its own city). "" for an unknown code.
    """
    above = [_twelve(code)]
    place = RegionCode.parse(code)
    while (place := place.parent) is not None and place.level != "province":  # type: ignore[assignment]
        above.append(str(place))
    if within:
        stop = RegionCode.parse(within)
        above = [c for c in above if not RegionCode(c).contains(stop)]
    names = dict(Region.objects.filter(code__in=above, valid_until=None).values_list("code", "name"))
    return "".join(names.get(c, "") for c in reversed(above))


def children(code: str) -> list[Region]:
    """The present regions one level below, by code."""
    return list(Region.objects.filter(parent_code=_twelve(code), valid_until=None).order_by("code"))


def names_below(code: str) -> dict[str, str]:
    """Of the present regions one level below: their codes by name."""
    return dict(read_often(_NAMES_BELOW, [_twelve(code)]))


_NAMES_BELOW = (
    "SELECT name, code FROM kernel_region WHERE parent_code = %s AND valid_until IS NULL ORDER BY code"
)


def below(code: str, *, most: int) -> list[Region]:
    """The present regions below this one, of every level, by code; `most` of them."""
    found = Region.objects.filter(subtree("code", _twelve(code)), valid_until=None)
    return list(found.exclude(code=_twelve(code)).order_by("code")[:most])


def called(words: str, *, beside: str) -> list[Region]:
    """
    The present regions of this name in the province of `beside`, by code: 青澜街道, or with those above it
    (清禾区青澜街道), of which the last is meant.
    """
    ends = [words[start:] for start in range(len(words) - 1)]
    found = Region.objects.filter(subtree("code", _twelve(beside)[:2]), name__in=ends, valid_until=None)
    return [one for one in found.order_by("code") if one.name == words or full_name(one.code).endswith(words)]


def successors(code: str, day: date | None = None) -> tuple[str, ...]:
    """
    The present codes of the place or places that had this code (on `day`, or ever).

    The code itself when the place still has it; () when the list names nothing that took its place.
    A code given to another place later (码位改派) is followed by the place's name, not by the digits.
    """
    rows = Region.objects.filter(code=_twelve(code))
    if day is not None:
        rows = rows.filter(_valid(day))
    starts = [(r.code, r.name, r.valid_from.year if r.valid_from else 0, r.valid_until) for r in rows]
    found: set[str] = set()
    seen: set[tuple[str, str, int]] = set()
    while starts:
        place, name, year, until = starts.pop()
        if (place, name, year) in seen:
            continue
        seen.add((place, name, year))
        if until is None:
            found.add(place)
            continue
        for event in _events_ending(place, name, year):
            starts += _spell(event.new_code, event.new_name, event.year)
    return tuple(sorted(found))


def subtree(field: str, code: str) -> Q:
    """
    A filter for rows whose 12-digit region column `field` lies in the region or below it.

    A range, so that an ordinary index serves it: subtree("region_code", "9901").
    """
    prefix = code if len(code) in {2, 4} else RegionCode.parse(code).prefix
    return Q(**{f"{field}__gte": prefix.ljust(12, "0"), f"{field}__lte": prefix.ljust(12, "9")})


def not_training(field: str = "region_code") -> Q:
    """Rows of no region marked for training: they are nobody's figures. No statement of its own."""
    found = Q()
    for prefix in marked_prefixes():
        first, last = prefix.ljust(12, "0"), prefix.ljust(12, "9")
        found &= ~Q(**{f"{field}__gte": first, f"{field}__lte": last})
    return found


def load_national_list() -> int:
    """
    Write the committed list into the tables; returns the rows of Region it now holds.

    Idempotent: a second call with the same list writes nothing; a newer list brings its changes in.
    """
    have = Region.objects.filter(list_version=LIST_VERSION).count()
    present = towns()
    if have == len(spells()) + len(present):
        return have
    rows = [*_past_and_present(), *_towns(present)]
    with transaction.atomic():
        _write(rows)
        _write_changes()
    return len(rows)


def load_demo_district() -> int:
    """The fictional city, its district and the neighbour. Called by the demo only; its codes exist nowhere else."""
    rows = [
        _Row(code, name, RegionCode(code).level, str(RegionCode(code).parent or ""), None, None, DEMO_VERSION)
        for code, name in _DEMO_REGIONS
    ]
    _write(rows)
    return len(rows)


class _Row(NamedTuple):
    """As `Region`; days as ISO text."""

    code: str
    name: str
    level: str
    parent_code: str
    valid_from: str | None
    valid_until: str | None
    list_version: str


def _write(rows: list[_Row]) -> None:
    """In one statement: fifty thousand rows as models take longer than everything else that is made."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_region
                   (id, code, name, level, parent_code, valid_from, valid_until, list_version, training)
            SELECT gen_random_uuid(), one->>0, one->>1, one->>2, one->>3,
                   (one->>4)::date, (one->>5)::date, one->>6, false
              FROM json_array_elements(%s::json) one
                ON CONFLICT (code, name, valid_from) DO UPDATE
               SET level = excluded.level, parent_code = excluded.parent_code,
                   valid_until = excluded.valid_until, list_version = excluded.list_version
            """,
            [json.dumps(rows)],
        )


def _write_changes() -> None:
    rows = [c._replace(old_code=_full(c.old_code), new_code=_full(c.new_code)) for c in changes()]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_regionchange (id, year, kind, old_code, old_name, new_code, new_name, document)
            SELECT gen_random_uuid(), (one->>0)::int, one->>1, one->>2, one->>3, one->>4, one->>5, one->>6
              FROM json_array_elements(%s::json) one
                ON CONFLICT DO NOTHING
            """,
            [json.dumps(rows)],
        )


def _past_and_present() -> Iterator[_Row]:
    for spell in spells():
        code = _full(spell.code)
        yield _Row(
            code,
            spell.name,
            RegionCode(code).level,
            _full(parent_of(spell.code) or ""),
            f"{spell.from_year}-01-01" if spell.from_year else None,
            f"{spell.until_year + 1}-01-01" if spell.until_year else None,
            LIST_VERSION,
        )


def _towns(present: list[tuple[str, str]]) -> Iterator[_Row]:
    for code, name in present:
        yield _Row(_full(code), name, "town", _full(code[:6]), None, None, LIST_VERSION)


def _full(code: str) -> str:
    """Of the committed list, whose codes were read when it was made; "" stays."""
    return code and code.ljust(12, "0")


def _events_ending(code: str, name: str, since: int) -> list[RegionChange]:
    """What became of the place that had this code and name: its first events that lead to another code."""
    events = RegionChange.objects.filter(old_code=code, old_name=name, year__gte=since).order_by("year")
    first = events.first()
    if first is None:
        return []
    if first.kind == REASSIGNED:
        # The digits went to another place; this one stands, by its name, among the same year's new codes.
        moved = RegionChange.objects.filter(
            year=first.year, new_name=name, new_code__startswith=code[:2]
        ).exclude(new_code=code)
        return list(moved) if len(moved) == 1 else []
    return list(events.filter(year=first.year).exclude(new_code=""))


def _spell(code: str, name: str, year: int) -> list[tuple[str, str, int, date | None]]:
    """The row of that name which was valid when the event happened."""
    row = (
        Region.objects.filter(_valid(date(year, 12, 31)), code=code, name=name)
        .order_by(F("valid_from").desc(nulls_last=True))
        .first()
    )
    return [(row.code, row.name, year, row.valid_until)] if row else []


def _valid(day: date) -> Q:
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_until=None) | Q(valid_until__gt=day))


def _twelve(code: str) -> str:
    return str(RegionCode.parse(code))
