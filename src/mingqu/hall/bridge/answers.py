"""
What a device is believed: first that our question was asked for this window, this device and this person; then that
the window's program signed the answer; only then what it says, piece by piece.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from mingqu.hall.bridge.signing import PROTOCOL, genuine, opened
from mingqu.hall.errors import CardUnreadable, DeviceAnswerStale, DeviceAnswerWrong
from mingqu.hall.types import CardRead
from mingqu.kernel.errors import DomainError
from mingqu.kernel.foreign_json import JsonRefused, read_json

IN_TIME = timedelta(
    minutes=3
)  # from the question to the answer: who stands at a window may look for the card
FOR_EVER = "long"
LONGEST_NAME = 60


@dataclass(frozen=True)
class Asked:
    """One question to a device. `id` is new for each; `about` a number of a case where it is about one."""

    id: UUID
    window_id: UUID
    device: str
    person_id: UUID
    at: datetime
    about: str = ""

    def plain(self) -> list[str]:
        return [
            str(self.id),
            str(self.window_id),
            self.device,
            str(self.person_id),
            self.at.isoformat(),
            self.about,
        ]

    @classmethod
    def of(cls, given: Any) -> Asked:
        one, window, device, person, at, about = given
        return cls(UUID(one), UUID(window), device, UUID(person), datetime.fromisoformat(at), about)


@dataclass(frozen=True)
class Answered:
    asked: Asked
    result: Mapping[str, Any]


def believed(
    text: str,
    *,
    device: str,
    at: datetime,
    asked_by_us: Callable[[str], Asked],
    secret_of: Callable[[UUID], str],
) -> Answered:
    """
    `asked_by_us` reads the question we signed and raises DeviceAnswerWrong for any other; `secret_of` is the window's.

    Raises DeviceAnswerWrong, DeviceAnswerStale.
    """
    try:
        body, signature = opened(text)
        given = read_json(body)
        said, nonce, result = given["device"], given["nonce"], given["result"]
        if given["protocol"] != PROTOCOL or not isinstance(nonce, str) or not isinstance(result, dict):
            raise DeviceAnswerWrong()
    except (ValueError, KeyError, TypeError, JsonRefused, RecursionError) as unreadable:
        raise DeviceAnswerWrong() from unreadable
    asked = asked_by_us(nonce)
    if not genuine(secret_of(asked.window_id), body, signature) or not said == asked.device == device:
        raise DeviceAnswerWrong()
    if not timedelta() <= at - asked.at <= IN_TIME:
        raise DeviceAnswerStale()
    return Answered(asked, result)


def card(result: Mapping[str, Any], check: Callable[[str, str], str]) -> CardRead:
    """
    `check` gives the number of a kind of document in canonical form, or raises. Raises CardUnreadable.

    Whether the card is still valid is for the clerk, who is told the day.
    """
    kind, number, name = (result.get(key) for key in ("kind", "number", "name"))
    if not isinstance(kind, str) or not isinstance(number, str):
        raise CardUnreadable(what="证件号码")
    try:
        number = check(kind, number)
    except DomainError as wrong:
        raise CardUnreadable(what="证件号码") from wrong
    if not isinstance(name, str) or not _is_name(name):
        raise CardUnreadable(what="姓名")
    return CardRead(kind, number, name.strip(), _until(result.get("valid_until")))


def _is_name(name: str) -> bool:
    """Printable, not too long: what stands on a card, whatever the script."""
    plain = name.strip()
    return 0 < len(plain) <= LONGEST_NAME and not any(unicodedata.category(one)[0] == "C" for one in plain)


def _until(given: Any) -> date | None:
    if given == FOR_EVER:
        return None
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError) as wrong:
        raise CardUnreadable(what="有效期限") from wrong


def level(result: Mapping[str, Any]) -> int:
    """Which of the five was pressed. Raises DeviceAnswerWrong."""
    pressed = result.get("level")
    if type(pressed) is not int or not 1 <= pressed <= 5:
        raise DeviceAnswerWrong()
    return pressed
