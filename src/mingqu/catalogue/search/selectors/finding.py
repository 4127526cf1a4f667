"""Questions to the index. What is published is public, so none of them checks access."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from mingqu.catalogue.search import questions, ranking
from mingqu.catalogue.search.lexemes import (
    FILTER,
    INITIALS,
    SOUND,
    WHOLE,
    initials,
    narrowing,
    normal,
    pairs,
    runs,
    sound,
)
from mingqu.catalogue.search.models import SearchSaying
from mingqu.catalogue.search.types import Found, Hit, Kind, Narrow, Question, Row, Saying, Score
from mingqu.kernel.codelists import code_list

CANDIDATES = 300  # rows that are looked at one by one
BUDGET = 600  # rows that the rare lexemes of a question may lead to
PAGE = 20
SUGGESTED = 8
PERSONAL = "natural_person"

_ROWS = (
    "SELECT kind, code, name, aliases, body, sounds, initials, applicable, summary, department_name, audience,"
    " handling_kind FROM catalogue_searchentry WHERE lexemes @@ %s::tsquery LIMIT %s"
)


def find(text: str, to: Narrow | None = None, *, after: str = "", most: int = PAGE) -> Found:
    """
    What answers a question, best first, and nothing where too little of it is covered.

    `after`: the code of the last one seen; one that is not found begins anew.
    """
    asked = questions.question(text, *_own_sayings(text))
    if not asked.parts or (all(part.weak for part in asked.parts) and len(asked.text) < 2):
        return Found()
    ranked = _ranked(asked, to or Narrow())
    place = next((n + 1 for n, hit in enumerate(ranked) if hit.code == after), 0) if after else 0
    hits = ranked[place : place + most]
    return Found(tuple(hits), len(ranked) > place + most, questions.read_as(asked))


def suggestions(text: str, to: Narrow | None = None) -> list[Hit]:
    """The first few, while somebody is still typing."""
    return list(find(text, to, most=SUGGESTED).hits) if len(text.strip()) > 1 else []


def _own_sayings(text: str) -> tuple[list[Saying], frozenset[str]]:
    """Those of the installation that may stand in this text; the product's that are switched off."""
    rows = SearchSaying.objects.extra(
        where=["%s LIKE '%%' || replace(everyday, '_', '%%') || '%%'"], params=[normal(text)]
    ).values_list("everyday", "official", "active")
    own = [Saying(everyday, tuple(official)) for everyday, official, active in rows if active]
    return own, frozenset(everyday for everyday, _, active in rows if not active)


def _ranked(asked: Question, to: Narrow) -> list[Hit]:
    """First by the words; only when they lead to nothing good also by their sounds."""
    groups = narrowing(to, audience_codes(to.audience))
    hits = _scored(asked, groups, sounds=bool(asked.letters))
    if not asked.letters and (not hits or hits[0].cover < 0.75):
        hits = _scored(asked, groups, sounds=True) or hits
    return hits


def audience_codes(audience: str) -> list[str]:
    if audience == "all":
        return []
    return [
        value.code for value in code_list("audience") if (value.code == PERSONAL) == (audience == "personal")
    ]


def _scored(asked: Question, groups: Sequence[Sequence[str]], *, sounds: bool) -> list[Hit]:
    wanted = _lexemes(asked, sounds=sounds)
    total, entries = _entries(
        [*(one for group in wanted for one in group), *(one for group in groups for one in group)]
    )
    query = _query(wanted, groups, entries, total)
    if not query:
        return []
    weights = {part: ranking.weight(part, asked, entries, total) for part in asked.parts}
    ranked = ranking.Ranking(asked, weights, questions.book().deeds)
    found: list[tuple[Score, Sequence[Any]]] = []
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [query, CANDIDATES])
        for row in cursor.fetchall():
            seen = Row(row[1], row[0], row[1], row[3], row[4], row[5], row[6], row[7])
            if got := ranked.score(seen):
                found.append((got, row))
    if not found:
        return []
    best = max(got.cover for got, _ in found)
    found = [one for one in found if one[0].cover >= best - ranking.BEHIND]
    found.sort(key=lambda one: (-one[0].points, one[1][2], one[1][1]))
    return [_hit(got, row) for got, row in found]


def _lexemes(asked: Question, *, sounds: bool) -> list[list[str]]:
    """For each part that finds something, the lexemes that may lead to it."""
    if asked.letters:
        heard, short = sound(asked.letters), initials(asked.letters)
        return [
            [
                *pairs(asked.text),
                *(SOUND + run for run in runs(heard, 5)),
                *(INITIALS + run for run in runs(short, 3)),
            ]
        ]
    found = []
    strong = [part for part in asked.parts if not part.weak] or list(asked.parts)
    for part in strong:
        words = [word for way in part.ways for word in way.words]
        one = [pair for word in words for pair in pairs(word)]
        if sounds:
            one += [SOUND + run for word in words[:3] if len(word) > 2 for run in runs(sound(word), 5)]
        found.append(one)
    text = asked.text.replace(" ", "")
    if sounds and len(text) <= ranking.LONGEST_PHRASE:
        found.append([*pairs(text), *(SOUND + run for run in runs(sound(text), 5))])
    found.append([WHOLE + text[:58]])
    return found


def _entries(terms: Iterable[str]) -> tuple[int, dict[str, int]]:
    """How many entries there are, and in how many each lexeme stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT term, entries FROM catalogue_searchterm WHERE term = ANY(%s)", [[*set(terms), FILTER]]
        )
        known: dict[str, int] = dict(cursor.fetchall())
    return known.pop(FILTER, 0), known


def _query(
    wanted: Sequence[Sequence[str]], groups: Sequence[Sequence[str]], entries: dict[str, int], total: int
) -> str:
    """
    A tsquery that leads to few rows: any of the rarest lexemes, up to the budget; where even the rarest are common, two
    or three of different parts together. Runs of letters shorter than the index's are taken as beginnings.
    """
    share = 1.0
    for group in groups:
        share *= min(1.0, sum(entries.get(one, 0) for one in group) / max(1, total))
    known = sorted({one for group in wanted for one in group if one in entries}, key=lambda one: entries[one])
    chosen: list[str] = []
    spent = 0.0
    for one in known:
        spent += entries[one] * share
        if chosen and spent > BUDGET:
            break
        chosen.append(one)
    begins = [one for group in wanted for one in group if _is_beginning(one)]
    if not chosen and not begins:
        return ""
    any_of = [quoted(one) for one in chosen] + [f"{quoted(one)}:*" for one in begins]
    if chosen and entries[chosen[0]] * share > BUDGET:
        together = [
            min((one for one in group if one in entries), key=lambda one: entries[one], default="")
            for group in wanted
        ]
        both = [quoted(one) for one in dict.fromkeys(together) if one]
        any_of = [" & ".join(both)] if len(both) > 1 else any_of[:1]
    narrowed = ["(" + " | ".join(quoted(one) for one in group) + ")" for group in groups]
    return " & ".join(["(" + " | ".join(any_of) + ")", *narrowed])


def _is_beginning(one: str) -> bool:
    return (one[0] == SOUND and 3 < len(one) < 6) or (one[0] == INITIALS and len(one) == 3)


def quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _hit(got: Score, row: Sequence[Any]) -> Hit:
    kind: Kind = row[0]
    return Hit(
        kind,
        row[1],
        row[2],
        row[8],
        row[9],
        tuple(row[10]),
        row[11],
        row[7],
        marks=tuple(word for _, where, words in got.why if where == "name" for word in words.split()),
        why=got.why,
        cover=got.cover,
        points=got.points,
    )
