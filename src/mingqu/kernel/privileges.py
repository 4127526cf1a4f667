"""
What the two run-time roles may do, derived from the models.

`append_only = True` on a model: the app role reads and inserts, nothing more. The read role reads, but for
what signs in or signs: `secret_columns` of a model, and those of other people's tables named here. Run by
`mingqu migrate` after every migration, and by the tests, which work as the app role.
"""

from typing import Any

from django.apps import apps
from django.db import connections

APP, READ = "mingqu_app", "mingqu_read"
FOREIGN_SECRETS = {
    "django_session": ("session_key", "session_data"),
    "mfa_authenticator": ("data",),
}


def append_only_tables() -> set[str]:
    return {m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)}


def secret_columns() -> dict[str, tuple[str, ...]]:
    """Table to the columns that the read role may not see."""
    ours = {m._meta.db_table: getattr(m, "secret_columns", ()) for m in apps.get_models()}
    return FOREIGN_SECRETS | {table: columns for table, columns in ours.items() if columns}


def _hide(cursor: Any) -> None:
    """Instead of the whole table the read role gets each column that is no secret."""
    for table, hidden in secret_columns().items():
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0"
            " AND NOT attisdropped AND NOT attname = ANY(%s)",
            [f"public.{table}", list(hidden)],
        )
        shown = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
        if shown:
            cursor.execute(
                f'REVOKE SELECT ON "{table}" FROM {READ}; GRANT SELECT ({shown}) ON "{table}" TO {READ}'  # noqa: S608 - our own names
            )


def apply(alias: str = "owner") -> None:
    """Grant and revoke on all tables, partitions, sequences and functions of the schema. Idempotent."""
    connection = connections[alias]
    frozen = append_only_tables()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == APP:
            raise RuntimeError("privileges are set by the owner, not by the app role")
        cursor.execute(
            f"REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO {APP}, {READ}"
        )
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}")
        cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READ}")
        _hide(cursor)
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP}")
        cursor.execute(
            "SELECT c.relname, coalesce(p.relname, c.relname) FROM pg_class c"
            " LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        )
        for table, parent in cursor.fetchall():
            if parent in frozen or parent == "django_migrations":
                cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {APP}')
