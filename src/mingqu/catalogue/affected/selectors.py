"""Which items a law touches, and how what they cite stands on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from mingqu.catalogue.affected.models import CitedPlace
from mingqu.catalogue.models import ServiceItem
from mingqu.identity import selectors as identity
from mingqu.law import selectors as law
from mingqu.law.types import Standing

PAGE = 30
USES = 31  # items told of on a law's page; one more than shown
FINE = ("in_force",)


@dataclass(frozen=True)
class Asked:
    """`law`: any way of naming it, "" for all. `article` 0: the whole. `trouble`: only what is not surely in force."""

    on: date
    law: str = ""
    article: int = 0
    suffix: int = 0
    trouble: bool = True


@dataclass(frozen=True)
class Place:
    """One citation and how it stands."""

    words: str
    where: str
    standing: Standing
    slug: str
    article: int
    suffix: int


@dataclass(frozen=True)
class Line:
    """One item with what it cites."""

    item: ServiceItem
    post: str
    places: list[Place]


def lines(asked: Asked, *, after: str = "", size: int = PAGE) -> tuple[list[Line], str]:
    """By item code, and the code to go on from ("" at the end)."""
    found = _places(asked)
    if asked.trouble:
        found = _troubled(found, asked.on)
    if after:
        found = found.filter(item__code__gt=after)
    codes = list(found.order_by("item__code").values_list("item__code", flat=True).distinct()[: size + 1])
    rows = found.filter(item__code__in=codes[:size]).select_related("item__department")
    told = _lines(rows.order_by("item__code", "law_key", "article", "suffix", "pk"), asked.on)
    return told, codes[size - 1] if len(codes) > size else ""


def _places(asked: Asked) -> QuerySet[CitedPlace]:
    found = CitedPlace.objects.filter(item__withdrawn_at=None)
    if asked.law:
        found = found.filter(law_key=law.key_of(asked.law))
    if asked.article:
        found = found.filter(article=asked.article, suffix=asked.suffix)
    return found


def _troubled(found: QuerySet[CitedPlace], on: date) -> QuerySet[CitedPlace]:
    """Those of its places that are not in force on that day, or of which it can't be said."""
    distinct = list(found.order_by().values_list("law_key", "article", "suffix").distinct())
    standings = law.standings(distinct, on=on)
    bad: dict[tuple[str, int], list[int]] = {}
    for key, article, suffix in distinct:
        if standings[key, article, suffix].state not in FINE:
            bad.setdefault((key, suffix), []).append(article)
    chosen = CitedPlace.objects.none()
    for (key, suffix), articles in bad.items():
        chosen = chosen | CitedPlace.objects.filter(law_key=key, suffix=suffix, article__in=articles)
    return found & chosen if bad else found.none()


def _lines(rows: Iterable[CitedPlace], on: date) -> list[Line]:
    held = list(rows)
    standings = law.standings([(row.law, row.article, row.suffix) for row in held], on=on)
    slugs = law.slugs_of({row.law for row in held})
    posts = identity.posts_by_code({row.responsible_post for row in held if row.responsible_post})
    told: dict[Any, Line] = {}
    for row in held:
        known = posts.get(row.responsible_post)
        post = known.name if known else row.responsible_post
        line = told.setdefault(row.item_id, Line(row.item, post, []))
        words = f"《{row.law}》" + law.words_of(row.article, row.suffix, row.paragraph, row.point)
        stands = standings[row.law, row.article, row.suffix]
        line.places.append(Place(words, row.where, stands, slugs.get(row.law, ""), row.article, row.suffix))
    return list(told.values())


def cited_laws(code: str) -> list[str]:
    """The names of laws, as written, that an item's current definition cites."""
    return list(
        CitedPlace.objects.filter(item__code=code).order_by().values_list("law", flat=True).distinct()
    )


def items_citing(law_key: str) -> list[tuple[str, str, Sequence[tuple[int, int]]]]:
    """Code, name and cited articles (number, suffix) of the first items that cite a law."""
    found = CitedPlace.objects.filter(law_key=law_key, item__withdrawn_at=None)
    codes = list(
        found.order_by("item__name", "item__code").values_list("item__name", "item__code").distinct()[:USES]
    )
    rows = found.filter(item__code__in=[code for _, code in codes]).order_by("article", "suffix")
    articles: dict[str, dict[tuple[int, int], None]] = {}
    for code, article, suffix in rows.values_list("item__code", "article", "suffix"):
        articles.setdefault(code, {})[article, suffix] = None
    return [(code, name, list(articles[code])) for name, code in codes]
