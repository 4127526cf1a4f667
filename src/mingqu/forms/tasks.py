from datetime import timedelta

from mingqu.forms import services
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@periodic("forms.delete_expired_drafts", every=timedelta(hours=1))
def delete_expired_drafts(at: Instant) -> None:
    services.delete_expired_drafts(at)
