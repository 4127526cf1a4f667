"""
What happened, told to the rooms above.

An event is a frozen dataclass with a `name` and a `root_id`; its other fields are ids, dates and plain
values, never personal data. A subscriber is a function called once per event, in order per root; or, where it works out
anew what it keeps of a root, once for all that one transaction of the relay delivers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar
from uuid import UUID


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


@dataclass(frozen=True)
class Subscriber:
    """`receive(event, at=)`, or with `of_many` `receive(events)`."""

    name: str
    event: type[Event]
    receive: Callable[..., None]
    of_many: bool = False


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

    return _registering(name, kinds, of_many=False)


def subscriber_of_many(name: str, *kinds: type[Event]) -> Callable[[R], R]:
    """
    Register `receive(events)`, called after every other subscriber of the same transaction with the events of all its
    roots: for what counts a root anew from what stands written, however much happened to it.
    """
    return _registering(name, kinds, of_many=True)


def _registering(name: str, kinds: tuple[type[Event], ...], *, of_many: bool) -> Callable[[R], R]:
    def register(receive: R) -> R:
        for kind in kinds:
            KINDS[publish_name(kind)] = kind
            known = SUBSCRIBERS.setdefault(kind.name, [])
            if any(s.name == name for s in known):
                raise ValueError(f"two subscribers named {name} for {kind.name}")
            known.append(Subscriber(name, kind, receive, of_many))
        return receive

    return register
