"""来件 that another system brings: asked of the one the drawing names, noted once however often it tells."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingqu.cases import services
from mingqu.cases.archiving.contents import record
from mingqu.cases.arriving import asking
from mingqu.cases.arriving import selectors as arriving
from mingqu.cases.arriving.errors import ArrivalNotAwaited, ArrivalNotTheirs
from mingqu.cases.arriving.types import Noted
from mingqu.cases.models import Arrival
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import mail
from mingqu.cases.tests.test_messages_of_flows import at_the_edge
from mingqu.cases.tests.test_routes import waits_at
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.drawings import selectors as drawings
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.rules import definition_of
from mingqu.exchange import services as exchange
from mingqu.exchange.connectors import double
from mingqu.exchange.events import HandoverMoved
from mingqu.exchange.models import Handover, OutsideState
from mingqu.exchange.types import Result
from mingqu.exchange.views.double import tell
from mingqu.kernel import relay
from mingqu.kernel.models import AuditEntry
from mingqu.process import selectors as engine
from mingqu.process.errors import PlanRefused
from mingqu.process.plan import Kind, Plan

pytestmark = pytest.mark.django_db
SYSTEM, AT = "省经营主体登记系统", mail.AT
REPORT = replace(mail.REPORT, sender=SYSTEM)


def published(of: Plan) -> None:
    document, files = mail.drawn(of)
    f.catalogue_services.publish_revision(
        document=document, files=f.form_files() | files, by=f.SYSTEM, at=f.people.NOON, key=uuid4()
    )


@pytest.fixture
def w(clock):
    found = f.world()
    published(mail.plan(REPORT))
    return found


def settle():
    while relay.round_once(AT):
        pass


def asked(w, **how):
    """A case that waits, and the matter that was handed to the system."""
    case = f.accepted_case(w, **how)
    settle()
    row = Handover.objects.get(root_id=case.pk)
    exchange.send(root_id=case.pk, handover_id=row.id, at=AT)
    return case, row


def said(row, state="granted", words="同意", number="PS-3"):
    tell(double.say(row.reference, state, at=AT, words=words, result=Result(number)), AT)
    settle()


def test_the_system_that_the_drawing_names_is_asked_with_the_number_and_nothing_of_the_form(w):
    case, row = asked(w)

    assert (row.system, row.number, row.payload) == (SYSTEM, case.number, [])
    assert row.subject.endswith("：专家评审报告")
    assert Handover.objects.filter(root_id=case.pk).count() == 1


def test_what_it_tells_ends_the_wait_once_and_the_ledger_says_who_brought_it(w, sign_in):
    case, row = asked(w)
    double.set_faults(["twice"])
    said(row)
    asking.take(HandoverMoved(case.pk, row.id, row.part, "granted"), at=AT)  # three times is one

    (one,) = Arrival.objects.filter(case=case)
    assert (one.system, one.person_id, one.text) == (SYSTEM, None, "PS-3，同意")
    assert engine.awaited(case.pk) == [] and waits_at(case) == ["check"]
    (entry,) = AuditEntry.objects.filter(root_id=case.pk, action="case.note_arrival")
    assert (entry.notes["system"], entry.notes["awaited"]) == (SYSTEM, "专家评审报告")
    assert Handover.objects.get(pk=row.pk).taken == "taken"
    assert engine.differences(case.pk, case.instance_id) == {}
    page = sign_in(w.reviewer).get(reverse("workbench:case", args=[case.number])).content.decode()
    assert f"{SYSTEM}传来" in page and "PS-3，同意" in page
    theirs = sign_in(w.citizen).get(reverse("cases:progress", args=[case.number])).content.decode()
    assert "收到“专家评审报告”" in theirs and "PS-3" not in theirs
    assert record(case)["arrivals"][0]["brought_by"] == SYSTEM


def test_the_page_of_the_officer_says_that_a_system_may_bring_it(w, sign_in):
    case, _row = asked(w)
    page = sign_in(w.reviewer).get(reverse("workbench:arrival", args=[case.number])).content.decode()
    assert f"“专家评审报告”也可以由{SYSTEM}传来，先到的算。" in page


def test_what_an_officer_noted_first_is_not_brought_again_and_nothing_is_asked_for_any_more(w):
    case, row = asked(w)
    (one,) = engine.awaited(case.pk)
    mail.noted(case, one.wait_id, w.reviewer)
    settle()
    assert Handover.objects.get(pk=row.pk).taken == "taken"

    said(row)

    assert [row.system for row in Arrival.objects.filter(case=case)] == [""]
    assert OutsideState.objects.filter(root_id=case.pk, state="granted").count() == 1, "kept nevertheless"
    with pytest.raises(ArrivalNotAwaited):
        brought(case, one.wait_id)


def brought(case, wait_id, system=SYSTEM, by=exchange.EXCHANGE, key=None):
    noted = Noted(wait_id, AT.date(), "同意", system=system)
    return services.note_arrival(case_id=case.pk, noted=noted, by=by, at=AT, key=key or uuid4())


@pytest.mark.parametrize("system", ["公安人口管理系统", ""])
def test_what_another_system_brings_is_refused_and_the_case_waits_on(w, system):
    case, _row = asked(w)
    (one,) = engine.awaited(case.pk)

    with pytest.raises(ArrivalNotTheirs):
        brought(case, one.wait_id, system)

    assert engine.awaited(case.pk) == [one] and not Arrival.objects.exists()


def test_an_officer_does_not_note_it_in_a_systems_name(w):
    case, _row = asked(w)
    with pytest.raises(ArrivalNotTheirs):
        brought(case, engine.awaited(case.pk)[0].wait_id, by=w.reviewer)


def test_that_it_will_not_do_it_ends_nothing_and_waits_for_a_person(w):
    case, row = asked(w)
    said(row, "refused", "材料不全")

    assert len(engine.awaited(case.pk)) == 1 and not Arrival.objects.exists()
    assert Handover.objects.get(pk=row.pk).needs == "not_taken"


def test_a_system_that_nobody_connected_is_not_asked_and_an_officer_notes_what_comes(w):
    published(mail.plan(replace(REPORT, sender="区专家评审系统")))
    case = f.accepted_case(w)
    settle()
    assert not Handover.objects.exists()

    mail.noted(case, engine.awaited(case.pk)[0].wait_id, w.reviewer)

    assert engine.awaited(case.pk) == []


def test_what_was_awaited_at_the_edge_of_a_step_is_called_off_with_the_step(w):
    edge = at_the_edge()
    nodes = {**edge.nodes, "edge": replace(edge.nodes["edge"], sender=SYSTEM)}
    published(mail.make_plan(nodes.values(), edge.flows.values()))
    case, row = asked(w)

    f.review(w, case, "check")
    settle()

    assert Handover.objects.get(pk=row.pk).sending == "called_off"
    said(row)
    assert not Arrival.objects.exists() and waits_at(case) == ["decide"]


def test_taken_back_by_the_applicant_it_is_called_off(w):
    case, row = asked(w)
    services.withdraw_case(case_id=case.pk, by=w.citizen, at=AT, key=uuid4())
    settle()
    assert Handover.objects.get(pk=row.pk).sending == "called_off"
    said(row)
    assert not Arrival.objects.exists()


def test_a_flow_that_asks_nobody_costs_no_statement(w):
    case = f.accepted_case(w)
    arriving.asks_others(case)
    with CaptureQueriesContext(connection) as seen:
        assert arriving.asks_others(case)
    assert len(seen) == 0


@pytest.mark.parametrize(
    "report",
    [
        replace(mail.REPORT, sender="长" * 81),
        replace(mail.REPORT, kind=Kind.SEND, ref="报告到了请您放心", sender=SYSTEM),
    ],
)
def test_a_system_where_none_can_bring_anything_is_refused_by_element(report):
    document, files = mail.drawn(mail.plan(report))
    with pytest.raises(PlanRefused) as refused:
        plan_of(definition_of(document, "01"), files)

    assert ("report", "element_message_sender") in [(one.element, one.code) for one in refused.value.findings]


def test_the_drawing_keeps_who_brings_it(w):
    _, definition = catalogue.current_definition("QH-SPJYXK", "01")

    assert drawings.drawn_plan(definition).nodes["report"].sender == SYSTEM
