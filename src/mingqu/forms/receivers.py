"""What drafts follow: the person whose they are may turn out to be somebody known."""

from mingqu.forms import services
from mingqu.identity.events import AccountBound
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant


@subscriber("forms.drafts_follow_their_owner", AccountBound)
def drafts_follow_their_owner(event: AccountBound, *, at: Instant) -> None:
    services.follow_owner(before=event.before, after=event.root_id)
