"""
Sending sign-in codes. `notifications` lies above this room, so it registers itself here when it is ready.

Fail closed: without a sender nobody gets a code and the page says so.
"""

from typing import Protocol

from mingqu.identity.errors import CodesUnavailable
from mingqu.kernel.types import Instant

CODE_MINUTES = 5
CODE_ATTEMPTS = 5


class CodeSender(Protocol):
    """Hands a code to the telephone. Returns when it is safely queued; never logs the number or the code."""

    def __call__(self, *, phone: str, code: str, minutes: int, at: Instant) -> None: ...


_sender: list[CodeSender] = []


def register_code_sender(sender: CodeSender) -> None:
    """Called once from the notifications app's `ready()`. Raises ValueError for a second, different one."""
    if _sender and _sender[0] is not sender:
        raise ValueError("a sender of codes is registered already")
    _sender[:] = [sender]


def send_code(phone: str, code: str, *, at: Instant) -> None:
    """Raises CodesUnavailable when no sender is registered."""
    if not _sender:
        raise CodesUnavailable()
    _sender[0](phone=phone, code=code, minutes=CODE_MINUTES, at=at)
