"""Departments, posts, who holds them, and the three officers who exclude each other."""

from datetime import date, timedelta

import pytest

from mingqu.identity import selectors, services
from mingqu.identity.errors import (
    AlreadyHolds,
    CodeTaken,
    DayPassed,
    DeputyOfNobody,
    DeputySpanOpen,
    NotAuthorised,
    OfficersExclude,
    OwnPost,
    UnknownRole,
    WrongSpan,
)
from mingqu.identity.models import Department, Post, PostHolding, RoleGrant, User
from mingqu.identity.services.setup import create_operator
from mingqu.identity.tests import factories
from mingqu.identity.types import NewDepartment, Span, Within
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db

OFFICERS = ["system_officer", "security_officer", "audit_officer"]
BY = {"by": factories.SYSTEM, "at": factories.NOON}


def assign(user, post_id, from_on=date(2026, 1, 1), until_on=None, by=factories.SYSTEM):
    span = Span(from_on, until_on)
    return services.assign_post(
        user_id=user.id, post_id=post_id, span=span, by=by, at=factories.NOON, key=new_id()
    )


def grant(post_id, role, by=factories.SYSTEM):
    return services.grant_role(
        post_id=post_id, role=role, within=Within("", None), by=by, at=factories.NOON, key=new_id()
    )


def test_a_department_stands_below_its_parent():
    top = factories.department()
    below = factories.department("许可科", parent=top)

    assert Department.objects.get(pk=below).path.startswith(Department.objects.get(pk=top).path)
    assert [p.code for p in selectors.posts_in(top)] == []


def test_the_same_command_twice_makes_one_department():
    key = new_id()
    given = {"draft": NewDepartment("twice", "一次", "990104"), **BY, "key": key}

    assert services.create_department(**given) == services.create_department(**given) == key
    assert Department.objects.filter(code="twice").count() == 1


def test_a_department_code_is_used_once():
    factories.department(code="same")

    with pytest.raises(CodeTaken):
        factories.department(code="same")


@pytest.mark.parametrize("first", OFFICERS)
@pytest.mark.parametrize("second", OFFICERS)
def test_nobody_holds_two_officers_posts(first, second):
    user = factories.staff_user("甲", factories.post(None, first))

    if first == second:
        assign(user, factories.post(None, second))
        return
    with pytest.raises(OfficersExclude):
        assign(user, factories.post(None, second))
    assert PostHolding.objects.filter(user=user).count() == 1


def test_an_officer_may_become_another_after_the_first_post_has_ended():
    first, second = factories.post(None, "system_officer"), factories.post(None, "audit_officer")
    user = factories.staff_user("甲")
    assign(user, first, until_on=date(2026, 6, 30))

    with pytest.raises(OfficersExclude):
        assign(user, second, from_on=date(2026, 6, 30))
    assign(user, second, from_on=date(2026, 7, 1))


def test_a_post_never_gets_two_officer_roles():
    post_id = factories.post(None, "system_officer")

    with pytest.raises(OfficersExclude):
        grant(post_id, "security_officer")


def test_granting_an_officer_role_looks_at_everyone_who_holds_the_post():
    plain, officer = factories.post(None, "reviewer"), factories.post(None, "audit_officer")
    factories.staff_user("甲", plain, officer)

    with pytest.raises(OfficersExclude):
        grant(plain, "security_officer")
    assert RoleGrant.objects.filter(post_id=plain).count() == 1


def test_a_security_officer_grants_to_others_but_not_to_the_own_post():
    security = factories.staff_actor("security_officer")
    other = factories.post()

    grant(other, "reviewer", by=security)
    with pytest.raises(OwnPost):
        grant(security.post_id, "reviewer", by=security)


def test_a_reviewer_grants_nothing():
    reviewer = factories.staff_actor("reviewer")

    with pytest.raises(NotAuthorised):
        grant(factories.post(), "approver", by=reviewer)


def test_a_role_that_does_not_exist_is_refused():
    with pytest.raises(UnknownRole):
        grant(factories.post(), "emperor")


def test_one_person_holds_several_posts_each_once_at_a_time():
    first, second = factories.post(None, "reviewer"), factories.post(None, "approver")
    user = factories.staff_user("甲", first, second)

    with pytest.raises(AlreadyHolds):
        assign(user, first, from_on=date(2026, 3, 1), until_on=date(2026, 4, 1))
    assert len(selectors.signed_in_user(user.id).standing.posts) == 2


def test_a_post_may_be_held_again_after_it_was_given_up():
    post_id = factories.post(None, "reviewer")
    user = factories.staff_user("甲")
    assign(user, post_id, from_on=date(2026, 1, 1))
    services.end_post(user_id=user.id, post_id=post_id, until_on=date(2026, 3, 31), **BY, key=new_id())
    assign(user, post_id, from_on=date(2026, 4, 1))

    standing = selectors.signed_in_user(user.id).standing
    for day, held in [(date(2025, 12, 31), 0), (date(2026, 3, 31), 1), (date(2026, 4, 1), 1)]:
        assert len(selectors.posts_held(standing, day)) == held


def test_a_holding_does_not_end_before_it_begins():
    with pytest.raises(WrongSpan):
        assign(factories.staff_user("甲"), factories.post(), date(2026, 2, 1), date(2026, 1, 31))


