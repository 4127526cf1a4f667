"""
Golden traces: the deadlines of a case through everything that moves them, each day counted by hand in the comment.

Working days of autumn 2026 after Friday 09-18 (行政许可法 82): 09-20 is a working Sunday, 09-25 to 09-27 Mid-autumn,
10-01 to 10-07 National day, 10-10 a working Saturday.
1 09-20  2 09-21  3 09-22  4 09-23  5 09-24 | 6 09-28  7 09-29  8 09-30 | 9 10-08 10 10-09 11 10-10 | 12 10-12 13 10-13
14 10-14 15 10-15 16 10-16 | 17 10-19 18 10-20 19 10-21 20 10-22 21 10-23 | 22-26 10-26…30 | 27-31 11-02…06
32-36 11-09…13 | 37-41 11-16…20 | 42-46 11-23…27 | 47 11-30 48-51 12-01…04 | 52-56 12-07…11 | 57-61 12-14…18
"""

from datetime import date, datetime, time
from uuid import uuid4

import pytest

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.cases.types import Asked
from mingqu.clocks import selectors as clocks
from mingqu.clocks.selectors import article_text
from mingqu.clocks.types import Kind
from mingqu.kernel.legal_day import BEIJING

pytestmark = pytest.mark.django_db


def on(month: int, day: int) -> datetime:
    return datetime.combine(date(2026, month, day), time(10), BEIJING)


def told(case, kind, at, ref=""):
    return clocks.explain(case.pk, kind, at, ref)


def counted(explanation) -> list[str]:
    return [f"{row.day:%m-%d}" for row in explanation.rows if row.counted]


def give(command, case, by, at, **given):
    command(case_id=case.pk, by=by, at=at, key=uuid4(), **given)
    case.refresh_from_db()
    return case


def test_twenty_days_and_ten_more():
    """Accepted 09-18; 20 days end on 10-22; ten more by the organ's head: the 30th day is 11-05 (行政许可法 42)."""
    w = f.world()
    case = f.accepted_case(w)
    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 10, 22)

    give(services.extend_case, case, w.leader, on(10, 22), limit=10, reason="案情复杂")

    shown = told(case, Kind.STATUTORY, on(10, 22))
    assert shown.deadline.due_on == date(2026, 11, 5)
    assert len(counted(shown)) == shown.deadline.total == 30
    assert counted(shown)[19:21] == ["10-22", "10-23"]
    words = "".join(shown.sentences)
    assert "《行政许可法》第四十二条" in words.replace("中华人民共和国", "") and "2026年11月5日" in words
    assert case.due_on == date(2026, 9, 30), "the promise of 8 days stays, and is broken by now"


def test_forty_five_days_and_fifteen_more():
    """Accepted 09-18; the 45th day is 11-26; fifteen more by the head of the government: the 60th is 12-17 (42)."""
    w = f.world(v.jointly())
    case = f.accepted_case(w)
    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 11, 26)

    give(services.extend_case, case, v.government_head(), on(11, 26), limit=15, reason="六个部门意见不一")

    shown = told(case, Kind.STATUTORY, on(11, 26))
    assert shown.deadline.due_on == date(2026, 12, 17)
    assert len(counted(shown)) == 60
    assert "本级人民政府负责人" in "".join(shown.sentences)


def test_a_special_procedure_over_two_holidays():
    """
    Accepted 09-18. Expert review from 09-23 (its own day is not counted) until 10-12, which counts again (45).
    Counted before: 09-20, 09-21, 09-22 = 3. From 10-12 on: the 8th day is 10-16, the 20th is 11-03.
    """
    w = f.world()
    case = f.accepted_case(w)
    give(
        services.pause_case,
        case,
        w.reviewer,
        on(9, 23),
        ground="expert_review",
        expected_until=date(2026, 10, 9),
        reason="新工艺",
    )
    shown = told(case, Kind.STATUTORY, on(9, 28))
    assert shown.deadline.due_on is None, "no last day exists while the experts look"
    # If it ended on the day announced, 10-09: 17 more days from then on: 10-09, 10-10, 10-12 … 10-30.
    assert shown.deadline.projected_on == date(2026, 10, 30)

    give(services.resume_case, case, w.reviewer, on(10, 12), reason="")

    shown = told(case, Kind.STATUTORY, on(10, 12))
    assert (shown.deadline.due_on, case.due_on) == (date(2026, 11, 3), date(2026, 10, 16))
    assert counted(shown)[:5] == ["09-20", "09-21", "09-22", "10-12", "10-13"]
    away = {article_text(r.article) for r in shown.rows if r.text == "专家评审所需时间不计入"}
    assert away == {"《行政许可法》第四十五条"}
    assert "2026年9月23日起暂停计时，2026年10月12日恢复；专家评审所需时间不计算在期限内" in "".join(
        shown.sentences
    )


