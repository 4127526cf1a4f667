"""
Who is told of what happens by itself (timers, messages), by kind of owner. Filled in `AppConfig.ready`.

Fails closed: an instance of an unregistered kind can't be started.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.kernel.types import Instant
from mingqu.process.errors import OwnerUnknown
from mingqu.process.types import Awaited, Effects, Json, WorkItem

Handler = Callable[[UUID, Effects, Instant], None]
"""(root, effects, instant): applies effects that no command of the owner brought about; same transaction."""

Worker = Callable[[UUID, WorkItem, Instant], tuple[str, Mapping[str, Json]]]
"""
(root, work, instant) -> outcome and data: does a service or business-rule task, in the same transaction. Raises
WorkFailed with an error code the plan may catch; any other exception refuses the whole event.
"""

DueRule = Callable[[UUID, Collection[int], Instant], Mapping[int, date]]
"""(root, limits in working days, opening) -> the last day of a step for each limit."""


Clocks = Callable[[UUID, Instant], Mapping[str, str]]
"""(root, instant) -> the last day (ISO) of each kind of clock that runs, as the ledger says it now."""


Sender = Callable[[UUID, str, Instant], None]
"""(root, message, instant): a message of the drawing goes out, in the transaction of the event that threw it."""


Asker = Callable[[UUID, Awaited, Instant], None]
"""(root, what, instant): from now on something is awaited that others may bring; in the same transaction."""


@dataclass(frozen=True, slots=True)
class Post:
    """
    Who takes the messages that go out (`send`) and the signals (`throw`), who asks others for what is awaited of them
    (`ask`), and who hears that a signal is awaited (`listen`): other roots may have thrown it.
    """

    send: Sender
    ask: Asker | None = None
    throw: Sender | None = None
    listen: Asker | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    handler: Handler
    due_on: DueRule | None
    work: Worker | None = None
    clocks: Clocks | None = None
    post: Post | None = None


_owners: dict[str, Owner] = {}


def register(
    name: str,
    handler: Handler,
    due_on: DueRule | None = None,
    work: Worker | None = None,
    clocks: Clocks | None = None,
    post: Post | None = None,
) -> None:
    """Raises ValueError if the name belongs to another handler."""
    if name in _owners and _owners[name].handler is not handler:
        raise ValueError(f"owner {name} is registered twice")
    _owners[name] = Owner(handler, due_on, work, clocks, post)


def owner(name: str) -> Owner:
    """Raises OwnerUnknown."""
    if name not in _owners:
        raise OwnerUnknown()
    return _owners[name]
