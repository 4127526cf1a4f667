"""
A telling signed with a shared secret (HMAC-SHA256 over the instant and the bytes of the body), and how it reads. Of our
own making, as the payments room has it: no common standard of such callbacks was seen (verified: false).
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from mingqu.exchange.errors import CallbackStale, CallbackUnreadable, SignatureWrong
from mingqu.exchange.states_file import YEARS
from mingqu.exchange.types import OUTSIDE, Result, Telling
from mingqu.kernel.types import Instant

SIGNATURE, SENT = "X-Exchange-Signature", "X-Exchange-Sent"
FRESH = timedelta(minutes=10)
LONGEST, LONGEST_WORDS, LARGEST_SEQ = 64, 1000, 2**31 - 1


def sign(secret: bytes, sent: str, body: bytes) -> str:
    return hmac.new(secret, sent.encode("ascii") + b"." + body, sha256).hexdigest()


def read(
    secret: bytes,
    headers: Mapping[str, str],
    body: bytes,
    at: Instant,
    states: Mapping[str, str] | None = None,
) -> Telling:
    """Raises SignatureWrong, CallbackStale, CallbackUnreadable; the signature is looked at first."""
    given = {name.lower(): value for name, value in headers.items()}
    signature, sent = given.get(SIGNATURE.lower(), ""), given.get(SENT.lower(), "")
    plain = sent.isascii() and signature.isascii()
    if not plain or not hmac.compare_digest(sign(secret, sent, body), signature):
        raise SignatureWrong()
    try:
        sent_at, said = datetime.fromisoformat(sent), json.loads(body)
        if sent_at.tzinfo is None or not isinstance(said, dict):
            raise CallbackUnreadable()
        told = telling(said, states)
    except (ValueError, RecursionError) as unreadable:
        raise CallbackUnreadable() from unreadable
    if abs(at - sent_at) > FRESH:
        raise CallbackStale()
    return told


def telling(said: dict[str, Any], states: Mapping[str, str] | None = None) -> Telling:
    """`states`: their word for a state → ours. Raises CallbackUnreadable."""
    try:
        happened_at, seq = datetime.fromisoformat(said["happened_at"]), said.get("seq", 0)
        result = said.get("result") or {}
        texts = [said["reference"], said.get("number", ""), *(result.get(name, "") for name in RESULT)]
        words, state = said.get("words", ""), (states or {}).get(said["state"], said["state"])
        fits = all(isinstance(one, str) and len(one) <= LONGEST and "\0" not in one for one in texts)
        plain = isinstance(words, str) and len(words) <= LONGEST_WORDS and "\0" not in words
        counted = type(seq) is int and 0 <= seq <= LARGEST_SEQ
    except (KeyError, TypeError, ValueError, AttributeError) as unreadable:
        raise CallbackUnreadable() from unreadable
    if not fits or not plain or not counted or state not in OUTSIDE or happened_at.tzinfo is None:
        raise CallbackUnreadable()
    if happened_at.year not in YEARS:
        raise CallbackUnreadable()
    return Telling(texts[0], state, happened_at, seq, texts[1], words, Result(*texts[2:]))


RESULT = ("number", "name", "credit_code")


def written(told: Telling) -> dict[str, Any]:
    """The same the other way round."""
    return {
        "reference": told.reference,
        "state": told.state,
        "happened_at": told.happened_at.isoformat(),
        "seq": told.seq,
        "number": told.number,
        "words": told.words,
        "result": {name: getattr(told.result, name) for name in RESULT},
    }
