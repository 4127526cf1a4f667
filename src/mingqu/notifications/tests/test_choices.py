"""A person chooses how to be told; an e-mail address counts once its code was typed."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse

from mingqu.identity.errors import NotAuthorised, TooManyAttempts
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications import selectors, services
from mingqu.notifications.errors import EmailCodeWrong, EmailUnavailable, EmailUnreadable
from mingqu.notifications.models import DoubleSms, Outgoing
from mingqu.notifications.services.choices import ask_email, choose, prove_email
from mingqu.notifications.types import Wanted

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ALL = Wanted(True, True, True, time(22), time(7))


@pytest.fixture
def citizen():
    return people.citizen()[1]


def code_sent() -> str:
    (letter,) = DoubleSms.objects.filter(medium="email").order_by("-created_at")[:1]
    return re.search(r"\d{6}", letter.text)[0]


def prove(citizen, address="li@example.cn", at=NOON):
    ask_email(address=address, by=citizen, at=at, key=new_id())
    prove_email(code=code_sent(), by=citizen, at=at, key=new_id())


def told(citizen, at=NOON):
    words = {"item": "食品经营许可", "number": "99010420260918000001", "received_on": legal_day(at)}
    services.tell(citizen.id, "case_received", words, new_id(), at=at, link="/my/cases/1/")
    return Outgoing.objects.filter(person_id=citizen.id).order_by("id").last()


def test_who_chose_nothing_is_told_by_text_message_without_a_link(citizen):
    row = told(citizen)

    assert row.medium == "sms" and "http" not in row.text


def test_who_wants_no_text_message_is_told_in_the_inbox_alone(citizen):
    choose(wanted=Wanted(False, False, False, time(22), time(7)), by=citizen, at=NOON, key=new_id())

    assert told(citizen) is None and selectors.unread_count(citizen.id) == 1


def test_a_proved_address_is_written_to_where_text_messages_are_not_wanted(citizen):
    prove(citizen)
    choose(wanted=Wanted(False, True, True, time(22), time(7)), by=citizen, at=NOON, key=new_id())

    row = told(citizen)
    assert (row.medium, row.to) == ("email", "li@example.cn") and "/my/cases/1/" in row.text


def test_an_address_that_is_not_proved_gets_nothing(citizen):
    ask_email(address="li@example.cn", by=citizen, at=NOON, key=new_id())
    choose(wanted=Wanted(False, True, True, time(22), time(7)), by=citizen, at=NOON, key=new_id())

    assert told(citizen) is None
    assert not selectors.choices_of(citizen.id).wanted.by_email


def test_a_wrong_code_proves_nothing_nor_does_one_of_ten_minutes_ago(citizen):
    ask_email(address="li@example.cn", by=citizen, at=NOON, key=new_id())
    code = code_sent()
    wrong = "000000" if code != "000000" else "111111"
    for given, at in ((wrong, NOON), (code, NOON + timedelta(minutes=10)), ("", NOON), ("验证码", NOON)):
        with pytest.raises(EmailCodeWrong):
            prove_email(code=given, by=citizen, at=at, key=new_id())


def test_codes_can_be_guessed_five_times(citizen):
    ask_email(address="li@example.cn", by=citizen, at=NOON, key=new_id())
    for _ in range(5):
        with pytest.raises(EmailCodeWrong):
            prove_email(code="x", by=citizen, at=NOON, key=new_id())
    with pytest.raises(TooManyAttempts):
        prove_email(code=code_sent(), by=citizen, at=NOON, key=new_id())


def test_what_is_no_address_is_refused_and_without_a_channel_none_is_asked(citizen, settings):
    with pytest.raises(EmailUnreadable):
        ask_email(address="li@", by=citizen, at=NOON, key=new_id())
    settings.MINGQU_DEMO, settings.MINGQU_EMAIL_CHANNEL = False, ""
    with pytest.raises(EmailUnavailable):
        ask_email(address="li@example.cn", by=citizen, at=NOON, key=new_id())


def test_an_officer_has_no_such_choices():
    officer = people.staff_actor()
    with pytest.raises(NotAuthorised):
        choose(wanted=ALL, by=officer, at=NOON, key=new_id())


def test_the_pages_save_choices_and_prove_an_address(client, citizen, settings):
    people.signed_in(client, User.objects.get(pk=citizen.user_id))
    page = reverse("notifications:choices")
    assert "加一个邮箱" in client.get(page).text
    answer = client.post(
        page,
        {"sms": "on", "links": "on", "quiet_from": "21:00", "quiet_until": "08:00", "key": str(new_id())},
    )
    assert answer.status_code == 302
    wanted = selectors.choices_of(citizen.id).wanted
    assert wanted == Wanted(True, False, True, time(21), time(8))

    client.post(reverse("notifications:email"), {"email": "li@example.cn", "key": str(new_id())})
    assert "l****@example.cn" in client.get(reverse("notifications:email_code")).text
    client.post(reverse("notifications:email_code"), {"code": code_sent(), "key": str(new_id())})
    shown = client.get(page).text
    assert "换一个邮箱" in shown and "li@example.cn" not in shown
