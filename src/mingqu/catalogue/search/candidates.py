"""
Which rows of the index a question is compared with: a text search query that leads to few of them. Pure.

The index tells which rows have certain lexemes, not how well they answer; so the rarest are looked for, up to a budget.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from mingqu.catalogue.search.lexemes import (
    FILTER,
    INITIALS,
    INITIALS_RUN,
    SOUND,
    SOUND_RUN,
    WHOLE,
    initials,
    pairs,
    runs,
    sound,
)
from mingqu.catalogue.search.ranking import LONGEST_PHRASE
from mingqu.catalogue.search.types import Question

BUDGET = 140  # rows that the lexemes of a question may lead to
RAREST = 3  # pairs of a way that are looked up: the others stand there nearly always too
# A filter that more rows fulfil is checked on the rows themselves: to meet its long list in the index costs more. Each
# filter in the index is a condition of its own, since the index then leaps in all lists and not only in the shortest.
COMMON = 0.2
HAS = "lexemes @@ %s::tsquery"
# By the letter of `lexemes.narrowing`; whether it takes all values, one, or (None) no parameter.
_COLUMNS: Mapping[str, tuple[str, bool | None]] = {
    "a": ("audience && %s::varchar[]", True),
    "t": ("theme = %s", False),
    "d": ("department_code = %s", False),
    "h": ("handling_kind = %s", False),
    "k": ("kind = %s", False),
    "g": ("applicable", None),
    "r": ("starts_with(region_code, %s)", False),
}


@dataclass(frozen=True)
class Known:
    """How many rows there are, and in how many of them a lexeme stands."""

    total: int
    entries: Mapping[str, int]

    def share(self, group: Sequence[str]) -> float:
        """The share of all rows that have one of these lexemes."""
        return min(1.0, sum(self.entries.get(one, 0) for one in group) / max(1, self.total))


@dataclass(frozen=True)
class Wanted:
    """
    What a row must fulfil. `any_of`: queries of text search, the surest first, each for so many rows as are looked at;
    and conditions in SQL over `catalogue_searchentry` with their parameters.
    """

    any_of: tuple[str, ...]
    conditions: tuple[str, ...]
    parameters: tuple[str | list[str], ...]


def wanted(
    asked: Question,
    lexemes: Sequence[Sequence[str]],
    groups: Sequence[Sequence[str]],
    known: Known,
    *,
    heard: bool,
) -> Wanted | None:
    """
    None where nothing can be found. `lexemes`: of `lexemes_of`; `groups`: what it is narrowed to; `heard`: also by
    parts of words and by sounds.
    """
    share = prod(known.share(group) for group in groups)
    if asked.letters:
        any_of = _of_letters(asked, known.entries)
    elif heard:
        any_of = _of_parts(lexemes, known.entries, share)
    else:
        any_of = _of_ways(asked, known.entries, share)
    if not any_of:
        return None
    conditions, parameters = list[str](), list[str | list[str]]()
    for group in groups:
        kind = group[0][1] if group[0].startswith(FILTER) else ""  # codes are no filter of a column
        if kind in _COLUMNS and known.share(group) > COMMON:
            condition, many = _COLUMNS[kind]
            values = [one.split(":", 1)[1] for one in group]
            parameters += [] if many is None else [values] if many else values[:1]
        else:
            condition = HAS
            parameters.append(" | ".join(quoted(one) for one in group))
        conditions.append(condition)
    return Wanted(tuple(any_of), tuple(conditions), tuple(parameters))


def _ways(asked: Question) -> list[list[list[str]]]:
    """For each part that finds something, for each way to say it, the pairs that all stand in what says it so."""
    strong = [part for part in asked.parts if not part.weak] or list(asked.parts)
    return [
        [list(dict.fromkeys(pair for word in way.words for pair in pairs(word))) for way in part.ways]
        for part in strong
    ]


def _of_ways(asked: Question, entries: Mapping[str, int], share: float) -> list[str]:
    """
    Rows that have one of these ways in full, the rarest first, up to the budget; where even the rarest is common, one
    way of each of the two rarest parts together. Who types a whole name finds it: rows that have the rarest pairs of
    the whole question are looked at apart where the others leave no room.
    """
    known: list[tuple[float, int, str]] = []
    for number, part in enumerate(_ways(asked)):
        for way in part:
            if way and all(pair in entries for pair in way):
                known.append(_rarest(way, number, entries, share))
    known.sort()
    chosen, spent = list[str](), 0.0
    for cost, _, text in known:
        spent += cost
        if spent > BUDGET:
            break
        chosen.append(text)
    if known and not chosen:
        _, first, text = known[0]
        others = list(dict.fromkeys(one for _, number, one in known if number != first))[:4]
        chosen, spent = [f"({text} & ({' | '.join(others)}))"] if others else [text], BUDGET
    whole = pairs(asked.text.replace(" ", ""))
    if len(whole) > 1 and all(pair in entries for pair in whole):
        cost, _, text = _rarest(whole, 0, entries, share)
        if spent + cost <= BUDGET:
            chosen.append(text)
        elif text not in chosen:
            return [text, *_either(chosen)]
    return _either(chosen)


def _rarest(
    way: Sequence[str], number: int, entries: Mapping[str, int], share: float
) -> tuple[float, int, str]:
    """To how many rows this way leads at most, the number of its part, its rarest pairs as a query."""
    rarest = sorted(set(way), key=lambda pair: entries[pair])[:RAREST]
    return entries[rarest[0]] * share, number, _all_of(rarest)


def _either(queries: Sequence[str]) -> list[str]:
    return [" | ".join(dict.fromkeys(queries))] if queries else []


def _all_of(lexemes: Sequence[str]) -> str:
    return "(" + " & ".join(quoted(one) for one in lexemes) + ")"


def lexemes_of(asked: Question) -> list[list[str]]:
    """For each part that finds something, the lexemes that may lead to it: parts of its words and their sounds."""
    if asked.letters:
        return _ways_of_letters(asked)
    found = []
    strong = [part for part in asked.parts if not part.weak] or list(asked.parts)
    for part in strong:
        words = [word for way in part.ways for word in way.words]
        one = [pair for word in words for pair in pairs(word)]
        one += [SOUND + run for word in words[:3] if len(word) > 2 for run in runs(sound(word), SOUND_RUN)]
        found.append(one)
    text = asked.text.replace(" ", "")
    if len(text) <= LONGEST_PHRASE:
        found.append([*pairs(text), *(SOUND + run for run in runs(sound(text), SOUND_RUN))])
    found.append([WHOLE + text[:58]])
    return found


def _of_parts(wanted: Sequence[Sequence[str]], entries: Mapping[str, int], share: float) -> list[str]:
    """
    Rows that have any of the rarest lexemes, up to the budget; where even the rarest are common, two or three of
    different parts together. Runs of letters shorter than the index's are taken as beginnings.
    """
    known = sorted({one for group in wanted for one in group if one in entries}, key=lambda one: entries[one])
    chosen: list[str] = []
    spent = 0.0
    for one in known:
        spent += entries[one] * share
        if chosen and spent > BUDGET:
            break
        chosen.append(one)
    any_of = [quoted(one) for one in chosen]
    any_of += [f"{quoted(one)}:*" for group in wanted for one in group if _is_beginning(one)]
    if chosen and entries[chosen[0]] * share > BUDGET:
        together = [
            min((one for one in group if one in entries), key=lambda one: entries[one], default="")
            for group in wanted
        ]
        both = [one for one in dict.fromkeys(together) if one]
        any_of = [_all_of(both)] if len(both) > 1 else any_of[:1]
    return _either(any_of)


def _of_letters(asked: Question, entries: Mapping[str, int]) -> list[str]:
    """
    Rows that hold these letters whole: as Latin words, as sounds or as initials, each by its rarest runs together.
    Letters shorter than the index's runs are taken as beginnings.
    """
    any_of = []
    for way in _ways_of_letters(asked):
        if len(way) == 1 and _is_beginning(way[0]):
            any_of.append(f"{quoted(way[0])}:*")
        elif way and all(one in entries for one in way):
            any_of.append(_all_of(sorted(set(way), key=lambda one: entries[one])[:RAREST]))
    return _either(any_of)


def _ways_of_letters(asked: Question) -> list[list[str]]:
    return [
        pairs(asked.text),
        [SOUND + run for run in runs(sound(asked.letters), SOUND_RUN)],
        [INITIALS + run for run in runs(initials(asked.letters), INITIALS_RUN)],
    ]


def _is_beginning(one: str) -> bool:
    return (one[0] == SOUND and 3 < len(one) < 6) or (one[0] == INITIALS and len(one) == 3)


def quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
