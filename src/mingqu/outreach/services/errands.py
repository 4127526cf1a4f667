"""
代办: an agent of a point hands in for a person who has agreed.

Consent comes before anything is handed in: `require_consent` is asked within the command that files (`cases`), under
the lock of the errand, so that taking it back comes before filing or after it.
"""

import secrets
from datetime import timedelta
from uuid import UUID, uuid5

from mingqu.cases import services as cases
from mingqu.cases.services import window
from mingqu.catalogue import selectors as catalogue
from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.identity import selectors as identity
from mingqu.identity import services as identity_services
from mingqu.identity.services import access, limits
from mingqu.identity.types import AssistingActor, Mandate, SeenDocument, StaffActor
from mingqu.kernel.commands import command
from mingqu.kernel.crypto import blind_index
from mingqu.kernel.errors import spoken
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.rows import read_often
from mingqu.kernel.types import Actor, Instant
from mingqu.notifications import services as notifications
from mingqu.outreach import rules
from mingqu.outreach.errors import (
    ConsentCodeWrong,
    ConsentMissing,
    ErrandNotNow,
    ErrandUnknown,
    NoOwnTelephone,
    NotDelegated,
    OwnPaper,
    ReasonNeeded,
)
from mingqu.outreach.events import ConsentAnswered, ConsentPaper, ErrandEnded, ErrandFiled
from mingqu.outreach.models import Errand, OutreachNumber, Point
from mingqu.outreach.selectors import errands as reading
from mingqu.outreach.selectors import points
from mingqu.outreach.services.fixing import require_asked
from mingqu.outreach.types import Done, Offered, Opened, PaperAnswer

FILING = Actor.system("outreach")
PAPER = "consent_paper"  # kind of the stored picture
DELEGATED = "delegated"  # the mandate that a delegation gives: this organ, this type of item, to file
FILE = frozenset({"case.file"})
OWN = frozenset({"errand.open"})  # what of his own post the agent keeps meanwhile
FIX = frozenset({"case.file", "case.see", "case.supplement"})
S = Errand.State


def open_errand(*, document: SeenDocument, offered: Offered, by: Actor, at: Instant, key: UUID) -> Opened:
    """
    Begin to help the person whose document the agent has seen with something delegated to his point; no more than that.

    Raises NoPoint, NotDelegated, NotAuthorised, and what registering a person refuses (NameDiffers, NumberTaken, …).
    """
    point = points.point_of(by)
    access.require_may(by, "errand.open")
    _require_delegated(point, offered.item_code, at)
    person_key = _person_key(key, document)
    person_id = identity_services.receive_person(document=document, by=by, at=at, key=person_key)
    with command("errand.open", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Opened)
        assert by.post_id is not None  # point_of let nobody else through
        item = catalogue.item(offered.item_code)
        day = legal_day(at)
        row = Errand(
            id=key,
            point=point,
            department_id=point.department_id,
            region_code=point.region_code,
            post_id=by.post_id,
            agent_id=by.id,
            person_id=person_id,
            item_code=item.code,
            item_type=item.item_type,
            handling_code=offered.handling,
            opened_at=at,
            opened_on=day,
        )
        access.require(by, "errand.open", row)
        row.number = new_number("DB", point.region_code, at)
        row.save(force_insert=True)
        OutreachNumber.objects.create(number=row.number, root_id=row.pk)
        cmd.note(number=row.number, item=item.code, point=point.code, applicant=person_id)
        return cmd.done(Opened(row.pk, row.number))


def _person_key(key: UUID, document: SeenDocument) -> UUID:
    """Of this press and this document: a number that was mistyped and corrected is another person's."""
    digest = blind_index("outreach.errand_person", f"{key}:{document.number}:{document.name}")
    return UUID(bytes=digest[:16], version=4)


