"""Services and the laws they rest on, both ways."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from mingqu.law.selectors import Use


def services_citing(law_key: str) -> Sequence[Use]:
    """Services whose definition cites a law, each with its guide."""
    from mingqu.catalogue.affected.selectors import items_citing  # models: not before the apps are ready

    return [
        Use(name, reverse("portal:guide", args=[code]), articles)
        for code, name, articles in items_citing(law_key)
    ]


def law_slugs(code: str) -> Mapping[str, str]:
    """Pages of the laws that a service cites, by the name as written there; those the library has."""
    from mingqu.catalogue.affected.selectors import cited_laws
    from mingqu.law.selectors import slugs_of

    return slugs_of(cited_laws(code))
