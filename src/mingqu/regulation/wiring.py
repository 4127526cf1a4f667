"""What regulation offers on the pages of other rooms."""

from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.regulation import selectors
from mingqu.ui.menu import Waiting


def to_inspect(actor: Actor, at: Instant) -> Waiting | None:
    """What this post has to inspect soon, on its first page."""
    found = selectors.to_inspect(actor, legal_day(at))
    if not found.all:
        return None
    words = [f"{found.all}个监管对象{selectors.SOON}天内要检查"]
    words += [f"其中已过期限{found.late}个"] if found.late else []
    return Waiting("，".join(words), state="refused" if found.late else "correct")


def open_link(number: str) -> str:
    """The open records of one certificate."""
    return f"{reverse('regulation:open')}?{urlencode({'number': number})}"


def desk_link(object_id: UUID) -> str:
    return reverse("regulation:supervised", args=[object_id])
