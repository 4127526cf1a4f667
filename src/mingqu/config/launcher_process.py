"""
Child processes that end with us, and the account a database runs under.

The launcher and the supervisor start every process through `start_process`, so that one rule
holds for all: a child dies when its parent does, however the parent died. No Django here.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
SERVICE_ACCOUNTS = ("postgres", "nobody")


class LauncherError(Exception):
    """The installation can't be run as asked; the message is a sentence for the operator."""


@dataclass(frozen=True)
class Account:
    """A system account that child processes run under."""

    name: str
    uid: int
    gid: int


def service_account(data_folder: Path) -> Account | None:
    """
    The account PostgreSQL runs under, or None for the caller's own.

    PostgreSQL refuses to run as root. A data folder that exists keeps the account that owns it,
    else a cluster would become unreadable when an account is added to the machine later.
    """
    if os.geteuid() != 0:
        return None
    if data_folder.exists() and (owner := data_folder.stat().st_uid) != 0:
        return _account_of(owner)
    for name in SERVICE_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise LauncherError(
        "PostgreSQL does not run as root, and this machine has neither an account `postgres` nor `nobody`. "
        "Start as an ordinary user."
    )


def _account_of(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def identity_of(account: Account | None) -> dict[str, Any]:
    """The arguments with which `subprocess` starts a child under this account."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def can_enter(account: Account | None, folder: Path) -> bool:
    """Whether the account may enter this folder; asked of the kernel, as the account."""
    return _succeeds(Path("/bin/sh"), ["-c", 'cd -- "$1"', "sh", str(folder)], account)


def can_run(account: Account | None, program: Path) -> bool:
    """Whether the account may execute this program."""
    return _succeeds(program, ["--version"], account)


def _succeeds(program: Path, arguments: Sequence[str], account: Account | None) -> bool:
    try:
        return run_program(program, arguments, account).returncode == 0
    except (PermissionError, FileNotFoundError):
        return False


def run_program(
    program: Path,
    arguments: Sequence[str],
    account: Account | None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end under the account, from a folder every account can enter."""
    return subprocess.run(  # noqa: S603  only programs of ours and of the system
        [str(program), *arguments],
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        **identity_of(account),
    )


def start_process(
    arguments: Sequence[str],
    *,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    keep_errors: bool = False,
    nice: int = 0,
) -> subprocess.Popen[bytes]:
    """
    Start a child in a session of its own that gets `death_signal` when we die (Linux). `nice`: how far it stands back
    for others where the processors are busy.

    A session of its own, because Ctrl-C in a terminal reaches the whole foreground group: the
    database must not stop before the processes that use it. The kernel ties the death signal to
    the *thread* that started the child: call this from the main thread.
    """
    return subprocess.Popen(  # noqa: S603
        list(arguments),
        cwd="/",
        env=dict(environment) if environment is not None else None,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None or keep_errors else subprocess.STDOUT,
        start_new_session=True,
        umask=0o077,  # what a part writes is for this account alone
        preexec_fn=_die_with(os.getpid(), death_signal, nice),  # noqa: PLW1509  main thread only, see above
        **identity_of(account),
    )


def _die_with(parent: int, death_signal: signal.Signals, nice: int) -> Callable[[], None] | None:
    """What the child does between fork and exec; after setuid, which would clear the death signal."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the call above took effect
            os._exit(1)
        if nice:
            _stand_back(nice)

    return in_child


def _stand_back(nice: int) -> None:
    """
    Where the kernel shares the processors out among sessions (autogroup), a nice value counts inside its session only,
    and every part has its own: then the session stands back as well.
    """
    os.nice(nice)
    for _ in range(3):
        try:
            Path("/proc/self/autogroup").write_text(str(nice), "ascii")
        except BlockingIOError:  # it takes one change in a tenth of a second
            time.sleep(0.15)
        except OSError:
            return  # a kernel without it: the nice value alone counts
        else:
            return


def processes_in(folder: Path) -> list[int]:
    """Processes whose working directory is this folder: a postmaster and its backends (Linux only)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if os.readlink(entry) == str(folder):
                found.append(int(entry.parent.name))
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            continue  # another user's process, or gone meanwhile
    return found


def signal_process(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may have ended meanwhile."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def listener(path: Path) -> int | None:
    """The process that listens on a unix socket, as the kernel knows it (Linux)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(path))
        credentials = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", credentials)[0])
