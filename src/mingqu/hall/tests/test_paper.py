"""Originals: kept, handed on by a slip with a count, found short, called back, given back against a signature."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases.tests import factories as f
from mingqu.hall import errors, rules, selectors, services
from mingqu.hall.models import GivenBack, KeptPaper, Slip
from mingqu.hall.types import Counted, NewPaper, Returned
from mingqu.identity.errors import NotAuthorised, Recused
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.relay import deliver_root
from mingqu.notifications.models import InboxMessage

NOON = f.FRIDAY_NOON
PAPERS = (NewPaper("营业执照", "original", 1), NewPaper("平面图", "copy", 3))
ENDED = {"returned", "filed"}


@given(st.lists(st.sampled_from(["send", "receive", "miss", "call_back", "give_back", "file"])))
def test_a_paper_never_leaves_an_end_and_moves_only_by_a_slip(acts):
    state = "kept"
    for act in acts:
        try:
            after = rules.paper_after(state, act)
        except errors.PaperMovedOn:
            continue
        assert state not in ENDED
        assert (after == "moving") is (act == "send")
        assert after in ENDED or act in {"send", "receive", "miss", "call_back"}
        state = after


@given(st.dictionaries(st.uuids(), st.integers(1, 9), min_size=1, max_size=6), st.data())
def test_a_count_names_each_line_once_and_never_more_than_was_handed_over(expected, data):
    answers = [Counted(line, data.draw(st.integers(-2, 10))) for line in expected]
    fine = all(0 <= one.copies <= expected[one.line_id] for one in answers)

    if fine:
        assert rules.counted(expected, [*answers, Counted(uuid4(), 1)]).keys() == expected.keys()
    else:
        with pytest.raises(errors.CountWrong):
            rules.counted(expected, answers)
    with pytest.raises(errors.CountMissing):
        rules.counted(expected, answers[1:])


@pytest.fixture
def w(db):
    return f.world()


@pytest.fixture
def case(w):
    return f.received_case(w)


def keep(w, case, *, papers=PAPERS, by=None):
    services.keep_papers(case_id=case.pk, papers=papers, by=by or w.clerk, at=NOON, key=uuid4())
    return list(KeptPaper.objects.filter(root_id=case.pk).order_by("serial"))


def send(w, papers, *, to=None, by=None, key=None):
    number = services.send_papers(
        chosen=[(one.root_id, one.id) for one in papers],
        department_id=to or w.bureau,
        by=by or w.clerk,
        at=NOON,
        key=key or uuid4(),
    )
    return Slip.objects.get(number=number)


def sign(slip, by, *found, remark=""):
    lines = selectors.lines_of_slip(slip.pk)
    counted = [Counted(line.id, n, remark) for line, n in zip(lines, found, strict=True)]
    return services.receive_papers(slip_id=slip.pk, counted=counted, by=by, at=NOON, key=uuid4())


def holders(case):
    return list(KeptPaper.objects.filter(root_id=case.pk).order_by("serial").values_list("state", "post_id"))


def back(case, papers, by, **more):
    given_ = {"receiver": "李晓禾", "relation": "self", "proof": "在纸上签名"} | more
    returned = Returned(tuple(one.id for one in papers), **given_)
    return services.give_back_papers(case_id=case.pk, returned=returned, by=by, at=NOON, key=uuid4())


def test_papers_go_from_the_window_to_the_department_with_a_count(w, case):
    papers = keep(w, case)
    key = uuid4()

    slip = send(w, papers, key=key)
    again = send(w, papers, key=key)

    assert slip == again and slip.number == "JJ990104202609180001"
    assert [one.code for one in papers] == [f"{case.number}-01", f"{case.number}-02"]
    assert (
        holders(case) == [("moving", w.clerk.post_id)] * 2
    )  # the sender answers for them until they are signed for
    assert [one.number for one in selectors.slips_to_sign(w.reviewer)] == [slip.number]
    assert selectors.slips_to_sign(w.clerk) == []
    assert sign(slip, w.reviewer, 1, 3) == "received"
    assert holders(case) == [("kept", w.reviewer.post_id)] * 2
    assert selectors.papers_in_hands(w.clerk) == []
    assert [one.name for one in selectors.papers_in_hands(w.reviewer)] == ["营业执照", "平面图"]
    assert AuditEntry.objects.filter(root_id=slip.pk).count() == 2


def test_what_is_not_whole_goes_back_to_the_sender_who_is_to_look_for_it(w, case):
    papers = keep(w, case)
    slip = send(w, papers)

    assert sign(slip, w.reviewer, 1, 2, remark="少一张") == "differs"

    assert holders(case) == [("kept", w.reviewer.post_id), ("kept", w.clerk.post_id)]
    assert (selectors.papers_waiting(w.clerk, 10), selectors.papers_waiting(w.reviewer, 10)) == (
        (1, 0),
        (0, 0),
    )
    line = selectors.lines_of_slip(slip.pk)[1]
    assert (line.copies, line.found, line.remark) == (3, 2, "少一张")
    found = send(w, papers[1:])  # it turned up: sent once more, nothing is missing any more
    assert selectors.papers_waiting(w.reviewer, 10) == (0, 1)
    assert sign(found, w.reviewer, 3) == "received" and selectors.papers_waiting(w.clerk, 10) == (0, 0)


def test_nobody_hands_on_or_gives_back_what_another_has_or_what_is_on_its_way(w, case):
    papers = keep(w, case)

    with pytest.raises(errors.PaperNotYours):
        send(w, papers, by=w.reviewer, to=f.Department.objects.get(code="QH-ZWZX").pk)
    with pytest.raises(NotAuthorised):
        send(w, papers, by=w.leader)
    slip = send(w, papers)
    with pytest.raises(errors.PaperMovedOn):
        send(w, papers)
    with pytest.raises(errors.PaperMovedOn):
        back(case, papers, w.clerk)
    with pytest.raises(errors.SlipUnknown):  # of the station, another department
        sign(slip, w.station, 1, 3)
    with pytest.raises(errors.SlipUnknown):
        selectors.slip_of_number(w.station, slip.number)
    assert Slip.objects.count() == 1 and holders(case) == [("moving", w.clerk.post_id)] * 2


def test_a_shift_hands_its_drawer_to_another_post_of_its_department(w, case):
    papers = keep(w, case)
    own = f.Department.objects.get(code="QH-ZWZX").pk
    colleague = people.staff_actor("window_clerk", department_id=own, name="接班人")

    slip = send(w, papers, to=own)

    with pytest.raises(errors.SlipUnknown):  # nobody signs for what they hand over themselves
        sign(slip, w.clerk, 1, 3)
    assert selectors.papers_waiting(w.clerk, 9) == (0, 0) and selectors.papers_waiting(colleague, 9) == (0, 1)
    assert sign(slip, colleague, 1, 3) == "received"
    assert holders(case) == [("kept", colleague.post_id)] * 2


def test_a_slip_is_called_back_by_its_sender_until_somebody_signed(w, case):
    papers = keep(w, case)
    slip = send(w, papers)
    call_back = {"slip_id": slip.pk, "at": NOON}

    with pytest.raises(errors.PaperNotYours):
        services.call_back_slip(**call_back, by=w.reviewer, key=uuid4())
    services.call_back_slip(**call_back, by=w.clerk, key=uuid4())

    assert holders(case) == [("kept", w.clerk.post_id)] * 2
    with pytest.raises(errors.SlipAnswered):
        sign(slip, w.reviewer, 1, 3)
    signed = send(w, papers)
    sign(signed, w.reviewer, 1, 3)
    with pytest.raises(errors.SlipAnswered):
        services.call_back_slip(slip_id=signed.pk, at=NOON, by=w.clerk, key=uuid4())


def test_papers_are_given_back_against_a_signature_and_the_applicant_is_told(w, case):
    papers = keep(w, case)

    with pytest.raises(errors.ReturnIncomplete) as refused:
        back(case, papers, w.clerk, relation="agent")
    assert refused.value.field == "document"
    with pytest.raises(errors.ReturnIncomplete):
        back(case, papers, w.clerk, proof="")
    assert back(case, papers[:1], w.clerk) == 1
    deliver_root(case.pk, NOON)

    assert [state for state, _ in holders(case)] == ["returned", "kept"]
    row = GivenBack.objects.get()
    assert (row.receiver, row.paper_ids) == ("李晓禾", [papers[0].id])
    told = InboxMessage.objects.get(person_id=case.applicant_id, kind="hall_papers_given_back")
    assert "材料退还给您了" in told.title and "1份" in told.body
    with pytest.raises(errors.PaperMovedOn):
        back(case, papers[:1], w.clerk)


def test_what_stays_with_the_file_is_given_back_no_more(w, case):
    papers = keep(w, case, by=w.reviewer)

    services.file_papers(chosen=[(case.pk, papers[1].id)], by=w.reviewer, at=NOON, key=uuid4())

    assert [one.state for one in selectors.papers_of_case(w.reviewer, case.pk)] == ["kept", "filed"]
    with pytest.raises(errors.NothingChosen):
        services.file_papers(chosen=[], by=w.reviewer, at=NOON, key=uuid4())


def test_a_case_has_two_digits_of_papers(w, case):
    with pytest.raises(errors.NothingChosen):
        keep(w, case, papers=())
    with pytest.raises(errors.TooManyPapers):
        keep(w, case, papers=[NewPaper("页", "copy", 1)] * (rules.MOST_PAPERS + 1))
    with pytest.raises(errors.TooManyPapers):
        send(w, [keep(w, case)[0]] * (rules.MOST_PAPERS + 1))


def test_the_drawer_costs_the_same_however_full(w, case, django_assert_max_num_queries):
    keep(w, case)
    keep(w, f.received_case(w))

    with django_assert_max_num_queries(3):
        first = selectors.papers_in_hands(w.clerk, limit=3)
    rest = selectors.papers_in_hands(w.clerk, after=(first[-1].kept_at, first[-1].id))
    assert len(first) == 3 and len(rest) == 1 and rest[0].id not in {one.id for one in first}


def test_who_stands_aside_neither_files_nor_hands_out_papers_of_the_case_but_sends_them_on(w, case):
    papers = keep(w, case)
    type(case).objects.filter(pk=case.pk).update(barred_ids=[w.clerk.id])

    with pytest.raises(Recused):
        back(case, papers, w.clerk)
    with pytest.raises(Recused):
        chosen = [(case.pk, one.id) for one in papers]
        services.file_papers(chosen=chosen, by=w.clerk, at=NOON, key=uuid4())
    assert holders(case) == [("kept", w.clerk.post_id)] * 2 and not GivenBack.objects.exists()

    assert sign(send(w, papers), w.reviewer, 1, 3) == "received"
