"""What the applicant sees of each transition on the page of her case."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_transitions_table import COMMANDS

pytestmark = pytest.mark.django_db
WEDNESDAY = f.FRIDAY_NOON + timedelta(days=5)


def seen(case, w, sign_in):
    response = sign_in(w.citizen).get(reverse("cases:progress", args=[case.number]))
    assert response.status_code == 200
    return response.content.decode()


def give(w, case, command):
    COMMANDS[command][0](w, case)
    return Case.objects.get(pk=case.pk)


def test_a_suspended_case_says_why_no_day_is_named(world, sign_in):
    """行政许可法 45"""
    case = f.accepted_case(world)
    services.pause_case(
        case_id=case.pk,
        ground="testing",
        expected_until=date(2026, 10, 12),
        reason="需要检测",
        by=world.reviewer,
        at=WEDNESDAY,
        key=uuid4(),
    )

    page = seen(case, world, sign_in)

    assert "正在检测，这段时间不计入办理期限" in page
    assert "特别程序，期限暂停" in page
    assert "开始检测，所需时间不计入期限" in page


def test_an_extended_case_tells_the_extension_in_its_history(world, sign_in):
    """行政许可法 42"""
    case = give(world, f.accepted_case(world), "case.extend")

    assert "办理期限延长，理由写在延期告知书里" in seen(case, world, sign_in)


@pytest.mark.parametrize(
    ("make", "command", "words"),
    [
        (f.received_case, "case.refuse_acceptance", ["这件事不需要许可", "告知不需要许可"]),
        (f.accepted_case, "case.terminate", ["已经终止办理", "终止办理，理由写在告知书里", "已停办"]),
        (f.received_case, "case.terminate", ["已经终止办理", "已终止"]),
    ],
)
def test_what_ended_without_a_decision_says_how(world, sign_in, make, command, words):
    page = seen(give(world, make(world), command), world, sign_in)

    assert [word for word in words if word not in page] == []
    assert "不予许可" not in page


def test_an_archived_case_without_a_decision_is_not_called_a_refusal(world, sign_in):
    case = give(world, give(world, f.accepted_case(world), "case.withdraw"), "case.archive")

    page = seen(case, world, sign_in)

    assert "已经办结归档，没有作出许可决定" in page
    assert "不予许可" not in page


def test_a_return_inside_tells_the_applicant_no_reason_and_no_new_step(world, sign_in):
    case = f.reviewed_case(world)
    task = next(t for t in f.tasks.open_tasks(case.pk))
    services.return_inside(
        case_id=case.pk,
        task_id=task.task_id,
        step="check",
        reason="承办意见写得太短",
        by=world.leader,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )

    page = seen(case, world, sign_in)

    assert "退回" not in page and "承办意见写得太短" not in page
