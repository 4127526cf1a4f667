"""
`/healthz` says that this process answers; `/readyz` whether the installation can do its work.

For a load balancer and for monitoring; without any personal data, so open to all. Both are exempt
from the redirect to https, since a probe speaks to the process itself.
"""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from mingqu.kernel import relay
from mingqu.kernel.types import Instant
from mingqu.ui.access import public

LONGEST_LAG = 300.0  # seconds an event may wait for its subscribers before people notice
LEAST_DISK = 512 * 2**20  # bytes; PostgreSQL stops hard on a full disk, so we speak before

# Once all migrations are applied they stay so while this process runs, and comparing them is slow.
_migrated = threading.Event()

Finding = dict[str, Any]


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process can answer at all; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every part is well, else 503; the answer names each part."""
    at: Instant = request.at  # type: ignore[attr-defined]
    database = _asked(_database)
    parts = {"database": database, "disk": _disk()}
    if database["ok"]:
        parts["migrations"] = _asked(_migrations)
    if parts.get("migrations", {}).get("ok"):
        parts["relay"] = _asked(lambda: _relay(at))
    ready = len(parts) == 4 and all(part["ok"] for part in parts.values())
    answer = JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked(question: Callable[[], Finding]) -> Finding:
    """The answer of a part that needs the database; its failure is an answer too."""
    try:
        return question()
    except Error as error:
        return {"ok": False, "error": type(error).__name__}


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def _migrations() -> Finding:
    missing = [] if _migrated.is_set() else unapplied_migrations()
    if not missing:
        _migrated.set()
    return {"ok": not missing, "missing": missing}


def unapplied_migrations() -> list[str]:
    """Names of migrations this code brings and the database has not had."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _relay(at: Instant) -> Finding:
    lag = relay.lag_seconds(at)
    return {"ok": lag <= LONGEST_LAG, "lag_seconds": round(lag, 1)}


def _disk() -> Finding:
    folder: Path = settings.MINGQU_HOME
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return {"ok": free >= LEAST_DISK, "free_bytes": free}
