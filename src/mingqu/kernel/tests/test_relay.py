"""Each subscriber gets each event once and in order; a failing one blocks only its own root."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections

from mingqu.kernel import relay
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.events import SUBSCRIBERS, Event, subscriber, subscriber_of_many
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import DeadLetter, Delivery, OutboxEvent
from mingqu.kernel.numbers import next_number
from mingqu.kernel.tests.test_commands import CLERK, NOON


@dataclass(frozen=True)
class Stepped(Event):
    name = "test.stepped"
    number: int


@pytest.fixture
def listener():
    heard, failing = [], set()

    @subscriber("test.listener", Stepped)
    def listen(event, *, at):
        if event.root_id in failing:
            raise DomainError()
        heard.append((event.root_id, event.number))

    @subscriber("test.other", Stepped)
    def other(event, *, at):
        heard.append(("other", event.number))

    yield heard, failing
    del SUBSCRIBERS[Stepped.name]


def publish(root, *numbers):
    with command("test.step", root, by=CLERK, at=NOON, key=uuid4()) as cmd:
        for number in numbers:
            cmd.publish(Stepped(root, number))


@pytest.mark.django_db
def test_events_of_a_root_arrive_in_order_and_once(listener):
    heard, _ = listener
    root = new_id()
    publish(root, 1, 2)
    publish(root, 3)

    assert relay.round_once(NOON) == 3
    assert relay.round_once(NOON) == 0
    assert [n for r, n in heard if r == root] == [1, 2, 3]
    assert Delivery.objects.count() == 6


@pytest.mark.django_db
def test_a_failing_subscriber_blocks_its_root_only_and_catches_up_in_order(listener):
    heard, failing = listener
    bad, good = new_id(), new_id()
    failing.add(bad)
    publish(bad, 1)
    publish(bad, 2)
    publish(good, 7)

    relay.round_once(NOON)

    assert (good, 7) in heard
    assert [n for r, n in heard if r == "other"].count(2) == 1, "other subscribers go on"
    assert not [n for r, n in heard if r == bad]
    assert DeadLetter.objects.get().error == "DomainError: refused"

    failing.clear()
    assert relay.round_once(NOON + timedelta(seconds=1)) == 0, "not before its time"
    relay.round_once(NOON + timedelta(minutes=1))

    assert [n for r, n in heard if r == bad] == [1, 2]
    assert [n for r, n in heard if r == "other"].count(1) == 1, "nothing is doubled"
    assert not DeadLetter.objects.exists()
    assert not OutboxEvent.objects.filter(done_at=None).exists()


@pytest.mark.django_db
def test_roots_that_succeed_share_the_statements_of_a_round(listener, django_assert_num_queries):
    heard, _ = listener
    roots = [new_id() for _ in range(relay.ROOTS_TOGETHER)]
    for root in roots:
        publish(root, 1, 2)

    # which are due; and once for all: lock, read, what they had before, savepoint and its release, given, done
    with django_assert_num_queries(1 + 9):
        assert relay.round_once(NOON) == 2 * len(roots)

    assert [one for one in heard if one[0] in roots] == [(root, n) for root in sorted(roots) for n in (1, 2)]
    assert Delivery.objects.count() == 4 * len(roots)


@pytest.mark.django_db
def test_a_subscriber_of_many_is_called_once_after_the_others_and_has_each_event_once(listener):
    heard, failing = listener
    calls = []

    @subscriber_of_many("test.counter", Stepped)
    def count(events):
        calls.append((len(heard), [(event.root_id, event.number) for event in events]))

    bad, good = sorted((new_id(), new_id()))
    publish(good, 1, 2)
    publish(bad, 7)
    relay.round_once(NOON)

    assert calls == [(6, [(bad, 7), (good, 1), (good, 2)])]

    failing.add(bad)
    publish(bad, 8)
    publish(good, 3)
    calls.clear()
    relay.round_once(NOON)
    failing.clear()
    relay.retry_now(bad, NOON)
    relay.round_once(NOON)

    assert sorted(one for _, events in calls for one in events) == [(bad, 8), (good, 3)]
    assert Delivery.objects.filter(subscriber="test.counter").count() == 5


@pytest.mark.django_db
def test_a_subscriber_of_many_that_fails_is_tried_again_for_its_root(listener):
    refused = set()

    @subscriber_of_many("test.counter", Stepped)
    def count(events):
        if refused & {event.root_id for event in events}:
            raise DomainError()

    bad, good = new_id(), new_id()
    refused.add(bad)
    publish(bad, 1)
    publish(good, 1)

    assert relay.round_once(NOON) == 1
    assert DeadLetter.objects.get().root_id == bad
    assert Delivery.objects.filter(subscriber="test.counter").get().root_id == good

    refused.clear()
    relay.retry_now(bad, NOON)
    assert relay.round_once(NOON) == 1
    assert not DeadLetter.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("place", range(3))
def test_a_root_that_fails_takes_nothing_from_those_that_were_tried_with_it(listener, place):
    _, failing = listener
    roots = sorted(new_id() for _ in range(3))
    failing.add(roots[place])
    for root in roots:
        publish(root, 1)

    assert relay.round_once(NOON) == 2

    others = {root for root in roots if root != roots[place]}
    assert (
        set(Delivery.objects.filter(subscriber="test.listener").values_list("root_id", flat=True)) == others
    )
    assert DeadLetter.objects.get().root_id == roots[place]
    assert relay.round_once(NOON) == 0, "the failed one waits for its retry"


@pytest.mark.django_db
def test_more_events_than_a_round_takes_stay_in_order(listener, monkeypatch):
    heard, _ = listener
    monkeypatch.setattr(relay, "_WAITING", relay._WAITING.replace("LIMIT 100", "LIMIT 5"))
    roots = [new_id(), new_id()]
    for root in roots:
        publish(root, 1, 2, 3, 4)

    while relay.round_once(NOON):
        pass

    assert [[n for r, n in heard if r == root] for root in roots] == [[1, 2, 3, 4]] * 2


@pytest.mark.django_db
def test_what_was_written_before_another_one_failed_is_written_once():
    @subscriber("test.first", Stepped)
    def counts(event, *, at):
        next_number("test", "relay", "2026")

    @subscriber("test.second", Stepped)
    def fails(event, *, at):
        raise DomainError()

    root = new_id()
    publish(root, 1)
    try:
        relay.round_once(NOON)
    finally:
        del SUBSCRIBERS[Stepped.name]

    assert next_number("test", "relay", "2026") == 2, "once, though all were tried together before"
    assert [one.subscriber for one in Delivery.objects.filter(root_id=root)] == ["test.first"]
    assert DeadLetter.objects.get().subscriber == "test.second"


@pytest.mark.django_db
def test_the_dead_letter_names_the_error_and_no_value(listener):
    _, failing = listener
    root = new_id()
    failing.add(root)
    publish(root, 1)

    for minute in range(3):
        relay.round_once(NOON + timedelta(hours=minute))

    letter = DeadLetter.objects.get()
    assert letter.attempts == 3
    assert str(root) not in letter.error


def test_two_relays_at_once_deliver_each_event_once(committed_db, listener):
    heard, _ = listener
    roots = [new_id() for _ in range(30)]
    for root in roots:
        publish(root, 1, 2)

    def work():
        while relay.round_once(NOON, roots=5):
            pass
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    relay.round_once(NOON)

    mine = [h for h in heard if h[0] != "other"]
    assert len(mine) == 60 and len(set(mine)) == 60
    assert all([n for r, n in heard if r == root] == [1, 2] for root in roots)


@pytest.mark.django_db
def test_the_lag_counts_from_the_writing_not_from_the_day_in_law():
    from django.utils import timezone

    publish(new_id(), 1)

    assert relay.lag_seconds(timezone.now()) < 60
    assert relay.lag_seconds(timezone.now() + timedelta(hours=1)) > 3000
