"""
The master keys of an installation: a 0600 file outside the data folder.

Each line is `version base64(32 bytes)`; a lone base64 line is version 1. The highest version encrypts,
every listed version decrypts, so a rotation adds a line and later drops one (rotation.py).

Of a dropped version one derived key may be kept, as `version purpose base64`: digests in the audit ledger can
never be made anew, and without it nobody could prove what they stand for.
"""

import base64
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mingqu.kernel.errors import KeyMissing

KEY_BYTES = 32


Kept = dict[tuple[int, str], bytes]  # (version, purpose) → derived key of a master key that is gone
Stamp = tuple[str, int, int, int]


def read_key_file(path: Path) -> dict[int, bytes]:
    """Version to key. Raises KeyMissing if the file is absent or no line of it is a key."""
    keys = {}
    for parts in _lines(path):
        if len(parts) <= 2:
            version, text = (int(parts[0]), parts[1]) if len(parts) == 2 else (1, parts[0])
            keys[version] = _key(text)
    if not keys:
        raise KeyMissing()
    return keys


def read_kept(path: Path) -> Kept:
    """What is kept of dropped versions. Raises KeyMissing as above."""
    return {(int(parts[0]), parts[1]): _key(parts[2]) for parts in _lines(path) if len(parts) == 3}


def _lines(path: Path) -> list[list[str]]:
    try:
        return [line.split() for line in path.read_text("ascii").splitlines() if line.strip()]
    except OSError as error:
        raise KeyMissing() from error


def _key(text: str) -> bytes:
    found = base64.b64decode(text, validate=True)
    if len(found) != KEY_BYTES:
        raise KeyMissing()
    return found


def write_key_file(path: Path, keys: Mapping[int, bytes], kept: Mapping[tuple[int, str], bytes] = {}) -> None:
    """Replace the file as a whole, mode 0600, so that a crash leaves the old or the new one."""
    fresh = path.with_suffix(".new")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        for version, key in sorted(keys.items()):
            file.write(f"{version} {base64.b64encode(key).decode('ascii')}\n")
        for (version, purpose), key in sorted(kept.items()):
            file.write(f"{version} {purpose} {base64.b64encode(key).decode('ascii')}\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Keyring:
    """Derives one key per purpose from each master key (HKDF-SHA256), so that no key serves two ends."""

    def __init__(
        self, masters: Mapping[int, bytes], kept: Mapping[tuple[int, str], bytes] | None = None
    ) -> None:
        self._masters = dict(masters)
        self.active = max(self._masters)
        self._derived: Kept = dict(kept or {})
        self._kept = frozenset(self._derived)

    def derive(self, purpose: str, version: int | None = None) -> bytes:
        """The 32-byte key for `purpose`; of the active version unless one is named. Raises KeyMissing."""
        version = self.active if version is None else version
        found = self._derived.get((version, purpose))
        if found is None:
            if version not in self._masters:
                raise KeyMissing()
            kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=b"mingqu", info=purpose.encode())
            found = self._derived[version, purpose] = kdf.derive(self._masters[version])
        return found

    def versions(self, purpose: str) -> list[int]:
        """Every version that has a key for `purpose`, kept ones too, the newest first."""
        kept = {version for version, known in self._kept if known == purpose}
        return sorted(self._masters.keys() | kept, reverse=True)

    @property
    def oldest(self) -> int:
        return min(self._masters)


_held: tuple[Stamp, Keyring] | None = None


def keyring() -> Keyring:
    """
    The installation's keys. Read anew whenever the file was replaced, so that a running process follows a
    rotation from its next value on; as it was last read while the file can't be.
    """
    global _held  # noqa: PLW0603
    path = os.environ.get("MINGQU_MASTER_KEY_FILE", "")
    if not path:
        raise KeyMissing()
    held = _held
    try:
        seen = os.stat(path)
    except OSError as error:
        if held is not None and held[0][0] == path:
            return held[1]
        raise KeyMissing() from error
    stamp = (path, seen.st_ino, seen.st_mtime_ns, seen.st_size)
    if held is None or held[0] != stamp:
        held = _held = (stamp, Keyring(read_key_file(Path(path)), read_kept(Path(path))))
    return held[1]
