"""Departments of a bundle agree on one date for their visits (现场核查); the applicant is told once."""

from datetime import datetime, time
from uuid import uuid4

import pytest

from mingqu.cases import selectors as case_selectors
from mingqu.cases import services as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.errors import NothingToVisit, NotVisitingPost, NoVisitProposed, VisitNotTaken
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.types import VisitAnswer, VisitDate
from mingqu.cases.errors import OfficerBarred, ReasonMissing
from mingqu.cases.models import JointVisit, Visit
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import factories as f
from mingqu.cases.types import VisitPlan
from mingqu.cases.visit_errors import OfficerUnknown, OutsideHours, VisitInThePast
from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.identity.errors import NotAuthorised, Recused
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.tests.made_once import made_once
from mingqu.notifications.models import InboxMessage
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db
SITUATION = {
    **b.SITUATION,
    "foods": ["hot", "cold"],
    "fire_area": "large",
    "fire_route": "check",
    "sign_place": "roof",
}
ANSWERS = {
    **b.ANSWERS,
    "fire": {"fire_floors": "一层", "fire_exits": 2, "fire_person": "李晓禾"},
}
PARTS = ("food", "fire", "sign")


def hour(days: int = 1, at: time = time(10)) -> datetime:
    """So many working days after the bundle was filed."""
    day = legal_day(b.NOON)
    for _ in range(days):
        day = clocks.current_calendar().next_working_day(day)
    return datetime.combine(day, at, BEIJING)


def world(base: f.World | None = None) -> b.World:
    """Each department has the second officer that a visit takes."""
    made = b.world(base)
    for post, organ in (("XFJY-HC", "QH-XFJY"), ("CGJ-SRHJ-01", "QH-CGJ")):
        found = identity.post_by_code(post).department
        assert found.code == organ
        made.other[f"{post}-2"] = f._post(f"{post}-2", post, found.id, "reviewer", found.id)
    return made


@made_once
def begun():
    """The world and a bundle whose parts are all accepted."""
    w = world()
    return w, b.accepted(w, situation=SITUATION, answers=ANSWERS)


@pytest.fixture
def whole():
    return begun()


@pytest.fixture
def w(whole):
    return whole[0]


@pytest.fixture
def bundle(whole):
    return whole[1]


def propose(w, bundle, when=None, *, by=None, place="青澜街道望渠路5号", at=b.NOON):
    return services.propose_visit(
        bundle_id=bundle.pk,
        date=VisitDate(when or hour(), place, "请接通水电"),
        by=by or w.clerk,
        at=at,
        key=uuid4(),
    )


def pair(w, part):
    second = {"food": w.base.station, "fire": w.other["XFJY-HC-2"], "sign": w.other["CGJ-SRHJ-01-2"]}[part]
    return (who(w, part).id, second.id)


def who(w, part):
    return {"food": w.base.inspector, "fire": w.other["XFJY-HC"], "sign": w.other["CGJ-SRHJ-01"]}[part]


def answer(w, bundle, part, *, no="", by=None, officers=None, at=b.NOON):
    given = VisitAnswer(False, reason=no) if no else VisitAnswer(True, officers or pair(w, part))
    return services.answer_visit(
        bundle_id=bundle.pk, part=part, answer=given, by=by or who(w, part), at=at, key=uuid4()
    )


def planned(bundle):
    own = {b.part(bundle, code).case_id: code for code in PARTS}
    rows = Visit.objects.filter(case_id__in=own, state="planned")
    return {own[row.case_id]: row for row in rows}


def test_agreed_by_every_department_each_visit_carries_the_date_and_the_applicant_is_told_once(w, bundle):
    """行政许可法 34: each department sends two officers of its own; 26: 联合办理."""
    propose(w, bundle)
    for part in PARTS:
        assert not planned(bundle)
        answer(w, bundle, part)
    b.settle()

    visits = planned(bundle)
    assert set(visits) == set(PARTS)
    for part, visit in visits.items():
        assert visit.planned_for == hour() and tuple(visit.officer_ids) == pair(w, part)
    told = InboxMessage.objects.filter(kind__in=("bundle_visit_agreed", "visit_planned"))
    assert [one.kind for one in told] == ["bundle_visit_agreed"]
    assert JointVisit.objects.get().state == "agreed"


def test_a_department_that_can_not_come_says_why_and_another_date_is_proposed(w, bundle):
    propose(w, bundle)
    answer(w, bundle, "food")
    answer(w, bundle, "fire", no="当天全员参加演练")
    answer(w, bundle, "sign")
    b.settle()
    assert not planned(bundle)
    given = {
        one.part: (one.answer, one.reason) for one in selectors.answers_to(selectors.joint_visit(bundle))
    }
    assert given["fire"] == ("declined", "当天全员参加演练")

    propose(w, bundle, hour(2))
    for part in PARTS:
        answer(w, bundle, part)
    b.settle()

    assert {one.planned_for for one in planned(bundle).values()} == {hour(2)}
    assert sorted(JointVisit.objects.values_list("state", flat=True)) == ["agreed", "replaced"]


