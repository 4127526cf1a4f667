"""
Keeping the index: called by whatever publishes or withdraws, in its transaction; and the index made anew.

Lexemes are written in order, so that two publications at once wait for each other and never deadlock.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction

from mingqu.catalogue.bundles.types import BundleDocument
from mingqu.catalogue.search import sources
from mingqu.catalogue.search.candidates import quoted
from mingqu.catalogue.search.lexemes import FILTER, body, initials, lexemes, moved, normal, region_stem, sound
from mingqu.catalogue.search.models import SearchEntry
from mingqu.catalogue.search.types import Source
from mingqu.kernel.training import is_training

BATCH = 1000
_PUT = """
INSERT INTO catalogue_searchentry (id, kind, code, name, aliases, summary, department_code, department_name,
 region_code, audience, theme, handling_kind, applicable, body, sounds, initials, lexemes)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, array_to_tsvector(%s))
ON CONFLICT (kind, code) DO UPDATE SET name = EXCLUDED.name, aliases = EXCLUDED.aliases, summary = EXCLUDED.summary,
 department_code = EXCLUDED.department_code, department_name = EXCLUDED.department_name,
 region_code = EXCLUDED.region_code, audience = EXCLUDED.audience, theme = EXCLUDED.theme,
 handling_kind = EXCLUDED.handling_kind, applicable = EXCLUDED.applicable, body = EXCLUDED.body,
 sounds = EXCLUDED.sounds, initials = EXCLUDED.initials, lexemes = EXCLUDED.lexemes
"""
_MOVE = "UPDATE catalogue_searchentry SET lexemes = array_to_tsvector(%s) WHERE kind = %s AND code = %s"
_COUNT = """
INSERT INTO catalogue_searchterm AS t (id, term, entries)
SELECT gen_random_uuid(), term, n FROM unnest(%s::text[], %s::int[]) AS one(term, n) ORDER BY term
ON CONFLICT (term) DO UPDATE SET entries = t.entries + EXCLUDED.entries
"""
_COUNT_ANEW = """
INSERT INTO catalogue_searchterm (id, term, entries)
SELECT gen_random_uuid(), word, ndoc FROM ts_stat('SELECT lexemes FROM catalogue_searchentry')
UNION ALL SELECT gen_random_uuid(), %s, count(*) FROM catalogue_searchentry
"""


def put(of: Source) -> None:
    """Bring one entry up to date, in the transaction of whoever publishes."""
    with transaction.atomic():
        before = _lexemes_now(of.kind, of.code)
        new = lexemes(of, training=is_training(of.region_code, now=True))
        with connection.cursor() as cursor:
            cursor.execute(_PUT, _values(of, new))
        _count(before, [*new, FILTER])


def put_bundle(bundle: BundleDocument, organ: str) -> None:
    """A bundle is found by the names of the services in it, too; `organ`: the name of the department that leads."""
    rows = SearchEntry.objects.filter(kind="item", code__in=[part.item for part in bundle.parts if part.item])
    names = [
        name for text in rows.order_by("code").values_list("aliases", flat=True) for name in text.split("\n")
    ]
    put(sources.of_bundle(bundle, organ, names))


def drop(kind: str, code: str) -> None:
    """Take out what is not offered any more."""
    with transaction.atomic():
        before = _lexemes_now(kind, code)
        SearchEntry.objects.filter(kind=kind, code=code).delete()
        _count(before, [])


def fill(sources: Iterable[Source]) -> int:
    """The whole index made anew of these; how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_searchterm")
        cursor.execute("DELETE FROM catalogue_searchentry")
        for batch in _batches(sources):
            found = [(one, lexemes(one, training=is_training(one.region_code))) for one in batch]
            cursor.executemany(_PUT, [_values(one, its) for one, its in found])
        cursor.execute(_COUNT_ANEW, [FILTER])
    return SearchEntry.objects.count()


def move(region_code: str, training: bool) -> int:
    """A region was marked for training, or its mark taken: what is below it is counted apart, or with all; how many."""
    stem = quoted(f"{FILTER}r:{region_stem(region_code)}")
    rows = SearchEntry.objects.extra(where=["lexemes @@ %s::tsquery"], params=[stem])
    found = 0
    for kind, code, region in rows.order_by("kind", "code").values_list("kind", "code", "region_code"):
        # Below a mark that stays, nothing changes.
        before, apart = _lexemes_now(kind, code), training or is_training(region)
        after = sorted(moved(one, training=apart) for one in before if one != FILTER)
        if before == [*after, FILTER]:
            continue
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [after, kind, code])
        _count(before, [*after, FILTER])
        found += 1
    return found


def _batches(sources: Iterable[Source]) -> Iterator[list[Source]]:
    rest = iter(sources)
    while batch := list(islice(rest, BATCH)):
        yield batch


def entry_id(kind: str, code: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"mingqu:search:{kind}:{code}")


def _values(of: Source, found: Sequence[str]) -> list[Any]:
    names = [normal(name).replace(" ", "") for name in (of.name, *of.aliases) if name]
    return [
        entry_id(of.kind, of.code),
        of.kind,
        of.code,
        of.name,
        "\n".join(names),
        of.summary,
        of.department_code,
        of.department_name,
        of.region_code,
        list(of.audience),
        of.theme,
        of.handling_kind,
        of.applicable,
        body(of),
        "\n".join(sound(name) for name in names),
        "\n".join(initials(name) for name in names),
        list(found),
    ]


def _lexemes_now(kind: str, code: str) -> list[str]:
    """What the entry is counted under, itself included; locks it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(lexemes) FROM catalogue_searchentry WHERE kind = %s AND code = %s FOR UPDATE",
            [kind, code],
        )
        row = cursor.fetchone()
    return [*row[0], FILTER] if row else []


def _count(before: Sequence[str], after: Sequence[str]) -> None:
    change = Counter(after)
    change.subtract(before)
    moved = {term: number for term, number in change.items() if number}
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [list(moved), list(moved.values())])
