"""Questions to the index. What is published is public, so none of them checks access."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

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
from mingqu.catalogue.search.models import SearchEntry, SearchSaying
from mingqu.catalogue.search.types import Found, Hit, Narrow, Question, Row, Saying, Score
from mingqu.kernel import training
from mingqu.kernel.codelists import code_list

CANDIDATES = 140  # rows that are looked at one by one
BUDGET = 140  # rows that the lexemes of a question may lead to
RAREST = 3  # pairs of a way that are looked up: the others stand there nearly always too
SURE = 0.75  # cover from which on nobody looks for what sounds alike
PAGE = 20
SUGGESTED = 8
PERSONAL = "natural_person"

_SEEN = "SELECT id, kind, code, name, aliases, body, applicable"
_FROM = " FROM catalogue_searchentry WHERE lexemes @@ %s::tsquery LIMIT %s"
_ROWS = _SEEN + ", '', ''" + _FROM
_ROWS_HEARD = _SEEN + ", sounds, initials" + _FROM
_SHOWN = "SELECT id, summary, department_name, audience, handling_kind FROM catalogue_searchentry WHERE id = ANY(%s)"
Scored = tuple[Score, Row, str]  # the last: its name


def find(text: str, to: Narrow | None = None, *, after: str = "", most: int = PAGE) -> Found:
    """
    What answers a question, best first, and nothing where too little of it is covered.

    `after`: the code of the last one seen; one that is not found begins anew.
    """
    asked = questions.question(text, *_own_sayings(text))
    if not asked.parts or (all(part.weak for part in asked.parts) and len(asked.text) < 2):
        return Found()
    ranked = _ranked(asked, to or Narrow())
    if asked.letters and (not ranked or ranked[0][0].cover < ranking.SHORT):
        ranked = _read_by_sound(asked, to or Narrow()) or ranked
    ranked = _public(ranked, to or Narrow())
    place = next((n + 1 for n, one in enumerate(ranked) if one[1].code == after), 0) if after else 0
    return Found(
        tuple(_shown(ranked[place : place + most])), len(ranked) > place + most, questions.read_as(asked)
    )


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


def _public(ranked: list[Scored], to: Narrow) -> list[Scored]:
    if not ranked or not (prefixes := hidden(to)):
        return ranked
    of_training = Q(pk=None)
    for prefix in prefixes:
        of_training |= Q(region_code__startswith=prefix)
    ids = [one[1].id for one in ranked]
    gone = set(SearchEntry.objects.filter(of_training, pk__in=ids).values_list("pk", flat=True))
    return [one for one in ranked if one[1].id not in gone]


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


def _ranked(asked: Question, to: Narrow) -> list[Scored]:
    """First by whole words; only when they lead to nothing good also by parts of words and their sounds."""
    groups = narrowing(to, audience_codes(to.audience))
    found = [] if asked.letters else _scored(asked, groups, heard=False)
    if not found or found[0][0].cover < SURE:
        found = _merged(found, _scored(asked, groups, heard=True))
    return found


def _merged(one: list[Scored], other: list[Scored]) -> list[Scored]:
    """Each row once, as it was understood better."""
    best: dict[str, Scored] = {}
    for scored in (*one, *other):
        known = best.get(scored[1].id)
        if known is None or scored[0].cover > known[0].cover:
            best[scored[1].id] = scored
    return _in_order(list(best.values()))


def _read_by_sound(asked: Question, to: Narrow) -> list[Scored]:
    """Typed in letters: the everyday phrase that sounds so, read as its official words."""
    said = questions.heard(asked.letters)
    return _ranked(questions.question(said), to) if said else []


def audience_codes(audience: str) -> list[str]:
    if audience == "all":
        return []
    return [
        value.code for value in code_list("audience") if (value.code == PERSONAL) == (audience == "personal")
    ]


def _scored(asked: Question, groups: Sequence[Sequence[str]], *, heard: bool) -> list[Scored]:
    """`heard`: also by parts of words and by sounds."""
    wanted, ways = _lexemes(asked, sounds=heard), [] if heard else _ways(asked)
    total, entries = _entries(one for group in (*wanted, *groups) for one in group)
    query = _query(wanted, groups, entries, total) if heard else _query_of_ways(ways, groups, entries, total)
    if not query:
        return []
    weights = {part: ranking.weight(part, asked, entries, total) for part in asked.parts}
    ranked = ranking.Ranking(asked, weights, questions.book().deeds)
    found: list[Scored] = []
    with connection.cursor() as cursor:
        cursor.execute(_ROWS_HEARD if heard else _ROWS, [query, CANDIDATES])
        for at, kind, code, name, names, body, applicable, sounds, short in cursor.fetchall():
            row = Row(at, kind, code, names, body, sounds, short, applicable)
            if got := ranked.score(row):
                found.append((got, row, name))
    return _in_order(found)


def _in_order(found: list[Scored]) -> list[Scored]:
    if not found:
        return []
    best = max(got.cover for got, _, _ in found)
    return sorted(
        (one for one in found if one[0].cover >= best - ranking.BEHIND),
        key=lambda one: (-one[0].points, one[2], one[1].code),
    )


def _ways(asked: Question) -> list[list[list[str]]]:
    """For each part that finds something, for each way to say it, the pairs that all stand in what says it so."""
    strong = [part for part in asked.parts if not part.weak] or list(asked.parts)
    return [
        [list(dict.fromkeys(pair for word in way.words for pair in pairs(word))) for way in part.ways]
        for part in strong
    ]


def _query_of_ways(
    ways: Sequence[Sequence[Sequence[str]]],
    groups: Sequence[Sequence[str]],
    entries: dict[str, int],
    total: int,
) -> str:
    """
    A tsquery for rows that have one of these ways in full, the rarest first, up to the budget; where even the rarest is
    common, one way of each of the two rarest parts together.
    """
    share = _share(groups, entries, total)
    known: list[tuple[float, int, str]] = []
    for number, part in enumerate(ways):
        for way in part:
            if way and all(pair in entries for pair in way):
                rarest = sorted(way, key=lambda pair: entries[pair])[:RAREST]
                text = " & ".join(quoted(pair) for pair in rarest)
                known.append((entries[rarest[0]] * share, number, f"({text})"))
    if not known:
        return ""
    known.sort()
    chosen, spent = list[str](), 0.0
    for cost, _, text in known:
        spent += cost
        if spent > BUDGET:
            break
        chosen.append(text)
    if not chosen:
        _, first, text = known[0]
        others = list(dict.fromkeys(one for _, number, one in known if number != first))[:4]
        chosen = [f"({text} & ({' | '.join(others)}))"] if others else [text]
    return " & ".join([f"({' | '.join(dict.fromkeys(chosen))})", *_narrowed(groups)])


def _share(groups: Sequence[Sequence[str]], entries: dict[str, int], total: int) -> float:
    """The share of all rows that a narrowed search looks at."""
    share = 1.0
    for group in groups:
        share *= min(1.0, sum(entries.get(one, 0) for one in group) / max(1, total))
    return share


def _narrowed(groups: Sequence[Sequence[str]]) -> list[str]:
    return ["(" + " | ".join(quoted(one) for one in group) + ")" for group in groups]


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
    share = _share(groups, entries, total)
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
    return " & ".join(["(" + " | ".join(any_of) + ")", *_narrowed(groups)])


def _is_beginning(one: str) -> bool:
    return (one[0] == SOUND and 3 < len(one) < 6) or (one[0] == INITIALS and len(one) == 3)


def quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _shown(found: Sequence[Scored]) -> list[Hit]:
    """Hits with what only the page needs."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, [[row.id for _, row, _ in found]])
        told: dict[Any, Any] = {at: rest for at, *rest in cursor.fetchall()}
    hits = []
    for got, row, name in found:
        summary, department, audience, handling_kind = told[row.id]
        hits.append(
            Hit(
                row.kind,
                row.code,
                name,
                summary,
                department,
                tuple(audience),
                handling_kind,
                row.applicable,
                marks=tuple(word for _, where, words in got.why if where == "name" for word in words.split()),
                why=got.why,
                cover=got.cover,
                points=got.points,
            )
        )
    return hits
