"""The installation's folder: where it is, who made it, who holds it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from mingqu.config.launcher_process import Account, LauncherError


class AlreadyRunning(LauncherError):
    """Somebody else holds the installation's folder; the message says who."""


def default_home() -> Path:
    """The installation's folder: MINGQU_HOME, else by who we are."""
    if given := os.environ.get("MINGQU_HOME"):
        return Path(given).resolve()
    return Path("/var/lib/mingqu") if os.geteuid() == 0 else Path.home() / ".local/share/mingqu"


def make_home(home: Path) -> None:
    """Make the folder if it is missing. One that exists keeps its mode: it is somebody's decision."""
    if home.is_dir():
        return
    as_root = os.geteuid() == 0
    for folder in reversed([home, *home.parents]):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o755 if as_root else 0o700)
    if as_root:
        home.chmod(0o711)  # the database's account passes through, and lists nothing


def own_folder(folder: Path, account: Account | None) -> Path:
    """A 0700 folder of the account, made if missing; refuses one that is not the account's own."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        expected = account.uid if account else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected:
            raise LauncherError(f"{folder} is not a folder of uid {expected}; it is not touched.") from None
        return folder
    if account:
        os.chown(folder, account.uid, account.gid)
    return folder


@contextlib.contextmanager
def lock_home(home: Path, what: str) -> Iterator[None]:
    """
    Hold the installation's folder; a second holder is refused with who, which process, since when.

    The kernel frees the lock when we end, however we end, so a stale file means nothing.
    """
    path = home / "mingqu.lock"
    try:
        file = path.open("a+", encoding="utf-8")
    except PermissionError as refused:
        raise LauncherError(f"{home} belongs to another user: start as the one who made it.") from refused
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as refused:
            raise AlreadyRunning(_who_runs(file, home)) from refused
        file.truncate(0)
        since = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251  the machine's clock, for a person
        file.write(json.dumps({"what": what, "pid": os.getpid(), "since": since}))
        file.flush()
        yield
        file.truncate(0)


def _who_runs(file: IO[str], home: Path) -> str:
    file.seek(0)
    try:
        held = json.loads(file.read())
    except ValueError:  # it took the lock this very moment and has not said yet who it is
        return f"Another process is just starting on {home}."
    return (
        f"Already running on {home}: `{held['what']}`, process {held['pid']}, since {held['since']}. "
        f"Stop it with Ctrl-C where it runs, or with `kill {held['pid']}`."
    )
