"""
Whether the screen of this session is locked (锁屏): while it is, nobody acts in it.

A page that covered itself names its locking by a sign of its own and asks whether that one was opened. A sign the
session has neither locked nor opened locks it: the message was lost on the way, or a page that was under way at that
moment wrote the session back as it had been.
"""

from typing import Any

LOCKED = "locked"  # session: the signs of the pages that locked it
OPENED = "opened"  # session: the signs opened last
OPEN_WHEN_LOCKED = frozenset({"identity:lock_screen", "identity:unlock_screen", "identity:sign_out"})
MOST, LONGEST = 20, 40  # signs kept, characters of each


def lock(request: Any, sign: str = "") -> None:
    """Locks it, unless this very locking was opened already."""
    sign, session = sign[:LONGEST], request.session
    if sign and sign in session.get(OPENED, ()):
        return
    signs = session.get(LOCKED, [])
    if LOCKED not in session or sign not in signs:
        session[LOCKED] = [*signs, sign][-MOST:]


def unlock(request: Any) -> None:
    opened = request.session.get(OPENED, [])
    request.session[OPENED] = [*opened, *request.session.pop(LOCKED, [])][-MOST:]


def is_locked(request: Any) -> bool:
    return LOCKED in request.session
