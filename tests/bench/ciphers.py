"""Personal data at rest: SM4-GCM beside AES-GCM in the same run, as columns and stored files use them."""

import os
import time
from collections.abc import Callable, Iterable

from mingqu.kernel import suites
from mingqu.kernel.suites import Suite
from tests.bench.figures import Figure

FILE, COLUMN, NUMBER = 2**20, 60, 18  # bytes
ROUNDS, SECONDS = 7, 0.2  # in turn, so that a busy machine slows both; the best of each counts
CONTEXT = b"bench.row.column"


def bench() -> Iterable[Figure]:
    sm4, aes = suites.suite("sm4"), suites.suite("aes")
    for name, unit, size, deed in (
        ("sealing a file of 1 MiB, SM4-GCM beside AES-GCM", "MB/s", FILE, sealed),
        ("opening a file of 1 MiB, SM4-GCM beside AES-GCM", "MB/s", FILE, opened),
        ("a column of 60 bytes sealed and opened, SM4-GCM beside AES-GCM", "1/s", COLUMN, there_and_back),
        ("a number's digest, HMAC-SM3 beside HMAC-SHA256", "1/s", NUMBER, looked_up),
    ):
        ours, theirs = best(deed(sm4, os.urandom(size)), deed(aes, os.urandom(size)))
        scale = size / 1e6 if unit == "MB/s" else 1
        yield Figure(name, ours * scale, unit, "higher", beside=theirs * scale)


def sealed(suite: Suite, data: bytes) -> Callable[[], object]:
    key, nonce = suite.derive(bytes(32), "data"), bytes(suites.NONCE_BYTES)
    return lambda: suite.seal(key, nonce, data, CONTEXT)


def opened(suite: Suite, data: bytes) -> Callable[[], object]:
    key, nonce = suite.derive(bytes(32), "data"), bytes(suites.NONCE_BYTES)
    held = suite.seal(key, nonce, data, CONTEXT)
    return lambda: suite.open(key, nonce, held, CONTEXT)


def there_and_back(suite: Suite, data: bytes) -> Callable[[], object]:
    key = suite.derive(bytes(32), "data")

    def deed() -> bytes:
        nonce = os.urandom(suites.NONCE_BYTES)
        return suite.open(key, nonce, suite.seal(key, nonce, data, CONTEXT), CONTEXT)

    return deed


def looked_up(suite: Suite, data: bytes) -> Callable[[], object]:
    key = suite.derive(bytes(32), "blind:bench")
    return lambda: suite.mac(key, data)


def best(*deeds: Callable[[], object]) -> list[float]:
    """How often a second of processor each was done, in its best of several turns."""
    rates = [0.0] * len(deeds)
    for _ in range(ROUNDS):
        for place, deed in enumerate(deeds):
            rates[place] = max(rates[place], per_second(deed))
    return rates


def per_second(deed: Callable[[], object]) -> float:
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < SECONDS:
        deed()
        done += 1
    return done / spent
