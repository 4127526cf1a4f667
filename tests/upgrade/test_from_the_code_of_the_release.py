"""
From the last release to now with a database that the release itself filled: its code is taken out of the history of
this repository, sets up a demo installation by its own commands, and today's `mingqu migrate` brings that to this
version.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.architecture.house import ROOT
from tests.databases import addresses, drop
from tests.upgrade.test_upgrade import MINUTES, contents, migrate, not_as_before

# The tree whose migrations release.json lists; once a version is tagged, its tag.
RELEASE = "942cf461e4acf17198abc4e8d32eaad52e03cd1e"
SKIPPED = "the history of the repository is not here"


@pytest.fixture
def released_code(tmp_path) -> Path:
    """The source of the release in a folder of its own."""
    packed = tmp_path / "release.tar"
    asked = subprocess.run(
        ["git", "archive", "--output", str(packed), RELEASE, "src"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if asked.returncode:
        pytest.skip(SKIPPED)
    subprocess.run(["tar", "-xf", str(packed), "-C", str(tmp_path)], check=True)
    return tmp_path / "src"


@pytest.fixture
def empty_database(database_urls) -> Iterator[dict[str, str]]:
    """As the operator's first start finds it."""
    name = f"mingqu_t_{uuid4().hex[:12]}"
    with psycopg.connect(database_urls["MINGQU_SUPERUSER_DATABASE_URL"], autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} OWNER mingqu_owner")
    yield addresses(database_urls, name)
    drop(database_urls, name)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_what_the_release_filled_is_upgraded_and_nothing_of_it_is_lost(
    released_code, empty_database, tmp_path
):
    urls = empty_database
    own = os.environ | urls | {
        "MINGQU_HOME": str(tmp_path / "home"), "MINGQU_DEMO": "1", "MINGQU_DEMO_CASES": "0",
        "DJANGO_SETTINGS_MODULE": "mingqu.config.settings",
    }  # fmt: skip
    run("mingqu.config.commands.prepare", "--demo", "--force", "--database-only", of=released_code, own=own)
    before = contents(urls)
    assert sum(rows for rows, _digest in before.values()) > 10_000, "the release filled it"

    assert migrate(urls).wait(5 * MINUTES) == 0

    assert not_as_before(before, contents(urls)) == []
    found = run("mingqu.config.keeping.verify", of=ROOT / "src", own=own)
    assert json.loads(found)["findings"] == []
    run("mingqu.config.commands.prepare", "--demo", "--force", "--database-only", of=ROOT / "src", own=own)


def run(module: str, *options: str, of: Path, own: dict[str, str]) -> str:
    """A program of that source on the database; what it printed. Fails with what it said last."""
    done = subprocess.run(
        [sys.executable, "-m", module, *options],
        env=own | {"PYTHONPATH": str(of)}, cwd=of, capture_output=True, text=True, timeout=10 * MINUTES, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{module}: {done.stdout[-400:]} {done.stderr[-1500:]}"
    return done.stdout
