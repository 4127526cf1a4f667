"""
How well a row of the index answers a question: pure.

`cover` is the share of what was asked for that stands there, each part weighted by how rare it is; a part of a question
counts in full in a name, less in other names, materials or situations, least by its sound. `points` order what is
covered: names that say little else, and the deed that was asked for, come first.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log

from mingqu.catalogue.search.lexemes import initials, pairs, sound
from mingqu.catalogue.search.types import Part, Question, Row, Score, Way

NAME, ALIAS, BODY, SOUND, SHORT, PIECES = 1.0, 0.97, 0.55, 0.75, 0.85, 0.6
LIGHT, LIGHT_ASIDE = 0.5, 0.15  # the same of a verb, an adverb, a number
WEAK, DEED, LEAST = 0.12, 0.3, 0.35  # weights: of weak words, of deeds, of the commonest word
UNKNOWN, ASIDE = (
    1.25,
    0.45,
)  # of a word that stands nowhere: alone, and beside something that was surely understood
OUTSIDE = 2.5  # of what no service is about
BESIDE = 0.5  # times that again: of a shorter saying beside a longer one
READ = 1.8  # times the weight: what a saying reads as official words is surely about a service
PRECISE, OFFERED = 0.22, 0.03
OTHER_DEED, UNASKED_DEED, UNASKED_QUERY, NEW = -0.14, -0.06, -0.1, 0.02
LONGEST_PHRASE, PHRASE_SOUND = 20, 0.85
ENOUGH = 0.46  # of a question must be covered, else nothing was found
BEHIND = 0.4  # what covers that much less than the best is left out


def weight(part: Part, asked: Question, entries: Mapping[str, int], total: int) -> float:
    """How much a part says: rare words much, what a saying reads as official words most, lone words hardly."""
    if not part.ways:
        return OUTSIDE
    if part.deed:
        return DEED
    if part.weak:
        return WEAK
    known = [
        max((entries.get(pair, 0) for pair in pairs(word)), default=0)
        for way in part.ways
        for word in way.words
    ]
    if not any(known):
        if any(len(one.ways) > 1 and not one.deed for one in asked.parts):
            return LIGHT_ASIDE if part.light else ASIDE
        return LIGHT if part.light else UNKNOWN
    rare = log(1 + total / (1 + max(known, default=0))) / log(2 + total)
    much = LEAST + (1 - LEAST) * min(1.0, rare)
    if len(part.ways) > 1:
        longest = max((one for one in asked.parts if len(one.ways) > 1 and not one.deed), key=_length)
        return much * READ * (1.0 if part is longest else BESIDE)
    return min(much, LIGHT) if part.light else much


def _length(part: Part) -> int:
    return len(part.said.replace("…", ""))


class Ranking:
    """One question made ready for many rows. `deeds`: the words by which a name tells what is done."""

    def __init__(
        self, asked: Question, weights: Mapping[Part, float], deeds: Mapping[str, Sequence[str]]
    ) -> None:
        self.asked, self.weights, self.total = asked, list(weights.items()), sum(weights.values()) or 1.0
        self.text = asked.text.replace(" ", "")
        self.heard = sound(self.text) if 2 < len(self.text) <= LONGEST_PHRASE and not asked.letters else ""
        self.pieces = _pairs(self.text)
        self.wanted = set(asked.deeds)
        self.wanted |= {deed for deed, words in deeds.items() if any(word in asked.text for word in words)}
        self.deeds = {deed: re.compile("|".join(words)) for deed, words in deeds.items()}

    def score(self, row: Row) -> Score | None:
        """How well this row answers; None where too little of the question is covered."""
        got, lit = 0.0, 0
        told: list[tuple[str, str, str]] = []
        name = row.names.split("\n", 1)[0]
        for part, heavy in self.weights:
            best, where, words = self._part(part, row, name)
            if best:
                got += heavy * best
                told.append((part.said, where, " ".join(words)))
                lit += sum(len(word) for word in words) if where == "name" else 0
        cover = got / self.total
        if self.heard and cover < NAME and (whole := self._whole(row)) > cover:
            cover = whole
        if cover < ENOUGH:
            return None
        precise = 1 / (1 + len(name) / 8) if self.asked.letters else min(1.0, lit / max(1, len(name)))
        points = (
            cover
            + PRECISE * precise
            + OFFERED * row.applicable
            + self._deeds(name, "".join(words for _, _, words in told))
        )
        return Score(cover, points, tuple(told))

    def _part(self, part: Part, row: Row, name: str) -> tuple[float, str, tuple[str, ...]]:
        """The best of its ways: how well, where, by which words."""
        best, where, words = 0.0, "", tuple[str, ...]()
        for way in part.ways:
            much, place = _letters(way.words[0], row) if self.asked.letters else _way(way, row, name)
            if much > best:
                best, where, words = much, place, way.words
                if much == NAME:
                    break
        return best, where, words

    def _whole(self, row: Row) -> float:
        """The question as one phrase: it stands in a name, sounds like a part of one, or shares most of its pairs."""
        if self.text in row.names:
            return NAME
        if self.heard in row.sounds:
            return PHRASE_SOUND
        share = sum(pair in row.names for pair in self.pieces) / len(self.pieces)
        return PHRASE_SOUND * share if len(self.text) > 3 and share >= 0.5 else 0.0

    def _deeds(self, name: str, matched: str) -> float:
        """补办 when 补办 was asked for; a new licence rather than its cancellation when no deed was."""
        has = {deed for deed, words in self.deeds.items() if words.search(name)}
        points = NEW if not self.wanted and "new" in has else 0.0
        others = {deed for deed in has - self.wanted - {"new"} if not self.deeds[deed].search(matched)}
        if "enquire" in others:
            points += UNASKED_QUERY
        if others - {"enquire"}:
            points += OTHER_DEED if self.wanted - {"new"} and not has & self.wanted else UNASKED_DEED
        return points


def _way(way: Way, row: Row, name: str) -> tuple[float, str]:
    """All words of a way, on average; where the worst of them was found."""
    much, worst, where = 0.0, 2.0, ""
    for word in way.words:
        one, place = _word(word, row, name)
        much += one
        if one < worst:
            worst, where = one, place
    much /= len(way.words)
    return much * way.factor * (1.0 if worst else 0.6), where


def _word(word: str, row: Row, name: str) -> tuple[float, str]:
    if word in name:
        return (NAME if len(word) > 1 else PIECES), "name"
    if word in row.names:
        return (ALIAS if len(word) > 1 else PIECES), "alias"
    if len(word) > 1 and word in row.body:
        return BODY, "text"
    if len(word) > 2 and (heard := sound(word)) and heard in row.sounds:
        return SOUND, "sound"
    if len(word) > 2:
        parts = _pairs(word)
        share = sum(pair in row.names for pair in parts) / len(parts)
        if share >= 0.5:
            return PIECES * share, "pieces"
    return 0.0, ""


def _letters(letters: str, row: Row) -> tuple[float, str]:
    """Typed in Latin letters: a Latin word of a name, its sound, its initials."""
    if letters in row.names:
        return NAME, "name"
    heard = sound(letters)
    if len(heard) > 2 and heard in row.sounds:
        return (SHORT if any(line.startswith(heard) for line in row.sounds.split("\n")) else SOUND), "sound"
    if len(letters) > 1 and (short := initials(letters)) in row.initials:
        return (
            SHORT if any(line.startswith(short) for line in row.initials.split("\n")) else SOUND
        ), "initials"
    return 0.0, ""


@lru_cache(maxsize=20_000)
def _pairs(word: str) -> tuple[str, ...]:
    return tuple(pairs(word))
