"""Ways into somebody else's account, tried."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.identity.models import Allowance
from mingqu.identity.services import accounts, codes, second_factor
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from tests.security.test_hostile_input import addresses, filled

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def clerk():
    """A member of staff with a post and an authenticator app."""
    user = people.staff_user("周敏", people.post(None, "window_clerk"))
    second_factor.seed_totp(user_id=user.id, secret=SECRET, by=people.SYSTEM, at=people.NOON, key=new_id())
    return user


def password_shown(user) -> Client:
    client = Client()
    answer = client.post("/staff/sign-in/", {"username": user.username, "password": people.PASSWORD})
    assert answer.url == "/staff/second-factor/"
    return client


def staff_code(at=None):
    from django.utils import timezone

    return second_factor.code_at(SECRET, at or timezone.now())


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_the_password_alone_opens_no_page_of_staff(clerk):
    client = password_shown(clerk)

    for path in sorted(set(addresses())):
        answer = client.get(filled(path, "x"))
        assert answer.wsgi_request.actor is None, path
        assert not is_in(client)


def test_a_session_before_its_second_factor_cannot_enrol_another(clerk):
    client = password_shown(clerk)

    assert client.get("/staff/second-factor/set-up/").status_code == 302
    assert client.post("/staff/second-factor/set-up/", {"code": "123456"}).status_code == 302
    assert client.post("/staff/second-factor/passkey/", {"credential": "{}"}).status_code == 302
    assert not is_in(client)


def test_the_key_of_a_session_changes_with_every_step_up(clerk):
    client = Client()
    client.get("/staff/sign-in/")
    session = client.session
    session["planted"] = 1
    session.save()
    planted = session.session_key
    client.cookies["mingqu_session"] = planted

    client.post("/staff/sign-in/", {"username": clerk.username, "password": people.PASSWORD})
    client.post("/staff/second-factor/", {"code": staff_code()})

    assert is_in(client)
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["mingqu_session"] = planted
    assert thief.get("/staff/start/").status_code == 302


@pytest.mark.parametrize(
    "deed",
    [
        lambda user: accounts.lock_user(user_id=user.id, reason="x", by=people.SYSTEM, at=people.NOON, key=new_id()),
        lambda user: accounts.reset_password(
            user_id=user.id, password="Other-2026-stream", by=people.SYSTEM, at=people.NOON, key=new_id()
        ),
    ],
)  # fmt: skip
def test_a_sign_in_half_done_ends_when_the_account_is_locked_or_gets_a_new_password(clerk, deed):
    client = password_shown(clerk)

    deed(clerk)
    client.post("/staff/second-factor/", {"code": staff_code()})

    answer = client.get("/staff/posts/")
    assert not answer.wsgi_request.user.is_authenticated
    assert not is_in(client)


def test_a_second_factor_enrolled_after_a_reset_does_not_serve_a_sign_in_begun_before(clerk):
    client = password_shown(clerk)

    second_factor.reset_second_factor(user_id=clerk.id, by=people.SYSTEM, at=people.NOON, key=new_id())
    client.post("/staff/second-factor/", {"code": staff_code()})

    assert not is_in(client)


def test_locking_ends_a_live_session(clerk):
    client = people.signed_in(Client(), clerk)
    assert client.get("/staff/posts/").status_code == 200

    accounts.lock_user(user_id=clerk.id, reason="x", by=people.SYSTEM, at=people.NOON, key=new_id())

    assert client.get("/staff/posts/").status_code == 302


def test_a_post_not_held_can_not_be_chosen(clerk):
    client = people.signed_in(Client(), clerk)
    foreign = people.post(None, "audit_officer")

    client.post("/staff/posts/", {"post": str(foreign)})
    assert client.get("/desk/audit/").status_code == 403

    session = client.session
    session["post"] = str(foreign)
    session.save()
    assert client.get("/desk/audit/").status_code == 403


@pytest.mark.parametrize(
    "target",
    ["//evil.example/", "https://evil.example", "\\\\evil.example", "/\\evil.example", "javascript:alert(1)",
     "///evil.example", "/\t/evil.example", "http:evil.example", "https:/evil.example"],
)  # fmt: skip
def test_no_next_leads_away(clerk, target):
    user, _ = people.citizen()
    for client, path, home in (
        (people.signed_in(Client(), user), "/sign-in/", "/"),
        (people.signed_in(Client(), clerk), "/staff/sign-in/", reverse("identity:start")),
    ):
        assert client.get(path, {"next": target}).url == home
    assert Client().post("/display/elder/", {"next": target}).url == "/"
    client = Client()
    client.post(
        f"/staff/sign-in/?next={target}",
        {"username": clerk.username, "password": people.PASSWORD, "next": target},
    )
    assert "evil" not in client.post("/staff/second-factor/", {"code": staff_code()}).url


# Of programs of applications and windows: they read no cookie, so nobody's browser can be made to speak for somebody.
WITHOUT_COOKIES = {"openid/token", "openid/userinfo", "openid/revoke"}
WITHOUT_COOKIES |= {"api/v1/device-pairings", "api/v1/device-ratings"}


def test_every_post_without_a_token_is_refused():
    user, _ = people.citizen()
    for signed in (None, user):
        client = Client(enforce_csrf_checks=True)
        if signed:
            people.signed_in(client, signed)
        for path in sorted(set(addresses())):
            programs = path in WITHOUT_COOKIES or path.startswith("scim/v2/")
            refusals = {400, 401} if programs else {403, 405, 404}
            assert client.post(filled(path, "x")).status_code in refusals, path


def test_the_answer_does_not_tell_which_numbers_have_an_account(clerk):
    user, _ = people.citizen()
    seen = []
    for number in (user.phone, people.phone()):
        client = Client()
        answer = client.post("/sign-in/", {"phone": number})
        page = client.get(answer.url).content.decode().replace(number, "")
        seen.append((answer.status_code, answer.url, len(page)))
    assert seen[0] == seen[1]


def test_as_much_is_hashed_for_a_name_that_does_not_exist(clerk, monkeypatch):
    from django.contrib.auth import hashers

    hashed = []
    hasher = type(hashers.get_hasher())
    plain = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *a, **k: (hashed.append(1), plain(*a, **k))[1])
    counts = []
    for name in (clerk.username, "nobody.at.all"):
        hashed.clear()
        Client().post("/staff/sign-in/", {"username": name, "password": "wrong-Password-1"})
        counts.append(len(hashed))

    assert counts[0] == counts[1] == 1


def test_a_wrong_host_is_refused_and_no_forwarded_header_is_believed(settings):
    assert Client().get("/sign-in/", headers={"Host": "evil.example"}).status_code == 400
    for n in range(70):
        answer = Client().post(
            "/sign-in/", {"phone": people.phone()}, headers={"X-Forwarded-For": f"10.0.0.{n}"}
        )
    assert answer.status_code == 429


def test_nobody_alone_keeps_the_owner_of_a_number_out(settings):
    """Codes asked for from one address use up neither the day of a number nor its pause for others."""
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {
        "code_phone_pause": (1, 60), "code_phone_address_day": (2, 86400), "code_phone_day": (4, 86400),
    }  # fmt: skip
    number = people.phone()
    attacker = [Client(REMOTE_ADDR="10.9.9.9").post("/sign-in/", {"phone": number}) for _ in range(8)]
    Allowance.objects.filter(until__lt=timezone.now() + timedelta(minutes=2)).delete()  # the minute is over

    again = Client(REMOTE_ADDR="10.9.9.9").post("/sign-in/", {"phone": number})
    owner = Client(REMOTE_ADDR="10.1.1.1").post("/sign-in/", {"phone": number})

    assert [answer.status_code for answer in attacker].count(302) == 1
    assert (again.status_code, owner.status_code) == (429, 302)


def test_nobody_alone_keeps_an_officer_out_and_many_addresses_do_not_guess(clerk, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"password_account_anywhere": (8, 900)}

    def tried(address, password="wrong-Password-1"):
        given = {"username": clerk.username, "password": password}
        return Client(REMOTE_ADDR=address).post("/staff/sign-in/", given).status_code

    assert [tried("10.9.9.9") for _ in range(20)] == [400] * 5 + [429] * 15
    assert tried("10.1.1.1", people.PASSWORD) == 302
    assert [tried(f"10.2.2.{n}") for n in range(5)] == [400] * 3 + [429] * 2


def test_no_page_of_somebodys_is_kept_under_the_name_of_a_file():
    """A cache before us keeps what lies under /static/: that a file is not there is told on a page with a name."""
    client = people.signed_in(Client(), people.citizen(name="韩文举")[0])

    answer = client.get("/static/ui/none.css")

    assert answer.status_code == 404 and "韩*" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"


def test_who_changes_the_number_of_a_lost_telephone_ends_what_is_open_on_it(monkeypatch):
    sent = []
    monkeypatch.setattr(codes, "_sender", [lambda *, phone, code, minutes, at: sent.append(code)])
    user, _ = people.citizen()
    own, lost = people.signed_in(Client(), user), people.signed_in(Client(), user)

    own.post("/my/profile/phone/", {"phone": people.phone()})
    answer = own.post("/my/profile/phone/code/", {"code": sent[-1]})

    assert answer.url == "/my/profile/"
    assert own.get("/my/profile/").status_code == 200
    assert lost.get("/my/profile/").status_code == 302
