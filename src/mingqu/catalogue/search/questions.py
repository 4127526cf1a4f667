"""
What somebody asks, taken apart: everyday phrases (English ones too: `english`) are read as official words, fillers fall
away, the rest is cut into words. Pure but for reading the product's own sayings once per process.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from mingqu.catalogue.search import english
from mingqu.catalogue.search.lexemes import initials, normal, soft, sound
from mingqu.catalogue.search.types import Book, Part, Question, Saying, Way
from mingqu.kernel import chinese
from mingqu.kernel.yaml_text import read_yaml

SAYINGS = Path(__file__).with_name("sayings.yaml")
GAP = ".{0,5}?"  # what _ in a saying stands for: 开_饭店 also reads 开一家小饭店
ASKED_AT_MOST = 60
READ_AS = 0.95  # a saying is nearly as good as the official words themselves
VAGUE = 0.88
LATER, LATEST = 0.02, 0.85  # what a saying names second is a little less likely, and so on down to
ABOUT = frozenset("nsgijlx")  # first letters of the kinds of words that tell what a question is about
_CHINESE = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]")


@lru_cache(maxsize=1)
def book() -> Book:
    """The product's sayings (sayings.yaml)."""
    told: dict[str, Any] = read_yaml(SAYINGS.read_text("utf-8"))
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
    sayings += [Saying(normal_saying(word), ()) for word in told["outside"]]
    fillers = sorted({normal(word) for word in told["fillers"]}, key=len, reverse=True)
    return Book(tuple(sayings), tuple(fillers), frozenset(told["weak"]), deeds)


@lru_cache(maxsize=1)
def _by_start() -> dict[str, list[Saying]]:
    """The product's sayings by the first two characters that must stand in a question."""
    found: dict[str, list[Saying]] = {}
    for one in book().sayings:
        found.setdefault(one.everyday.split("_")[0][:2], []).append(one)
    return found


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, str]:
    """The product's sayings by how they sound and by their initials; of several the first."""
    found: dict[str, str] = {}
    for spelt in (sound, initials):
        for one in book().sayings:
            said = one.everyday.replace("_", "")
            if len(said) > 1 and len(spelt(said)) > 2:
                found.setdefault(spelt(said), said)
    return found


def heard(letters: str) -> str:
    """The sayings that, one after the other, sound like these letters; "" where some of them are left over."""
    known, rest, said = _by_sound(), soft(letters), ""
    while rest:
        size = next((size for size in range(len(rest), 3, -1) if rest[:size] in known), 0)
        if not size:
            return known.get(letters, "") if not said else ""
        said, rest = said + known[rest[:size]], rest[size:]
    return said


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
        if known := english.parts(plain, book().deeds):
            return Question(plain, known, deeds=frozenset(part.deed for part in known if part.deed))
        letters = plain.replace(" ", "")
        return Question(plain, (Part(plain, (Way((letters,)),)),), letters)
    whole = book()
    mine = {one.everyday for one in own}
    starts = dict.fromkeys(plain[n : n + size] for n in range(len(plain)) for size in (1, 2))
    near = [one for start in starts for one in _by_start().get(start, ())]
    sayings = [*own, *(one for one in near if one.everyday not in mine and one.everyday not in off)]
    deeds = {one.deed for one in sayings if one.deed and one.everyday in plain}
    return Question(plain, tuple(_parts(plain, sayings, whole)), deeds=frozenset(deeds))


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
    ways = tuple(
        Way(tuple(normal(official).split()), max(LATEST, READ_AS - LATER * place))
        for place, official in enumerate(one.official)
    )
    said = one.everyday.replace("_", "…")
    if not one.official:
        return Part(said, ())  # what no service is about
    if one.deed:
        return Part(said, (Way((one.everyday,)), *ways), weak=True, deed=one.deed)
    plain = one.everyday.replace("_", "")
    vague = any(plain in official for official in one.official)  # 工伤 stands in every name about it
    return Part(said, (Way((plain,), VAGUE if vague else 1.0), *ways))


def _words(piece: str, whole: Book) -> list[Part]:
    """Words of a piece without fillers; a lone character says little."""
    words = [(word, kind) for word, kind in chinese.words(piece) if word not in whole.fillers]
    return [
        Part(
            word,
            (Way((word,)),),
            weak=word in whole.weak or len(word) == 1,
            light=kind[0] not in ABOUT and kind != "vn",
        )
        for word, kind in words
    ]


def read_as(of: Question) -> tuple[tuple[str, str], ...]:
    """Everyday phrases of a question and the official words they were read as."""
    return tuple(
        (part.said, " / ".join(" ".join(way.words) for way in part.ways[1:4]))
        for part in of.parts
        if len(part.ways) > 1 and not part.deed
    )