def test_a_revoked_role_is_gone_from_the_next_request_on():
    post_id = factories.post(None, "reviewer")
    grant_id = RoleGrant.objects.get(post_id=post_id).id

    services.revoke_role(grant_id=grant_id, **BY, key=new_id())

    assert selectors.mandates_of(post_id) == ()


def test_setup_makes_each_officer_once_and_they_are_three_people():
    made = {
        create_operator(f"op{at}", "甲", factories.PASSWORD, at=factories.NOON, officer=officer)
        for at, officer in enumerate(OFFICERS)
    }

    assert len(made) == 3
    with pytest.raises(CodeTaken):
        create_operator("op9", "乙", factories.PASSWORD, at=factories.NOON)
    assert not User.objects.filter(username="op9").exists()
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {
        "identity.create_user",
        "identity.create_post",
        "identity.grant_role",
        "identity.assign_post",
    } <= actions


def test_a_post_is_named_with_its_department():
    reviewer = factories.post(None, "reviewer")

    assert Post.objects.get(pk=reviewer).name in selectors.post_names([reviewer])[reviewer]


def test_holders_are_those_of_the_day():
    post_id = factories.post()
    user = factories.staff_user("甲")
    assign(user, post_id, date(2026, 5, 1), date(2026, 5, 31))

    assert selectors.holders_on(post_id, date(2026, 5, 31)) == [user.id]
    assert selectors.holders_on(post_id, date(2026, 5, 31) + timedelta(days=1)) == []


def test_a_citizen_commands_nothing_here():
    with pytest.raises(NotAuthorised):
        services.create_department(
            draft=NewDepartment("x", "x", "990104"),
            by=Actor(kind="citizen", id=new_id()),
            at=factories.NOON,
            key=new_id(),
        )
    assert not Department.objects.filter(code="x").exists()


def test_an_officer_gives_and_ends_posts_from_today_on_and_not_for_days_that_are_over():
    security, user, post_id = (
        factories.staff_actor("security_officer"),
        factories.staff_user("甲"),
        factories.post(),
    )
    today, yesterday = date(2026, 11, 20), date(2026, 11, 19)

    with pytest.raises(DayPassed) as refused:
        assign(user, post_id, from_on=yesterday, by=security)
    assert "最早填今天（2026年11月20日）" in refused.value.message
    assign(user, post_id, from_on=today, by=security)

    held = factories.staff_user("乙", post_id)
    ending = {"user_id": held.id, "post_id": post_id, "by": security, "at": factories.NOON}
    with pytest.raises(DayPassed):
        services.end_post(until_on=yesterday, key=new_id(), **ending)
    services.end_post(until_on=today, key=new_id(), **ending)


AUGUST = (date(2026, 8, 1), date(2026, 8, 31))


def deputed(user, post_id, holder, span=AUGUST):
    return services.assign_post(
        user_id=user.id, post_id=post_id, span=Span(*span, holder.id), key=new_id(), **BY
    )


@pytest.fixture
def post_and_holder():
    post_id = factories.post(factories.department(), "reviewer")
    holder = factories.staff_user("周敏")
    assign(holder, post_id)
    return post_id, holder


def test_a_deputy_holds_the_post_for_a_time_in_place_of_its_holder_and_acts_with_both_names(post_and_holder):
    post_id, holder = post_and_holder
    deputy = factories.staff_user("吴岚")
    deputed(deputy, post_id, holder)

    standing = selectors.signed_in_user(deputy.id).standing
    [post] = selectors.posts_held(standing, AUGUST[0])
    assert (post.id, post.deputy_for) == (post_id, holder.person_id)
    assert selectors.posts_held(standing, AUGUST[1] + timedelta(days=1)) == ()
    acting = Actor("staff", deputy.person_id, post_id=post_id, user_id=deputy.id, deputy_for=post.deputy_for)
    with command("case.keep_phrases", deputy.person_id, by=acting, at=factories.NOON, key=new_id()) as cmd:
        cmd.done(None)
    entry = AuditEntry.objects.get(root_id=deputy.person_id, action="case.keep_phrases")
    assert (entry.actor_id, entry.notes["deputy_for"]) == (deputy.person_id, str(holder.person_id))


@pytest.mark.parametrize(
    ("span", "refusal"),
    [
        ((date(2026, 8, 1), None), DeputySpanOpen),
        ((date(2025, 8, 1), date(2026, 8, 2)), DeputyOfNobody),
    ],
)
def test_a_deputy_is_appointed_for_days_on_which_the_other_holds_the_post(post_and_holder, span, refusal):
    post_id, holder = post_and_holder
    with pytest.raises(refusal):
        deputed(factories.staff_user("吴岚"), post_id, holder, span)
    with pytest.raises(DeputyOfNobody):
        deputed(factories.staff_user("郑和"), post_id, factories.staff_user("不在岗"))


def test_a_deputy_has_no_deputy_and_ends_with_the_holder(post_and_holder):
    post_id, holder = post_and_holder
    deputy, third = factories.staff_user("吴岚"), factories.staff_user("郑和")
    deputed(deputy, post_id, holder)
    with pytest.raises(DeputyOfNobody):
        deputed(third, post_id, deputy)
    deputed(third, post_id, holder, (date(2026, 10, 1), date(2026, 10, 8)))

    services.end_post(user_id=holder.id, post_id=post_id, until_on=date(2026, 8, 10), key=new_id(), **BY)

    left = PostHolding.objects.filter(post_id=post_id, deputy_for=holder)
    assert [(one.user_id, one.until_on) for one in left] == [(deputy.id, date(2026, 8, 10))]
