"""
Bring the database to this version: migrations, privileges, reference data, static files, demo data.

    python -m mingqu.config.commands.prepare [--demo] [--force] [--database-only]

A program of its own because it needs Django and the supervisor that starts it does without. What was
done is noted on the database as a digest of this code, so that an unchanged version starts at once.
Prints the demo's accounts on standard output, progress on standard error.
"""

import hashlib
import importlib.metadata
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from psycopg import sql

from mingqu.config.commands.installation import progress, stored_state

PACKAGE = Path(__file__).resolve().parents[2]
PACKAGES = ("Django", "django-allauth", "procrastinate")  # bring migrations of their own


def code_digest(package: Path = PACKAGE) -> str:
    """Of everything the database and the static files are made from: our code and data, their versions."""
    return _digest(package, package.rglob("*"))


def schema_digest(package: Path = PACKAGE) -> str:
    """Of the migrations alone: what a running version can't do without."""
    return _digest(package, package.glob("*/migrations/*.py"))


def _digest(package: Path, paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for name in PACKAGES:
        found.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    for path in sorted(paths):
        if path.is_file() and path.suffix not in {".pyc", ".po", ".md"} and "tests" not in path.parts:
            seen = path.stat()
            found.update(f"{path.relative_to(package)} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return found.hexdigest()


def prepare(*, demo: bool, force: bool = False, static: bool = True) -> None:
    """Do what is not done yet. Idempotent; Django is set up by the caller."""
    from django.conf import settings

    digest = code_digest()
    state = stored_state(os.environ["MINGQU_OWNER_DATABASE_URL"])
    if force or state.get("migrated") != digest:
        _migrate()
        state |= {"migrated": digest, "schema": schema_digest()}
        _note(state)
    collected = settings.STATIC_ROOT / "collected"  # beside the files: another web machine has its own
    if static and (not collected.exists() or collected.read_text("ascii") != digest):
        _collect_static()
        collected.write_text(digest, "ascii")
    if demo:
        from mingqu.config import demo as district

        if state.get("demo") != digest:
            progress("loading the demo district")
            district.load()
            state["demo"] = digest
            _note(state)
        for line in district.summary():
            print(line)


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from mingqu.config import migration

    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    progress(f"{len(plan)} migrations to apply")
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    progress("privileges and reference data")
    migration.after_migrate()


def _collect_static() -> None:
    from django.core.management import call_command

    progress("static files")
    call_command("collectstatic", verbosity=0, interactive=False)


def _note(state: dict[str, str]) -> None:
    from django.db import connections

    owner = connections["owner"]
    with owner.cursor() as cursor:
        note = sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(owner.settings_dict["NAME"]), sql.Literal(json.dumps(state))
        )
        cursor.execute(note.as_string(owner.connection))


if __name__ == "__main__":
    import django

    django.setup()
    prepare(demo="--demo" in sys.argv, force="--force" in sys.argv, static="--database-only" not in sys.argv)
