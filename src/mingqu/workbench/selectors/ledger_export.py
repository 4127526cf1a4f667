"""Which entries of the ledger leave the house: of a case or chain, of an officer, or of one request (SEC-03)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from mingqu.identity import selectors as identity
from mingqu.identity.errors import UnknownAccount
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models import AuditEntry
from mingqu.workbench.selectors.audit import root_of
from mingqu.workbench.selectors.history import action_words, who_words

MOST = 20_000
LONGEST = 366  # days
PORTION = 500
KINDS = {"case": "办件编号或者存证编号", "account": "工作人员账号", "request": "请求编号"}
SHORTEST_REQUEST = 8  # signs: as many as the page shows


@dataclass(frozen=True)
class Asked:
    """What is asked for: kind of KINDS with its value, and the days, both included."""

    kind: str
    value: str
    since: date
    until: date


def matching(asked: Asked) -> Q | None:
    """The filter; None where there is no such case, account or request to look for."""
    if asked.kind == "case":
        root_id = root_of(asked.value)
        return Q(root_id=root_id) if root_id else None
    if asked.kind == "account":
        try:
            return Q(actor_id=identity.staff_account(asked.value).person_id)
        except UnknownAccount:
            return None
    if asked.kind == "request" and len(asked.value) >= SHORTEST_REQUEST:
        return Q(request_id__startswith=asked.value)
    return None


def lines(asked: Asked, which: Q) -> Iterator[dict[str, Any]]:
    """The entries in the order of time, as they stand in the ledger, with who and what in words; bounded by days."""
    first = datetime.combine(asked.since, time(), BEIJING)
    last = datetime.combine(asked.until + timedelta(days=1), time(), BEIJING)
    found = AuditEntry.objects.filter(which, at__gte=first, at__lt=last).order_by("at", "root_id", "seq")
    read = list(found[:MOST])
    for start in range(0, len(read), PORTION):
        portion = read[start : start + PORTION]
        who = who_words(portion, "个人用户")
        for entry in portion:
            yield {
                "root_id": str(entry.root_id),
                "seq": entry.seq,
                "at": entry.at.isoformat(),
                "who": who[entry.root_id, entry.seq],
                "action": entry.action,
                "action_words": action_words(entry.action),
                "notes": entry.notes,
                "digests": entry.digests,
                "request_id": entry.request_id,
                "link": bytes(entry.link).hex(),
            }
