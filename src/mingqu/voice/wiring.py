"""What voice offers on the pages of other rooms."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.ui.types import Action


def about_a_case(number: str) -> list[Action]:
    """On the page of one's own case: a complaint, a question or a suggestion about it."""
    return [Action(_("投诉、咨询和建议"), f"{reverse('voice:new')}?case={number}")]
