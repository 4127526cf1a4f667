"""What other rooms are told by the catalogue; wired in `apps`."""

from collections.abc import Sequence

from django.urls import reverse

from mingqu.law.selectors import Use


def uses_for_staff(law_key: str) -> Sequence[Use]:
    """Items that cite a law, each with its page for staff."""
    from mingqu.catalogue.affected.selectors import items_citing  # models: not before the apps are ready

    return [
        Use(name, reverse("catalogue:item", args=[code]), articles)
        for code, name, articles in items_citing(law_key)
    ]
