"""A small province, poured as the large one is: what is there, and that a kill changes nothing of it."""

import os
import signal
import tracemalloc
from datetime import date

import pytest
from django.apps import apps
from django.db import connections

from mingqu.cases import selectors as cases
from mingqu.cases.models import Case, CaseNumber
from mingqu.cases.tests import factories as f
from mingqu.catalogue import rules
from mingqu.catalogue.models import Revision
from mingqu.catalogue.search import selectors as search
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.history.copying import columns
from mingqu.config.demo.history.templates import TABLES
from mingqu.evaluation.models import Rating, RatingCount
from mingqu.kernel.models import NumberSeries
from mingqu.process import selectors as process
from tests.bench.million import cases as poured
from tests.bench.million import items, land, pour, prototypes

SIZE = land.Size(600, 80, date(2026, 11, 20), months=3)
AT_ONCE = 60
PROTOTYPES = len(prototypes.WAYS)
COUNTED = ["kernel_numberseries", "evaluation_ratingcount", "evaluation_rating"]


def quiet(text: str) -> None:
    """Nobody watches the progress of a test."""


@pytest.fixture
def land_of_four(monkeypatch):
    """Four counties of two bureaus."""
    known = (land.counties, land.bureaus, land.shares)
    monkeypatch.setattr(land, "COUNTIES", 4)
    monkeypatch.setattr(land, "BUREAUS", 2)
    monkeypatch.setattr(poured, "CASES_AT_ONCE", AT_ONCE)
    for one in known:
        one.cache_clear()
    yield
    for one in known:
        one.cache_clear()


@pytest.fixture
def made(committed_db, land_of_four):
    """Items, people, and what cases are copied from."""
    world = f.world()
    items.pour_items(SIZE, quiet)
    poured.pour_people(SIZE, quiet)
    return world, prototypes.file_all(world), items.pour_land(SIZE)


def pour_cases(made, tell=quiet) -> None:
    world, filed, plans = made
    poured.pour_cases(SIZE, filed, plans, world.citizen.id, tell)


def tables() -> list[str]:
    return [*(apps.get_model(one)._meta.db_table for one in TABLES), *COUNTED]


def digests() -> dict[str, str]:
    """Of every row of the tables that are poured."""
    found = {}
    with pour.owner() as cursor:
        for table in tables():
            cursor.execute(f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} AS t")
            found[table] = str(cursor.fetchone())
    return found


def empty(made) -> None:
    """All cases away but the prototypes."""
    kept = [*made[1].values()]
    with pour.owner() as cursor:
        for label in reversed(TABLES):
            names = columns(apps.get_model(label))
            key = next(one for one in ("root_id", "case_id", "id") if one in names)
            cursor.execute(
                f"DELETE FROM {apps.get_model(label)._meta.db_table} WHERE {key}::text <> ALL(%s)", [kept]
            )
        for table in COUNTED:
            whose = " WHERE kind = 'case' AND organ <> '990104'" if table == "kernel_numberseries" else ""
            cursor.execute(f"DELETE FROM {table}{whose}")
        cursor.execute("DELETE FROM bench_poured WHERE kind = 'cases'")


@pytest.mark.timeout(120)
def test_a_run_that_is_killed_goes_on_and_writes_the_very_rows_of_a_whole_run(made):
    pour_cases(made)
    whole = digests()
    empty(made)
    connections.close_all()
    if (child := os.fork()) == 0:
        told = []

        def kill(text: str) -> None:
            told.append(text)
            if len(told) == 3:
                os.kill(os.getpid(), signal.SIGKILL)

        pour_cases(made, kill)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert PROTOTYPES < Case.objects.count() < SIZE.cases, "it was killed in the middle"

    pour_cases(made)

    assert Case.objects.count() == CaseNumber.objects.count() == SIZE.cases + PROTOTYPES
    assert digests() == whole


@pytest.mark.timeout(120)
def test_what_is_poured_stands_as_if_it_had_been_filed_with_the_same_deadlines_and_steps(made):
    pour_cases(made)

    found = Case.objects.exclude(pk__in=made[1].values())
    assert {one.status for one in found} >= {"accepted", "decided", "delivered", "archived", "received"}
    numbers = NumberSeries.objects.filter(kind="case").exclude(organ="990104")
    assert sum(one.last for one in numbers) == SIZE.cases
    assert Rating.objects.count() == sum(one.count for one in RatingCount.objects.all()) > 0
    for case in found.filter(status__in=["received", "accepted"])[:40]:
        assert clocks.due_on(case.pk) == case.due_on
        assert cases.definition_of(case).item.name == case.item_name
        assert case.applicant_name in poured.NAMES_OF_PEOPLE
    case = found.filter(status="accepted", suspended_since=None).first()
    assert not process.differences(case.pk, case.instance_id)
    assert {one.post for one in process.open_tasks(case.pk)} <= {
        f"{case.department.code}-{one}" for one in land.POSTS
    }


@pytest.mark.timeout(120)
def test_items_are_found_and_listed_and_their_digests_are_those_of_their_documents(made):
    whole = SIZE.kinds * land.COUNTIES
    assert search.number("all") == whole + 1  # the prototypes' own
    one = Revision.objects.exclude(item__code="QH-SPJYXK").first()
    assert rules.digest(one.document) == one.digest
    assert search.find(one.item.name).hits[0].name == one.item.name


def test_no_batch_takes_more_memory_than_the_first(made):
    world, filed, plans = made
    pouring = poured.Pouring(SIZE, filed, plans, world.citizen.id)
    peaks = []
    tracemalloc.start()
    for places in poured.batches_of_days(SIZE):
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        pouring.batch(places)
        peaks.append(tracemalloc.get_traced_memory()[1] - before)
    tracemalloc.stop()

    assert len(peaks) > 5
    assert max(peaks[len(peaks) // 2 :]) < 2 * max(peaks[:2])
