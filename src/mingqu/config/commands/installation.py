"""
One installation as the commands see it: its folder, its keys, its database, what children are told.

No Django here: settings are read from the environment that `Installation.environment` makes.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
from psycopg import pq

from mingqu.config.launcher import EmbeddedPostgres, LauncherError, default_home, lock_home, make_home
from mingqu.config.launcher_home import AlreadyRunning
from mingqu.config.launcher_roles import own_server_urls, write_private
from mingqu.kernel import suites
from mingqu.kernel.errors import DomainError
from mingqu.kernel.keyring import key_line, read_ring
from mingqu.kernel.logfiles import OFF

Kind = Literal["demo", "real"]
KIND_FILE = "installation.json"
BEGAN = time.monotonic()


class Refused(LauncherError):
    """A command can't do what it was asked; the message is a sentence for the operator."""


def progress(line: str) -> None:
    """One line of progress with the seconds since the start, for people who wait."""
    print(f"[{time.monotonic() - BEGAN:5.1f} s] {line}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Installation:
    """Where an installation keeps what it has."""

    home: Path
    master_key: Path
    secret_key: Path

    @classmethod
    def here(cls) -> Installation:
        """The installation that the environment names, else the default one of this user."""
        home = default_home()
        configuration = Path("/etc/mingqu") if os.geteuid() == 0 else Path.home() / ".config/mingqu"
        return cls(
            home=home,
            master_key=Path(os.environ.get("MINGQU_MASTER_KEY_FILE") or configuration / "master.key"),
            secret_key=Path(os.environ.get("MINGQU_SECRET_KEY_FILE") or home / "secret.key"),
        )

    @property
    def kind(self) -> Kind | None:
        """What this folder was made for, or None if nothing was made yet."""
        try:
            held: Kind = json.loads((self.home / KIND_FILE).read_text("ascii"))["kind"]
        except FileNotFoundError:
            return None
        except PermissionError as refused:
            raise Refused(f"{self.home} belongs to another user: run as the one who made it.") from refused
        return held

    def make(self, kind: Kind) -> None:
        """
        Make folder and keys where they are missing. The master key lies outside the folder, so that a
        copy of the data alone opens nothing.

        Raises Refused when the folder was made for the other kind: demo data never meets real data.
        """
        if self.kind not in {None, kind}:
            raise Refused(
                f"{self.home} holds a {self.kind} installation; demo and real data never share one. "
                "Name another folder in MINGQU_HOME."
            )
        make_home(self.home)
        if self.kind is None:
            write_private(self.home / KIND_FILE, json.dumps({"kind": kind}))
        if not self.secret_key.exists():
            write_private(self.secret_key, secrets.token_urlsafe(48))
        if not self.master_key.exists():
            if not self.master_key.parent.exists():
                self.master_key.parent.mkdir(parents=True, mode=0o700)
            suite = _asked_for()
            write_private(self.master_key, key_line(1, secrets.token_bytes(suites.KEY_BYTES), suite.name))
            progress(
                f"made the master key {self.master_key} for {suite.title}: keep a copy of it in a safe place"
            )

    def require_made(self) -> None:
        """Raises Refused when nothing was made here, or a key or its cipher is gone: data can't be read without."""
        if self.kind is None:
            raise Refused(f"There is no installation in {self.home}: begin with `mingqu setup`.")
        for path, name in ((self.master_key, "master key"), (self.secret_key, "secret key")):
            if not path.exists():
                raise Refused(
                    f"The {name} {path} is missing. Restore it from its copy; no new one would fit."
                )
        try:
            read_ring(self.master_key)
        except DomainError as refused:
            raise Refused(f"{self.master_key}: {refused.message}") from refused

    @property
    def logs(self) -> Path | None:
        """Where log files lie; None where the operator wants none."""
        given = os.environ.get("MINGQU_LOG_FOLDER", "")
        return None if given == OFF else Path(given) if given else self.home / "logs"

    @property
    def own_server(self) -> bool:
        """Whether the operator named a PostgreSQL of theirs."""
        return bool(os.environ.get("MINGQU_DATABASE_URL"))

    @contextlib.contextmanager
    def held(
        self, what: str, connections: int = 100
    ) -> Iterator[tuple[dict[str, str], EmbeddedPostgres | None]]:
        """Hold the folder with its database running: (addresses, our server or None for the operator's)."""
        with lock_home(self.home, what):
            if self.own_server:
                yield own_server_urls(self.home / "secrets.json"), None
                return
            with EmbeddedPostgres(self.home, progress=progress, connections=connections) as server:
                yield server.urls(), server

    @contextlib.contextmanager
    def database(self, what: str) -> Iterator[dict[str, str]]:
        """The database's addresses, of the running installation if there is one, else started for us."""
        try:
            with self.held(what) as (urls, _):
                yield urls
                return
        except AlreadyRunning as running:
            if self.own_server:
                yield own_server_urls(self.home / "secrets.json")
                return
            server = EmbeddedPostgres(self.home)
            if server.answers() != pq.Ping.OK:
                raise Refused(f"{running} Its database does not answer yet.") from running
            yield server.urls()

    def environment(self, urls: Mapping[str, str]) -> dict[str, str]:
        """What a child with Django gets: ours, with this installation's places and addresses."""
        ours = {
            **urls,
            "MINGQU_HOME": str(self.home),
            "MINGQU_MASTER_KEY_FILE": str(self.master_key),
            "MINGQU_SECRET_KEY_FILE": str(self.secret_key),
            "MINGQU_DEMO": "1" if self.kind == "demo" else "",
            "MINGQU_LOG_FOLDER": str(self.logs or OFF),
            "DJANGO_SETTINGS_MODULE": "mingqu.config.settings",
        }
        return {**os.environ, **ours}


def _asked_for() -> suites.Suite:
    """The cipher suite that MINGQU_CIPHER names for a first master key. Raises Refused for one that is not here."""
    try:
        return suites.suite(os.environ.get("MINGQU_CIPHER") or suites.DEFAULT)
    except DomainError as refused:
        raise Refused(refused.message) from refused


@contextlib.contextmanager
def django_for(what: str) -> Iterator[Installation]:
    """Django set up in this process, on the installation's database; for short commands."""
    installation = Installation.here()
    installation.require_made()
    with installation.database(what) as urls:
        if "migrated" not in stored_state(urls["MINGQU_DATABASE_URL"]):
            raise Refused("The database is not prepared yet: run `mingqu migrate`.")
        os.environ.update(installation.environment(urls))
        import django

        django.setup()
        from django.db import OperationalError, connections

        try:
            yield installation
        except DomainError as refused:
            raise Refused(refused.message) from refused
        except OperationalError as silent:
            raise Refused(f"The database does not answer: {str(silent).splitlines()[0]}") from silent
        finally:
            connections.close_all()


def stored_state(url: str) -> dict[str, str]:
    """What `prepare` noted on the database itself: {migrated: digest, demo: digest}, or nothing yet."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    if row is None or not row[0] or not str(row[0]).startswith("{"):
        return {}
    held: dict[str, str] = json.loads(row[0])
    return held
