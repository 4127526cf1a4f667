"""Values of payments, for this room and the rooms above. Money is a whole number of 分."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Fen = int
PayerKind = Literal["person", "firm"]


@dataclass(frozen=True)
class Charge:
    """
    One fee of one case, as its definition has it: `standard` and `basis` in words, `because` says how the amount came
    about or why nothing is asked (`amount` 0: free by rule). `within`: working days in which it is to be paid, 0 none
    said. `waits`: the time until it is paid is not counted, because the definition's basis says so.
    """

    code: str
    name: str
    standard: str
    basis: str
    amount: Fen
    because: str = ""
    within: int = 0
    waits: bool = False


@dataclass(frozen=True)
class Of:
    """What a fee belongs to, and who owes it. `payer_id`: the person who applied, also for a firm."""

    case_id: UUID
    case_number: str
    item_name: str
    item_type: str
    department_id: UUID
    region_code: str
    payer_id: UUID
    payer_name: str = field(repr=False)
    payer_kind: PayerKind = "person"
    firm_id: UUID | None = None
    capacity_id: UUID | None = None  # under which authority it was applied for
    item_code: str = ""


@dataclass(frozen=True)
class Order:
    """What a provider is asked to take: `reference` is ours and never used twice."""

    reference: str
    amount: Fen
    subject: str
    back_url: str
    until: datetime


Told = Literal["waiting", "paid", "failed", "unknown"]


@dataclass(frozen=True)
class Answer:
    """What a provider says of a payment or a refund when asked."""

    state: Told
    amount: Fen = 0
    trade_number: str = ""
    at: datetime | None = None


Kind = Literal["paid", "failed", "refunded", "refund_failed"]


@dataclass(frozen=True)
class Callback:
    """What a provider tells by itself, its signature verified. `event`: the same again is the same telling."""

    event: UUID
    kind: Kind
    reference: str
    amount: Fen
    trade_number: str
    happened_at: datetime


Verdict = Literal[
    "paid", "known", "surplus", "late", "failed", "amount_differs", "refunded", "refund_failed", "unknown"
]


@dataclass(frozen=True)
class Heard:
    """What a telling came to."""

    verdict: str


@dataclass(frozen=True)
class Begun:
    """Where the payer goes to pay; `reference` of this attempt."""

    payment_id: UUID
    reference: str
    address: str = ""


@dataclass(frozen=True)
class TogetherBegun:
    """Where the payer goes to pay several notices at once; `left_out`: how many could not be in it."""

    together_id: UUID
    number: str
    amount: Fen
    many: int
    left_out: int = 0
    address: str = ""


@dataclass(frozen=True)
class TogetherView:
    """One order for several notices, for pages; `written`: at how many notices what the provider told stands."""

    id: UUID
    number: str
    amount: Fen
    state: str
    state_words: str
    many: int
    written: int
    began_at: datetime
    until: datetime
    told_at: datetime | None
    trade_number: str
    settled: bool
    notices: tuple["NoticeView", ...] = ()


@dataclass(frozen=True)
class PaymentView:
    """One payment, for pages."""

    id: UUID
    way: str
    way_words: str
    state: str
    state_words: str
    amount: Fen
    reference: str
    trade_number: str
    began_at: datetime
    paid_at: datetime | None
    receipt_number: str
    surplus: bool
    refund_state: str = ""
    refund_words: str = ""
    told_amount: Fen | None = None
    checked_because: str = ""
    together_id: UUID | None = None
    together_number: str = ""


@dataclass(frozen=True)
class NoticeView:
    """One fee notice, for pages and for the room above."""

    id: UUID
    number: str
    case_id: UUID
    case_number: str
    item_name: str
    payer_name: str = field(repr=False)
    payer_kind: str
    firm_id: UUID | None
    department_id: UUID
    name: str
    standard: str
    basis: str
    because: str
    amount: Fen
    state: str
    state_words: str
    issued_at: datetime
    due_on: date | None
    paid_at: datetime | None
    receipt_number: str
    ended_because: str
    waits: bool
    file_id: UUID | None
    request_id: UUID | None

    @property
    def is_open(self) -> bool:
        return self.state in {"due", "paying"}


@dataclass(frozen=True)
class Line:
    """One line of a provider's statement of a day."""

    line: int
    reference: str
    kind: str  # pay refund
    amount: Fen


@dataclass(frozen=True)
class Statement:
    """The file of a provider's day; `digest` of its bytes."""

    provider: str
    day: date
    file_name: str
    digest: str


@dataclass(frozen=True)
class Reconciled:
    """What a reconciliation found."""

    day_id: UUID
    ours: int
    our_sum: Fen
    theirs: int
    their_sum: Fen
    differences: int
