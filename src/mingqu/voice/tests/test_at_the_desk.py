"""At the desk of who answers: the list narrowed and taken away, and what is another organ's matter passed on to it."""

import io
from uuid import uuid4

import openpyxl
import pytest

from mingqu.cases.tests import factories as f
from mingqu.identity import selectors as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage
from mingqu.voice import selectors, services
from mingqu.voice.errors import AlreadyAnswered, OrganUnknown, PassedEnough, ReasonMissing, TicketOfCase
from mingqu.voice.tests.factories import NOON, WORDS, answered, filed, head_of
from mingqu.voice.tests.test_saying_something import TODAY, as_citizen, as_staff, page, w
from mingqu.voice.types import Wanted

__all__ = ["w"]  # a fixture


@pytest.fixture
def to(w, monkeypatch):
    """Another organ that people may choose; in the small world only one offers services."""
    water = people.department("清禾区水务局", code="QH-SWJ")
    both = [identity.department(one) for one in (w.bureau, water)]
    monkeypatch.setattr(selectors, "organs", lambda: both)
    return both[1]


def passed(ticket, by, to, *, reason="河道归水务局管。"):
    return services.pass_ticket(
        ticket_id=ticket.pk, department_id=to, reason=reason, by=by, at=NOON, key=uuid4()
    )


def test_what_is_another_organs_matter_goes_there_with_its_reason_and_the_same_day(w, to):
    row, head = filed(w, organ=w.bureau), head_of(w)
    theirs = people.staff_actor("department_head", department_id=to.id, name="江河")

    passed(row, head, to.id)
    row.refresh_from_db()

    assert (row.department_id, row.passed_from_id, row.state) == (to.id, w.bureau, "filed")
    assert row.due_on == selectors.due_after(TODAY, row.kind)
    assert not selectors.tickets_at_desk(head, TODAY).lines
    assert selectors.ticket_at_desk(theirs, row.number, TODAY).passed_because == "河道归水务局管。"
    with pytest.raises(NotAuthorised):
        answered(w, row, head)
    while round_once(NOON):
        pass
    (message,) = InboxMessage.objects.filter(person_id=w.citizen.id, kind="voice_passed")
    assert to.name in message.title and "河道" not in message.body
    assert answered(w, row, theirs).state == "answered"


def test_it_is_passed_on_twice_at_most_never_about_a_case_and_never_to_nobody(w, to):
    head, theirs = head_of(w), people.staff_actor("department_head", department_id=to.id, name="江河")
    row, of_case = filed(w, organ=w.bureau), filed(w, case=f.received_case(w))

    for organ, reason, refusal in (
        (to.id, " ", ReasonMissing),
        (to.id, "长" * 201, ReasonMissing),
        (w.bureau, "归你们", OrganUnknown),
        (uuid4(), "归你们", OrganUnknown),
    ):
        with pytest.raises(refusal):
            passed(row, head, organ, reason=reason)
    with pytest.raises(TicketOfCase):
        passed(of_case, head, to.id)
    with pytest.raises(NotAuthorised):
        passed(row, theirs, to.id)
    passed(row, head, to.id)
    passed(row, theirs, w.bureau)
    with pytest.raises(PassedEnough):
        passed(row, head, to.id)
    with pytest.raises(AlreadyAnswered):
        passed(answered(w, row, head), head, to.id)


def test_it_is_passed_on_from_its_page_and_a_complaint_leads_to_its_case(client, w, to):
    row, of_case = filed(w, organ=w.bureau), filed(w, case=f.received_case(w))
    as_staff(client, head_of(w))

    address = f"/desk/voice/{row.number}/pass/"
    assert address in page(client.get(f"/desk/voice/{row.number}/"))
    about_case = page(client.get(f"/desk/voice/{of_case.number}/"))
    assert "/pass/" not in about_case and f"/desk/cases/{of_case.case_number}/" in about_case
    wrong = client.post(address, {"key": str(uuid4()), "organ": "", "reason": ""})
    assert wrong.status_code == 400 and "请填写：为什么该由对方答复" in page(wrong)
    done = client.post(address, {"key": str(uuid4()), "organ": str(to.id), "reason": "归你们"})
    assert done.status_code == 302
    as_citizen(client, w)
    assert "归你们" in page(client.get(f"/voice/{row.number}/"))


def test_who_answers_narrows_the_list_and_takes_it_as_a_file_without_words(client, w):
    head, question = head_of(w), filed(w, kind="consultation")
    complaint, late = filed(w, case=f.received_case(w)), filed(w, kind="consultation")
    answered(w, late, head, at=NOON + 10 * f.DAY)

    def numbers(**wanted):
        return {line.number for line in selectors.tickets_at_desk(head, TODAY, Wanted(**wanted)).lines}

    assert numbers() == {question.number, complaint.number}
    assert numbers(kind="complaint") == {complaint.number} == numbers(number=complaint.number)
    assert numbers(done=True) == {late.number} == numbers(done=True, late=True)
    answered(w, question, head)
    assert numbers(done=True, late=True) == {late.number}, "the other one was answered in time"

    as_staff(client, head)
    assert "没有这样的" in page(client.get("/desk/voice/", {"kind": "suggestion"}))
    found = client.get("/desk/voice/", {"number": complaint.number.lower(), "kind": "x"})
    assert complaint.number in page(found)
    made = client.post("/desk/voice/export/", {"show": "done", "late": "yes"})
    (titles, row) = list(openpyxl.load_workbook(io.BytesIO(made.getvalue())).active.values)
    told = dict(zip(titles, row, strict=True))
    assert (told["编号"], told["最晚答复"], told["答复"]) == (late.number, "2026-09-24", "2026-09-28")
    assert told["超期"] == "是" and WORDS not in str(row)
    assert AuditEntry.objects.filter(action="voice.export").count() == 1
    assert as_staff(client, w.reviewer).post("/desk/voice/export/").status_code == 403
