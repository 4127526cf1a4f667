"""
The stored files of all backups of one shelf: `files/ab/cd/<name>`, each once.

A stored file's name is a digest of its content and the file is never written again, so a copy that is there needs no
second one. It is already encrypted under the master key. What each backup needs stands in its own list.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mingqu.config.launcher_process import LauncherError

NAME = "files"
EVERY = 2000  # files between two lines of progress
Say = Callable[[str], None]


class FileDamaged(LauncherError):
    """A stored file of the shelf is missing or is not what was copied."""


@dataclass(frozen=True)
class Listed:
    """One stored file of a backup."""

    address: str
    size: int
    sha256: str

    def line(self) -> bytes:
        return json.dumps([self.address, self.size, self.sha256]).encode() + b"\n"


def listed_in(lines: Iterator[bytes]) -> Iterator[Listed]:
    """The list of a backup, read line by line from blocks of any size."""
    waiting = b""
    for block in lines:
        *whole, waiting = (waiting + block).split(b"\n")
        for line in whole:
            address, size, sha256 = json.loads(line)
            yield Listed(str(address), int(size), str(sha256))


def copy_in(files: Path, shelf: Path, known: dict[str, Listed], say: Say) -> Iterator[Listed]:
    """
    Every stored file there is, copied to the shelf where it is not there yet. `known`: what the backup before this
    one listed, so that what was copied then is not read again.
    """
    for number, address in enumerate(addresses(files), start=1):
        found = known.get(address)
        place = shelf / NAME / address
        if found is None or not place.exists() or place.stat().st_size != found.size:
            found = _copied(files / address, place, address)
        yield found
        if number % EVERY == 0:
            say(f"{number} files")


def addresses(files: Path) -> Iterator[str]:
    """Names below the folder of stored files, in order; a file being written at this moment is none yet."""
    for folder, inner, names in os.walk(files):
        inner.sort()
        for name in sorted(names):
            if not name.startswith("."):
                yield (Path(folder) / name).relative_to(files).as_posix()


def check(shelf: Path, listed: Listed) -> Path:
    """Where it lies on the shelf. Raises FileDamaged when it is missing or altered."""
    place = shelf / NAME / listed.address
    if not place.resolve().is_relative_to((shelf / NAME).resolve()):
        raise FileDamaged(f"The list of files names {listed.address}, which lies outside the shelf.")
    digest = hashlib.sha256()
    try:
        with place.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    except FileNotFoundError as gone:
        raise FileDamaged(f"The stored file {listed.address} is missing on the shelf {shelf}.") from gone
    if digest.hexdigest() != listed.sha256:
        raise FileDamaged(f"The stored file {listed.address} on the shelf {shelf} is damaged.")
    return place


def copy_out(shelf: Path, listed: Listed, files: Path) -> None:
    """Back to an installation, checked on the way. Raises FileDamaged."""
    target = files / listed.address
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(check(shelf, listed), target)
    target.chmod(0o600)


def drop_unlisted(shelf: Path, kept: set[str]) -> int:
    """Remove what no backup of the shelf lists any more; how many."""
    dropped = 0
    for address in list(addresses(shelf / NAME)):
        if address not in kept:
            (shelf / NAME / address).unlink()
            dropped += 1
    return dropped


def _copied(source: Path, place: Path, address: str) -> Listed:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = place.with_name(f".{place.name}.{os.getpid()}")
    digest, size = hashlib.sha256(), 0
    with (
        source.open("rb") as file,
        os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
    ):
        while block := file.read(2**20):
            digest.update(block)
            out.write(block)
            size += len(block)
        out.flush()
        os.fsync(out.fileno())
    os.replace(fresh, place)
    return Listed(address, size, digest.hexdigest())
