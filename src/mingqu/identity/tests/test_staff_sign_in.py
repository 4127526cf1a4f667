"""Staff sign in with name, password and second factor; without the second nothing opens."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.identity import selectors
from mingqu.identity.errors import NotAuthorised, WeakPassword
from mingqu.identity.models import User
from mingqu.identity.services import accounts, second_factor
from mingqu.identity.tests import factories
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db

SIGN_IN, SECOND, SETUP = "/staff/sign-in/", "/staff/second-factor/", "/staff/second-factor/set-up/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def officer():
    """A member of staff with a post and a known TOTP secret."""
    user = factories.staff_user("周敏", factories.post(None, "window_clerk", name="综合窗口"))
    second_factor.seed_totp(
        user_id=user.id, secret=SECRET, by=factories.SYSTEM, at=factories.NOON, key=new_id()
    )
    return user


def now_code(steps=0):
    return second_factor.code_at(SECRET, timezone.now() + timedelta(seconds=30 * steps))


def give_password(client, user, password=factories.PASSWORD, **more):
    return client.post(SIGN_IN, {"username": user.username, "password": password} | more)


def sign_in(client, user, **more):
    give_password(client, user, **more)
    return client.post(SECOND, {"code": now_code()})


def shown_secret(page):
    return "".join(group for half in page.context["secret"] for group in half)


def wrong_code():
    right = {now_code(step) for step in range(-2, 4)}
    return next(f"{n:06d}" for n in range(20) if f"{n:06d}" not in right)


def test_password_then_code_then_the_workbench(client, officer):
    assert give_password(client, officer, next="/staff/posts/").url == SECOND
    assert client.get("/staff/posts/").status_code == 302

    assert client.post(SECOND, {"code": now_code()}).url == "/staff/posts/"
    page = client.get("/staff/posts/")
    assert page.status_code == 200
    assert "综合窗口" in page.content.decode()
    assert AuditEntry.objects.get(root_id=officer.id, action="identity.sign_in").notes == {
        "method": "password"
    }


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client, officer):
    nobody = User(username="nobody99")
    answers = [give_password(Client(), user, "Wrong-password-1") for user in (officer, nobody)]

    changing = r'name="csrfmiddlewaretoken" value="[^"]*"|<template>.*?</template>|staff\d+|nobody99'
    bodies = [re.sub(changing, "", a.content.decode()) for a in answers]
    assert [a.status_code for a in answers] == [400, 400]
    assert bodies[0] == bodies[1]
    refused = AuditEntry.objects.filter(action="identity.refuse_sign_in").values_list("root_id", flat=True)
    assert set(refused) == {officer.id, accounts.NOBODY}


def test_five_wrong_passwords_lock_the_name_for_a_while_even_for_the_right_one(officer):
    for _ in range(5):
        assert give_password(Client(), officer, "Wrong-password-1").status_code == 400

    assert give_password(Client(), officer).status_code == 429
    assert give_password(Client(), User(username="other77"), "x").status_code == 400


def test_a_name_that_does_not_exist_is_locked_just_the_same():
    answers = [give_password(Client(), User(username="nobody99"), "Wrong-password-1") for _ in range(6)]

    assert [a.status_code for a in answers] == [400] * 5 + [429]


def test_right_passwords_do_not_count_towards_the_lock(officer):
    assert {give_password(Client(), officer).status_code for _ in range(8)} == {302}


def test_a_wrong_second_factor_is_refused_and_five_lock_it(client, officer):
    give_password(client, officer)
    for _ in range(5):
        assert client.post(SECOND, {"code": wrong_code()}).status_code == 400

    assert client.post(SECOND, {"code": now_code()}).status_code == 429
    assert client.get("/staff/posts/").status_code == 302


def test_a_code_of_the_app_is_accepted_once(officer):
    first, second = Client(), Client()
    assert sign_in(first, officer).status_code == 302

    give_password(second, officer)
    assert second.post(SECOND, {"code": now_code()}).status_code == 400
    assert second.post(SECOND, {"code": now_code(+1)}).status_code == 302


def test_an_older_code_is_void_once_a_newer_one_was_used(officer):
    at = timezone.now()
    codes = {
        step: second_factor.code_at(SECRET, at + timedelta(seconds=30 * step)) for step in (-2, -1, 0, 1)
    }

    assert second_factor.check_code(officer.id, codes[0], at=at)
    assert second_factor.check_code(officer.id, codes[-1], at=at) is None
    assert second_factor.check_code(officer.id, codes[-2], at=at) is None
    assert second_factor.check_code(officer.id, codes[1], at=at)


def test_totp_follows_the_vectors_of_the_standard():
    """RFC 6238 appendix B, SHA-1, the last six of eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in [
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890, "005924"),
        (20000000000, "353130"),
    ]:
        at = timezone.datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())
        assert second_factor.code_at(secret, at) == code


def test_a_recovery_code_works_once_in_place_of_the_app(officer):
    codes = second_factor.recovery_codes_once(officer.id)
    assert len(codes) == 10
    assert second_factor.recovery_codes_once(officer.id) == []

    for expected in (302, 400):
        client = Client()
        give_password(client, officer)
        assert client.post(SECOND, {"code": codes[0]}).status_code == expected


