"""What evaluation shows on the pages of other rooms."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.evaluation import selectors
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting
from mingqu.ui.types import Action


def rating_of_a_case(number: str) -> list[Action]:
    """On the applicant's page of a case: after filing, and once there is an outcome; the page itself says if not."""
    return [Action(_("评价这次办事"), reverse("evaluation:rate", args=[number]))]


def rating_by_code_of(number: str) -> list[Action]:
    """On the page of a case by its query code, where the square code of the receipt leads."""
    return [Action(_("评价这次办事"), f"{reverse('evaluation:rate_by_code')}?number={number}")]


def bad_ratings(actor: Actor, at: Instant) -> Waiting | None:
    """Bad ratings that wait for a step of this post, on its first page."""
    found = selectors.to_do(actor, legal_day(at))
    if not found.all:
        return None
    return Waiting(f"{found.all}条差评等待办理" + (f"，超期{found.late}条" if found.late else ""))
