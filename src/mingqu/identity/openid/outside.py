"""
Signing in with an account of an outside identity service (OpenID Connect, code with PKCE). The service is named by the
installation; what it says of a person's identity is a level from a list of the installation, and anything it does not
list is L1.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from django.conf import settings
from django.urls import reverse

from mingqu.identity.openid import errors
from mingqu.identity.openid.rules import with_answer
from mingqu.identity.openid.types import Outsider
from mingqu.kernel import gateways
from mingqu.kernel.errors import NotFound
from mingqu.kernel.types import Instant

PENDING, FOUND = "outside_pending", "outside_found"  # in the session
WAITS = timedelta(minutes=10)
KEPT = timedelta(minutes=10)
SKEW = 60  # seconds their clock may be off
TIMEOUT = 5.0  # seconds
LARGEST = 256 * 1024
ALGORITHMS = ("RS256", "PS256", "ES256")
SAFE = re.compile(r"https://|http://(127\.0\.0\.1|localhost)[:/]")

_kept: dict[str, tuple[datetime, dict[str, Any]]] = {}


@dataclass(frozen=True)
class Service:
    """The outside service of this installation; `levels`: its acr → L1–L4."""

    name: str
    issuer: str
    client: str
    secret_file: str
    levels: dict[str, int]

    @property
    def secret(self) -> str:
        return gateways.private(self.secret_file).strip() if self.secret_file else ""


def service() -> Service | None:
    """None where the installation names none: then there is no button and no address answers."""
    if not settings.MINGQU_OUTSIDE_ISSUER:
        return None
    return Service(
        settings.MINGQU_OUTSIDE_NAME,
        settings.MINGQU_OUTSIDE_ISSUER,
        settings.MINGQU_OUTSIDE_CLIENT,
        settings.MINGQU_OUTSIDE_SECRET_FILE,
        levels_of(settings.MINGQU_OUTSIDE_LEVELS),
    )


def levels_of(text: str) -> dict[str, int]:
    """ "acr=2 other=3" as a list; what is no level of 1–4 is left out, so that a slip never raises anybody."""
    pairs = (one.rpartition("=") for one in text.split())
    return {acr: int(level) for acr, _, level in pairs if acr and level in {"1", "2", "3", "4"}}


def required() -> Service:
    """Raises NotFound."""
    found = service()
    if found is None:
        raise NotFound()
    return found


def begin(request: Any, target: str) -> str:
    """The address at the service to lead the browser to; what must come back stays in this session."""
    asked = required()
    where = _described(asked, request.at).get("authorization_endpoint", "")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    request.session[PENDING] = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "at": request.at.timestamp(),
        "next": target,
    }
    digest = hashlib.sha256(verifier.encode()).digest()
    return with_answer(
        _safe(where),
        {
            "response_type": "code",
            "client_id": asked.client,
            "redirect_uri": return_address(),
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **({"acr_values": " ".join(asked.levels)} if asked.levels else {}),
        },
    )


def return_address() -> str:
    return str(settings.MINGQU_BASE_URL) + reverse("identity:outside_back")


def finish(request: Any) -> tuple[Outsider, str]:
    """
    Who came back, and where she was going. What waited in the session is gone with the first answer: a second is a
    replay. Raises OutsideRefused, each reason with its code.
    """
    asked, given = required(), request.GET
    waited = request.session.pop(PENDING, None) or {}
    fresh = waited and request.at.timestamp() - waited["at"] <= WAITS.total_seconds()
    if not fresh or not secrets.compare_digest(waited["state"].encode(), given.get("state", "").encode()):
        raise errors.OutsideState()
    if given.get("iss", asked.issuer) != asked.issuer:  # RFC 9207
        raise errors.OutsideIssuer()
    if given.get("error") or not given.get("code"):
        raise errors.OutsideDeclined()
    said = _exchange(asked, given["code"], waited["verifier"], request.at)
    claims = checked(asked, str(said.get("id_token", "")), waited["nonce"], request.at)
    level = asked.levels.get(str(claims.get("acr", "")), 1)
    return Outsider(asked.issuer, claims["sub"], level), waited["next"]


def checked(asked: Service, text: str, nonce: str, at: Instant) -> dict[str, Any]:
    """The claims of an ID token that is signed by the service, for us, now, for this sign-in (Core 3.1.3.7)."""
    try:
        header = jwt.get_unverified_header(text)
        key = _key(asked, str(header.get("kid", "")), at)
        unchecked = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
        claims: dict[str, Any] = jwt.decode(text, key, algorithms=list(ALGORITHMS), options=unchecked)  # type: ignore[arg-type]
    except (jwt.PyJWTError, ValueError) as wrong:
        raise errors.OutsideSignature() from wrong
    if claims.get("iss") != asked.issuer:
        raise errors.OutsideIssuer()
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if asked.client not in several or (
        (len(several) > 1 or "azp" in claims) and claims.get("azp") != asked.client
    ):
        raise errors.OutsideAudience()
    now, until, made = at.timestamp(), claims.get("exp"), claims.get("iat")
    if not isinstance(until, int) or not isinstance(made, int) or now > until + SKEW or made > now + SKEW:
        raise errors.OutsideExpired()
    if not nonce or claims.get("nonce") != nonce:
        raise errors.OutsideNonce()
    if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255:
        raise errors.OutsideRefused()
    return claims


def _exchange(asked: Service, code: str, verifier: str, at: Instant) -> dict[str, Any]:
    where = _safe(_described(asked, at).get("token_endpoint", ""))
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": return_address(),
        "code_verifier": verifier,
        "client_id": asked.client,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if secret := asked.secret:
        pair = urlencode({asked.client: secret}).replace("=", ":", 1)
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    reply = gateways.ask("POST", where, urlencode(body).encode(), headers, TIMEOUT)
    if reply.fate != "answered" or reply.status >= 500:
        raise errors.OutsideSilent()
    if reply.status != 200 or not isinstance(reply.said, dict):
        raise errors.OutsideState()  # the code was none, or used already
    return reply.said


def _described(asked: Service, at: Instant) -> dict[str, Any]:
    found = _asked(asked.issuer.rstrip("/") + "/.well-known/openid-configuration", at)
    if found.get("issuer") != asked.issuer:
        raise errors.OutsideIssuer()
    return found


def _key(asked: Service, kid: str, at: Instant) -> Any:
    where = _safe(_described(asked, at).get("jwks_uri", ""))
    for again in (False, True):  # a key not known yet: the list is read anew, once
        if again:
            _kept.pop(where, None)
        for one in _asked(where, at).get("keys", ()):
            if one.get("use", "sig") == "sig" and (one.get("kid") == kid or not kid):
                return jwt.PyJWK(one).key
    raise errors.OutsideSignature()


def _asked(where: str, at: Instant) -> dict[str, Any]:
    """A document of the service, kept for ten minutes."""
    known = _kept.get(where)
    if known and timedelta(0) <= at - known[0] < KEPT:
        return known[1]
    reply = gateways.ask("GET", _safe(where), None, {"Accept": "application/json"}, TIMEOUT, LARGEST)
    if reply.fate != "answered" or reply.status != 200 or not isinstance(reply.said, dict):
        raise errors.OutsideSilent()
    _kept[where] = (at, reply.said)
    return reply.said


def _safe(address: str) -> str:
    """Over TLS, or on this machine."""
    if not SAFE.match(str(address)):
        raise errors.OutsideSilent()
    return str(address)
