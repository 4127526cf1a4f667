"""
The master keys of an installation: a 0600 file outside the data folder.

Each line is `version base64(32 bytes)`; a lone base64 line is version 1. The highest version encrypts,
every listed version decrypts, so a rotation adds a line and later drops one.
"""

import base64
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mingqu.kernel.errors import KeyMissing

KEY_BYTES = 32


def read_key_file(path: Path) -> dict[int, bytes]:
    """Version to key. Raises KeyMissing if the file is absent or no line of it is a key."""
    try:
        lines = [line.split() for line in path.read_text("ascii").splitlines() if line.strip()]
    except OSError as error:
        raise KeyMissing() from error
    keys = {}
    for parts in lines:
        version, text = (int(parts[0]), parts[1]) if len(parts) == 2 else (1, parts[0])
        keys[version] = base64.b64decode(text, validate=True)
        if len(keys[version]) != KEY_BYTES:
            raise KeyMissing()
    if not keys:
        raise KeyMissing()
    return keys


def write_key_file(path: Path, keys: Mapping[int, bytes]) -> None:
    """Replace the file as a whole, mode 0600, so that a crash leaves the old or the new one."""
    fresh = path.with_suffix(".new")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        for version, key in sorted(keys.items()):
            file.write(f"{version} {base64.b64encode(key).decode('ascii')}\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


class Keyring:
    """Derives one key per purpose from each master key (HKDF-SHA256), so that no key serves two ends."""

    def __init__(self, masters: Mapping[int, bytes]) -> None:
        self._masters = dict(masters)
        self.active = max(self._masters)
        self._derived: dict[tuple[int, str], bytes] = {}

    def derive(self, purpose: str, version: int | None = None) -> bytes:
        """The 32-byte key for `purpose`; of the active version unless one is named. Raises KeyMissing."""
        version = self.active if version is None else version
        if version not in self._masters:
            raise KeyMissing()
        found = self._derived.get((version, purpose))
        if found is None:
            kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=b"mingqu", info=purpose.encode())
            found = self._derived[version, purpose] = kdf.derive(self._masters[version])
        return found

    @property
    def versions(self) -> list[int]:
        """Every listed one, the newest first."""
        return sorted(self._masters, reverse=True)

    @property
    def oldest(self) -> int:
        return min(self._masters)


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """The installation's keys, read once per process."""
    path = os.environ.get("MINGQU_MASTER_KEY_FILE", "")
    if not path:
        raise KeyMissing()
    return Keyring(read_key_file(Path(path)))