def test_without_a_second_factor_only_its_set_up_opens(client):
    user = factories.staff_user("新人", factories.post(None, "reviewer"))
    give_password(client, user)

    for path in ("/staff/posts/", "/staff/start/", "/staff/second-factor/recovery-codes/"):
        assert client.get(path).url.startswith(SETUP)
    assert client.get("/staff/password/").url == SETUP
    assert client.get("/my/profile/").status_code == 403
    page = client.get(SETUP)
    assert page.status_code == 200
    assert page.context.get("request").actor is None


def test_setting_up_the_app_opens_the_rest_and_shows_recovery_codes_once(client):
    user = factories.staff_user("新人", factories.post(None, "reviewer"))
    give_password(client, user)
    page = client.get(f"{SETUP}?next=/staff/posts/")
    secret = shown_secret(page)
    body = page.content.decode()
    assert "<svg" in body
    assert secret == shown_secret(client.get(SETUP)), "a reload must not change the scanned code"

    before = client.session.session_key
    code = second_factor.code_at(secret, timezone.now())
    answer = client.post(SETUP, {"code": code, "next": "/staff/posts/"})
    assert answer.url == "/staff/second-factor/recovery-codes/?next=%2Fstaff%2Fposts%2F"
    assert client.session.session_key != before
    assert "只显示这一次" in client.get(answer.url).content.decode()
    assert "只显示这一次" not in client.get(answer.url).content.decode()
    assert client.get("/staff/posts/").status_code == 200
    assert second_factor.check_code(user.id, code, at=timezone.now()) is None, "the first code is used up"


def test_a_wrong_first_code_sets_up_nothing(client):
    user = factories.staff_user("新人")
    give_password(client, user)
    secret = shown_secret(client.get(SETUP))
    right = {second_factor.code_at(secret, timezone.now() + timedelta(seconds=30 * s)) for s in range(-2, 3)}
    wrong = next(f"{n:06d}" for n in range(20) if f"{n:06d}" not in right)

    assert client.post(SETUP, {"code": wrong}).status_code == 400
    assert not Authenticator.objects.exists()


def test_a_session_with_the_password_alone_can_not_replace_an_existing_factor(client, officer):
    client.force_login(officer, backend="mingqu.identity.backends.StandingBackend")

    assert client.get("/staff/posts/").url.startswith(SETUP)
    assert client.get(SETUP).url == SIGN_IN
    assert Authenticator.objects.filter(user=officer, type="totp").count() == 1


def test_a_screen_left_open_can_not_add_a_factor(client, officer):
    sign_in(client, officer)
    assert client.get(SETUP).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 11 * 60
    session.save()

    assert client.get(SETUP).url == SIGN_IN


def test_second_factor_secrets_are_unreadable_in_the_table(officer):
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert SECRET not in stored
    assert not any(code in stored for code in second_factor.recovery_codes_once(officer.id))


def test_a_known_secret_is_for_demos_only(settings, officer):
    settings.MINGQU_DEMO = False
    with pytest.raises(NotAuthorised):
        second_factor.seed_totp(
            user_id=officer.id, secret=SECRET, by=factories.SYSTEM, at=factories.NOON, key=new_id()
        )


def test_a_reset_takes_the_factor_and_ends_the_session(client, officer):
    sign_in(client, officer)
    second_factor.reset_second_factor(
        user_id=officer.id, by=factories.SYSTEM, at=factories.NOON, key=new_id()
    )

    assert client.get("/staff/posts/").url.startswith(SIGN_IN)
    assert not Authenticator.objects.filter(user=officer).exists()


def test_nobody_resets_the_own_second_factor():
    actor = factories.staff_actor("security_officer")
    with pytest.raises(NotAuthorised):
        second_factor.reset_second_factor(user_id=actor.user_id, by=actor, at=factories.NOON, key=new_id())


def test_a_password_given_by_another_is_changed_first(client, officer):
    accounts.reset_password(
        user_id=officer.id, password="Temp-orary-77", by=factories.SYSTEM, at=factories.NOON, key=new_id()
    )
    give_password(client, officer, "Temp-orary-77")
    client.post(SECOND, {"code": now_code()})

    assert client.get("/staff/posts/").url.startswith("/staff/password/")
    given = {
        "old": "Temp-orary-77",
        "password": "Meine-Neue-9",
        "again": "Meine-Neue-9",
        "key": str(new_id()),
    }
    assert client.post("/staff/password/", given | {"old": "falsch"}).status_code == 400
    assert client.post("/staff/password/", given | {"again": "x"}).status_code == 400
    given |= {"next": "/staff/posts/", "key": str(new_id())}
    assert client.post("/staff/password/", given).url == "/staff/posts/"
    assert client.get("/staff/posts/").status_code == 200
    assert User.objects.get(pk=officer.pk).check_password("Meine-Neue-9")


