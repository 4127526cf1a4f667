"""
施工许可阶段 of a site next to homes: three departments go there together (联合踏勘), write one record, and each
concludes by itself. The days of the way (the second golden trace of the stage).
"""

from datetime import date, datetime
from uuid import uuid4

import pytest

from mingqu.cases import selectors as case_selectors
from mingqu.cases import services as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests.looking_together import GATE, WALL, signed_by
from mingqu.cases.bundles.tests.test_a_school_is_built import accepted, on, statutory, w  # noqa: F401 - fixture
from mingqu.cases.bundles.types import Closing, RecordOf, VisitAnswer, VisitDate
from mingqu.cases.models import Visit
from mingqu.cases.types import PointFound, VisitParty, VisitRecord
from mingqu.documents.models import DocumentRequest
from mingqu.kernel.legal_day import BEIJING
from mingqu.notifications.models import InboxMessage

LOOKING = {
    "soil": ("SWJ-SB-01", "SWJ-PS-01"),
    "waste": ("CGJ-JZLJ-01", "CGJ-HEAD"),
    "quality": ("ZAZ-01", "ZAZ-02"),
}
THERE = datetime(2026, 9, 24, 10, 20, tzinfo=BEIJING)  # a Thursday, the last working day before 中秋节


def agreed(world, bundle):
    date_ = VisitDate(on(9, 24), "禾塘镇示例路2号", "请项目经理在场。")
    services.propose_visit(bundle_id=bundle.pk, date=date_, by=world.clerk, at=on(9, 22), key=uuid4())
    for part, (post, second) in LOOKING.items():
        answer = VisitAnswer(True, (world.other[post].id, world.other[second].id))
        services.answer_visit(
            bundle_id=bundle.pk, part=part, answer=answer, by=world.other[post], at=on(9, 22), key=uuid4()
        )
    b.settle(on(9, 22))
    return selectors.joint_visit(bundle)


def looked(world, bundle, joint, came):
    """What is written and signed by those who came; the ids of what was found."""
    found = []
    for part, finding in zip(came, (WALL, GATE), strict=True):
        of = RecordOf(bundle.pk, joint.id, part)
        made = services.write_finding(of=of, finding=finding, by=officer(world, part), at=THERE, key=uuid4())
        found.append(made.finding_id)
    for part in came:
        of = RecordOf(bundle.pk, joint.id, part)
        signed = signed_by(pair(world, part))
        services.sign_findings(of=of, signed=signed, by=officer(world, part), at=THERE, key=uuid4())
    services.close_findings(
        of=RecordOf(bundle.pk, joint.id, came[0]),
        closing=Closing(VisitParty("李晓禾"), tuple(set(LOOKING) - set(came))),
        by=officer(world, came[0]),
        at=THERE,
        key=uuid4(),
    )
    b.settle(THERE)
    return tuple(found)


def officer(world, part):
    return world.other[LOOKING[part][0]]


def pair(world, part):
    return tuple(world.other[post].id for post in LOOKING[part])


def conclude(world, bundle, part, found, *, at, adopted=""):
    case = b.case(bundle, part)
    (visit,) = case_selectors.visits_of(case)
    record = VisitRecord(
        outcome="met",
        points=tuple(PointFound(p.code, "met") for p in case_selectors.checklist_of(case, visit).points),
        began_at=at,
        party=VisitParty("", True, "没有另到现场") if adopted else VisitParty("李晓禾"),
        officers=signed_by(pair(world, part)),
        used_ids=found,
        adopted=adopted,
    )
    cases.record_visit(
        case_id=case.pk, visit_id=visit.id, record=record, by=officer(world, part), at=at, key=uuid4()
    )


@pytest.mark.django_db
def test_three_departments_look_once_the_absent_one_adopts_and_no_day_is_lost(w):  # noqa: F811
    bundle = accepted(w, near="yes")
    assert (bundle.accepted_on, bundle.due_on) == (date(2026, 9, 22), date(2026, 12, 1)), "as without a visit"

    joint = agreed(w, bundle)
    planned = Visit.objects.filter(case__bundle_id=bundle.pk)
    assert {one.planned_for for one in planned} == {on(9, 24)} and len(planned) == len(LOOKING)
    assert InboxMessage.objects.filter(kind__in=("bundle_visit_agreed", "visit_planned")).count() == 1

    found = looked(w, bundle, joint, ("quality", "waste"))
    assert DocumentRequest.objects.filter(root_id=bundle.pk, kind="joint_visit_record").count() == 1
    for part in ("quality", "waste"):
        conclude(w, bundle, part, found, at=THERE)
    conclude(w, bundle, "soil", found, at=on(9, 28), adopted="共同记录已写明现场情况，不需要另到现场。")

    # 核查期间期限照常计算: the statutory limits are those of the trace without a visit.
    assert statutory(bundle, "soil", on(9, 28)).due_on == date(2026, 10, 27)
    for part in LOOKING:
        b.decide(w, bundle, part, at=on(9, 29))
    b.settle(on(9, 29))
    assert b.states(bundle) == {
        "drawing": "accepted",
        "defence": "accepted",
        "soil": "granted",
        "waste": "granted",
        "quality": "granted",
        "licence": "waiting",
    }
