"""文书送达: what is made and not served, of the cases and bundles a post serves for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from mingqu.cases.announcing import selectors as announcing
from mingqu.cases.bundles.services.serving import BUNDLE_NOTICES
from mingqu.cases.services.notices import NOTICES, OF_OTHERS
from mingqu.cases.services.service_of_papers import OF_DECISION
from mingqu.documents import selectors as documents
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.notifications import selectors as notifications
from mingqu.notifications.types import Unserved
from mingqu.ui.menu import Waiting

PAGE: Final = 30
MOST: Final = 99
MOST_ITEMS, MOST_ROWS = 200, 2000


@dataclass(frozen=True)
class Row:
    """One paper. `late`: its day has passed; `today`: it is the last."""

    title: str
    document_number: str
    number: str
    subject: str
    of_bundle: bool
    since: datetime
    limit_on: date | None
    late: bool
    soon: bool
    url: str
    about_url: str
    announced_until: date | None = None  # 公告送达: it counts as served after this day


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to: a kind of paper, an item or bundle by name; "": all."""

    paper: str = ""
    item: str = ""

    @property
    def query(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class UnservedPage:
    rows: list[Row]
    next_after: str
    wanted: Wanted


def kinds() -> list[tuple[str, str]]:
    """What the list may be narrowed to."""
    return [(kind, documents.title_of(kind)) for kind in sorted(NOTICES | BUNDLE_NOTICES | OF_OTHERS)]


def items(actor: Actor) -> list[str]:
    """Of which something waits here."""
    return notifications.unserved_subjects(_where(actor), MOST_ITEMS)


def wanted(paper: str, item: str) -> Wanted:
    return Wanted(paper if paper in NOTICES | BUNDLE_NOTICES | OF_OTHERS else "", item[:200])


def every(actor: Actor, at: Instant, of: Wanted) -> list[Row]:
    """The whole list as narrowed, MOST_ROWS at most, for a file."""
    found = notifications.unserved(_where(actor), paper=of.paper, subject=of.item, limit=MOST_ROWS)
    return _rows([one for _id, one in found], legal_day(at))


def unserved(actor: Actor, at: Instant, of: Wanted, *, after: str = "") -> UnservedPage:
    narrowed = {"paper": of.paper, "subject": of.item}
    found = notifications.unserved(_where(actor), **narrowed, after=_cursor(after), limit=PAGE + 1)
    shown, day = found[:PAGE], legal_day(at)
    more = ""
    if len(found) > PAGE:
        last_id, last = shown[-1]
        more = f"{last.since.isoformat()}_{last_id}"
    return UnservedPage(_rows([one for _id, one in shown], day), more, of)


def waiting_service(actor: Actor, at: Instant) -> Waiting | None:
    """On the first page of who serves papers."""
    if not access.may(actor, "case.serve"):
        return None
    number, late = notifications.unserved_waiting(_where(actor), legal_day(at), MOST + 1)
    if not number:
        return None
    words = f"{number}份" if number <= MOST else f"{MOST}份以上"
    if late:
        return Waiting(f"{words}文书没有送达，{late}份已经过了告知的期限", state="correct")
    return Waiting(f"{words}文书等送达")


def _where(actor: Actor) -> Q:
    of_cases = Q(owner="case") & access.scope(actor, "case.serve").q()
    return of_cases | (Q(owner="bundle") & access.scope(actor, "bundle.serve").q())


def _rows(found: Sequence[Unserved], day: date) -> list[Row]:
    until = announcing.running(one.root_id for one in found) if found else {}
    return [_row(one, day, until.get((one.root_id, one.paper))) for one in found]


def _row(one: Unserved, day: date, announced_until: date | None) -> Row:
    of_bundle = one.owner == "bundle"
    about = "bundle" if of_bundle else "case"
    if one.paper in OF_DECISION:
        url = reverse("workbench:deliver", args=[one.number])
    else:
        page = "serve_bundle" if of_bundle else "serve_notice"
        url = reverse(f"workbench:{page}", args=[one.number, one.paper_id])
    return Row(
        title=documents.title_of(one.paper),
        document_number=one.document_number,
        number=one.number,
        subject=one.subject,
        of_bundle=of_bundle,
        since=one.since,
        limit_on=one.limit_on,
        late=one.limit_on is not None and one.limit_on < day,
        soon=one.limit_on == day,
        url=url,
        about_url=reverse(f"workbench:{about}", args=[one.number]),
        announced_until=announced_until,
    )


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    """None for anything that is not a cursor: a stale link shows the first page."""
    since, _, last_id = text.partition("_")
    try:
        moment = parse_datetime(since)
        return (moment, UUID(last_id)) if moment is not None and moment.tzinfo is not None else None
    except ValueError:
        return None
