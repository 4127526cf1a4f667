"""People sign in to applications elsewhere with their account here: only what they agreed to, only while it holds."""

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from mingqu.identity.errors import ActingForAnother
from mingqu.identity.models import AppCode, AppGrant, AppToken, Capacity, SigningKey
from mingqu.identity.openid import keys, rules, selectors, services, tokens
from mingqu.identity.openid.errors import (
    AppUnknown,
    AppWithdrawn,
    ClientRefused,
    GrantRefused,
    GrantUnknown,
    NoScope,
    ProgramRefused,
    ReturnUnknown,
    TokenRefused,
    WrongReturn,
)
from mingqu.identity.openid.types import NewApp
from mingqu.identity.services import accounts
from mingqu.identity.tests import factories, households
from mingqu.identity.tests.applications import (
    BACK,
    CHALLENGE,
    VERIFIER,
    Application,
    came_back,
    opened,
    registrar,
)
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return factories.citizen("李晓禾")[0]


@pytest.fixture
def browser(person):
    return factories.signed_in(Client(), person)


def test_who_agrees_is_known_by_a_made_up_number_and_a_masked_name(browser, person):
    app = Application()

    page = app.ask(browser, scope="openid profile phone").content.decode()
    back = came_back(app.answer(browser, "profile", "phone", scope="openid profile phone"))
    given = app.tokens(back["code"]).json()
    claims = opened(given["id_token"])
    facts = app.facts(given["access_token"]).json()

    assert "清禾公交" in page and person.phone not in page
    assert (back["state"], back["iss"]) == ("s1", claims["iss"])
    assert (claims["aud"], claims["nonce"], claims["acr"]) == (str(app.id), "n1", "AAL1")
    assert facts == {
        "sub": claims["sub"],
        "name": "李*",
        "acr": "AAL1",
        "phone_number": f"+86{person.phone}",
        "phone_number_verified": True,
    }
    assert str(person.pk) not in given["id_token"] and claims["sub"] not in {
        str(person.person_id),
        str(person.pk),
    }


def test_the_telephone_is_given_only_where_its_box_was_ticked(browser):
    app = Application()
    code = came_back(app.answer(browser, "profile", scope="openid profile phone"))["code"]

    assert "phone_number" not in app.facts(app.tokens(code).json()["access_token"]).json()


def test_two_applications_can_not_tell_that_it_is_the_same_person(browser):
    one, other = Application(), Application()
    subjects = {opened(app.tokens(app.code(browser)).json()["id_token"])["sub"] for app in (one, other, one)}

    assert len(subjects) == 2, "and each knows her again"


def test_what_was_let_in_is_not_asked_again_but_anything_more_is(browser):
    app = Application()
    app.code(browser, "profile")

    assert "code" in came_back(app.ask(browser, scope="openid profile"))
    assert came_back(app.ask(browser, scope="openid phone", prompt="none"))["error"] == "consent_required"
    assert app.ask(browser, scope="openid phone").status_code == 200
    assert app.ask(browser, scope="openid profile", prompt="consent").status_code == 200


def test_an_application_without_a_server_proves_itself_by_pkce_alone(browser):
    app = Application(confidential=False)
    code = app.code(browser)

    assert app.tokens(code, client_id=str(app.id)).status_code == 200


def test_the_key_that_signed_is_published_and_one_is_made_each_quarter(browser):
    app = Application()
    statement = app.tokens(app.code(browser)).json()["id_token"]
    listed = Client().get("/openid/keys").json()["keys"]

    public = jwt.PyJWK(
        next(one for one in listed if one["kid"] == jwt.get_unverified_header(statement)["kid"])
    ).key
    assert jwt.decode(statement, public, algorithms=["RS256"], audience=str(app.id))["sub"]
    soon = timezone.now() + keys.EXCHANGED
    late = soon + keys.AHEAD + keys.BEHIND
    keys.exchange(soon)
    keys.exchange(soon)
    assert SigningKey.objects.count() == 2
    assert len(keys.published(soon)) == 2 and keys.opened(keys.sign({"sub": "a"}, soon), soon) == {"sub": "a"}
    assert [one["kid"] for one in keys.published(late)] != [one["kid"] for one in listed]
    assert keys.opened(statement, late) is None


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid email"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"request_uri": "https://app.example.org/r"}, "request_not_supported"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"state": "s" * 300}, "invalid_request"),
        ({"prompt": "none", "max_age": "0"}, "login_required"),
    ],
)
def test_what_an_application_asks_wrongly_it_is_told(browser, changed, error):
    assert came_back(Application().ask(browser, **changed))["error"] == error
    assert not AppGrant.objects.exists()


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"client_id": "nobody"}, AppUnknown),
        ({"redirect_uri": BACK + "/"}, ReturnUnknown),
        ({"redirect_uri": "https://evil.example.org/"}, ReturnUnknown),
    ],
)
def test_nobody_is_led_to_an_address_that_is_not_registered(browser, changed, refusal):
    answer = Application().ask(browser, **changed)

    assert answer.status_code == 400 and "Location" not in answer
    assert refusal.code in answer.content.decode() or refusal.sentence[:6] in answer.content.decode()


