"""Work that comes round: what sign-in leaves behind is swept away."""

from datetime import timedelta

from django.contrib.sessions.models import Session

from mingqu.identity.services import limits
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@periodic("identity.sweep", every=timedelta(hours=1))
def sweep(at: Instant) -> None:
    """Sessions and attempt windows that are over."""
    Session.objects.filter(expire_date__lt=at).delete()
    limits.prune(at)
