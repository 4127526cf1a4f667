"""The full house of `tests.stage`, made once in a run: making it takes longer than most of what is looked at in it."""

import fcntl
import os
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import TestCase

from mingqu.identity import middleware as identity_middleware
from mingqu.identity.tests.factories import go_on_after, number
from mingqu.kernel import training
from mingqu.ui import middleware as ui_middleware
from tests.databases import copy, drop, pointed_at
from tests.stage import Stage, full_house

HOUSE = "mingqu_house"


class _Transaction(TestCase):
    """What Django's test cases wrap around a test, without a test."""

    databases = {"default"}


@pytest.fixture(scope="session")
def house_template(django_db_setup, database_urls, django_db_blocker) -> bytes:
    """A database that holds the full house, for all workers of this run; returns its stage, pickled."""
    kept = Path(os.environ["MINGQU_TEST_HOME"]) / "house.pickle"
    with kept.with_suffix(".lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(_built(database_urls))
    return kept.read_bytes()


def _built(urls: dict[str, str]) -> bytes:
    """In a thread of its own: neither Django nor signing bears an event loop, and a browser's may run in this one."""

    def build() -> bytes:
        copy(urls, HOUSE)
        with pointed_at(urls, HOUSE):
            try:
                return pickle.dumps((full_house(), number()))
            finally:
                connections.close_all()

    with ThreadPoolExecutor(1) as another:
        return another.submit(build).result()


@pytest.fixture(scope="session")
def _house_of_worker(house_template, database_urls, django_db_blocker) -> Iterator[str]:
    name = f"{HOUSE}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    copy(database_urls, name, HOUSE)
    yield name
    drop(database_urls, name)


@pytest.fixture
def full_stage(_house_of_worker, house_template, database_urls, django_db_blocker) -> Iterator[Stage]:
    """The full house; what a test does to it is rolled back. Not beside the mark `django_db`."""
    with django_db_blocker.unblock(), pointed_at(database_urls, _house_of_worker):
        begun = _Transaction._enter_atomics()
        try:
            yield _stage(house_template)
        finally:
            _Transaction._rollback_atomics(begun)


@pytest.fixture
def committed_house(house_template, database_urls, django_db_blocker) -> Iterator[Stage]:
    """The full house in a database of this test's own in which transactions commit, as `committed_db`."""
    own = f"mingqu_t_{uuid4().hex[:12]}"
    with django_db_blocker.unblock():
        copy(database_urls, own, HOUSE)
        try:
            with pointed_at(database_urls, own):
                yield _stage(house_template)
        finally:
            drop(database_urls, own)


def _stage(pickled: bytes) -> Stage:
    training.known.read_at = None  # this house has a training region
    stage: Stage
    stage, last = pickle.loads(pickled)
    go_on_after(last)
    return stage


@pytest.fixture
def plain_refusals(monkeypatch) -> None:
    """A refusal as its code and sentence: half of all answers are refusals; how they look is looked at elsewhere."""

    def plain(request: HttpRequest, template: str, words: dict[str, str], status: int) -> HttpResponse:
        assert template in {"ui/refusal.html", "ui/_refusal.html"}
        return HttpResponse(f"{words['code']} {words['sentence']}", status=status)

    for module in (identity_middleware, ui_middleware):
        monkeypatch.setattr(module, "render", plain)