def test_who_says_no_lets_nothing_in(browser):
    assert came_back(Application().answer(browser, answer="deny"))["error"] == "access_denied"
    assert not AppGrant.objects.exists()


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_staff_are_refused():
    app = Application()

    assert app.ask(Client())["Location"].startswith("/sign-in/?next=%2Fopenid%2Fauthorize")
    assert came_back(app.ask(Client(), prompt="none"))["error"] == "login_required"
    assert app.ask(factories.signed_in(Client(), factories.staff_user())).status_code == 403


@pytest.mark.parametrize("whose", ["relative", "firm"])
def test_nobody_signs_in_anywhere_in_anothers_name(whose, settings):
    settings.MINGQU_DEMO = True
    made = households.made(timezone.now())
    browser = factories.signed_in(Client(), made.daughter)
    held = Capacity.objects.get(pk=made.relative) if whose == "relative" else of_firm(made)
    browser.post("/my/acting/switch/", {"capacity": str(held.pk)})

    answer = Application().ask(browser)

    assert (answer.status_code, answer.context["code"]) == (403, ActingForAnother.code)
    assert browser.get(f"/my/scan/{new_id()}/s/").context["code"] == ActingForAnother.code


def of_firm(made):
    return Capacity.objects.get(principal_id=made.firm, agent_id=made.daughter.person_id)


def test_an_application_that_wants_a_fresh_sign_in_ends_the_old_one_only_when_the_person_says_so(browser):
    app = Application()

    assert "重新登录" in app.ask(browser, prompt="login").content.decode()
    answer = app.answer(browser, answer="again", prompt="login")

    assert answer["Location"].startswith("/sign-in/") and "prompt" not in answer["Location"]
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 50},
        {"code_verifier": ""},
        {"redirect_uri": "https://app.example.org/other"},
        {"code": "0" * 90},
        {"code": "none"},
    ],
)
def test_a_code_is_worth_nothing_to_who_does_not_know_the_rest(browser, changed):
    app = Application()
    code = app.code(browser)

    answer = app.tokens(changed.pop("code", code), **changed)

    assert (answer.status_code, answer.json()["error"]) == (400, GrantRefused.error)
    assert answer["Cache-Control"] == "no-store" and not AppToken.objects.exists()


def test_nothing_but_codes_and_refresh_tokens_gives_tokens():
    app = Application()

    answer = app.server.post("/openid/token", {"grant_type": "password", "username": "a"}, **app.proof())

    assert (answer.status_code, answer.json()["error"]) == (400, ProgramRefused.error)
    assert app.server.get("/openid/userinfo").status_code == 401
    assert app.server.post("/openid/token", {"grant_type": "password"}).status_code == 400, (
        "no header, no 401"
    )


def test_a_code_of_one_application_is_nothing_to_another_and_dies_after_a_minute(browser):
    app, other = Application(), Application()
    code = app.code(browser)

    assert other.tokens(code).json()["error"] == "invalid_grant"
    AppCode.objects.update(valid_until=factories.NOON)
    assert app.tokens(code).json()["error"] == "invalid_grant"


def test_a_code_shown_twice_ends_what_it_gave(browser):
    app = Application()
    code = app.code(browser)
    given = app.tokens(code).json()

    assert app.tokens(code).json()["error"] == "invalid_grant"
    assert app.facts(given["access_token"]).status_code == 401
    assert AuditEntry.objects.filter(action="identity.end_stolen_tokens").exists()


