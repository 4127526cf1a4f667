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
class Agency:
    """
    For whom somebody acts who does not act for herself (代理, 民法典 161–164), and by which authority.

    `agent_id` is the person whose hands do it, `for_id` the person or firm it is done for.
    """

    capacity_id: UUID
    agent_id: UUID
    for_id: UUID
    for_firm: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who acts: a citizen as a person, a member of staff as a post, or a part of the system.

    `id` is the person's id, or for a part of the system a fixed one made from its name.
    `name` is for watermarks and lists of one's own; the audit ledger keeps ids only.
    A relative who acts for a person has that person's `id` (what is made is hers) and an `agency` that says whose
    hands it is; a firm's handler keeps her own `id`.
    """

    kind: ActorKind
    id: UUID
    post_id: UUID | None = None
    user_id: UUID | None = None
    name: str = ""
    agency: Agency | None = None
    deputy_for: UUID | None = None  # AB岗: the person whose post this one holds for the time being

    @property
    def doer_id(self) -> UUID:
        """Whose hands it is: of one who acts for another person, her own, not that person's."""
        return self.agency.agent_id if self.agency else self.id

    @property
    def stands_in(self) -> bool:
        """Whether this is a relative or friend who acts for another person (亲友代办)."""
        return self.agency is not None and not self.agency.for_firm

    @staticmethod
    def system(part: str) -> "Actor":
        return Actor(kind="system", id=uuid5(NAMESPACE_URL, f"mingqu:{part}"), name=part)
