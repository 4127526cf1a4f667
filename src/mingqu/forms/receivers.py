"""What drafts follow: the person whose they are may turn out to be somebody known."""

from mingqu.forms import services
from mingqu.identity.events import AccountBound, AccountClosed
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant


@subscriber("forms.drafts_follow_their_owner", AccountBound)
def drafts_follow_their_owner(event: AccountBound, *, at: Instant) -> None:
    services.follow_owner(before=event.before, after=event.root_id)


@subscriber("forms.drafts_of_closed_account", AccountClosed)
def drafts_of_closed_account(event: AccountClosed, *, at: Instant) -> None:
    """What was not handed in goes with the account; what was has become a case."""
    services.delete_drafts_of(event.person_id)
