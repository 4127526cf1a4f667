"""Tags of the library: where an article stands on its page, a citation as a link."""

from django import template
from django.template import Context
from django.urls import reverse

from mingqu.law import rules

register = template.Library()


@register.filter
def article_words(article: object) -> str:
    """第四十二条之一; "" for text that is in no article."""
    number, suffix = getattr(article, "number", 0), getattr(article, "suffix", 0)
    return rules.words_of(number, suffix) if number else ""


@register.filter
def anchor(article: object) -> str:
    return rules.anchor(getattr(article, "number", 0), getattr(article, "suffix", 0))


@register.filter
def place_words(place: tuple[int, int]) -> str:
    return rules.words_of(*place) or "全文"


@register.filter
def place_anchor(place: tuple[int, int]) -> str:
    return rules.anchor(*place)


@register.simple_tag(takes_context=True)
def law_url(context: Context, law: str, article: int = 0, suffix: int = 0) -> str:
    """
    The page of a law at an article; "" for a law the library has not got. The view gives `law_slugs`
    (`law.selectors.slugs_of`), so that a page with many citations asks once.
    """
    slug = (context.get("law_slugs") or {}).get(law, "")
    if not slug:
        return ""
    place = f"#{rules.anchor(article, suffix)}" if article else ""
    return reverse("law:law", args=[slug]) + place
