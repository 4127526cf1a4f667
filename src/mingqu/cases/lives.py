"""
What became of cases, in dates and numbers: the facts that statistics are made of, read anew from what was written down.

Nothing personal. Days that no column of the case keeps (when it was withdrawn, when a correction was asked for) are
those of the ledger's entries; how the periods came out is what their clocks say.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from mingqu.cases import streets
from mingqu.cases.models import Case, CaseMaterial, Decision
from mingqu.clocks import selectors as clocks
from mingqu.clocks.selectors import Ends
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.rows import read_often

FILED = ("case.file",)
ASKED = ("case.ask_correction",)
WITHDRAWN = ("case.withdraw",)
ENDINGS = {
    Decision.Kind.NOT_ACCEPTED: "not_accepted",
    Decision.Kind.NOT_REQUIRED: "not_required",
    Decision.Kind.TERMINATED: "terminated",
}
COLUMNS = (
    "id", "department_id", "item_code", "item_type", "region_code", "channel", "filed_by_post", "bundle_id", "status",
    "received_at", "accepted_on", "due_on", "decided_on", "outcome", "visits", "delivery_way",
)  # fmt: skip


# Asked after every event of a case.
_CASES = (
    f"SELECT {', '.join(f'c.{name}' for name in COLUMNS)}, EXISTS("  # noqa: S608  names of our own
    "SELECT FROM cases_casematerial m WHERE m.case_id = c.id AND m.state = ANY(%s))"
    " FROM cases_case c WHERE c.id = ANY(%s) AND c.status <> %s ORDER BY c.id"
)
_ENTRIES = (
    "SELECT root_id, action, actor_kind, actor_id, at FROM kernel_auditentry"
    " WHERE root_id = ANY(%s) AND action = ANY(%s) ORDER BY root_id, seq"
)
_DECISIONS = (
    "SELECT case_id, kind, at FROM cases_decision WHERE case_id = ANY(%s) AND kind = ANY(%s) ORDER BY at, id"
)


@dataclass(frozen=True, slots=True)
class Life:
    """
    One case. `post_id`, `clerk_id`: of the window that took it in. `ending`: granted, refused, not_accepted,
    not_required, withdrawn, terminated, or "" while it goes on, and its day. `corrections`: the days on which one was
    asked for. `owed`: accepted while a material was to follow (容缺). `ends`: its periods, None before they ended.
    `due_on`: the last day of an accepted case that goes on; None while its clocks stand still. `street_code`: 镇街.
    """

    case_id: UUID
    department_id: UUID
    item_code: str
    item_type: str
    region_code: str
    street_code: str
    channel: str
    post_id: UUID | None
    clerk_id: UUID | None
    in_bundle: bool
    received_on: date
    accepted_on: date | None
    due_on: date | None
    ended_on: date | None
    ending: str
    visits: int
    electronic: bool
    owed: bool
    corrections: tuple[date, ...]
    ends: Ends


@dataclass
class _Told:
    """What the ledger's entries of one case say."""

    clerk_id: UUID | None = None
    withdrawn_on: date | None = None
    corrections: tuple[date, ...] = ()


def day_begins(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def case_ids(*, after: UUID | None = None, limit: int = 2000) -> list[UUID]:
    """Every case there is, by id: for what counts them anew. Nobody is shown them."""
    found = Case.objects.order_by("id")
    if after is not None:
        found = found.filter(pk__gt=after)
    return list(found.values_list("pk", flat=True)[:limit])


def lives_of(ids: Sequence[UUID]) -> list[Life]:
    """
    These cases, in the order of their ids; seven statements. What was voided is none. The caller shows nobody a
    single one of them.
    """
    owing = [CaseMaterial.State.OWED.value, CaseMaterial.State.BROUGHT.value]
    found = read_often(_CASES, [owing, list(ids), Case.Status.VOIDED.value])
    lives = [dict(zip((*COLUMNS, "owed_any"), one, strict=True)) for one in found]
    told, ruled, ends = _told(ids), _ruled(ids), clocks.ends_of(ids)
    where = streets.streets_of(ids)
    return [
        _life(row | {"street_code": where.get(row["id"], "")}, told[row["id"]], ruled.get(row["id"]), ends)
        for row in lives
    ]


def _life(
    row: dict[str, Any], told: _Told, ruled: tuple[str, date] | None, ends: Mapping[UUID, Ends]
) -> Life:
    ending, ended_on = _ending(row, told, ruled)
    return Life(
        case_id=row["id"],
        department_id=row["department_id"],
        item_code=row["item_code"],
        item_type=row["item_type"],
        region_code=row["region_code"],
        street_code=row["street_code"],
        channel=row["channel"],
        post_id=row["filed_by_post"],
        clerk_id=told.clerk_id if row["filed_by_post"] else None,
        in_bundle=row["bundle_id"] is not None,
        received_on=legal_day(row["received_at"]),
        accepted_on=row["accepted_on"],
        due_on=row["due_on"] if row["accepted_on"] and not ending else None,
        ended_on=ended_on,
        ending=ending,
        visits=row["visits"],
        electronic=row["delivery_way"] == Case.DeliveryWay.ELECTRONIC,
        owed=row["owed_any"],
        corrections=told.corrections,
        ends=ends.get(row["id"], Ends()),
    )


def _ending(row: dict[str, Any], told: _Told, ruled: tuple[str, date] | None) -> tuple[str, date | None]:
    if row["outcome"]:
        return row["outcome"], row["decided_on"]
    if ruled is not None:
        return ruled
    if told.withdrawn_on is not None:
        return "withdrawn", told.withdrawn_on
    return "", None


def _told(ids: Sequence[UUID]) -> defaultdict[UUID, _Told]:
    found: defaultdict[UUID, _Told] = defaultdict(_Told)
    told = read_often(_ENTRIES, [list(ids), [*FILED, *ASKED, *WITHDRAWN]])
    for root_id, action, kind, actor_id, at in told:
        one = found[root_id]
        if action in ASKED:
            one.corrections = (*one.corrections, legal_day(at))
        elif action in WITHDRAWN:
            one.withdrawn_on = legal_day(at)
        elif kind == "staff":
            one.clerk_id = actor_id
    return found


def _ruled(ids: Sequence[UUID]) -> dict[UUID, tuple[str, date]]:
    return {
        case_id: (ENDINGS[Decision.Kind(kind)], legal_day(at))
        for case_id, kind, at in read_often(_DECISIONS, [list(ids), [kind.value for kind in ENDINGS]])
    }
