"""征求意见 against every other deed of a case: each cell of the table in docs/process-human-steps.md, on rows."""

from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import transaction
from tests.architecture.house import ROOT

from mingqu.cases import services
from mingqu.cases.consulting import errors
from mingqu.cases.tests import asking
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.cases.types import Finding, Handed
from mingqu.kernel.errors import DomainError

pytestmark = pytest.mark.django_db
NOW, MONTH = asking.NOW, 30 * f.DAY
A, B, F, FIRST = "SCJG-SPXK-01", "SCJG-HC", "SCJG-QLS", "SCJG-SPXK-SH"


def table() -> tuple[list[str], dict[str, list[str]]]:
    lines = (ROOT / "docs/process-human-steps.md").read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| the question is"))
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[start:]]
    end = next(n for n, row in enumerate(rows) if len(row) < 3)
    return rows[0][1:], {row[0]: row[1:] for row in rows[2:end]}


DEEDS, CELLS = table()


def sign(case, by, post):
    return services.complete_step(
        case_id=case.pk,
        task_id=asking.task_id(case, post),
        finding=Finding("met"),
        by=by,
        at=NOW,
        key=uuid4(),
    )


def hand(service, case, by, post, to, **how):
    return service(
        case_id=case.pk,
        task_id=asking.task_id(case, post),
        to=Handed(to, "出差", **how),
        by=by,
        at=NOW,
        key=uuid4(),
    )


def give_back(w, case):
    hand(services.pass_on, case, w.reviewer, A, FIRST, back=True)
    return sign(case, w.checker, FIRST)


def returned(case, by, post):
    return services.return_inside(
        case_id=case.pk,
        task_id=asking.task_id(case, post),
        step="intake",
        reason="重看",
        by=by,
        at=NOW,
        key=uuid4(),
    )


DO = {
    "a signs": lambda w, c, q: sign(c, w.reviewer, A),
    "b signs": lambda w, c, q: sign(c, w.inspector, B),
    "a is passed on": lambda w, c, q: hand(services.pass_on, c, w.reviewer, A, FIRST),
    "a is lent": lambda w, c, q: hand(services.pass_on, c, w.reviewer, A, FIRST, back=True),
    "a lent gives back": lambda w, c, q: give_back(w, c),
    "a adds y": lambda w, c, q: hand(services.change_signers, c, w.reviewer, A, FIRST, add=True),
    "a is held": lambda w, c, q: services.hold_step(
        case_id=c.pk, task_id=asking.task_id(c, A), held=True, reason="等", by=w.reviewer, at=NOW, key=uuid4()
    ),
    "a returns": lambda w, c, q: returned(c, w.reviewer, A),
    "f returns": lambda w, c, q: returned(c, w.station, F),
    "i takes back": lambda w, c, q: services.take_back(
        case_id=c.pk, task_id=w.first, reason="写错了", by=w.checker, at=NOW, key=uuid4()
    ),
    "f signs": lambda w, c, q: sign(c, w.station, F),
    "o answers": lambda w, c, q: asking.answered(q, w.other),
    "a calls off": lambda w, c, q: asking.called_off(q, w.reviewer),
    "a asks o again": lambda w, c, q: asking.asked(c, w.reviewer),
    "its day is over": lambda w, c, q: asking.watched(q, NOW + MONTH),
    "terminate": lambda w, c, q: services.terminate_case(
        case_id=c.pk, reason="主体资格消灭", by=w.leader, at=NOW, key=uuid4()
    ),
    "withdraw": lambda w, c, q: services.withdraw_case(case_id=c.pk, by=w.citizen, at=NOW, key=uuid4()),
}  # fmt: skip


def ready(state):
    """The case at its parallel steps, and the question in this state."""
    w = f.world(v.asking_others(asking.SILENCE if "silence" in state else None))
    w.other = v.other_organ()
    case = f.accepted_case(w)
    w.first = asking.task_id(case, FIRST)
    sign(case, w.checker, FIRST)
    question = asking.asked(case, w.reviewer, waits=state not in ("asked, the step goes on",))
    if state == "answered":
        asking.answered(question, w.other)
    if state == "called off":
        asking.called_off(question, w.reviewer)
    return w, case, question


def test_the_table_knows_every_deed():
    assert set(DEEDS) == set(DO) and len(CELLS) == 5


@pytest.mark.parametrize("state", CELLS)
def test_each_deed_meets_a_question_as_the_table_says(state):
    w, case, question = ready(state)
    found = []
    for deed in DEEDS:
        with suppress(Undone), transaction.atomic():
            try:
                with transaction.atomic():
                    DO[deed](w, case, question)
                question.refresh_from_db()
                found.append(question.state)
            except DomainError as refused:
                found.append(refused.code)
            raise Undone

    assert dict(zip(DEEDS, found, strict=True)) == dict(zip(DEEDS, CELLS[state], strict=True))


REFUSED = {
    "consultation_open": errors.ConsultationOpen,
    "consulted_meanwhile": errors.ConsultedTaken,
    "consultation_over": errors.ConsultationOver,
    "consulted_already": errors.ConsultedAlready,
}


def test_the_refusals_of_the_table_are_those_of_the_code():
    named = {cell for row in CELLS.values() for cell in row if "consult" in cell}
    assert named == {kind.code for kind in REFUSED.values()} == set(REFUSED)


class Undone(Exception):
    """Every cell begins where the row began."""
