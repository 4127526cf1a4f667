"""What assist offers on the pages of other rooms."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.assist import selectors
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting
from mingqu.ui.types import Action


def to_answer(actor: Actor, at: Instant) -> Waiting | None:
    """How much waits for an answer of this post, on its first page."""
    found = selectors.to_answer(actor, legal_day(at))
    if not found.all:
        return None
    return Waiting(f"{found.all}件等待答复" + (f"，逾期{found.late}件" if found.late else ""))


def about_a_case(number: str) -> list[Action]:
    """On the page of one's own case: what could not be done with it."""
    return [Action(_("办不成事，到这里说"), f"{reverse('assist:new')}?case={number}")]
