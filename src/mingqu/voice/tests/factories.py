"""Tickets for tests: each filed by the command, in the world of cases."""

from uuid import uuid4

from mingqu.cases.tests import factories as f
from mingqu.identity.tests import factories as people
from mingqu.kernel.types import Actor
from mingqu.voice import services
from mingqu.voice.models import Ticket
from mingqu.voice.types import NewTicket

NOON = f.FRIDAY_NOON
WORDS = "窗口的人让我白跑三趟"


def filed(
    w, *, kind="complaint", text=WORDS, case=None, item="", organ=None, by=None, at=NOON, key=None
) -> Ticket:
    number = case.number if case else ""
    if not (number or item or organ):
        item = "QH-SPJYXK"
    ticket = NewTicket(kind, text, case_number=number, item_code=item, department_id=organ)
    result = services.file_ticket(ticket=ticket, by=by or w.citizen, at=at, key=key or uuid4())
    return Ticket.objects.get(number=result.number)


def answered(w, ticket, by, text="已经核实，当面道歉。", at=NOON, key=None) -> Ticket:
    services.answer_ticket(ticket_id=ticket.pk, text=text, by=by, at=at, key=key or uuid4())
    ticket.refresh_from_db()
    return ticket


def head_of(w, name="何清") -> Actor:
    """The head of the bureau, who had no hand in any case."""
    return people.staff_actor("department_head", department_id=w.bureau, name=name)
