"""Who has something to say is heard by the organ that answers for it, never by who is complained about."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from mingqu.cases.errors import CaseUnknown
from mingqu.cases.tests import factories as f
from mingqu.catalogue.errors import ItemUnknown
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.services import grant_role
from mingqu.identity.tests import factories as people
from mingqu.identity.types import Within
from mingqu.kernel.errors import KeyReused
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage
from mingqu.voice import selectors, services, wiring
from mingqu.voice.errors import (
    AlreadyAnswered,
    AlreadySaid,
    ConcernsYou,
    KindUnknown,
    NotAnsweredYet,
    OrganUnknown,
    TicketUnknown,
    TooManyTickets,
    WordsMissing,
    WordsTooLong,
)
from mingqu.voice.models import Ticket
from mingqu.voice.tests.factories import NOON, WORDS, answered, filed, head_of
from mingqu.voice.types import Wanted

TODAY = date(2026, 9, 18)


@pytest.fixture
def w(db):
    return f.world()


def page(answer) -> str:
    return answer.content.decode()


def as_citizen(client, w):
    return people.signed_in(client, User.objects.get(pk=w.citizen.user_id))


def as_staff(client, actor):
    return people.signed_in(client, User.objects.get(pk=actor.user_id))


def test_a_complaint_about_a_case_goes_to_its_organ_with_a_number_and_a_last_day(w):
    case = f.received_case(w)

    row = filed(w, case=case)

    assert row.number == "SQ99010420260918000001"
    assert (row.department_id, row.case_id, row.state) == (case.department_id, case.pk, "filed")
    # Fifteen working days after Friday 18 September, over 中秋 and 国庆, with the working Sundays of the notice.
    assert row.due_on == selectors.due_after(TODAY, "complaint")
    assert row.due_on > date(2026, 10, 9)
    assert filed(w, kind="consultation").due_on == date(2026, 9, 24)


def test_a_question_about_a_service_goes_to_the_organ_of_the_service_and_else_to_the_chosen_one(w):
    assert filed(w, kind="consultation", item="QH-SPJYXK").department_id == w.bureau
    assert filed(w, kind="suggestion", organ=w.bureau).item_code == ""


def test_the_way_from_filing_to_the_word_that_it_is_settled(w):
    row = answered(w, filed(w), head_of(w))
    services.settle_ticket(ticket_id=row.pk, settled=False, by=w.citizen, at=NOON, key=uuid4())
    row.refresh_from_db()

    assert (row.state, row.reply, row.said_on) == ("unsettled", "已经核实，当面道歉。", TODAY)
    names = OutboxEvent.objects.filter(root_id=row.pk).order_by("order").values_list("name", flat=True)
    assert list(names) == ["voice.filed", "voice.answered", "voice.settled"]


def test_the_author_is_told_of_the_answer_once(w):
    row = answered(w, filed(w), head_of(w))
    while round_once(NOON):
        pass

    (message,) = InboxMessage.objects.filter(person_id=w.citizen.id, kind="voice_answered")
    assert message.link == f"/voice/{row.number}/"
    assert "已经核实" not in message.body


def test_who_had_a_hand_in_the_case_neither_reads_nor_answers_the_complaint_about_it(w):
    case = f.received_case(w)
    both = people.post(w.bureau, "reviewer", "department_head", name="副局长")
    user = people.staff_user("副局长", both)
    handler = f.Actor("staff", user.person_id, post_id=both, user_id=user.pk, name="副局长")
    f.services.ask_correction(
        case_id=case.pk, asked=[f.Asked("floor-plan", "看不清")], by=handler, at=NOON, key=uuid4()
    )
    row = filed(w, case=case)

    with pytest.raises(ConcernsYou):
        answered(w, row, handler)
    with pytest.raises(TicketUnknown):
        selectors.ticket_at_desk(handler, row.number, TODAY)
    (line,) = selectors.tickets_at_desk(handler, TODAY).lines
    assert line.concerns_reader
    assert answered(w, row, head_of(w)).state == "answered"
    # A question about the same case is no complaint: who handles it knows best.
    assert answered(w, filed(w, kind="consultation", case=case), handler).state == "answered"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kind": "petition"}, KindUnknown),
        ({"text": "  "}, WordsMissing),
        ({"text": "长" * 1001}, WordsTooLong),
        ({"item": "NONE"}, ItemUnknown),
        ({"organ": uuid4()}, OrganUnknown),
    ],
)
def test_what_can_not_be_filed_leaves_nothing(w, given, refusal):
    with pytest.raises(refusal):
        filed(w, **given)

    assert not Ticket.objects.exists()
    assert not AuditEntry.objects.filter(action="voice.file").exists()


def test_nobody_complains_about_the_case_of_another_nor_answers_or_settles_for_them(w):
    case, row = f.received_case(w), filed(w)
    _, stranger = people.citizen("李四")
    elsewhere = people.staff_actor("department_head", department_id=people.department("清禾区水务局"))

    with pytest.raises(CaseUnknown):
        filed(w, case=case, by=stranger)
    for actor in (stranger, w.clerk, w.reviewer, elsewhere):
        with pytest.raises(NotAuthorised):
            answered(w, row, actor)
    answered(w, row, head_of(w))
    for actor in (stranger, w.clerk, elsewhere):
        with pytest.raises(TicketUnknown):
            services.settle_ticket(ticket_id=row.pk, settled=True, by=actor, at=NOON, key=uuid4())
    with pytest.raises(TicketUnknown):
        selectors.own_ticket(stranger, row.number, TODAY)
    assert not selectors.tickets_at_desk(elsewhere, TODAY, Wanted(done=True)).lines


def test_answer_and_last_word_come_once_and_in_order(w):
    row, head = filed(w), head_of(w)

    def settle():
        return services.settle_ticket(ticket_id=row.pk, settled=True, by=w.citizen, at=NOON, key=uuid4())

    with pytest.raises(NotAnsweredYet):
        settle()
    answered(w, row, head)
    with pytest.raises(AlreadyAnswered):
        answered(w, row, head, text="另一个说法")
    settle()
    with pytest.raises(AlreadySaid):
        settle()


def test_a_second_click_files_one_and_anothers_key_files_their_own(w):
    key = uuid4()
    _, other = people.citizen("李四")

    assert filed(w, key=key).pk == filed(w, key=key).pk
    assert filed(w, key=key, by=other).party_id == other.id
    assert Ticket.objects.count() == 2
    with pytest.raises(KeyReused):
        answered(w, Ticket.objects.get(party_id=w.citizen.id), head_of(w), key=key)


def test_more_than_so_many_a_day_are_refused(w, settings):
    settings.MINGQU_LIMITS = {**settings.MINGQU_LIMITS, "voice_person_day": (2, 86400)}
    for _ in range(2):
        filed(w)

    with pytest.raises(TooManyTickets):
        filed(w)
    assert Ticket.objects.count() == 2


def test_the_words_are_encrypted_at_rest_and_nowhere_in_events_ledger_or_results(w):
    row = answered(w, filed(w), head_of(w), text="查明是周某所为")
    found = ""
    with connection.cursor() as cursor:
        for table, column in (
            ("voice_ticket", "id"),
            ("kernel_auditentry", "root_id"),
            ("kernel_outboxevent", "root_id"),
            ("kernel_commandrecord", "root_id"),
        ):
            cursor.execute(f"SELECT t::text FROM {table} t WHERE {column} = %s", [row.pk])
            rows = cursor.fetchall()
            assert rows, table
            found += str(rows)

    for words in (WORDS, "查明是周某所为"):
        assert words not in found
        assert words.encode().hex() not in found
    assert str(w.citizen.id) not in str(list(OutboxEvent.objects.filter(root_id=row.pk).values("payload")))


def test_from_the_page_of_the_case_to_the_answer(client, w):
    case = f.received_case(w)
    as_citizen(client, w)
    link = f"/voice/new/?case={case.number}"
    assert link in page(client.get(f"/cases/{case.number}/progress/"))
    assert "由澜州市清禾区市场监督管理局答复" in page(client.get(link))

    wrong = client.post(link, {"key": str(uuid4()), "kind": "complaint", "text": ""})
    assert (wrong.status_code, "请填写：请说说是什么事" in page(wrong)) == (400, True)
    sent = client.post(link, {"key": str(uuid4()), "kind": "complaint", "text": WORDS})
    row = Ticket.objects.get()
    assert sent["Location"] == f"/voice/{row.number}/"
    assert "等机关答复" in page(client.get(sent["Location"]))
    assert row.number in page(client.get("/voice/"))

    head = head_of(w)
    as_staff(client, head)
    assert row.number in page(client.get("/desk/voice/"))
    told = client.get(f"/desk/voice/{row.number}/")
    assert WORDS in page(told)
    assert "李晓禾" not in page(told)
    done = client.post(f"/desk/voice/{row.number}/", {"key": str(uuid4()), "text": "已经核实"})
    assert done.status_code == 302

    as_citizen(client, w)
    assert "已经核实" in page(client.get(f"/voice/{row.number}/"))
    said = client.post(f"/voice/{row.number}/", {"key": str(uuid4()), "settled": "no"})
    assert said.status_code == 302
    assert "没有解决" in page(client.get(f"/voice/{row.number}/"))


def test_from_a_guide_and_from_ones_own_page(client, w):
    as_citizen(client, w)

    assert "/voice/new/?item=QH-SPJYXK" in page(client.get("/services/QH-SPJYXK/"))
    assert 'href="/voice/"' in page(client.get("/my/"))
    sent = client.post(
        "/voice/new/",
        {"key": str(uuid4()), "kind": "suggestion", "organ": str(w.bureau), "text": "周六也开门"},
    )
    assert sent.status_code == 302


def test_a_ticket_of_another_and_an_address_without_one_are_not_found(client, w):
    case, row = f.received_case(w), filed(w)
    people.signed_in(client, people.citizen("李四")[0])
    for address in (f"/voice/{row.number}/", f"/voice/new/?case={case.number}", "/voice/SQ1/"):
        assert client.get(address).status_code == 404, address
        assert client.post(address, {"key": str(uuid4()), "settled": "yes"}).status_code == 404, address
    as_staff(client, people.staff_actor("department_head", department_id=people.department("清禾区水务局")))
    assert client.get(f"/desk/voice/{row.number}/").status_code == 404
    assert client.post(f"/desk/voice/{row.number}/", {"key": str(uuid4()), "text": "x"}).status_code == 404
    as_staff(client, w.reviewer)
    assert client.get("/desk/voice/").status_code == 403


def test_the_first_page_of_who_answers_says_how_many_wait_and_how_many_are_late(client, w):
    head = head_of(w)
    as_staff(client, head)
    assert "等待答复" not in page(client.get("/desk/"))
    first = filed(w)
    filed(w, kind="consultation")

    assert "2件等待答复，其中投诉1件" in page(client.get("/desk/"))
    late = NOON + 10 * f.DAY  # five working days for a question, fifteen for a complaint
    assert wiring.to_answer(head, NOON).words == "2件等待答复，其中投诉1件"
    assert wiring.to_answer(head, late).words == "2件等待答复，其中投诉1件，逾期1件"
    answered(w, first, head)
    assert wiring.to_answer(head, late).words == "1件等待答复，逾期1件"
    assert wiring.to_answer(w.reviewer, late) is None, "who may not answer is told nothing"
    elsewhere = people.staff_actor("department_head", department_id=people.department("清禾区水务局"))
    assert wiring.to_answer(elsewhere, late) is None


def test_a_complaint_that_is_shut_to_somebody_is_not_counted_for_them(w):
    case = f.received_case(w)
    user = people.staff_user("副局长", people.post(w.bureau, "reviewer", "department_head", name="副局长"))
    handler = f.Actor("staff", user.person_id, post_id=user.holdings.get().post_id, user_id=user.pk)
    f.services.ask_correction(
        case_id=case.pk, asked=[f.Asked("floor-plan", "看不清")], by=handler, at=NOON, key=uuid4()
    )
    filed(w, case=case)

    assert wiring.to_answer(handler, NOON) is None
    assert wiring.to_answer(head_of(w), NOON).words == "1件等待答复，其中投诉1件"


def test_what_is_not_answered_by_its_day_is_told_once_to_its_author_and_to_who_may_answer(w):
    head, row = head_of(w), filed(w, kind="consultation")
    done_in_time = answered(w, filed(w, kind="consultation"), head)
    the_day = NOON + 6 * f.DAY
    assert row.due_on == the_day.date()
    assert services.flag_overdue(the_day) == ""
    assert not OutboxEvent.objects.filter(name="voice.overdue").exists(), "on the last day it is not late"

    for days in (7, 8):
        services.flag_overdue(NOON + days * f.DAY)
        while round_once(NOON + days * f.DAY):
            pass

    told = InboxMessage.objects.filter(kind__in=("voice_overdue", "voice_answer_overdue"))
    assert {(one.person_id, one.link) for one in told} == {
        (w.citizen.id, f"/voice/{row.number}/"),
        (head.id, f"/desk/voice/{row.number}/"),
    }
    assert told.count() == 2 and all("2026年9月24日" in one.body for one in told if one.person_id == head.id)
    assert AuditEntry.objects.filter(action="voice.flag_overdue").count() == 1
    done_in_time.refresh_from_db()
    assert done_in_time.overdue_on is None


def test_lists_go_on_by_key(w, monkeypatch):
    monkeypatch.setattr(selectors, "PAGE", 2)
    numbers = [filed(w, text=str(n), at=NOON + 7 * n * f.DAY).number for n in range(3)]

    first = selectors.own_tickets(w.citizen, TODAY)
    assert [line.number for line in first.lines] == numbers[:0:-1]
    assert [x.number for x in selectors.own_tickets(w.citizen, TODAY, before=first.more).lines] == numbers[:1]
    head = head_of(w)
    first = selectors.tickets_at_desk(head, TODAY)
    assert [line.number for line in first.lines] == numbers[:2]
    assert [x.number for x in selectors.tickets_at_desk(head, TODAY, after=first.more).lines] == numbers[2:]
    assert len(selectors.tickets_at_desk(head, TODAY, after="x").lines) == 2


def test_the_supervisor_of_the_region_reads_what_no_head_is_there_for(w):
    post = people.post(people.department("清禾区政务服务中心", code="XN"))
    grant_role(
        post_id=post,
        role="efficiency_supervisor",
        within=Within("990104000000", None),
        by=people.SYSTEM,
        at=people.NOON,
        key=uuid4(),
    )
    user = people.staff_user("沈明", post)
    actor = f.Actor("staff", user.person_id, post_id=post, user_id=user.pk, name="沈明")

    assert answered(w, filed(w), actor).state == "answered"
