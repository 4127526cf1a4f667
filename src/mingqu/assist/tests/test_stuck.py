"""办不成事反映: owned by a rule, answered in days, asked again once, told up when late, tallied without telling who."""

import io
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from uuid import uuid4, uuid5

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.assist import rules, selectors, services
from mingqu.assist.errors import (
    StuckConcernsYou,
    StuckNotNow,
    StuckTooMany,
    StuckUnknown,
    StuckUntil,
    StuckWords,
)
from mingqu.assist.forms import NEEDED
from mingqu.assist.models import Stuck
from mingqu.assist.types import NewStuck, Outcome, Wanted
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.tests import factories as f
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.models import AuditEntry
from mingqu.notifications.models import InboxMessage

NOON = f.FRIDAY_NOON
LATER = NOON + 20 * f.DAY
WORDS = "交了三次材料，每次都说还缺一样"


@pytest.fixture
def w(db):
    return f.world()


def head_of(w):
    return people.staff_actor("department_head", department_id=w.bureau, name="何清")


def above(w):
    return people.staff_actor("efficiency_supervisor", department_id=w.bureau, name="效能")


def filed(w, case=None, *, by=None, at=NOON, **given) -> Stuck:
    case = case or f.received_case(w)
    about = selectors.about_case(w.citizen, case.number)
    result = services.file_stuck(
        stuck=NewStuck(WORDS), about=about, by=by or w.citizen, at=at, key=uuid4(), **given
    )
    return Stuck.objects.get(number=result.number)


def answered(row, by, *, solved=True, at=NOON, text="已经当面办成。", until=None) -> Stuck:
    outcome = Outcome(solved and until is None, until, going=until is not None)
    services.answer_stuck(stuck_id=row.pk, text=text, outcome=outcome, by=by, at=at, key=uuid4())
    row.refresh_from_db()
    return row


def said(row, by, satisfied, *, at=NOON) -> Stuck:
    services.say_stuck(stuck_id=row.pk, satisfied=satisfied, by=by, at=at, key=uuid4())
    row.refresh_from_db()
    return row


def test_it_goes_to_the_head_of_the_organ_is_answered_asked_again_and_ends_with_a_supervisor(w):
    head, supervisor = head_of(w), above(w)
    row = filed(w)
    assert (row.department_id, row.caught, row.state) == (w.bureau, False, "filed")
    assert row.due_on == date(
        2026, 9, 24
    )  # five working days, over 中秋, with the working Sunday of the notice

    answered(row, head, solved=False)
    assert (row.state, row.in_time) == ("answered", True)
    said(row, w.citizen, False)
    assert (row.state, row.round) == ("again", 2)
    with pytest.raises(NotAuthorised):
        answered(row, head)
    answered(row, supervisor)
    said(row, w.citizen, False)
    assert (row.state, row.round) == ("unsettled", 2)
    with pytest.raises(StuckNotNow):
        said(row, w.citizen, True)
    assert row.answers.count() == 2


def test_where_no_organ_can_answer_the_window_of_last_resort_owns_it(w):
    manager = people.staff_actor("hall_manager", name="大厅")
    row = filed(w)
    assert row.caught and row.department_id != w.bureau

    assert selectors.at_desk(manager, row.number, NOON.date()).caught
    assert answered(row, manager).state == "answered"


def test_who_had_a_hand_in_the_case_neither_reads_nor_answers_it(w):
    head = head_of(w)
    case = f.accepted_case(w)
    row = filed(w, case)
    hand = AuditEntry.objects.filter(root_id=case.pk, actor_kind="staff").first().actor_id
    same = replace(head, id=hand)
    assert selectors.at_desk(head, row.number, NOON.date()).text == WORDS
    with pytest.raises(StuckUnknown):
        selectors.at_desk(same, row.number, NOON.date())
    with pytest.raises(StuckConcernsYou):
        answered(row, same)


