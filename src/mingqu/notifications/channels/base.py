"""What a channel is: text messages and letters by e-mail leave by one, and each says what it knows of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from mingqu.kernel.types import Instant

SMS, EMAIL = "sms", "email"


class Outcome(StrEnum):
    """
    What is known after asking a provider. UNKNOWN is a call that was begun and never answered: the message may be on
    its way or may not, and nobody on this side can tell.
    """

    TAKEN = "taken"
    FAILED = "failed"  # the provider did not take it: another may be asked
    REFUSED = "refused"  # never by anybody: no such number, a barred word
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Parcel:
    """One message to hand over. `reference` is ours, the same at every attempt: by it a provider tells a repetition."""

    reference: UUID
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    reason: str = ""  # a code, never a number or a text
    provider_reference: str = ""
    seconds: float = 0.0


class Channel(Protocol):
    """
    `send` talks to the provider and says what it knows; it writes nothing of ours, never raises for what a provider
    does, and never logs number or text. It is called by several threads at once.

    `tells_repetitions`: the provider takes a second parcel of the same reference for the first one, so that what is
    unknown may be asked again. `slow_after`: seconds after which an answer counts against the channel.
    """

    @property
    def name(self) -> str: ...
    @property
    def medium(self) -> str: ...
    @property
    def leaves_the_machine(self) -> bool: ...
    @property
    def tells_repetitions(self) -> bool: ...
    @property
    def slow_after(self) -> float: ...

    def send(self, parcel: Parcel, *, at: Instant) -> Answer: ...


class Plain:
    """What most channels share."""

    medium: ClassVar[str] = SMS
    leaves_the_machine: ClassVar[bool] = True
    tells_repetitions: ClassVar[bool] = False
    slow_after: ClassVar[float] = 3.0
