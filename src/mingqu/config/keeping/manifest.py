"""
What a backup says about itself: `manifest.json`, written last, so that a backup cut short is none.

It is signed under the master key of the installation it was made from: nobody without that key can alter a backup
unnoticed, and a restore beside another key is refused before anything is written.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mingqu.config.launcher_process import LauncherError
from mingqu.kernel import suites
from mingqu.kernel.errors import DomainError
from mingqu.kernel.keyring import Keyring, read_key_file, read_ring

FORMAT = 1
NAME = "manifest.json"


class BackupRefused(LauncherError):
    """This backup is not brought back; nothing was written."""


@dataclass(frozen=True)
class Part:
    """A file of the backup: its bytes as they lie there, and their SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything but the data. `rows`: how many each table had; `migrations`: what had been applied, by name."""

    made_at: str
    kind: str
    product: str
    postgres: str
    state: dict[str, str]
    migrations: list[str]
    rows: dict[str, int]
    checkpoint: int
    files: int
    files_size: int
    parts: list[Part]
    sealed: bool
    master_keys: dict[
        str, str
    ]  # version → fingerprint and cipher of the keys that open it; they are not in the backup
    format: int = FORMAT
    mac: str = field(default="")


def fingerprints(key_file: Path) -> dict[str, str]:
    """
    Version → 16 hex signs by which a master key is known without being told, and the name of its cipher where that is
    not `aes`.
    """
    ring = read_ring(key_file)
    return {str(version): _fingerprint(ring, version) for version in sorted(read_key_file(key_file))}


def _fingerprint(ring: Keyring, version: int) -> str:
    known = hashlib.sha256(ring.derive("backup.name", version)).hexdigest()[:16]
    cipher = ring.suite(version).name
    return known if cipher == suites.DEFAULT else f"{known} {cipher}"


def keys_told(master_keys: Mapping[str, str]) -> str:
    """For operators: each fingerprint with its cipher."""
    return ", ".join(one if " " in one else f"{one} {suites.DEFAULT}" for one in sorted(master_keys.values()))


def write(folder: Path, manifest: Manifest, key_file: Path) -> None:
    said = asdict(manifest)
    said["mac"] = _mac(said, read_ring(key_file))
    (folder / NAME).write_text(json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")


def read(folder: Path, key_file: Path) -> Manifest:
    """Raises BackupRefused for what is no backup, was altered, is of a newer format, or of another master key."""
    if not key_file.exists():
        raise BackupRefused(
            f"The master key {key_file} is missing. It is not in the backup: bring it back from its copy first."
        )
    try:
        said = json.loads((folder / NAME).read_text("utf-8"))
        form, keys = int(said["format"]), {str(int(v)): str(k) for v, k in said["master_keys"].items()}
    except FileNotFoundError as none:
        raise BackupRefused(
            f"{folder} holds no {NAME}: it is no backup, or one that was cut short."
        ) from none
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise BackupRefused(f"{folder / NAME} can't be read: the backup is damaged.") from wrong
    if form > FORMAT:
        raise BackupRefused(
            f"{folder} was made by a newer version (format {form}): install that version first."
        )
    try:
        ours = fingerprints(key_file)
    except DomainError as refused:
        raise BackupRefused(f"{key_file}: {refused.message}") from refused
    if not keys or not keys.items() <= ours.items():
        raise BackupRefused(
            f"The backup belongs to the master key {keys_told(keys)}; {key_file} holds {keys_told(ours)}. "
            "With another key nothing in it can be read; the cipher at the end of its line belongs to it."
        )
    if not hmac.compare_digest(str(said.get("mac", "")), _mac(said, read_ring(key_file))):
        raise BackupRefused(f"{folder / NAME} was altered after it was written: the backup is not trusted.")
    return _made_of(said)


def digest_of(path: Path) -> Part:
    """Size and SHA-256 of a file, read once."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(2**20):
            found.update(block)
            size += len(block)
    return Part(path.name, size, found.hexdigest())


def _made_of(said: dict[str, Any]) -> Manifest:
    return Manifest(**{**said, "parts": [Part(**part) for part in said["parts"]]})


def _mac(said: dict[str, Any], ring: Keyring) -> str:
    body = json.dumps({**said, "mac": ""}, ensure_ascii=False, sort_keys=True).encode()
    return ring.mac("backup.manifest", body, max(int(version) for version in said["master_keys"])).hex()