def test_nothing_said_too_much_and_what_is_not_ones_own_is_refused_and_leaves_nothing(w):
    case = f.received_case(w)
    about = selectors.about_case(w.citizen, case.number)
    for text in ("  ", "长" * (rules.TEXT_LIMIT + 1)):
        with pytest.raises(StuckWords):
            services.file_stuck(stuck=NewStuck(text), about=about, by=w.citizen, at=NOON, key=uuid4())
    stranger = people.citizen()[1]
    with pytest.raises(CaseUnknown):
        selectors.about_case(stranger, case.number)
    assert not Stuck.objects.exists()
    head_of(w)
    row = filed(w, case)
    with pytest.raises(StuckUnknown):
        selectors.own(stranger, row.number, NOON.date())
    with pytest.raises(StuckUnknown):
        said(row, stranger, True)
    with pytest.raises(StuckNotNow):
        said(row, w.citizen, True)


def test_so_many_a_day_and_no_more(w, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"voice_person_day": (1, 86400)}
    head_of(w)
    case = f.received_case(w)
    filed(w, case)
    with pytest.raises(StuckTooMany):
        filed(w, case)
    assert Stuck.objects.count() == 1


def test_who_has_no_account_can_not_use_up_the_key_of_the_watch(w):
    head, someone = head_of(w), services.WITHOUT_ACCOUNT
    above(w)
    row = answered(filed(w, by=someone), head, solved=False)
    foreseen = uuid5(row.pk, f"overdue:2:{selectors.due_after(NOON.date(), 2)}")

    services.say_stuck(stuck_id=row.pk, satisfied=False, by=someone, at=NOON, key=foreseen)

    assert services.flag_overdue(LATER) == ""
    row.refresh_from_db()
    assert row.overdue_on == LATER.date()


def test_what_is_late_is_told_up_once_for_each_round(w):
    head, supervisor = head_of(w), above(w)
    row = filed(w)
    for _ in range(2):
        services.flag_overdue(LATER)
        while relay.round_once(LATER):
            pass
    row.refresh_from_db()
    assert row.overdue_on == LATER.date()
    told = InboxMessage.objects.filter(kind="stuck_answer_overdue").values_list("person_id", flat=True)
    assert list(told) == [supervisor.id]
    assert InboxMessage.objects.filter(kind="stuck_overdue", person_id=w.citizen.id).count() == 1
    assert InboxMessage.objects.filter(kind="stuck_to_answer", person_id=head.id).count() == 1
    assert answered(row, head, at=LATER).in_time is False


def test_what_goes_on_says_until_when_once_waits_on_and_is_late_after_that_day(w):
    head, row = head_of(w), filed(w)
    today = NOON.date()
    for until in (None, today, today + 60 * f.DAY):
        with pytest.raises(StuckUntil):
            outcome = Outcome(until_on=until, going=True)
            services.answer_stuck(
                stuck_id=row.pk, text="在办", outcome=outcome, by=head, at=NOON, key=uuid4()
            )
    until = today + 10 * f.DAY

    row = answered(row, head, until=until, text="图纸在核，由食品科办")

    assert (row.state, row.due_on, row.in_time, row.waits) == ("going", until, True, True)
    assert selectors.to_answer(head, today).all == 1
    with pytest.raises(StuckNotNow):
        said(row, w.citizen, True)
    with pytest.raises(StuckNotNow):
        answered(row, head, until=until + f.DAY)
    assert (
        "仍在办理中"
        in people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
        .get(reverse("assist:stuck", args=[row.number]))
        .content.decode()
    )
    services.flag_overdue(NOON + 11 * f.DAY)
    row.refresh_from_db()
    assert row.overdue_on is not None, "the day it promised passed"
    row = answered(row, head, at=NOON + 12 * f.DAY)
    assert (row.state, row.solved, row.in_time) == ("answered", True, True)


def test_the_public_figures_hide_what_is_so_few_that_it_tells_who(w):
    head, case = head_of(w), f.received_case(w)
    for n in range(rules.FEWEST - 1):
        filed(w, case, at=NOON + n * f.DAY)
    assert [one.all for one in selectors.figures(LATER.date())] == [None]
    answered(filed(w, case, at=NOON + f.DAY * 9), head, at=NOON + f.DAY * 9)
    (one,) = selectors.figures(LATER.date())
    assert (one.all, one.in_time, one.solved) == (rules.FEWEST, 1, 1)

    people.for_training()
    assert selectors.figures(LATER.date()) == []


