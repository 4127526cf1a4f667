"""Work that comes round: what sign-in leaves behind is swept away."""

from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.identity.openid import keys, tokens
from mingqu.identity.services import closing, copies, limits, organ_changes, recovery_online, scanning
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@periodic("identity.sweep", every=timedelta(hours=1))
def sweep(at: Instant) -> None:
    """Sessions, attempt windows, codes and tokens that are over; once a quarter another signing key."""
    Session.objects.filter(expire_date__lt=at).delete()
    limits.prune(at)
    tokens.prune(at)
    scanning.prune(at)
    keys.exchange(at)


@app.task(name=copies.MAKE, queue=copies.QUEUE)
def make_copy(copy_id: str) -> None:
    copies.make(UUID(copy_id), timezone.now())


@periodic("identity.close_accounts", every=timedelta(minutes=10))
def close_accounts(at: Instant) -> str:
    return closing.close_due(at)


@periodic("identity.finish_recoveries", every=timedelta(minutes=2))
def finish_recoveries(at: Instant) -> str:
    return recovery_online.finish_due(at)


@periodic("identity.copies_sweep", every=timedelta(minutes=10))
def copies_sweep(at: Instant) -> str:
    return copies.sweep(at)


@periodic("identity.carry_out_changes", every=timedelta(hours=1))
def carry_out_changes(at: Instant) -> str:
    return organ_changes.carry_out_due(at)
