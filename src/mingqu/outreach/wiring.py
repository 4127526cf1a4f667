"""What outreach offers on the pages of other rooms."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.kernel.types import Actor, Instant
from mingqu.outreach import selectors
from mingqu.ui.menu import Waiting
from mingqu.ui.types import Action


def to_do(actor: Actor, at: Instant) -> Waiting | None:
    """What waits of this agent's errands, on his first page."""
    count = selectors.waiting_of_agent(actor)
    return Waiting(f"{count}件本人已同意，等着提交") if count else None


def papers(actor: Actor, at: Instant) -> Waiting | None:
    count = selectors.waiting_papers(actor)
    return Waiting(f"{count}份委托书等复核") if count else None


def visits(actor: Actor, at: Instant) -> Waiting | None:
    """To be arranged by this post, or to go to."""
    to_plan, to_go = selectors.waiting_visits(actor)
    said = [words for count, words in ((to_plan, f"{to_plan}次等安排"), (to_go, f"{to_go}次要去")) if count]
    return Waiting("，".join(said)) if said else None


def about_a_case(number: str) -> list[Action]:
    """On the page of one's own case: who helped with it, and how to end that."""
    found = selectors.helped_with(number)
    if found is None:
        return []
    words = _("%(point)s帮您提交的，看看或者撤回同意") % {"point": found.point}
    return [Action(words, reverse("outreach:own_errand", args=[found.number]))]