@given(st.lists(st.sampled_from(["answer", "satisfied", "again", "unsatisfied"]), max_size=8))
def test_however_it_goes_it_is_answered_at_most_twice_and_ended_stays_ended(deeds):
    state, answers, again = "filed", 0, 0
    for one in deeds:
        deed = rules.deed_of(False, 1 + again) if one in {"again", "unsatisfied"} else one
        then = rules.after(state, deed)
        if then is None:
            continue
        assert state not in {"settled", "unsettled"}
        answers += deed == "answer"
        again += deed == "again"
        state = then
    assert answers <= rules.ROUNDS and again < rules.ROUNDS


def test_who_answers_narrows_the_list_and_takes_it_as_a_file_without_words(w):
    head, late, due = head_of(w), filed(w), filed(w)
    answered(late, head, at=LATER)
    again = said(answered(filed(w), head, solved=False), w.citizen, False)

    def numbers(**wanted):
        return {line.number for line in selectors.list_at_desk(head, NOON.date(), Wanted(**wanted)).lines}

    assert numbers() == {due.number, again.number}
    assert numbers(again=True) == {again.number} == numbers(number=again.number)
    assert numbers(done=True) == {late.number} == numbers(done=True, late=True)
    assert not numbers(late=True), "none has passed its day yet"

    desk = people.signed_in(Client(), User.objects.get(pk=head.user_id))
    assert "没有这样的反映" in desk.get(reverse("assist:desk"), {"number": "BC1"}).content.decode()
    made = desk.post(reverse("assist:export"), {"show": "done"})
    (titles, row) = list(openpyxl.load_workbook(io.BytesIO(made.getvalue())).active.values)
    told = dict(zip(titles, row, strict=True))
    assert (told["编号"], told["渠道"], told["第几次"], told["超期"]) == (late.number, "网上", "第1次", "是")
    assert WORDS not in str(row) and AuditEntry.objects.filter(action="assist.export").count() == 1
    clerk = people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))
    assert clerk.post(reverse("assist:export")).status_code == 403


def test_by_the_pages_without_an_account_at_the_counter_and_at_the_desk(w, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: NOON))
    head, case = head_of(w), f.received_case(w)
    someone = Client()
    url = reverse("assist:new")
    given = {"key": str(uuid4()), "number": case.number, "code": "WRONG234", "text": WORDS, "contact": ""}
    assert someone.post(url, given).status_code == 404
    assert str(NEEDED) in someone.post(url, given | {"code": ""}).content.decode()
    assert "选填" not in someone.get(url).content.decode().partition('name="text"')[0], (
        "without an account both are needed"
    )
    answer = someone.post(url, given | {"code": case.query_code})
    row = Stuck.objects.get()
    assert answer.url == reverse("assist:stuck", args=[row.number])
    assert row.code in someone.get(answer.url).content.decode()
    assert Client().get(answer.url).status_code == 404

    desk = people.signed_in(Client(), User.objects.get(pk=head.user_id))
    assert row.number in desk.get(reverse("assist:desk")).content.decode()
    page = reverse("assist:at_desk", args=[row.number])
    assert WORDS in desk.get(page).content.decode()
    assert desk.post(page, {"key": str(uuid4()), "outcome": "yes", "text": "办成了"}).status_code == 302

    other = Client()
    look = reverse("assist:look")
    assert other.post(look, {"number": row.number, "code": "X"}).status_code == 404
    assert other.post(look, {"number": row.number, "code": row.code}).status_code == 302
    assert "办成了" in other.get(answer.url).content.decode()
    assert other.post(answer.url, {"key": str(uuid4()), "satisfied": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "settled"

    clerk = people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))
    told = {"key": str(uuid4()), "number": case.number, "author": "钱来人", "contact": "", "text": WORDS}
    shown = clerk.post(reverse("assist:counter"), told).content.decode()
    new = Stuck.objects.exclude(pk=row.pk).get()
    assert new.code in shown and new.channel == "window"
    assert "不到10件" in Client().get(reverse("assist:figures")).content.decode()

    citizen = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
    progress = citizen.get(reverse("cases:progress", args=[case.number])).content.decode()
    assert f"{url}?case={case.number}" in progress
    assert case.number[-6:] in citizen.get(f"{url}?case={case.number}").content.decode()
