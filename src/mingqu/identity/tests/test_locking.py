"""锁屏: while a screen is locked no page of staff answers; only the same person opens it."""

import pytest

from mingqu.identity.models import User
from mingqu.identity.services import second_factor
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db
LOCK, OPEN, DESK = "/staff/screen/lock/", "/staff/screen/", "/staff/posts/"


@pytest.fixture
def user(client) -> User:
    found = people.staff_user("纪守白", people.post())
    people.signed_in(client, found)
    return found


def code_of(user, monkeypatch, code="135790"):
    """The one code that opens this account now."""
    monkeypatch.setattr(
        second_factor,
        "check_code",
        lambda user_id, given, *, at: object() if (user_id, given) == (user.pk, code) else None,
    )
    return code


def test_a_locked_screen_answers_with_the_page_that_opens_it(client, user):
    assert client.get(DESK).status_code == 200
    assert client.post(LOCK, {"next": DESK}).headers["Location"] == f"{OPEN}?next=%2Fstaff%2Fposts%2F"

    for address in (DESK, "/staff/password/", "/staff/second-factor/set-up/", "/staff/start/"):
        assert client.get(address).headers["Location"].startswith(OPEN), address
    assert client.get("/desk/").headers["Location"] == f"{OPEN}?next=%2Fdesk%2F"
    fragment = client.get(
        "/desk/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/"}
    )
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (401, f"{OPEN}?next=%2Fdesk%2F")
    assert client.post(DESK, {"post": str(new_id())}).headers["Location"].startswith(OPEN)


def test_only_a_code_of_the_same_person_opens_it(client, user, monkeypatch):
    code = code_of(user, monkeypatch)
    client.post(LOCK, headers={"X-Lock": "a1"})

    wrong = client.post(OPEN, {"code": "000000"}, headers={"X-Lock": "a1"})
    assert (wrong.status_code, wrong.content.decode().endswith("。")) == (400, True)
    assert client.get(OPEN, headers={"X-Lock": "a1"}).status_code == 200  # still locked
    assert client.post(OPEN, {"code": code}, headers={"X-Lock": "a1"}).status_code == 204
    assert client.get(OPEN, headers={"X-Lock": "a1"}).status_code == 204
    assert client.get(DESK).status_code == 200


def test_a_locking_that_was_lost_on_the_way_locks_when_the_page_asks(client, user, monkeypatch):
    code, covered = code_of(user, monkeypatch), {"X-Lock": "a1"}
    client.post(LOCK, headers=covered)
    client.post(OPEN, {"code": code}, headers=covered)
    client.post(LOCK, headers=covered)  # the message of the same locking, late
    assert client.get(DESK).status_code == 200

    lost = {"X-Lock": "b2"}
    assert client.post(OPEN, {"code": "000000"}, headers=lost).status_code == 400
    assert client.get(DESK).headers["Location"].startswith(OPEN)
    client.post(OPEN, {"code": code}, headers=lost)
    assert client.get(OPEN, headers={"X-Lock": "c3"}).status_code == 200
    assert client.get(DESK).headers["Location"].startswith(OPEN)


def test_five_wrong_codes_shut_it_for_a_while(client, user, monkeypatch):
    code = code_of(user, monkeypatch)
    client.post(LOCK)
    for _ in range(5):
        client.post(OPEN, {"code": "000000"})

    assert client.post(OPEN, {"code": code, "next": DESK}).status_code == 429
    assert client.get(DESK).status_code == 302


def test_without_scripts_the_page_opens_it_and_goes_on(client, user, monkeypatch):
    code = code_of(user, monkeypatch)
    client.post(LOCK)
    page = client.get(OPEN, {"next": DESK}).content.decode()
    assert "屏幕已锁" in page and "纪守白" in page

    assert client.post(OPEN, {"code": code, "next": DESK}).headers["Location"] == DESK
    client.post(LOCK)
    client.post("/sign-out/")
    assert client.get(DESK).headers["Location"].startswith("/staff/sign-in/")


def test_locking_is_for_staff(client):
    assert client.post(LOCK).status_code == 302  # to sign in
    people.signed_in(client, people.citizen()[0])
    assert client.post(LOCK).status_code == 403