def test_a_visit_agreed_on_before_is_moved_to_the_common_date(w, bundle):
    food = b.case(bundle, "food")
    task = next(t for t in tasks.open_tasks(food.pk) if t.step == "visit")
    cases.plan_visit(
        case_id=food.pk,
        task_id=task.task_id,
        plan=VisitPlan(hour(3), "望渠路5号", pair(w, "food")),
        by=who(w, "food"),
        at=b.NOON,
        key=uuid4(),
    )
    propose(w, bundle)
    for part in PARTS:
        answer(w, bundle, part)
    b.settle()

    assert planned(bundle)["food"].planned_for == hour()
    assert [v.state for v in case_selectors.visits_of(food)] == ["moved", "planned"]


def test_a_part_that_ends_meanwhile_no_longer_holds_the_others_up(w, bundle):
    propose(w, bundle)
    answer(w, bundle, "food")
    answer(w, bundle, "sign")
    fire = b.case(bundle, "fire")
    cases.withdraw_case(case_id=fire.pk, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()

    assert set(planned(bundle)) == {"food", "sign"}


def test_what_can_not_be_proposed_or_answered_changes_nothing(w, bundle):
    for given, refusal in (
        ({"by": w.citizen}, NotAuthorised),
        ({"when": b.NOON}, VisitInThePast),
        ({"when": hour(at=time(20))}, OutsideHours),
    ):
        with pytest.raises(refusal):
            propose(w, bundle, **given)
    with pytest.raises(NoVisitProposed):
        answer(w, bundle, "food")
    propose(w, bundle)
    for given, refusal in (
        ({"part": "drainage", "by": who(w, "food"), "no": "没空"}, NoVisitProposed),
        ({"part": "fire", "by": who(w, "food")}, NotAuthorised),
        ({"part": "fire", "by": w.other["XFJY-JC-01"]}, NotVisitingPost),
        ({"part": "fire", "no": " "}, ReasonMissing),
        ({"part": "fire", "officers": pair(w, "food")}, OfficerUnknown),
        ({"part": "fire", "at": hour(2)}, VisitInThePast),
    ):
        with pytest.raises(refusal):
            answer(w, bundle, **given)

    assert {one.answer for one in selectors.answers_to(selectors.joint_visit(bundle))} == {""}


def test_one_department_alone_needs_no_common_date():
    w = world()
    bundle = b.accepted(w, situation={**b.SITUATION, "foods": ["cold"]})

    with pytest.raises(NothingToVisit):
        propose(w, bundle)


def test_the_post_that_has_not_answered_sees_the_proposal_among_its_visits(w, bundle):
    propose(w, bundle)

    waiting = selectors.unanswered(who(w, "fire"))
    assert [(one.part, one.when) for one in waiting] == [("fire", hour())]
    answer(w, bundle, "fire")
    assert not selectors.unanswered(who(w, "fire")) and selectors.unanswered(who(w, "food"))


def test_a_part_that_ended_as_the_date_was_agreed_on_is_told_and_the_others_are_visited(w, bundle):
    propose(w, bundle)
    for part in PARTS:
        answer(w, bundle, part)
    cases.withdraw_case(case_id=b.case(bundle, "fire").pk, by=w.citizen, at=b.NOON, key=uuid4())

    b.settle()

    assert set(planned(bundle)) == {"food", "sign"}
    refused = AuditEntry.objects.filter(root_id=bundle.pk, action="bundle.order_refused")
    assert [(one.notes["part"], one.notes["refusal"]) for one in refused] == [("fire", VisitNotTaken.code)]


def test_who_stands_aside_in_a_part_neither_answers_for_it_nor_is_sent_there(w, bundle):
    propose(w, bundle)
    case_id = b.part(bundle, "fire").case_id
    officer, second = who(w, "fire"), w.other["XFJY-HC-2"]
    why = StandAside("kin", "申请人是表弟")
    cases.recuse(case_id=case_id, why=why, by=second, at=b.NOON, key=uuid4())
    with pytest.raises(OfficerBarred):
        answer(w, bundle, "fire")

    cases.recuse(case_id=case_id, why=why, by=officer, at=b.NOON, key=uuid4())
    with pytest.raises(Recused):
        answer(w, bundle, "fire")
    answer(w, bundle, "food")  # other parts are no matter of hers
