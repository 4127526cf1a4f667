"""
Work that comes round: sealing, sweeps, nightly checks. One scheduler leads by advisory lock.

A room registers a function `work(at)` in its tasks.py; it must be safe to run twice. What it returns, if anything, is
what could not be done, for the page of health.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from mingqu.kernel.errors import DomainError
from mingqu.kernel.models import PeriodicRun
from mingqu.kernel.types import Instant

log = logging.getLogger(__name__)

LEADER_LOCK = 0x4D51_5C4D
TICK_SECONDS = 5.0
NAP_SECONDS = 0.25

Work = Callable[[Instant], str | None]


@dataclass(frozen=True)
class Periodic:
    name: str
    every: timedelta
    work: Work


PERIODIC: dict[str, Periodic] = {}


def periodic(name: str, *, every: timedelta) -> Callable[[Work], Work]:
    def register(work: Work) -> Work:
        if name in PERIODIC:
            raise ValueError(f"two periodic works named {name}")
        PERIODIC[name] = Periodic(name, every, work)
        return work

    return register


def run_due(at: Instant) -> list[str]:
    """Run what is due; the names that ran. A failing one is logged, noted, and tried at its next turn."""
    ran = []
    last = dict(PeriodicRun.objects.values_list("name", "last_at"))
    for item in PERIODIC.values():
        if item.name in last and at - last[item.name] < item.every:
            continue
        error = _run(item, at)
        PeriodicRun.objects.update_or_create(name=item.name, defaults={"last_at": at, "error": error})
        ran.append(item.name)
    return ran


def _run(item: Periodic, at: Instant) -> str:
    try:
        with transaction.atomic():
            return item.work(at) or ""
    except Exception as error:  # noqa: BLE001 - one failing work must not stop the others
        what = _name(error)
        log.error("periodic %s failed: %s", item.name, what)
        return what


def each_alone(ids: Iterable[UUID], deed: Callable[[UUID], object], what: str) -> str:
    """
    The deed for each, in a transaction of its own inside the work's: one that can't be written stops no other. It is
    logged as `what`, tried again at the next turn, and counted in what is returned: "" when all went.
    """
    failed, first = 0, ""
    for one in ids:
        try:
            with transaction.atomic():
                deed(one)
        except Exception as error:  # noqa: BLE001 - counted and shown; raising would undo the others
            failed, first = failed + 1, first or _name(error)
            log.error("%s of %s failed: %s", what, one, _name(error))
    return f"{failed} × {first}" if failed else ""


def _name(error: Exception) -> str:
    """Its kind, and its code if it has one; never its words, which may be personal."""
    kind = type(error).__name__
    return f"{kind}: {error.code}" if isinstance(error, DomainError) else kind


def lead(stopping: Callable[[], bool]) -> None:
    """Wait for the lead, then run what is due every few seconds until told to stop."""
    leading = False
    while not stopping():
        if not leading:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LEADER_LOCK])
                leading = bool(cursor.fetchone()[0])
        if leading:
            run_due(timezone.now())
        _sleep(TICK_SECONDS, stopping)


def _sleep(seconds: float, stopping: Callable[[], bool]) -> None:
    """In short naps, so that a stop does not wait for the end of the tick."""
    until = time.monotonic() + seconds
    while not stopping() and time.monotonic() < until:
        time.sleep(NAP_SECONDS)
