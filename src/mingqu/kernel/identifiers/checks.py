"""
Check characters of the four algorithms that Chinese identifiers use (standards: vectors in the tests).

All functions take text already in canonical form (upper case, allowed characters only).
"""

from __future__ import annotations

from typing import Final

CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I O S V Z
ALPHANUMERIC: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def credit_check(body: str) -> str:
    """GB 32100-2015 over 17 characters, modulus 31: finds every single error and adjacent swap."""
    total = sum(CREDIT_ALPHABET.index(ch) * w for ch, w in zip(body, _CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """
    GB 11714 over 8 characters, modulus 11, letters as 10 to 35.

    It cannot find one character taken for another that stands 11 or 22 places away (0 and B, A and L).
    """
    total = sum(ALPHANUMERIC.index(ch) * w for ch, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def citizen_check(body: str) -> str:
    """GB 11643-1999 (ISO 7064 MOD 11-2) over 17 digits: finds every single error and adjacent swap."""
    total = sum(int(ch) * w for ch, w in zip(body, _CITIZEN_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def mod37_36_step(product: int, ch: str) -> int:
    """One step of ISO 7064 MOD 37,36 from the running product (36 at the start)."""
    total = (product + ALPHANUMERIC.index(ch)) % 36 or 36
    return total * 2 % 37


def mod37_36_check(body: str) -> str:
    """
    ISO 7064 MOD 37,36 (hybrid), the check of e-certificate identifiers.

    Finds every single error, and every adjacent swap but one pair in each of its 36 states.
    """
    product = 36
    for ch in body:
        product = mod37_36_step(product, ch)
    return ALPHANUMERIC[(1 - product) % 36]
