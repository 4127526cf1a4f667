"""Two tabs at the same moment, on two connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

from django.db import connections

from mingqu.forms import selectors, services
from mingqu.forms.errors import DraftChangedElsewhere
from mingqu.kernel.types import Actor

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ZHANG = Actor(kind="citizen", id=uuid4())


def test_of_many_tabs_that_save_at_once_exactly_one_wins_each_version(committed_db):
    draft = services.start_draft(about="x", form_digest="d", context={}, by=ZHANG, at=NOON)
    start = Barrier(4)

    def save(name):
        try:
            start.wait()
            services.save_draft(
                draft_id=draft.draft_id, changes={"name": name}, base_version=1, by=ZHANG, at=NOON
            )
        except DraftChangedElsewhere:
            return None
        finally:
            connections["default"].close()
        return name

    with ThreadPoolExecutor(4) as tabs:
        won = [name for name in tabs.map(save, "甲乙丙丁") if name]

    view = selectors.draft(draft.draft_id, by=ZHANG, at=NOON)
    assert len(won) == 1
    assert view.version == 2 and view.answers == {"name": won[0]}


def test_the_same_answers_saved_twice_at_once_are_no_conflict(committed_db):
    draft = services.start_draft(about="x", form_digest="d", context={}, by=ZHANG, at=NOON)
    start = Barrier(4)

    def save(_):
        try:
            start.wait()
            return services.save_draft(
                draft_id=draft.draft_id, changes={"name": "甲"}, base_version=1, by=ZHANG, at=NOON
            ).version
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(4) as tabs:
        assert list(tabs.map(save, range(4))) == [2, 2, 2, 2]
