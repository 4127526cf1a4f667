"""
Every pair of commands on one case, at the same instant on two connections: what happens is what one of the
two orders would have given, nothing is lost, doubled or stuck.
"""

import itertools
import threading
from uuid import uuid4

import pytest
from django.db import connections

from mingqu.cases import services
from mingqu.cases.models import Case, CaseMaterial, Decision, Opinion
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import test_transitions_of_renewal as renewals
from mingqu.cases.tests import variants as v
from mingqu.cases.types import Asked, Served
from mingqu.clocks import selectors as clocks
from mingqu.documents import selectors as documents
from mingqu.kernel.errors import DomainError
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.process import selectors as tasks

NOW = f.FRIDAY_NOON
LATE = NOW + 10 * f.DAY

COMMANDS = {
    "accept": lambda w, c: services.accept_case(case_id=c, by=w.clerk, at=NOW, key=uuid4()),
    "deem": lambda w, c: services.deem_accepted(case_id=c, at=LATE),
    "ask": lambda w, c: services.ask_correction(
        case_id=c, asked=[Asked("floor-plan", "看不清")], by=w.reviewer, at=NOW, key=uuid4()
    ),
    "refuse_acceptance": lambda w, c: services.refuse_acceptance(
        case_id=c,
        ground="not_competent",
        organ="云禾区市场监督管理局",
        reason="场所不在本区",
        by=w.clerk,
        at=NOW,
        key=uuid4(),
    ),
    "supplement": lambda w, c: services.supplement_case(case_id=c, by=w.citizen, at=NOW, key=uuid4()),
    "check": lambda w, c: _review(w, c, "check"),
    "fitness": lambda w, c: _review(w, c, "fitness"),
    "grant": lambda w, c: _decide(w, c, "granted"),
    "refuse": lambda w, c: _decide(w, c, "refused"),
    "withdraw": lambda w, c: services.withdraw_case(case_id=c, by=w.citizen, at=NOW, key=uuid4()),
    "deliver": lambda w, c: services.deliver_case(
        case_id=c, served=Served.at_window("李晓禾"), by=w.clerk, at=NOW, key=uuid4()
    ),
    "pause": lambda w, c: services.pause_case(
        case_id=c,
        ground="testing",
        expected_until=NOW.date(),
        reason="需要检测",
        by=w.reviewer,
        at=NOW,
        key=uuid4(),
    ),
    "resume": lambda w, c: services.resume_case(case_id=c, reason="", by=w.reviewer, at=NOW, key=uuid4()),
    "extend": lambda w, c: services.extend_case(
        case_id=c, limit=5, reason="需要再次核对", by=w.leader, at=NOW, key=uuid4()
    ),
    "return_inside": lambda w, c: _return_inside(w, c, "check"),
    "terminate": lambda w, c: services.terminate_case(
        case_id=c, reason="主体资格消灭", by=w.leader, at=NOW, key=uuid4()
    ),
    "settle": lambda w, c: services.settle_on_spot(
        case_id=c, outcome="granted", reasons="", by=w.clerk, at=NOW, key=uuid4()
    ),
    "deem_renewed": lambda w, c: services.deem_renewed(case_id=c, at=renewals.OVER),
    "archive": lambda w, c: services.archive_case(case_id=c, by=w.reviewer, at=NOW, key=uuid4()),
}


def _review(w, case_id, step):
    task = next((t for t in tasks.all_tasks(case_id) if t.step == step), None)
    if task is None:
        raise DomainError()
    return services.complete_step(
        case_id=case_id,
        task_id=task.task_id,
        finding=f.Finding("met"),
        by=f.by_step(w, step),
        at=NOW,
        key=uuid4(),
    )


def _return_inside(w, case_id, step):
    """From the decision back to an earlier step."""
    task = next((t for t in tasks.all_tasks(case_id) if t.step == "decide"), None)
    if task is None:
        raise DomainError()
    return services.return_inside(
        case_id=case_id,
        task_id=task.task_id,
        step=step,
        reason="请再核对",
        by=w.leader,
        at=NOW,
        key=uuid4(),
    )


def _decide(w, case_id, outcome):
    return services.decide_case(
        case_id=case_id, outcome=outcome, reasons="理由", by=w.leader, at=NOW, key=uuid4()
    )


def _correction_ready(w):
    case = f.correction_case(w)
    add_correction_files(
        case_id=case.pk, material="floor-plan", uploads=[Upload("图.png", f.PNG)], by=w.citizen, at=NOW
    )
    return case


def _delivered(w):
    case = f.decided_case(w)
    COMMANDS["deliver"](w, case.pk)
    return case


def _suspended(w):
    case = f.accepted_case(w)
    COMMANDS["pause"](w, case.pk)
    return case


STATES = {
    "received": (
        f.received_case,
        ["accept", "deem", "ask", "refuse_acceptance", "withdraw", "check", "terminate"],
    ),
    "correction": (_correction_ready, ["supplement", "withdraw", "accept", "terminate"]),
    "accepted": (
        f.accepted_case,
        ["check", "fitness", "withdraw", "grant", "accept", "pause", "extend", "terminate"],
    ),
    "suspended": (_suspended, ["resume", "pause", "extend", "withdraw", "check", "terminate"]),
    "reviewed": (
        f.reviewed_case,
        ["grant", "refuse", "withdraw", "check", "return_inside", "pause", "extend", "terminate"],
    ),
    "decided": (f.decided_case, ["deliver", "withdraw", "archive", "grant", "terminate", "return_inside"]),
    "delivered": (_delivered, ["archive", "deliver", "withdraw"]),
}


