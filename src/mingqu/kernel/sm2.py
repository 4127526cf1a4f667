"""
Signatures by SM2 with SM3 (GB/T 32918.2) on the curve of GB/T 32918.5, under the standard's own user id.

No library that this product rests on has the curve, so it stands here, small. Checking works on public values only.
Signing is meant for what signs in the background now and then: the scalar and the coordinates are blinded and every
bit takes the same steps, but numbers of Python do not take the same time for every value (decision 0046).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
BYTES = 32
USER_ID = b"1234567812345678"
BLINDING_BITS = 64

Point = tuple[int, int]
Projective = tuple[int, int, int]  # X:Y:Z; (0, 1, 0) is the point at infinity
INFINITY: Projective = (0, 1, 0)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A scalar and its point. Never printed."""

    scalar: int
    public: Point

    def __repr__(self) -> str:
        return "PrivateKey(…)"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a private key is not serialised")


def generate() -> PrivateKey:
    return private_key((secrets.randbelow(N - 2) + 1).to_bytes(BYTES, "big"))


def private_key(scalar: bytes) -> PrivateKey:
    """From its 32 bytes. Raises ValueError for what is no key."""
    value = int.from_bytes(scalar, "big")
    if len(scalar) != BYTES or not 0 < value < N - 1:
        raise ValueError("no SM2 key")
    return PrivateKey(value, _affine(_climb(value)))


def public_point(data: bytes) -> Point:
    """From X and Y, 32 bytes each. Raises ValueError for what is not on the curve."""
    x, y = int.from_bytes(data[:BYTES], "big"), int.from_bytes(data[BYTES:], "big")
    if len(data) != 2 * BYTES or x >= P or y >= P or (y * y - (x * x * x + A * x + B)) % P:
        raise ValueError("not a point of the SM2 curve")
    return x, y


def point_bytes(point: Point) -> bytes:
    return b"".join(value.to_bytes(BYTES, "big") for value in point)


def sign(key: PrivateKey, message: bytes) -> bytes:
    """The signature in DER."""
    return sign_with(key, message, lambda: secrets.randbelow(N - 1) + 1)


def sign_with(key: PrivateKey, message: bytes, draw: Callable[[], int]) -> bytes:
    """`draw` gives the number used once; a test brings that of the standard's example."""
    digest = digest_of(key.public, message)
    while True:
        once = draw()
        x, _ = _affine(_climb(once))
        r = (digest + x) % N
        blind = secrets.randbelow(N - 1) + 1
        inverse = blind * pow(blind * (1 + key.scalar), -1, N)
        s = (inverse * (once + r) - r) % N  # = (once - r * scalar) / (1 + scalar)
        if r and s and r + once != N:
            return encode_dss_signature(r, s)


def verify(public: Point, signature: bytes, message: bytes) -> bool:
    """Whether this is a signature in DER over the message. Never raises for a bad one."""
    try:
        r, s = decode_dss_signature(signature)
    except ValueError:
        return False
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N and t):
        return False
    found = _sum_of(s, t, public)
    if not found[2]:
        return False
    return (digest_of(public, message) + _affine(found)[0]) % N == r


def digest_of(public: Point, message: bytes) -> int:
    """e of the standard: the message after what is known of the curve, the user id and the key (Z)."""
    known = b"".join(value.to_bytes(BYTES, "big") for value in (A, B, *G, *public))
    entry = (8 * len(USER_ID)).to_bytes(2, "big")
    return int.from_bytes(_sm3(_sm3(entry + USER_ID + known) + message), "big")


def _sm3(data: bytes) -> bytes:
    hashed = hashes.Hash(hashes.SM3())
    hashed.update(data)
    return hashed.finalize()


def _add(one: Projective, other: Projective) -> Projective:
    """Any two points of a curve with a = -3, equal or not, infinity too (Renes, Costello, Batina 2016)."""
    (x1, y1, z1), (x2, y2, z2) = one, other
    xx, yy, zz = x1 * x2, y1 * y2, z1 * z2
    xy = (x1 + y1) * (x2 + y2) - xx - yy
    yz = (y1 + z1) * (y2 + z2) - yy - zz
    xz = (x1 + z1) * (x2 + z2) - xx - zz
    u, v, w = 3 * (xz - B * zz) % P, 3 * (B * xz - 3 * zz - xx) % P, 3 * (xx - zz)
    plus, minus = yy + u, yy - u
    return (xy * plus - yz * v) % P, (plus * minus + w * v) % P, (yz * minus + xy * w) % P


def _climb(scalar: int) -> Projective:
    """scalar · G by a ladder: for each bit, one or nought, two additions; scalar and coordinates blinded."""
    blinded = scalar + secrets.randbits(BLINDING_BITS) * N
    z = secrets.randbelow(P - 1) + 1
    low, high = INFINITY, (G[0] * z % P, G[1] * z % P, z)
    for place in reversed(range(8 * BYTES + BLINDING_BITS)):
        between = _add(low, high)
        low, high = (between, _add(high, high)) if blinded >> place & 1 else (_add(low, low), between)
    return low


def _sum_of(s: int, t: int, public: Point) -> Projective:
    """s · G + t · public; of public values, so in as few steps as there are."""
    base, other = (*G, 1), (*public, 1)
    both, found = _add(base, other), INFINITY
    for place in reversed(range(8 * BYTES)):
        found = _add(found, found)
        bits = (s >> place & 1, t >> place & 1)
        if any(bits):
            found = _add(found, both if all(bits) else base if bits[0] else other)
    return found


def _affine(point: Projective) -> Point:
    inverse = pow(point[2], -1, P)
    return point[0] * inverse % P, point[1] * inverse % P
