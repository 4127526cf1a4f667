"""Bringing a backup back into an empty installation, and trying whether it would come back (a drill)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from mingqu.config.keeping import dumping, pool
from mingqu.config.keeping import manifest as manifests
from mingqu.config.keeping.manifest import BackupRefused, Manifest
from mingqu.config.keeping.sealed import Opener, opened
from mingqu.config.keeping.shelf import DUMP, Shelf, found_at
from mingqu.config.launcher_process import LauncherError

Say = Callable[[str], None]
EVERY = 2000


class NotAsBackedUp(LauncherError):
    """What came back differs from what the backup says; the installation is not to be used."""


@dataclass(frozen=True)
class Backup:
    """A backup that was looked at: trusted, whole, and of a version that this one can read."""

    shelf: Shelf
    folder: Path
    manifest: Manifest


def look_at(place: Path, key_file: Path, known_migrations: set[str]) -> Backup:
    """
    Raises BackupRefused for one that is altered, damaged, of another master key or of a newer version, and
    LauncherError for a damaged stored file; nothing is written.
    """
    shelf, folder = found_at(place)
    manifest = manifests.read(folder, key_file)
    if unknown := sorted(set(manifest.migrations) - known_migrations):
        raise BackupRefused(
            f"{folder.name} was made by a newer version (it has {unknown[0]}, which is not known here): install that "
            f"version ({manifest.product}) or a later one first."
        )
    for part in manifest.parts:
        path = folder / part.name
        if not path.is_file() or manifests.digest_of(path) != part:
            raise BackupRefused(f"{path} is damaged or missing: use another backup of {shelf.place}.")
    return Backup(shelf, folder, manifest)


def require_empty(url: str) -> None:
    """Raises BackupRefused when the database has any table."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchone()
    if row and row[0]:
        raise BackupRefused(
            f"The database has {row[0]} tables already: a backup is brought back into an empty installation only. "
            "Name another folder in MINGQU_HOME, or another database."
        )


def bring_database(backup: Backup, url: str, home: Path, opener: Opener) -> None:
    """Database as it was, all or nothing, and its rows counted. Raises NotAsBackedUp or LauncherError."""
    dumping.restore(url, home, _blocks(backup, opener))
    with psycopg.connect(url) as connection:
        found = dumping.rows_of(connection)
        named = set(dumping.addresses_in(connection))
    compare_rows(found, backup.manifest.rows)
    listed = {one.address for one in backup.shelf.listed(backup.folder)}
    if missing := sorted(named - listed):
        raise NotAsBackedUp(f"{len(missing)} stored files are named and not in the backup: {missing[0]}.")


def compare_rows(found: dict[str, int], wanted: dict[str, int]) -> None:
    """Raises NotAsBackedUp, naming the first table that differs."""
    for table in sorted({*found, *wanted}):
        if found.get(table) != wanted.get(table):
            raise NotAsBackedUp(f"{table} has {found.get(table)} rows, the backup says {wanted.get(table)}.")


def bring_files(backup: Backup, files: Path, say: Say) -> None:
    """Every stored file, its digest looked at on the way. Raises FileDamaged."""
    for number, one in enumerate(backup.shelf.listed(backup.folder), start=1):
        pool.copy_out(backup.shelf.place, one, files)
        if number % EVERY == 0:
            say(f"{number} of {backup.manifest.files} files")


def check_files(backup: Backup, say: Say) -> None:
    """The same without writing any. Raises FileDamaged."""
    for number, one in enumerate(backup.shelf.listed(backup.folder), start=1):
        pool.check(backup.shelf.place, one)
        if number % EVERY == 0:
            say(f"{number} of {backup.manifest.files} files looked at")


def _blocks(backup: Backup, opener: Opener) -> Iterator[bytes]:
    with (backup.folder / DUMP).open("rb") as file:
        if backup.manifest.sealed:
            yield from opened(file, opener)
            return
        while block := file.read(dumping.BLOCK):
            yield block
