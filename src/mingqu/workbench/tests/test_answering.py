"""谁负责 and 责任链 (LAW-03): who answers for each step, who was late and by how much, without a second book."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases.tests import factories as f
from mingqu.clocks import selectors as clocks
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.workbench.answering_rules import hands_after, late_by
from mingqu.workbench.answering_types import Link
from mingqu.workbench.selectors.answering import chain_of
from mingqu.workbench.tests.pages import text_of, url

START = date(2026, 9, 18)
DAYS = st.integers(0, 40).map(lambda days: START + timedelta(days=days))
CALENDAR = clocks.seed_calendar()


def supervisor(w, role="efficiency_supervisor"):
    return people.signed_in(Client(), people.staff_user("何监督", people.post(w.bureau, role)))


@given(due=DAYS, since=DAYS, last=DAYS, spans=st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=1))
def test_days_on_which_time_stood_still_are_nobodys(due, since, last, spans):
    """Against a count day by day."""
    pauses = [(first, until) for first, until in spans if until is None or until >= first]
    days = [START + timedelta(days=number) for number in range(41)]
    working = [day for day in days if CALENDAR.working_day(day)]
    stood = sum(
        since < day <= last and first <= day and (until is None or day < until)
        for day in working
        for first, until in pauses
    )
    over = sum(due < day <= last for day in working)

    found = late_by(CALENDAR, due, since, last, pauses)

    if last <= due:
        assert found is None
    elif stood:
        assert found == (over - stood if over > stood else None)
    else:
        assert found == over
    assert late_by(CALENDAR, None, since, last, pauses) is None


def link(name, since, ended, who=""):
    day = {"since": START + timedelta(days=since), "ended_on": ended and START + timedelta(days=ended)}
    return Link(name, "承办", "某局·岗", who, "", due_on=None, ended_at=None, state="", **day)


@given(spells=st.lists(st.tuples(st.integers(0, 20), st.none() | st.integers(1, 20)), max_size=6))
def test_a_late_period_lies_with_whoever_had_the_case_after_its_last_day_and_nobody_else(spells):
    steps = [
        link(f"第{n}步", since, since + more if more else None) for n, (since, more) in enumerate(spells)
    ]
    due, last = START + timedelta(days=10), START + timedelta(days=25)

    named = hands_after(due, last, steps)

    for number, (since, more) in enumerate(spells):
        touched = since <= 25 and (more is None or since + more > 10)
        assert (f"第{number}步：某局·岗" in named) == touched


@pytest.mark.django_db
def test_a_late_step_names_who_holds_it_and_how_many_working_days(w):
    case = f.accepted_case(w)
    early = chain_of(case, f.FRIDAY_NOON)
    late = chain_of(case, f.FRIDAY_NOON + 7 * f.DAY)

    assert early.late == [] and {one.state for one in early.steps} == {"没有办完"}
    first = next(one for one in late.steps if one.name == "材料审查")
    assert (first.late, first.who) == (2, "食品许可承办")
    assert first.post == "澜州市清禾区市场监督管理局·食品许可承办" and first.standard and first.limit
    assert [one.name for one in late.late if one.blame] == [], "both periods of the whole still run"


@pytest.mark.django_db
def test_what_was_done_in_time_is_not_blamed_when_the_promise_is_broken_by_others(w):
    case = f.accepted_case(w)
    f.review(w, case, "check")
    found = chain_of(case, f.FRIDAY_NOON + 30 * f.DAY)

    done = next(one for one in found.steps if one.name == "材料审查")
    assert (done.late, done.state, done.who) == (None, "已办", "食品许可承办")
    promise = next(one for one in found.periods if one.name == "承诺期限")
    assert promise.late and promise.blame and not any("材料审查" in hand for hand in promise.blame)
    assert any("市场监管所" in hand for hand in promise.blame)
    notice = next(one for one in found.periods if one.name == "一次性告知期限")
    assert (
        notice.late is None
        and notice.who.startswith("综合窗口")
        and notice.ended_on == legal_day(f.FRIDAY_NOON)
    )


@pytest.mark.django_db
def test_the_case_page_says_who_answers_for_each_step_with_post_and_day(w, browse):
    case = f.decided_case(w)

    page = browse("reviewer").get(url("case", case))
    answers = {one.step: one for one in page.context["answers"]}

    assert answers["收件、受理"].who.startswith("综合窗口（清禾区政务服务中心")
    assert answers["材料审查"].part == "负责办理" and answers["材料审查"].on == legal_day(f.FRIDAY_NOON)
    last = page.context["answers"][-1]
    assert last.part == "承担责任" and last.who.startswith("分管局领导") and last.on
    assert "谁负责" in text_of(page) and "责任链" not in text_of(page), (
        "a reviewer does not watch over others"
    )


@pytest.mark.django_db
def test_the_chain_is_for_who_watches_over_others_and_taking_it_is_written_down(w, browse, clock):
    case = f.accepted_case(w)
    clock.at = f.FRIDAY_NOON + 7 * f.DAY
    watching = supervisor(w)

    assert browse("reviewer").get(url("chain", case)).status_code == 403
    assert "责任链" in text_of(watching.get(url("case", case)))
    said = text_of(watching.get(url("chain", case)))
    assert "超期2个工作日" in said and "有2处超期：材料审查、选址审查" in said
    taken = watching.get(reverse("workbench:chain_export", args=[case.number]))

    book = openpyxl.load_workbook(io.BytesIO(b"".join(taken.streaming_content)))
    rows = list(book["责任链"].values)
    late = next(row for row in rows if row[1] == "材料审查")
    assert rows[0][10] == "超期工作日" and late[10] == 2
    assert [row[1] for row in book["办理记录"].values][1] == "提交申请"
    entry = AuditEntry.objects.filter(action="case.export").get()
    assert entry.notes == {"tab": f"责任链：{case.number}", "rows": len(rows) - 1}


@pytest.mark.django_db
def test_the_head_of_another_organ_sees_no_chain(w):
    case = f.accepted_case(w)
    other = people.department("清禾区水务局")
    head = people.post(other, "department_head")
    client = people.signed_in(Client(), User.objects.get(pk=people.staff_user("外局长", head).pk))

    assert client.get(url("chain", case)).status_code in (403, 404)
    assert supervisor(w, "department_head").get(url("chain", case)).status_code == 200
