"""Making a backup while the site serves."""

from __future__ import annotations

import importlib.metadata
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from mingqu.config.keeping import dumping, pool
from mingqu.config.keeping import manifest as manifests
from mingqu.config.keeping.manifest import Manifest
from mingqu.config.keeping.sealed import Lock, Sealer
from mingqu.config.keeping.shelf import DUMP, LIST, Shelf
from mingqu.config.launcher_process import LauncherError

Say = Callable[[str], None]
TOLD_EVERY = 256 * 2**20  # bytes of the dump between two lines of progress


@dataclass(frozen=True)
class Source:
    """What is backed up: an installation by its places, its database by the owner's address."""

    home: Path
    key_file: Path
    kind: str
    url: str
    state: dict[str, str]


def make(source: Source, shelf: Shelf, at: datetime, *, lock: Lock | None, say: Say) -> tuple[Path, Manifest]:
    """
    One backup: a snapshot of the database, and every stored file its rows name. Raises LauncherError; what was begun
    is gone then.

    Stored files are listed after the snapshot: a file is written before the row that names it, and never changed.
    """
    if shelf.place.resolve().is_relative_to(source.home.resolve()):
        raise LauncherError(
            f"{shelf.place} lies in the installation's own folder: what takes one would take both."
        )
    keys = manifests.fingerprints(source.key_file)
    if len(keys) > 1:
        raise LauncherError("The master key is being exchanged: finish `mingqu keys rotate` first.")
    with shelf.held(), shelf.new(at) as folder:
        with dumping.snapshot(source.url) as moment:
            say(f"{sum(moment.rows.values())} rows in {len(moment.rows)} tables")
            _write_dump(folder, dumping.dumped(source.url, source.home, moment.name), lock, say)
        count, size = _write_files(folder, source.home / "files", shelf, moment.addresses, say)
        manifest = Manifest(
            made_at=at.isoformat(timespec="seconds"),
            kind=source.kind,
            product=importlib.metadata.version("mingqu"),
            postgres=moment.server,
            state=source.state,
            migrations=moment.migrations,
            rows=moment.rows,
            checkpoint=moment.checkpoint,
            files=count,
            files_size=size,
            parts=[manifests.digest_of(folder / name) for name in (DUMP, LIST)],
            sealed=lock is not None,
            master_keys=keys,
        )
        manifests.write(folder, manifest, source.key_file)
    return shelf.place / folder.name.removeprefix(".").removesuffix(".partial"), manifest


def _write_dump(folder: Path, blocks: Iterable[bytes], lock: Lock | None, say: Say) -> None:
    written = told = 0
    with _private(folder / DUMP) as out:
        sealer = Sealer(out, lock) if lock else None
        for block in blocks:
            (sealer or out).write(block)
            written += len(block)
            if written - told >= TOLD_EVERY:
                told = written
                say(f"database: {written // 2**20} MiB")
        if sealer:
            sealer.close()
    say(f"database: {written // 1024} KiB, done")


def _write_files(
    folder: Path, files: Path, shelf: Shelf, wanted: frozenset[str], say: Say
) -> tuple[int, int]:
    """Their count and bytes. Raises LauncherError when a file that a row names is not there."""
    before = shelf.backups()
    known = {one.address: one for one in shelf.listed(before[-1])} if before else {}
    count, size, missing = 0, 0, set(wanted)
    with _private(folder / LIST) as out:
        for one in pool.copy_in(files, shelf.place, known, say):
            out.write(one.line())
            missing.discard(one.address)
            count, size = count + 1, size + one.size
    if missing:
        raise LauncherError(
            f"{len(missing)} stored files that the database names are not in {files}, the first is {min(missing)}. "
            "This installation has lost them: bring them back from an older backup."
        )
    say(f"stored files: {count}, done")
    return count, size


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def summary(folder: Path, manifest: Manifest) -> str:
    """For the operator; keys are named, never shown."""
    said = {
        "backup": str(folder),
        "rows": sum(manifest.rows.values()),
        "files": manifest.files,
        "bytes": manifest.files_size + sum(part.size for part in manifest.parts),
        "sealed": manifest.sealed,
        "opens with master key": manifests.keys_told(manifest.master_keys),
    }
    return json.dumps(said, ensure_ascii=False)
