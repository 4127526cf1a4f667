"""
异地代收代办: a window receives for an organ of another district what an agreement names, and nothing else.

The application is the home side's from the first moment: its definition, its form, its clock. The clerk acts with the
mandate that the agreement gives for that organ and that type of item; which item and which case, the row says.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from mingqu.across import rules
from mingqu.across.errors import NotOffered, ReceptionNotNow, ReceptionUnknown
from mingqu.across.events import PapersSent
from mingqu.across.models import Agreement, Reception
from mingqu.across.selectors import receiving as reading
from mingqu.across.types import Offered, Opened
from mingqu.cases.services import window
from mingqu.catalogue import selectors as catalogue
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall_services
from mingqu.hall.types import NewPaper
from mingqu.identity import services as identity_services
from mingqu.identity.services import access
from mingqu.identity.types import AssistingActor, Mandate, Place, StaffActor
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

UNDER_AGREEMENT = "agreement"  # the mandate that an agreement gives: this organ, this type of item
FILE = frozenset({"case.file"})
FIX = frozenset({"case.file", "case.see", "case.supplement", "case.bring_owed"})
GIVE = frozenset({"case.see", "case.deliver", "case.serve", "result.arrive"})
KEEP = frozenset({"paper.keep"})
OWN = frozenset({"across.receive", "result.arrive"})  # what of her own post the clerk keeps meanwhile
S = Reception.State


def open_reception(*, offered: Offered, person_id: UUID, by: Actor, at: Instant, key: UUID) -> Opened:
    """
    Begin to receive one item for the person at the window. Raises NotOffered, NotAuthorised, ItemUnknown.
    """
    with command("across.open", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Opened)
        item = catalogue.item(offered.item_code)
        agreement = Agreement.objects.select_related("away").get(pk=offered.agreement_id)
        _require_in_force(agreement, item.code, at)
        hall = agreement.away
        access.require(by, "across.receive", Place(hall.department_id, hall.region_code, item.item_type))
        assert by.post_id is not None  # the rule of access let nobody else through
        row = Reception(
            id=key,
            agreement=agreement,
            hall=hall,
            department_id=hall.department_id,
            region_code=hall.region_code,
            post_id=by.post_id,
            officer_id=by.id,
            person_id=person_id,
            item_code=item.code,
            item_type=item.item_type,
            handling_code=offered.handling,
            opened_on=legal_day(at),
        )
        row.save(force_insert=True)
        cmd.note(number=agreement.number, item=item.code, hall=hall.name, applicant=person_id)
        return cmd.done(Opened(row.pk))


def as_clerk(row: Reception, by: Actor, permissions: frozenset[str] = FILE) -> AssistingActor:
    """
    The clerk as one who fills in for this person: to file, or `FIX`, to correct. Raises as `as_giver`.
    """
    return identity_services.assisting(as_giver(row, by, permissions), row.person_id)


def as_giver(row: Reception, by: Actor, permissions: frozenset[str] = GIVE) -> StaffActor:
    """
    The clerk with what the agreement lets her do for this organ's items of this type; of which case, the row says.
    Raises ReceptionUnknown (another hall's), ItemUnknown.
    """
    if by.post_id is None or not access.allows(by, "across.receive", row):
        raise ReceptionUnknown()
    organ = reading.organ_of(row)
    given = Mandate(UNDER_AGREEMENT, permissions, frozenset({organ.id}), "", frozenset({row.item_type}))
    return identity_services.limited_to(given, by, keeping=OWN)


def begin_form(*, reception_id: UUID, answers: dict[str, object], by: Actor, at: Instant, key: UUID) -> UUID:
    """
    The draft; begun already: that one. Raises ReceptionUnknown, ReceptionNotNow, NotOffered, and what beginning a draft
    at a window refuses (SituationUnanswered, SituationStops, NotLawful).
    """
    row = reading.reception(by, reception_id)
    if row.draft_id is not None:
        return row.draft_id
    with command("across.begin_form", reception_id, by=by, at=at, key=key) as cmd:
        row = _held(reception_id, by)  # who presses at the same moment waits here, and finds the draft
        if cmd.repeated or row.draft_id is not None:
            assert row.draft_id is not None
            return row.draft_id
        if row.state != S.OPEN:
            raise _not_now(row)
        _require_in_force(row.agreement, row.item_code, at)
        clerk = as_clerk(row, by)
        started = window.begin(
            item_code=row.item_code, handling=row.handling_code, answers=answers, by=clerk, at=at
        )
        row.draft_id = started.draft_id
        row.save(update_fields=["draft_id"])
        cmd.done(None)
    return started.draft_id


def require_agreement(draft_id: UUID, by: Actor, at: Instant) -> str:
    """
    Asked within the command that files at a window, before anything is kept: what is filed under an agreement needs one
    that holds now. Its row is locked, so that leaving it comes before the filing or after it; what was received goes
    on. Returns which hall took it in, for the receipt. Raises NotOffered, ReceptionUnknown, ReceptionNotNow.
    """
    mandates = by.mandates if isinstance(by, StaffActor) else ()
    if not any(one.role == UNDER_AGREEMENT for one in mandates):
        return ""  # an item of the clerk's own district: nothing is looked for
    rows = Reception.objects.select_for_update(of=("self",)).select_related("hall")
    row = rows.filter(draft_id=draft_id).first()
    if row is None or not access.allows(by, "across.receive", row):
        raise ReceptionUnknown()
    if row.state != S.OPEN:
        raise _not_now(row)
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=row.agreement_id)
    _require_in_force(agreement, row.item_code, at)
    row.state, row.filed_on = S.FILED, legal_day(at)
    row.save(update_fields=["state", "filed_on"])
    return f"（由{row.hall.name}代收，负责办理的部门受理、决定）"


def end_reception(*, reception_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Nothing is received after all; the draft stays the person's. Raises ReceptionUnknown, ReceptionNotNow."""
    with command("across.end", reception_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _held(reception_id, by)
        if row.state != S.OPEN:
            raise _not_now(row)
        row.state = S.ENDED
        row.save(update_fields=["state"])
        cmd.done(None)


def keep_and_send(
    *, reception_id: UUID, papers: Sequence[NewPaper], by: Actor, at: Instant, key: UUID
) -> str:
    """
    The originals lie with this post and go on a slip (材料交接单) to the organ that decides, which counts and signs.
    Returns the number of the slip. Begun and not finished it is taken up again by the same press. Raises
    ReceptionUnknown, ReceptionNotNow, NothingChosen, TooManyPapers.
    """
    row = reading.reception(by, reception_id)
    if row.state != S.FILED or row.draft_id is None:
        raise _not_now(row)
    clerk, organ = as_giver(row, by, KEEP), reading.organ_of(row)
    hall_services.keep_papers(case_id=row.draft_id, papers=papers, by=clerk, at=at, key=uuid5(key, "keep"))
    mine = [one for one in halls.papers_of_case(by, row.draft_id) if one.mine and one.state == "kept"]
    chosen = [(one.case_id, one.id) for one in mine]
    number = hall_services.send_papers(
        chosen=chosen, department_id=organ.id, by=by, at=at, key=uuid5(key, "send")
    )
    with command("across.send", row.draft_id, by=by, at=at, key=uuid5(key, "sent")) as cmd:
        row = _held(reception_id, by)
        if not cmd.repeated and row.sent_on is None:
            row.sent_on = legal_day(at)
            row.save(update_fields=["sent_on"])
            cmd.publish(PapersSent(row.draft_id))
        cmd.note(slip=number)
        cmd.done(None)
    return number


def _require_in_force(row: Agreement, item_code: str, at: Instant) -> None:
    holds = rules.in_force(row.state, row.from_on, row.until_on, row.ends_on, legal_day(at))
    named = row.items.filter(item_code=item_code).exists()
    if not holds or not named or row.way != Agreement.Way.COLLECT:
        raise NotOffered()


def _held(reception_id: UUID, by: Actor) -> Reception:
    row = Reception.objects.select_for_update(of=("self",)).filter(pk=reception_id).first()
    if row is None or not access.allows(by, "across.receive", row):
        raise ReceptionUnknown()
    return row


def _not_now(row: Reception) -> ReceptionNotNow:
    return ReceptionNotNow(state=str(S(row.state).label))
