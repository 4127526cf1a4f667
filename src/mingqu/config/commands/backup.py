"""`mingqu backup`, `mingqu restore`, `mingqu drill`: exit code 0 when all went well, 1 with a sentence when not."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mingqu.config.commands.installation import (
    KIND_FILE,
    Installation,
    Refused,
    django_for,
    progress,
    stored_state,
)
from mingqu.config.keeping import bringing_back, making
from mingqu.config.keeping import sealed as seals
from mingqu.config.keeping.bringing_back import Backup, NotAsBackedUp
from mingqu.config.keeping.manifest import keys_told
from mingqu.config.keeping.shelf import Shelf
from mingqu.config.launcher import make_home, throwaway_postgres
from mingqu.config.launcher_process import LauncherError
from mingqu.config.launcher_roles import make_roles_on_own_server

DEFAULT_DAYS = 14


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="the shelf: each backup gets a folder of its own in it")
    sealed = parser.add_mutually_exclusive_group()
    sealed.add_argument("--passphrase-file", type=Path, help="encrypt with the first line of this file")
    sealed.add_argument("--recipient", type=Path, help="encrypt to this public key (X25519, PEM)")
    parser.add_argument(
        "--keep-days",
        type=int,
        default=None,
        help="then remove backups of the shelf that are older, but the last two",
    )


def backup(options: argparse.Namespace) -> int:
    """
    A backup of database and stored files, consistent while the site serves. Keys are never in it: they are named.

    Stored files are encrypted under the master key as they lie; the database is encrypted as a whole with
    --passphrase-file or --recipient.
    """
    shelf, at = Shelf(options.folder.resolve()), _now()
    with django_for("mingqu backup") as installation:
        try:
            folder, manifest = making.make(
                _source(installation), shelf, at, lock=_lock(options), say=progress
            )
            dropped = shelf.drop_old(at, options.keep_days) if options.keep_days else []
        except (LauncherError, OSError) as refused:
            _note("backup", at, reason=_words(refused))
            raise Refused(_words(refused)) from refused
        _note(
            "backup",
            at,
            name=folder.name,
            rows=sum(manifest.rows.values()),
            files=manifest.files,
            size=manifest.files_size + sum(part.size for part in manifest.parts),
        )
    for name in dropped:
        progress(f"removed {name}: older than {options.keep_days} days")
    print(making.summary(folder, manifest))
    return 0


def restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a backup, or a shelf: then its newest backup")
    _opener_arguments(parser)


def restore(options: argparse.Namespace) -> int:
    """
    Bring a backup back into an empty installation, bring it to this version, and look whether all is as it was.

    Refused before anything is written: an installation that is not empty, another master key, a damaged or altered
    backup, a newer version.
    """
    installation = Installation.here()
    os.environ["MINGQU_SECRET_KEY_FILE"] = ""  # none is there yet; the settings would look for it
    found = bringing_back.look_at(options.folder.resolve(), installation.master_key, known_migrations())
    require_unused(installation, found.folder)
    make_home(installation.home)
    with installation.database("mingqu restore") as urls:
        if installation.own_server:
            make_roles_on_own_server(urls)
        bringing_back.require_empty(urls["MINGQU_OWNER_DATABASE_URL"])
        progress(
            f"{found.folder.name}: {sum(found.manifest.rows.values())} rows, {found.manifest.files} stored files, "
            f"opened with master key {keys_told(found.manifest.master_keys)}"
        )
        bringing_back.bring_database(
            found, urls["MINGQU_OWNER_DATABASE_URL"], installation.home, _opener(options)
        )
        progress("the database is back")
        bringing_back.bring_files(found, installation.home / "files", progress)
        progress("stored files are back")
        installation.make("demo" if found.manifest.kind == "demo" else "real")
        _after(installation.environment(urls), found)
    progress("restored. Sessions ended with the old secret key; everybody signs in anew")
    return 0


def drill_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a backup, or a shelf: then its newest backup")
    parser.add_argument(
        "--place", type=Path, default=None, help="where the database is tried (default: temporary files)"
    )
    _opener_arguments(parser)


def drill(options: argparse.Namespace) -> int:
    """
    Bring the newest backup back into a database that is thrown away, and look at it as a restore would. The site goes
    on.

    What came of it is noted for the page 运行状况.
    """
    at, name = _now(), ""
    with django_for("mingqu drill") as installation:
        try:
            found = bringing_back.look_at(
                options.folder.resolve(), installation.master_key, known_migrations()
            )
            name = found.folder.name
            said = _tried(installation, found, _opener(options), options.place)
        except (LauncherError, OSError) as refused:
            _note("drill", at, name=name, reason=_words(refused))
            raise Refused(_words(refused)) from refused
        rows = sum(found.manifest.rows.values())
        _note("drill", at, name=name, rows=rows, files=found.manifest.files)
    progress(f"{name} comes back: {rows} rows, {found.manifest.files} stored files")
    print(
        json.dumps({"backup": name, "rows": rows, "files": found.manifest.files, **said}, ensure_ascii=False)
    )
    return 0


def _tried(
    installation: Installation, found: Backup, opener: seals.Opener, place: Path | None
) -> dict[str, Any]:
    """What the look at it said. The stored files stay on the shelf: they are read there, and lent by a link."""
    bringing_back.check_files(found, progress)
    with (
        tempfile.TemporaryDirectory(prefix="mingqu-drill-", dir=place) as folder,
        throwaway_postgres(place / "drill" if place else None) as urls,
    ):
        url, home = urls["MINGQU_OWNER_DATABASE_URL"], Path(folder)
        bringing_back.bring_database(found, url, installation.home, opener)
        (home / KIND_FILE).write_text(json.dumps({"kind": found.manifest.kind}), "ascii")
        (home / "files").symlink_to(found.shelf.place / "files")
        tried = Installation(home, installation.master_key, installation.secret_key)
        ours = {name: value for name, value in urls.items() if name != "MINGQU_SUPERUSER_DATABASE_URL"}
        return _after(tried.environment(ours), found, "--database-only")


def _after(environment: Mapping[str, str], found: Backup, *flags: str) -> dict[str, Any]:
    """Brought to this version and looked at. Raises NotAsBackedUp with the first thing that does not hold."""
    from mingqu.config.commands.serve import run_prepare

    _keep_state(environment, found)
    run_prepare(environment, "--force", *flags)
    done = subprocess.run(
        [sys.executable, "-m", "mingqu.config.keeping.verify"],
        env=dict(environment),
        stdout=subprocess.PIPE,
        check=False,
        text=True,
    )
    said: dict[str, Any] = (
        json.loads(done.stdout) if done.stdout.strip() else {"findings": ["it can't be read"]}
    )
    for finding in said["findings"]:
        progress(f"does not hold: {finding}")
    if said["findings"]:
        raise NotAsBackedUp(f"What came back does not hold: {said['findings'][0]}. It is not to be used.")
    progress(f"ledger of {said['entries']} entries and {said['checkpoints']} checkpoints holds")
    return said


def _keep_state(environment: Mapping[str, str], found: Backup) -> None:
    """That a demo's data are in it is noted on the database itself, which no dump carries."""
    import psycopg
    from psycopg import sql

    if "demo" not in found.manifest.state:
        return
    with psycopg.connect(environment["MINGQU_OWNER_DATABASE_URL"]) as connection:
        state = json.dumps({"demo": found.manifest.state["demo"]})
        note = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(note.format(sql.Identifier(connection.info.dbname), sql.Literal(state)))


