"""交接清单: what the post has in hand, and the same after the post has changed hands."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases import services
from mingqu.cases.services import outages
from mingqu.cases.services.files import Upload
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import asking, at_window
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.forms.models import Draft
from mingqu.hall import selectors
from mingqu.hall import services as halls
from mingqu.hall.models import Shift
from mingqu.hall.tests.factories import hall as made_hall
from mingqu.hall.types import HandedOn, InHand, NewPaper, ShiftTo
from mingqu.identity import services as identity
from mingqu.identity.models import Post
from mingqu.identity.types import Span
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.workbench.selectors import turn_of
from mingqu.workbench.selectors.custody import Moved, given_lately
from mingqu.workbench.selectors.hand_over import hand_over
from mingqu.workbench.tests.pages import text_of

pytestmark = pytest.mark.django_db


def test_the_slip_lists_open_steps_and_questions_and_a_successor_finds_the_same():
    w = f.world()
    v.other_organ()
    case = f.accepted_case(w)
    asking.asked(case, w.reviewer)

    before = hand_over(w.reviewer, f.FRIDAY_NOON)
    assert [one.number for one in before.of("step")] == [one.number for one in before.of("asked")]
    assert [one.number for one in before.of("step")] == [case.number]
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


def test_a_window_hands_over_its_drawer_its_received_cases_drafts_results_and_money(w):
    case, lying = at_window.filed_case(w), f.decided_case(w, context={"delivery": "window"})
    at_window.window_draft(w, at_window.walk_in(w, name="禾大满"))
    by = {"by": w.clerk, "at": f.FRIDAY_NOON, "key": new_id()}
    papers = [NewPaper("营业执照", "original", 2)]
    halls.keep_papers(case_id=case.pk, papers=papers, **by)
    at = {"hall_id": made_hall(at=f.FRIDAY_NOON).hall_id, "place": "3号柜"}
    halls.result_arrived(case_id=lying.pk, **at, **by | {"key": new_id()})
    outages.make_pack(count=5, **by | {"key": new_id()})

    found = hand_over(w.clerk, f.FRIDAY_NOON)

    assert [(one.what, one.count) for one in found.of("paper")] == [("营业执照（原件）", 2)]
    assert [one.number for one in found.of("received")] == [case.number]
    assert [one.note for one in found.of("draft")] == ["2026年9月18日（周五）12:00保存"]
    assert [one.number for one in found.of("result")] == [lying.number]
    assert [(one.what, one.count) for one in found.of("slips")] == [("空白单", 5)]
    assert hand_over(w.reviewer, f.FRIDAY_NOON).of("paper") == ()


def test_what_is_accepted_filed_or_a_week_old_is_not_in_the_hand_over(w):
    case = at_window.filed_case(w)
    draft_id, _version = at_window.window_draft(w, at_window.walk_in(w))
    services.accept_case(case_id=case.pk, by=w.clerk, at=f.FRIDAY_NOON, key=new_id())
    f.received_case(w)  # online: of the whole department, not of this window

    found = hand_over(w.clerk, f.FRIDAY_NOON)
    assert found.of("received") == () and len(found.of("draft")) == 1
    assert hand_over(w.clerk, f.FRIDAY_NOON + timedelta(days=8)).of("draft") == ()
    assert Draft.objects.get(pk=draft_id).filed_at is None


def test_one_clerk_gives_and_the_other_takes_it_on_pages(w, browse, client):
    case = at_window.filed_case(w)
    user = f.people.staff_user("李接班", w.clerk.post_id)
    page, taker = reverse("workbench:hand_over"), f.people.signed_in(client, user)
    to = f"{w.clerk.post_id}:{user.person_id}"
    wrong = give(browse("clerk"), "")
    assert wrong.status_code == 400 and "请选择交给谁" in text_of(wrong)

    answer = give(browse("clerk"), to, remark="下午再来", follow=True)

    slip = answer.redirect_chain[-1][0]
    assert case.number in text_of(answer) and "等李接班确认" in text_of(answer)
    assert "1张换班交接单等您确认" in text_of(taker.get(reverse("workbench:desk")))
    assert "等您接班" in text_of(taker.get(page))
    assert taker.post(slip, {"key": new_id(), "answer": "decline"}).status_code == 400
    done = taker.post(slip, {"key": new_id(), "answer": "take"}, follow=True)
    assert "已接班" in text_of(done) and "下午再来" in text_of(done)
    assert browse("reviewer").get(slip).status_code == 404
    late = browse("clerk").post(f"{slip}call-back/", {"key": new_id()}, follow=True)
    assert "已经接了" in text_of(late)


PAGE = "/desk/hand-over/"


def read_on(client) -> str:
    """What the page says was read, as its form sends it."""
    return re.search(r'name="read" value="([^"]+)"', client.get(PAGE).text).group(1)


def give(client, to, *, follow=False, **more):
    return client.post(PAGE, {"key": new_id(), "to": to, "read": read_on(client), **more}, follow=follow)


def test_what_changed_since_it_was_counted_is_said_and_nothing_is_handed_over(w, browse):
    clerk = browse("clerk")
    first = at_window.filed_case(w)
    to = f"{w.clerk.post_id}:{f.people.staff_user('李接班', w.clerk.post_id).person_id}"
    read = read_on(clerk)
    second = at_window.filed_case(w)
    services.accept_case(case_id=first.pk, by=w.clerk, at=f.FRIDAY_NOON, key=new_id())

    refused = clerk.post(PAGE, {"key": new_id(), "to": to, "remark": "下午再来", "read": read})
    unread = clerk.post(PAGE, {"key": new_id(), "to": to})

    said = text_of(refused)
    assert refused.status_code == 409 and "交接单没有开" in said and "下午再来" in said
    assert re.search(rf"多了[^。]*{second.number}", said) and re.search(rf"少了[^。]*{first.number}", said)
    assert unread.status_code == 409 and "放得太久" in text_of(unread)
    assert not Shift.objects.exists()
    assert give(clerk, to).status_code == 302 and Shift.objects.count() == 1


def test_what_another_post_took_over_is_that_posts_and_cannot_be_handed_over_again(w, browse):
    case, lying = at_window.filed_case(w), f.decided_case(w, context={"delivery": "window"})
    by = {"by": w.clerk, "at": f.FRIDAY_NOON}
    hall = made_hall(at=f.FRIDAY_NOON).hall_id
    halls.result_arrived(case_id=lying.pk, hall_id=hall, place="3号柜", key=new_id(), **by)
    hall_department = Post.objects.get(pk=w.clerk.post_id).department_id
    taker = f.post_of("QH-HALL-04", "窗口二", hall_department, "window_clerk")
    post = taker.post_id
    lines = hand_over(w.clerk, f.FRIDAY_NOON).lines
    number = halls.give_shift(lines=lines, to=ShiftTo(taker.id, post), key=new_id(), **by)
    shift = selectors.shift_of_number(taker, number)

    halls.take_shift(shift_id=shift.id, by=taker, at=f.FRIDAY_NOON, key=new_id())

    left, there = (hand_over(one, f.FRIDAY_NOON) for one in (w.clerk, taker))
    assert left.of("received") == () and left.of("result") == ()
    assert [one.number for one in there.of("received")] == [case.number]
    assert [one.number for one in there.of("result")] == [lying.number]
    (held,) = given_lately(w.clerk.post_id, f.FRIDAY_NOON)
    assert (held.number, held.taker_post[-3:]) == (number, "窗口二") and dict(held.parts)[
        "出件台等领取的结果"
    ] == 1
    counter = f"/desk/counter/?list=here&counter={post}"
    assert (
        lying.number in text_of(browse("clerk").get(counter))
        and "窗口二的柜台" in browse("clerk").get(counter).text
    )
    assert "这个柜台没有放着的结果" in browse("clerk").get(f"/desk/counter/?counter={w.clerk.post_id}").text
    services.accept_case(case_id=case.pk, by=taker, at=f.FRIDAY_NOON, key=new_id())
    assert hand_over(taker, f.FRIDAY_NOON).of("received") == ()


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["现金", "刷卡"]), st.integers(1, 9)), max_size=8))
def test_money_is_never_in_two_drawers(moves):
    """Whatever goes to and fro between two windows in a day, together they hold what was taken."""
    taken = {"现金": 50, "刷卡": 30}
    today = legal_day(f.FRIDAY_NOON)
    own = [InHand("money", way, count=total, amount=total * 100) for way, total in taken.items()]

    def side(away: bool) -> int:
        lines = [
            HandedOn("money", way, "", many, many * 100, away, "窗口", today) for _there, way, many in moves
        ]
        return sum(one.amount for one in Moved(None, lines, today).money(own if away else []))

    gone = {way: sum(many for _, on, many in moves if on == way) for way in taken}
    if all(gone[way] <= taken[way] for way in taken):
        assert side(True) + side(False) == 8000


def test_the_page_is_for_officers_with_cases(w, browse):
    page = reverse("workbench:hand_over")

    said = browse("reviewer").get(page)

    assert said.status_code == 200 and "手上没有要交接的" in said.content.decode()
    assert browse("citizen").get(page).status_code == 403
