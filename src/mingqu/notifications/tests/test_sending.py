"""Messages leave the house: by the first channel that works, once, and what is known of each can be seen."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from mingqu.identity.models import Person, User
from mingqu.kernel.fields import blind_index
from mingqu.kernel.ids import new_id
from mingqu.notifications import selectors, services
from mingqu.notifications.channels import written
from mingqu.notifications.channels.health import TOLERATED
from mingqu.notifications.models import Attempt, ChannelState, Choices, DoubleSms, InboxMessage, Outgoing
from mingqu.notifications.services import sending
from mingqu.notifications.tests import gateway as gateways

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WORDS = {"item": "食品经营许可（新办）", "number": "990104202609180000011"[:20], "received_on": NOON.date()}
PHONE = "19900000001"


@pytest.fixture
def person():
    found = Person.objects.create(name="李晓禾", created_at=NOON)
    User.objects.create(
        kind="citizen",
        phone=PHONE,
        phone_index=blind_index("identity.phone", PHONE),
        phone_verified_at=NOON,
        person_id=found.pk,
        created_at=NOON,
    )
    return found


@pytest.fixture
def outside(settings, tmp_path):
    """Two gateways in order, `first` and `second`, as the file of channels names them."""
    secret = tmp_path / "secret"
    secret.write_text(gateways.SECRET)
    secret.chmod(0o600)
    first, second = gateways.Gateway(), gateways.Gateway()
    with gateways.running(first) as one, gateways.running(second) as two:
        file = tmp_path / "channels.yaml"
        file.write_text(
            "channels:" + gateways.entry("first", one, secret) + gateways.entry("second", two, secret)
        )
        file.chmod(0o600)
        settings.MINGQU_DEMO, settings.MINGQU_CHANNELS_FILE = False, str(file)
        settings.MINGQU_SMS_CHANNEL, settings.MINGQU_EMAIL_CHANNEL = "first,second", ""
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        yield first, second


def tell(person, *, at=NOON, kind="case_received", words=WORDS, root=None) -> InboxMessage:
    services.tell(person.pk, kind, words, root or new_id(), at=at, link="/my/cases/")
    return InboxMessage.objects.filter(person_id=person.pk).latest("id")


def send(at=NOON):
    while sending.send_batch(at=at):
        pass


def state_of(message) -> str:
    return Outgoing.objects.filter(message_id=message.id).order_by("created_at").last().state


def test_a_fact_is_one_message_of_the_inbox_and_one_text_message(person, outside):
    root = new_id()
    message = tell(person, root=root)
    assert not services.tell(person.pk, "case_received", WORDS, root, at=NOON)
    send()

    (asked,) = outside[0].asked
    assert asked["mobile"] == PHONE and asked["content"].startswith("【") and "http" not in asked["content"]
    assert asked["ref"] == str(Outgoing.objects.get().id)
    (way,) = selectors.sent_out([message.id])[message.id]
    assert (way.medium, way.to, way.words) == ("短信", "199****0001", "已发出")


def test_a_kind_without_a_text_message_stays_in_the_inbox(person, outside):
    tell(
        person,
        kind="case_withdrawn",
        words={k: WORDS[k] for k in ("item", "number")} | {"withdrawn_on": NOON.date()},
    )

    assert not Outgoing.objects.exists()


def test_a_failing_provider_is_followed_by_the_next_at_once(person, outside):
    outside[0].after = 503
    message = tell(person)
    send()

    assert state_of(message) == "sent" and len(outside[1].taken) == 1
    told = list(Attempt.objects.order_by("number").values_list("channel", "outcome", "reason"))
    assert told == [("first", "failed", "http_503"), ("second", "taken", "")]


def test_a_provider_that_fails_again_and_again_rests_and_is_tried_again_after_it(person, outside):
    outside[0].after = 500
    for _ in range(TOLERATED):
        tell(person)
    send()
    asked = len(outside[0].asked)
    tell(person)
    send()
    assert len(outside[0].asked) == asked == TOLERATED  # it rests

    outside[0].after = "ok"
    tell(person, at=NOON + 2 * MINUTE)
    send(NOON + 2 * MINUTE)
    assert len(outside[0].taken) == 1 and ChannelState.objects.get(name="first").failures == 0


def test_a_slow_provider_counts_as_one_that_fails(person, outside, monkeypatch):
    channel = written.channels(str(_file()))["first"]
    object.__setattr__(channel, "slow_after", -1.0)
    for _ in range(TOLERATED + 1):
        tell(person)
        send()

    assert len(outside[0].taken) == TOLERATED and len(outside[1].taken) == 1
    assert ChannelState.objects.get(name="first").last_reason == "slow"


def _file():
    from django.conf import settings

    return settings.MINGQU_CHANNELS_FILE


def test_what_a_provider_took_without_answering_is_asked_again_by_the_same_reference_and_sent_once(
    person, outside
):
    outside[0].faults = ["mute"]
    message = tell(person)
    send()
    assert state_of(message) == "sending" and not outside[1].asked  # another might send it twice
    send(NOON + MINUTE)

    assert state_of(message) == "sent"
    assert len(outside[0].asked) == 2 and len(outside[0].taken) == 1


def test_of_a_provider_that_tells_no_repetitions_the_unknown_stays_unknown(person, outside):
    channel = written.channels(str(_file()))["first"]
    object.__setattr__(channel, "tells_repetitions", False)
    outside[0].faults = ["mute"]
    message = tell(person)
    send()
    send(NOON + MINUTE)

    assert state_of(message) == "unknown" and len(outside[0].asked) == 1 and not outside[1].asked


def test_a_sender_that_dies_between_the_call_and_the_mark_neither_loses_nor_doubles(
    person, outside, monkeypatch
):
    message = tell(person)

    def dies(*_args):
        raise SystemExit

    monkeypatch.setattr(sending, "keep", dies)
    with pytest.raises(SystemExit):
        sending.send_batch(at=NOON)
    monkeypatch.undo()
    assert state_of(message) == "sending" and len(outside[0].taken) == 1

    send(NOON + MINUTE)
    assert len(outside[0].asked) == 1  # another sender may still be at it
    send(NOON + 3 * MINUTE)
    assert state_of(message) == "sent" and len(outside[0].taken) == 1


def test_a_refused_number_goes_by_email_where_the_person_chose_that_too(
    person, outside, settings, mailoutbox
):
    settings.MINGQU_EMAIL_CHANNEL = "smtp"
    Choices.objects.create(
        pk=person.pk, by_email=True, email="li@example.cn", email_proved_at=NOON, changed_at=NOON, links=True
    )
    outside[0].after = 400
    message = tell(person)
    send()

    (letter,) = mailoutbox
    assert letter.to == ["li@example.cn"] and "/my/cases/" in letter.body and "食品经营许可" in letter.subject
    assert [one.state for one in selectors.sent_out([message.id])[message.id]] == ["failed", "sent"]
    send(NOON + MINUTE)
    assert len(mailoutbox) == 1


def signed(body: bytes) -> str:
    return hmac.new(gateways.SECRET.encode(), body, hashlib.sha256).hexdigest()


def report(client, body, signature=None, channel="first"):
    raw = json.dumps(body).encode()
    return client.post(
        reverse("notifications:callback", args=[channel]),
        raw,
        content_type="application/json",
        headers={"X-Signature": signed(raw) if signature is None else signature},
    )


def test_a_provider_tells_later_that_it_was_delivered_and_may_tell_it_twice(person, outside, client):
    message = tell(person)
    send()
    row = Outgoing.objects.get()
    body = [{"ref": str(row.id), "state": "DELIVRD"}]

    assert report(client, body).json() == {"changed": 1}
    assert report(client, body).json() == {"changed": 0}
    assert report(client, [{"ref": f"g-{row.id}", "state": "UNDELIV"}]).json() == {"changed": 0}  # too late
    assert state_of(message) == "delivered"


def test_a_report_that_overtakes_the_answer_is_kept(person, outside, client):
    message = tell(person)
    keep = sending.keep

    def after_the_report(handed, at):
        report(client, {"ref": str(handed[0].row.id), "state": "DELIVRD"})
        keep(handed, at)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "keep", after_the_report)
        sending.send_batch(at=NOON)
    assert state_of(message) == "delivered"


@pytest.mark.parametrize(
    ("channel", "signature", "body", "status", "code"),
    [
        ("first", "0" * 64, {}, 403, "callback_refused"),
        ("first", "", {}, 403, "callback_refused"),
        ("first", "\xe9" * 64, {}, 403, "callback_refused"),
        ("none", None, {}, 404, "channel_unknown"),
        ("first", None, ["x"], 400, "callback_unreadable"),
    ],
)
def test_a_report_of_somebody_else_changes_nothing(outside, client, channel, signature, body, status, code):
    answer = report(client, body, signature, channel)

    assert (answer.status_code, answer.json()["error"]) == (status, code)


def test_what_the_reader_has_seen_meanwhile_is_not_sent(person, outside):
    late = NOON + timedelta(hours=11)  # 23:00
    message = tell(person, at=late)
    send(late)
    assert state_of(message) == "queued"
    services.mark_read(person_id=person.pk, message_id=message.id, at=late)
    send(late + timedelta(hours=9))

    assert state_of(message) == "read" and not outside[0].asked


def test_quiet_hours_hold_back_until_seven_but_not_what_somebody_waits_for(person, outside):
    late = NOON + timedelta(hours=11)
    message = tell(person, at=late)
    services.send_sms(PHONE, "sign_in_code", {"code": "482913", "minutes": 5}, at=late)
    send(late)
    assert [one["content"][-1] for one in outside[0].asked] == ["。"] and state_of(message) == "queued"
    send(late + timedelta(hours=7, minutes=59))
    assert state_of(message) == "queued"
    send(late + timedelta(hours=8))

    assert state_of(message) == "sent"


def test_the_day_s_quota_holds_back_what_is_not_urgent(person, outside, settings):
    settings.MINGQU_SMS_QUOTA = 1
    first, second = tell(person), tell(person)
    send()
    assert sorted([state_of(first), state_of(second)]) == ["queued", "sent"] or outside[0].taken == {}
    services.send_sms(PHONE, "sign_in_code", {"code": "482913", "minutes": 5}, at=NOON)
    send()
    assert any("482913" in one["content"] for one in outside[0].asked)


def test_a_fact_of_three_days_ago_is_no_news(person, outside):
    message = tell(person)
    send(NOON + timedelta(days=3))

    assert state_of(message) == "expired" and not outside[0].asked


def test_a_demo_sends_to_its_double_and_takes_its_past_as_delivered(person):
    old, new = tell(person, at=NOON - timedelta(days=30)), tell(person)
    send()

    assert state_of(old) == state_of(new) == "delivered"
    (kept,) = DoubleSms.objects.all()
    assert kept.phone == PHONE and "食品经营许可" in kept.text


def test_number_and_text_are_not_readable_in_the_table(person, outside):
    tell(person)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT o::text FROM notifications_outgoing o")
        (row,) = cursor.fetchone()
    assert PHONE not in row and "食品" not in row


def test_a_file_of_channels_that_others_can_read_is_refused(tmp_path):
    file = tmp_path / "channels.yaml"
    file.write_text("channels: []")
    file.chmod(0o644)

    with pytest.raises(written.ChannelsFileWrong, match="600"):
        written.channels(str(file))


def test_a_gateway_in_the_clear_is_refused(tmp_path):
    file = tmp_path / "channels.yaml"
    file.write_text("channels: [{name: x, url: 'http://example.cn/'}]")
    file.chmod(0o600)

    with pytest.raises(written.ChannelsFileWrong, match="https"):
        written.channels(str(file))


def test_two_senders_at_once_send_each_message_once(person, outside):
    """The second finds rows under the first one's lease and leaves them."""
    tell(person)
    with pytest.MonkeyPatch.context() as patch:
        hand_over = sending.hand_over

        def meanwhile(taken, at):
            assert sending.send_batch(at=at) == 0
            return hand_over(taken, at)

        patch.setattr(sending, "hand_over", meanwhile)
        sending.send_batch(at=NOON)
    assert len(outside[0].asked) == 1
