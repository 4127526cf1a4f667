"""An application that signs people in with their account here, as its programmer writes it."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

from mingqu.identity.openid import services
from mingqu.identity.openid.types import NewApp
from mingqu.identity.tests import factories
from mingqu.kernel.ids import new_id

BACK = "https://app.example.org/back"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ALL = ("openid", "profile", "phone", "offline_access")
AUTHORIZE, TOKEN = "/openid/authorize", "/openid/token"


class Application:
    """`ask` leads a browser there, `tokens` shows a code, `facts` an access token."""

    def __init__(self, *, confidential: bool = True, scopes: tuple[str, ...] = ALL) -> None:
        key = new_id()
        draft = NewApp("清禾公交", "清禾区公共交通公司", (BACK,), scopes, confidential)
        services.register_app(draft=draft, by=registrar(), at=factories.NOON, key=key)
        self.id, self.secret = key, services.app_secret(key, key) if confidential else ""
        self.server = Client()

    def asks(self, **changed: str) -> dict[str, str]:
        given = {
            "response_type": "code",
            "client_id": str(self.id),
            "redirect_uri": BACK,
            "scope": "openid profile",
            "state": "s1",
            "nonce": "n1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (given | changed).items() if value}

    def ask(self, browser: Client, **changed: str) -> Any:
        return browser.get(AUTHORIZE, self.asks(**changed))

    def answer(
        self, browser: Client, *scopes: str, answer: str = "allow", key: Any = None, **changed: str
    ) -> Any:
        fields = {"answer": answer, "key": str(key or new_id()), "scopes": list(scopes)}
        return browser.post(f"{AUTHORIZE}?{urlencode(self.asks(**changed))}", fields)

    def code(self, browser: Client, *scopes: str) -> str:
        """The code of somebody who agrees to these."""
        asked = " ".join(("openid", *scopes))
        return came_back(self.answer(browser, *scopes, scope=asked))["code"]

    def tokens(self, code: str, **changed: str) -> Any:
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
        }
        return self.server.post(TOKEN, given | changed, **self.proof())

    def again(self, refresh: str) -> Any:
        return self.server.post(
            TOKEN, {"grant_type": "refresh_token", "refresh_token": refresh}, **self.proof()
        )

    def facts(self, access: str) -> Any:
        return self.server.get("/openid/userinfo", headers={"Authorization": f"Bearer {access}"})

    def proof(self, secret: str = "") -> dict[str, Any]:
        pair = base64.b64encode(f"{self.id}:{secret or self.secret}".encode()).decode()
        return {"headers": {"Authorization": f"Basic {pair}"}} if self.secret else {}


def registrar() -> Any:
    return factories.staff_actor("system_officer", name="罗系统")


def came_back(answer: Any) -> dict[str, str]:
    """What the browser brings to the application."""
    assert answer.status_code == 302, answer.content.decode()[:500]
    assert answer["Location"].startswith(BACK + "?"), answer["Location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def opened(statement: str) -> dict[str, Any]:
    """The claims of an ID token, unchecked."""
    return dict(json.loads(base64.urlsafe_b64decode(statement.split(".")[1] + "==")))
