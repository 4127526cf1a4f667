"""A department that ends while others give it something, come under it or end too; on two connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connections

from mingqu.identity import services
from mingqu.identity.models import Department, DepartmentChange, Post, PostHolding, PostMove
from mingqu.identity.organ_errors import DepartmentClosed, DepartmentNotSettled
from mingqu.identity.services import organ_changes, organs
from mingqu.identity.tests import factories as f
from mingqu.identity.tests.test_organ_changes import CLOSE, MOVE, TODAY, agree, ask
from mingqu.identity.types import Span, Within
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id

MEET = 1.5  # seconds; where one has to wait for the other's commit they never meet


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Each on a connection of its own; results, or the refusals they raised. What the database raises is raised."""

    def run(deed: Callable[[], object]) -> object:
        try:
            return deed()
        except DomainError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.fixture
def meeting(monkeypatch):
    """Both are in the middle of it, each with what it holds by then."""
    point = Barrier(2)

    def first_meet(act):
        def met(*given, **named):
            with suppress(BrokenBarrierError):
                point.wait(MEET)
            return act(*given, **named)

        return met

    return lambda module, name: monkeypatch.setattr(module, name, first_meet(getattr(module, name)))


@pytest.mark.parametrize("deed", ["assign", "grant"])
def test_who_is_appointed_or_given_a_role_while_the_posts_go_along_is_told_and_nothing_breaks(
    committed_db, meeting, deed
):
    organ, heir = f.department("甲所"), f.department("乙局")
    post, user = f.post(organ, "reviewer"), f.staff_user()
    change, second = ask(organ, CLOSE, other=heir, carries_posts=True), f.staff_actor("security_officer")
    meeting(organ_changes, "carry_posts")
    meeting(organs, "require_open")
    doing = {
        "assign": lambda: services.assign_post(
            user_id=user.pk, post_id=post, span=Span(TODAY), by=f.SYSTEM, at=f.NOON, key=new_id()
        ),
        "grant": lambda: services.grant_role(
            post_id=post, role="checker", within=Within(f.REGION, organ), by=f.SYSTEM, at=f.NOON, key=new_id()
        ),
    }

    carried, given = at_once(lambda: agree(change, by=second), doing[deed])

    assert carried is None and isinstance(given, DepartmentClosed)
    assert Post.objects.get(pk=post).department_id == heir and PostMove.objects.count() == 1
    assert not PostHolding.objects.filter(user=user).exists()


def test_two_that_take_over_from_each_other_do_not_both_end(committed_db, meeting):
    one, other = f.department("甲所"), f.department("乙局")
    for organ in (one, other):
        f.post(organ, "reviewer")
    changes = [
        ask(organ, CLOSE, other=heir, carries_posts=True) for organ, heir in ((one, other), (other, one))
    ]
    seconds = [f.staff_actor("security_officer") for _ in changes]
    meeting(organ_changes, "_settled")

    outcome = at_once(
        *[
            lambda change=change, by=by: agree(change, by=by)
            for change, by in zip(changes, seconds, strict=True)
        ]
    )

    assert sorted(type(one).__name__ for one in outcome) == ["DepartmentClosed", "NoneType"]
    ended = Department.objects.exclude(closed_on=None).get(pk__in=[one, other])
    assert set(
        Post.objects.filter(department_id__in=[one, other]).values_list("department_id", flat=True)
    ) == {ended.successor_id}


def test_nothing_comes_under_a_department_that_ends_meanwhile(committed_db, meeting):
    above, below, first = f.department("甲局"), f.department("乙所"), f.department("丙局")
    closing, moving = ask(above, CLOSE, other=first), ask(below, MOVE, other=above)
    seconds = [f.staff_actor("security_officer") for _ in range(2)]
    meeting(organ_changes, "_settled")

    closed, moved = at_once(lambda: agree(closing, by=seconds[0]), lambda: agree(moving, by=seconds[1]))

    if closed is None:
        assert isinstance(moved, DepartmentClosed)
    else:
        assert isinstance(closed, DepartmentNotSettled) and moved is None
    row = Department.objects.get(pk=below)
    assert row.parent_id is None or Department.objects.get(pk=above).closed_on is None
    assert DepartmentChange.objects.filter(state="done").count() == 1
