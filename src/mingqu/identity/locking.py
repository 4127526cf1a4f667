"""Whether the screen of this session is locked (锁屏): while it is, nobody acts in it."""

from typing import Any

LOCKED = "locked"  # session: since when
OPEN_WHEN_LOCKED = frozenset({"identity:lock_screen", "identity:unlock_screen", "identity:sign_out"})


def lock(request: Any) -> None:
    request.session.setdefault(LOCKED, request.at.isoformat())


def unlock(request: Any) -> None:
    request.session.pop(LOCKED, None)


def is_locked(request: Any) -> bool:
    return LOCKED in request.session
