"""The keys that sign who somebody is: made when needed, exchanged every quarter, published before they sign."""

import base64
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db.models import Q

from mingqu.identity.models import SigningKey
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant

ALGORITHM = "RS256"  # what every client has to understand (OpenID Connect Core 15.1)
BITS = 2048
EXCHANGED = timedelta(days=90)
AHEAD = timedelta(days=1)  # published before it signs
BEHIND = timedelta(days=1)  # published after the next one signs; what it signed is valid for minutes
ROOT = uuid5(NAMESPACE_URL, "mingqu:openid-keys")
PLATFORM = Actor.system("openid")


def sign(claims: dict[str, Any], at: Instant) -> str:
    """A signed statement (JWS) under the key that signs now."""
    key = _signing(at)
    return jwt.encode(claims, key.private_pem, algorithm=ALGORITHM, headers={"kid": str(key.id)})


def opened(text: str, at: Instant) -> dict[str, Any] | None:
    """The claims of a statement of ours, also one that has expired; None for anybody else's."""
    for row in _published(at):
        key = jwt.PyJWK(row.public).key
        try:
            found: dict[str, Any] = jwt.decode(
                text,
                key,
                algorithms=[ALGORITHM],
                options={"verify_exp": False, "verify_aud": False, "verify_iat": False},
            )
        except jwt.PyJWTError:
            continue
        return found
    return None


def published(at: Instant) -> list[dict[str, Any]]:
    """The public keys whoever checks needs; there is always one."""
    _signing(at)
    return [row.public for row in _published(at)]


def exchange(at: Instant) -> None:
    """Once a quarter a new key; old ones leave the list when nothing they signed is valid. Safe to run twice."""
    newest = SigningKey.objects.order_by("-signs_from").first()
    if newest is None or at - newest.signs_from < EXCHANGED:
        return
    fresh = _make(at, at + AHEAD)
    SigningKey.objects.filter(published_until=None).exclude(pk=fresh.pk).update(
        published_until=fresh.signs_from + BEHIND
    )


def _published(at: Instant) -> list[SigningKey]:
    return list(
        SigningKey.objects.filter(Q(published_until=None) | Q(published_until__gt=at)).order_by("-signs_from")
    )


def _signing(at: Instant) -> SigningKey:
    found = SigningKey.objects.filter(signs_from__lte=at).order_by("-signs_from", "id").first()
    return found or _make(at, at)


def _make(at: Instant, signs_from: Instant) -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    numbers = private.public_key().public_numbers()
    row = SigningKey(id=new_id(), private_pem=pem.decode(), signs_from=signs_from)
    row.public = {
        "kty": "RSA",
        "use": "sig",
        "alg": ALGORITHM,
        "kid": str(row.id),
        "n": _base64url(numbers.n),
        "e": _base64url(numbers.e),
    }
    with command("identity.make_signing_key", ROOT, by=PLATFORM, at=at, key=row.id) as cmd:
        row.save(force_insert=True)
        cmd.note(kid=str(row.id), signs_from=signs_from)
        cmd.done(None)
    return row


def _base64url(number: int) -> str:
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
