"""Text messages: a demo's never leave the machine; elsewhere nothing is sent without a channel."""

import socket
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from mingqu.identity.services.codes import send_code
from mingqu.kernel.ids import new_id
from mingqu.notifications import selectors, services
from mingqu.notifications.channels import double, registry
from mingqu.notifications.channels.base import SMS, Answer, Outcome, Parcel, Plain
from mingqu.notifications.errors import SmsUnavailable, WrongMessage
from mingqu.notifications.models import DoubleSms, Outgoing
from mingqu.notifications.rules import sms_templates, sms_words
from mingqu.notifications.services import sending

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CODE = {"code": "482913", "minutes": 5}


class Outside(Plain):
    """A channel that would send: it keeps what it was given."""

    name = "outside"

    def __init__(self):
        self.sent = []

    def send(self, parcel, *, at):
        self.sent.append((parcel.to, parcel.text))
        return Answer(Outcome.TAKEN)


@pytest.fixture
def outside(monkeypatch):
    channel = Outside()
    monkeypatch.setitem(registry._channels, "outside", channel)
    return channel


def test_a_sign_in_code_of_a_demo_stays_in_the_double(settings):
    settings.MINGQU_DEMO = True
    send_code("19900000001", "482913", at=NOON)

    (kept,) = selectors.double_messages()
    assert kept.phone == "199 0000 0001"
    assert "验证码482913，5分钟内有效" in kept.text and "http" not in kept.text


def test_no_message_of_a_demo_leaves_the_machine_whatever_the_settings_say(settings, outside, monkeypatch):
    settings.MINGQU_DEMO, settings.MINGQU_SMS_CHANNEL = True, "outside"

    def connects(*_args, **_kwargs):
        raise AssertionError("a demo opened a connection")

    monkeypatch.setattr(socket, "create_connection", connects)
    services.send_sms("19900000001", "sign_in_code", CODE, at=NOON)

    assert outside.sent == []
    assert not any(one.leaves_the_machine for one in registry.channels(SMS))


@pytest.mark.parametrize("name", ["", "double", "unknown"])
def test_outside_a_demo_nothing_is_sent_without_a_real_channel(settings, name):
    settings.MINGQU_DEMO, settings.MINGQU_SMS_CHANNEL = False, name

    with pytest.raises(SmsUnavailable):
        services.send_sms("13800138000", "sign_in_code", CODE, at=NOON)
    answer = double.DoubleChannel().send(Parcel(new_id(), "13800138000", "", "x"), at=NOON)
    assert answer.outcome == Outcome.FAILED
    assert not DoubleSms.objects.exists()


def test_outside_a_demo_the_channel_of_the_settings_is_used(settings, outside):
    settings.MINGQU_DEMO, settings.MINGQU_SMS_CHANNEL = False, "outside"

    services.send_sms("13800138000", "sign_in_code", CODE, at=NOON)
    assert outside.sent == []  # never in the request: a job sends it
    sending.send_batch(at=NOON)

    assert [phone for phone, _ in outside.sent] == ["13800138000"]
    assert Outgoing.objects.get().state == Outgoing.State.SENT


def test_two_channels_of_one_name_are_refused():
    class Impostor(Outside):
        name = "double"
        medium = SMS

    with pytest.raises(ValueError, match="double"):
        registry.register(Impostor())


def test_number_and_code_are_not_readable_in_the_database(settings):
    settings.MINGQU_DEMO = True
    services.send_sms("19900000001", "sign_in_code", CODE, at=NOON)

    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM notifications_doublesms d")
        (row,) = cursor.fetchone()
    assert "19900000001" not in row and "482913" not in row


def test_the_double_forgets_after_a_day(settings):
    settings.MINGQU_DEMO = True
    services.send_sms("19900000001", "sign_in_code", CODE, at=NOON)

    assert double.delete_old(NOON + timedelta(hours=23)) == 0
    assert double.delete_old(NOON + timedelta(hours=25)) == 1


def test_the_page_of_the_double_exists_in_a_demo_only(client, settings):
    settings.MINGQU_DEMO = True
    assert "还没有短信" in client.get(reverse("notifications:double_sms")).text
    services.send_sms("19900000001", "sign_in_code", CODE, at=NOON)
    services.send_sms("13800138000", "sign_in_code", CODE, at=NOON)

    page = client.get(reverse("notifications:double_sms")).text
    assert "482913" in page and "199 0000 0001" in page
    assert "138****8000" in page and "13800138000" not in page  # somebody's own number typed into a demo

    settings.MINGQU_DEMO = False
    assert client.get(reverse("notifications:double_sms")).status_code == 404


@pytest.mark.parametrize("kind", sorted(sms_templates()))
def test_a_text_message_is_short_and_has_no_link(kind):
    samples = {"text": "482913", "number": 5}
    params = {name: samples[sort] for name, sort in sms_templates()[kind].params.items()}
    text = sms_words(kind, params, site="清禾区政务服务网")

    assert len(text) <= 70 and "http" not in text and "{" not in text
    with pytest.raises(WrongMessage):
        sms_words(kind, {}, site="x")
