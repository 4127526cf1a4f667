"""
How often public pages that cost something are read from one address.

Each process counts by itself and settles with the database once in PORTION requests, so that a request writes nothing:
web processes share the count to within a portion each. An address that has used its allowance up is remembered until
its window is over, and refused without a statement.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from mingqu.identity.errors import TooManyRequests
from mingqu.identity.services import limits
from mingqu.identity.web import client_address
from mingqu.kernel.types import Instant

PORTION = 50
REMEMBERED = 20_000  # addresses a process knows at most; the one longest not seen is forgotten

View = Callable[..., HttpResponse]


@dataclass
class Seen:
    """What this process knows of an address: requests it has not settled yet, and until when it is refused."""

    unsettled: int = 0
    since: Instant | None = None
    refused_until: Instant | None = None


seen: OrderedDict[tuple[str, str], Seen] = OrderedDict()


def count(action: str, address: str, *, at: Instant) -> None:
    """
    Count one request of `action` (a key of settings.MINGQU_LIMITS).

    Raises TooManyRequests, with the seconds to wait, once the window's allowance is used up.
    """
    most, seconds = settings.MINGQU_LIMITS[action]
    known = _known(action, address)
    if known.refused_until is not None:
        if at < known.refused_until:
            raise _refusal(known.refused_until, at)
        known.refused_until = None
    if known.since is None or at - known.since >= timedelta(seconds=seconds):
        known.unsettled, known.since = 0, at  # less than a portion in a whole window: not worth a write
    known.unsettled += 1
    if known.unsettled < min(PORTION, most + 1):
        return
    used, until = limits.add(action, address, known.unsettled, at=at)
    known.unsettled, known.since = 0, at
    if used > most:
        known.refused_until = until
        raise _refusal(until, at)


def read_gently(view: View) -> View:
    """A public page that is searched or paged through: refused for a while to an address that reads without end."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        count("reading_address", client_address(request), at=request.at)  # type: ignore[attr-defined]
        return view(request, *args, **more)

    return limited


def _known(action: str, address: str) -> Seen:
    mark = (action, address)
    known = seen.pop(mark, None) or Seen()
    seen[mark] = known
    if len(seen) > REMEMBERED:
        seen.popitem(last=False)
    return known


def _refusal(until: Instant, at: Instant) -> TooManyRequests:
    seconds = max(1, int((until - at).total_seconds()))
    return TooManyRequests(retry_after=seconds, minutes=-(-seconds // 60))
