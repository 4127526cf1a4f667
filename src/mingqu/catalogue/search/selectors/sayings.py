"""All sayings, for the editors."""

from mingqu.catalogue.search.lexemes import normal
from mingqu.catalogue.search.models import SearchSaying
from mingqu.catalogue.search.questions import book
from mingqu.catalogue.search.types import Saying, SayingLine


def sayings(words: str = "", *, most: int = 60) -> list[SayingLine]:
    """Own ones first, then the product's; those that hold these words."""
    own = {row.everyday: row for row in SearchSaying.objects.order_by("-updated_at", "id")}
    lines = [SayingLine(row.everyday, tuple(row.official), row.active, True) for row in own.values()]
    lines += [_line(one) for one in book().sayings if one.official and one.everyday not in own]
    wanted = normal(words)
    return [one for one in lines if wanted in one.everyday or any(wanted in word for word in one.official)][
        :most
    ]


def _line(one: Saying) -> SayingLine:
    return SayingLine(one.everyday, one.official, True, False)
