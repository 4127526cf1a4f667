"""
An account was closed: its e-mail address and choices go; messages go too, unless they belong to records that are kept.
"""

from mingqu.identity.events import AccountClosed
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant
from mingqu.notifications import services


@subscriber("notifications.forget_closed_account", AccountClosed)
def forget_closed_account(event: AccountClosed, *, at: Instant) -> None:
    services.forget(event.person_id, messages=not event.kept)
