"""Two deeds about one visit at the same instant end as one of the two orders would."""

import threading
from uuid import uuid4

import pytest
from django.db import connections

from mingqu.cases import selectors, services
from mingqu.cases.models import Case, Opinion, Visit
from mingqu.cases.services.files import Upload
from mingqu.cases.tests import factories as f
from mingqu.documents import selectors as documents
from mingqu.kernel.errors import DomainError
from mingqu.kernel.models import AuditEntry
from mingqu.process import selectors as tasks

NOW = f.FRIDAY_NOON


def at_once(*deeds):
    """What became of each: None, or the code of its refusal."""
    results, start = {}, threading.Barrier(len(deeds))

    def act(place, deed):
        try:
            start.wait()
            deed()
            results[place] = None
        except DomainError as refused:
            results[place] = refused.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=given) for given in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    assert len(results) == len(deeds), "one died"
    return [results[place] for place in range(len(deeds))]


@pytest.fixture
def there(committed_db):
    w = f.world()
    case = f.accepted_case(w, situation=f.RAW_FOOD)
    return w, case, f.visit_planned(w, case)


def record(w, case, visit, by, outcome="met"):
    made = f.visit_record(w, case, visit, NOW, outcome=outcome, text="当场看过。")
    return lambda: services.record_visit(
        case_id=case.pk, visit_id=visit.id, record=made, by=by, at=NOW, key=uuid4()
    )


def consistent(case):
    case = Case.objects.get(pk=case.pk)
    assert tasks.differences(case.pk, case.instance_id) == {}
    entries = list(AuditEntry.objects.filter(root_id=case.pk).order_by("seq"))
    assert [e.seq for e in entries] == list(range(1, len(entries) + 1))
    return case


def test_two_officers_who_finish_at_once_write_one_record(there):
    w, case, visit = there

    results = at_once(record(w, case, visit, w.inspector), record(w, case, visit, w.station, "not_met"))

    assert sorted(results, key=str) == [None, "visit_gone"]
    kept, opinion = Visit.objects.get(case=case), Opinion.objects.get(case=case, step="visit")
    assert kept.state == "done" and kept.outcome == opinion.finding
    assert sum(d.kind == "visit_record" for d in documents.documents_of(case.pk)) == 1
    consistent(case)


def test_a_record_against_a_withdrawal(there):
    w, case, visit = there

    recorded, withdrawn = at_once(
        record(w, case, visit, w.inspector),
        lambda: services.withdraw_case(case_id=case.pk, by=w.citizen, at=NOW, key=uuid4()),
    )

    assert withdrawn is None
    kept = Visit.objects.get(case=case)
    assert (recorded, kept.state) in [(None, "done"), ("case_not_in_review", "void")]
    assert Opinion.objects.filter(case=case).exists() == (recorded is None)
    assert consistent(case).status == "withdrawn"


def test_a_record_against_a_new_date(there):
    w, case, visit = there
    other = f.visit_plan(w, NOW + f.DAY)

    results = at_once(
        record(w, case, visit, w.inspector),
        lambda: services.move_visit(
            case_id=case.pk, visit_id=visit.id, plan=other, reason="改期", by=w.inspector, at=NOW, key=uuid4()
        ),
    )

    assert sorted(results, key=str) == [None, "visit_gone"]
    states = [v.state for v in selectors.visits_of(case)]
    assert states in (["done"], ["moved", "planned"])
    consistent(case)


def test_two_plans_for_one_step_are_one_visit(committed_db):
    w = f.world()
    case = f.accepted_case(w, situation=f.RAW_FOOD)

    results = at_once(*[lambda: f.visit_planned(w, case)] * 2)

    assert sorted(results, key=str) == [None, "visit_already_planned"]
    assert Visit.objects.filter(case=case).count() == 1
    consistent(case)


def test_a_photo_that_comes_while_the_record_is_signed_is_in_it_or_refused(there):
    w, case, visit = there

    added, recorded = at_once(
        lambda: services.add_visit_photos(
            case_id=case.pk,
            visit_id=visit.id,
            uploads=[Upload("一.png", f.PNG)],
            by=w.station,
            at=NOW,
            key=uuid4(),
        ),
        record(w, case, visit, w.inspector),
    )

    assert recorded is None
    assert len(selectors.photos_of(visit)) == (1 if added is None else 0)
    assert added in (None, "visit_gone")
