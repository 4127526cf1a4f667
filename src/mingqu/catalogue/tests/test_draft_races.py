"""Two at the same moment, on two connections that really commit."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from django.db import connections

from mingqu.catalogue import services
from mingqu.catalogue.errors import DraftExists, DraftState
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.tests.test_drafts import LATER, Staff
from mingqu.identity.tests import factories as people


def at_once(*deeds):
    start = Barrier(len(deeds))

    def run(deed):
        start.wait(timeout=20)
        try:
            return deed()
        except (DraftState, DraftExists) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_of_two_reviewers_one_decides(committed_db):
    staff = Staff()
    other = people.staff_actor("catalogue_reviewer", department_id=staff.world.bureau, name="另一位")
    sent = staff.submitted()

    answers = at_once(
        lambda: staff.approve(sent),
        lambda: staff.approve(sent, by=other),
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["DraftState", "Saved"]
    assert DefinitionDraft.objects.get().state == "approved"


def test_of_two_new_drafts_of_an_item_one_is_kept(committed_db):
    staff = Staff()

    answers = at_once(staff.save, lambda: staff.save(staff.changed("另一份。")))

    assert sorted(type(answer).__name__ for answer in answers) == ["DraftExists", "Saved"]


def test_published_twice_at_once_is_one_revision(committed_db):
    staff = Staff()
    saved = staff.approved()

    answers = at_once(
        lambda: staff.publish(saved),
        lambda: services.publish_draft(draft_id=saved.draft_id, by=staff.reviewer, at=LATER, key=uuid4()),
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["DraftState", "Saved"]
