"""
The three database roles, their passwords and their addresses.

`mingqu_owner` owns the database and migrates it, `mingqu_app` runs the installation,
`mingqu_read` only reads. What each may touch is decided by `mingqu.kernel.privileges`.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from mingqu.config.launcher_process import LauncherError

DATABASE = "mingqu"
SUPERUSER, OWNER, APP, READ = "mingqu_superuser", "mingqu_owner", "mingqu_app", "mingqu_read"
VARIABLES = {
    "MINGQU_DATABASE_URL": APP,
    "MINGQU_OWNER_DATABASE_URL": OWNER,
    "MINGQU_READ_DATABASE_URL": READ,
}


def load_secrets(path: Path) -> dict[str, str]:
    """Role name -> password; empty if the file does not exist yet."""
    try:
        held: dict[str, str] = json.loads(path.read_text("ascii"))
    except FileNotFoundError:
        return {}
    except PermissionError as refused:
        raise LauncherError(
            f"{path} belongs to another user: start as the one who made this installation."
        ) from refused
    return held


def add_secrets(path: Path, *names: str) -> dict[str, str]:
    """Make a random password for each name that has none; returns all. The file is never half-written."""
    held = load_secrets(path)
    missing = [name for name in names if name not in held]
    if missing:
        held |= {name: secrets.token_urlsafe(32) for name in missing}
        write_private(path, json.dumps(held, indent=1))
    return held


def write_private(path: Path, text: str) -> None:
    """Write a file only we can read (0600), whole or not at all, surviving a power cut."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)


def socket_url(role: str, password: str, folder: Path, database: str = DATABASE) -> str:
    """A libpq address of the server behind a socket folder."""
    return f"postgresql://{role}:{quote(password, safe='')}@/{database}?{urlencode({'host': str(folder)})}"


def socket_urls(passwords: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Environment variable -> address, for the three roles of a server we started."""
    return {variable: socket_url(role, passwords[role], folder) for variable, role in VARIABLES.items()}


def make_roles(superuser_url: str, passwords: Mapping[str, str], *, for_tests: bool = False) -> None:
    """Make the three roles and the database in a server of ours; what exists stays as it is."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        _make_role(connection, OWNER, passwords[OWNER], "CREATEDB" if for_tests else "NOCREATEDB")
        _make_role(connection, APP, passwords[APP])
        _make_role(connection, READ, passwords[READ])
        if for_tests:  # lets the owner drop a test database that a failed test is still connected to
            connection.execute(sql.SQL("GRANT pg_signal_backend TO {}").format(sql.Identifier(OWNER)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            make = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(make.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
        _let_connect(connection, DATABASE)


def _make_role(connection: psycopg.Connection, role: str, password: str, options: str = "") -> bool:
    """Returns whether the role had to be made. The password leaves us only as a SCRAM verifier."""
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        return False
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} " + options)
    connection.execute(make.format(sql.Identifier(role), sql.Literal(verifier)))
    if role == READ:
        connection.execute(
            sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(sql.Identifier(role))
        )
    return True


def _let_connect(connection: psycopg.Connection, database: str) -> None:
    name, app, read = (sql.Identifier(text) for text in (database, APP, READ))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, app))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, read))


def own_server_urls(secrets_file: Path) -> dict[str, str]:
    """
    The three addresses on the operator's own PostgreSQL.

    Either all three variables are given, or MINGQU_DATABASE_URL alone: then it is the owner's, and
    the other two are the same server with roles that `make_roles_on_own_server` makes.
    """
    given = {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}
    if len(given) == len(VARIABLES):
        return given
    if list(given) != ["MINGQU_DATABASE_URL"]:
        raise LauncherError(
            "Give either MINGQU_DATABASE_URL alone (the owner of the database), or all three of "
            + ", ".join(VARIABLES)
            + "."
        )
    owner_url = given["MINGQU_DATABASE_URL"]
    passwords = add_secrets(secrets_file, APP, READ)
    parts = conninfo_to_dict(owner_url)
    return {
        "MINGQU_OWNER_DATABASE_URL": owner_url,
        "MINGQU_DATABASE_URL": _url(parts, APP, passwords[APP]),
        "MINGQU_READ_DATABASE_URL": _url(parts, READ, passwords[READ]),
    }


def _url(parts: Mapping[str, object], role: str, password: str) -> str:
    rest = {k: str(v) for k, v in parts.items() if k not in {"user", "password", "dbname"} and v is not None}
    database = quote(str(parts.get("dbname") or DATABASE), safe="")
    return f"postgresql://{role}:{quote(password, safe='')}@/{database}?{urlencode(rest)}"


def make_roles_on_own_server(urls: Mapping[str, str]) -> None:
    """
    Make `mingqu_app` and `mingqu_read` on the operator's server, as the owner of the database.

    Raises LauncherError when the server is too old, when the owner may not make roles (the sentence
    then holds what an administrator has to run), or when a role exists whose password we don't hold.
    """
    with psycopg.connect(urls["MINGQU_OWNER_DATABASE_URL"], autocommit=True) as connection:
        if connection.info.server_version < 160000:
            raise LauncherError("Mingqu needs PostgreSQL 16 or newer; this server is older.")
        for variable in ("MINGQU_DATABASE_URL", "MINGQU_READ_DATABASE_URL"):
            parts = conninfo_to_dict(urls[variable])
            role, password = str(parts.get("user", "")), str(parts.get("password", ""))
            try:
                _make_role(connection, role, password)
            except psycopg.errors.InsufficientPrivilege as refused:
                raise LauncherError(
                    f"The owner may not make the role {role}. Have an administrator run "
                    f"CREATE ROLE {role} LOGIN PASSWORD '…'; and give its address in {variable}."
                ) from refused
        _let_connect(connection, connection.info.dbname)
    for variable in ("MINGQU_DATABASE_URL", "MINGQU_READ_DATABASE_URL"):
        try:
            psycopg.connect(urls[variable]).close()
        except psycopg.OperationalError as refused:
            role = str(conninfo_to_dict(urls[variable]).get("user"))
            raise LauncherError(
                f"The role {role} exists on this server, but can't sign in with the password we hold. Does "
                f"another installation use it? Give its address in {variable}."
            ) from refused
