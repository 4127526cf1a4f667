"""Tags of the page of items that a law touches."""

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString

from mingqu.catalogue.affected.selectors import Place
from mingqu.law import selectors as law
from mingqu.ui.templatetags.mq import status

register = template.Library()


@register.filter
def place_fragment(place: Place) -> str:
    """Where the article stands on the page of its law."""
    return f"#{law.anchor(place.article, place.suffix)}" if place.article else ""


@register.simple_tag
def standing_tag(states: Mapping[str, tuple[str, str]], state: str) -> SafeString:
    return status(*states[state])
