"""When a timer fires: an ISO 8601 date, moment, duration or repetition, or a FEEL expression that gives one. Pure."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from mingqu.decisions import services as decisions
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.types import Instant
from mingqu.process.errors import TimerTooOften

_DURATION: Final = re.compile(r"P(?=[\dT])(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_REPEATED: Final = re.compile(r"R(\d*)/(.+)")
ALWAYS: Final = 1_000_000
"""How often a timer fires that says no number."""
SHORTEST: Final = timedelta(minutes=1)
"""Between two firings of a timer that repeats: a shorter one would fill the instance and leave others no turn."""
_ANY_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)


def is_iso(text: str) -> bool:
    """Whether the text is a moment, duration or repetition as it stands, and no FEEL."""
    repeated = _REPEATED.fullmatch(text.strip())
    plain = repeated[2] if repeated else text.strip()
    return _DURATION.fullmatch(plain) is not None or (not repeated and _moment(plain) is not None)


def fires_at(text: str, names: dict[str, Any], at: Instant) -> dict[str, Any] | None:
    """`due` (ISO text, UTC) and `left`, how often it fires after that; None where it gives no moment."""
    text = text.strip()
    if not is_iso(text):
        value = decisions.evaluate(text, names, now=at)
        if not isinstance(value, date | str) and type(value).__name__ not in _FEEL:
            return None
        text = value.isoformat() if isinstance(value, date) else str(value)
    repeated = _REPEATED.fullmatch(text)
    often = (int(repeated[1]) if repeated[1] else ALWAYS) if repeated else 1
    plain = repeated[2] if repeated else text
    due = _after(plain, at) if _DURATION.fullmatch(plain) else _moment(plain)
    if due is None or often < 1 or (often > 1 and due - at < SHORTEST):
        return None
    return {"due": due.astimezone(UTC).isoformat(), "left": often - 1}


_FEEL: Final = frozenset({"DayTimeDuration", "YearMonthDuration"})


def _after(duration: str, at: Instant) -> Instant | None:
    found = decisions.evaluate(f'now() + duration("{duration}")', {}, now=at)
    return found if isinstance(found, datetime) else None


def _moment(text: str) -> Instant | None:
    """A day begins in Beijing; a moment without an offset is Beijing's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= len("2026-01-01"):
        moment = datetime.combine(moment, time.min)
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def readable(text: str) -> str:
    """The FEEL of a timer, "" for ISO text. Raises DomainError where it is neither, or repeats without a pause."""
    if is_iso(text):
        if fires_at(text, {}, _ANY_DAY) is None:
            raise TimerTooOften()
        return ""
    decisions.compile_expression(text)
    return text
