"""Joint visits for tests (联合踏勘): agreed on by three departments, on its day, written, signed, closed."""

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from mingqu.cases import selectors as case_selectors
from mingqu.cases import services as cases
from mingqu.cases.bundles import rules, selectors, services
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests import test_one_date_for_visits as v
from mingqu.cases.bundles.types import Closing, Correction, NewFinding, RecordOf
from mingqu.cases.models import Visit
from mingqu.cases.types import OfficerSigned, PointFound, VisitParty, VisitPlan, VisitRecord
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.tests.made_once import made_once

WALL = NewFinding("围挡高度", "连续封闭", Decimal("2.4"), "米")
GATE = NewFinding("出入口", "一处，已经硬化")
THERE = datetime(
    2026, 9, 20, 10, 20, tzinfo=BEIJING
)  # twenty minutes after v.hour(): a Sunday that is worked


def agreed(w, parts=v.PARTS):
    """The bundle, and the date all of them agreed on."""
    bundle = b.accepted(w, situation=v.SITUATION, answers=v.ANSWERS)
    v.propose(w, bundle)
    for part in parts:
        v.answer(w, bundle, part)
    b.settle()
    return bundle, selectors.joint_visit(bundle)


@made_once
def begun():
    """The world, the bundle in it and the date that was agreed on."""
    w = v.world()
    return w, *agreed(w)


def of(joint, part):
    return RecordOf(joint.bundle_id, joint.id, part)


def write(w, joint, part, finding=WALL, *, by=None, at=THERE):
    return services.write_finding(
        of=of(joint, part), finding=finding, by=by or v.who(w, part), at=at, key=uuid4()
    )


def correct(w, joint, part, finding_id, finding=None, *, reason="复测", at=THERE):
    instead = finding or NewFinding(WALL.subject, "连续封闭", Decimal("2.5"), "米")
    return services.correct_finding(
        of=of(joint, part),
        correction=Correction(finding_id, instead, reason),
        by=v.who(w, part),
        at=at,
        key=uuid4(),
    )


def remove(w, joint, part, finding_id, *, reason="写错了地方", at=THERE):
    return services.remove_finding(
        of=of(joint, part), finding_id=finding_id, reason=reason, by=v.who(w, part), at=at, key=uuid4()
    )


def signed_by(people):
    names = identity.names_of(people)
    return tuple(OfficerSigned(one, names[one]) for one in people)


def sign(w, joint, part, *, at=THERE, signed=None):
    return services.sign_findings(
        of=of(joint, part),
        signed=signed or signed_by(v.pair(w, part)),
        by=v.who(w, part),
        at=at,
        key=uuid4(),
    )


def unsigned(joint):
    """The parts that would be named as absent now, as the page shows it."""
    parts = {one.code: one for one in selectors.parts_of(joint.bundle)}
    coming = [one for one in selectors.answers_to(joint) if selectors.takes_part(one, parts[one.part])]
    return rules.who_came({one.part: one.signed_digest for one in coming}, digest(joint))[1]


def digest(joint):
    found = selectors.findings_of(joint.bundle_id, joint.id)
    return rules.findings_digest(one.id for one in selectors.standing_findings(found))


def close(w, joint, part="food", *, absent=None, party=None, at=THERE):
    named = tuple(unsigned(joint)) if absent is None else absent
    return services.close_findings(
        of=of(joint, part),
        closing=Closing(party or VisitParty("李晓禾"), named),
        by=v.who(w, part),
        at=at,
        key=uuid4(),
    )


def closed(w, joint, came=v.PARTS):
    """One thing written by the first, signed by those who came, closed; its id."""
    made = write(w, joint, "food")
    for part in came:
        sign(w, joint, part)
    close(w, joint)
    b.settle(THERE)
    return made.finding_id


def visit_of(bundle, part):
    return Visit.objects.get(case_id=b.part(bundle, part).case_id, state="planned")


def record(w, bundle, part, *, used=(), adopted="", at=THERE, outcome="met"):
    """A department's own record of its visit."""
    visit, case = visit_of(bundle, part), b.case(bundle, part)
    given = VisitRecord(
        outcome=outcome,
        points=tuple(PointFound(p.code, "met") for p in case_selectors.checklist_of(case, visit).points),
        began_at=at,
        party=VisitParty("", True, "没有另到现场") if adopted else VisitParty("李晓禾"),
        officers=signed_by(visit.officer_ids),
        used_ids=tuple(used),
        adopted=adopted,
    )
    return cases.record_visit(
        case_id=case.pk, visit_id=visit.id, record=given, by=v.who(w, part), at=at, key=uuid4()
    )


def move(w, bundle, part, *, at=THERE):
    visit = visit_of(bundle, part)
    plan = VisitPlan(v.hour(3), visit.place, tuple(visit.officer_ids))
    return cases.move_visit(
        case_id=visit.case_id,
        visit_id=visit.id,
        plan=plan,
        reason="另去一次",
        by=v.who(w, part),
        at=at,
        key=uuid4(),
    )


def drop(w, bundle, part, *, at=THERE, reason="改天自己去"):
    return services.drop_visitor(
        bundle_id=bundle.pk, part=part, reason=reason, by=w.clerk, at=at, key=uuid4()
    )


def add(w, bundle, part, *, at=THERE):
    return services.add_visitor(bundle_id=bundle.pk, part=part, by=w.clerk, at=at, key=uuid4())


def standing(joint):
    return selectors.standing_findings(selectors.findings_of(joint.bundle_id, joint.id))


def as_the_table_says(joint):
    """How many findings stand, whose signatures count, and whether it is closed."""
    joint.refresh_from_db()
    parts = {one.code: one for one in selectors.parts_of(joint.bundle)}
    coming = [one for one in selectors.answers_to(joint) if selectors.takes_part(one, parts[one.part])]
    if joint.recorded_at is not None:
        names = [one.part for one in coming if one.came]
    else:
        names = [one.part for one in coming if one.signed_digest == digest(joint)]
    end = ", closed" if joint.recorded_at else ""
    return f"{len(standing(joint))} {' '.join(sorted(names, key=v.PARTS.index)) or '–'}{end}"
