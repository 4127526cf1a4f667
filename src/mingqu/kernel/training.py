"""
培训区域: a region marked for training, with all below it. What is done there has no legal effect, and says so.

Every process keeps the few marked codes and reads them again after `FRESH_FOR` seconds, so that asking costs no
statement where it is asked often. Where an answer decides what is lawful, ask with `now=True`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import F

from mingqu.kernel.commands import require_command
from mingqu.kernel.identifiers import RegionCode
from mingqu.kernel.models_regions import Region

FRESH_FOR = 30.0  # seconds

InUse = Callable[[str], str]
"""For a region's code: what stands against a change of its mark, in words; "" for nothing."""

Follows = Callable[[str, bool], Any]
"""Told the region's code and whether it is for training now."""


@dataclass
class Known:
    """What this process knows: the significant digits of the marked codes, and since when."""

    prefixes: tuple[str, ...] = ()
    read_at: float | None = None


known = Known()
_in_use: dict[str, InUse] = {}
_in_use_for_training: dict[str, InUse] = {}
_follow: dict[str, Follows] = {}
_seen: ContextVar[Seen | None] = ContextVar("training_seen", default=None)


def is_training(code: str, *, now: bool = False) -> bool:
    """Whether this region, or one above it, is marked. `now`: ask the table, not what was read a moment ago."""
    if now or known.read_at is None or time.monotonic() - known.read_at > FRESH_FOR:
        codes = Region.objects.filter(training=True).values_list("code", flat=True).order_by().distinct()
        known.prefixes = tuple(sorted(RegionCode.parse(one).prefix for one in codes))
        known.read_at = time.monotonic()
    return code.startswith(known.prefixes)


def marked_prefixes() -> tuple[str, ...]:
    """The significant digits of the marked codes, as `is_training` knows them."""
    is_training("")
    return known.prefixes


MARK = "【培训】"


def named(name: str, code: str) -> str:
    """A name as messages have it: what is of a training region says so wherever it is read."""
    return f"{MARK}{name}" if is_training(code) else name


def marked() -> list[Region]:
    """The regions that carry the mark themselves, by code; each once, by its present name if it has one."""
    rows = Region.objects.filter(training=True).order_by("code", F("valid_until").desc(nulls_last=True))
    return list({row.code: row for row in rows}.values())


def write_mark(code: str, training: bool) -> bool:
    """
    Set or take the mark, and tell the rooms that keep something by it; False when nothing changed. Only inside the
    command of who may.
    """
    require_command()
    changed = Region.objects.filter(code=code).exclude(training=training).update(training=training)
    _stale()
    transaction.on_commit(_stale)  # somebody may have read the table meanwhile
    if changed:
        for follow in _follow.values():
            follow(code, training)
    return bool(changed)


def _stale() -> None:
    known.read_at = None


# A room that keeps what has legal effect says whether a region has some -------------------------------------


def asks_before_marking(name: str, in_use: InUse) -> None:
    """Registered by rooms above in `AppConfig.ready`: cases and certificates know what this room can't."""
    _in_use[name] = in_use


def asks_before_unmarking(name: str, in_use: InUse) -> None:
    """As above, for what was only possible because the region is marked: it must be gone before the mark is."""
    _in_use_for_training[name] = in_use


def follows_marks(name: str, follow: Follows) -> None:
    """As above, for what a room keeps by the mark and has to keep otherwise from now on; in the same transaction."""
    _follow[name] = follow


def in_use(code: str, *, marking: bool) -> list[str]:
    """Why this region can't be marked, or the mark not be taken from it, in words."""
    asked = [*_in_use.values(), *([] if marking else _in_use_for_training.values())]
    return [words for ask in asked if (words := ask(code))]


# What a request read of training regions ---------------------------------------------------------------------


@dataclass
class Seen:
    """Of training regions: the codes whose rows a request read, and whether its page is made for one."""

    read: list[str] = field(default_factory=list)
    works_there: bool = False

    @property
    def anything(self) -> bool:
        return self.works_there or bool(self.read)


@contextmanager
def watching() -> Iterator[Seen]:
    """What is of training regions inside: a page about any of them carries the banner."""
    is_training("")  # reads the table when it is time to, here and not in the middle of another reading
    seen = Seen()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def notice(code: str) -> None:
    """The page at hand is about something of this region."""
    seen = _seen.get()
    if seen is not None and code.startswith(known.prefixes):
        seen.read.append(code)


def works_there(code: str) -> None:
    """
    The page at hand is one of the desk, for somebody whose organ is of this region: whatever it counts or lists is
    hers, also where no row of the region is read for it.
    """
    seen = _seen.get()
    if seen is not None and known.prefixes and code.startswith(known.prefixes):
        seen.works_there = True


class OfRegion(models.Model):
    """A row with a `region_code`: a page for which one of a training region was read says so, without being told to."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **more: Any) -> Any:
        made = super().from_db(db, field_names, values, **more)
        if known.prefixes:
            notice(made.__dict__.get("region_code", ""))
        return made
