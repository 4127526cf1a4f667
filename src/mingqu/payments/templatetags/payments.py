"""Money on pages."""

from django import template

from mingqu.payments import rules
from mingqu.payments.providers import registry

register = template.Library()


@register.filter
def yuan(fen: int) -> str:
    """分 as 元 with two decimals."""
    return rules.yuan(fen)


@register.filter
def provider_words(name: str) -> str:
    return registry.words(name)
