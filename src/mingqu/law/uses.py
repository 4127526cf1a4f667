"""
What rests on a law, as rooms above tell it: the library itself knows no services.

A room offers one teller per audience in its `AppConfig.ready`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Audience = Literal["public", "staff"]


@dataclass(frozen=True)
class Use:
    """Something that cites a law: its name and page, and the articles (number, suffix) cited, (0, 0) for the whole."""

    name: str
    url: str
    articles: Sequence[tuple[int, int]]


Teller = Callable[[str], Sequence[Use]]  # by the law's key

_tellers: dict[Audience, Teller] = {}


def offer_uses(audience: Audience, teller: Teller) -> None:
    _tellers[audience] = teller


def uses_of(key: str, audience: Audience) -> Sequence[Use]:
    teller = _tellers.get(audience)
    return teller(key) if teller else []
