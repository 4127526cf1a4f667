"""
通办协议: proposed by one side, confirmed by the other, withdrawn by either from a day on. What was received before that
day goes on to its end.
"""

from datetime import date
from typing import Any
from uuid import UUID

from mingqu.across import rules
from mingqu.across.errors import (
    AgreedAlready,
    AgreementDates,
    AgreementItems,
    AgreementNotNow,
    AgreementReason,
    HallNotYours,
    OutsideArea,
    OwnProposal,
    SamePlace,
)
from mingqu.across.events import AgreementMoved
from mingqu.across.models import Agreement, AgreementDeed, AgreementItem
from mingqu.across.selectors import agreed as selectors
from mingqu.across.types import Done, NewAgreement
from mingqu.catalogue import selectors as catalogue
from mingqu.hall import selectors as halls
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, Instant

S, Deed = Agreement.State, AgreementDeed.Deed


def propose(*, draft: NewAgreement, by: Actor, at: Instant, key: UUID) -> Done:
    """
    One side proposes; nothing is received before the other one has confirmed.

    Raises HallUnknown, HallNotYours, SamePlace, AgreementItems, AgreementDates, AgreementReason (terms too long),
    AgreedAlready.
    """
    with command("agreement.propose", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        own, other = halls.hall(draft.own), halls.hall(draft.other)
        if not access.allows(by, "agreement.propose", selectors.place_of(own)):
            raise HallNotYours(field="own")
        if not rules.another_place(own.region_code, other.region_code):
            raise SamePlace(field="other")
        home, away = (other, own) if draft.receives else (own, other)
        today = legal_day(at)
        _check(draft, home, today)
        selectors.hold_pair(
            home.pk, away.pk
        )  # who proposes for the same halls at the same moment comes after
        _require_new(draft, home.pk, away.pk)
        row = Agreement(
            id=key,
            number=_number(home, today),
            way=draft.way,
            home=home,
            away=away,
            by_home=not draft.receives,
            from_on=draft.from_on,
            until_on=draft.until_on,
            terms=draft.terms.strip(),
        )
        row.save(force_insert=True)
        AgreementItem.objects.bulk_create(
            AgreementItem(agreement=row, item_code=code) for code in dict.fromkeys(draft.items)
        )
        _put_down(cmd, row, Deed.PROPOSE, row.by_home)
        cmd.note(items=list(dict.fromkeys(draft.items)), hall=away.name)
        return cmd.done(Done(row.number, today))


def answer(*, agreement_id: UUID, agreed: bool, reason: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The other side confirms, or says why not; never who proposed it.

    Raises AgreementUnknown, NotAuthorised, OwnProposal, AgreementNotNow, AgreementReason, AgreementDates (its last day
    went by meanwhile).
    """
    with command("agreement.answer", agreement_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = selectors.for_update(agreement_id)
        asked = row.away if row.by_home else row.home
        if row.deeds.filter(deed=Deed.PROPOSE, officer_id=by.id).exists():
            raise OwnProposal()
        access.require(by, "agreement.answer", selectors.place_of(asked))
        state = _after(row, "agree" if agreed else "decline")
        if agreed and row.until_on is not None and row.until_on < legal_day(at):
            raise AgreementDates()
        said = "" if agreed else _words(reason)
        row.state = state
        row.save(update_fields=["state"])
        _put_down(cmd, row, Deed.AGREE if agreed else Deed.DECLINE, not row.by_home, said)
        return cmd.done(Done(row.number, legal_day(at)))


def take_back(*, agreement_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The side that proposed takes the proposal back before it is answered.

    Raises AgreementUnknown, NotAuthorised, AgreementNotNow, AgreementReason.
    """
    with command("agreement.take_back", agreement_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = selectors.for_update(agreement_id)
        access.require(by, "agreement.propose", selectors.place_of(row.home if row.by_home else row.away))
        row.state = _after(row, "take_back")
        said = _words(reason)
        row.save(update_fields=["state"])
        _put_down(cmd, row, Deed.TAKE_BACK, row.by_home, said)
        return cmd.done(Done(row.number, legal_day(at)))


def withdraw(*, agreement_id: UUID, ends_on: date, reason: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Either side leaves it: from `ends_on` on, today at the earliest, it does not hold any more.

    Raises AgreementUnknown, NotAuthorised, AgreementNotNow, AgreementDates, AgreementReason.
    """
    with command("agreement.withdraw", agreement_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = selectors.for_update(agreement_id)
        of_home = access.allows(by, "agreement.withdraw", selectors.place_of(row.home))
        if not of_home:
            access.require(by, "agreement.withdraw", selectors.place_of(row.away))
        state = _after(row, "withdraw")
        if ends_on < legal_day(at):
            raise AgreementDates(field="ends_on")
        said = _words(reason)
        row.state, row.ends_on = state, ends_on
        row.save(update_fields=["state", "ends_on"])
        _put_down(cmd, row, Deed.WITHDRAW, of_home, said)
        cmd.note(ended_on=ends_on)
        return cmd.done(Done(row.number, legal_day(at)))


def _check(draft: NewAgreement, home: Any, today: date) -> None:
    known, away = catalogue.items(draft.items), draft.own if draft.receives else draft.other
    region = halls.hall(away).region_code
    if not draft.items:
        raise AgreementItems(field="items", item="")
    for code in draft.items:
        if code not in known or not rules.lies_in(known[code].region_code, home.region_code):
            raise AgreementItems(field="items", item=code)
        area, words = selectors.area_of(known[code])
        if not rules.within(area, home.region_code, region):
            raise OutsideArea(field="items", item=known[code].name, area=words)
    if draft.until_on is not None and draft.until_on < max(draft.from_on, today):
        raise AgreementDates(field="until_on")
    if len(draft.terms.strip()) > rules.WORDS_LIMIT:
        raise AgreementReason(field="terms", most=rules.WORDS_LIMIT)


def _require_new(draft: NewAgreement, home_id: UUID, away_id: UUID) -> None:
    """Raises AgreedAlready: one that is proposed or holds names an item for a day of these as well."""
    for row, code in selectors.live_between(home_id, away_id, draft.way, draft.items):
        if rules.overlap(
            (draft.from_on, draft.until_on), rules.span_of(row.from_on, row.until_on, row.ends_on)
        ):
            name = catalogue.names([code]).get(code, code)
            raise AgreedAlready(field="items", item=name, number=row.number)


def _number(home: Any, today: date) -> str:
    day = f"{today:%Y%m%d}"
    return rules.number_of(home.region_code, day, next_number("agreement", home.region_code[:6], day))


def _after(row: Agreement, deed: str) -> str:
    state = rules.after(row.state, deed)
    if state is None:
        raise AgreementNotNow(state=str(S(row.state).label))
    return state


def _words(text: str) -> str:
    found = rules.words(text)
    if found is None:
        raise AgreementReason(field="reason", most=rules.WORDS_LIMIT)
    return found


def _put_down(cmd: Command, row: Agreement, deed: str, by_home: bool, reason: str = "") -> None:
    AgreementDeed(
        agreement=row,
        deed=deed,
        by_home=by_home,
        at=cmd.at,
        post_id=cmd.by.post_id,
        officer_id=cmd.by.id,
        reason=reason,
    ).save(force_insert=True)
    cmd.note(number=row.number, **({"reason": reason} if reason else {}))
    cmd.publish(AgreementMoved(row.pk, str(deed), by_home))
