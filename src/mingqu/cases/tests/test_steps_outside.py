"""A step that another system decides: handed over when it opens, its result seen by the officer who closes the step."""

from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases.models import Case
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants
from mingqu.cases.tests.test_messages_of_firms import staffed, the_firms
from mingqu.exchange import services as exchange
from mingqu.exchange.connectors import double
from mingqu.exchange.models import Handover, OutsideState
from mingqu.exchange.selectors import answer_files, handover_visible_to, waiting_files
from mingqu.exchange.tests import factories as outside
from mingqu.exchange.types import Result, Telling
from mingqu.exchange.views.double import tell
from mingqu.identity.errors import Recused
from mingqu.identity.models import Capacity
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications.models import InboxMessage

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

    assert Handover.objects.get(root_id=case.pk).shown == "called_off"  # it had not gone out: nothing to stop


@pytest.fixture
def asked(clock):
    """A case whose step in another system waits for her correction."""
    w = world()
    case = f.accepted_case(w)
    settle()
    row = Handover.objects.get(root_id=case.pk)
    exchange.send(root_id=case.pk, handover_id=row.id, at=f.FRIDAY_NOON)
    tell(
        double.say(row.reference, "correction", at=f.FRIDAY_NOON, words="经营场所没有写门牌号"), f.FRIDAY_NOON
    )
    settle()
    return w, case, reverse("cases:outside", args=[row.reference])


def test_a_correction_from_outside_is_her_turn_and_her_answer_ends_it_while_our_clock_runs_on(asked, sign_in):
    w, case, page = asked
    mine, progress = sign_in(w.citizen), reverse("cases:progress", args=[case.number])
    due_on = Case.objects.get(pk=case.pk).due_on
    shown = a.body(mine.get(progress))
    assert f"{SYSTEM}要求补正" in shown and page in shown and "等您补正" in shown
    listed = reverse("cases:progress", args=[case.number])
    own = a.body(mine.get("/my/?turn=you"))
    assert listed in own and "等您补正" in own and "审查中" not in own
    refused = mine.post(page, {"key": uuid4(), "words": " "})
    assert refused.status_code == 400 and "请写明补正了什么" in a.body(refused)
    key = uuid4()
    for _time in range(2):  # pressed twice
        assert mine.post(page, {"key": key, "words": "示例路1号"}).status_code == 302

    assert Handover.objects.get(root_id=case.pk).round == 1
    shown = a.body(mine.get(progress))
    assert page not in shown and "补正转给其他系统" in shown
    own = a.body(mine.get("/my/"))
    assert listed in own and "审查中" in own and "等您补正" not in own
    assert listed not in a.body(mine.get("/my/?turn=you"))
    assert Case.objects.get(pk=case.pk).due_on == due_on


def test_a_file_is_taken_back_before_it_is_handed_in(asked, sign_in):
    w, case, page = asked
    mine = sign_in(w.citizen)
    mine.post(f"{page}files/", {"files": [a.photo("错的.png"), a.photo("对的.png")], "_end": "1"})
    handover = Handover.objects.get(root_id=case.pk)
    wrong, _right = waiting_files(case.pk, handover.id)
    assert mine.post(f"{page}files/{wrong.id}/remove/").status_code == 302
    mine.post(page, {"key": uuid4(), "words": ""})

    assert [one.name for one in answer_files(Handover.objects.get(root_id=case.pk))] == ["对的.png"]


def test_a_correction_in_a_firms_matter_is_told_to_all_who_act_for_it_now(clock):
    """Who filed it may not any more: the others whose authority covers it hear of it."""
    w = world()
    case, by = f.accepted_case(w), staffed()
    settle()
    the_firms(case, by)
    Capacity.objects.filter(pk=by.authority).update(until_on=legal_day(f.FRIDAY_NOON) - f.DAY)
    row = Handover.objects.get(root_id=case.pk)
    exchange.send(root_id=case.pk, handover_id=row.id, at=f.FRIDAY_NOON)
    tell(double.say(row.reference, "correction", at=f.FRIDAY_NOON, words="缺印章"), f.FRIDAY_NOON)
    settle()
    settle()

    told = InboxMessage.objects.filter(kind="outside_correction").values_list("person_id", flat=True)
    assert sorted(told) == sorted([by.head[1].id, by.other[1].id])


def test_it_is_nobody_elses_to_see_or_to_answer(asked, sign_in, client):
    _w, case, page = asked
    stranger = sign_in(people.citizen("孙别人")[1])
    for deed in (lambda: stranger.get(page), lambda: stranger.post(page, {"key": uuid4(), "words": "x"})):
        assert deed().status_code == 404
    assert stranger.post(f"{page}files/", {"files": [a.photo()], "_end": "1"}).status_code == 404
    assert client.get(page).status_code == 302
    assert Handover.objects.get(root_id=case.pk).round == 0


def test_taken_back_meanwhile_she_has_nothing_to_answer(asked, sign_in):
    w, case, page = asked
    f.services.withdraw_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())
    mine = sign_in(w.citizen)

    late = mine.post(page, {"key": uuid4(), "words": "示例路1号"}, follow=True)
    assert "现在不用补正：已经交过，或者这一件已经往下办了。" in a.body(late)
    assert Handover.objects.get(root_id=case.pk).round == 0
    settle()
    assert "还没有得到对方的回音" in a.body(mine.get(reverse("cases:progress", args=[case.number])))


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
    report = outside.states_by_file(w.reviewer, lines, system=SYSTEM, at=f.FRIDAY_NOON)
    assert (report.taken, report.wrong) == (0, 1)
    assert not OutsideState.objects.exists() and Handover.objects.get(pk=row.pk).external_number == "GA-1"

    outside.states_by_file(w.clerk, lines, system=SYSTEM, at=f.FRIDAY_NOON)
    assert OutsideState.objects.get().state == "granted", "a colleague carries it on"
