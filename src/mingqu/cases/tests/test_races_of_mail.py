"""来件 on two connections: an officer notes it and the system that the drawing names brings it, at the same instant."""

from uuid import UUID, uuid4, uuid5

from mingqu.cases import services
from mingqu.cases.arriving.types import Noted
from mingqu.cases.models import Arrival
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import mail
from mingqu.cases.tests import test_races as races
from mingqu.cases.tests.test_mail_from_systems import AT, REPORT, SYSTEM, published
from mingqu.exchange import services as exchange
from mingqu.process import selectors as engine


def test_an_officer_and_the_machine_at_once_end_it_once(committed_db, monkeypatch):
    w = f.world()
    published(mail.plan(REPORT))

    def wait_of(case_id) -> UUID:
        return next(iter(engine.awaited(case_id))).wait_id

    def officer(w, case_id):
        noted = Noted(known[case_id], AT.date(), "同意")
        return services.note_arrival(case_id=case_id, noted=noted, by=w.reviewer, at=AT, key=uuid4())

    def machine(w, case_id):
        noted = Noted(known[case_id], AT.date(), "同意", system=SYSTEM)
        key = uuid5(case_id, "arrival")
        return services.note_arrival(case_id=case_id, noted=noted, by=exchange.EXCHANGE, at=AT, key=key)

    def waiting(w):
        case = f.accepted_case(w)
        known[case.pk] = wait_of(case.pk)
        return case

    known: dict[UUID, UUID] = {}
    monkeypatch.setitem(races.COMMANDS, "officer", officer)
    monkeypatch.setitem(races.COMMANDS, "machine", machine)
    raced = races.at_once(w, waiting, "officer", "machine")
    orders = [races.serially(w, waiting, "officer", "machine", order) for order in ((1, 2), (2, 1))]

    assert raced in orders
    assert sorted(map(str, raced[0].values())) == ["None", "arrival_not_awaited"]
    assert Arrival.objects.count() == 3
