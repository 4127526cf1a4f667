"""What voice offers on the pages of other rooms."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting
from mingqu.ui.types import Action
from mingqu.voice import selectors


def to_answer(actor: Actor, at: Instant) -> Waiting | None:
    """How much waits for an answer of this post, on its first page."""
    found = selectors.to_answer(actor, legal_day(at))
    if not found.all:
        return None
    words = [f"{found.all}件等待答复"]
    words += [f"其中投诉{found.complaints}件"] if found.complaints else []
    words += [f"逾期{found.late}件"] if found.late else []
    return Waiting("，".join(words))


def about_a_case(number: str) -> list[Action]:
    """On the page of one's own case: a complaint, a question or a suggestion about it."""
    return [Action(_("投诉、咨询和建议"), f"{reverse('voice:new')}?case={number}")]
