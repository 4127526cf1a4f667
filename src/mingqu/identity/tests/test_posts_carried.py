"""岗位划转: a department ends and its posts go to who takes over, in one deed of two officers."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.identity import organ_lists, organ_names, selectors, services
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Department, DepartmentChange, Post, PostHolding, PostMove, RoleGrant, User
from mingqu.identity.organ_errors import (
    DepartmentClosed,
    DepartmentNotSettled,
    OwnPostCarried,
    PostsWithoutSuccessor,
)
from mingqu.identity.services import access, organ_changes
from mingqu.identity.tests import factories as f
from mingqu.identity.tests.test_organ_changes import CLOSE, RENAME, TODAY, agree, ask, drop, officer
from mingqu.identity.types import Place, Span
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor


def carried(organ, heir, **said):
    return ask(organ, CLOSE, other=heir, carries_posts=True, **said)


@pytest.mark.django_db
def test_posts_go_along_with_who_holds_them_and_what_they_may_do():
    organ, heir = f.department("甲所"), f.department("乙局")
    post = f.post(organ, "reviewer")
    RoleGrant.objects.filter(post_id=post).update(department_id=organ)
    user = f.staff_user("李一", post)
    with pytest.raises(DepartmentNotSettled):
        agree(ask(organ, CLOSE, other=heir))
    organ_changes.drop(change_id=DepartmentChange.objects.get().pk, by=officer(), at=f.NOON, key=uuid4())

    agree(carried(organ, heir))

    moved = Post.objects.get(pk=post)
    assert (
        moved.department_id == heir and PostHolding.objects.filter(post_id=post, until_on=None).count() == 1
    )
    actor = Actor("staff", user.person_id, post_id=post, user_id=user.pk, name="李一")
    assert access.allows(actor, "case.see", Place(heir, f.REGION, "01"))
    assert not access.allows(actor, "case.see", Place(organ, f.REGION, "01"))
    closed = Department.objects.get(pk=organ)
    assert (closed.closed_on, closed.successor_id) == (TODAY, heir)
    notes = AuditEntry.objects.filter(root_id=organ, action=organ_changes.AGREE).get().notes
    assert notes["carried_posts"] == 1 and notes["successor"]
    services.assign_post(
        user_id=f.staff_user("李二", f.post(heir)).pk,
        post_id=post,
        span=Span(TODAY),
        by=f.SYSTEM,
        at=f.NOON,
        key=uuid4(),
    )
    assert organ_lists.changes_of([organ])[0].words == "甲所撤销，由乙局承接，岗位整体划转"


@pytest.mark.django_db
def test_what_the_post_may_do_there_already_becomes_one_grant_with_what_it_brings():
    organ, heir = f.department("甲所"), f.department("乙局")
    post = f.post(organ, "reviewer")
    (own,) = RoleGrant.objects.filter(post_id=post)
    RoleGrant.objects.filter(pk=own.pk).update(department_id=organ, item_types=["01"])
    RoleGrant.objects.create(
        post_id=post, role=own.role, region_code=own.region_code, department_id=heir, item_types=["07"]
    )

    agree(carried(organ, heir))

    (grant,) = RoleGrant.objects.filter(post_id=post)
    assert (grant.department_id, grant.item_types) == (heir, ["01", "07"])


@pytest.mark.django_db
def test_it_waits_for_its_day_and_what_was_done_before_names_the_department_of_its_day():
    organ, heir = f.department("甲所"), f.department("乙局")
    post = f.post(organ, "reviewer")
    agree(ask(organ, RENAME, name="甲站"))
    later, renamed = TODAY + timedelta(days=7), TODAY + timedelta(days=9)
    agree(carried(organ, heir, from_on=later))
    assert Post.objects.get(pk=post).department_id == organ, "agreed to, and not yet its day"

    assert organ_changes.carry_out_due(f.NOON + timedelta(days=7)) == "生效1件"
    there = f.NOON + timedelta(days=9)
    agree(ask(heir, RENAME, name="丙局", from_on=renamed, at=there), at=there)

    name = selectors.post_names_by_day([post])[post]
    days = (TODAY - timedelta(days=1), TODAY, later - timedelta(days=1), later, renamed)
    assert [name.on(day).split("·")[0] for day in days] == ["甲所", "甲站", "甲站", "乙局", "丙局"]
    assert PostMove.objects.get().name_before == "甲站"


@pytest.mark.django_db
def test_nobody_takes_over_and_so_nothing_can_go_along():
    organ = f.department("甲所")

    with pytest.raises(PostsWithoutSuccessor):
        carried(organ, None)

    assert not DepartmentChange.objects.exists()
    change = ask(organ, CLOSE, other=None)
    with pytest.raises(IntegrityError, match="department_change_carries"):
        DepartmentChange.objects.filter(pk=change).update(carries_posts=True)


@pytest.mark.django_db
def test_who_has_no_say_over_the_successor_agrees_to_nothing_that_widens_what_posts_may_do_there():
    organ, heir = f.department("甲所"), f.department("乙局")
    f.post(organ, "reviewer")
    change, local = carried(organ, heir), officer("security_officer")
    RoleGrant.objects.filter(post_id=local.post_id).update(department_id=organ, region_code=f.REGION)

    with pytest.raises(NotAuthorised):
        agree(change, by=local)

    assert not PostMove.objects.exists()
    RoleGrant.objects.filter(post_id=local.post_id).update(department_id=None)
    agree(change, by=local)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["system_officer", "security_officer"])
def test_nobody_has_a_hand_in_carrying_her_own_post_to_where_it_may_do_more(role):
    organ, heir = f.department("甲所"), f.department("乙局")
    post, own = f.post(organ, "reviewer"), officer(role)
    services.assign_post(
        user_id=own.user_id, post_id=post, span=Span(TODAY), by=f.SYSTEM, at=f.NOON, key=uuid4()
    )
    asker, second = (own, officer("security_officer")) if role == "system_officer" else (officer(), own)

    with pytest.raises(OwnPostCarried):
        agree(carried(organ, heir, by=asker), by=second)

    assert Post.objects.get(pk=post).department_id == organ
    RoleGrant.objects.filter(post_id=post).update(department_id=None)
    for change in DepartmentChange.objects.values_list("pk", flat=True):
        drop(change, asker)
    agree(carried(organ, heir, by=asker), by=second)
    assert Post.objects.get(pk=post).department_id == heir, "what it may do stays what it is"


@pytest.mark.django_db
def test_what_does_not_go_with_a_post_still_holds_the_department():
    organ, heir = f.department("甲所"), f.department("乙局")
    f.staff_user("李一", f.post(organ, "reviewer"))
    f.department("甲所分队", parent=organ)
    change = carried(organ, heir)

    with pytest.raises(DepartmentNotSettled, match="下级部门"):
        agree(change)

    assert Post.objects.filter(department_id=organ).count() == 1 and not PostMove.objects.exists()
    row = DepartmentChange.objects.select_related("department").get(pk=change)
    assert "1项" in organ_changes.hindrance(row, f.NOON), "the holding is none of them"


@pytest.mark.django_db
def test_a_successor_that_ended_meanwhile_takes_nothing_over():
    organ, heir = f.department("甲所"), f.department("乙局")
    f.post(organ, "reviewer")
    change = carried(organ, heir)
    agree(ask(heir, CLOSE))

    with pytest.raises(DepartmentClosed):
        agree(change)

    assert not PostMove.objects.exists()


@pytest.mark.django_db
def test_the_officer_is_shown_which_posts_go_along_before_asking():
    organ, heir = f.department("甲所"), f.department("乙局")
    f.post(organ, "reviewer")
    client = Client()
    f.signed_in(client, User.objects.get(pk=officer().user_id))
    day = legal_day(f.NOON)
    address = reverse("identity:close_department", args=[organ])
    given = {"from_on_year": day.year + 5, "from_on_month": 1, "from_on_day": 5, "basis": "清委发〔2026〕3号"}
    given |= {"carries_posts": "on", "key": str(uuid4()), "stage": "check"}

    shown = client.post(address, {**given, "successor": str(heir)}).content.decode()
    refused = client.post(address, {**given, "successor": "none"}).content.decode()

    assert "1个岗位（承办岗）划转到乙局" in shown
    assert "没有部门承接的，岗位不能整体划转" in refused


START = date(2026, 1, 1)
SPELLS = st.lists(st.integers(1, 30), max_size=4, unique=True).map(sorted)


@given(
    stays=st.lists(st.tuples(st.integers(1, 30), SPELLS), max_size=3), last=SPELLS, asked=st.integers(0, 95)
)
def test_each_day_has_the_department_and_the_name_that_held_on_it(stays, last, asked):
    """Departments one after the other, each renamed on some days, also before the post came and after it left."""
    named: dict[date, str] = {}
    moves, begun = [], START
    for number, (length, renames) in enumerate([*stays, (40, last)]):
        ended = begun + timedelta(days=length)
        turns = [(START + timedelta(days=day), f"{number}局第{n}个名称") for n, day in enumerate(renames)]

        def name_of(day, turns=turns, number=number):
            return organ_names.name_then(f"{number}局", turns, day)

        named |= {begun + timedelta(days=day): name_of(begun + timedelta(days=day)) for day in range(length)}
        if number < len(stays):
            moves.append((ended, name_of(ended - timedelta(days=1)), turns))
        else:
            now, now_turns = f"{number}局", turns
        begun = ended
    day = START + timedelta(days=asked)

    if day in named:
        assert organ_names.name_then(now, organ_names.former(now_turns, moves), day) == named[day]