def new_number(kind: str, region_code: str, at: Instant) -> str:
    day = f"{legal_day(at):%Y%m%d}"
    return rules.number_of(kind, region_code, day, next_number(f"outreach-{kind}", region_code[:6], day))


def send_code(*, errand_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    Send the person a code, to the telephone proved by her own sign-in and no other. Whoever reads it out agrees.

    Raises ErrandUnknown, ErrandNotNow, NoOwnTelephone, TooManyAttempts, SmsUnavailable.
    """
    row = reading.agents_errand(by, errand_id)
    phone = identity.phone_of(row.person_id)
    if not phone:
        raise NoOwnTelephone()
    limits.spend("consent_code_person", str(row.person_id), at=at)
    code = "".join(secrets.choice("0123456789") for _ in range(rules.CODE_DIGITS))
    with command("errand.send_code", errand_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _held(errand_id, by)
        row.state = _after(row, "send")
        require_asked(row)
        row.code_digest, row.code_until = _digest(row, code), at + timedelta(minutes=rules.CODE_MINUTES)
        row.save(update_fields=["state", "code_digest", "code_until"])
        item = catalogue.names([row.item_code]).get(row.item_code, row.item_code)
        words = {
            "code": code,
            "minutes": rules.CODE_MINUTES,
            "point": row.point.name,
            "item": f"{item}（补正材料）" if row.state == S.FILED else item,
        }
        notifications.send_sms(phone, "consent_code", words, at=at)
        cmd.note(number=row.number)
        cmd.done(None)


def agree_by_code(*, errand_id: UUID, code: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The person reads out the code she got; after filing it is her consent to the correction that is asked for now.

    Raises ErrandUnknown, ErrandNotNow, ConsentCodeWrong, TooManyAttempts.
    """
    reading.agents_errand(by, errand_id)
    limits.spend("consent_code_try", str(errand_id), at=at)
    with command("errand.agree", errand_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = _held(errand_id, by)
        fixing = row.state == S.FILED
        state = _after(row, "agree_fix" if fixing else "agree")
        require_asked(row)
        held = row.code_until is not None and at <= row.code_until
        if not held or bytes(row.code_digest or b"") != _digest(row, "".join(code.split())):
            raise ConsentCodeWrong(field="code", minutes=rules.CODE_MINUTES)
        row.state, row.code_digest = state, None
        if fixing:
            row.fix_agreed_at = at
        else:
            row.consent, row.consented_at = Errand.Consent.CODE, at
        row.save(update_fields=["state", "consent", "consented_at", "code_digest", "fix_agreed_at"])
        cmd.note(number=row.number, method="phone", **({"deed": "补正"} if fixing else {}))
        return cmd.done(Done(row.number, legal_day(at)))


def hand_paper(*, errand_id: UUID, photo: CheckedUpload, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The signed consent paper, photographed; a second person looks at it.

    Raises ErrandUnknown, ErrandNotNow, FileInfected.
    """
    with command("errand.paper", errand_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = _held(errand_id, by)
        row.state = _after(row, "paper")
        stored = documents.store_upload(root_id=errand_id, kind=PAPER, name="委托书", upload=photo, at=at)
        row.paper_id, row.said = stored.file_id, ""
        row.save(update_fields=["state", "paper_id", "said"])
        cmd.note(number=row.number, file=stored.file_id)
        cmd.publish(ConsentPaper(errand_id, row.department_id))
        return cmd.done(Done(row.number, legal_day(at)))


def answer_paper(*, errand_id: UUID, answer: PaperAnswer, by: Actor, at: Instant, key: UUID) -> Done:
    """
    A second person has looked at the paper: name, signature, item and date are right, or they are not (with a reason);
    and whether it says that the agent may hand in corrections too.

    Raises NotAuthorised, OwnPaper (who took it, or holds the agent's post), ErrandNotNow, ReasonNeeded.
    """
    with command("errand.confirm", errand_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = reading.errand_for_update(errand_id)
        access.require(by, "errand.confirm", row)
        if by.id == row.agent_id or by.post_id == row.post_id:
            raise OwnPaper()
        row.state = _after(row, "confirm" if answer.agreed else "refuse")
        row.checked_by = by.id
        if answer.agreed:
            row.consent, row.consented_at = Errand.Consent.PAPER, at
            row.covers_fixes = answer.covers_fixes
        else:
            row.said = _words(answer.reason)
        row.save(update_fields=["state", "checked_by", "consent", "consented_at", "said", "covers_fixes"])
        cmd.note(number=row.number, agreed=answer.agreed)
        cmd.publish(ConsentAnswered(errand_id, answer.agreed))
        return cmd.done(Done(row.number, legal_day(at)))


# The application ---------------------------------------------------------------------------------------------


def as_agent(row: Errand, by: Actor, permissions: frozenset[str] = FILE) -> AssistingActor:
    """
    The agent as one who fills in for this person: to file (or, `FIX`, to correct) this organ's items of this type; of
    which item, the errand says. Raises NoPoint, NotDelegated.
    """
    return identity_services.assisting(delegate_of(row, by, permissions), row.person_id)


def delegate_of(row: Errand, by: Actor, permissions: frozenset[str]) -> StaffActor:
    """The agent with what the delegation lets him do and nothing else. Raises NoPoint, NotDelegated."""
    point = points.point_of(by)
    item = catalogue.item(row.item_code)
    organs = frozenset({item.department_id})
    given = Mandate(DELEGATED, permissions, organs, "", frozenset({item.item_type}))
    if point.pk != row.point_id or by.post_id is None:
        raise NotDelegated()
    return identity_services.limited_to(given, by, keeping=OWN)


def begin_form(*, errand_id: UUID, answers: dict[str, object], by: Actor, at: Instant, key: UUID) -> UUID:
    """
    The draft of what the errand is for; begun already: that one. Before the person agreed nothing of her record stands
    in it. Raises ErrandUnknown, ErrandNotNow, NotDelegated, and what beginning a draft at a window refuses
    (SituationUnanswered, SituationStops, NotLawful).
    """
    row = reading.agents_errand(by, errand_id)
    if row.draft_id is not None:
        return row.draft_id
    with command("errand.begin_form", errand_id, by=by, at=at, key=key) as cmd:
        row = _held(errand_id, by)  # who presses at the same moment waits here, and finds the draft
        if cmd.repeated or row.draft_id is not None:
            assert row.draft_id is not None
            return row.draft_id
        if row.state not in (S.OPEN, S.PAPER, S.AGREED):
            raise _not_now(row)
        _require_delegated(row.point, row.item_code, at)
        begin = window.begin if row.state == S.AGREED else window.begin_unread
        agent = as_agent(row, by)
        started = begin(item_code=row.item_code, handling=row.handling_code, answers=answers, by=agent, at=at)
        row.draft_id = started.draft_id
        row.save(update_fields=["draft_id"])
        cmd.note(number=row.number)
        cmd.done(None)
    return started.draft_id


def require_consent(draft_id: UUID, by: Actor, at: Instant) -> None:
    """
    Asked within the command that files at a window, before anything is kept: what an agent hands in needs the person's
    consent, and the item must be delegated still. Raises ConsentMissing, NotDelegated.
    """
    if not access.may(by, "errand.open"):
        return  # no agent: a clerk files for who stands there, and no errand is looked for
    row = (
        Errand.objects.select_for_update(of=("self",))
        .select_related("point")
        .filter(draft_id=draft_id)
        .first()
    )
    if row is None or row.post_id != by.post_id:
        return  # a clerk's own, for who stands there
    if row.state != S.AGREED:
        raise ConsentMissing()
    _require_delegated(row.point, row.item_code, at)


_OF_DRAFT = (
    "SELECT 1 FROM outreach_errand WHERE draft_id = %s"  # asked for each filing; nearly always there is none
)


def note_filed(case_id: UUID, number: str, at: Instant) -> None:
    """The application of an errand came in, through whoever's hands. Once, however often it is told."""
    if not read_often(_OF_DRAFT, [case_id]):
        return
    row = Errand.objects.get(draft_id=case_id)
    with command("errand.note_filed", row.pk, by=FILING, at=at, key=uuid5(row.pk, "filed")) as cmd:
        if cmd.repeated:
            return
        row = reading.errand_for_update(row.pk)
        if row.state == S.AGREED:
            row.state = S.FILED
        row.case_number, row.filed_on = number, legal_day(at)
        row.save(update_fields=["state", "case_number", "filed_on"])
        cmd.note(number=row.number, case=number)
        if row.state == S.FILED:
            cmd.publish(ErrandFiled(row.pk, row.person_id))
        cmd.done(None)


def bring_result(*, errand_id: UUID, note: str, by: Actor, at: Instant, key: UUID) -> Done:
    """The result was brought to the person, and how. Raises ErrandUnknown, ErrandNotNow, ReasonNeeded."""
    with command("errand.bring", errand_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = _held(errand_id, by)
        row.state, row.said = _after(row, "bring"), _words(note)
        row.ended_on = legal_day(at)
        row.save(update_fields=["state", "said", "ended_on"])
        cmd.note(number=row.number)
        return cmd.done(Done(row.number, legal_day(at)))


def end_errand(*, errand_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The person takes the consent back, by herself or by a clerk who takes it down for her (at the window, on the
    telephone), or the agent gives up before anything is handed in. What was handed in stays the person's; the agent
    sees nothing of it any more, and the query code on his slip opens nothing. Raises ErrandUnknown, ErrandNotNow,
    NotAuthorised.
    """
    done = _end(errand_id, by, at, key)
    row = Errand.objects.get(pk=errand_id)
    if row.case_number and row.draft_id is not None:
        cases.renew_query_code(case_id=row.draft_id, because=row.pk, at=at)  # the event's receiver repeats it
    return done


def _end(errand_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    with command("errand.end", errand_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = reading.errand_for_update(errand_id)
        given_up = reading.is_agents(by, row)
        if given_up and row.state in (S.FILED, S.BROUGHT):
            raise _not_now(row)
        if not given_up:
            access.require(by, "errand.end" if by.kind == "citizen" else "errand.confirm", row)
        row.state, row.ended_on = _after(row, "end"), legal_day(at)
        row.code_digest = row.fix_agreed_at = None
        row.save(update_fields=["state", "ended_on", "code_digest", "fix_agreed_at"])
        cmd.note(number=row.number, deed="不再代办" if given_up else "撤回同意")
        cmd.publish(ErrandEnded(errand_id, not given_up))
        return cmd.done(Done(row.number, legal_day(at)))


def _held(errand_id: UUID, by: Actor) -> Errand:
    """Locked, of this agent's post. Raises ErrandUnknown."""
    row = reading.errand_for_update(errand_id)
    if not reading.is_agents(by, row):
        raise ErrandUnknown()
    return row


def _after(row: Errand, deed: str) -> str:
    after = rules.after(row.state, deed)
    if after is None:
        raise _not_now(row)
    return after


def _not_now(row: Errand) -> ErrandNotNow:
    return ErrandNotNow(state=spoken(str(S(row.state).label)))


def _words(text: str) -> str:
    found = rules.words(text)
    if found is None:
        raise ReasonNeeded(field="reason", most=rules.WORDS_LIMIT)
    return found


def _digest(row: Errand, code: str) -> bytes:
    return blind_index("outreach.consent_code", f"{row.pk}:{code}")


def _require_delegated(point: Point, item_code: str, at: Instant) -> None:
    if not points.is_delegated(point.pk, item_code, legal_day(at)):
        raise NotDelegated()
