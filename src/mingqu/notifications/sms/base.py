"""What a channel for text messages is."""

from __future__ import annotations

from typing import ClassVar, Protocol

from mingqu.kernel.types import Instant


class SmsChannel(Protocol):
    """
    A way for a short text to reach a mobile phone.

    `send` returns once the message is safe in this installation: a channel that talks to another system
    keeps a row and does that in its own job, never in the caller's transaction. It never logs number or text.
    """

    name: ClassVar[str]
    leaves_the_machine: ClassVar[bool]

    def send(self, *, phone: str, text: str, at: Instant) -> None: ...
