"""
The master keys of an installation: a 0600 file outside the data folder.

Each line is `version base64(32 bytes)`; a lone base64 line is version 1. The highest version encrypts,
every listed version decrypts, so a rotation adds a line and later drops one (rotation.py).

Of a dropped version one derived key may be kept, as `version purpose base64`: digests in the audit ledger can
never be made anew, and without it nobody could prove what they stand for.

A line may end in the name of a cipher suite (suites.py), as `version base64 sm4`; without one it is `aes`. An older
release that does not know of suites refuses such a file.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path

from mingqu.kernel import suites
from mingqu.kernel.errors import KeyMissing
from mingqu.kernel.suites import KEY_BYTES, Suite

Kept = dict[tuple[int, str], bytes]  # (version, purpose) → derived key of a master key that is gone
Stamp = tuple[str, int, int, int]


def read_key_file(path: Path) -> dict[int, bytes]:
    """Version to key. Raises KeyMissing if the file is absent or no line of it is a key."""
    keys = {}
    for parts, _ in _lines(path):
        if len(parts) <= 2:
            keys[_version(parts)] = _key(parts[-1])
    if not keys:
        raise KeyMissing()
    return keys


def read_kept(path: Path) -> Kept:
    """What is kept of dropped versions. Raises KeyMissing as above."""
    return {(int(parts[0]), parts[1]): _key(parts[2]) for parts, _ in _lines(path) if len(parts) == 3}


def read_ciphers(path: Path) -> dict[int, str]:
    """Version to the name of its cipher suite. Raises KeyMissing as above."""
    return {_version(parts): cipher for parts, cipher in _lines(path)}


def _lines(path: Path) -> list[tuple[list[str], str]]:
    """The words of each line, and the cipher that its last one names."""
    try:
        lines = [line.split() for line in path.read_text("ascii").splitlines() if line.strip()]
    except OSError as error:
        raise KeyMissing() from error
    return [_told_apart(words) for words in lines]


def _told_apart(words: list[str]) -> tuple[list[str], str]:
    """A key in base64 is longer than any name of a cipher."""
    names_cipher = len(words) > 1 and len(words[-1]) < KEY_BYTES
    return (words[:-1], words[-1]) if names_cipher else (words, suites.DEFAULT)


def _version(parts: list[str]) -> int:
    return int(parts[0]) if len(parts) > 1 else 1


def _key(text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise KeyMissing() from error
    if len(found) != KEY_BYTES:
        raise KeyMissing()
    return found


def key_line(version: int, key: bytes, cipher: str, purpose: str = "") -> str:
    """`purpose`: of a key derived from a master key that is gone."""
    words = [str(version), purpose, base64.b64encode(key).decode("ascii")]
    return " ".join(word for word in [*words, "" if cipher == suites.DEFAULT else cipher] if word) + "\n"


def write_key_file(
    path: Path,
    keys: Mapping[int, bytes],
    kept: Mapping[tuple[int, str], bytes] = {},
    ciphers: Mapping[int, str] = {},
) -> None:
    """
    Replace the file as a whole, mode 0600, so that a crash leaves the old or the new one. `ciphers`: of each version,
    as `read_ciphers` gives them.
    """
    fresh = path.with_suffix(".new")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        for version, key in sorted(keys.items()):
            file.write(key_line(version, key, ciphers.get(version, suites.DEFAULT)))
        for (version, purpose), key in sorted(kept.items()):
            file.write(key_line(version, key, ciphers.get(version, suites.DEFAULT), purpose))
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Keyring:
    """Derives one key per purpose from each master key by its suite, so that no key serves two ends."""

    def __init__(
        self,
        masters: Mapping[int, bytes],
        kept: Mapping[tuple[int, str], bytes] | None = None,
        ciphers: Mapping[int, str] = {},
    ) -> None:
        """Raises CipherMissing if a version names a suite that this machine does not have."""
        self._masters = dict(masters)
        self.active = max(self._masters)
        self._derived: Kept = dict(kept or {})
        self._kept = frozenset(self._derived)
        known = self._masters.keys() | {version for version, _ in self._kept}
        self._suites = {version: suites.suite(ciphers.get(version, suites.DEFAULT)) for version in known}

    def derive(self, purpose: str, version: int | None = None) -> bytes:
        """The 32-byte key for `purpose`; of the active version unless one is named. Raises KeyMissing."""
        version = self.active if version is None else version
        found = self._derived.get((version, purpose))
        if found is None:
            if version not in self._masters:
                raise KeyMissing()
            derived = self.suite(version).derive(self._masters[version], purpose)
            found = self._derived[version, purpose] = derived
        return found

    def mac(self, purpose: str, data: bytes, version: int | None = None) -> bytes:
        """Digest of `data` (32 bytes) under the key for `purpose`. Raises KeyMissing."""
        return self.suite(version).mac(self.derive(purpose, version), data)

    def suite(self, version: int | None = None) -> Suite:
        """What the keys of a version are used with; of the active one unless one is named. Raises KeyMissing."""
        found = self._suites.get(self.active if version is None else version)
        if found is None:
            raise KeyMissing()
        return found

    def versions(self, purpose: str) -> list[int]:
        """Every version that has a key for `purpose`, kept ones too, the newest first."""
        kept = {version for version, known in self._kept if known == purpose}
        return sorted(self._masters.keys() | kept, reverse=True)

    @property
    def oldest(self) -> int:
        return min(self._masters)


def read_ring(path: Path) -> Keyring:
    """All of a key file. Raises KeyMissing, CipherMissing."""
    return Keyring(read_key_file(path), read_kept(path), read_ciphers(path))


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
        held = _held = (stamp, read_ring(Path(path)))
    return held[1]
