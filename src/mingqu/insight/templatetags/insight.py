"""Words of statistics."""

from django import template

from mingqu.insight.selectors import KINDS, RATINGS
from mingqu.insight.types import Figure

register = template.Library()


@register.filter
def kind_words(kind: str) -> str:
    """日, 周, 月, 年."""
    return KINDS.get(kind, "")


@register.filter
def of_ratings(figure: Figure) -> bool:
    """Whether what stands behind it are ratings, not cases."""
    return figure.code in RATINGS
