"""认领: the case page says who has a step, lists are filtered by it, another's is put back with a reason."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingqu.cases.tests import asking
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_claiming import POST, claim, claimed, colleague
from mingqu.cases.tests.test_steps_in_several_hands import task_of
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.workbench.selectors import desk_page, next_number, turn_of
from mingqu.workbench.selectors.hand_over import hand_over
from mingqu.workbench.tests.pages import text_of
from mingqu.workbench.tests.test_special_acts import step_through, url
from mingqu.workbench.types import DeskQuery

pytestmark = pytest.mark.django_db


def signed_in(client, actor):
    return people.signed_in(client, User.objects.get(pk=actor.user_id))


def posted(client, case, name):
    return client.post(url(name, case), {"key": str(uuid4()), "task_id": str(task_of(case, POST))})


def test_the_page_offers_it_where_others_hold_the_post_too(w, browse, client):
    case = f.accepted_case(w)
    alone = browse("reviewer").get(url("case", case)).context["page"]
    assert alone.claims == []

    other = colleague(w)
    mine = browse("reviewer")
    assert "没有人认领，同岗位的人都可以办" in text_of(mine.get(url("case", case)))
    assert posted(mine, case, "claim").status_code == 302
    assert claimed(case) == w.reviewer.id

    own = mine.get(url("case", case))
    assert "由您认领" in text_of(own) and own.context["opinion"] is not None
    theirs = signed_in(client, other).get(url("case", case))
    assert f"由{w.reviewer.name}认领" in text_of(theirs)
    assert theirs.context["opinion"] is None and f"{w.reviewer.name}已认领" in text_of(theirs)
    refused = posted(signed_in(client, other), case, "claim")
    assert (refused.status_code, "请部门负责人放回" in text_of(refused)) == (409, True)

    assert posted(mine, case, "release").status_code == 302
    assert claimed(case) is None
    assert signed_in(client, other).get(url("case", case)).context["opinion"] is not None


def test_the_head_puts_back_what_another_has_claimed_and_says_why(w, client):
    case, head = f.accepted_case(w), asking.head_of(w)
    colleague(w)
    desk = signed_in(client, head)
    assert desk.get(url("release_others", case)).status_code == 302  # nothing is claimed: back to the case

    claim(case, w.reviewer)
    assert "放回给同岗位的人" in text_of(desk.get(url("case", case)))
    page = desk.get(url("release_others", case))
    task = {"task_id": page.context["form"].initial["task_id"]}
    question, done = step_through(desk, "release_others", case, reason="外出培训", **task)

    assert "都可以办" in text_of(question) and done.status_code == 302
    assert claimed(case) is None


def test_the_list_says_who_has_which_and_shows_ones_own_or_those_nobody_has(w):
    first, second, third = (f.accepted_case(w) for _ in range(3))
    other = colleague(w)
    claim(first, w.reviewer)
    claim(second, other)

    def rows(**query):
        page = desk_page(w.reviewer, DeskQuery("mine", **query), f.FRIDAY_NOON)
        return {row.number: [label.words for label in row.labels] for row in page.rows}

    everything = rows()
    assert everything[first.number] == ["我已认领"] and everything[second.number] == ["同岗认领"]
    assert set(rows(claim="own")) == {first.number}
    assert set(rows(claim="free")) == {third.number}
    assert next_number(w.reviewer, DeskQuery("mine"), first.number, f.FRIDAY_NOON) == third.number
    notes = {one.number: one.note for one in hand_over(other, f.FRIDAY_NOON).of("step")}
    assert notes[second.number] == "我已认领" and w.reviewer.name in notes[first.number]


def test_marks_cost_two_statements_for_one_and_for_many_and_none_without_claims(w):
    def statements():
        with CaptureQueriesContext(connection) as ran:
            desk_page(w.reviewer, DeskQuery("mine"), f.FRIDAY_NOON)
        return len(ran)

    cases = [f.accepted_case(w) for _ in range(4)]
    statements()  # definitions and calendar are in memory after that
    plain = statements()
    claim(cases[0], colleague(w))
    one = statements()
    claim(cases[1], colleague(w, "又一位"))
    claim(cases[2], w.reviewer)

    assert (one, statements()) == (plain + 2, plain + 2)


def test_the_filter_stands_beside_the_list_of_steps_alone(w, browse):
    f.accepted_case(w)
    desk = reverse("workbench:desk")

    page = browse("reviewer").get(f"{desk}?tab=mine&claim=own")
    assert "没有符合筛选的办件" in text_of(page) and "我认领的" in text_of(page)
    assert "我认领的" not in text_of(browse("reviewer").get(f"{desk}?tab=all&claim=own"))


def test_the_turn_is_not_ones_own_while_a_colleague_has_the_step(w):
    case, other = f.accepted_case(w), colleague(w)
    claim(case, w.reviewer)

    turn, actions = turn_of(other, case, f.FRIDAY_NOON)
    assert turn.whose != "you" and not actions & {
        "case.review",
        "case.pass_on",
        "case.hold_step",
        "case.claim",
    }
    assert "case.release" not in actions
