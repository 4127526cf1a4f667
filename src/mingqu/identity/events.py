"""What happened to people, for the rooms above."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class AccountBound(Event):
    """An account belongs to the person a clerk had registered; what `before` had begun is that person's (root_id)."""

    name: ClassVar[str] = "identity.account_bound"
    before: UUID
    user_id: UUID
