"""帮办代办: nothing is handed in without consent, nobody sees more than what he helps with, the person ends it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases import selectors as cases
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.models import Case
from mingqu.cases.services import window
from mingqu.cases.tests import factories as f
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.identity.account_errors import ClosingBarred
from mingqu.identity.errors import NotAuthorised, TooManyAttempts
from mingqu.identity.models import User
from mingqu.identity.services import closing
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.notifications.models import InboxMessage, Outgoing
from mingqu.outreach import rules, selectors, services
from mingqu.outreach.errors import (
    ConsentCodeWrong,
    ConsentMissing,
    ErrandNotNow,
    ErrandUnknown,
    NoOwnTelephone,
    NoPoint,
    NotDelegated,
    OwnPaper,
    ReasonNeeded,
)
from mingqu.outreach.models import Errand
from mingqu.outreach.tests import factories as made
from mingqu.outreach.types import PaperAnswer

NOON = made.NOON
CONSENT = 6  # digits


@pytest.fixture
def w(db):
    return f.world()


@pytest.fixture
def p(w):
    return made.place(w)


def code_sent() -> str:
    text = Outgoing.objects.filter(kind="consent_code").latest("created_at", "id").text
    return next(part for part in _digits(text) if len(part) == CONSENT)


def _digits(text):
    return "".join(sign if sign.isdigit() else " " for sign in text).split()


def sent(p, row, at=NOON) -> str:
    services.send_code(errand_id=row.pk, by=p.agent, at=at, key=uuid4())
    return code_sent()


def agree(p, row, code, at=NOON):
    services.agree_by_code(errand_id=row.pk, code=code, by=p.agent, at=at, key=uuid4())
    row.refresh_from_db()


def follow():
    while relay.round_once(NOON):
        pass


def test_an_agent_hands_in_after_the_person_read_out_the_code_and_she_is_told(p):
    mother = made.with_telephone(p.clerk)
    row = made.errand(p, person=mother)
    version = made.begun(p, row)
    with pytest.raises(ConsentMissing):
        made.hand_in(p, row, version)
    assert not Case.objects.exists()

    agree(p, row, sent(p, row))
    assert (row.state, row.consent) == ("agreed", "code")
    filed = made.hand_in(p, row, version)
    follow()
    row.refresh_from_db()
    assert (row.state, row.case_number) == ("filed", filed.number)
    told = InboxMessage.objects.get(person_id=mother.id, kind="errand_filed")
    assert "青澜社区便民服务点" in told.body
    assert selectors.helped_with(filed.number).point == "青澜社区便民服务点"


def test_the_code_goes_to_a_proved_telephone_holds_ten_minutes_and_is_not_guessed(p, settings):
    with pytest.raises(NoOwnTelephone):
        sent(p, made.errand(p))
    row = made.errand(p, person=made.with_telephone(p.clerk))
    code = sent(p, row)
    with pytest.raises(ConsentCodeWrong):
        agree(p, row, f"{(int(code) + 1) % 10**CONSENT:06d}")
    with pytest.raises(ConsentCodeWrong):
        agree(p, row, code, at=NOON + timedelta(minutes=rules.CODE_MINUTES, seconds=1))
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"consent_code_try": (1, 600)}
    with pytest.raises(TooManyAttempts):
        agree(p, row, code)
    row.refresh_from_db()
    assert (row.state, row.consent) == ("open", "")


def test_a_paper_counts_only_after_a_second_person_has_looked_at_it(p):
    row = made.errand(p)
    version = made.begun(p, row)
    made.by_paper(p, row, agreed=False)
    assert (row.state, row.said) == ("open", "签名看不清")
    photo = documents.check_upload(f.PNG)
    services.hand_paper(errand_id=row.pk, photo=photo, by=p.agent, at=NOON, key=uuid4())
    follow()
    with pytest.raises(ConsentMissing):
        made.hand_in(p, row, version)
    for by, refusal in (
        (p.agent, NotAuthorised),
        (people.Actor("staff", row.agent_id, post_id=p.clerk.post_id), OwnPaper),
    ):
        with pytest.raises(refusal):
            services.answer_paper(errand_id=row.pk, answer=PaperAnswer(True), by=by, at=NOON, key=uuid4())
    with pytest.raises(ReasonNeeded):
        services.answer_paper(
            errand_id=row.pk, answer=PaperAnswer(False, " "), by=p.clerk, at=NOON, key=uuid4()
        )
    services.answer_paper(errand_id=row.pk, answer=PaperAnswer(True), by=p.clerk, at=NOON, key=uuid4())
    follow()
    kinds = set(InboxMessage.objects.filter(about_id=row.pk).values_list("kind", flat=True))
    assert {"errand_paper", "errand_not_agreed", "errand_agreed"} <= kinds
    assert made.hand_in(p, Errand.objects.get(pk=row.pk), version).number


def test_what_is_not_delegated_or_not_any_more_is_neither_begun_nor_handed_in(w, p):
    row = made.errand(p)
    version = made.begun(p, row)
    made.by_paper(p, row)
    services.end_delegation(point_id=p.point.pk, item_code=made.ITEM, by=p.manager, at=NOON, key=uuid4())
    assert selectors.offered_at(p.point, NOON.date()) == []
    with pytest.raises(NotDelegated):
        made.hand_in(p, row, version)
    with pytest.raises(NoPoint):
        selectors.point_of(w.clerk)
    assert not Case.objects.exists()


def test_an_agent_sees_neither_other_errands_nor_the_persons_other_cases(w, p):
    row = made.errand(p)
    other = made.place(w, code="yunlan")
    for wrong in (other.agent, w.reviewer, w.citizen):
        with pytest.raises(ErrandUnknown):
            selectors.errand_at_desk(wrong, row.number, NOON.date())
    with pytest.raises(ErrandUnknown):
        services.send_code(errand_id=row.pk, by=other.agent, at=NOON, key=uuid4())
    assert selectors.errands_at_desk(other.agent, "consent").lines == ()
    case = f.received_case(w)
    with pytest.raises(CaseUnknown):
        cases.case_visible_to(p.agent, case.number)
    agents = Client()
    people.signed_in(agents, User.objects.get(pk=p.agent.user_id))
    for name in ("workbench:window", "workbench:window_person", "workbench:search"):
        assert agents.get(reverse(name)).status_code == 403, name


def test_the_person_takes_her_consent_back_and_the_agent_sees_the_case_no_more(p):
    mother = made.with_telephone(p.clerk)
    row = made.errand(p, person=mother)
    version = made.begun(p, row)
    agree(p, row, sent(p, row))
    made.hand_in(p, row, version)
    follow()
    seen = selectors.errand_at_desk(p.agent, row.number, NOON.date())
    assert seen.case_number and seen.query_code
    code = seen.query_code
    assert selectors.own_errand(mother, row.number).query_code == "", (
        "hers stands on her own page of the case"
    )
    with pytest.raises(ErrandNotNow):
        services.end_errand(errand_id=row.pk, by=p.agent, at=NOON, key=uuid4())

    services.end_errand(errand_id=row.pk, by=mother, at=NOON, key=uuid4())
    follow()
    seen = selectors.errand_at_desk(p.agent, row.number, NOON.date())
    assert (seen.case_number, seen.query_code, seen.case_words) == ("", "", "")
    own = selectors.own_errand(mother, row.number)
    with pytest.raises(CaseUnknown):
        cases.case_by_query_code(own.case_number, code)
    assert cases.case_by_query_code(own.case_number, own.query_code).number == own.case_number
    assert InboxMessage.objects.filter(person_id=mother.id, kind="query_code_renewed").count() == 1
    assert InboxMessage.objects.filter(person_id=p.agent.id, kind="errand_ended").exists()


def test_consent_taken_back_before_handing_in_bars_it(p):
    mother = made.with_telephone(p.clerk)
    row = made.errand(p, person=mother)
    version = made.begun(p, row)
    agree(p, row, sent(p, row))
    services.end_errand(errand_id=row.pk, by=mother, at=NOON, key=uuid4())
    with pytest.raises(ConsentMissing):
        made.hand_in(p, row, version)
    with pytest.raises(ErrandNotNow):
        sent(p, row)


def pages_of(p, row):
    """Answers of the pages of the application, as the agent asks for them now."""
    browser = people.signed_in(Client(), User.objects.get(pk=p.agent.user_id))
    places = [reverse("workbench:errand_page", args=[row.draft_id, 1])]
    places += [reverse(f"workbench:errand_{name}", args=[row.draft_id]) for name in ("materials", "check")]
    return [browser.get(place).status_code for place in places]


def test_the_application_is_open_to_the_agent_while_consent_lasts_her_record_after_it_only(p):
    now = timezone.now()
    mother = made.with_telephone(p.clerk, at=now)
    row = made.errand(p, person=mother, at=now)
    made.begun(p, row, at=now)
    assert pages_of(p, row) == [200, 302, 302]
    agree(p, row, sent(p, row, at=now), at=now)
    assert pages_of(p, row) == [200, 200, 200]
    services.end_errand(errand_id=row.pk, by=mother, at=now, key=uuid4())
    assert pages_of(p, row) == [404, 404, 404]


@pytest.mark.parametrize("agreed", [False, True])
def test_before_the_person_agreed_her_telephone_is_not_in_the_form(p, agreed, monkeypatch):
    mother = made.with_telephone(p.clerk)
    row = made.errand(p, person=mother)
    if agreed:
        agree(p, row, sent(p, row))
    told = []
    monkeypatch.setattr(window.forms, "prefilled", lambda schema, given, profile: told.append(profile) or {})
    services.begin_form(errand_id=row.pk, answers=dict(f.SITUATION), by=p.agent, at=NOON, key=uuid4())
    assert [one["applicant.phone"] for one in told] == [identity.phone_of(mother.id) if agreed else ""]


def test_an_account_is_not_closed_over_what_an_agent_may_still_hand_in(p):
    mother = made.with_telephone(p.clerk)
    row = made.errand(p, person=mother)
    agree(p, row, sent(p, row))
    with pytest.raises(ClosingBarred):
        closing.ask(by=mother, at=NOON, key=uuid4())
    services.end_errand(errand_id=row.pk, by=mother, at=NOON, key=uuid4())
    assert closing.ask(by=mother, at=NOON, key=uuid4())


@given(st.lists(st.sampled_from(sorted({deed for _state, deed in rules.MOVES})), max_size=12))
def test_no_way_leads_to_filing_but_through_consent(deeds):
    state, agreed = "open", False
    for deed in deeds:
        after = rules.after(state, deed)
        if after is None:
            continue
        agreed = agreed or deed in ("agree", "confirm")
        state = after
        assert state not in ("filed", "brought") or agreed


@given(st.dates(), st.dates(), st.dates())
def test_a_delegation_holds_from_its_first_to_its_last_day(first, last, day):
    assert rules.in_force(first, last, day) == (first <= day <= last)
    assert rules.in_force(first, None, day) == (first <= day)


def test_a_clerk_takes_down_that_the_person_takes_her_consent_back(p, client):
    row = made.errand(p)
    version = made.begun(p, row)
    made.by_paper(p, row)
    people.signed_in(client, User.objects.get(pk=p.clerk.user_id))
    found = client.get(reverse("outreach:papers"), {"number": f" {row.number.lower()}"})
    page = client.get(found["Location"]).content.decode()
    assert "本人要撤回同意" in page and "登记送到" not in page

    answer = client.post(reverse("outreach:end", args=[row.number]), {"key": str(uuid4())}, follow=True)

    assert "已登记撤回" in answer.content.decode()
    assert Errand.objects.get(pk=row.pk).state == "ended"
    with pytest.raises(ConsentMissing):
        made.hand_in(p, row, version)
    nobody = people.staff_actor(
        "window_clerk", department_id=people.department("别区局", region="990105000000")
    )
    other = made.errand(p)
    with pytest.raises(NotAuthorised):
        services.end_errand(errand_id=other.pk, by=nobody, at=NOON, key=uuid4())
    assert client.get(reverse("outreach:papers"), {"number": "DB99"}).status_code == 200
