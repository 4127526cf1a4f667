"""换班交接: made out to one colleague by name, taken or not, never to oneself, never twice at a time."""

from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as f
from mingqu.hall import selectors, services, shift_errors
from mingqu.hall.models import KeptPaper, Shift, ShiftLine
from mingqu.hall.shift_types import InHand, ShiftTo
from mingqu.hall.types import NewPaper
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Post
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry

NOON = f.FRIDAY_NOON
LINES = (InHand("received", "食品经营许可（新办）", "99010420260918000001"),)


@pytest.fixture
def w(db):
    return f.world()


def colleague(w, *, post="", name="李接班"):
    """Somebody else at the clerk's post, or at another one of her department."""
    own = Post.objects.get(pk=w.clerk.post_id)
    post_id = people.post(own.department_id, "window_clerk", name=post) if post else own.pk
    user = people.staff_user(name, post_id)
    return f.Actor("staff", user.person_id, post_id=post_id, user_id=user.pk, name=name)


def give(by, to, lines=LINES, key=None, remark=""):
    return services.give_shift(
        lines=lines, to=ShiftTo(to.id, to.post_id, remark), by=by, at=NOON, key=key or uuid4()
    )


def answering(number, by):
    return {"shift_id": Shift.objects.get(number=number).pk, "by": by, "at": NOON, "key": uuid4()}


def test_both_names_stand_in_it_and_the_taker_finds_it_on_the_first_page(w):
    other, key = colleague(w), uuid4()

    number = give(w.clerk, other, key=key, remark="李女士下午再来")

    assert number == give(w.clerk, other, key=key) == "JB990104202609180001"
    assert selectors.shifts_waiting(other) == (1, 0) and selectors.shifts_waiting(w.clerk) == (0, 0)
    seen = selectors.shift_of_number(other, number)
    assert (seen.giver, seen.taker, seen.to_take, seen.remark) == (
        w.clerk.name, other.name, True, "李女士下午再来",
    )  # fmt: skip
    assert services.take_shift(**answering(number, other)) == 0
    assert selectors.shift_of_number(w.clerk, number).state == "taken"
    acts = AuditEntry.objects.filter(root_id=seen.id).order_by("seq")
    assert [(one.action, one.actor_id, one.notes["person"]) for one in acts] == [
        ("shift.give", w.clerk.id, str(other.id)),
        ("shift.take", other.id, str(w.clerk.id)),
    ]
    with pytest.raises(shift_errors.ShiftAnswered):
        services.take_shift(**answering(number, other))


def test_what_is_not_taken_stays_with_the_giver_who_reads_what_is_lacking(w):
    other = colleague(w)
    number = give(w.clerk, other)
    with pytest.raises(shift_errors.ShiftReasonMissing):
        services.decline_shift(reason=" ", **answering(number, other))

    services.decline_shift(reason="营业执照原件没有点到", **answering(number, other))

    assert selectors.shifts_waiting(w.clerk) == (0, 1)
    assert selectors.shift_of_number(w.clerk, number).answer == "营业执照原件没有点到"
    again = give(w.clerk, other)
    assert selectors.shifts_waiting(w.clerk) == (0, 0)
    services.call_back_shift(**answering(again, w.clerk))
    assert {one.number: one.state for one in selectors.shifts_of(other)} == {
        number: "called_back",
        again: "called_back",
    }


def test_originals_go_along_to_another_post_and_stay_where_the_post_is_the_same(w):
    case = f.received_case(w)
    services.keep_papers(
        case_id=case.pk, papers=[NewPaper("营业执照", "original", 1)] * 2, by=w.clerk, at=NOON, key=uuid4()
    )
    one, two = KeptPaper.objects.filter(root_id=case.pk).order_by("serial")
    lines = [InHand("paper", p.name, p.code, case_id=p.root_id, paper_id=p.id) for p in (one, two)]
    same, other = colleague(w), colleague(w, post="窗口二", name="王接班")

    assert services.take_shift(**answering(give(w.clerk, same, lines), same)) == 0
    assert KeptPaper.objects.filter(post_id=w.clerk.post_id).count() == 2
    number = give(w.clerk, other, lines)
    services.send_papers(
        chosen=[(two.root_id, two.id)], department_id=w.bureau, by=w.clerk, at=NOON, key=uuid4()
    )
    assert services.take_shift(**answering(number, other)) == 1  # what left the drawer since has its own slip
    assert [p.post_id for p in KeptPaper.objects.order_by("serial")] == [other.post_id, w.clerk.post_id]


def test_only_a_colleague_of_the_department_takes_it_and_nobody_else_finds_it(w):
    other = colleague(w)
    for to in (w.clerk, w.reviewer):
        with pytest.raises(shift_errors.ShiftTakerWrong):
            give(w.clerk, to)
    with pytest.raises(shift_errors.ShiftNothingInHand):
        give(w.clerk, other, lines=())
    with pytest.raises(NotAuthorised):
        give(w.citizen, other)
    assert not Shift.objects.exists()

    number = give(w.clerk, other)
    with pytest.raises(shift_errors.ShiftUnknown):
        services.take_shift(**answering(number, w.clerk))
    with pytest.raises(shift_errors.ShiftUnknown):
        selectors.shift_of_number(w.reviewer, number)
    with pytest.raises(shift_errors.ShiftUnknown):
        services.call_back_shift(**answering(number, other))
    with pytest.raises(shift_errors.ShiftGivenAlready):
        give(w.clerk, other)
    assert selectors.shift_of_number(w.clerk, number).state == "given"
    assert ShiftLine.objects.count() == len(LINES)
