"""What follows the end of an account in this room."""

from mingqu.identity.events import AccountClosed
from mingqu.identity.services import copies
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant


@subscriber("identity.copies_of_closed_account", AccountClosed)
def copies_of_closed_account(event: AccountClosed, *, at: Instant) -> None:
    copies.forget(event.person_id, at)
