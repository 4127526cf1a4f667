"""Rating a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.core import signing
from django.db import connection

from mingqu.cases import selectors as cases
from mingqu.cases.errors import CaseUnknown
from mingqu.evaluation import rules, selectors
from mingqu.evaluation.errors import (
    AlreadyRated,
    ContactPassed,
    NotYetRateable,
    OutsideScope,
    RatingOver,
    ScreenEnded,
)
from mingqu.evaluation.events import CaseRated
from mingqu.evaluation.models import Rating
from mingqu.evaluation.types import Rated
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

if TYPE_CHECKING:
    from mingqu.cases.models import Case


BY_CODE = Actor.system("rating-by-code")
"""Somebody who proved a case with its query code, and has no account."""
SCREEN = Actor.system("rating-screen")
SCREEN_LASTS = timedelta(minutes=10)
SALT = "evaluation.screen"
Channel, Contact = Rating.Channel, Rating.Contact


@dataclass(frozen=True)
class Answer:
    """
    What a person says: level 5 to 1, codes of reasons, own words; only the level is asked for. `contact`: what the page
    asked about, where it did, so that nobody rates something else than she read.
    """

    level: int
    reasons: Sequence[str] = ()
    text: str = ""
    contact: str = ""


def rate_case(
    *, case_id: UUID, answer: Answer, by: Actor, at: Instant, key: UUID, channel: str = Channel.ONLINE
) -> Rated:
    """
    The applicant rates the filing of their case, and once it has an outcome how it went; each once, by whatever channel
    (国办发〔2019〕51号: 一事一评).

    Raises CaseUnknown (also for somebody else's), OutsideScope, NotYetRateable, ContactPassed, AlreadyRated,
    LevelUnknown, ReasonUnknown or TextTooLong.
    """
    text = answer.text.strip()
    _check(answer, text)
    with command("evaluation.rate", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Rated)
        case = cases.case_for_update(case_id)
        if not access.allows(by, "evaluation.rate", case):
            raise CaseUnknown()
        return _rate(cmd, case, answer, text, Channel(channel))


def rate_by_code(*, case_id: UUID, answer: Answer, channel: str, at: Instant, key: UUID) -> Rated:
    """
    The same by who gave number and query code a moment ago (`cases.selectors.case_by_query_code`), without an account.
    Raises as `rate_case`.
    """
    text = answer.text.strip()
    _check(answer, text)
    # Never the key as it was sent: keys of the system follow from ids that stand in addresses.
    own_key = uuid5(case_id, f"rate by code:{key}")
    with command("evaluation.rate_by_code", case_id, by=BY_CODE, at=at, key=own_key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Rated)
        case = cases.case_for_update(case_id)
        access.require(BY_CODE, "evaluation.rate_by_code", case)
        return _rate(cmd, case, answer, text, Channel(channel))


def rate_at_window(
    *, case_id: UUID, level: int, by: Actor, at: Instant, key: UUID, channel: str = Channel.WINDOW
) -> None:
    """
    The applicant pressed a level at a window, on its device or its screen; the clerk never sees the level.
    What was handed in is one contact, what is handed out there another (一次一评).

    Raises OutsideScope, NotYetRateable, AlreadyRated, LevelUnknown or NotAuthorised.
    """
    answer = Answer(level)
    _check(answer, "")
    with command("evaluation.rate_at_window", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        case = cases.case_for_update(case_id)
        access.require(by, "evaluation.rate_at_window", case)
        _rate(cmd, case, answer, "", Channel(channel))


def require_rateable_at_window(case_id: UUID, status: str, item_type: str) -> None:
    """Before the device asks. Raises OutsideScope, NotYetRateable or AlreadyRated."""
    _require_rateable(case_id, status, item_type, at_window=True)


def ask_on_screen(*, number: str, by: Actor, at: Instant, key: UUID) -> str:
    """
    The way by keyboard where a window has no rating device: a page the clerk opens on the applicant's screen, for
    SCREEN_LASTS and one rating. The token of its address; that it was opened, and by whom, is in the ledger.

    Raises CaseUnknown, NotAuthorised, OutsideScope, NotYetRateable or AlreadyRated.
    """
    case = cases.case_visible_to(by, number)
    with command("evaluation.ask_at_window", case.pk, by=by, at=at, key=key) as cmd:
        access.require(by, "evaluation.ask_at_window", case)
        require_rateable_at_window(case.pk, case.status, case.item_type)
        if not cmd.repeated:
            cmd.note(number=case.number)
            cmd.done(None)
    said = {"case": str(case.pk), "press": str(key), "until": (at + SCREEN_LASTS).timestamp()}
    return signing.Signer(salt=SALT).sign_object(said)


def screen_of(token: str, at: Instant) -> tuple[UUID, UUID]:
    """Case and press of such a page. Raises ScreenEnded for one that is not ours or too old."""
    try:
        said = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature as forged:
        raise ScreenEnded() from forged
    if at.timestamp() > said["until"]:
        raise ScreenEnded()
    return UUID(said["case"]), UUID(said["press"])


def rate_on_screen(*, token: str, level: int, at: Instant) -> None:
    """Pressed there; a second press changes nothing. Raises ScreenEnded or as `rate_at_window`."""
    case_id, press = screen_of(token, at)
    key = uuid5(case_id, f"rate on screen:{press}")
    rate_at_window(case_id=case_id, level=level, by=SCREEN, at=at, key=key, channel=Channel.SCREEN)


def _require_rateable(case_id: UUID, status: str, item_type: str, *, at_window: bool) -> Contact:
    if item_type not in rules.RATEABLE_TYPES:
        raise OutsideScope()
    contact = rules.contact_of(status, at_window=at_window)
    if not contact:
        raise NotYetRateable()
    if selectors.rated([case_id], contact=contact):
        raise AlreadyRated()
    return Contact(contact)


def _check(answer: Answer, text: str) -> None:
    """Raises LevelUnknown, ReasonUnknown or TextTooLong."""
    known = [reason.code for reason in selectors.indicators().reasons]
    rules.check_rating(answer.level, answer.reasons, text, known)


def _rate(cmd: Command, case: Case, answer: Answer, text: str, channel: Channel) -> Rated:
    """Raises OutsideScope, NotYetRateable, ContactPassed, AlreadyRated, RatingOver."""
    at_window = channel in {Channel.WINDOW, Channel.SCREEN}
    contact = _require_rateable(case.pk, case.status, case.item_type, at_window=at_window)
    if answer.contact and answer.contact != contact:
        raise ContactPassed()
    _require_in_time(case, contact, legal_day(cmd.at))
    version, day = selectors.indicators().version, legal_day(cmd.at)
    Rating(
        root_id=case.pk,
        channel=channel,
        contact=contact,
        item_code=case.item_code,
        department_id=case.department_id,
        region_code=case.region_code,
        item_type=case.item_type,
        level=answer.level,
        reasons=sorted(set(answer.reasons)),
        text=text,
        indicator_version=version,
        rated_at=cmd.at,
        rated_on=day,
    ).save(force_insert=True)
    # Only digests: officers read the history of their cases, and this is not for them.
    cmd.note_digest(level=answer.level, text=text)
    cmd.note(indicator_version=version)
    cmd.publish(
        CaseRated(
            case.pk,
            case.item_code,
            case.department_id,
            case.item_type,
            channel.value,
            answer.level,
            day,
            contact.value,
        )
    )
    return cmd.done(Rated(answer.level, day))


def _require_in_time(case: Case, contact: Contact, today: date) -> None:
    """Of a result, for so many days as the installation set, if any; of a filing, while nothing has come of it."""
    if contact == Contact.FILING:
        return
    until = selectors.rated_until(case.delivered_on or case.decided_on)
    if until is not None and today > until:
        raise RatingOver(until=f"{until.year}年{until.month}月{until.day}日")


def count_rating(department_id: UUID, item_code: str, day: date, level: int, *, by: int = 1) -> None:
    """One more of this level, or one less; called by the receivers, in the relay's transaction, once per event."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO evaluation_ratingcount AS c (department_id, item_code, day, level, count)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (department_id, item_code, day, level)"
            " DO UPDATE SET count = c.count + excluded.count",
            [department_id, item_code, day, level, by],
        )
