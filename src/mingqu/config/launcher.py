"""
The embedded PostgreSQL of an installation: made, started, watched and stopped by us.

`EmbeddedPostgres` runs the database of one installation folder; `throwaway_postgres` is a cluster
for a test session. Both need the main thread (see `launcher_process`). No Django here.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import pq

from mingqu.config.launcher_binaries import binaries
from mingqu.config.launcher_home import default_home, lock_home, make_home, own_folder
from mingqu.config.launcher_process import (
    LauncherError,
    can_enter,
    listener,
    processes_in,
    run_program,
    service_account,
    signal_process,
    start_process,
)
from mingqu.config.launcher_roles import (
    APP,
    OWNER,
    READ,
    SUPERUSER,
    add_secrets,
    load_secrets,
    make_roles,
    socket_url,
    socket_urls,
)
from mingqu.config.launcher_settings import THROWAWAY, character_type, environment, server_settings
from mingqu.kernel.logfiles import BEIJING

__all__ = [
    "EmbeddedPostgres",
    "LauncherError",
    "default_home",
    "lock_home",
    "make_home",
    "throwaway_postgres",
]

Progress = Callable[[str], None]
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's field has 108
LOG_KEPT = 16 * 2**20  # bytes after which the server's log starts anew at the next start
POLL = 0.1  # seconds between two looks while waiting
PATIENCE = 30.0  # seconds a server may take to stop before it is told less politely; nothing is lost then


class EmbeddedPostgres:
    """
    The database of one installation folder. The caller holds `lock_home`.

    `start` returns when the server answers and the roles exist. A server that already runs on the
    folder (its launcher was killed) is adopted: found by asking the socket, never by its pid file.
    """

    def __init__(self, home: Path, *, progress: Progress = lambda line: None, connections: int = 100) -> None:
        home = home.resolve()  # working folders of processes are compared with it
        self.home, self.progress, self.connections = home, progress, connections
        self.data = home / "postgres"
        self.secrets = home / "secrets.json"
        self.log = home / "postgres.log"
        self.account = service_account(self.data)
        self.process: subprocess.Popen[bytes] | None = None
        self.adopted: int | None = None
        self.settings: dict[str, str] = {}
        self.death_signal = signal.SIGINT  # a fast, clean shutdown
        self.for_tests = False
        self.interrupted: Callable[[], bool] = lambda: (
            False
        )  # asked while waiting, for those who catch signals

    # --- what others ask -------------------------------------------------------------------

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: in the folder if its path is short enough for the kernel, else in /tmp."""
        inside = self.home / "run"
        if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return inside
        name = hashlib.sha256(os.fsencode(self.home.resolve())).hexdigest()[:16]
        return Path("/tmp") / f"mingqu-{name}"  # noqa: S108  0700 and checked to be ours, by own_folder

    def urls(self) -> dict[str, str]:
        """Environment variable -> address, for the three roles."""
        return socket_urls(load_secrets(self.secrets), self.socket_folder)

    def superuser_url(self) -> str:
        """For the launcher itself, and for backups; never handed to a child."""
        return socket_url(SUPERUSER, load_secrets(self.secrets)[SUPERUSER], self.socket_folder, "postgres")

    def answers(self) -> pq.Ping:
        """What the server behind the socket says: OK, REJECT (starting, recovering, stopping) or nothing."""
        return pq.Ping(pq.PGconn.ping(f"host={self.socket_folder} connect_timeout=5".encode()))

    def alive(self) -> bool:
        """Whether the server process is there, our child or adopted."""
        if self.process is not None:
            return self.process.poll() is None
        return self.adopted is not None and self.answers() != pq.Ping.NO_RESPONSE

    # --- start -----------------------------------------------------------------------------

    def start(self) -> None:
        """Make the cluster if there is none, start or adopt its server, make the roles."""
        if self.account and not can_enter(self.account, self.home):
            raise LauncherError(
                f"PostgreSQL runs as {self.account.name}, who can't enter {self.home}. "
                "Its mode is left alone: choose another place with MINGQU_HOME, or start as an ordinary user."
            )
        programs = binaries(self.home, self.account)
        own_folder(self.socket_folder, self.account)
        self._make_cluster(programs)
        if not (self._adopt() and self._becomes_ready()):
            self._clear_leftovers()
            self._launch(programs)
            if not self._becomes_ready():
                raise LauncherError(f"PostgreSQL ended at once. Its last words: {self.last_words()}")
        make_roles(self.superuser_url(), load_secrets(self.secrets), for_tests=self.for_tests)

    def _make_cluster(self, programs: Path) -> None:
        if self.data.exists():
            self._refuse_other_version(programs)
            if not {SUPERUSER, OWNER, APP, READ} <= load_secrets(self.secrets).keys():
                raise LauncherError(f"The passwords of {self.data} are missing: restore {self.secrets}.")
            return
        self.progress("making the database")
        passwords = add_secrets(self.secrets, SUPERUSER, OWNER, APP, READ)
        partial = self.home / "postgres.partial"  # becomes `postgres` when complete, so a kill leaves no half
        shutil.rmtree(partial, ignore_errors=True)
        own_folder(partial, self.account)
        password_file = self.socket_folder / "password"
        password_file.unlink(missing_ok=True)
        with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(passwords[SUPERUSER])
            if self.account:
                os.fchown(file.fileno(), self.account.uid, self.account.gid)
        try:
            self._initdb(programs, partial, password_file)
        finally:
            password_file.unlink()
        partial.rename(self.data)

    def _initdb(self, programs: Path, folder: Path, password_file: Path) -> None:
        arguments = ["-D", str(folder), f"--username={SUPERUSER}", "--encoding=UTF8", "--no-instructions"]
        arguments += [f"--pwfile={password_file}", "--auth=scram-sha-256", "--locale-provider=builtin"]
        arguments += ["--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={character_type()}"]
        arguments += ["--no-sync"] if self.for_tests else []
        done = run_program(programs / "initdb", arguments, self.account, environment())
        if done.returncode != 0:
            raise LauncherError(f"The database could not be made: {done.stderr.strip()[-600:]}")

    def _refuse_other_version(self, programs: Path) -> None:
        made_by = run_program(Path("/bin/cat"), [str(self.data / "PG_VERSION")], self.account).stdout.strip()
        said = run_program(programs / "postgres", ["--version"], self.account).stdout.split()
        if made_by != said[2].split(".")[0]:
            raise LauncherError(
                f"{self.data} was made by PostgreSQL {made_by or 'unknown'}, these programs are {said[2]}. "
                "Move it with pg_upgrade, or name the older programs in MINGQU_PG_BIN."
            )

    def _adopt(self) -> bool:
        """Take over a server that answers on our socket; waits out one that is just stopping."""
        rounds = 0
        while (said := self.answers()) == pq.Ping.REJECT and not self._said_starting():
            self._pause()
            rounds += 1
            if rounds % 50 == 0:  # each 5 s
                self.progress("waiting for the database's last shutdown to finish")
            if rounds * POLL >= PATIENCE and (hung := listener(self.socket_folder / SOCKET_NAME)):
                signal_process(hung, signal.SIGQUIT)
        if said not in {pq.Ping.OK, pq.Ping.REJECT}:
            return False
        try:
            self.adopted = listener(self.socket_folder / SOCKET_NAME)
        except (FileNotFoundError, ConnectionRefusedError):  # it ended since it answered
            return False
        self.process = None
        self.progress(f"the database is already running (process {self.adopted}); taking it over")
        return True

    def _said_starting(self) -> bool:
        """Whether a server that rejects connections is on its way up rather than down."""
        try:
            psycopg.connect(self.superuser_url()).close()
        except psycopg.OperationalError as refused:
            return "shutting down" not in str(refused)
        return True

    def _clear_leftovers(self) -> None:
        """
        See that nothing of an earlier server is left on the data folder.

        Backends whose postmaster was killed end by themselves, as a rule at once; one deep in a
        query is told to. Lock files whose number now belongs to somebody else (after a crash of
        the machine), or to a dead process that nobody has collected (in a container), would keep
        PostgreSQL from starting: they are removed.
        """
        rounds = 0
        while left := processes_in(self.data):
            if rounds in {50, 300}:  # after 5 s, after 30 s
                self.progress(f"ending what an earlier start left behind: processes {left}")
                for pid in left:
                    signal_process(pid, signal.SIGQUIT if rounds == 50 else signal.SIGKILL)
            self._pause()
            rounds += 1
        if sys.platform.startswith("linux"):
            for file in (self.data / "postmaster.pid", *self.socket_folder.glob(f"{SOCKET_NAME}*")):
                file.unlink(missing_ok=True)

    def _put_log_away(self) -> None:
        """Beside the others, under the day of its last line: how long it stays there is the rule of all logs."""
        folder = self.home / "logs"
        folder.mkdir(mode=0o700, exist_ok=True)
        day = f"{datetime.fromtimestamp(self.log.stat().st_mtime, BEIJING):%Y%m%d}"
        names = (f"postgres-{day}{f'.{n}' if n else ''}.log" for n in itertools.count())
        self.log.rename(next(folder / name for name in names if not (folder / name).exists()))

    def _launch(self, programs: Path) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_KEPT:
            self._put_log_away()
        settings = {**server_settings(self.socket_folder, self.connections), **self.settings}
        arguments = [str(programs / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            arguments += ["-c", f"{name}={value}"]
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self.adopted = None
            self.process = start_process(
                arguments,
                account=self.account,
                death_signal=self.death_signal,
                environment=environment(),
                output=log,
            )

    def _becomes_ready(self) -> bool:
        """
        Recovery after a crash may take hours on a large database: we wait for it, and say so.

        False if the server ended instead. One we took over does so when it was still recovering as its supervisor
        was killed: it obeys its death signal only when recovery is over.
        """
        rounds = 0
        while (said := self.answers()) != pq.Ping.OK:
            if self.process is not None and self.process.poll() is not None:
                return False
            if self.adopted is not None and said == pq.Ping.NO_RESPONSE:
                self.progress("the database we took over has ended; starting it anew")
                return False
            self._pause()
            rounds += 1
            if rounds % 50 == 0:  # each 5 s
                self.progress(f"waiting for the database: {self.last_words(1)}")
        return True

    def _pause(self) -> None:
        if self.interrupted():
            raise LauncherError("Told to stop while waiting for the database.")
        time.sleep(POLL)

    def last_words(self, lines: int = 5) -> str:
        """The last lines of the server's log (they hold no values of rows, see the settings)."""
        if not self.log.exists():
            return "none"
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4000))
            return " / ".join(log.read().decode("utf-8", "replace").strip().splitlines()[-lines:])

    # --- stop ------------------------------------------------------------------------------

    def stop(self) -> None:
        """
        Stop the server; leaves no process and no socket; safe to call twice.

        A server that is not up (recovering, restarting after a backend was killed) is ended at once: there is
        no clean state to wait for, and PostgreSQL 18.6 was seen to hang for ever when asked politely then.
        """
        pid = self.process.pid if self.process else self.adopted
        if pid is not None:
            polite = self.death_signal if self.answers() == pq.Ping.OK else signal.SIGQUIT
            for number in (polite, signal.SIGQUIT, signal.SIGKILL):
                for one in [pid] if self.alive() else processes_in(self.data):
                    signal_process(one, number)
                if self._ended_within(PATIENCE):
                    break
        self.process = self.adopted = None
        if self.socket_folder.exists():
            shutil.rmtree(self.socket_folder)

    def _ended_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.alive() and not processes_in(self.data):
                return True
            time.sleep(0.02)
        return False

    def __enter__(self) -> EmbeddedPostgres:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()


