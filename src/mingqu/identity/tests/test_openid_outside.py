"""Signing in with an account of an outside service: what it says is checked, and alone it opens nothing here."""

import re
import time
from types import SimpleNamespace
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from mingqu.identity.models import OutsideLink
from mingqu.identity.openid import errors, outside
from mingqu.identity.services import codes
from mingqu.identity.tests import factories
from mingqu.kernel.gateways import Reply

pytestmark = pytest.mark.django_db
ISSUER, CLIENT = "https://id.example.cn", "mingqu"
BACK = "/sign-in/outside/back/"
KEY, STRANGER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
PUBLIC = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "k1", "use": "sig"}


class Outside:
    """The service: what it says, and what it was asked."""

    def __init__(self) -> None:
        self.claims: dict = {}
        self.left_out: set[str] = set()
        self.key, self.issuer, self.silent, self.asked = KEY, ISSUER, False, []

    def answer(self, method, url, body, headers, timeout, most=0):
        if self.silent:
            return Reply("failed")
        if url.endswith("openid-configuration"):
            said = {
                name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
            }
            return Reply("answered", 200, said | {"issuer": self.issuer})
        if url.endswith("jwks_uri"):
            return Reply("answered", 200, {"keys": [PUBLIC]})
        self.asked.append(dict(parse_qsl(body.decode())) | {"proof": headers.get("Authorization", "")})
        if self.asked[-1]["code"] != "good":
            return Reply("answered", 400, {"error": "invalid_grant"})
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "u-1",
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonce,
        }
        claims = {k: v for k, v in (claims | self.claims).items() if k not in self.left_out}
        return Reply("answered", 200, {"id_token": jwt.encode(claims, self.key, "RS256", {"kid": "k1"})})

    def lead(self, browser: Client, target: str = "") -> dict[str, str]:
        """To the service; what our address asked of it."""
        answer = browser.get("/sign-in/outside/", {"next": target})
        assert answer.status_code == 302, answer.content.decode()[:300]
        given = {k: v[0] for k, v in parse_qs(urlsplit(answer["Location"]).query).items()}
        self.nonce = given["nonce"]
        return given

    def come_back(self, browser: Client, **changed: str):
        """A whole way to the service and back."""
        given = {"state": self.lead(browser, changed.pop("next", ""))["state"], "code": "good"}
        return browser.get(BACK, given | changed)


