"""Copies of the template database, and which of them this process works on."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

TEMPLATE = "mingqu_template"
ALIASES = {
    "default": "MINGQU_DATABASE_URL",
    "owner": "MINGQU_OWNER_DATABASE_URL",
    "read": "MINGQU_READ_DATABASE_URL",
}


def point_at(name: str, urls: dict[str, str]) -> None:
    from django.db import connections

    for alias, variable in ALIASES.items():
        parts = conninfo_to_dict(urls[variable])
        connections[alias].close()
        connections[alias].settings_dict.update(
            NAME=name,
            USER=parts["user"],
            PASSWORD=parts["password"],
            HOST=parts["host"],
            PORT=str(parts.get("port", "")),
            CONN_MAX_AGE=0,
        )


@contextmanager
def pointed_at(urls: dict[str, str], name: str) -> Iterator[None]:
    """Work on this database, and afterwards on the one from before."""
    from django.db import connections

    before = connections["default"].settings_dict["NAME"]
    point_at(name, urls)
    try:
        yield
    finally:
        point_at(before, urls)


def addresses(urls: dict[str, str], name: str) -> dict[str, str]:
    """Environment variable → address of this database, for child processes."""
    return {variable: make_conninfo(urls[variable], dbname=name) for variable in ALIASES.values()}


def copy(urls: dict[str, str], name: str, template: str = TEMPLATE) -> None:
    with psycopg.connect(urls["MINGQU_SUPERUSER_DATABASE_URL"], autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(1)")  # a template must have no other user while it is copied
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER mingqu_owner STRATEGY FILE_COPY")


def drop(urls: dict[str, str], name: str) -> None:
    with psycopg.connect(urls["MINGQU_SUPERUSER_DATABASE_URL"], autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
