"""
ARC-04: each of our own events, published once, reaches every subscriber that declares it, exactly once and as it was.

What a subscriber does with it is tested in its room; here each hands on what it was given.
"""

from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import pytest

from mingqu.kernel import relay
from mingqu.kernel.commands import command
from mingqu.kernel.events import SUBSCRIBERS
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import DeadLetter, Delivery, OutboxEvent
from mingqu.kernel.types import Actor
from tests.architecture.test_events import OURS

NOON = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)
SAMPLES: dict[Any, Any] = {
    UUID: uuid4(),
    date: date(2026, 9, 18),
    datetime: NOON,
    str: "样例",
    int: 3,
    bool: True,
    float: 0.5,
}


def sample(kind: Any) -> Any:
    """A value of a field's type, as the outbox can carry it."""
    of, parts = get_origin(kind), get_args(kind)
    if of in (Union, UnionType):
        return sample(next(part for part in parts if part is not NoneType))
    if of is list:
        return [sample(parts[0])]
    if of is dict:
        return {"样例": sample(parts[1])}
    return SAMPLES[kind]


def made(kind, root):
    hints = get_type_hints(kind)
    values = {one.name: sample(hints[one.name]) for one in fields(kind)}
    return kind(**values | {"root_id": root})


def listener(one, got):
    if one.of_many:
        return lambda events: got.extend((one.name, event) for event in events)
    return lambda event, *, at: got.append((one.name, event))


@pytest.fixture
def heard(monkeypatch):
    """Every subscriber writes down what it gets instead of acting on it."""
    got = []
    for name, subscribers in list(SUBSCRIBERS.items()):
        listening = [replace(one, receive=listener(one, got)) for one in subscribers]
        monkeypatch.setitem(SUBSCRIBERS, name, listening)
    return got


@pytest.mark.django_db
def test_each_event_reaches_every_subscriber_that_declares_it_exactly_once(heard):
    root = new_id()
    events = [made(kind, root) for kind in OURS]
    with command("test.publish", root, by=Actor.system("tests"), at=NOON, key=uuid4()) as cmd:
        for event in events:
            cmd.publish(event)

    while relay.deliver_root(root, NOON):
        pass
    OutboxEvent.objects.filter(root_id=root).update(done_at=None)  # handed out again, as after a lost answer
    while relay.deliver_root(root, NOON):
        pass

    wanted = [(one.name, event) for event in events for one in SUBSCRIBERS.get(event.name, [])]
    key = lambda pair: (pair[0], pair[1].name)  # noqa: E731
    assert len(events) > 50 and len(wanted) > 60
    assert Counter(map(key, heard)) == Counter(map(key, wanted))
    assert set(Counter(map(key, heard)).values()) == {1}
    assert sorted(heard, key=key) == sorted(wanted, key=key)  # nothing of it was lost on the way
    assert Delivery.objects.filter(root_id=root).count() == len(wanted)
    assert not DeadLetter.objects.exists()
    assert not OutboxEvent.objects.filter(root_id=root, done_at=None).exists()