@pytest.fixture
def service(settings, monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s e&cret\n")
    secret.chmod(0o600)
    settings.MINGQU_OUTSIDE_ISSUER, settings.MINGQU_OUTSIDE_CLIENT = ISSUER, CLIENT
    settings.MINGQU_OUTSIDE_SECRET_FILE, settings.MINGQU_OUTSIDE_NAME = str(secret), "省统一身份认证"
    settings.MINGQU_OUTSIDE_LEVELS = "real=2 face=3 wrong=9"
    found = Outside()
    outside._kept.clear()
    monkeypatch.setattr(
        outside, "gateways", SimpleNamespace(ask=found.answer, private=outside.gateways.private)
    )
    return found


@pytest.fixture
def texts(monkeypatch):
    received: dict[str, str] = {}
    monkeypatch.setattr(
        codes, "_sender", [lambda phone, code, minutes, at: received.__setitem__(phone, code)]
    )
    return received


def linked(service: Outside, texts: dict[str, str], browser: Client, phone: str) -> None:
    """The first time: the code sent to her telephone, then that both are hers."""
    first = service.come_back(browser)
    assert first["Location"].startswith("/sign-in/?next=")
    browser.post("/sign-in/", {"phone": phone, "next": "/my/outside/link/"})
    browser.post("/sign-in/code/", {"code": texts[phone]})
    assert "把两个账号连起来" in browser.get("/my/outside/link/").content.decode()
    browser.post("/my/outside/link/", {"answer": "link"})


def test_the_first_time_the_account_here_is_proved_and_then_it_signs_in_alone(service, texts):
    phone, browser = factories.phone(), Client()
    assert "用省统一身份认证登录" in Client().get("/sign-in/").content.decode()
    service.claims = {"acr": "real"}
    linked(service, texts, browser, phone)

    service.claims = {"acr": "face"}
    again = Client()
    answer = service.come_back(again, next="/my/profile/")

    assert answer["Location"] == "/my/profile/"
    assert "省统一身份认证" in again.get("/my/profile/").content.decode()
    link = OutsideLink.objects.get()
    assert link.level == 3
    asked = service.asked[-1]
    assert re.fullmatch(r"[\w-]{43}", asked["code_verifier"]) and asked["proof"].startswith("Basic ")
    assert again.get(f"/my/outside/{link.pk}/end/").status_code == 200
    again.post(f"/my/outside/{link.pk}/end/")
    assert service.come_back(Client())["Location"].startswith("/sign-in/?next=")


def test_an_account_outside_that_nobody_linked_opens_nothing(service, texts):
    browser = Client()
    service.come_back(browser)

    assert "_auth_user_id" not in browser.session and not OutsideLink.objects.exists()


def test_one_outside_account_is_linked_to_one_account_here(service, texts):
    linked(service, texts, Client(), factories.phone())
    other = factories.signed_in(Client(), factories.citizen()[0])
    service.come_back(other)

    # Signed in already, she is not signed in as somebody else: she is asked, and refused.
    answer = other.post("/my/outside/link/", {"answer": "link"})

    assert answer.status_code == errors.OutsideTaken.status
    assert OutsideLink.objects.count() == 1


def test_a_link_of_another_is_not_there_to_take_apart_and_nothing_found_is_nothing_to_link(service, texts):
    linked(service, texts, Client(), factories.phone())
    stranger = factories.signed_in(Client(), factories.citizen()[0])

    assert stranger.post(f"/my/outside/{OutsideLink.objects.get().pk}/end/").status_code == 404
    assert stranger.get("/my/outside/link/")["Location"] == "/my/profile/"


@pytest.mark.parametrize(
    ("claims", "left_out", "refusal"),
    [
        ({"nonce": "other"}, (), errors.OutsideNonce),
        ({}, ("nonce",), errors.OutsideNonce),
        ({"iss": "https://other.example.cn"}, (), errors.OutsideIssuer),
        ({"aud": "another"}, (), errors.OutsideAudience),
        ({"aud": [CLIENT, "another"]}, (), errors.OutsideAudience),
        ({"azp": "another"}, (), errors.OutsideAudience),
        ({"exp": 1_700_000_000}, (), errors.OutsideExpired),
        ({"iat": 4_000_000_000}, (), errors.OutsideExpired),
        ({}, ("exp",), errors.OutsideExpired),
        ({}, ("sub",), errors.OutsideRefused),
    ],
)
def test_a_statement_that_is_not_for_this_sign_in_is_refused(service, claims, left_out, refusal):
    service.claims, service.left_out, browser = claims, set(left_out), Client()

    answer = service.come_back(browser)

    assert (answer.status_code, answer.context["code"]) == (refusal.status, refusal.code)
    assert outside.FOUND not in browser.session


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"state": "other"}, errors.OutsideState),
        ({"iss": "https://other.example.cn"}, errors.OutsideIssuer),
        ({"error": "access_denied"}, errors.OutsideDeclined),
        ({"code": "spent"}, errors.OutsideState),
    ],
)
def test_an_answer_that_is_not_to_our_question_is_refused(service, changed, refusal):
    assert service.come_back(Client(), **changed).context["code"] == refusal.code


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(service):
    browser = Client()
    state = service.lead(browser)["state"]

    assert Client().get(BACK, {"state": state, "code": "good"}).context["code"] == errors.OutsideState.code
    assert browser.get(BACK, {"state": state, "code": "good"}).status_code == 302
    assert browser.get(BACK, {"state": state, "code": "good"}).context["code"] == errors.OutsideState.code


def test_what_another_key_signed_is_refused(service):
    service.key = STRANGER

    assert service.come_back(Client()).context["code"] == errors.OutsideSignature.code


def test_a_service_that_is_silent_or_another_than_it_says_is_told_so(service, settings):
    service.silent = True
    assert Client().get("/sign-in/outside/").status_code == errors.OutsideSilent.status
    service.silent, service.issuer = False, "https://other.example.cn"
    assert Client().get("/sign-in/outside/").context["code"] == errors.OutsideIssuer.code
    settings.MINGQU_OUTSIDE_ISSUER = ""
    assert Client().get("/sign-in/outside/").status_code == 404
    assert "outside" not in Client().get("/sign-in/").content.decode()


@pytest.mark.parametrize(
    ("text", "levels"),
    [("real=2 face=3", {"real": 2, "face": 3}), ("urn:a=b=4", {"urn:a=b": 4}), ("real=9 =2 x", {}), ("", {})],
)
def test_only_listed_words_are_a_level(text, levels):
    assert outside.levels_of(text) == levels
