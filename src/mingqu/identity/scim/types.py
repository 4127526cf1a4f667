"""Staff registers and the accounts they keep in step."""

from dataclasses import dataclass
from uuid import UUID

from mingqu.kernel.types import Instant


@dataclass(frozen=True)
class RegisterView:
    """
    A staff register that may speak SCIM to us; `accounts`: how many it has entered or changed. `department`: whose
    people it speaks of, `path` that of the department; both "" of one for all who work here.
    """

    id: UUID
    name: str
    operator: str
    entered_at: Instant
    ended_at: Instant | None
    accounts: int = 0
    department: str = ""
    path: str = ""

    @property
    def live(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True)
class AccountView:
    """An account of staff as a register sees it; `version` counts what registers changed."""

    id: UUID
    username: str
    name: str
    active: bool
    external_id: str
    version: int
    created_at: Instant
    changed_at: Instant


@dataclass(frozen=True)
class Wanted:
    """What a register says of an account."""

    username: str
    name: str
    active: bool = True
    external_id: str = ""
