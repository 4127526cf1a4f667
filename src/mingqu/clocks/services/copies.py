"""
Copies of last days that owners keep for sorting: compared every night, rewritten after a new calendar.

An owner registers where its copies are (StoredDue); this app never learns what the owner is.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from uuid import UUID

from mingqu.clocks import selectors
from mingqu.clocks.rules.deadline import due_on
from mingqu.clocks.types import Difference, StoredDue
from mingqu.kernel.types import Instant

CHUNK = 1000  # roots per statement

_owners: dict[str, StoredDue] = {}


def register_stored_due(owner: StoredDue) -> None:
    """Called once per owner when the apps are ready. Raises ValueError for a name taken twice."""
    if owner.name in _owners:
        raise ValueError(f"two owners of stored last days named {owner.name}")
    _owners[owner.name] = owner


def check_stored() -> list[Difference]:
    """Every stored copy that is not what its ledger gives. Changes nothing."""
    return [found for owner in _owners.values() for found in _differences(owner)]


def recompute_stored(at: Instant) -> list[Difference]:
    """
    Have every owner rewrite the copies that differ, each in its own command; returns what was rewritten.

    To be run after a holiday notice: provisional last days become what the notice makes them.
    """
    rewritten = []
    for owner in _owners.values():
        for found in list(_differences(owner)):
            owner.rewrite(found.root_id, found.computed, at)
            rewritten.append(found)
    return rewritten


def _differences(owner: StoredDue) -> Iterator[Difference]:
    for chunk in _chunks(owner.rows()):
        found, calendar = selectors.ledgers([root_id for root_id, _ in chunk])
        for root_id, stored in chunk:
            clocks = selectors.clocks_of(found[root_id])
            if owner.key is None:
                computed = selectors.binding_day(clocks.values(), calendar)
            else:
                clock = clocks.get(owner.key)
                computed = None if clock is None else due_on(clock, calendar)
            if computed != stored:
                yield Difference(owner.name, root_id, stored, computed)


def _chunks(rows: Iterable[tuple[UUID, date | None]]) -> Iterator[list[tuple[UUID, date | None]]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
