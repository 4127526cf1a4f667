"""我的材料 (CAS-13): what was handed in, how long it is good, where it was used; hers to choose whether it comes up."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from mingqu.cases import again, kept_materials, services
from mingqu.cases.errors import CaseUnknown, MaterialUnknown
from mingqu.cases.models import CaseMaterial
from mingqu.cases.services.files import use_again
from mingqu.cases.services.offering import offer_material
from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_once_only import offered
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
PLAN = "floor-plan"
EARLIER = f.FRIDAY_NOON - timedelta(days=30)
HERE = "/my/materials/"


@pytest.fixture
def w(world):
    return world


def used_twice(w):
    """An application that was granted, and another with its floor plan."""
    first = f.decided_case(w, at=EARLIER)
    draft = f.draft(w, files=["business-licence", "safety-rules"])
    use_again(draft_id=draft.draft_id, material=PLAN, case_id=first.pk, by=w.citizen, at=f.FRIDAY_NOON)
    filed = services.file_case(
        draft_id=draft.draft_id, base_version=draft.version, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4()
    )
    services.accept_case(case_id=filed.case_id, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    return first, filed


def plan_of(w):
    return [one for one in kept_materials.kept_materials(w.citizen, None) if one.code == PLAN]


def choose(w, case_id, yes, *, by=None, key=None):
    return offer_material(
        case_id=case_id, material=PLAN, offered=yes, by=by or w.citizen, at=f.FRIDAY_NOON, key=key or uuid4()
    )


def test_a_file_used_again_stands_once_with_its_first_day_and_both_applications(w):
    first, second = used_twice(w)
    (plan,) = plan_of(w)

    assert [number for number, _name in plan.cases] == [second.number, first.number]
    assert (plan.on, plan.until) == (legal_day(EARLIER), legal_day(EARLIER) + timedelta(days=365))
    assert plan.good(plan.until) and not plan.good(plan.until + timedelta(days=1))
    assert [file.name for file in plan.files] == [f"{PLAN}.png"]


def test_what_is_not_to_come_up_is_not_offered_wherever_the_same_file_lies_and_can_come_back(w):
    first, _second = used_twice(w)
    assert PLAN in offered(w)

    assert len(choose(w, first.pk, yes=False)) == 2
    assert PLAN not in offered(w) and not plan_of(w)[0].offered
    choose(w, first.pk, yes=True)

    assert PLAN in offered(w) and plan_of(w)[0].offered


def test_the_same_press_twice_is_one_choice_and_the_files_stay(w):
    first, key = f.decided_case(w, at=EARLIER), uuid4()

    assert choose(w, first.pk, yes=False, key=key) == choose(w, first.pk, yes=False, key=key)

    entry = AuditEntry.objects.get(root_id=first.pk, action="case.offer_material")
    assert entry.notes == {"material": PLAN, "offered": False}
    assert again.files_of([first.pk], all_of_them=True)[first.pk, PLAN]


def test_nobody_else_chooses_or_sees_it(w, sign_in):
    first = f.decided_case(w, at=EARLIER)
    _user, other = people.citizen(name="王生人")

    with pytest.raises(CaseUnknown):
        choose(w, first.pk, yes=False, by=other)
    with pytest.raises((CaseUnknown, NotAuthorised)):
        choose(w, first.pk, yes=False, by=w.clerk)
    assert f"{PLAN}.png" not in a.body(sign_in(other).get(HERE))
    assert Client().get(HERE).status_code in (302, 403)
    assert not CaseMaterial.objects.filter(offered=False).exists()


def test_a_material_that_nobody_handed_in_is_refused(w):
    first = f.decided_case(w, at=EARLIER)

    with pytest.raises(MaterialUnknown):
        offer_material(
            case_id=first.pk, material="no-such", offered=False, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4()
        )


def test_the_page_says_where_it_was_used_and_takes_the_choice(w, sign_in):
    first, second = used_twice(w)
    client = sign_in(w.citizen)
    text = a.body(client.get(HERE))

    assert f"/cases/{first.number}/progress/" in text and f"/cases/{second.number}/progress/" in text
    given = {"case": first.number, "material": PLAN, "offered": "no", "key": str(uuid4()), "whose": ""}
    assert client.post(HERE, given)["Location"] == HERE
    text = a.body(client.get(HERE))
    assert "以后办事不再带出这份材料" in text and "重新带出" in text
    assert client.post(HERE, {"case": first.number})["Location"] == HERE
    assert "没有保存" in a.body(client.get(HERE))


def test_the_page_takes_few_statements_however_often_something_was_used(w, django_assert_max_num_queries):
    used_twice(w)
    kept_materials.kept_materials(w.citizen, None)

    with django_assert_max_num_queries(6):
        assert len(kept_materials.kept_materials(w.citizen, None)) >= 3
