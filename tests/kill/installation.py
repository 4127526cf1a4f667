"""A real installation, as `mingqu demo` runs it, whose parts can be found and killed."""

import base64
import contextlib
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from mingqu.config.launcher_process import processes_in
from mingqu.config.launcher_roles import DATABASE, SUPERUSER, load_secrets, socket_url, socket_urls
from mingqu.config.tests.running import SOURCE, place, programs, until

WEB, RELAY, WORKER, SCHEDULER = "granian", "relay", "procrastinate", "scheduler"
PARTS = ("relay", "worker", "scheduler", "web process", "web master", "database", "supervisor")
STARTING = 240.0  # seconds until a test gives up; a start takes about 15, a restart 4
ASKED_EVERY = 0.2  # seconds: what says whether all is ready looks at each part, while they begin
HISTORY = "0"  # copies, which no command of this installation wrote: the checks ask for each entry's command
ROOT = Path(__file__).resolve().parents[2]


class Installation:
    """One folder with its supervisor, started again and again; `log` and `terminal` keep what it says."""

    def __init__(self, home: Path, history: str | None = HISTORY) -> None:
        """`history`: how many cases went before, None: as many as an operator gets who says nothing."""
        self.history = history
        self.home, self.log = home, home.parent / "installation.log"
        self.terminal = home.parent / "terminal.log"
        self.key = home.parent / "master.key"
        if not self.key.exists():
            self.key.touch(mode=0o600)
            self.key.write_text(base64.b64encode(secrets.token_bytes(32)).decode("ascii"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """For the command `mingqu`."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("MINGQU_")}
        told = {} if self.history is None else {"MINGQU_DEMO_CASES": self.history}
        return (
            clean
            | told
            | {
                "PYTHONPATH": f"{SOURCE}{os.pathsep}{ROOT}",
                "MINGQU_PG_BIN": programs(),
                "MINGQU_HOME": str(self.home),
                "MINGQU_STAND_BACK": "0",  # who keeps the processors busy is other tests, not this site's web
                "MINGQU_MASTER_KEY_FILE": str(self.key),
                "DJANGO_SETTINGS_MODULE": "mingqu.config.settings",
            }
        )

    def client_environment(self) -> dict[str, str]:
        """For a program with Django on this installation's database, as its own parts have it."""
        postgres = self.socket_folder()
        return self.environment() | {
            **socket_urls(load_secrets(self.home / "secrets.json"), postgres),
            "MINGQU_SECRET_KEY_FILE": str(self.home / "secret.key"),
            "MINGQU_BASE_URL": self.url,
            "MINGQU_DEMO": "1",
        }

    def superuser_url(self) -> str:
        password = load_secrets(self.home / "secrets.json")[SUPERUSER]
        return socket_url(SUPERUSER, password, self.socket_folder(), DATABASE)

    def socket_folder(self) -> Path:
        from mingqu.config.launcher import EmbeddedPostgres

        return EmbeddedPostgres(self.home).socket_folder

    # --- running it ------------------------------------------------------------------------

    def start(self) -> None:
        """Start the supervisor; returns when the web says that everything is ready."""
        with self.log.open("ab") as log, self.terminal.open("ab") as terminal:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mingqu.config.cli", "demo", "--port", str(self.port)],
                env=self.environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=terminal,
                stderr=log,
                start_new_session=True,
            )
        self.until_ready("the installation is ready", STARTING)

    def until_ready(self, what: str, seconds: float = 60.0) -> None:
        self.wait(self.ready, what, seconds, every=ASKED_EVERY)

    def wait(
        self, condition: Callable[[], object], what: str, seconds: float = 60.0, every: float = 0.02
    ) -> None:
        """As `until`; what never happens is explained by the end of the log."""
        try:
            until(condition, what, seconds, every)
        except AssertionError as never:
            raise AssertionError(f"{never}\n{self.tail()}") from never

    def ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "the installation ended"
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(json.load(answer)["ready"])
        except (OSError, ValueError, urllib.error.HTTPError):
            return False

    def stop(self) -> None:
        """Ctrl-C. Whatever an attempt of ours left is ended, so that a failed test leaves nothing."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pid in processes_in(self.home / "postgres"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    # --- its parts -------------------------------------------------------------------------

    def pids(self, part: str) -> list[int]:
        """The processes of a part that run at this moment; none while it is being started again."""
        assert self.process is not None
        if part == "supervisor":
            return [self.process.pid] if self.process.poll() is None else []
        if part == "database":
            return _postmaster(self.home)
        children = _children(self.process.pid)
        if part in {"web process", "web master"}:
            masters = [pid for pid in children if WEB in _arguments(pid)]
            workers = [w for m in masters for w in _children(m) if WEB in _arguments(w)]
            return workers if part == "web process" else masters
        name = {"relay": RELAY, "worker": WORKER, "scheduler": SCHEDULER}[part]
        return [pid for pid in children if name in _arguments(pid)]

    def kill(self, part: str, choose: int = 0) -> int:
        """SIGKILL one process of the part, once it has one; which."""
        self.wait(lambda: self.pids(part), f"the {part} runs", STARTING)
        running = self.pids(part) or [0]
        victim = running[choose % len(running)]
        assert victim, f"the {part} ended by itself"
        os.kill(victim, signal.SIGKILL)
        if part == "supervisor":
            assert self.process is not None
            self.process.wait(30)
        return victim


def _arguments(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return sorted(found)


def _postmaster(home: Path) -> list[int]:
    """The process in the data folder whose parent is not in it."""
    inside = set(processes_in(home.resolve() / "postgres"))
    return [pid for pid in inside if not any(pid in _children(other) for other in inside if other != pid)]


def _prepared() -> Path:
    """
    A demo installation that was started, left until it had nothing more to do, and stopped.

    Made once for all workers of a run: making the district and its papers takes as long as all that a test does.
    """
    folder = Path(os.environ["MINGQU_TEST_HOME"]) / "prepared"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with place() as home:
                made = Installation(home)
                try:
                    made.start()
                    checked = [sys.executable, "-m", "tests.kill.checks", "--rest"]
                    subprocess.run(
                        checked, env=made.client_environment(), cwd="/", stdout=subprocess.DEVNULL, check=True
                    )
                finally:
                    made.stop()
                subprocess.run(["cp", "-a", str(home.parent), str(folder)], check=True)
    return folder


@contextlib.contextmanager
def installation() -> Iterator[Installation]:
    """A demo installation of this test's own, running; at the end nothing of it is left."""
    prepared = _prepared()
    with place() as home:
        subprocess.run(["cp", "-a", f"{prepared}/.", str(home.parent)], check=True)
        made = Installation(home)
        try:
            made.start()
            yield made
        finally:
            made.stop()
