"""SM2 with SM3: the example of the standard, what another implementation made, and whatever does not hold."""

import pickle
import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from mingqu.kernel import sm2

# GB/T 32918.5, appendix A.2 (GM/T 0003.5): scalar, number used once, point, digest, signature over "message digest".
SCALAR = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
ONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
POINT = (
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
DIGEST = 0xF0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
TEXT = b"message digest"
# Made by OpenSSL 3.0: pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678, over "hello".
OPENSSL_KEY = bytes.fromhex(
    "3059301306072a8648ce3d020106082a811ccf5501822d03420004a4cb8fd94ba01ebab635366c2acc796997248a72c8"
    "a0c1e707585ee4cde9ed6610ccfb7ed20ab4f5bb18b7c0c16e5108e4d2b7c576d6f24789bd4733c6c0e58c"
)
OPENSSL_SIGNATURE = bytes.fromhex(
    "304402203e35f14e8b2a4a0c6c1f4d110e60793033ae49ab9378a1a94b978db46858009602200e67bbd2422eda199c3f"
    "ddb641afda7b864cd58f670f7794a78835d88817e573"
)


@pytest.fixture(scope="module")
def key():
    return sm2.private_key(SCALAR)


def test_the_example_of_the_standard_comes_out(key):
    assert sm2.point_bytes(key.public).hex() == POINT
    assert sm2.digest_of(key.public, TEXT) == DIGEST
    assert sm2.sign_with(key, TEXT, lambda: ONCE) == encode_dss_signature(R, S)
    assert sm2.verify(key.public, encode_dss_signature(R, S), TEXT)


def test_a_signature_that_openssl_made_holds():
    point = sm2.public_point(OPENSSL_KEY[-64:])

    assert sm2.verify(point, OPENSSL_SIGNATURE, b"hello")
    assert not sm2.verify(point, OPENSSL_SIGNATURE, b"hellp")


@limits(max_examples=10)
@given(st.binary(max_size=100), st.integers(0, 8 * 70))
def test_what_is_signed_holds_for_its_key_and_text_only(text, bit):
    key, other = sm2.generate(), sm2.generate()
    signature = bytearray(sm2.sign(key, text))

    assert sm2.verify(key.public, bytes(signature), text)
    assert not sm2.verify(other.public, bytes(signature), text)
    assert not sm2.verify(key.public, bytes(signature), text + b"x")
    signature[bit // 8 % len(signature)] ^= 1 << bit % 8
    assert not sm2.verify(key.public, bytes(signature), text)


@pytest.mark.parametrize(
    ("r", "s"),
    [(0, S), (R, 0), (sm2.N, S), (R, sm2.N), (R + sm2.N, S), (R, S + sm2.N), (R, sm2.N - R), (S, R)],
)
def test_numbers_outside_the_standards_bounds_or_in_other_places_are_no_signature(key, r, s):
    assert not sm2.verify(key.public, encode_dss_signature(r, s), TEXT)


@pytest.mark.parametrize("data", [b"", b"\x30", b"x" * 64, encode_dss_signature(R, S) + b"\x00"])
def test_what_is_no_signature_is_answered_and_not_raised(key, data):
    assert not sm2.verify(key.public, data, TEXT)


@pytest.mark.parametrize(
    "data", [bytes(64), b"", bytes.fromhex(POINT)[:63], bytes.fromhex(POINT)[::-1], b"\xff" * 64]
)
def test_what_is_not_on_the_curve_is_no_public_key(data):
    with pytest.raises(ValueError, match="not a point"):
        sm2.public_point(data)


@pytest.mark.parametrize("scalar", [0, sm2.N - 1, sm2.N, 2**256 - 1])
def test_a_scalar_outside_the_standards_bounds_is_no_key(scalar):
    with pytest.raises(ValueError, match="no SM2 key"):
        sm2.private_key(scalar.to_bytes(32, "big"))


def test_the_order_of_the_point_is_what_it_should_be():
    """n · G is the point at infinity, (n - 1) · G is -G: a wrong constant would show."""
    assert sm2._climb(sm2.N)[2] == 0
    assert sm2._affine(sm2._climb(sm2.N - 1)) == (sm2.G[0], sm2.P - sm2.G[1])


def test_a_number_used_once_that_gives_no_signature_is_drawn_again(key, monkeypatch):
    """r + k = n would give s = -r: anybody could take the key from it."""
    drawn = iter([(sm2.N - DIGEST) % sm2.N, ONCE])
    first = sm2._climb
    monkeypatch.setattr(sm2, "_climb", lambda once: (0, 1, 1) if once != ONCE else first(once))

    assert sm2.sign_with(key, TEXT, lambda: next(drawn)) == encode_dss_signature(R, S)


def test_two_signatures_over_one_text_differ(key):
    assert sm2.sign(key, TEXT) != sm2.sign(key, TEXT)


def test_a_private_key_is_neither_printed_nor_serialised(key):
    assert str(key.scalar) not in repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_any_two_points_are_added_right():
    """Equal, opposite and infinity too: the sums by the text-book, (a + b) · G."""
    numbers = [0, 1, 2, secrets.randbelow(sm2.N), sm2.N - 1]
    for a in numbers:
        for b in numbers:
            both, whole = sm2._add(sm2._climb(a), sm2._climb(b)), sm2._climb((a + b) % sm2.N)
            assert (both[2] == 0) == (whole[2] == 0)
            assert not both[2] or sm2._affine(both) == sm2._affine(whole)