def test_a_refresh_token_turns_over_and_one_shown_twice_ends_its_family(browser):
    app = Application()
    first = app.tokens(app.code(browser, "offline_access")).json()
    second = app.again(first["refresh_token"]).json()

    assert second["refresh_token"] != first["refresh_token"]
    assert app.facts(second["access_token"]).status_code == 200
    assert app.again(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert app.facts(second["access_token"]).status_code == 401
    assert app.again(second["refresh_token"]).json()["error"] == "invalid_grant"


def test_thirty_days_are_thirty_days_however_often_the_token_turns_over(browser):
    app = Application()
    first = app.tokens(app.code(browser, "offline_access")).json()
    ends = AppToken.objects.get(kind="refresh").valid_until

    app.again(first["refresh_token"])

    assert set(AppToken.objects.filter(kind="refresh").values_list("valid_until", flat=True)) == {ends}


def test_a_box_left_empty_takes_back_what_it_let_in_before(browser):
    app, asked = Application(), "openid profile phone"
    app.code(browser, "profile", "phone")
    assert "code" in came_back(app.ask(browser, scope=asked, prompt="none"))

    app.answer(browser, "profile", scope=asked, prompt="consent")

    assert AppGrant.objects.get().scopes == ["openid", "profile"]
    assert came_back(app.ask(browser, scope=asked, prompt="none"))["error"] == "consent_required"


def test_without_leave_to_read_while_away_there_is_no_refresh_token(browser):
    app = Application()

    assert "refresh_token" not in app.tokens(app.code(browser, "profile")).json()


def test_a_wrong_secret_is_refused_and_guesses_are_counted(browser, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"openid_secret": (2, 900)}
    app = Application()
    app_secret, code = app.secret, app.code(browser)

    app.secret = "wrong"
    answers = [app.tokens(code) for _ in range(3)]

    assert [one.status_code for one in answers] == [401, 401, 429]
    assert answers[0].json() == {"error": "invalid_client", "error_description": ClientRefused.code}
    assert app_secret not in str(AuditEntry.objects.values_list("notes", flat=True))


@pytest.mark.parametrize(
    "how", ["taken back", "withdrawn", "locked", "given back", "signed out", "another phone"]
)
def test_when_what_a_token_rests_on_ends_it_opens_nothing(how, browser, person):
    app = Application()
    given = app.tokens(app.code(browser, "profile", "offline_access")).json()
    assert app.facts(given["access_token"]).status_code == 200

    if how == "taken back":
        page = browser.get("/my/apps/").content.decode()
        grant = AppGrant.objects.get()
        assert "清禾公交" in page and str(grant.pk) in page
        assert browser.get(f"/my/apps/{grant.pk}/end/").status_code == 200
        browser.post(f"/my/apps/{grant.pk}/end/")
        assert "已经收回的" in browser.get("/my/apps/").content.decode()
    elif how == "withdrawn":
        services.withdraw_app(app_id=app.id, by=registrar(), at=factories.NOON, key=new_id())
    elif how == "locked":
        accounts.lock_user(
            user_id=person.pk, reason="丢失", by=factories.SYSTEM, at=factories.NOON, key=new_id()
        )
    elif how == "given back":
        app.server.post("/openid/revoke", {"token": given["refresh_token"]}, **app.proof())
    elif how == "signed out":
        browser.post(f"/openid/sign-out?id_token_hint={given['id_token']}", {"answer": "leave"})
        assert "_auth_user_id" not in browser.session
    else:
        phone = factories.phone()
        by = accounts.as_actor(person)
        accounts.change_phone(user_id=person.pk, phone=phone, by=by, at=factories.NOON, key=new_id())

    refused = app.facts(given["access_token"])
    assert (refused.status_code, refused.json()["error"]) == (401, TokenRefused.error)
    assert "error" in app.again(given["refresh_token"]).json()


def test_what_another_person_let_in_is_not_there_to_take_back(browser):
    Application().code(browser)
    grant = AppGrant.objects.get()
    stranger = factories.signed_in(Client(), factories.citizen("韦来访")[0])

    assert stranger.post(f"/my/apps/{grant.pk}/end/").status_code == GrantUnknown.status
    assert AppGrant.objects.get().ended_at is None


def test_the_id_of_an_application_given_as_key_with_another_shows_no_secret_of_the_first():
    app, own = Application(), Application()
    officer = factories.staff_user("罗系统", factories.post(None, "system_officer"))
    desk = factories.signed_in(Client(), officer)

    page = desk.post(f"/staff/apps/{own.id}/secret/", {"key": str(app.id), "stage": "do"}).content.decode()

    assert services.app_secret(own.id, app.id) in page and app.secret not in page


def test_a_restored_application_works_again_and_another_secret_ends_the_old_one(browser):
    app, at = Application(), factories.NOON
    code = app.code(browser)
    services.withdraw_app(app_id=app.id, by=registrar(), at=at, key=new_id())
    with pytest.raises(AppWithdrawn):
        services.renew_app_secret(app_id=app.id, by=registrar(), at=at, key=new_id())
    assert app.tokens(code).json()["error"] == "invalid_client"

    services.restore_app(app_id=app.id, by=registrar(), at=at, key=new_id())
    key = new_id()
    services.renew_app_secret(app_id=app.id, by=registrar(), at=at, key=key)

    assert app.tokens(code).json()["error"] == "invalid_client"
    app.secret = services.app_secret(app.id, key)
    assert app.tokens(code).status_code == 200


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"return_addresses": ("http://app.example.org/",)}, WrongReturn),
        ({"return_addresses": ("https://*.example.org/",)}, WrongReturn),
        ({"return_addresses": ("https://app.example.org/#a",)}, WrongReturn),
        ({"return_addresses": ("https://a:b@app.example.org/",)}, WrongReturn),
        ({"return_addresses": ()}, WrongReturn),
        ({"scopes": ("profile",)}, NoScope),
        ({"scopes": ("openid", "email")}, NoScope),
    ],
)
def test_an_application_registered_wrongly_is_not_there(changed, refusal):
    given = {
        "name": "公交",
        "operator": "公交公司",
        "return_addresses": (BACK,),
        "scopes": ("openid",),
    } | changed

    with pytest.raises(refusal):
        services.register_app(draft=NewApp(**given), by=registrar(), at=factories.NOON, key=new_id())

    assert selectors.apps()[0] == []


