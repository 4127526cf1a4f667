"""Which article asks for something by its name, so that an item called so may rest on it: a proposal. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import regex

# What is done with the thing right before its name: 申请领取取水许可证, 核发乡村建设规划许可证, 国家实行农药登记制度.
_DONE = "申请|申领|取得|领取|办理|核发|颁发|发给|实行|进行"
_NEAR = 8  # signs between what is done and the name, within one clause
_OUGHT = regex.compile(r"应当|须|必须|不得|未经|方可|依法|实行|核发|经")
_FEW_LAWS = 3


@dataclass(frozen=True)
class Place:
    """An article that has the name in it. `rank`: of its law, a smaller one is higher."""

    law: str
    rank: int
    article: int
    text: str


def lays_down(text: str, name: str) -> bool:
    """Whether an article asks for the thing with this name, or gives it, and does not only mention it."""
    done = regex.search(rf"(?:{_DONE})[^。；，\n]{{0,{_NEAR}}}{regex.escape(name)}", text)
    return done is not None and _OUGHT.search(text) is not None


def foremost(name: str, places: Sequence[Place]) -> list[Place]:
    """
    The articles that lay the thing down, those of its own law first: the one that bears its name, else the one that
    speaks of it in most articles. Nothing where many laws speak of it and none of them mostly: a common word.
    """
    often = Counter(place.law for place in places)
    found = [place for place in places if lays_down(place.text, name)]
    found.sort(key=lambda one: (name not in one.law, -often[one.law], one.rank, one.article))
    if not found:
        return []
    first = found[0].law
    common = len(often) > _FEW_LAWS and 2 * often[first] < sum(often.values())
    return [] if common and name not in first else found
