"""
From the last release to now with a filled database: nothing is lost, cut off anywhere it goes on, repeated it does
nothing. The filled database is today's full house taken back to the release, which rehearses the way back too.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql
from tools.release import released

from tests.architecture.house import ROOT, SOURCE
from tests.databases import addresses
from tests.upgrade.folds import folds, unfolded

RELEASE: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "release.json").read_text("utf-8"))
MINUTES = 60.0
Column = tuple[str, str]

# What the way forward changes by itself, with the reason; everything else has to be what it was.
MAY_DIFFER = {
    "django_migrations": "the list of what was applied",
}


def test_a_released_migration_is_never_edited_renamed_or_removed() -> None:
    now = released(SOURCE)
    changed = [
        f"{room}/{name}"
        for room, files in RELEASE.items()
        for name, digest in files.items()
        if now.get(room, {}).get(name) != digest
    ]

    assert sum(map(len, RELEASE.values())) > 100
    assert changed == []


def test_every_migration_since_the_release_can_be_taken_back() -> None:
    """Read alone; the long test does it."""
    new = [
        one
        for key, one in MigrationLoader(None).disk_migrations.items()
        if key[0] in released(SOURCE) and key[1] not in RELEASE.get(key[0], {})
    ]

    assert [str(one) for one in new if not all(operation.reversible for operation in one.operations)] == []


@pytest.mark.long
def test_an_upgrade_of_a_filled_database_loses_nothing_cut_off_and_repeated(committed_house, database_urls):
    name = connections["default"].settings_dict["NAME"]
    urls = addresses(database_urls, name)
    back_to_the_release()
    before = contents(urls)
    assert sum(rows for rows, _digest in before.values()) > 20_000

    for cut in range(3):
        kill_after(urls, cut)
    assert migrate(urls).wait(5 * MINUTES) == 0
    after = contents(urls)

    assert not_as_before(before, after) == []
    assert behind() == []
    assert migrate(urls).wait(5 * MINUTES) == 0
    assert not_as_before(after, contents(urls)) == []


def back_to_the_release() -> None:
    """As it was then: without what stands in place of the migrations of that time."""
    for room, name in folds(MigrationLoader(None)):
        MigrationRecorder(connections["owner"]).record_unapplied(room, name)
    with connections[
        "owner"
    ].cursor() as cursor:  # its table is of later, and rows of two tables fit no state between
        cursor.execute("TRUNCATE cases_discretion")
    with unfolded():
        executor = MigrationExecutor(connections["owner"])
        rooms = {app for app, _name in executor.loader.disk_migrations if app in released(SOURCE)}
        targets = [(room, max(RELEASE[room]) if room in RELEASE else None) for room in sorted(rooms)]
        executor.migrate(targets)
    assert behind(), "there is something to apply"
    connections["owner"].close()


def behind() -> list[str]:
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connections["owner"].close()
    return [str(one) for one, _backwards in plan]


def migrate(urls: dict[str, str]) -> subprocess.Popen[bytes]:
    """What `mingqu migrate --force` does."""
    command = [sys.executable, "-m", "mingqu.config.commands.prepare", "--force", "--database-only"]
    environment = {**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "mingqu.config.settings"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def kill_after(urls: dict[str, str], cut: int) -> None:
    """Ends it with SIGKILL a moment after so many more migrations are applied."""
    wanted = applied(urls) + 2 * cut + 1
    running = migrate(urls)
    until = time.monotonic() + 2 * MINUTES
    while running.poll() is None and applied(urls) < wanted and time.monotonic() < until:
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    assert running.wait(MINUTES) == -signal.SIGKILL, "it was cut off before its end"


def applied(urls: dict[str, str]) -> int:
    with psycopg.connect(urls["MINGQU_OWNER_DATABASE_URL"]) as owner:
        (count,) = owner.execute("SELECT count(*) FROM django_migrations").fetchone() or (0,)
    return int(count)


def contents(urls: dict[str, str]) -> dict[Column, tuple[int, str]]:
    """Rows of each column of each table, and the digest of its values in whatever order."""
    with psycopg.connect(urls["MINGQU_OWNER_DATABASE_URL"]) as owner:
        return dict(_digests(owner))


def _digests(owner: psycopg.Connection) -> Iterator[tuple[Column, tuple[int, str]]]:
    columns = owner.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " GROUP BY 1 ORDER BY 1"
    ).fetchall()
    for table, names in columns:
        each = sql.SQL(", ").join(
            sql.SQL("sum(('x' || substr(md5({0}::text), 1, 15))::bit(60)::bigint)").format(
                sql.Identifier(name)
            )
            for name in names
        )
        row = owner.execute(
            sql.SQL("SELECT count(*), {} FROM {}").format(each, sql.Identifier(table))
        ).fetchone()
        assert row is not None
        for name, digest in zip(names, row[1:], strict=True):
            yield (table, name), (int(row[0]), str(digest))


def not_as_before(
    before: dict[Column, tuple[int, str]], after: dict[Column, tuple[int, str]]
) -> list[Column]:
    return [
        column for column, held in before.items() if column[0] not in MAY_DIFFER and after.get(column) != held
    ]