def test_changing_the_password_ends_the_other_sessions(officer):
    here, there = Client(), Client()
    sign_in(here, officer)
    give_password(there, officer)
    there.post(SECOND, {"code": now_code(+1)})
    assert there.get("/staff/posts/").status_code == 200

    given = {
        "old": factories.PASSWORD,
        "password": "Meine-Neue-9",
        "again": "Meine-Neue-9",
        "key": str(new_id()),
    }
    here.post("/staff/password/", given)

    assert here.get("/staff/posts/").status_code == 200
    assert there.get("/staff/posts/").status_code == 302


def test_an_old_password_is_changed_first(client, officer, settings):
    settings.MINGQU_PASSWORD_DAYS = 90
    User.objects.filter(pk=officer.pk).update(password_changed_at=timezone.now() - timedelta(days=91))
    sign_in(client, officer)

    assert client.get("/staff/posts/").url.startswith("/staff/password/")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Kurz-1", "too_short"),
        ("alleskleinundlang", "too_plain"),
        ("StaffXYZ-7-quiet", "holds_username"),
        ("Password1!", "common"),
        ("Qinghe-2026-bank", ""),
    ],
)
def test_weak_passwords_are_refused(password, reason):
    user = factories.staff_user()
    User.objects.filter(pk=user.pk).update(username="staffxyz")
    given = {"user_id": user.id, "by": factories.SYSTEM, "at": factories.NOON, "key": new_id()}

    if not reason:
        accounts.reset_password(password=password, **given)
        return
    with pytest.raises(WeakPassword) as refused:
        accounts.reset_password(password=password, **given)
    assert refused.value.params["reason"] == reason
    assert User.objects.get(pk=user.pk).check_password(factories.PASSWORD)


def test_a_locked_account_stays_out(client, officer):
    accounts.lock_user(
        user_id=officer.id, reason="离职", by=factories.SYSTEM, at=factories.NOON, key=new_id()
    )

    assert give_password(client, officer).url == reverse("identity:closed")
    assert User.objects.get(pk=officer.pk).locked_because == "离职"
    told = AuditEntry.objects.get(root_id=officer.pk, action="identity.lock_user")
    assert told.notes == {} and set(told.digests) == {"reason"}, "a reason may say something of a person"
    accounts.unlock_user(user_id=officer.id, by=factories.SYSTEM, at=factories.NOON, key=new_id())
    assert give_password(client, officer).url == SECOND


def test_a_citizens_telephone_is_no_staff_account(client):
    user, _ = factories.citizen()

    assert give_password(client, User(username=user.phone), "x").status_code == 400
    factories.signed_in(client, user)
    assert client.get("/staff/posts/").status_code == 403


def test_staff_switch_between_the_posts_they_hold_today(client):
    first = factories.post(None, "reviewer", name="承办岗")
    second = factories.post(None, "approver", name="批准岗")
    foreign = factories.post(None, "approver", name="别人的岗")
    user = factories.staff_user("周敏", first, second)
    factories.signed_in(client, user)
    standing = selectors.signed_in_user(user.id).standing

    for chosen in (first, second):
        client.post("/staff/posts/", {"post": str(chosen)})
        page = client.get("/staff/posts/")
        assert page.context["acting"].id == chosen
        assert page.wsgi_request.actor.post_id == chosen
        assert page.wsgi_request.actor.mandates == next(p for p in standing.posts if p.id == chosen).mandates
        assert 'class="mq-sbar__switch"' in page.content.decode(), "in the bar of every page"
    client.post("/staff/posts/", {"post": str(foreign)})
    assert client.get("/staff/posts/").wsgi_request.actor.post_id == second
    factories.signed_in(client, factories.staff_user("沈溪", first))
    assert b"mq-sbar__switch" not in client.get("/staff/posts/").content, "one post: nothing to switch"


def test_the_session_gets_a_new_key_when_staff_sign_in(client, officer):
    client.get(SIGN_IN)
    give_password(client, officer)
    before = client.session.session_key
    client.post(SECOND, {"code": now_code()})

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_who_is_signed_in_already_gets_to_their_desk(client, officer):
    sign_in(client, officer)

    assert client.get(SIGN_IN).url == reverse("identity:start"), (
        "the footer's link, from a page for the public"
    )
    assert client.get(f"{SIGN_IN}?next=/staff/posts/").url == "/staff/posts/"


@pytest.mark.parametrize("path", [SIGN_IN, SECOND, SETUP, "/staff/password/", "/staff/posts/", "/sign-out/"])
def test_every_form_wants_its_token(path):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(path, {"username": "a", "password": "b"}).status_code == 403


def test_staff_are_signed_out_after_half_an_hour_of_silence(client, officer):
    sign_in(client, officer)
    session = client.session
    session["seen"] -= 31 * 60
    session.save()

    assert client.get("/staff/posts/").url.startswith(SIGN_IN)


def test_after_twelve_hours_even_the_busiest_sign_in_again(client, officer):
    sign_in(client, officer)
    session = client.session
    session["began"] -= 12 * 3600 + 1
    session.save()

    assert client.get("/staff/posts/").url.startswith(SIGN_IN)
