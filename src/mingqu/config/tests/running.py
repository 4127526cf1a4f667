"""What the tests of launcher and supervisor share: real processes, and what is left of them."""

import contextlib
import functools
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from mingqu.config.launcher_binaries import binaries
from mingqu.config.launcher_process import processes_in, service_account

SOURCE = Path(__file__).resolve().parents[3]
PROGRAMS = Path(__file__).resolve().parent

# Whom the tests run a launcher as: the caller, and when that is root also an ordinary user.
USERS = [os.geteuid()] + ([pwd.getpwnam("nobody").pw_uid] if os.geteuid() == 0 else [])


@contextlib.contextmanager
def place(uid: int | None = None, *, name: str = "h") -> Iterator[Path]:
    """A folder for one installation, owned by `uid`, that every account can reach (pytest's own is 0700)."""
    root = Path(tempfile.mkdtemp(prefix="mq"))
    root.chmod(0o755)
    try:
        home = root / name
        if uid is not None:
            os.chown(root, uid, -1)
        yield home
        until(lambda: left_in(home) == [], "nothing is left running")
    finally:
        shutil.rmtree(root)


@functools.cache
def programs() -> str:
    """PostgreSQL's programs at a place that an ordinary user can read."""
    folder = Path(tempfile.gettempdir()) / f"mingqu-test-binaries-{os.geteuid()}"
    folder.mkdir(exist_ok=True, mode=0o755)
    return str(binaries(folder, service_account(folder / "none")))


class Running:
    """A program of ours in a process of its own, that tells what it has to say as lines of JSON."""

    def __init__(self, *arguments: object, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(SOURCE), "MINGQU_PG_BIN": programs(), **environment},
            start_new_session=True,
        )

    def line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def stop(self, number: int | None = None) -> int:
        """Ask it to end (SIGTERM, or the number given) and wait; its exit code."""
        self.process.terminate() if number is None else self.process.send_signal(number)
        return self.process.wait(60)

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout is not None
        self.process.stdout.close()


def database(home: Path, uid: int | None = None, *, orphan: bool = False) -> Running:
    uid = os.geteuid() if uid is None else uid
    return Running(PROGRAMS / "run_database.py", home, uid, *(["orphan"] if orphan else []))


def until(condition: Callable[[], object], what: str, seconds: float = 30.0, every: float = 0.02) -> None:
    """
    Wait for the machine, not for a length of time: the limit only ends a test that has failed. `every`: seconds between
    two questions, more where an answer costs whom we wait for.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(every)


def ask(url: str, statement: str) -> Any:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def left_in(home: Path) -> list[int]:
    return processes_in(home.resolve() / "postgres")


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and only not collected does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
