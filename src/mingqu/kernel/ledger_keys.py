"""
The keys that sign checkpoints of the audit ledger: one is in force, the ones before prove what they signed.

A new one is made on first use and by `mingqu keys ledger`; MINGQU_LEDGER_SIGNATURE says for which signature, else it is
the one in force. No process changes it by itself: two with different settings would take turns.
"""

import os

from mingqu.kernel import signatures
from mingqu.kernel.crypto import decrypt_bytes, encrypt_bytes
from mingqu.kernel.models import LedgerKey
from mingqu.kernel.signatures import Scheme
from mingqu.kernel.types import Instant

CONTEXT = b"kernel.ledgerkey.private"


def newest(at: Instant) -> LedgerKey:
    """The key in force; made on first use."""
    return in_force() or add(at)


def in_force() -> LedgerKey | None:
    return LedgerKey.objects.order_by("-since").first()


def add(at: Instant) -> LedgerKey:
    """Checkpoints are signed with it from now on. Raises SignatureUnknown."""
    public_pem, private = wanted().generate()
    return LedgerKey.objects.create(
        fingerprint=signatures.fingerprint(public_pem),
        public_pem=public_pem,
        private_sealed=encrypt_bytes(private, context=CONTEXT),
        since=at,
    )


def wanted() -> Scheme:
    """What a new key is for. Raises SignatureUnknown."""
    held = in_force()
    now = signatures.scheme_of(held.public_pem).name if held else signatures.DEFAULT
    return signatures.scheme(os.environ.get("MINGQU_LEDGER_SIGNATURE") or now)


def sign(key: LedgerKey, body: bytes) -> bytes:
    private = decrypt_bytes(bytes(key.private_sealed), context=CONTEXT)
    return signatures.scheme_of(key.public_pem).sign(private, body)
