"""Words every room shares."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType
from uuid import NAMESPACE_URL, UUID, uuid5

Instant = datetime
"""A moment with its offset. Only `legal_day` turns it into a date."""

CommandKey = NewType("CommandKey", UUID)
"""Made once where a person decides (a form as it is shown); the same key is the same deed."""

ActorKind = Literal["citizen", "staff", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who acts: a citizen as a person, a member of staff as a post, or a part of the system.

    `id` is the person's id, or for a part of the system a fixed one made from its name.
    `name` is for watermarks and lists of one's own; the audit ledger keeps ids only.
    """

    kind: ActorKind
    id: UUID
    post_id: UUID | None = None
    user_id: UUID | None = None
    name: str = ""

    @staticmethod
    def system(part: str) -> "Actor":
        return Actor(kind="system", id=uuid5(NAMESPACE_URL, f"mingqu:{part}"), name=part)
