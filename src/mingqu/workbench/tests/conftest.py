"""The desk in tests: the working day of the cases' factories, plain static addresses, fast passwords."""

from types import SimpleNamespace

import pytest
from django.test import Client

from mingqu.cases.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import middleware


@pytest.fixture(autouse=True)
def _plain_site(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The instant of every request; a test may move it on."""
    held = SimpleNamespace(at=f.FRIDAY_NOON)
    monkeypatch.setattr(middleware, "timezone", SimpleNamespace(now=lambda: held.at))
    return held


@pytest.fixture
def w():
    return f.world()


def _browse(w):
    def client(who: str) -> Client:
        return people.signed_in(Client(), User.objects.get(pk=getattr(w, who).user_id))

    return client


@pytest.fixture
def browse(w):
    """A signed-in client of one of the world's officers: browse("clerk")."""
    return _browse(w)


@pytest.fixture
def browse_in():
    """A world with another service, and its officers: browse_in(document) -> world, browse."""

    def made(document):
        w = f.world(document)
        return w, _browse(w)

    return made
