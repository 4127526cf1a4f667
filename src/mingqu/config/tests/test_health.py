"""What a load balancer and monitoring are told."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from mingqu.config import health
from mingqu.kernel import relay

AT = datetime(2026, 11, 6, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_remembered():
    health._migrated.clear()
    yield
    health._migrated.clear()


def asked() -> tuple[int, dict]:
    import json

    request = RequestFactory().get("/readyz")
    request.at = AT
    answer = health.readyz(request)
    return answer.status_code, json.loads(answer.content)


def test_healthz_answers_without_the_database():
    answer = health.healthz(RequestFactory().get("/healthz"))

    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_an_installation_that_is_well_is_ready():
    status, said = asked()

    assert status == 200
    assert said["ready"] is True
    assert {name: said[name]["ok"] for name in ("database", "migrations", "relay", "disk")} == {
        "database": True,
        "migrations": True,
        "relay": True,
        "disk": True,
    }


@pytest.mark.django_db
def test_anyone_may_ask_and_nobody_keeps_the_answer(client):
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"


def failing(*arguments: object) -> None:
    raise OperationalError("the server closed the connection")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("broken", "how", "part"),
    [
        ("mingqu.config.health._database", failing, "database"),
        ("mingqu.config.health.unapplied_migrations", lambda: ["cases.0002_x"], "migrations"),
        ("mingqu.config.health.relay.lag_seconds", lambda at: health.LONGEST_LAG + 1, "relay"),
        ("mingqu.config.health._disk", lambda: {"ok": False, "free_bytes": 1}, "disk"),
    ],
)
def test_each_part_that_is_not_well_is_named_and_the_installation_is_not_ready(
    monkeypatch, broken, how, part
):
    monkeypatch.setattr(broken, how)

    status, said = asked()

    assert status == 503
    assert said["ready"] is False
    assert said[part]["ok"] is False


@pytest.mark.django_db
def test_migrations_once_applied_are_not_looked_at_again(monkeypatch):
    assert asked()[0] == 200
    monkeypatch.setattr(health, "unapplied_migrations", failing)

    assert asked()[0] == 200


@pytest.mark.django_db
def test_an_empty_outbox_does_not_lag():
    assert relay.lag_seconds(AT) == 0.0
