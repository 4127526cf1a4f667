"""Questions to the index. What is published is public, so none of them checks access."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from mingqu.catalogue.search import candidates, questions, ranking
from mingqu.catalogue.search.lexemes import FILTER, narrowing
from mingqu.catalogue.search.models import SearchEntry
from mingqu.catalogue.search.types import Found, Hit, Narrow, Question, Row, Saying, Score
from mingqu.kernel import training
from mingqu.kernel.codelists import code_list

CANDIDATES = 140  # rows that are looked at one by one
SURE = 0.75  # cover from which on nobody looks for what sounds alike
PAGE = 20
SUGGESTED = 8
PERSONAL = "natural_person"

# Written out, and few: to make a statement, send it and wait for it is a good part of an answer.
_COUNTED = """
SELECT term, entries, NULL::varchar[], NULL::boolean FROM catalogue_searchterm WHERE term = ANY(%s)
UNION ALL SELECT everyday, NULL, official, active FROM catalogue_searchsaying
WHERE %s LIKE '%%' || replace(everyday, '_', '%%') || '%%'
"""
_SEEN = (
    "SELECT id::text, kind, code, aliases, body, {heard}, applicable, name, summary, department_name,"
    " array_to_string(audience, ' '), handling_kind FROM catalogue_searchentry WHERE {conditions} LIMIT %s"
)
Told = tuple[
    str, ...
]  # of a row what only the page needs: name, summary, department, audience, kind of handling
Scored = tuple[Score, Row, Told]


class Reader:
    """
    The index, read for one answer. `entries`: in how many rows each lexeme stands, so far as it was asked for; `total`:
    how many rows there are.
    """

    def __init__(self, cursor: Any, to: Narrow) -> None:
        self.cursor = cursor
        self.groups = narrowing(to, audience_codes(to.audience))
        self.away = hidden(to)
        self.lexemes: list[list[str]] = []
        self.total = 0
        self.entries: dict[str, int] = {}
        self.counted: set[str] = set()

    def learn(self, asked: Question) -> tuple[list[Saying], frozenset[str]]:
        """
        Read in how many rows the lexemes of a question stand, where that is not known yet; and the sayings of the
        installation that may stand in it, and which of the product's are switched off.
        """
        self.lexemes = candidates.lexemes_of(asked)
        wanted = {FILTER}.union(*self.lexemes, *self.groups) - self.counted
        self.counted |= wanted
        own, off = list[Saying](), set[str]()
        self.cursor.execute(_COUNTED, [list(wanted), asked.text])
        for term, entries, official, active in self.cursor.fetchall():
            if official is None:
                self.entries[term] = entries
            elif active:
                own.append(Saying(term, tuple(official)))
            else:
                off.add(term)
        self.total = self.entries.pop(FILTER, self.total)
        return own, frozenset(off)

    def rows(self, wanted: candidates.Wanted, *, sounds: bool) -> Iterator[tuple[Row, Told]]:
        """Rows that fulfil these conditions, each once."""
        away = ["NOT starts_with(region_code, %s)"] * len(self.away)
        conditions = " AND ".join([candidates.HAS, *wanted.conditions, *away])
        one = _SEEN.format(heard="sounds, initials" if sounds else "'', ''", conditions=conditions)
        self.cursor.execute(
            " UNION ALL ".join([f"({one})"] * len(wanted.any_of)),
            [v for query in wanted.any_of for v in (query, *wanted.parameters, *self.away, CANDIDATES)],
        )
        found = {told[0]: told for told in self.cursor.fetchall()}
        for told in found.values():
            yield Row._make(told[:8]), told[8:]


def find(text: str, to: Narrow | None = None, *, after: str = "", most: int = PAGE) -> Found:
    """
    What answers a question, best first, and nothing where too little of it is covered.

    `after`: the code of the last one seen; one that is not found begins anew.
    """
    with connection.cursor() as cursor:
        index = Reader(cursor, to or Narrow())
        asked = _understood(text, index)
        if not asked.parts or (all(part.weak for part in asked.parts) and len(asked.text) < 2):
            return Found()
        ranked = _ranked(asked, index)
        if asked.letters and (not ranked or ranked[0][0].cover < ranking.SHORT):
            ranked = _read_by_sound(asked, index) or ranked
    place = next((n + 1 for n, one in enumerate(ranked) if one[1].code == after), 0) if after else 0
    hits = tuple(_hit(*one) for one in ranked[place : place + most])
    return Found(hits, len(ranked) > place + most, questions.read_as(asked))


def _understood(text: str, index: Reader) -> Question:
    """The question taken apart; with sayings of the installation taken apart again, which is rare."""
    asked = questions.question(text)
    if not asked.text:
        return asked
    own, off = index.learn(asked)
    if own or off:
        asked = questions.question(text, own, off)
        index.learn(asked)
    return asked


def hidden(to: Narrow) -> tuple[str, ...]:
    """
    Beginnings of division codes whose items nobody is shown who does not ask for the region or the department: those
    of training regions. What is done there has no legal effect. Where the whole installation is for training, all is
    shown.
    """
    here = str(settings.MINGQU_SITE["region_code"])
    if to.department or not here or training.is_training(here):
        return ()
    return tuple(one for one in training.known.prefixes if not to.region.startswith(one))


def without_training(rows: QuerySet[SearchEntry], to: Narrow) -> QuerySet[SearchEntry]:
    for prefix in hidden(to):
        rows = rows.exclude(region_code__startswith=prefix)
    return rows


def suggestions(text: str, to: Narrow | None = None) -> list[Hit]:
    """The first few, while somebody is still typing."""
    return list(find(text, to, most=SUGGESTED).hits) if len(text.strip()) > 1 else []


def _ranked(asked: Question, index: Reader) -> list[Scored]:
    """First by whole words; only when they lead to nothing good also by parts of words and their sounds."""
    found = [] if asked.letters else _scored(asked, index, heard=False)
    if not found or found[0][0].cover < SURE:
        found = _merged(found, _scored(asked, index, heard=True))
    return found


def _merged(one: list[Scored], other: list[Scored]) -> list[Scored]:
    """Each row once, as it was understood better."""
    best: dict[str, Scored] = {}
    for scored in (*one, *other):
        known = best.get(scored[1].id)
        if known is None or scored[0].cover > known[0].cover:
            best[scored[1].id] = scored
    return _in_order(list(best.values()))


def _read_by_sound(asked: Question, index: Reader) -> list[Scored]:
    """Typed in letters: the everyday phrase that sounds so, read as its official words."""
    said = questions.heard(asked.letters)
    if not said:
        return []
    meant = questions.question(said)
    index.learn(meant)
    return _ranked(meant, index)


def audience_codes(audience: str) -> list[str]:
    if audience == "all":
        return []
    return [
        value.code for value in code_list("audience") if (value.code == PERSONAL) == (audience == "personal")
    ]


def _scored(asked: Question, index: Reader, *, heard: bool) -> list[Scored]:
    """`heard`: also by parts of words and by sounds."""
    known = candidates.Known(index.total, index.entries)
    wanted = candidates.wanted(asked, index.lexemes, index.groups, known, heard=heard)
    if wanted is None:
        return []
    weights = {part: ranking.weight(part, asked, index.entries, index.total) for part in asked.parts}
    score = ranking.Ranking(asked, weights, questions.book().deeds, sounded=heard).score
    rows = index.rows(wanted, sounds=heard)
    return _in_order([(got, row, told) for row, told in rows if (got := score(row))])


def _in_order(found: list[Scored]) -> list[Scored]:
    if not found:
        return []
    best = max(got.cover for got, _, _ in found)
    return sorted(
        (one for one in found if one[0].cover >= best - ranking.BEHIND),
        key=lambda one: (-one[0].points, one[2][0], one[1].code),
    )


def _hit(got: Score, row: Row, told: Told) -> Hit:
    name, summary, department, audience, handling_kind = told
    return Hit(
        row.kind,
        row.code,
        name,
        summary,
        department,
        tuple(audience.split()),
        handling_kind,
        row.applicable,
        marks=tuple(word for _, where, words in got.why if where == "name" for word in words.split()),
        why=got.why,
        cover=got.cover,
        points=got.points,
    )