def outcome(w, name, case_id):
    """None when the command happened, the code of its refusal when not."""
    try:
        done = COMMANDS[name](w, case_id)
    except DomainError as refusal:
        return refusal.code
    return "nothing_to_do" if done is None else None


def serially(w, make, one, other, order):
    """The same two, one after the other; `order` is (1, 2) or (2, 1)."""
    case, names = make(w), {1: one, 2: other}
    return {place: outcome(w, names[place], case.pk) for place in order}, picture(case.pk)


def at_once(w, make, one, other):
    case, results, start = make(w), {}, threading.Barrier(2)

    def act(place, name):
        try:
            start.wait()
            results[place] = outcome(w, name, case.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=given) for given in ((1, one), (2, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), f"{one} and {other} wait for each other"
    assert len(results) == 2, f"{one} or {other} died"
    return results, picture(case.pk)


def picture(case_id):
    """Everything that must agree with one of the two orders."""
    case = Case.objects.get(pk=case_id)
    instance = case.instance_id
    if instance:
        assert tasks.differences(case_id, instance) == {}, "a rebuilt process equals the stored one"
    assert case.due_on == clocks.due_on(case_id), "the stored deadline is what the ledger says"
    entries = list(AuditEntry.objects.filter(root_id=case_id).order_by("seq"))
    assert [e.seq for e in entries] == list(range(1, len(entries) + 1))
    assert all(bytes(b.previous) == bytes(a.link) for a, b in itertools.pairwise(entries))
    return {
        "status": case.status,
        "outcome": case.outcome,
        "labels": (case.suspended_since, case.suspended_ground, case.extended_on, case.returned_inside),
        "due_on": case.due_on,
        "accepted_on": case.accepted_on,
        "tasks": sorted((t.step, t.status) for t in tasks.all_tasks(case_id)),
        "opinions": sorted(Opinion.objects.filter(case=case_id).values_list("step", flat=True)),
        "decisions": sorted(Decision.objects.filter(case=case_id).values_list("kind", flat=True)),
        "materials": sorted(CaseMaterial.objects.filter(case=case_id).values_list("code", "state")),
        "papers": sorted(d.kind for d in documents.documents_of(case_id)),
        "events": sorted(OutboxEvent.objects.filter(root_id=case_id).values_list("name", flat=True)),
        "audit": sorted(e.action for e in entries if e.action != "case.deem_accepted"),
    }


def check_pairs(w, make, names):
    for one, other in itertools.combinations_with_replacement(names, 2):
        raced = at_once(w, make, one, other)
        # One order after the other, and the second only where the first was not it.
        orders = (serially(w, make, one, other, order) for order in ((1, 2), (2, 1)))
        assert raced in orders, f"{one} ∥ {other}"


@pytest.mark.parametrize("state", STATES)
def test_any_two_commands_at_once_end_as_in_one_of_the_two_orders(committed_db, state):
    make, names = STATES[state]

    check_pairs(f.world(), make, names)


def test_settling_on_the_spot_meets_every_other_answer(committed_db):
    """行政许可法 34: accepted and decided as one act, or not at all."""
    names = ["settle", "accept", "refuse_acceptance", "withdraw", "ask"]

    check_pairs(f.world(v.on_the_spot()), f.received_case, names)


def test_what_the_law_renews_meets_whoever_decides_at_that_very_moment(committed_db):
    """行政许可法 50"""
    w = renewals.sealed(f.world())

    for other in ("grant", "refuse", "withdraw", "terminate", "deem_renewed"):
        for one in ("deem_renewed",):
            raced = at_once(w, _renewal_to_decide, one, other)
            orders = (serially(w, _renewal_to_decide, one, other, order) for order in ((1, 2), (2, 1)))
            assert raced in orders, f"{one} ∥ {other}"


def _renewal_to_decide(w):
    case = renewals.accepted_renewal(w)
    for step, by in (("review", w.reviewer), ("check", w.checker)):
        task = next(t for t in tasks.open_tasks(case.pk) if t.step == step)
        services.complete_step(
            case_id=case.pk,
            task_id=task.task_id,
            finding=f.Finding("met"),
            by=by,
            at=renewals.LAST_IN_TIME,
            key=uuid4(),
        )
    return case


@pytest.mark.long
@pytest.mark.parametrize("state", STATES)
def test_every_pair_of_commands_in_every_state(committed_db, state):
    check_pairs(f.world(), STATES[state][0], list(COMMANDS))


def test_the_same_click_from_two_windows_files_one_case(committed_db):
    w = f.world()
    started = f.draft(w)
    key, numbers, start = uuid4(), [], threading.Barrier(4)

    def click():
        try:
            start.wait()
            filed = services.file_case(
                draft_id=started.draft_id, base_version=started.version, by=w.citizen, at=NOW, key=key
            )
            numbers.append(filed.number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(numbers) == 4 and len(set(numbers)) == 1
    assert Case.objects.count() == 1


def test_many_filings_at_once_get_different_numbers_without_a_gap(committed_db):
    w = f.world()
    drafts = [f.draft(w) for _ in range(12)]
    numbers, start = [], threading.Barrier(len(drafts))

    def file(started):
        try:
            start.wait()
            filed = services.file_case(
                draft_id=started.draft_id, base_version=started.version, by=w.citizen, at=NOW, key=uuid4()
            )
            numbers.append(int(filed.number[-6:]))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=file, args=(one,)) for one in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(numbers) == list(range(1, 13))
