"""
What somebody asks, taken apart: everyday phrases are read as official words, fillers fall away, the rest is cut into
words. Pure but for reading the product's own sayings once per process.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import rjieba
import yaml

from mingqu.catalogue.search.lexemes import normal
from mingqu.catalogue.search.types import Book, Part, Question, Saying, Way

SAYINGS = Path(__file__).with_name("sayings.yaml")
GAP = ".{0,5}?"  # what _ in a saying stands for: 开_饭店 also reads 开一家小饭店
ASKED_AT_MOST = 60
READ_AS = 0.95  # a saying is nearly as good as the official words themselves
_CHINESE = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]")


@lru_cache(maxsize=1)
def book() -> Book:
    """The product's sayings (sayings.yaml)."""
    told: dict[str, Any] = yaml.safe_load(SAYINGS.read_text("utf-8"))
    deeds = {deed: tuple(one["official"]) for deed, one in told["deeds"].items()}
    sayings = [
        Saying(normal_saying(said), deeds[deed], deed)
        for deed, one in told["deeds"].items()
        for said in one["said"]
    ]
    known = {saying.everyday for saying in sayings}
    for said, official in told["sayings"].items():
        one = Saying(normal_saying(str(said)), tuple(official if isinstance(official, list) else [official]))
        if one.everyday not in known:
            sayings.append(one)
    fillers = sorted({normal(word) for word in told["fillers"]}, key=len, reverse=True)
    return Book(tuple(sayings), tuple(fillers), frozenset(told["weak"]), deeds)


def normal_saying(text: str) -> str:
    """The normal spelling of an everyday phrase, its gap kept."""
    return "_".join(normal(piece).replace(" ", "") for piece in text.split("_"))


@lru_cache(maxsize=8192)
def _pattern(everyday: str) -> re.Pattern[str]:
    return re.compile(GAP.join(f"({re.escape(piece)})" for piece in everyday.split("_")))


def question(text: str, own: Sequence[Saying] = (), off: frozenset[str] = frozenset()) -> Question:
    """Take a question apart. `own`: sayings of the installation, which win; `off`: the product's that are not used."""
    plain = normal(text[:ASKED_AT_MOST])
    if plain and not _CHINESE.search(plain):
        letters = plain.replace(" ", "")
        return Question(plain, (Part(plain, (Way((letters,)),)),), letters)
    whole = book()
    mine = {one.everyday for one in own}
    sayings = [*own, *(one for one in whole.sayings if one.everyday not in mine and one.everyday not in off)]
    return Question(plain, tuple(_parts(plain, sayings, whole)))


def _parts(plain: str, sayings: Sequence[Saying], whole: Book) -> list[Part]:
    """Longest sayings first, deeds after all others; then the words of what is left."""
    found: list[tuple[int, Part]] = []
    left = list(plain)
    near = [one for one in sayings if all(piece in plain for piece in one.everyday.split("_"))]
    for one in sorted(near, key=lambda one: (bool(one.deed), -len(one.everyday.replace("_", "")))):
        match = _pattern(one.everyday).search("".join(left))
        if match is None:
            continue
        for number in range(1, len(one.everyday.split("_")) + 1):
            for place in range(*match.span(number)):
                left[place] = "\n"
        found.append((match.start(), _part_of(one)))
    rest = "".join(left)
    for filler in whole.fillers:
        if len(filler) > 1 and filler in rest:
            rest = rest.replace(filler, "\n" * len(filler))
    for match in re.finditer(r"[^\n ]+", rest):
        found += [(match.start(), part) for part in _words(match.group(), whole)]
    return [part for _, part in sorted(found, key=lambda one: one[0])]


def _part_of(one: Saying) -> Part:
    ways = tuple(Way(tuple(normal(official).split()), READ_AS) for official in one.official)
    said = one.everyday.replace("_", "…")
    if one.deed:
        return Part(said, (Way((one.everyday,)), *ways), weak=True, deed=one.deed)
    return Part(said, (Way((one.everyday.replace("_", ""),)), *ways))


def _words(piece: str, whole: Book) -> list[Part]:
    """Words of a piece without fillers; a lone character says little."""
    words = [word for word in rjieba.cut(piece, False) if word not in whole.fillers]
    return [Part(word, (Way((word,)),), weak=word in whole.weak or len(word) == 1) for word in words]


def read_as(of: Question) -> tuple[tuple[str, str], ...]:
    """Everyday phrases of a question and the official words they were read as."""
    return tuple(
        (part.said, " / ".join(" ".join(way.words) for way in part.ways[1:4]))
        for part in of.parts
        if len(part.ways) > 1 and not part.deed
    )
