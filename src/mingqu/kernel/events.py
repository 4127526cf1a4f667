"""
What happened, told to the rooms above.

An event is a frozen dataclass with a `name` and a `root_id`; its other fields are ids, dates and plain
values, never personal data. A subscriber is a function called once per event, in order per root.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID

from mingqu.kernel.types import Instant


@dataclass(frozen=True)
class Event:
    name: ClassVar[str] = ""
    root_id: UUID


@dataclass(frozen=True)
class ActedForAnother(Event):
    """A deed of one who acts for another person: that person is told whose hands it was (every command says it)."""

    name: ClassVar[str] = "kernel.acted_for_another"
    for_id: UUID
    agent_id: UUID
    capacity_id: UUID
    action: str


class Receiver(Protocol):
    def __call__(self, event: Any, *, at: Instant) -> None: ...


@dataclass(frozen=True)
class Subscriber:
    name: str
    event: type[Event]
    receive: Receiver


SUBSCRIBERS: dict[str, list[Subscriber]] = {}
KINDS: dict[str, type[Event]] = {}

R = TypeVar("R", bound=Callable[..., None])


def publish_name(kind: type[Event]) -> str:
    if not kind.name:
        raise ValueError(f"{kind.__qualname__} has no name")
    return kind.name


def subscriber(name: str, *kinds: type[Event]) -> Callable[[R], R]:
    """
    Register `receive(event, *, at)` under a stable name; the relay remembers per name what was delivered.

    `at` is the instant at which the event happened. Registered on import of an app's receivers.py.
    """

    def register(receive: R) -> R:
        for kind in kinds:
            KINDS[publish_name(kind)] = kind
            known = SUBSCRIBERS.setdefault(kind.name, [])
            if any(s.name == name for s in known):
                raise ValueError(f"two subscribers named {name} for {kind.name}")
            known.append(Subscriber(name, kind, receive))
        return receive

    return register
