"""A fold makes what the migrations made that it replaces, and who has those has it (docs/decisions/0031)."""

import re
import subprocess
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg.conninfo import conninfo_to_dict

from mingqu.config import migration
from mingqu.config.health import unapplied_migrations
from mingqu.config.launcher_binaries import binaries
from mingqu.kernel.folding import CreateModels
from tests.databases import drop, pointed_at
from tests.upgrade.folds import Key, folds, unfolded

# PostgreSQL writes these in two ways: the name of a NOT NULL that had to make way for a renamed column, and the
# types inside the condition of an index whose column was made longer.
SPELT_OTHERWISE = re.compile(
    r" CONSTRAINT \w+_not_null\d+(?= NOT NULL)|::character varying|::text(\[\])?|[()]"
)


def test_folds_end_in_the_models_in_which_the_old_migrations_end_column_by_column():
    with unfolded():
        old = MigrationLoader(None)
        assert folds(old) == []
        made_by_the_old_ones = described(old)

    now = MigrationLoader(None)

    assert len(folds(now)) > 15
    assert described(now) == made_by_the_old_ones


def test_a_fold_replaces_everything_of_its_room_up_to_its_number_and_makes_tables_alone():
    loader = MigrationLoader(None)
    for room, name in folds(loader):
        fold = loader.disk_migrations[room, name]
        until = name.rpartition("_")[2]
        before = {
            (room, other) for app, other in loader.disk_migrations if app == room and other[:4] <= until
        } - {(room, name)}
        assert set(fold.replaces) == before, room
        assert isinstance(fold.operations[0], CreateModels), room
        assert all(one.reversible for one in fold.operations), room


@pytest.mark.long
def test_an_installation_of_before_is_the_same_to_the_letter_and_only_notes_that_it_has_the_folds(
    committed_db, database_urls
):
    own = f"mingqu_t_{uuid4().hex[:12]}"
    with psycopg.connect(database_urls["MINGQU_SUPERUSER_DATABASE_URL"], autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {own} OWNER mingqu_owner")
    try:
        with pointed_at(database_urls, own):
            with unfolded():
                call_command("migrate", database="owner", verbosity=0)
            migration.after_migrate()
            assert unapplied_migrations() == []
            before = schema(database_urls, own)
            call_command("migrate", database="owner", verbosity=0)
            applied = set(MigrationRecorder(connections["owner"]).applied_migrations())

            assert set(folds(MigrationLoader(None))) <= applied
            assert schema(database_urls, own) == before
            assert before == schema(database_urls, connections_name(committed_db))
    finally:
        drop(database_urls, own)


@pytest.mark.long
def test_folds_are_taken_back_and_made_again(committed_db, database_urls):
    name = connections_name(committed_db)
    before = schema(database_urls, name)
    for room in ("federation", "insight", "across", "outreach", "hall"):
        call_command("migrate", room, "zero", database="owner", verbosity=0)
    assert len(schema(database_urls, name)) < len(before)

    call_command("migrate", database="owner", verbosity=0)
    migration.after_migrate()

    assert schema(database_urls, name) == before


def described(loader: MigrationLoader) -> dict[Key, tuple[object, ...]]:
    """Of each model its fields in the order of the columns, and what else it says."""
    state = loader.project_state()
    taken_apart = MigrationAutodetector(state, state).deep_deconstruct
    return {
        key: (taken_apart(list(one.fields.items())), taken_apart(one.options), one.bases)
        for key, one in state.models.items()
    }


def connections_name(urls: dict[str, str]) -> str:
    return str(conninfo_to_dict(urls["MINGQU_OWNER_DATABASE_URL"])["dbname"])


def schema(urls: dict[str, str], name: str) -> list[str]:
    """Every line that PostgreSQL's own program writes of tables, columns, names, functions and privileges."""
    given = conninfo_to_dict(urls["MINGQU_SUPERUSER_DATABASE_URL"])
    address = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    said = subprocess.run(
        [str(binaries(Path("none"), None) / "pg_dump"), "--schema-only", name],
        env={variable: str(given[key]) for variable, key in address.items() if given.get(key)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [SPELT_OTHERWISE.sub("", line) for line in said.splitlines() if not line.startswith("\\")]
    assert sum(line.startswith("CREATE TABLE") for line in lines) > 200
    return lines
