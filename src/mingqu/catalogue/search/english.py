"""A question typed in English, read as the official Chinese words. Pure but for reading the list once per process."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from mingqu.catalogue.search.lexemes import normal
from mingqu.catalogue.search.types import Part, Way
from mingqu.kernel.yaml_text import read_yaml

WORDS = Path(__file__).with_name("english.yaml")
LONGEST = 4  # words of a phrase
READ_AS, LATER, LATEST = 0.95, 0.02, 0.85  # as for sayings (`questions`)


class Known(NamedTuple):
    """The list, by what is typed: deeds, what services are about, and words that say nothing."""

    deeds: dict[str, str]
    phrases: dict[str, Sequence[str]]
    fillers: frozenset[str]


def _stem(word: str) -> str:
    """One spelling of a word: the singular, licence."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word.replace("license", "licence")


def _spelt(text: str) -> str:
    return " ".join(map(_stem, normal(text).split()))


@lru_cache(maxsize=1)
def known() -> Known:
    told: dict[str, Any] = read_yaml(WORDS.read_text("utf-8"))
    return Known(
        {_spelt(said): deed for deed, words in told["deeds"].items() for said in words},
        {_spelt(said): official for said, official in told["phrases"].items()},
        frozenset(map(_spelt, told["fillers"])),
    )


def parts(plain: str, deeds: Mapping[str, Sequence[str]]) -> tuple[Part, ...]:
    """
    What a question in Latin letters is about, read as English; () where that fails: one of its words is not in the list
    (it is pinyin, or a name), or nothing is named but what is to be done. `deeds`: the official words of each.
    """
    told = known()
    left, found = [_stem(word) for word in plain.split()], list[Part]()
    while left:
        sizes = range(min(LONGEST, len(left)), 0, -1)
        said = next((one for size in sizes if (one := " ".join(left[:size])) in told.phrases), "")
        if said:
            found.append(_part(said, told.phrases[said]))
        elif left[0] in told.deeds:
            found.append(_part(left[0], deeds[told.deeds[left[0]]], told.deeds[left[0]]))
        elif left[0] not in told.fillers:
            return ()
        left = left[len(said.split()) or 1 :]
    return tuple(dict.fromkeys(found)) if any(not part.deed for part in found) else ()


def _part(said: str, official: Sequence[str], deed: str = "") -> Part:
    ways = (Way((words,), max(LATEST, READ_AS - LATER * place)) for place, words in enumerate(official))
    return Part(said, (Way((said.replace(" ", ""),)), *ways), weak=bool(deed), deed=deed)
