"""A shift taken over while its giver calls it back, gives a paper back or sends it on: one hand has each paper."""

from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as cases
from mingqu.hall import errors, services, shift_errors
from mingqu.hall.models import GivenBack, KeptPaper, Shift, Slip
from mingqu.hall.shift_types import InHand, ShiftTo
from mingqu.hall.tests.test_races import at_once
from mingqu.hall.tests.test_shifts import colleague
from mingqu.hall.types import NewPaper, Returned

NOON = cases.FRIDAY_NOON


def call_back(w, paper):
    services.call_back_shift(shift_id=Shift.objects.get().pk, by=w.clerk, at=NOON, key=uuid4())


def give_back(w, paper):
    returned = Returned((paper.id,), "李晓禾", "self", proof="在纸上签名")
    services.give_back_papers(case_id=paper.root_id, returned=returned, by=w.clerk, at=NOON, key=uuid4())


def send_on(w, paper):
    services.send_papers(
        chosen=[(paper.root_id, paper.id)], department_id=w.bureau, by=w.clerk, at=NOON, key=uuid4()
    )


# What the giver does meanwhile: how it is refused where the taker was first, and the paper where he was.
MEANWHILE = {
    "call back": (call_back, (shift_errors.ShiftAnswered,), "kept"),
    "give back": (give_back, (errors.PaperNotYours, errors.PaperMovedOn), "returned"),
    "send on": (send_on, (errors.PaperNotYours, errors.PaperMovedOn), "moving"),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_a_paper_of_a_shift_is_in_one_hand(committed_db, what):
    w = cases.world()
    case = cases.received_case(w)
    papers = (NewPaper("营业执照", "original", 1),)
    services.keep_papers(case_id=case.pk, papers=papers, by=w.clerk, at=NOON, key=uuid4())
    (paper,) = KeptPaper.objects.all()
    other = colleague(w, post="接班岗")
    lines = (InHand("paper", paper.name, paper.code, case_id=paper.root_id, paper_id=paper.id),)
    services.give_shift(lines=lines, to=ShiftTo(other.id, other.post_id), by=w.clerk, at=NOON, key=uuid4())
    shift_id, (act, refusals, state) = Shift.objects.get().pk, MEANWHILE[what]

    taken, done = at_once(
        lambda: services.take_shift(shift_id=shift_id, by=other, at=NOON, key=uuid4()),
        lambda: act(w, paper),
    )

    paper = KeptPaper.objects.get()
    if done is None:
        assert (paper.state, paper.post_id) == (state, w.clerk.post_id)
        assert isinstance(taken, shift_errors.ShiftAnswered) or taken == 0
    else:
        assert isinstance(done, refusals) and taken == 1
        assert (paper.state, paper.post_id) == ("kept", other.post_id)
    assert GivenBack.objects.count() == (paper.state == "returned")
    assert Slip.objects.count() == (paper.state == "moving")
