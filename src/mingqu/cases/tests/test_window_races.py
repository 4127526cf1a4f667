"""Two windows, or a window and the applicant's telephone, at the same moment: one case, and the other is told."""

import threading
from uuid import uuid4

import pytest
from django.db import connections

from mingqu.cases import services
from mingqu.cases.models import Case, ServiceOfPaper
from mingqu.cases.tests import at_window as t
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_window import _window_of
from mingqu.cases.types import Served
from mingqu.identity import selectors
from mingqu.identity import services as identity
from mingqu.identity.models import Person
from mingqu.identity.tests import factories as people
from mingqu.identity.types import SeenDocument
from mingqu.kernel.errors import DomainError
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor


def at_once(*acts):
    """What each came to: None, or the code of its refusal."""
    results, start = {}, threading.Barrier(len(acts))

    def run(place, act):
        try:
            start.wait()
            act()
            results[place] = None
        except DomainError as refused:
            results[place] = refused.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    assert len(results) == len(acts), "one of them died"
    return sorted(str(result) for result in results.values())


def test_two_clerks_file_one_draft_at_once(committed_db):
    w = f.world()
    her = t.walk_in(w)
    draft, other = t.window_draft(w, her), _window_of(w)

    came_to = at_once(lambda: t.file_it(w, her, draft), lambda: t.file_it(w, her, draft, by=other))

    assert came_to == ["None", "draft_already_filed"]
    assert Case.objects.filter(applicant_id=her).count() == 1
    assert AuditEntry.objects.filter(root_id=draft[0], action="case.file").count() == 1


def test_the_clerk_and_the_applicant_file_one_draft_at_once(committed_db):
    """The receipt of the one who came second is the other's: a draft becomes one case."""
    w = f.world()
    number = Person.objects.get(pk=w.citizen.id).citizen_number
    phone = selectors.phone_of(w.citizen.id)
    document = SeenDocument("citizen_number", number, "李晓禾", phone)
    assert (
        identity.receive_person(document=document, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4()) == w.citizen.id
    )
    started = f.draft(w)
    draft = (started.draft_id, started.version)

    came_to = at_once(
        lambda: t.file_it(w, w.citizen.id, draft),
        lambda: services.file_case(
            draft_id=started.draft_id,
            base_version=started.version,
            by=w.citizen,
            at=f.FRIDAY_NOON,
            key=uuid4(),
        ),
    )

    assert came_to == ["None", "draft_already_filed"]
    assert Case.objects.filter(applicant_id=w.citizen.id).count() == 1


def test_two_windows_register_one_person_at_once(committed_db):
    w = f.world()
    document = SeenDocument("citizen_number", people.citizen_number(), "禾小满")

    def register():
        identity.receive_person(document=document, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())

    came_to = at_once(register, register)

    assert came_to in (["None", "number_taken"], ["None", "None"])
    assert sum(p.name == "禾小满" for p in Person.objects.all()) == 1


@pytest.mark.parametrize("other", ["clerk", "system"])
def test_handed_out_twice_at_once_is_handed_out_once(committed_db, other):
    """Two counters; or the counter and the applicant's space, where she agreed to electronic delivery."""
    w = f.world()
    case = f.decided_case(w)
    system = Actor.system("delivery")

    def hand_out():
        services.deliver_case(
            case_id=case.pk, served=Served.at_window("李晓禾"), by=w.clerk, at=f.FRIDAY_NOON, key=uuid4()
        )

    def by_itself():
        services.deliver_case(
            case_id=case.pk, served=Served.electronic(), by=system, at=f.FRIDAY_NOON, key=uuid4()
        )

    assert at_once(hand_out, hand_out if other == "clerk" else by_itself) == ["None", "case_not_decided"]
    assert ServiceOfPaper.objects.filter(case=case).count() == 1