def known_migrations() -> set[str]:
    """Names of all migrations this version brings; needs no database."""
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        os.environ["DJANGO_SETTINGS_MODULE"] = "mingqu.config.settings"
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def require_unused(installation: Installation, backup: Path) -> None:
    """Raises Refused where anything is there already, also of a restore that was broken off."""
    if installation.kind is not None:
        raise Refused(
            f"{installation.home} holds a {installation.kind} installation: a backup is brought back into an empty "
            "folder only. Name another one in MINGQU_HOME."
        )
    left = [name for name in ("postgres", "files") if (installation.home / name).exists()]
    if left:
        raise Refused(
            f"{installation.home} is not empty (it holds {left[0]}, perhaps of a restore that was broken off): remove "
            "it, or name another folder in MINGQU_HOME."
        )
    if backup.is_relative_to(installation.home):
        raise Refused(f"{backup} lies in the folder it would be brought back to.")


def _source(installation: Installation) -> making.Source:
    url = os.environ["MINGQU_OWNER_DATABASE_URL"]
    return making.Source(
        home=installation.home,
        key_file=installation.master_key,
        kind=installation.kind or "real",
        url=url,
        state=stored_state(url),
    )


def _lock(options: argparse.Namespace) -> seals.Lock | None:
    if options.passphrase_file:
        return seals.Lock(passphrase=seals.passphrase_in(options.passphrase_file))
    if options.recipient:
        return seals.Lock(recipient=seals.recipient_in(options.recipient))
    return None


def _opener_arguments(parser: argparse.ArgumentParser) -> None:
    opens = parser.add_mutually_exclusive_group()
    opens.add_argument(
        "--passphrase-file", type=Path, help="the file with the passphrase it was encrypted with"
    )
    opens.add_argument("--private-key", type=Path, help="the private key it was encrypted to (X25519, PEM)")


def _opener(options: argparse.Namespace) -> seals.Opener:
    if options.passphrase_file:
        return seals.Opener(passphrase=seals.passphrase_in(options.passphrase_file))
    if options.private_key:
        return seals.Opener(private=seals.private_key_in(options.private_key))
    return seals.Opener()


def _note(what: Any, began: datetime, *, name: str = "", reason: str = "", **amounts: int) -> None:
    from mingqu.upkeep.services import note_run
    from mingqu.upkeep.types import EndedRun

    run = EndedRun(what, not reason, began, name=name, reason=reason, **amounts)
    note_run(run, at=_now())


def _words(refused: Exception) -> str:
    if isinstance(refused, OSError):
        return f"{refused.filename or 'the disk'}: {refused.strerror or type(refused).__name__}"
    return str(refused)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the command line's clock
