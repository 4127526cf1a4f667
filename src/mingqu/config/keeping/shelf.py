"""A shelf: the folder that holds the backups of one installation, their stored files, and who writes to it now."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mingqu.config.keeping import manifest as manifests
from mingqu.config.keeping import pool
from mingqu.config.launcher_process import LauncherError

NAMED = re.compile(r"mingqu-(\d{8}T\d{6})Z")
ALWAYS_KEPT = 2  # the newest ones, however old: no age makes the last backup worthless
DUMP, LIST = "database.dump", "files.list"


@dataclass(frozen=True)
class Shelf:
    place: Path

    def backups(self) -> list[Path]:
        """Whole backups, the oldest first."""
        if not self.place.is_dir():
            return []
        found = [one for one in self.place.iterdir() if NAMED.fullmatch(one.name)]
        return sorted(one for one in found if (one / manifests.NAME).is_file())

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """One writer at a time. Raises LauncherError where another is at work."""
        self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.place / ".lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as taken:
                raise LauncherError(f"Another backup is being written to {self.place}.") from taken
            for partial in self.place.glob(".mingqu-*.partial"):
                shutil.rmtree(
                    partial
                )  # of a backup that was killed; the lock says that nobody writes it any more
            yield

    @contextlib.contextmanager
    def new(self, at: datetime) -> Iterator[Path]:
        """A folder that gets its name when all of it was written; gone if anything fails."""
        name = f"mingqu-{at.astimezone(UTC):%Y%m%dT%H%M%S}Z"
        partial = self.place / f".{name}.partial"
        partial.mkdir(mode=0o700)
        try:
            yield partial
            for file in partial.iterdir():
                _to_disk(file)
            _to_disk(partial)
            partial.rename(self.place / name)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        _to_disk(self.place)

    def listed(self, backup: Path) -> Iterator[pool.Listed]:
        """The stored files a backup needs."""
        with (backup / LIST).open("rb") as file:
            yield from pool.listed_in(iter(lambda: file.read(2**20), b""))

    def drop_old(self, at: datetime, days: int) -> list[str]:
        """Remove backups older than so many days, and stored files that none needs any more; names of the backups."""
        old = [one for one in self.backups()[:-ALWAYS_KEPT] if made_at(one) < at - timedelta(days=days)]
        for backup in old:
            (backup / manifests.NAME).unlink()  # first: half a backup is none
            shutil.rmtree(backup)
        if old:
            pool.drop_unlisted(
                self.place, {one.address for left in self.backups() for one in self.listed(left)}
            )
        return [one.name for one in old]


def made_at(backup: Path) -> datetime:
    """When, by its name."""
    named = NAMED.fullmatch(backup.name)
    if named is None:
        raise LauncherError(f"{backup} has not the name of a backup.")
    return datetime.strptime(named[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def found_at(place: Path) -> tuple[Shelf, Path]:
    """A backup by its own folder, or the newest of a shelf. Raises BackupRefused where there is none."""
    if NAMED.fullmatch(place.name):
        return Shelf(place.parent), place
    backups = Shelf(place).backups()
    if not backups:
        raise manifests.BackupRefused(f"There is no backup in {place}.")
    return Shelf(place), backups[-1]


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
