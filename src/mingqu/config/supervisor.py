"""
One process that keeps the parts of an installation running: the database (when it is ours), web,
relay, worker, scheduler.

A part that ends is started again, later each time it ends soon. A stop ends the parts first and the
database last, and leaves nothing behind. If the supervisor itself is killed, the kernel tells every
part to end (see `launcher_process`). Needs the main thread; no Django here.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import psycopg

from mingqu.config.launcher import EmbeddedPostgres, LauncherError
from mingqu.config.launcher_process import start_process
from mingqu.kernel.logfiles import DayFiles

FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0  # seconds before a part is started again
STEADY = 30.0  # seconds after which a part counts as running well, and its delays begin anew
PATIENCE = 20.0  # seconds a part may take to end
HEARTBEAT = 1.0  # seconds between looks when no child has ended
FIRST_LOOKS = 0.2  # the same, until the web has answered for the first time

Log = Callable[..., None]


def log_line(event: str, **fields: object) -> None:
    """One short line per event: instant, event, then name=value. Never a value of a row."""
    # One write for line and end: children write to the same place.
    sys.stderr.write(_line(event, fields) + "\n")
    sys.stderr.flush()


def kept_lines(folder: Path | None) -> Log:
    """As `log_line`, and in the files of the folder too; a disk that is full stops nothing."""
    files = DayFiles(folder, "supervisor") if folder else None

    def write(event: str, **fields: object) -> None:
        log_line(event, **fields)
        if files is not None:
            try:
                files.write(_line(event, fields))
            except OSError as full:
                log_line("log_not_written", reason=full.strerror)

    return write


def _line(event: str, fields: Mapping[str, object]) -> str:
    instant = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251  a log's clock
    said = " ".join(f"{name}={str(value).replace(' ', '_')}" for name, value in fields.items())
    return f"{instant} supervisor {event} {said}".rstrip()


@dataclass(frozen=True)
class Part:
    """A program that has to run; it ends on SIGTERM. `nice`: how far it stands back for those that people wait for."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    nice: int = 0


def delay_after(failures: int) -> float:
    """Seconds to wait before the next start after so many soon-ended runs in a row."""
    return float(min(FIRST_DELAY * 2 ** max(0, failures - 1), LONGEST_DELAY))


@dataclass
class Run:
    """How one part fares."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    start_at: float = field(default=0.0)  # monotonic; when to start it next


class Supervisor:
    """
    Runs the parts until a signal. The database, if given, has been started by the caller.

    `announce` is called at every look until it returns True: to say that the web answers.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        database: EmbeddedPostgres | None = None,
        *,
        log: Log = log_line,
        announce: Callable[[], bool] = lambda: True,
    ) -> None:
        self.runs = [Run(part) for part in parts]
        self.database, self.log, self.announce = database, log, announce
        self.announced = False
        self.signals = 0
        self.database_failures = 0
        self.database_start_at: float | None = None  # set while it is down
        self.database_started = time.monotonic()

    def run(self) -> None:
        """Returns when told to stop and all parts have ended. The caller stops the database."""
        reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        before = {
            n: signal.signal(n, self._signalled) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)
        }
        wakeup = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        if self.database is not None:
            self.database.interrupted = lambda: self.signals > 0
        try:
            while not self.signals:
                if self._look_after_database():
                    for run in self.runs:
                        self._look_after(run)
                self.announced = self.announced or self.announce()
                select.select([reader], [], [], self._until_next())
                while select.select([reader], [], [], 0)[0]:
                    os.read(reader, 512)
        finally:
            self._stop_parts()
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(reader)
            os.close(writer)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.signals += 1

    def _until_next(self) -> float:
        now = time.monotonic()
        waiting = [max(0.0, run.start_at - now) for run in self.runs if run.process is None]
        if self.database_start_at is not None:
            waiting = [max(0.0, self.database_start_at - now)]
        return min([HEARTBEAT if self.announced else FIRST_LOOKS, *waiting])

    # --- the parts -------------------------------------------------------------------------

    def _look_after(self, run: Run) -> None:
        now = time.monotonic()
        if run.process is not None and (code := _ended(run.process)) is not None:
            run.failures = 1 if now - run.started >= STEADY else run.failures + 1
            run.start_at = now + delay_after(run.failures)
            run.process = None
            self.log("ended", part=run.part.name, code=code, again_in=f"{delay_after(run.failures)}s")
        if run.process is None and now >= run.start_at:
            run.started = now
            # Without us the database ends too: what a part has begun can't be finished, and rolls back.
            run.process = start_process(
                run.part.arguments,
                environment=run.part.environment,
                death_signal=signal.SIGKILL,
                nice=run.part.nice,
            )
            self.log("started", part=run.part.name, pid=run.process.pid)

    def _look_after_database(self) -> bool:
        """Whether the database is there for the parts; starts it again when it is not."""
        if self.database is None or self.database.alive():
            return True
        now = time.monotonic()
        if self.database_start_at is None:
            steady = now - self.database_started >= STEADY
            self.database_failures = 1 if steady else self.database_failures + 1
            delay = delay_after(self.database_failures)
            self.database_start_at = now + delay
            self.log("ended", part="database", again_in=f"{delay}s")
        if now < self.database_start_at:
            return False
        self.database_start_at, self.database_started = None, now
        try:
            self.database.start()
        except (LauncherError, psycopg.Error) as refused:
            self.log("failed", part="database", why=refused)
            return False
        self.log("started", part="database")
        return True

    def _stop_parts(self) -> None:
        running = [run for run in self.runs if run.process is not None]
        for run in running:
            assert run.process is not None
            _signal_session(run.process, signal.SIGTERM, leader_only=True)
        deadline = time.monotonic() + PATIENCE
        while running and time.monotonic() < deadline and self.signals < 2:
            running = [run for run in running if run.process and _ended(run.process) is None]
            time.sleep(0.02)
        for run in running:
            if run.process and run.process.poll() is None:
                self.log("killed", part=run.part.name)
                _signal_session(run.process, signal.SIGKILL)
                run.process.wait()
        for run in self.runs:
            run.process = None


def _signal_session(
    process: subprocess.Popen[bytes], number: signal.Signals, *, leader_only: bool = False
) -> None:
    try:
        os.kill(process.pid, number) if leader_only else os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _ended(process: subprocess.Popen[bytes]) -> int | None:
    """
    The exit code of a child that has ended, or None.

    Before the child is collected, whatever it left in its session is killed: while it is not, its
    number can't be given to anyone else.
    """
    if process.returncode is not None:
        return process.returncode
    if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        return None
    _signal_session(process, signal.SIGKILL)
    return process.wait()
