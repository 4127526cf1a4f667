"""
The protocol's cryptography, for both sides; the standard library alone. The program signs the very bytes of an answer,
so that nothing has to be written the same way twice.
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from hashlib import sha256

PROTOCOL = "1"
MOST = 64 * 1024  # characters of an answer that comes to the platform; pictures go as files


def page_token(secret: str) -> str:
    """What a page of the window shows the program: follows from the secret, and does not give it away."""
    return hmac.new(secret.encode(), b"page", sha256).hexdigest()


def sign(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), b"answer." + body, sha256).hexdigest()


def sealed(secret: str, body: bytes) -> str:
    """An answer as one text: its bytes in base64, a point, the signature."""
    return f"{b64encode(body).decode()}.{sign(secret, body)}"


def opened(text: str, most: int = MOST) -> tuple[bytes, str]:
    """The bytes and the signature, not verified yet. Raises ValueError."""
    if len(text) > most or not text.isascii():
        raise ValueError("too long, or no base64")
    body, point, signature = text.partition(".")
    if not point:
        raise ValueError("no signature")
    try:
        return b64decode(body, validate=True), signature
    except NotBase64 as wrong:
        raise ValueError("no base64") from wrong


def genuine(secret: str, body: bytes, signature: str) -> bool:
    return bool(secret) and hmac.compare_digest(sign(secret, body), signature)
