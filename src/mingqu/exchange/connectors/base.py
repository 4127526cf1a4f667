"""What reaches another system for us: an interface. One of one's own is a class like this, registered in its app."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import ClassVar, Protocol

from mingqu.exchange.types import Answer, DayLine, Known, Parcel, Telling
from mingqu.kernel.types import Instant


class Connector(Protocol):
    """
    Called outside our transactions, under a key written down by us before (`Parcel.key`): every call may be repeated
    after a crash and must then mean the same matter. What is told by itself is believed only by its signature.

    `systems`: names of the systems it reaches, as definitions write them. `can_be_asked`: it answers `ask` and `day`.
    `can_be_recalled`: it can be told that a matter was taken back; else people tell it.
    `leaves_the_machine`: a demo installation refuses it.
    """

    name: str
    words: str
    systems: frozenset[str]
    can_be_asked: bool
    can_be_recalled: bool
    leaves_the_machine: ClassVar[bool]

    def send(self, parcel: Parcel, *, at: Instant) -> Answer:
        """Hand it over; never raises for what the other side or the line does."""
        ...

    def recall(self, reference: str, number: str, *, at: Instant) -> Answer:
        """
        The applicant took it back (撤回): taken (it stops, or never had it), refused (it decided, or does not stop);
        failed and unknown are tried again. Never raises for what the other side or the line does.
        """
        ...

    def ask(self, reference: str) -> Known:
        """Whether it has the matter, and all it said of it. Raises SystemUnavailable."""
        ...

    def day(self, day: date) -> Iterable[DayLine]:
        """What came in on a day, and how it stands now. Raises SystemUnavailable."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, *, at: Instant) -> Telling:
        """A telling, verified. Raises SignatureWrong, CallbackStale, CallbackUnreadable."""
        ...
