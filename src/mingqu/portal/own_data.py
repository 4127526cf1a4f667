"""What bars the closing of an account and stands on pages of this room."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.identity.services.closing import standing_alone
from mingqu.identity.services.own_data import Holding, Matter


def holding() -> Holding:
    return Holding("portal", open_matters=open_matters)


def open_matters(person_id: UUID, day: date) -> Iterable[Matter]:
    """Handlers of a firm whose representative she is: nobody could end their authority after her."""
    for name in standing_alone(person_id):
        words = _("%(firm)s的经办人授权还有效，先终止，或者由新的法定代表人核验单位") % {"firm": name}
        yield Matter(words, reverse("portal:acting"))