def test_two_suspensions_and_an_extension():
    """
    Accepted 09-18. Test from 09-28 to 10-08 (counted before: 5; 10-08 is the 6th). Hearing from 10-14 to 10-20:
    before it 10-08, 10-09, 10-10, 10-12, 10-13 = 6 … 10; 10-20 is the 11th. The 20th: 10-20 11, 10-21 12,
    10-22 13, 10-23 14, 10-26 15 … 10-30 19, 11-02 20. Ten more: 11-03 21 … 11-06 24, 11-09 25 … 11-13 29, 11-16 30.
    """
    w = f.world()
    case = f.accepted_case(w)
    for ground, begins, ends in (("testing", on(9, 28), on(10, 8)), ("hearing", on(10, 14), on(10, 20))):
        until = ends.date()
        give(
            services.pause_case,
            case,
            w.reviewer,
            begins,
            ground=ground,
            expected_until=until,
            reason="依法需要",
        )
        give(services.resume_case, case, w.reviewer, ends, reason="")
    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 11, 2)

    give(services.extend_case, case, w.leader, on(10, 21), limit=10, reason="案情复杂")

    shown = told(case, Kind.STATUTORY, on(10, 21))
    assert shown.deadline.due_on == date(2026, 11, 16)
    assert len(counted(shown)) == 30


def test_a_correction_asked_twice_for_the_same_material():
    """
    Handed in 09-18: the notice is due on the 5th day, 09-24. Asked on 09-21; brought on 09-23: five days anew,
    09-24 1, 09-28 2, 09-29 3, 09-30 4, 10-08 5. Still not right, asked again on 09-28; brought on 10-09: 10-10 1,
    10-12 2, 10-13 3, 10-14 4, 10-15 5. Accepted on 10-12: 20 days from there end on 11-09, 8 on 10-22
    (行政许可法 32(4), 42).
    """
    w = f.world()
    case = f.received_case(w)
    assert case.due_on == date(2026, 9, 24)
    for asked, brought, due_on in (
        (on(9, 21), on(9, 23), date(2026, 10, 8)),
        (on(9, 28), on(10, 9), date(2026, 10, 15)),
    ):
        give(services.ask_correction, case, w.clerk, asked, asked=[Asked("floor-plan", "看不清")])
        assert case.due_on is None, "the time until it comes is the applicant's"
        upload = Upload("图.png", f.PNG)
        add_correction_files(
            case_id=case.pk, material="floor-plan", uploads=[upload], by=w.citizen, at=brought
        )
        give(services.supplement_case, case, w.citizen, brought)
        assert case.due_on == due_on

    give(services.accept_case, case, w.clerk, on(10, 12))

    assert case.due_on == clocks.due_on(case.pk, Kind.PROMISED) == date(2026, 10, 22)
    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 11, 9)
    rounds = [
        e.deadline
        for e in clocks.explanations(case.pk, on(10, 12))
        if e.deadline.kind is Kind.CORRECTION_NOTICE
    ]
    assert [(r.started_on, r.in_time) for r in rounds] == [
        (date(2026, 9, 18), True),
        (date(2026, 9, 23), True),
        (date(2026, 10, 9), True),
    ]


def test_deemed_accepted_from_the_day_the_materials_came():
    """
    Handed in 09-18, nobody answers by 09-24. Written down on 10-08, accepted from 09-18 all the same: the 8th day,
    09-30, has gone by, the 20th is 10-22 (行政许可法 32(4)).
    """
    w = f.world()
    case = f.received_case(w)

    services.deem_accepted(case_id=case.pk, at=on(10, 8))

    case.refresh_from_db()
    assert (case.accepted_on, case.due_on) == (date(2026, 9, 18), date(2026, 9, 30))
    shown = told(case, Kind.STATUTORY, on(10, 8))
    assert shown.deadline.due_on == date(2026, 10, 22)
    assert "《行政许可法》第三十二条" in "".join(shown.sentences)
    assert told(case, Kind.CORRECTION_NOTICE, on(10, 8)).deadline.in_time is False


def test_handed_in_at_night_before_a_holiday():
    """
    Handed in on 09-30 at 23:30: received that day; the five days: 10-08 1, 10-09 2, 10-10 3, 10-12 4, 10-13 5.
    At 00:30 of 10-01 in Beijing UTC is still 09-30: received on 10-01, a day of rest, with the same last day.
    """
    w = f.world()

    night = f.received_case(w, at=datetime(2026, 9, 30, 23, 30, tzinfo=BEIJING))
    after = f.received_case(w, at=datetime(2026, 10, 1, 0, 30, tzinfo=BEIJING))

    assert (night.received_on, night.due_on) == (date(2026, 9, 30), date(2026, 10, 13))
    assert (after.received_on, after.due_on) == (date(2026, 10, 1), date(2026, 10, 13))


def test_returned_inside_and_done_again_the_days_go_on():
    """内部退回 is no pause: decided on 09-30, the 8th day, it is in time; on 10-08, the 9th, it would not be."""
    w = f.world()
    for last, in_time in ((on(9, 30), True), (on(10, 8), False)):
        case = f.reviewed_case(w)
        give(
            services.return_inside,
            case,
            w.leader,
            on(9, 28),
            task_id=next(t.task_id for t in f.tasks.open_tasks(case.pk)),
            step="check",
            reason="再核对",
        )
        f.review(w, case, "check", at=on(9, 29))
        give(services.decide_case, case, w.leader, last, outcome="granted", reasons="")

        assert told(case, Kind.PROMISED, last).deadline.in_time is in_time
        assert Case.objects.get(pk=case.pk).decided_on == last.date()