@contextlib.contextmanager
def throwaway_postgres(folder: Path | None = None, *, durable: bool = False) -> Iterator[dict[str, str]]:
    """
    A fresh cluster for one test session; yields variable -> address. Without durability, unless a
    measurement needs it: then with the settings of an installation.

    Beside the three roles' addresses there is MINGQU_SUPERUSER_DATABASE_URL. The owner may make
    databases. Each session has its own folder below `folder`, and the next session removes those
    whose owner was killed: a lock the kernel frees tells them apart.
    """
    folder = folder or Path(tempfile.gettempdir()) / f"mingqu-tests-{os.geteuid()}"
    make_home(folder)
    if folder.stat().st_uid != os.geteuid():
        raise LauncherError(f"{folder} belongs to another user; it is not used.")
    with contextlib.ExitStack() as held:
        with (folder / "sweep.lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # nobody sweeps away what we made but have not locked yet
            _sweep(folder)
            home = Path(tempfile.mkdtemp(prefix="pg", dir=folder))
            held.enter_context(lock_home(home, "throw-away database"))
        held.callback(_remove, folder, home)
        if os.geteuid() == 0:
            home.chmod(0o711)
        server = EmbeddedPostgres(home)
        server.for_tests = True
        server.death_signal = signal.SIGQUIT  # at once: nothing here is worth a checkpoint
        server.settings = {} if durable else THROWAWAY
        with server:
            yield {**server.urls(), "MINGQU_SUPERUSER_DATABASE_URL": server.superuser_url()}


def _remove(folder: Path, home: Path) -> None:
    """Our own, while nobody sweeps: a sweep that met it half gone would take it for one whose owner was killed."""
    with (folder / "sweep.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        shutil.rmtree(home)


def _sweep(folder: Path) -> None:
    """Remove clusters whose session was killed before it could."""
    for home in folder.glob("pg*"):
        with contextlib.suppress(LauncherError), lock_home(home, "clearing up"):
            server = EmbeddedPostgres(home)
            for pid in processes_in(server.data):
                signal_process(pid, signal.SIGKILL)
            server.stop()
            shutil.rmtree(home)
