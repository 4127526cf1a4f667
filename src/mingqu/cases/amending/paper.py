"""Views of outages and paper slips; imported through `selectors`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from mingqu.cases.errors import OutageUnknown, PackUnknown
from mingqu.cases.models import BackFilled, Case, Outage, PaperPack, PaperSlip
from mingqu.cases.services import outages
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.types import Actor

LISTED = 20
MOST = 200
TAGS = {"entered": "received", "confirmed": "accepted", "declined": "void"}


@dataclass(frozen=True)
class OutageLine:
    """`left`: slips that are registered and not typed in yet."""

    id: UUID
    number: str
    reason: str
    began_at: datetime
    ended_at: datetime | None
    used: int
    left: int


@dataclass(frozen=True)
class SlipLine:
    """One slip that was used; `case_number`: what it became."""

    pack_id: UUID
    id: UUID
    number: str
    item: str
    item_code: str
    name: str = field(repr=False)
    received_at: datetime
    state_words: str
    state: str
    tag: str
    entered_by: UUID
    entered_name: str
    answer: str
    case_number: str


@dataclass(frozen=True)
class Pack:
    number: str
    organ: str
    count: int
    made_at: datetime

    @property
    def slips(self) -> list[str]:
        """单号 of each, in order."""
        return [f"{self.number}-{serial:03d}" for serial in range(1, self.count + 1)]


def latest(actor: Actor) -> list[OutageLine]:
    """The latest outages within the acting post's scope, with how many slips of each wait; three statements."""
    rows = list(Outage.objects.filter(_scope(actor)).order_by("-began_at", "id")[:LISTED])
    slips: dict[UUID, list[UUID]] = {}
    used = PaperSlip.objects.filter(outage_id__in=[row.pk for row in rows]).exclude(state="declined")
    for outage_id, slip_id in used.values_list("outage_id", "id"):
        slips.setdefault(outage_id, []).append(slip_id)
    typed = _typed(one for some in slips.values() for one in some)
    return [_line(row, slips.get(row.pk, []), typed) for row in rows]


def outage(actor: Actor, outage_id: UUID) -> tuple[OutageLine, list[SlipLine]]:
    """One outage with its slips, by number; 200 at most. Raises OutageUnknown."""
    row = Outage.objects.filter(_scope(actor), pk=outage_id).first()
    if row is None:
        raise OutageUnknown()
    found = PaperSlip.objects.filter(outage_id=outage_id).select_related("pack")
    slips = list(found.order_by("pack__number", "serial", "id")[:MOST])
    typed = _typed(slip.id for slip in slips)
    numbers = dict(Case.objects.filter(pk__in=typed.values()).values_list("pk", "number"))
    names = identity.names_of({slip.entered_by for slip in slips}) if slips else {}
    lines = [
        SlipLine(
            pack_id=slip.pack_id,
            id=slip.id,
            number=outages.slip_number(slip.pack, slip.serial),
            item=slip.item_name,
            item_code=slip.item_code,
            name=slip.applicant_name or "",
            received_at=slip.received_at,
            state_words="已补录" if slip.id in typed else str(PaperSlip.State(slip.state).label),
            state=slip.state,
            tag="done" if slip.id in typed else TAGS[slip.state],
            entered_by=slip.entered_by,
            entered_name=names.get(slip.entered_by, ""),
            answer=slip.answer or "",
            case_number=numbers.get(typed[slip.id], "") if slip.id in typed else "",
        )
        for slip in slips
    ]
    used = [slip.id for slip in slips if slip.state != "declined"]
    return _line(row, used, typed), lines


def packs(actor: Actor) -> list[Pack]:
    """The latest packs of slips within the acting post's scope."""
    rows = PaperPack.objects.filter(_scope(actor)).select_related("department").order_by("-made_at")
    return [_pack(row) for row in rows[:LISTED]]


def blanks(actor: Actor) -> list[tuple[str, int]]:
    """(number of the pack, how many of its slips nobody has used), the latest packs of the acting post's department."""
    post = identity.acting_post(actor)
    if post is None or not access.may(actor, "outage.make_pack"):
        return []
    rows = list(
        PaperPack.objects.filter(department_id=post.department_id).order_by("-made_at", "id")[:LISTED]
    )
    used = Counter(
        PaperSlip.objects.filter(pack__in=rows).exclude(state="declined").values_list("pack_id", flat=True)
    )
    return [(row.number, row.count - used[row.pk]) for row in rows if row.count > used[row.pk]]


def typed_in_later(actor: Actor) -> list[tuple[str, str]]:
    """(单号, item) of slips that were looked over and wait to be typed in, within the acting post's scope."""
    if not access.may(actor, "slip.enter"):
        return []
    return [
        (outages.slip_number(one.pack, one.serial), one.item_name) for one in outages.to_type_in(actor)[:MOST]
    ]


def pack(actor: Actor, number: str) -> Pack:
    """Raises PackUnknown."""
    row = PaperPack.objects.filter(_scope(actor), number=number).select_related("department").first()
    if row is None:
        raise PackUnknown()
    return _pack(row)


def slips_of(actor: Actor, item_code: str) -> list[tuple[str, str, datetime]]:
    """Confirmed slips of this item that nobody has typed in: id, 单号, moment of receipt."""
    if not access.may(actor, "slip.enter"):
        return []
    found = outages.to_type_in(actor).filter(item_code=item_code)[:LISTED]
    return [(str(one.id), outages.slip_number(one.pack, one.serial), one.received_at) for one in found]


def count_to_do(actor: Actor) -> tuple[int, int]:
    """How many slips wait for a second person (not oneself), and how many to be typed in; a hundred at most each."""
    if not access.may(actor, "slip.enter"):
        return 0, 0
    scope = access.scope(actor, "slip.confirm").q(
        department="pack__department_id", region="pack__region_code", item_type="pack__number"
    )
    to_confirm = PaperSlip.objects.filter(scope, state="entered").exclude(entered_by=actor.id)
    return (
        len(to_confirm.values_list("id", flat=True)[:100]),
        len(outages.to_type_in(actor).values_list("id", flat=True)[:100]),
    )


def _scope(actor: Actor) -> Q:
    return access.scope(actor, "outage.see").q(item_type="number")


def _typed(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    return dict(BackFilled.objects.filter(slip_id__in=list(ids)).values_list("slip_id", "case_id"))


def _line(row: Outage, used: list[UUID], typed: dict[UUID, UUID]) -> OutageLine:
    left = sum(one not in typed for one in used)
    return OutageLine(row.pk, row.number, row.reason, row.began_at, row.ended_at, len(used), left)


def _pack(row: PaperPack) -> Pack:
    return Pack(row.number, row.department.name, row.count, row.made_at)
