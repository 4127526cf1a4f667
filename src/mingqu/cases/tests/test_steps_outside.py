"""A step that another system decides: handed over when it opens, its result seen by the officer who closes the step."""

from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants
from mingqu.exchange import services as exchange
from mingqu.exchange.connectors import double
from mingqu.exchange.models import Handover, OutsideState
from mingqu.exchange.selectors import handover_visible_to
from mingqu.exchange.types import Result, Telling
from mingqu.exchange.views.double import tell
from mingqu.identity.errors import Recused
from mingqu.kernel import relay

pytestmark = pytest.mark.django_db
SYSTEM = "省经营主体登记系统"
AWAY = {**variants.REVIEW, "id": "check", "where": "handed_over", "system": SYSTEM}


def world(**step):
    return f.world(variants.document(steps=[{**AWAY, **step}], decide=variants.DECIDE))


def settle():
    while relay.round_once(f.FRIDAY_NOON):
        pass


@pytest.mark.parametrize(("where", "shown"), [("handed_over", "waiting"), ("assisted", "by_hand")])
def test_it_is_handed_over_when_it_opens_with_the_form_and_once(clock, where, shown):
    case = f.accepted_case(world(where=where))
    settle()
    settle()

    row = Handover.objects.get(root_id=case.pk)
    assert (row.shown, row.number, row.system) == (shown, case.number, SYSTEM)
    assert ["申请人", "申请人姓名", case.applicant_name] in row.payload and len(row.payload) > 2


def test_its_result_is_seen_by_the_officer_and_the_applicant_and_the_officer_closes_the_step(clock, sign_in):
    w = world()
    case = f.accepted_case(w)
    settle()
    row = Handover.objects.get(root_id=case.pk)
    exchange.send(root_id=case.pk, handover_id=row.id, at=f.FRIDAY_NOON)
    progress = reverse("cases:progress", args=[case.number])
    assert f"已经转到{SYSTEM}" in a.body(sign_in(w.citizen).get(progress))

    matter = double.say(row.reference, "granted", at=f.FRIDAY_NOON, result=Result("SD-77"))
    tell(matter, f.FRIDAY_NOON)
    settle()
    page = a.body(sign_in(w.reviewer).get(reverse("workbench:case", args=[case.number])))
    assert "SD-77" in page and "对方已办结" in page
    f.review(w, case, "check")
    settle()
    assert Handover.objects.get(root_id=case.pk).taken == "taken"
    f.services.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=f.FRIDAY_NOON, key=uuid4()
    )
    settle()
    case.refresh_from_db()
    assert case.outcome == "granted"


def test_what_is_taken_back_is_called_off(clock):
    w = world()
    case = f.accepted_case(w)
    settle()
    f.services.withdraw_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())
    settle()

    assert Handover.objects.get(root_id=case.pk).shown == "called_off"


def test_who_stands_aside_carries_nothing_of_the_case_to_another_system_and_brings_no_result_of_it(clock):
    w = world(where="assisted")
    case = f.accepted_case(w)
    settle()
    row = Handover.objects.get(root_id=case.pk)
    given = {"of": row, "by": w.reviewer, "at": f.FRIDAY_NOON, "key": uuid4()}
    exchange.type_number(**given, number="GA-1", again="GA-1")
    why = StandAside("kin", "申请人是我表弟")
    f.services.recuse(case_id=case.pk, why=why, by=w.reviewer, at=f.FRIDAY_NOON, key=uuid4())

    row = handover_visible_to(w.reviewer, row.reference)  # she sees how it goes on
    given |= {"of": row, "key": uuid4()}
    told = Telling(row.reference, "granted", f.FRIDAY_NOON, result=Result("SD-77"))
    for deed in (
        lambda: exchange.read_sheet(**given),
        lambda: exchange.type_number(**given, number="GA-2", again="GA-2"),
        lambda: exchange.type_state(of=row, told=told, by=w.reviewer, at=f.FRIDAY_NOON),
        lambda: exchange.resolve(**given, reason="以准予为准"),
    ):
        with pytest.raises(Recused):
            deed()
    lines = f"编号,状态,时间,说明,结果编号\n{row.reference},已办结,2026-09-18 09:00,,SD-77"
    report = exchange.import_states(text=lines, system=SYSTEM, by=w.reviewer, at=f.FRIDAY_NOON)
    assert report.taken == 0 and len(report.wrong) == 1
    assert not OutsideState.objects.exists() and Handover.objects.get(pk=row.pk).external_number == "GA-1"

    exchange.import_states(text=lines, system=SYSTEM, by=w.clerk, at=f.FRIDAY_NOON)
    assert OutsideState.objects.get().state == "granted", "a colleague carries it on"
