"""Pages of cases: a fixed hour, and clients for people."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.test import Client

from mingqu.cases.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people


@pytest.fixture
def clock(monkeypatch):
    """The hour of every request; a test moves it by setting `clock.at`."""
    hand = SimpleNamespace(at=f.FRIDAY_NOON)

    def now() -> datetime:
        return hand.at

    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=now))
    return hand


@pytest.fixture
def world(clock, db):
    return f.world()


@pytest.fixture
def sign_in():
    """A client in which this actor, or this user, is signed in."""

    def go(actor) -> Client:
        user = actor if isinstance(actor, User) else User.objects.get(pk=actor.user_id)
        return people.signed_in(Client(), user)

    return go
