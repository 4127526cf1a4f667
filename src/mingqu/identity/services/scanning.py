"""
A browser is signed in by a telephone that is signed in: it shows a picture, the telephone scans it, says yes to what it
reads there, and the browser that asked, and no other, goes on.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from mingqu.identity.errors import ScanOver, WrongNumber
from mingqu.identity.models import ScanSignIn, User
from mingqu.identity.openid.rules import digest_of
from mingqu.identity.services import access
from mingqu.identity.services.people import Own
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant

VALID = timedelta(minutes=2)
SIGN_IN = Actor.system("sign-in")
CHOICES = 3


@dataclass(frozen=True)
class ScanAsked:
    """For the browser that asks: the picture's secret, its own, and the number it shows."""

    id: UUID
    scan: str = field(repr=False)
    own: str = field(repr=False)
    number: int


@dataclass(frozen=True)
class Scan:
    """What a telephone is asked that scanned the picture: who asks, from where, since when; the numbers to pick."""

    id: UUID
    browser: str
    address: str
    asked_at: datetime
    numbers: tuple[int, ...]


def ask(*, browser: str, address: str, at: Instant) -> ScanAsked:
    """A browser asks; the secrets of the picture and of its session, kept as digests alone."""
    scan, own = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    number, *others = secrets.SystemRandom().sample(range(10, 100), CHOICES)
    row = ScanSignIn(
        id=new_id(),
        state=ScanSignIn.State.WAITING,
        scan_digest=digest_of(scan),
        browser_digest=digest_of(own),
        number=number,
        others=others,
        browser=browser,
        address=address,
        asked_at=at,
        valid_until=at + VALID,
    )
    with command("identity.ask_scan", row.pk, by=SIGN_IN, at=at, key=row.pk) as cmd:
        row.save(force_insert=True)
        cmd.note(browser=browser)
        cmd.done(None)
    return ScanAsked(row.pk, scan, own, number)


def asked(scan_id: UUID, secret: str, at: Instant) -> Scan:
    """What the telephone that scanned the picture is asked. Raises ScanOver, also for one that is none of ours."""
    row = _waiting(scan_id, secret, at, lock=False)
    return Scan(
        row.pk, row.browser, row.address or "", row.asked_at, tuple(sorted([row.number, *row.others]))
    )


def answer(*, scan_id: UUID, secret: str, picked: int | None, by: Actor, at: Instant, key: UUID) -> None:
    """
    Who scanned picks the number she sees on the other screen, or says that it was not her (None). A wrong number ends
    it, so that nobody guesses. Raises ScanOver, WrongNumber, NotAuthorised.
    """
    wrong = False
    with command("identity.answer_scan", scan_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.answer_scan", Own((by.id,)))
        row = _waiting(scan_id, secret, at, lock=True)
        wrong = picked is not None and picked != row.number
        agreed = picked is not None and not wrong
        row.state = ScanSignIn.State.ALLOWED if agreed else ScanSignIn.State.DECLINED
        row.user_id = by.user_id
        row.save(update_fields=["state", "user_id"])
        cmd.note(agreed=agreed, wrong_number=wrong)
        cmd.done(None)
    if wrong:
        raise WrongNumber()


def state_of(scan_id: UUID, own: str, at: Instant) -> str:
    """For the browser that asked: waiting, allowed, declined, or over."""
    row = ScanSignIn.objects.filter(pk=scan_id).first()
    if row is None or not hmac.compare_digest(row.browser_digest, digest_of(own)) or at > row.valid_until:
        return "over"
    return "over" if row.state == ScanSignIn.State.SPENT else str(row.state)


def spend(*, scan_id: UUID, own: str, at: Instant) -> User:
    """The account the telephone allowed, once and only to the browser that asked. Raises ScanOver."""
    with command("identity.spend_scan", scan_id, by=SIGN_IN, at=at, key=new_id()) as cmd:
        row = (
            ScanSignIn.objects.select_for_update().filter(pk=scan_id, state=ScanSignIn.State.ALLOWED).first()
        )
        if row is None or at > row.valid_until or not hmac.compare_digest(row.browser_digest, digest_of(own)):
            raise ScanOver()
        user = User.objects.filter(pk=row.user_id, kind=User.Kind.CITIZEN, is_active=True).first()
        if user is None:
            raise ScanOver()
        row.state = ScanSignIn.State.SPENT
        row.save(update_fields=["state"])
        cmd.note(user=str(user.pk))
        cmd.done(None)
    return user


def prune(at: Instant) -> None:
    """Those of yesterday; the ledger keeps that they were."""
    ScanSignIn.objects.filter(Q(valid_until__lt=at - timedelta(days=1))).delete()


def _waiting(scan_id: UUID, secret: str, at: Instant, *, lock: bool) -> ScanSignIn:
    rows = ScanSignIn.objects.select_for_update() if lock else ScanSignIn.objects.all()
    row = rows.filter(pk=scan_id, state=ScanSignIn.State.WAITING, valid_until__gte=at).first()
    if row is None or not hmac.compare_digest(row.scan_digest, digest_of(secret)):
        raise ScanOver()
    return row
