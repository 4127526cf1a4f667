"""Originals an agent took: which are in his hands, on their way or handed over, and what the person signed for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.hall import selectors as halls
from mingqu.hall.types import PaperView
from mingqu.identity import selectors as identity
from mingqu.kernel.types import Actor
from mingqu.outreach.errors import ErrandUnknown
from mingqu.outreach.models import Collected, Errand
from mingqu.outreach.selectors.errands import READER, agents_errand, id_of
from mingqu.outreach.types import Handed


@dataclass(frozen=True)
class Given:
    """The person handed papers over; `signed`: how."""

    at: datetime
    many: int
    signed: str


@dataclass(frozen=True)
class Sent:
    """One line of a slip that he made out."""

    slip: str
    name: str
    form: str
    copies: int
    state: str
    found: int | None


@dataclass(frozen=True)
class Originals:
    """`papers`: in his hands, also what is on its way and not signed for; `to`: where he brings them."""

    id: UUID
    number: str
    case_number: str
    item: str
    point: str
    agent: str
    to: str
    open: bool
    names: tuple[str, ...]
    given: tuple[Given, ...]
    papers: tuple[PaperView, ...]
    sent: tuple[Sent, ...]

    @property
    def mine(self) -> list[PaperView]:
        """What he may hand on or give back now."""
        return [one for one in self.papers if one.mine]


def originals_of(by: Actor, number: str) -> Originals:
    """Of the acting agent's errand whose application came in. Raises ErrandUnknown."""
    row = agents_errand(by, id_of(number))
    if row.draft_id is None or not row.case_number:
        raise ErrandUnknown()
    open_ = row.state == Errand.State.FILED
    case = cases.visible_cases(READER).filter(pk=row.draft_id).defer("answers").first() if open_ else None
    return Originals(
        id=row.pk,
        number=row.number,
        case_number=row.case_number,
        item=catalogue.names([row.item_code]).get(row.item_code, row.item_code),
        point=row.point.name,
        agent=identity.names_of([row.agent_id]).get(row.agent_id, ""),
        to=identity.department(row.point.department_id).name,
        open=open_,
        names=tuple(one.name for one in cases.materials_of(case)) if case is not None else (),
        given=given_of(row.pk),
        papers=tuple(one for one in halls.papers_of_case(by, row.draft_id) if _in_his_hands(one, by)),
        sent=tuple(
            Sent(line.slip.number, line.name, line.get_form_display(), line.copies, state, line.found)
            for line, state in halls.sent_of_case(by, row.draft_id)
        ),
    )


def signed_for(case_ids: Iterable[UUID]) -> dict[UUID, list[Handed]]:
    """By case, the oldest first; the caller has checked whose they are. Two statements, one where nobody helped."""
    rows = Errand.objects.filter(draft_id__in=set(case_ids)).exclude(case_number="").select_related("point")
    errands = {row.pk: row for row in rows.defer("said")}
    found: dict[UUID, list[Handed]] = {}
    given = Collected.objects.filter(root_id__in=list(errands)).order_by("at", "id") if errands else ()
    for one in given:
        row = errands[one.root_id]
        if row.draft_id is not None:
            handed = Handed(row.number, row.point.name, one.at, one.many, one.signature_id)
            found.setdefault(row.draft_id, []).append(handed)
    return found


def is_own_signature(errand_id: UUID, file_id: UUID) -> bool:
    """Whether this is what she drew when she gave papers away."""
    return Collected.objects.filter(root_id=errand_id, signature_id=file_id).exists()


def _in_his_hands(one: PaperView, by: Actor) -> bool:
    return one.mine or (one.state == "moving" and one.holder_id == by.post_id)


def given_of(errand_id: UUID) -> tuple[Given, ...]:
    """The oldest first; the caller has checked whose it is."""
    rows = Collected.objects.filter(root_id=errand_id).order_by("at", "id")
    return tuple(
        Given(one.at, one.many, "已在纸上签名" if one.on_paper else "已在屏幕上签名") for one in rows
    )
