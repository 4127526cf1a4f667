"""
Every command in every state a case can be in, made from rules.ALLOWED_IN: where it is allowed the state is no
reason to refuse it, where it is not the refusal is the right one and leaves everything as it was.
"""

from uuid import uuid4

import pytest
from django.db import transaction

from mingqu.cases import errors, rules, services
from mingqu.cases.consulting.types import Question
from mingqu.cases.models import Case, FilingChange
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import asking, mail
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_refusals import unchanged
from mingqu.cases.types import Asked, Finding, Handed, Served
from mingqu.kernel.errors import DomainError
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db
NOW = f.FRIDAY_NOON


@pytest.fixture
def w():
    return f.world()


def _task(case, step):
    """The task of a step, open or not; any id where there is none."""
    return next((t.task_id for t in tasks.all_tasks(case.pk) if t.step == step), uuid4())


def _finding(w, case, step, by):
    return services.complete_step(
        case_id=case.pk, task_id=_task(case, step), finding=Finding("met"), by=by, at=NOW, key=uuid4()
    )


# Command → how it is given, and the refusal where the state does not allow it.
COMMANDS = {
    "case.accept": (lambda w, c: _plain(services.accept_case, c, w.clerk), errors.NotReceived),
    "case.settle": (
        lambda w, c: _plain(services.settle_on_spot, c, w.clerk, outcome="granted", reasons=""),
        errors.NotReceived,
    ),
    "case.refuse_acceptance": (
        lambda w, c: _plain(services.refuse_acceptance, c, w.clerk, ground="not_required", reason="不需要"),
        errors.NotReceived,
    ),
    "case.ask_correction": (
        lambda w, c: _plain(services.ask_correction, c, w.clerk, asked=[Asked("floor-plan", "不清")]),
        errors.NotReceived,
    ),
    "case.supplement": (
        lambda w, c: _plain(services.supplement_case, c, w.citizen),
        errors.NotAwaitingCorrection,
    ),
    "case.bring_owed": (lambda w, c: _plain(services.bring_owed, c, w.citizen), errors.NotBrought),
    "case.choose_delivery": (
        lambda w, c: _plain(services.choose_delivery, c, w.citizen, way="window"),
        errors.DeliveryFixed,
    ),
    "case.review": (lambda w, c: _finding(w, c, "check", w.reviewer), errors.NotInReview),
    "case.check": (lambda w, c: _finding(w, c, "check", w.checker), errors.NotInReview),
    "case.return_inside": (
        lambda w, c: _plain(
            services.return_inside, c, w.leader, task_id=_task(c, "decide"), step="check", reason="再核对"
        ),
        errors.NotInReview,
    ),
    "case.claim": (
        lambda w, c: _plain(services.claim_step, c, w.leader, task_id=_task(c, "decide")),
        errors.NotInReview,
    ),
    "case.release": (
        lambda w, c: _plain(services.release_step, c, w.reviewer, task_id=_task(c, "check")),
        errors.NotInReview,
    ),
    "case.release_others": (
        lambda w, c: _plain(
            services.release_step, c, asking.head_of(w), task_id=_task(c, "check"), reason="请假"
        ),
        errors.NotInReview,
    ),
    "case.pass_on": (
        lambda w, c: _plain(
            services.pass_on, c, w.leader, task_id=_task(c, "decide"), to=Handed("SCJG-LEAD", "出差")
        ),
        errors.NotInReview,
    ),
    "case.change_signers": (
        lambda w, c: _plain(
            services.change_signers, c, w.leader, task_id=_task(c, "decide"), to=Handed("SCJG-LEAD", "会商")
        ),
        errors.NotInReview,
    ),
    "case.hold_step": (
        lambda w, c: _plain(
            services.hold_step, c, w.leader, task_id=_task(c, "decide"), held=True, reason="等答复"
        ),
        errors.NotInReview,
    ),
    "case.take_back": (
        lambda w, c: _plain(services.take_back, c, w.reviewer, task_id=_task(c, "check"), reason="写错了"),
        errors.NotInReview,
    ),
    "case.recuse": (
        lambda w, c: _plain(services.recuse, c, w.reviewer, why=StandAside("kin", "申请人的表弟")),
        errors.NotInReview,
    ),
    "case.exclude": (
        lambda w, c: _plain(
            services.exclude,
            c,
            asking.head_of(w),
            person_id=w.reviewer.id,
            why=StandAside("kin", "申请人的表弟"),
        ),
        errors.NotInReview,
    ),
    "case.reassign": (
        lambda w, c: _plain(
            services.reassign,
            c,
            asking.head_of(w),
            task_id=_task(c, "check"),
            post="SCJG-HC",
            reason="没有人",
        ),
        errors.NotInReview,
    ),
    "case.consult": (
        lambda w, c: _plain(
            services.consult, c, w.reviewer, task_id=_task(c, "check"), question=Question("QXJ-01", "问", 3)
        ),
        errors.NotInReview,
    ),
    "case.note_arrival": (lambda w, c: mail.noted(c, uuid4(), w.reviewer, at=NOW), errors.NotInReview),
    "case.plan_visit": (
        lambda w, c: _plain(
            services.plan_visit, c, w.inspector, task_id=_task(c, "visit"), plan=f.visit_plan(w, NOW)
        ),
        errors.NotInReview,
    ),
    "case.record_visit": (
        lambda w, c: _plain(services.record_visit, c, w.inspector, visit_id=uuid4(), record=None),
        errors.NotInReview,
    ),
    "case.ask_new_date": (
        lambda w, c: _plain(
            services.ask_new_date, c, w.citizen, visit_id=uuid4(), wish_on=None, reason="出差"
        ),
        errors.NotInReview,
    ),
    "case.pause": (
        lambda w, c: _plain(
            services.pause_case, c, w.reviewer, ground="hearing", expected_until=NOW.date(), reason="听证"
        ),
        errors.NotInReview,
    ),
    "case.expect_later": (
        lambda w, c: _plain(
            services.expect_later, c, w.reviewer, expected_until=NOW.date() + f.DAY, reason="还要补检"
        ),
        errors.NotInReview,
    ),
    "case.resume": (lambda w, c: _plain(services.resume_case, c, w.reviewer, reason=""), errors.NotInReview),
    "case.extend": (
        lambda w, c: _plain(services.extend_case, c, w.leader, limit=5, reason="再核对"),
        errors.NotInReview,
    ),
    "case.decide": (
        lambda w, c: _plain(services.decide_case, c, w.leader, outcome="granted", reasons=""),
        errors.NotInReview,
    ),
    "case.terminate": (
        lambda w, c: _plain(services.terminate_case, c, w.leader, reason="主体资格消灭"),
        errors.NotTerminable,
    ),
    "case.deliver": (
        lambda w, c: _plain(services.deliver_case, c, w.clerk, served=Served.at_window("李晓禾")),
        errors.NotDecided,
    ),
    "case.archive": (lambda w, c: _plain(services.archive_case, c, w.reviewer), errors.NotDelivered),
    "case.withdraw": (lambda w, c: _plain(services.withdraw_case, c, w.citizen), errors.AlreadyEnded),
    "case.ask_void": (lambda w, c: _plain(services.ask_void, c, w.clerk, reason="收错"), errors.VoidTooLate),
    "case.mend": (
        lambda w, c: _plain(services.mend_entry, c, w.clerk, changes={}, reason="打错"),
        errors.MendTooLate,
    ),
    "case.answer_change": (
        lambda w, c: _plain(services.answer_change, c, w.reviewer, change_id=uuid4(), agrees=True, text=""),
        errors.MendTooLate,
    ),
    "case.answer_discretion": (
        lambda w, c: _plain(
            services.answer_discretion, c, w.checker, discretion_id=uuid4(), agrees=True, text=""
        ),
        errors.NotInReview,
    ),
    "case.pass_discretion": (
        lambda w, c: _plain(services.pass_discretion, c, w.checker, discretion_id=uuid4(), post="SCJG-HC"),
        errors.NotInReview,
    ),
    "case.check_commitment": (
        lambda w, c: _plain(
            services.check_commitment, c, w.reviewer, check_id=uuid4(), finding="kept", text="核对属实"
        ),
        errors.NotDecided,
    ),
}
WITH_A_BUNDLE = {
    "case.change_party",
    "case.take_shared_answers",
}  # given by a bundle to its cases: cases/bundles has its tests


