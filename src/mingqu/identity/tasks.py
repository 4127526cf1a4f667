"""Work that comes round: what sign-in leaves behind is swept away."""

from datetime import timedelta

from django.contrib.sessions.models import Session

from mingqu.identity.openid import keys, tokens
from mingqu.identity.services import limits, scanning
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
