"""机构改革: a department gets another name, another place or an end, by two officers, from a day on."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.identity import organ_lists, organ_names, selectors, services
from mingqu.identity.errors import DayPassed, NameMissing, NotAuthorised, UnknownDepartment
from mingqu.identity.models import Department, DepartmentChange, User
from mingqu.identity.organ_errors import (
    BasisMissing,
    DepartmentBelowItself,
    DepartmentChangeGone,
    DepartmentChangeOpen,
    DepartmentClosed,
    DepartmentNameTaken,
    DepartmentNotSettled,
    DepartmentOfAnotherRegion,
    DepartmentOutsideRegion,
    DepartmentUnchanged,
)
from mingqu.identity.organ_forms import CloseForm, MoveForm
from mingqu.identity.organ_types import Change
from mingqu.identity.services import access, organ_changes
from mingqu.identity.tests import factories as f
from mingqu.identity.types import NewDepartment, NewPost, Place, Span, Within
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.second_person import SecondPersonNeeded

TODAY = legal_day(f.NOON)
BASIS = "清委发〔2026〕3号"
RENAME, MOVE, CLOSE = "rename", "move", "close"


def officer(role="system_officer"):
    return f.staff_actor(role)


def ask(department, kind, *, by=None, at=f.NOON, key=None, **said):
    change = Change(kind, said.pop("from_on", TODAY), said.pop("basis", BASIS), **said)
    return organ_changes.ask(
        department_id=department, change=change, by=by or officer(), at=at, key=key or uuid4()
    )


def agree(change_id, *, by=None, at=f.NOON, key=None):
    organ_changes.agree(change_id=change_id, by=by or officer("security_officer"), at=at, key=key or uuid4())


def drop(change_id, by):
    organ_changes.drop(change_id=change_id, by=by, at=f.NOON, key=uuid4())


def path(department_id):
    return Department.objects.get(pk=department_id).path


@pytest.mark.django_db
def test_a_new_name_holds_from_its_day_and_what_was_done_before_keeps_the_old_one():
    organ = f.department("清禾区质量技术监督局")
    post = f.post(organ, "reviewer")
    first_day = TODAY + timedelta(days=7)
    change, second, key = (
        ask(organ, RENAME, name="清禾区市场局", from_on=first_day),
        officer("security_officer"),
        uuid4(),
    )
    agree(change, by=second, key=key)
    agree(change, by=second, key=key)

    assert organ_changes.carry_out_due(f.NOON) == "" and Department.objects.get(pk=organ).name.endswith(
        "监督局"
    )
    morning = f.NOON + timedelta(days=7)
    assert organ_changes.carry_out_due(morning) == "生效1件"
    assert organ_changes.carry_out_due(morning) == ""

    assert Department.objects.get(pk=organ).name == "清禾区市场局"
    assert selectors.name_on(organ, TODAY) == selectors.name_on(organ, first_day - timedelta(days=1))
    assert selectors.name_on(organ, TODAY) == "清禾区质量技术监督局"
    name = selectors.post_names_by_day([post])[post]
    assert (name.on(TODAY), name.on(first_day)) == ("清禾区质量技术监督局·承办岗", "清禾区市场局·承办岗")
    assert name.now == selectors.post_names([post])[post]
    assert [one.words for one in organ_lists.changes_of([organ])] == [
        "清禾区质量技术监督局改名为清禾区市场局"
    ]
    notes = AuditEntry.objects.filter(root_id=organ, action=organ_changes.CARRY_OUT).get().notes
    assert notes["name_before"] == "清禾区质量技术监督局" and notes["basis"] == BASIS
    assert OutboxEvent.objects.filter(root_id=organ, name="identity.department_changed").count() == 1


@given(days=st.lists(st.integers(1, 40), max_size=5, unique=True), asked=st.integers(0, 41))
def test_each_day_has_the_name_that_held_on_it(days, asked):
    start = date(2026, 1, 1)
    turns = [(start + timedelta(days=day), f"第{number}个") for number, day in enumerate(sorted(days))]
    passed = sum(day <= asked for day in days)
    expected = f"第{passed}个" if passed < len(days) else "现在"

    assert organ_names.name_then("现在", turns, start + timedelta(days=asked)) == expected


@pytest.mark.django_db
def test_a_department_that_moves_takes_what_is_below_it_along_and_the_reach_of_posts_follows():
    old, new = f.department("甲委"), f.department("乙委")
    organ = f.department("丙局", parent=old)
    section = f.department("丙局许可科", parent=organ)
    head = f.staff_actor("department_head", department_id=new)
    place = Place(section, f.REGION, "license")
    assert not access.allows(head, "case.see", place)

    agree(ask(organ, MOVE, other=new))

    assert path(organ).startswith(path(new)) and path(section).startswith(path(organ))
    assert Department.objects.get(pk=organ).parent_id == new
    assert access.allows(head, "case.see", place)
    assert not Department.objects.filter(path__startswith=path(old)).exclude(pk=old).exists()

    agree(ask(organ, MOVE, other=None))
    assert (
        path(section) == f"{Department.objects.get(pk=organ).code}/{Department.objects.get(pk=section).code}/"
    )


@pytest.mark.django_db
def test_a_department_ends_only_when_nothing_holds_it_and_then_gets_nothing_new():
    organ, heir = f.department("丁局"), f.department("戊局")
    post = f.post(organ, "reviewer")
    user = f.staff_user("甲", post)
    change = ask(organ, CLOSE, other=heir)
    with pytest.raises(DepartmentNotSettled) as refused:
        agree(change)
    assert "还有人担任的岗位" in refused.value.message
    assert DepartmentChange.objects.get(pk=change).state == "asked"
    row = DepartmentChange.objects.select_related("department").get(pk=change)
    assert organ_changes.hindrance(row, f.NOON) == refused.value.message

    services.end_post(user_id=user.pk, post_id=post, until_on=TODAY, by=f.SYSTEM, at=f.NOON, key=uuid4())
    agree(change)

    closed = Department.objects.get(pk=organ)
    assert (closed.closed_on, closed.successor_id) == (TODAY, heir)
    assert organ_lists.predecessors(heir) == [closed]
    given_new = {"by": f.SYSTEM, "at": f.NOON, "key": uuid4()}
    for refused_deed in (
        lambda: services.create_department(draft=NewDepartment("x1", "新", f.REGION, organ), **given_new),
        lambda: services.create_post(draft=NewPost("x2", "新岗", organ), **given_new),
        lambda: services.assign_post(
            user_id=user.pk, post_id=post, span=Span(TODAY + timedelta(days=1)), **given_new
        ),
        lambda: services.grant_role(post_id=post, role="checker", within=Within("", None), **given_new),
        lambda: ask(organ, RENAME, name="己局"),
        lambda: ask(heir, MOVE, other=organ),
    ):
        with pytest.raises(DepartmentClosed):
            refused_deed()


@pytest.mark.django_db
def test_one_that_waits_for_its_day_says_so_when_something_still_holds_it():
    organ = f.department("丁局")
    below = f.department("丁局执法队", parent=organ)
    agree(ask(organ, CLOSE, from_on=TODAY + timedelta(days=1)))
    tomorrow = f.NOON + timedelta(days=1)

    assert organ_changes.carry_out_due(tomorrow) == "1件还有没处理完的，没有生效"
    assert organ_lists.stuck_changes(legal_day(tomorrow)) == 0, "the day is not over"
    assert organ_lists.stuck_changes(legal_day(tomorrow) + timedelta(days=1)) == 1
    assert Department.objects.get(pk=organ).closed_on is None

    agree(ask(below, CLOSE, from_on=legal_day(tomorrow), at=tomorrow), at=tomorrow)
    assert organ_changes.carry_out_due(tomorrow) == "生效1件"


REFUSED = [
    (lambda own, other: (RENAME, {"name": "  "}), NameMissing),
    (lambda own, other: (RENAME, {"name": "甲/乙"}), NameMissing),
    (lambda own, other: (RENAME, {"name": "庚局"}), DepartmentUnchanged),
    (lambda own, other: (RENAME, {"name": "辛局"}), DepartmentNameTaken),
    (lambda own, other: (RENAME, {"name": "新局", "basis": " "}), BasisMissing),
    (lambda own, other: (RENAME, {"name": "新局", "from_on": TODAY - timedelta(days=1)}), DayPassed),
    (lambda own, other: (MOVE, {"other": None}), DepartmentUnchanged),
    (lambda own, other: (MOVE, {"other": own}), DepartmentBelowItself),
    (lambda own, other: (MOVE, {"other": uuid4()}), UnknownDepartment),
    (
        lambda own, other: (MOVE, {"other": f.department("邻区局", region="990105000000")}),
        DepartmentOutsideRegion,
    ),
    (lambda own, other: (CLOSE, {"other": f.department("科", parent=own)}), DepartmentBelowItself),
    (
        lambda own, other: (CLOSE, {"other": f.department("邻区局", region="990105000000")}),
        DepartmentOfAnotherRegion,
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "refusal"), REFUSED)
def test_a_change_that_is_none_is_refused_and_nothing_is_kept(said, refusal):
    own, other = f.department("庚局"), f.department("辛局")
    kind, words = said(own, other)

    with pytest.raises(refusal):
        ask(own, kind, **words)

    assert not DepartmentChange.objects.exists()


@pytest.mark.django_db
def test_only_departments_that_may_take_over_or_stand_above_are_offered():
    city, own = f.department("市局", region="990100000000"), f.department("庚局")
    street, near = (
        f.department("街道办", region="990104001000"),
        f.department("邻区局", region="990105000000"),
    )
    about = Department.objects.get(pk=own)

    heirs = {value for value, _words in CloseForm(about=about).fields["successor"].choices}
    above = {value for value, _words in MoveForm(about=about).fields["parent"].choices}

    assert {str(city), str(street)} <= heirs and not {str(near), str(own)} & heirs
    assert str(city) in above and not {str(street), str(near), str(own)} & above


@pytest.mark.django_db
def test_two_officers_one_change_at_a_time_and_either_calls_it_off():
    organ = f.department("庚局")
    first, second = officer(), officer("security_officer")
    with pytest.raises(NotAuthorised):
        ask(organ, RENAME, name="新局", by=second)
    key = uuid4()
    change = ask(organ, RENAME, name="新局", by=first, key=key)
    assert ask(organ, RENAME, name="新局", by=first, key=key) == change
    with pytest.raises(DepartmentChangeOpen):
        ask(organ, CLOSE, by=first)
    with pytest.raises(NotAuthorised):
        agree(change, by=first)
    DepartmentChange.objects.filter(pk=change).update(asked_by=second.id)
    with pytest.raises(SecondPersonNeeded):
        agree(change, by=second)
    DepartmentChange.objects.filter(pk=change).update(asked_by=first.id)
    assert organ_lists.waiting_changes(second.id) == 1 and organ_lists.waiting_changes(first.id) == 0
    with pytest.raises(NotAuthorised):
        drop(change, f.staff_actor("reviewer"))

    drop(change, second)

    for again in (lambda: agree(change, by=second), lambda: drop(change, first), lambda: agree(uuid4())):
        with pytest.raises(DepartmentChangeGone):
            again()
    assert Department.objects.get(pk=organ).name == "庚局"


@pytest.mark.django_db
@pytest.mark.parametrize("stood_in_the_way", [False, True])
def test_a_day_that_went_by_before_it_was_agreed_or_settled_is_not_gone_back_to(stood_in_the_way):
    organ, late = f.department("己局"), f.NOON + timedelta(days=21)
    change = ask(organ, RENAME, name="庚局")
    if stood_in_the_way:  # agreed in time, but its name was taken until three weeks later
        row = Department.objects.get(pk=organ)
        later = f.NOON + timedelta(days=1)
        DepartmentChange.objects.filter(pk=change).update(from_on=TODAY + timedelta(days=1))
        agree(change)
        other = f.department("庚局")
        assert "没有生效" in organ_changes.carry_out_due(later)
        Department.objects.filter(pk=other).update(name="让出的局")
        assert row.name == "己局"
        organ_changes.carry_out_due(late)
    else:
        agree(change, at=late)

    row = DepartmentChange.objects.get(pk=change)
    assert (row.state, row.from_on) == ("done", TODAY + timedelta(days=21))
    assert row.asked_on == TODAY + timedelta(days=int(stood_in_the_way))
    assert selectors.name_on(organ, TODAY + timedelta(days=20)) == "己局"
    assert selectors.name_on(organ, TODAY + timedelta(days=21)) == "庚局"
    client = f.signed_in(Client(), User.objects.get(pk=officer().user_id))
    assert "提出时要从" in client.get(reverse("identity:department", args=[organ])).content.decode()


@pytest.mark.django_db
def test_who_agreed_stays_known_when_another_calls_it_off():
    organ = f.department("辰局")
    first, second = officer(), officer("security_officer")
    change = ask(organ, RENAME, name="巳局", by=first, from_on=TODAY + timedelta(days=7))
    agree(change, by=second)
    drop(change, first)

    row = DepartmentChange.objects.get(pk=change)
    assert (row.state, row.answered_by, row.dropped_by) == ("dropped", second.id, first.id)
    assert row.answered_at and row.dropped_at
    (line,) = organ_lists.changes_of([organ])
    names = selectors.names_of([first.id, second.id])
    assert (line.answered_by, line.dropped_by) == (names[second.id], names[first.id])
    client = f.signed_in(Client(), User.objects.get(pk=first.user_id))
    page = client.get(reverse("identity:department", args=[organ])).content.decode()
    assert f"{names[second.id]}复核，{names[first.id]}作废" in page


@pytest.mark.django_db
def test_the_pages_show_every_department_its_history_and_what_holds_it(django_assert_max_num_queries):
    organ = f.department("壬局")
    agree(ask(organ, RENAME, name="癸局"))
    f.post(organ, "reviewer")
    client = Client()
    f.signed_in(client, User.objects.get(pk=officer().user_id))

    with django_assert_max_num_queries(14):
        page = client.get(reverse("identity:departments"), {"q": "壬"})
    assert "癸局" in page.content.decode(), "found by the name it had"
    with django_assert_max_num_queries(45):
        page = client.get(reverse("identity:department", args=[organ]), {"ties": "1"})
    words = page.content.decode()
    assert "用过的名称" in words and "壬局改名为癸局" in words and "都处理完了" in words
    table = client.get(reverse("identity:department_table"), {"q": "壬"})
    assert table.content[:2] == b"PK"
    assert organ_lists.table(words="壬")[0][-1] == f"{TODAY:%Y-%m-%d} 壬局改名为癸局（{BASIS}）"


@pytest.mark.django_db
def test_the_database_itself_holds_that_a_department_changes_one_way_at_a_time():
    ask(f.department("子局"), RENAME, name="丑局")
    row = DepartmentChange.objects.get()
    row.pk = uuid4()

    with pytest.raises(IntegrityError, match="department_change_open_once"):
        row.save(force_insert=True)
