"""What certificates tells the rooms below when the apps are ready."""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.certificates import selectors
from mingqu.certificates.models import Certificate
from mingqu.clocks import services as clock_services
from mingqu.clocks.types import StoredDue
from mingqu.kernel.commands import command
from mingqu.kernel.regions import subtree
from mingqu.kernel.types import Actor, CommandKey, Instant

CHECK = Actor.system("clock-check")


def connect() -> None:
    clock_services.register_stored_due(StoredDue("certificates", selectors.begin_due, _rewrite_begin))


def _rewrite_begin(root_id: UUID, day: date | None, at: Instant) -> None:
    """A holiday notice moved the last day to begin: bring the copies up to date."""
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:certificate-begin:{root_id}:{day}:{at.isoformat()}"))
    with command("certificate.rewrite_begin", root_id, by=CHECK, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        rows = Certificate.objects.filter(begin_clock=root_id, begun_on__isnull=True)
        cmd.note(until_on=day, rows=rows.update(begin_by=day))


def issued_in(region_code: str) -> str:
    """A certificate is valid, or a sample, as its region was when it was issued."""
    found = Certificate.objects.filter(subtree("region_code", region_code)).exists()
    return "那里已经有证照" if found else ""
