"""
What every test stands on: a throw-away PostgreSQL, a template database made once by the real migrations, and
a copy of it per worker. Tests work as the app role, as production does.
"""

import base64
import contextlib
import json
import math
import os
import secrets
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from tests.databases import ALIASES, TEMPLATE, addresses, copy, drop, point_at, pointed_at

from mingqu.kernel import garbage

URLS = "MINGQU_TEST_URLS"
SKIPS = Path(__file__).parent / "tests/skips.toml"
hypothesis_settings.register_profile("quick", max_examples=30, deadline=None)
hypothesis_settings.register_profile("full", max_examples=1000, deadline=None)
hypothesis_settings.load_profile(os.environ.get("MINGQU_HYPOTHESIS", "quick"))

_held = contextlib.ExitStack()


def _test_secrets() -> None:
    """A master key and a home of this session's own, before settings are read by any worker."""
    if "MINGQU_TEST_HOME" in os.environ:
        return
    home = Path(_held.enter_context(tempfile.TemporaryDirectory(prefix="mingqu-home-")))
    key = home / "master.key"
    key.touch(mode=0o600)
    key.write_text(base64.b64encode(secrets.token_bytes(32)).decode("ascii"))
    os.environ.update(
        MINGQU_TEST_HOME=str(home),
        MINGQU_HOME=str(home / "data"),
        MINGQU_MASTER_KEY_FILE=str(key),
        MINGQU_DEMO="1",
    )


def _settings_read_early() -> None:
    """pytest-django reads the settings before it imports this file: set what comes from there."""
    from django.conf import settings

    home = Path(os.environ["MINGQU_HOME"])
    settings.MINGQU_DEMO, settings.MINGQU_COURIER = True, "double"
    settings.MINGQU_HOME, settings.MEDIA_ROOT = home, home / "files"
    settings.MINGQU_MASTER_KEY_FILE = os.environ["MINGQU_MASTER_KEY_FILE"]
    # No collectstatic before tests: addresses of static files are their plain names.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.STATIC_ROOT = home / "static"
    demo_templates = Path(settings.PACKAGE) / "config/demo/templates"
    settings.TEMPLATES[0]["DIRS"] = [*settings.TEMPLATES[0]["DIRS"], demo_templates]
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


_test_secrets()
_settings_read_early()
garbage.rarely()  # it took a fifth of the CPU of tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Whatever asks for more time takes minutes: begun first, or a worker is left alone with it at the end. Of these last
    what needs the prepared site: it would wait, and its worker with it, for the one that makes that for the journeys.
    """
    items.sort(
        key=lambda item: (item.get_closest_marker("timeout") is None, bool(item.get_closest_marker("site")))
    )


def pytest_collection_finish() -> None:
    garbage.spare_what_is_loaded()


def _start_cluster() -> dict[str, str]:
    if URLS not in os.environ:
        from mingqu.config.launcher import throwaway_postgres

        os.environ[URLS] = json.dumps(_held.enter_context(throwaway_postgres()))
    return json.loads(os.environ[URLS])


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    if not is_worker and getattr(config.option, "numprocesses", None):
        _start_cluster()  # workers inherit the addresses


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Skips are counted and each must stand in tests/skips.toml; a browser skip where Chromium is, is a failure."""
    listed = {entry["reason"]: entry for entry in tomllib.loads(SKIPS.read_text("utf-8"))["skip"]}
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    for reason, times in sorted(reasons.items()):
        terminalreporter.write_line(f"skipped {times} times: {reason}")
    wrong = [reason for reason in reasons if reason not in listed]
    from mingqu.ui.tests.browsing import CHROMIUM

    if CHROMIUM:
        wrong += [reason for reason in reasons if listed.get(reason, {}).get("browser")]
    if wrong:
        terminalreporter.write_line(f"not allowed to skip: {wrong}", red=True)
        terminalreporter._session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ.pop(URLS, None)
    _held.close()


def _make_template(admin: psycopg.Connection, urls: dict[str, str]) -> None:
    from django.core.management import call_command

    from mingqu.config import migration

    admin.execute(f"CREATE DATABASE {TEMPLATE}_new OWNER mingqu_owner")
    point_at(f"{TEMPLATE}_new", urls)
    call_command("migrate", database="owner", verbosity=0)
    migration.after_migrate()
    for alias in ALIASES:
        from django.db import connections

        connections[alias].close()
    admin.execute(f"ALTER DATABASE {TEMPLATE}_new RENAME TO {TEMPLATE}")


@pytest.fixture(scope="session")
def database_urls(django_db_blocker) -> dict[str, str]:
    """The addresses of the session's cluster, with the template in place."""
    urls = _start_cluster()
    with (
        django_db_blocker.unblock(),
        psycopg.connect(urls["MINGQU_SUPERUSER_DATABASE_URL"], autocommit=True) as admin,
    ):
        admin.execute("SELECT pg_advisory_lock(1)")
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            _make_template(admin, urls)
    return urls


@pytest.fixture(scope="session")
def django_db_setup(database_urls, django_db_blocker, request) -> Iterator[None]:
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests make many accounts
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"mingqu_{worker}"
    with django_db_blocker.unblock():
        copy(database_urls, name)
        point_at(name, database_urls)
    yield
    with django_db_blocker.unblock():
        point_at(name, database_urls)
        drop(database_urls, name)


@pytest.fixture(autouse=True)
def _no_training_region() -> Iterator[None]:
    """The template has none, so no test begins with a question for them, and none hears of another's."""
    from mingqu.kernel import training

    training.FRESH_FOR = math.inf
    training.known.prefixes, training.known.read_at = (), 0.0
    yield


@pytest.fixture(autouse=True)
def _no_notice_stands_above_pages() -> None:
    """The template has none, so no test begins with a question for them, and none sees another's."""
    from mingqu.upkeep import selectors

    selectors.FRESH_FOR = math.inf
    selectors.known.announcements, selectors.known.stops, selectors.known.read_at = (), (), 0.0


@pytest.fixture(autouse=True)
def _nobody_has_read_yet() -> None:
    """What a process counts of an address is not the next test's."""
    from mingqu.identity.services import traffic

    traffic.seen.clear()


@pytest.fixture(autouse=True)
def _nothing_is_counted_yet() -> None:
    """What a process remembers of the figures for everyone is not the next test's."""
    if known := sys.modules.get("mingqu.portal.selectors.efficiency"):
        known.kept.clear()


@pytest.fixture
def committed_db(django_db_setup, database_urls, django_db_blocker) -> Iterator[dict[str, str]]:
    """
    A database of this test's own in which transactions really commit: for races, kills and the relay.

    Yields the addresses (environment variable → URL) for child processes and further connections.
    """
    own = f"mingqu_t_{uuid4().hex[:12]}"
    with django_db_blocker.unblock():
        copy(database_urls, own)
        try:
            with pointed_at(database_urls, own):
                yield addresses(database_urls, own)
        finally:
            drop(database_urls, own)
