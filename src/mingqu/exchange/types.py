"""Values of the exchange room, for itself and the rooms above."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Where = Literal["handed_over", "assisted"]
How = Literal["told", "asked", "typed", "file"]
Outcome = Literal["taken", "refused", "failed", "unknown"]

# What another system comes to say of a matter. Codes of our own (verified: false); a connector maps theirs to them.
OUTSIDE = ("received", "handling", "correction", "granted", "refused")
FINAL = frozenset({"granted", "refused"})


@dataclass(frozen=True)
class SheetField:
    """One line of what is handed over, as people read it; `part` is the heading it stands under."""

    label: str
    value: str = field(repr=False)
    part: str = ""


@dataclass(frozen=True)
class ParcelFile:
    """A file that goes with a parcel; `digest` is SHA-256 of its bytes."""

    name: str = field(repr=False)
    media_type: str
    digest: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Order:
    """
    One matter for another system: `root_id` of the aggregate it belongs to (its shard), `part` what it is there (code
    of a part, id of a task), once only. `within`: working days that the definition gives the other side, 0 none said.
    `post_id`: who answers for it here.
    """

    root_id: UUID
    part: str
    where: str
    system: str
    number: str  # our public number of the matter
    subject: str
    department_id: UUID
    region_code: str
    fields: tuple[SheetField, ...] = field(repr=False)
    item_type: str = ""
    within: int = 0
    post_id: UUID | None = None


@dataclass(frozen=True)
class Parcel:
    """
    What a connector is to hand over. `reference` is ours and never used for another matter; with `round` (0, then one
    more for each answer to a 补正) it is the key under which the other side takes the same parcel once.
    """

    reference: str
    round: int
    system: str
    number: str
    subject: str
    fields: tuple[SheetField, ...] = field(repr=False)
    supplement: str = field(default="", repr=False)
    files: tuple[ParcelFile, ...] = field(default=(), repr=False)

    @property
    def key(self) -> str:
        return f"{self.reference}-{self.round}"


@dataclass(frozen=True)
class Answer:
    """
    What became of a parcel: taken (`number` is theirs), refused (it will never be taken like this), failed (it did not
    get there), unknown (it went out and nothing came back: asked for before it is sent again).
    """

    outcome: Outcome
    number: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Result:
    """What a matter ended with: `number` of the paper, and the subject it brings if it brings one."""

    number: str = ""
    name: str = field(default="", repr=False)
    credit_code: str = ""


@dataclass(frozen=True)
class Telling:
    """
    One state as the other side tells it. `seq` is its own count of what happened to the matter (0: it has none, then
    `happened_at` orders); `words` are what it says to people.
    """

    reference: str
    state: str
    happened_at: datetime
    seq: int = 0
    number: str = ""
    words: str = field(default="", repr=False)
    result: Result = field(default=Result(), repr=False)


@dataclass(frozen=True)
class Known:
    """What the other side answers when asked: whether it has the matter, up to which round, and all it said of it."""

    there: bool
    number: str = ""
    round: int = 0
    tellings: tuple[Telling, ...] = ()


@dataclass(frozen=True)
class DayLine:
    """One matter of the other side's list of a day (对账清单): what came in that day, and how it stands."""

    reference: str
    number: str
    state: str


@dataclass(frozen=True)
class Heard:
    """What a telling came to: moved, kept (late or of before), known (heard already), contradicts."""

    verdict: str


@dataclass(frozen=True)
class Carried:
    """What a deed of people came to."""

    reference: str


@dataclass(frozen=True)
class HandoverView:
    """How a matter in another system stands, for the pages of the rooms above; no statement more."""

    reference: str
    root_id: UUID
    part: str
    where: str
    system: str
    connected: bool
    standing: str
    words: str
    number: str
    as_of: datetime | None
    said: str = field(repr=False)
    needs: str
    result: Result = field(repr=False)
    ended: bool
    due_on: date | None = None

    @property
    def recalled(self) -> bool:
        """It was taken back and may have got there: the page says how far it is that the other side stops."""
        return self.standing in {"recalling", "recalled", "not_stopped", "too_late", "dealt"}

    @property
    def asks(self) -> bool:
        """The other side waits for a correction that nobody has answered."""
        return self.standing == "correction"


@dataclass(frozen=True)
class ConnectionState:
    """One connection that was used, for the page of health. `state`: good, failing, resting."""

    words: str
    state: str
    last_failed_at: datetime | None
    last_reason: str

    @property
    def bad(self) -> bool:
        return self.state != "good"


@dataclass(frozen=True)
class WaitingFile:
    """A file that waits to go with an answer."""

    root_id: UUID
    file_id: UUID


@dataclass(frozen=True)
class Reconciled:
    """What a day's reconciliation found."""

    day_id: UUID
    sent: int
    received: int
    differences: int
