"""What a run stands on: a PostgreSQL of its own with durability on, migrated; keys and files of its own."""

import base64
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from mingqu.config.launcher import EmbeddedPostgres, throwaway_postgres
from mingqu.config.launcher_home import lock_home, make_home


@contextmanager
def ground(kept: Path | None = None) -> Iterator[None]:
    """
    Django set up on a fresh database, or on the one in the folder `kept`, which stays for the next run. Once per
    process: settings are read only once.
    """
    with (
        nullcontext(kept) if kept else tempfile.TemporaryDirectory(prefix="mingqu-bench-") as folder,
        kept_postgres(kept) if kept else throwaway_postgres(durable=True) as urls,
    ):
        home = Path(folder)
        key = home / "master.key"
        signing = home / "secret.key"  # one for all processes, or what one signs no other believes
        for file in (key, signing):
            if not file.exists():
                file.touch(mode=0o600)
                file.write_text(base64.b64encode(secrets.token_bytes(32)).decode("ascii"))
        os.environ.update(
            urls,
            DJANGO_SETTINGS_MODULE="mingqu.config.settings",
            MINGQU_HOME=str(home / "data"),
            MINGQU_MASTER_KEY_FILE=str(key),
            MINGQU_SECRET_KEY_FILE=str(signing),
            MINGQU_DEMO="1",
            MINGQU_LOG_LEVEL="ERROR",
        )
        _prepare()
        yield


@contextmanager
def kept_postgres(folder: Path) -> Iterator[dict[str, str]]:
    """The database of this folder, made if it is not there; stopped afterwards, and kept."""
    make_home(folder)
    with lock_home(folder, "benchmarks"), EmbeddedPostgres(folder) as server:
        yield server.urls()


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from mingqu.config import migration

    call_command("migrate", database="owner", verbosity=0)
    if "bench_note" not in connections["owner"].introspection.table_names():
        migration.after_migrate()  # a kept one has had it; it would look for what poured items cite, one by one
    call_command("collectstatic", verbosity=0, interactive=False)
    connections["owner"].close()
