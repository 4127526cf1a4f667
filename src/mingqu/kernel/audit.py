"""
The audit ledger, pure part: what an entry says, how it is hashed, how entries become a Merkle tree.

An entry is chained to the one before it in its root. Its notes enter the hash as salted digests, so that a
note can be taken out later without breaking the chain. No Django here: `mingqu verify` runs this offline.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from mingqu.kernel.json import canonical

GENESIS = bytes(32)
LEAF, NODE = b"\x00", b"\x01"


def note_digest(salt: bytes, name: str, value: Any) -> str:
    """Salted digest of one note; without the salt a short value can't be guessed from it."""
    return hmac.new(salt, canonical([name, value]), hashlib.sha256).hexdigest()


def entry_hash(body: Mapping[str, Any], previous: bytes) -> bytes:
    """The chain link: SHA-256 over the previous link and the canonical body."""
    return hashlib.sha256(previous + canonical(body)).digest()


def leaf_hash(link: bytes) -> bytes:
    return hashlib.sha256(LEAF + link).digest()


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def merkle_root(links: Sequence[bytes]) -> bytes:
    """Root of the tree over entry links; an odd node rises unchanged. Raises ValueError when empty."""
    if not links:
        raise ValueError("no leaves")
    level = [leaf_hash(link) for link in links]
    while len(level) > 1:
        level = [
            _pair(*level[i : i + 2]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)
        ]
    return level[0]


def merkle_path(links: Sequence[bytes], index: int) -> list[tuple[str, str]]:
    """Siblings from leaf to root as (side, hex); sides are 'left' and 'right'."""
    level, path = [leaf_hash(link) for link in links], []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(("left" if sibling < index else "right", level[sibling].hex()))
        level = [
            _pair(*level[i : i + 2]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)
        ]
        index //= 2
    return path


def root_from_path(link: bytes, path: Sequence[Sequence[str]]) -> bytes:
    node = leaf_hash(link)
    for side, sibling in path:
        other = bytes.fromhex(sibling)
        node = _pair(other, node) if side == "left" else _pair(node, other)
    return node


def checkpoint_body(number: int, at: str, size: int, root: bytes, previous: bytes) -> bytes:
    """What a checkpoint's signature covers; `previous` is the hash of the checkpoint before."""
    return canonical(
        {"number": number, "at": at, "size": size, "root": root.hex(), "previous": previous.hex()}
    )