def _plain(command, case, by, **given):
    return command(case_id=case.pk, by=by, at=NOW, key=uuid4(), **given)


def _given(make, command):
    def go(w):
        case = make(w)
        COMMANDS[command][0](w, case)
        return Case.objects.get(pk=case.pk)

    return go


def _not_accepted(w):
    case = f.received_case(w)
    _plain(services.refuse_acceptance, case, w.clerk, ground="false_statement", reason="材料虚假")
    return Case.objects.get(pk=case.pk)


def _voided(w):
    case = f.received_case(w)
    Case.objects.filter(pk=case.pk).update(channel="window")  # as if a clerk had typed it for her
    _plain(services.ask_void, case, w.clerk, reason="收错")
    row = FilingChange.objects.get(case=case)
    _plain(services.answer_change, case, w.reviewer, change_id=row.id, agrees=True, text="")
    return Case.objects.get(pk=case.pk)


# State, and what its labels refuse besides.
STATES = {
    "received": (f.received_case, {}),
    "correction": (f.correction_case, {}),
    "accepted": (
        f.reviewed_case,
        {"case.resume": errors.NotSuspended, "case.expect_later": errors.NotSuspended},
    ),
    "suspended": (
        _given(f.reviewed_case, "case.pause"),
        {
            "case.pause": errors.SuspendedNow,
            "case.extend": errors.SuspendedNow,
            "case.decide": errors.SuspendedNow,
        },
    ),
    "decided": (f.decided_case, {}),
    "delivered": (_given(f.decided_case, "case.deliver"), {}),
    "not_accepted": (_not_accepted, {}),
    "not_required": (_given(f.received_case, "case.refuse_acceptance"), {}),
    "withdrawn": (_given(f.accepted_case, "case.withdraw"), {}),
    "terminated": (_given(f.accepted_case, "case.terminate"), {}),
    "voided": (_voided, {}),
    "archived": (_given(_given(f.accepted_case, "case.withdraw"), "case.archive"), {}),
}
# Allowed and whole as these cases stand: they must happen, not only not be refused for the state.
HAPPENS = {
    "received": {"case.accept", "case.refuse_acceptance", "case.ask_correction", "case.terminate", "case.withdraw"},
    "correction": {"case.terminate", "case.withdraw"},
    "accepted": {
        "case.pause", "case.extend", "case.decide", "case.return_inside", "case.claim", "case.terminate",
        "case.withdraw",
    },
    "suspended": {
        "case.resume", "case.expect_later", "case.return_inside", "case.claim", "case.terminate", "case.withdraw",
    },
    "decided": {"case.deliver"},
    "delivered": {"case.archive"},
    "not_accepted": {"case.archive"},
    "not_required": {"case.archive"},
    "withdrawn": {"case.archive"},
    "terminated": {"case.archive"},
    "voided": set(),
    "archived": set(),
}  # fmt: skip


def test_the_table_has_every_command_and_every_state():
    assert set(COMMANDS) | WITH_A_BUNDLE == set(rules.ALLOWED_IN)
    assert set(STATES) - {"suspended"} == set(Case.Status.values)


@pytest.mark.parametrize("state", STATES)
def test_each_command_in_this_state_happens_or_is_refused_rightly(w, state):
    make, labels = STATES[state]
    case = make(w)
    assert case.status == ("accepted" if state == "suspended" else state)

    for name, (give, wrong_state) in COMMANDS.items():
        if name in labels:
            unchanged(case, lambda give=give: give(w, case), labels[name])
        elif case.status not in rules.ALLOWED_IN[name]:
            unchanged(case, lambda give=give: give(w, case), wrong_state)
        else:
            _not_for_its_state(w, case, name, state)


def _not_for_its_state(w, case, name, state):
    give, wrong_state = COMMANDS[name]
    try:
        with transaction.atomic():
            give(w, case)
            transaction.set_rollback(True)
    except DomainError as refusal:
        assert name not in HAPPENS[state], f"{name} in {state}: {refusal.code}"
        assert refusal.code != wrong_state.code, f"{name} is allowed in {state}"
