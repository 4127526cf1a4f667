"""Messages to people: told once, read by nobody else, never leaving the site."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.urls import reverse

from mingqu.identity.tests.factories import citizen, signed_in, staff_user
from mingqu.notifications import selectors, services
from mingqu.notifications.errors import MessageNotFound, WrongMessage
from mingqu.notifications.models import InboxMessage
from mingqu.notifications.rules import inbox_templates, inbox_words, is_own_path

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
NUMBER = "99010420261120000318"
SAMPLES = {
    "text": "食品经营许可（新办）",
    "case_number": NUMBER,
    "date": date(2026, 12, 2),
    "list": ["经营场所平面布局图", "食品安全管理制度"],
    "number": 5,
}


def accepted(person_id, root_id=None, *, fact="", at=NOON, link="/cases/99010420261120000318/progress/"):
    params = {
        "item": "食品经营许可（新办）",
        "number": NUMBER,
        "accepted_on": date(2026, 11, 20),
        "due_on": date(2026, 12, 2),
    }
    return services.tell(person_id, "case_accepted", params, root_id or uuid4(), at=at, fact=fact, link=link)


@pytest.mark.parametrize("kind", sorted(inbox_templates()))
def test_every_message_can_be_filled_and_leaves_nothing_open(kind):
    template = inbox_templates()[kind]
    words = inbox_words(kind, {name: SAMPLES[sort] for name, sort in template.params.items()})

    assert words.version == template.version
    for text in (words.title, words.body):
        assert text and "{" not in text and "None" not in text
    if "case_number" in template.params.values():
        assert "990104\u00a020261120\u00a0000318" in words.body
    elif "number" in template.params:  # about a bundle or a certificate, by its own number
        assert template.params["number"] == "text" and "{number}" in template.body
    assert not {"工作流", "流程实例", "任务节点", "JSON", "UUID", "系统"} & set(words.body.split())


def test_a_message_says_what_it_is_and_by_when():
    words = inbox_words(
        "case_accepted",
        {
            "item": "食品经营许可",
            "number": NUMBER,
            "accepted_on": date(2026, 11, 20),
            "due_on": date(2026, 12, 2),
        },
    )

    assert words.title == "已受理：食品经营许可"
    assert "最晚2026年12月2日作出决定" in words.body


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("case_lost", {}),
        ("case_withdrawn", {"item": "x", "number": NUMBER}),
        ("case_supplemented", {"item": "x", "number": NUMBER, "extra": "y"}),
        ("case_supplemented", {"item": "", "number": NUMBER}),
        ("case_withdrawn", {"item": "x", "number": NUMBER, "withdrawn_on": "2026-11-20"}),
    ],
)
def test_a_message_with_wrong_parameters_is_a_programming_error(kind, params):
    with pytest.raises(WrongMessage):
        inbox_words(kind, params)


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere", "cases/1", "/a\nb"]
)
@pytest.mark.django_db
def test_a_link_that_leaves_the_site_is_refused(link):
    assert not is_own_path(link)
    with pytest.raises(WrongMessage):
        accepted(uuid4(), link=link)


@pytest.mark.django_db
def test_a_person_is_told_a_fact_once():
    person, case = uuid4(), uuid4()

    assert accepted(person, case) is True
    assert accepted(person, case, at=NOON + timedelta(hours=1)) is False
    assert len(selectors.inbox(person).messages) == 1


@pytest.mark.django_db
def test_the_same_kind_is_told_again_for_another_fact_case_or_person():
    person, case = uuid4(), uuid4()

    assert accepted(person, case, fact="1")
    assert accepted(person, case, fact="2")
    assert accepted(person, uuid4())
    assert accepted(uuid4(), case)
    assert len(selectors.inbox(person).messages) == 3
    with pytest.raises(WrongMessage):
        accepted(person, case, fact="x" * 41)


def test_two_relays_at_the_same_moment_tell_a_person_once(committed_db):
    person, case, start = uuid4(), uuid4(), Barrier(3)

    def tell(_):
        try:
            start.wait()
            return accepted(person, case)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(3) as relays:
        assert sorted(relays.map(tell, range(3))) == [False, False, True]
    assert len(selectors.inbox(person).messages) == 1


@pytest.mark.django_db
def test_a_refused_message_leaves_the_fact_untold():
    person, case = uuid4(), uuid4()
    with pytest.raises(WrongMessage):
        accepted(person, case, link="//elsewhere")

    assert accepted(person, case)


@pytest.mark.django_db
def test_what_a_message_says_is_not_readable_in_the_database():
    accepted(uuid4())

    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM notifications_inboxmessage m")
        (row,) = cursor.fetchone()
    assert "食品" not in row and "000318" not in row.replace("99010420261120000318/progress", "")


@pytest.mark.django_db
def test_messages_stand_in_the_partition_of_their_month():
    accepted(uuid4())

    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM notifications_inboxmessage")
        (table,) = cursor.fetchone()
    assert table.startswith("notifications_inboxmessage_")


@pytest.mark.django_db
def test_an_inbox_is_paged_forwards_and_back_without_losing_a_message():
    person = uuid4()
    for serial in range(45):
        accepted(person, at=NOON + timedelta(days=serial * 7 % 9))

    first = selectors.inbox(person)
    second = selectors.inbox(person, before=first.older)
    third = selectors.inbox(person, before=second.older)
    back = selectors.inbox(person, after=third.newer)

    assert [len(p.messages) for p in (first, second, third)] == [20, 20, 5]
    assert len({m.id for p in (first, second, third) for m in p.messages}) == 45
    assert first.newer == third.older == "" and back.messages == second.messages
    assert selectors.inbox(person, after=back.newer).messages == first.messages
    times = [m.created_at for p in (first, second, third) for m in p.messages]
    assert times == sorted(times, reverse=True)
    for nonsense in ("1 OR 1=1", "9" * 40 + "_x", f"{10**30}_{person}", "_"):
        with pytest.raises(MessageNotFound):
            selectors.inbox(person, before=nonsense)


@pytest.mark.django_db
def test_somebody_elses_message_does_not_exist():
    person, other = uuid4(), uuid4()
    accepted(person)
    message = selectors.inbox(person).messages[0]

    with pytest.raises(MessageNotFound):
        selectors.message(other, message.id)
    services.mark_read(person_id=other, message_id=message.id, at=NOON)
    assert selectors.unread_count(person) == 1


@pytest.mark.django_db
def test_opening_a_message_reads_it_and_the_first_time_counts():
    person = uuid4()
    accepted(person)
    accepted(person)
    message = selectors.inbox(person).messages[0]

    services.mark_read(person_id=person, message_id=message.id, at=NOON)
    services.mark_read(person_id=person, message_id=message.id, at=NOON + timedelta(days=1))

    assert selectors.message(person, message.id).read_at == NOON
    assert selectors.unread_count(person) == 1
    assert services.mark_all_read(person_id=person, at=NOON) == 1
    assert selectors.unread_count(person) == 0


@pytest.mark.django_db
def test_the_pages_of_the_inbox_show_open_and_mark(client):
    user, actor = citizen()
    accepted(actor.id)
    signed_in(client, user)

    listed = client.get(reverse("notifications:inbox"))
    assert "已受理：食品经营许可（新办）" in listed.text and "1条还没有看" in listed.text
    message = selectors.inbox(actor.id).messages[0]
    opened = client.get(reverse("notifications:message", args=[message.id]))
    assert "最晚2026年12月2日作出决定" in opened.text
    assert 'href="/cases/99010420261120000318/progress/"' in opened.text
    assert "都看过了" in client.get(reverse("notifications:inbox")).text
    accepted(actor.id)
    assert client.post(reverse("notifications:read_all")).status_code == 302
    assert selectors.unread_count(actor.id) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("link", "label"),
    [("/cases/99010420261120000318/progress/", "打开办件"), ("/my/acting/", "去看看")],
)
def test_what_a_message_leads_to_is_called_what_it_is(client, link, label):
    user, actor = citizen()
    accepted(actor.id, link=link)
    message = selectors.inbox(actor.id).messages[0]

    opened = signed_in(client, user).get(reverse("notifications:message", args=[message.id]))

    assert {word for word in ("打开办件", "去看看") if f">{word}<" in opened.text} == {label}


@pytest.mark.django_db
def test_an_empty_inbox_says_what_to_do_next(client):
    user, _ = citizen()
    page = signed_in(client, user).get(reverse("notifications:inbox"))

    assert "还没有消息" in page.text and "找要办的事" in page.text


@pytest.mark.django_db
def test_messages_of_others_are_not_found_and_strangers_must_sign_in(client):
    owner, owner_actor = citizen()
    accepted(owner_actor.id)
    message = selectors.inbox(owner_actor.id).messages[0]
    pages = [reverse("notifications:inbox"), reverse("notifications:message", args=[message.id])]

    for page in pages:
        assert client.get(page).status_code in {302, 401, 403}
    other, _ = citizen("王小渠")
    signed_in(client, other)
    assert client.get(pages[1]).status_code == 404
    assert InboxMessage.objects.get(id=message.id).read_at is None
    signed_in(client, staff_user())
    assert client.get(pages[1]).status_code in {302, 403, 404}
    assert owner != other
