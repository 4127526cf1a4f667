from datetime import timedelta

from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant
from mingqu.notifications.contrib import double


@periodic("notifications.delete_old_double_messages", every=timedelta(hours=1))
def delete_old_double_messages(at: Instant) -> int:
    return double.delete_old(at)
