"""
How well a row of the index answers a question: pure.

`cover` is the share of what was asked for that stands there, each part weighted by how rare it is; a part of a question
counts in full in a name, less in other names, materials or situations, least by its sound. `points` order what is
covered: names that say little else, and the deed that was asked for, come first.
"""

from collections.abc import Mapping
from math import log

from mingqu.catalogue.search.lexemes import initials, pairs, sound
from mingqu.catalogue.search.types import Part, Question, Row, Score, Way

NAME, ALIAS, BODY, SOUND, SHORT, PIECES = 1.0, 0.97, 0.55, 0.75, 0.85, 0.6
WEAK, DEED, LEAST = 0.12, 0.3, 0.35  # weights: of weak words, of deeds, of the commonest word
UNKNOWN, ASIDE = (
    1.25,
    0.45,
)  # of a word that stands nowhere: alone, and beside something that was surely understood
READ = 1.8  # times the weight: what a saying reads as official words is surely about a service
PRECISE, OFFERED = 0.22, 0.03
OTHER_DEED, UNASKED_DEED, UNASKED_QUERY, NEW = -0.14, -0.06, -0.1, 0.02
LONGEST_PHRASE, PHRASE_SOUND = 20, 0.85
ENOUGH = 0.46  # of a question must be covered, else nothing was found
BEHIND = 0.4  # what covers that much less than the best is left out


def weight(part: Part, asked: Question, entries: Mapping[str, int], total: int) -> float:
    """How much a part says: rare words much, what a saying reads as official words most, lone words hardly."""
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
        return ASIDE if any(len(one.ways) > 1 for one in asked.parts) else UNKNOWN
    rare = log(1 + total / (1 + max(known, default=0))) / log(2 + total)
    return (LEAST + (1 - LEAST) * min(1.0, rare)) * (READ if len(part.ways) > 1 else 1.0)


def score(
    asked: Question, row: Row, weights: Mapping[Part, float], deeds: Mapping[str, tuple[str, ...]]
) -> Score:
    """How well this row answers."""
    whole = sum(weights.values()) or 1.0
    got, told, lit = 0.0, [], 0
    name = row.names.split("\n", 1)[0]
    for part, heavy in weights.items():
        best, where, words = 0.0, "", ()
        for way in part.ways:
            much, place = _letters(way.words[0], row) if asked.letters else _way(way, row, name)
            if much > best:
                best, where, words = much, place, way.words
        got += heavy * best
        if best:
            told.append((part.said, where, " ".join(words)))
            lit += sum(len(word) for word in words) if where == "name" else 0
    cover = got / whole
    if not asked.letters:
        cover = max(cover, _whole(asked.text.replace(" ", ""), row))
    precise = min(1.0, lit / max(1, len(name))) if not asked.letters else 1 / (1 + len(name) / 8)
    points = cover + PRECISE * precise + OFFERED * row.applicable + _deeds(asked, name, deeds)
    return Score(cover, points, tuple(told))


def _whole(text: str, row: Row) -> float:
    """The question as one phrase: it stands in a name, sounds like a part of one, or shares most of its pairs."""
    if len(text) < 3 or len(text) > LONGEST_PHRASE:
        return 0.0
    if text in row.names:
        return NAME
    if sound(text) in row.sounds:
        return PHRASE_SOUND
    parts = pairs(text)
    share = sum(pair in row.names for pair in parts) / len(parts)
    return PHRASE_SOUND * share if len(text) > 3 and share >= 0.5 else 0.0


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
        parts = pairs(word)
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


def _deeds(asked: Question, name: str, deeds: Mapping[str, tuple[str, ...]]) -> float:
    """补办 when 补办 was asked for; a new licence rather than its cancellation when no deed was."""
    wanted = {part.deed for part in asked.parts if part.deed}
    wanted |= {deed for deed, words in deeds.items() if any(word in asked.text for word in words)}
    has = {deed for deed, words in deeds.items() if any(word in name for word in words)}
    points = NEW if not wanted and "new" in has else 0.0
    others = has - wanted - {"new"}
    if "enquire" in others:
        points += UNASKED_QUERY
    if others - {"enquire"}:
        points += OTHER_DEED if wanted - {"new"} and not (has & wanted) else UNASKED_DEED
    return points
