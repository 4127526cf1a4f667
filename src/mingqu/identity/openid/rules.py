"""What an application may ask and show: return addresses, scopes, PKCE. No clock, no database."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

SCOPES: Final = ("openid", "profile", "phone", "offline_access")
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # SHA-256 in base64url, RFC 7636 4.2
VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636 4.1
GRANT_LETTERS: Final = 32
LONGEST_TEXT: Final = 255  # of state and nonce: they are handed back as they came


@dataclass(frozen=True)
class Asked:
    """What an application asks of a person's browser, as it stood in the address."""

    scopes: tuple[str, ...]
    state: str
    nonce: str
    challenge: str
    prompt: frozenset[str]
    longest: int | None  # seconds since she signed in


def wrong_address(address: str) -> bool:
    """
    A return address is https, or http on the person's own machine (RFC 8252 7.3), whole, without fragment, wildcard
    or name and password in it.
    """
    try:
        parts = urlsplit(address)
        host = (parts.netloc.rpartition(":")[0] or parts.netloc) if parts.port else parts.netloc
    except ValueError:
        return True
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    return not safe or not host or "@" in parts.netloc or "*" in address or "#" in address or " " in address


def read(given: Mapping[str, str]) -> Asked | str:
    """What is asked, or the error of RFC 6749 4.1.2.1 and OpenID Connect Core 3.1.2.6 that the application is told."""
    prompt = frozenset(given.get("prompt", "").split())
    longest = given.get("max_age", "")
    asked = Asked(
        tuple(dict.fromkeys(given.get("scope", "").split())),
        given.get("state", ""),
        given.get("nonce", ""),
        given.get("code_challenge", ""),
        prompt,
        int(longest) if longest.isdecimal() and len(longest) < 10 else None,
    )
    if given.get("response_type") != "code":
        return "unsupported_response_type"
    if given.get("request") or given.get("request_uri"):
        return "request_not_supported"
    wrong = (
        given.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(asked.challenge),
        len(asked.state) > LONGEST_TEXT or len(asked.nonce) > LONGEST_TEXT,
        bool(longest) and asked.longest is None,
        "none" in prompt and len(prompt) > 1,
        given.get("response_mode", "query") != "query",
    )
    return "invalid_request" if any(wrong) else asked


def scopes_allowed(asked: Iterable[str], registered: Iterable[str]) -> bool:
    """`openid` is there and nothing beyond what the application is registered for."""
    wanted = set(asked)
    return "openid" in wanted and wanted <= set(registered)


def proves(verifier: str, challenge: str) -> bool:
    """PKCE, S256 (RFC 7636 4.6)."""
    if not VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    found = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(found, challenge)


def digest_of(secret: str) -> str:
    """Of a secret of 256 random bits; no slow hash is needed against guessing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def text_of(grant_id: UUID, secret: str) -> str:
    """A code or token as the application gets it: the root it belongs to, then the secret."""
    return f"{grant_id.hex}{secret}"


def root_of(text: str) -> UUID | None:
    """The grant a code or token says it belongs to; None for what is none of ours."""
    head = text[:GRANT_LETTERS]
    return UUID(head) if re.fullmatch(r"[0-9a-f]{32}", head) else None


def with_answer(address: str, answer: Mapping[str, str]) -> str:
    """A return address with the answer appended to its own query (RFC 6749 3.1.2)."""
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True) + [(k, v) for k, v in answer.items() if v]
    return urlunsplit(parts._replace(query=urlencode(query)))


def same(digest: str, other: str) -> bool:
    """Compared in the same time wherever they differ."""
    return hmac.compare_digest(digest, other)
