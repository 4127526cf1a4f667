"""The daily backup, begun as a process of its own, because sealing must not wait for it; log files that are old."""

import logging
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from mingqu.kernel import logfiles
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant
from mingqu.upkeep import selectors

log = logging.getLogger(__name__)

EVERY = timedelta(hours=24)
AGAIN = timedelta(hours=1)  # after one that failed


def command_of(folder: str, days: int, recipient: str) -> list[str]:
    """What is run; the child shares our session, so that it ends with us."""
    told = ["--recipient", recipient] if recipient else []
    return [sys.executable, "-m", "mingqu.config.cli", "backup", folder, "--keep-days", str(days), *told]


@periodic("upkeep.backup", every=timedelta(minutes=10))
def backup(at: Instant) -> str:
    """Begins one where a shelf is named and the last good one is a day old. What failed last is told."""
    kept = selectors.keeping(at)[0]
    if not settings.MINGQU_BACKUP_FOLDER:
        return ""
    if selectors.is_due(at, every=EVERY, again=AGAIN):
        # It holds a lock on the shelf: a second one beside it ends at once.
        subprocess.Popen(  # noqa: S603  our own program
            command_of(
                settings.MINGQU_BACKUP_FOLDER, settings.MINGQU_BACKUP_DAYS, settings.MINGQU_BACKUP_RECIPIENT
            ),
            stdin=subprocess.DEVNULL,
        )
        log.info("a backup was begun")
    return "the last backup failed" if kept.failed_at else ""


@periodic("upkeep.remove_old_logs", every=EVERY)
def remove_old_logs(at: Instant) -> str:
    """Log files older than the operator keeps them; none where that is less than the law asks for."""
    if not settings.MINGQU_LOG_FOLDER:
        return ""
    days = logfiles.days_kept(settings.MINGQU_LOG_DAYS)
    if days is None:
        return f"MINGQU_LOG_DAYS is less than {logfiles.LEAST_DAYS}: no log was removed"
    # The database's own lie with the installation, wherever the others do.
    folders = {Path(settings.MINGQU_LOG_FOLDER), Path(settings.MINGQU_HOME) / "logs"}
    removed = sum(logfiles.remove_old(folder, legal_day(at), days) for folder in folders)
    if removed:
        log.info("%s log files older than %s days were removed", removed, days)
    return ""
