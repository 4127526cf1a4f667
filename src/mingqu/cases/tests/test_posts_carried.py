"""An organ that takes part in cases of others ends, and its posts go along: what is open there goes on."""

from uuid import uuid4

import pytest

from mingqu.cases.models import Visit
from mingqu.cases.tests import factories as f
from mingqu.identity.models import Department
from mingqu.identity.organ_errors import DepartmentNotSettled
from mingqu.identity.organ_types import Change
from mingqu.identity.services import organ_changes
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db
AT = f.FRIDAY_NOON


def end(department, heir, *, carries_posts):
    change = Change("close", legal_day(AT), "清委发〔2026〕3号", other=heir, carries_posts=carries_posts)
    asker, second = people.staff_actor("system_officer"), people.staff_actor("security_officer")
    key = organ_changes.ask(department_id=department, change=change, by=asker, at=AT, key=uuid4())
    try:
        organ_changes.agree(change_id=key, by=second, at=AT, key=uuid4())
    except DepartmentNotSettled:
        organ_changes.drop(change_id=key, by=asker, at=AT, key=uuid4())
        raise


def test_an_open_step_goes_with_its_post_and_its_officer_answers_it():
    w = f.world()
    case = f.accepted_case(w)
    station = Department.objects.get(code="QH-SCJG-QLS").pk
    heir = people.department("清禾区基层执法队")
    with pytest.raises(DepartmentNotSettled):
        end(station, heir, carries_posts=False)

    end(station, heir, carries_posts=True)

    assert "fitness" in {one.step for one in tasks.open_tasks(case.pk)}
    f.review(w, case, "fitness")
    assert "fitness" not in {one.step for one in tasks.open_tasks(case.pk)}


def test_a_visit_that_was_agreed_on_is_made_by_those_who_went_along():
    w = f.world()
    case = f.accepted_case(w, situation=f.RAW_FOOD)
    visit = f.visit_planned(w, case)
    inspectors = visit.department_id
    heir = people.department("清禾区核查中心")
    Visit.objects.filter(pk=visit.pk).update(department_id=(own := people.department("临时核查科")))

    end(own, heir, carries_posts=True)

    visit = Visit.objects.get(pk=visit.pk)
    assert visit.department_id == heir != inspectors and visit.state == "planned"
