"""How deep services go online, in all and by organ (网上办理深度): counts, and the share of 全程网办."""

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from mingqu.catalogue import selectors as catalogue
from mingqu.hall import selectors as hall
from mingqu.identity import selectors as identity
from mingqu.kernel.codelists import code_list
from mingqu.kernel.types import Instant

FULL = "full"
PAGE = 100  # organs


@dataclass(frozen=True)
class Level:
    code: str
    name: str
    says: str
    number: int


@dataclass(frozen=True)
class OrganDepth:
    """`share` of 全程网办 in percent with one decimal."""

    name: str
    number: int
    full: int
    share: Decimal


@dataclass(frozen=True)
class DepthPage:
    """All of it, and the organs by name; `more` is the name to go on from. `share` is None of nothing."""

    levels: tuple[Level, ...]
    number: int
    full: int
    share: Decimal | None
    organs: tuple[OrganDepth, ...]
    more: str


def words(code: str) -> tuple[str, str]:
    """The level in words, and what it means."""
    value = code_list("online_depth").require(code)
    return _(value.name), _(str(value.attributes["says"]))


def share(full: int, number: int) -> Decimal:
    """全程网办 ÷ all × 100, to one decimal."""
    return (Decimal(full * 100) / number).quantize(Decimal("0.1"), ROUND_HALF_UP)


def page(at: Instant, after: str = "") -> DepthPage:
    """What can be applied for and how far online; five statements whatever the number."""
    found = catalogue.depths(hall.bookable_items(at))
    levels = Counter[str]()
    numbers: dict[UUID, Counter[str]] = {}
    for organ, depth, number in found:
        levels[depth] += number
        numbers.setdefault(organ, Counter())[depth] += number
    known = identity.departments_by_id({organ for organ, _depth, _number in found})
    rows = sorted(
        (
            OrganDepth(one.name, counted.total(), counted[FULL], share(counted[FULL], counted.total()))
            for organ, counted in numbers.items()
            if (one := known.get(organ))
        ),
        key=lambda one: one.name,
    )
    rest = [one for one in rows if one.name > after]
    total = levels.total()
    return DepthPage(
        levels=tuple(
            Level(value.code, *words(value.code), levels[value.code]) for value in code_list("online_depth")
        ),
        number=total,
        full=levels[FULL],
        share=share(levels[FULL], total) if total else None,
        organs=tuple(rest[:PAGE]),
        more=rest[PAGE - 1].name if len(rest) > PAGE else "",
    )
