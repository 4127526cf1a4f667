"""What this room adds to the page of a case: where its result is on its way."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.cases import selectors as cases
from mingqu.hall import selectors
from mingqu.ui.types import Action


def where_it_is(number: str) -> list[Action]:
    """Of a case whose result was sent by courier."""
    if not selectors.goes_by_courier(cases.case_id_of(number)):
        return []
    return [Action(_("快递到哪里了"), reverse("hall:own_parcel", args=[number]))]
