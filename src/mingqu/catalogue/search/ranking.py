"""
How well a row of the index answers a question: pure.

`cover` is the share of what was asked for that stands there, each part weighted by how rare it is; a part of a question
counts in full in a name, less in other names, materials or situations, least by its sound. `points` order what is
covered: names that say little else, and the deed that was asked for, come first.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log
from typing import NamedTuple

from mingqu.catalogue.search.lexemes import initials, pairs, sound
from mingqu.catalogue.search.types import Part, Question, Row, Score

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


class Word(NamedTuple):
    """A word made ready: what it is worth in a name and in another name; "" and () where it is not looked for so."""

    text: str
    name: float
    alias: float
    body: bool
    heard: str
    pieces: tuple[str, ...]


class Ready(NamedTuple):
    """A way made ready: how sure, its words, the same as one text, their length together."""

    factor: float
    words: tuple[Word, ...]
    text: str
    size: int


def _ready(word: str, *, sounded: bool) -> Word:
    said, long = len(word) > 1, len(word) > 2
    return Word(
        word,
        NAME if said else PIECES,
        ALIAS if said else PIECES,
        said,
        sound(word) if long and sounded else "",
        _pairs(word) if long else (),
    )


class Ranking:
    """
    One question made ready for many rows. `deeds`: the words by which a name tells what is done; `sounded`: the rows
    have their sounds.
    """

    def __init__(
        self,
        asked: Question,
        weights: Mapping[Part, float],
        deeds: Mapping[str, Sequence[str]],
        *,
        sounded: bool,
    ) -> None:
        self.asked, self.total = asked, sum(weights.values()) or 1.0
        self.parts = [(part.said, heavy, _ways_of(part, sounded)) for part, heavy in weights.items()]
        self.text = asked.text.replace(" ", "")
        self.phrase = 2 < len(self.text) <= LONGEST_PHRASE and not asked.letters
        self.heard = sound(self.text) if self.phrase and sounded else ""
        self.pieces = _pairs(self.text)
        self.wanted = set(asked.deeds)
        self.wanted |= {deed for deed, words in deeds.items() if any(word in asked.text for word in words)}
        self.deeds = deeds
        self.by_word = [(word, deed) for deed, words in deeds.items() for word in words]
        self.known: dict[tuple[str, str, bool], Score | None] = {}

    def score(self, row: Row) -> Score | None:
        """How well this row answers; None where too little of the question is covered."""
        same = row.names, row.body, row.applicable  # districts share names and materials
        if same not in self.known:
            self.known[same] = self._score(row)
        return self.known[same]

    def _score(self, row: Row) -> Score | None:
        got, lit = 0.0, 0
        told: list[tuple[str, str, str]] = []
        name = row.names.split("\n", 1)[0]
        for said, heavy, ways in self.parts:
            best, where, way = _best(ways, row, name) if not self.asked.letters else self._letters(row)
            if best:
                got += heavy * best
                told.append((said, where, way.text))
                lit += way.size if where == "name" else 0
        cover = got / self.total
        if self.phrase and cover < NAME and (whole := self._whole(row)) > cover:
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

    def _letters(self, row: Row) -> tuple[float, str, Ready]:
        letters = self.asked.letters
        return *_letters(letters, row), Ready(1.0, (), letters, len(letters))

    def _whole(self, row: Row) -> float:
        """The question as one phrase: it stands in a name, sounds like a part of one, or shares most of its pairs."""
        names = row.names
        if self.text in names:
            return NAME
        if self.heard and self.heard in row.sounds:
            return PHRASE_SOUND
        if len(self.text) <= 3:
            return 0.0
        share = len([1 for pair in self.pieces if pair in names]) / len(self.pieces)
        return PHRASE_SOUND * share if share >= 0.5 else 0.0

    def _deeds(self, name: str, matched: str) -> float:
        """补办 when 补办 was asked for; a new licence rather than its cancellation when no deed was."""
        has = {deed for word, deed in self.by_word if word in name}
        points = NEW if not self.wanted and "new" in has else 0.0
        others = {
            deed
            for deed in has - self.wanted - {"new"}
            if not any(word in matched for word in self.deeds[deed])
        }
        if "enquire" in others:
            points += UNASKED_QUERY
        if others - {"enquire"}:
            points += OTHER_DEED if self.wanted - {"new"} and not has & self.wanted else UNASKED_DEED
        return points


def _ways_of(part: Part, sounded: bool) -> list[Ready]:
    return [
        Ready(
            way.factor,
            tuple(_ready(word, sounded=sounded) for word in way.words),
            " ".join(way.words),
            sum(map(len, way.words)),
        )
        for way in part.ways
    ]


_NONE = Ready(0.0, (), "", 0)


def _best(ways: Sequence[Ready], row: Row, name: str) -> tuple[float, str, Ready]:
    """The best of these ways: how well, where, which."""
    best, where, found, names = 0.0, "", _NONE, row.names
    for way in ways:
        factor, words, _, _ = way
        if factor <= best:  # no way is worth more than its factor
            continue
        if len(words) > 1:
            much, place = _together(words, row, name)
        else:
            word = words[0]
            if word[0] in names:
                much, place = (word.name, "name") if word[0] in name else (word.alias, "alias")
            elif word.body:
                much, place = _elsewhere(word, row)
            else:
                continue
        if much * factor > best:
            best, where, found = much * factor, place, way
    return best, where, found


def _together(words: Sequence[Word], row: Row, name: str) -> tuple[float, str]:
    """All words of a way, on average; where the worst of them was found."""
    much, worst, where = 0.0, 2.0, ""
    for word in words:
        if word.text in row.names:
            one, place = (word.name, "name") if word.text in name else (word.alias, "alias")
        else:
            one, place = _elsewhere(word, row)
        much += one
        if one < worst:
            worst, where = one, place
    return much / len(words) * (1.0 if worst else 0.6), where


def _elsewhere(word: Word, row: Row) -> tuple[float, str]:
    """Of a word that stands in no name."""
    if word.body and word.text in row.body:
        return BODY, "text"
    if word.heard and word.heard in row.sounds:
        return SOUND, "sound"
    if word.pieces:
        names = row.names
        share = len([1 for pair in word.pieces if pair in names]) / len(word.pieces)
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
