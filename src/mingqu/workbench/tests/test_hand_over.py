"""交接清单: what the post has in hand, and the same after the post has changed hands."""

import pytest
from django.urls import reverse

from mingqu.cases import services
from mingqu.cases.services.files import Upload
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import asking
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.identity import services as identity
from mingqu.identity.types import Span
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.workbench.selectors import turn_of
from mingqu.workbench.selectors.hand_over import hand_over

pytestmark = pytest.mark.django_db


def test_the_slip_lists_open_steps_and_questions_and_a_successor_finds_the_same():
    w = f.world()
    v.other_organ()
    case = f.accepted_case(w)
    asking.asked(case, w.reviewer)

    before = hand_over(w.reviewer, f.FRIDAY_NOON)
    assert [one.number for one in before.steps] == [one.number for one in before.asked] == [case.number]
    post = w.posts["SCJG-SPXK-01"]
    successor = f.people.staff_user("接任")
    day = {"by": f.SYSTEM, "at": f.FRIDAY_NOON}
    identity.end_post(
        user_id=w.reviewer.user_id, post_id=post, until_on=legal_day(f.FRIDAY_NOON), key=new_id(), **day
    )
    identity.assign_post(
        user_id=successor.pk, post_id=post, span=Span(legal_day(f.FRIDAY_NOON)), key=new_id(), **day
    )

    actor = f.Actor("staff", successor.person_id, post_id=post, user_id=successor.pk, name="接任")
    assert hand_over(actor, f.FRIDAY_NOON) == before


def test_the_head_reads_first_that_nobody_is_left_for_a_step(w):
    head, case = asking.head_of(w), f.accepted_case(w)
    assert turn_of(head, case, f.FRIDAY_NOON)[0].whose != "you"

    services.recuse(
        case_id=case.pk, why=StandAside("kin", "表弟"), by=w.reviewer, at=f.FRIDAY_NOON, key=new_id()
    )
    case.refresh_from_db()

    turn, actions = turn_of(head, case, f.FRIDAY_NOON)
    assert (turn.whose, "case.reassign" in actions) == ("you", True)
    assert "没有人可以办" in turn.note
    assert "case.reassign" not in turn_of(w.inspector, case, f.FRIDAY_NOON)[1]


def test_what_another_organ_answered_belongs_to_the_case_file_and_opens_there(w, browse):
    other = v.other_organ()
    case = f.accepted_case(w)
    one = asking.asked(case, w.reviewer)
    asking.answered(one, other, outcome="objected", uploads=[Upload("意见.png", f.PNG)])
    one.refresh_from_db()

    said = browse("reviewer").get(reverse("workbench:dossier", args=[case.number])).content.decode()
    assert "征求意见：清禾区气象局" in said and "已答复：不同意" in said
    file = reverse("workbench:file", args=[case.number, one.answer_file_ids[0]])
    assert browse("reviewer").get(file).status_code == 200
    assert browse("citizen").get(file).status_code == 403
    readers = browse("citizen").get(reverse("cases:readers", args=[case.number])).content.decode()
    assert "食品许可承办" not in readers  # that an answer was read is none of the applicant's


def test_the_page_is_for_officers_with_cases(w, browse):
    page = reverse("workbench:hand_over")

    said = browse("reviewer").get(page)

    assert said.status_code == 200 and "手上没有要交接的" in said.content.decode()
    assert browse("citizen").get(page).status_code == 403