def test_a_system_officer_registers_an_application_and_sees_its_secret_once():
    officer = factories.staff_user("罗系统", factories.post(None, "system_officer"))
    client, key = factories.signed_in(Client(), officer), str(new_id())
    given = {
        "key": key,
        "name": "清禾公交",
        "operator": "公交公司",
        "kind": "server",
        "addresses": f"{BACK}\nhttp://127.0.0.1:8080/back",
        "scopes": ["openid", "profile"],
    }
    assert "清禾公交" in client.post("/staff/apps/new/", given | {"stage": "check"}).content.decode()

    once = client.post("/staff/apps/new/", given | {"stage": "do"}).content.decode()
    page = client.get(f"/staff/apps/{key}/").content.decode()

    made = selectors.apps()[0][0].id
    secret = services.app_secret(made, made)
    assert secret in once and secret not in page and key in page
    wrong = client.post(
        "/staff/apps/new/", given | {"stage": "do", "addresses": "http://a.org", "key": str(new_id())}
    )
    assert wrong.status_code == 400 and "https://" in wrong.content.decode()


def test_the_whole_of_it_is_described_where_programs_look_for_it():
    said = Client().get("/.well-known/openid-configuration").json()

    assert said["code_challenge_methods_supported"] == ["S256"] and said["subject_types_supported"] == [
        "pairwise"
    ]
    assert all(said[name].startswith(said["issuer"]) for name in said if name.endswith(("_endpoint", "_uri")))


def test_the_page_of_consent_may_lead_to_that_application_and_nowhere_else(browser):
    policy = Application().ask(browser)["Content-Security-Policy"]

    assert "form-action 'self' https://app.example.org;" in policy


def test_codes_and_tokens_that_are_over_are_swept_away(browser, at):
    app = Application()
    app.tokens(app.code(browser, "offline_access"))

    tokens.prune(at)
    assert (AppCode.objects.count(), AppToken.objects.count()) == (1, 2)
    tokens.prune(at + tokens.REFRESH_VALID * 2)
    assert (AppCode.objects.count(), AppToken.objects.count()) == (0, 0)


def test_pkce_takes_one_secret_and_no_other():
    assert rules.proves(VERIFIER, CHALLENGE)
    assert not rules.proves(VERIFIER[:-1] + "w", CHALLENGE)
    assert not rules.proves("短", CHALLENGE)


@pytest.fixture
def at():
    return timezone.now()
