"""What halls tell other rooms, and their own pages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from mingqu.documents.types import CheckedUpload
from mingqu.hall import shift_types
from mingqu.hall.bridge.signing import MOST

LONGEST_ANSWER = MOST  # characters of what a device said, as it comes to the platform
SHIFT_KINDS = shift_types.SHIFT_KINDS
InHand = shift_types.InHand
ShiftTo = shift_types.ShiftTo
HandedOn = shift_types.HandedOn
GivenOn = shift_types.GivenOn
HELD_ON = shift_types.HELD_ON
ShiftView = shift_types.ShiftView


@dataclass(frozen=True)
class NewLine:
    """A line of a hall: `letter` of its numbers, planned minutes, items it serves (none: all)."""

    letter: str
    name: str
    minutes: int
    item_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewHall:
    """`windows`: number and name of each, with the letters of the lines it serves."""

    code: str
    name: str
    address: str
    department_id: UUID
    lines: tuple[NewLine, ...]
    windows: tuple[tuple[int, str, str], ...]
    hours: str = ""


@dataclass(frozen=True)
class Hold:
    """A place kept until then. `id` is the booking's to be."""

    id: UUID
    slot_id: UUID
    until: datetime


@dataclass(frozen=True)
class NewBooking:
    """Who comes, and for which item ("" for none in particular)."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    item_code: str = ""


@dataclass(frozen=True)
class Booked:
    id: UUID
    number: str
    begins_at: datetime


@dataclass(frozen=True)
class Issued:
    """A number just taken: how many are ahead, and between how many and how many minutes that takes."""

    queue_id: UUID
    number_id: UUID
    label: str
    ahead: int
    wait_from: int
    wait_to: int


@dataclass(frozen=True)
class Called:
    number_id: UUID
    label: str
    state: str


@dataclass(frozen=True)
class FreeSlot:
    id: UUID
    begins_at: datetime
    ends_at: datetime
    left: int


@dataclass(frozen=True)
class FreeDay:
    day: date
    left: int


@dataclass(frozen=True)
class LineView:
    id: UUID
    name: str
    letter: str
    hall_id: UUID
    hall_code: str
    hall_name: str
    address: str


@dataclass(frozen=True)
class BookingView:
    """One's own appointment. `may_change`: it has not begun."""

    id: UUID
    number: str
    state: str
    state_words: str
    tag: str
    hall_name: str
    address: str
    line_id: UUID
    line_name: str
    item_code: str
    item_name: str
    day: date
    begins_at: datetime
    ends_at: datetime
    reason: str
    may_change: bool
    name: str = field(repr=False)
    phone: str = field(repr=False)
    firm: str = field(default="", repr=False)  # in whose name, where it is a firm's


@dataclass(frozen=True)
class NumberLine:
    """A number as a window sees it; name masked."""

    id: UUID
    label: str
    state: str
    state_words: str
    line_name: str
    issued_at: datetime
    booked_for: datetime | None
    who: str
    item_code: str
    item_name: str
    window: int | None
    called_at: datetime | None
    times_called: int


@dataclass(frozen=True)
class LineState:
    """How a line stands now: waiting, and the wait of who comes now."""

    line: LineView
    waiting: int
    wait_from: int
    wait_to: int


@dataclass(frozen=True)
class CalledLine:
    """For the screen: number and window, nothing else."""

    label: str
    window: int
    again: bool


@dataclass(frozen=True)
class Standing:
    """A number as its holder sees it."""

    label: str
    line_name: str
    ahead: int
    wait_from: int
    wait_to: int


@dataclass(frozen=True)
class WindowView:
    id: UUID
    number: int
    name: str
    hall_name: str


@dataclass(frozen=True)
class ResultView:
    """Where the result of a case lies, since when, how often its applicant was told again."""

    case_id: UUID
    case_number: str
    hall_name: str
    place: str
    arrived_on: date
    days: int
    reminders: int
    late: bool  # lies longer than the days of the setting
    counter: str = ""  # whose counter: the post that took it in, or took it over


@dataclass(frozen=True)
class ToCollect:
    """A result that its applicant may come for: of which case, where. `sent`: it waits there for a courier instead."""

    number: str
    name: str
    hall_name: str
    address: str
    hours: str
    sent: bool = False


@dataclass(frozen=True)
class NewPaper:
    """A paper to be kept: what it is, `original` or `copy`, how many."""

    name: str
    form: str
    copies: int


@dataclass(frozen=True)
class Counted:
    """What was found of one line of a slip, and what is to be said of it."""

    line_id: UUID
    copies: int
    remark: str = ""


@dataclass(frozen=True)
class Returned:
    """Papers given back: to whom, `relation` of cases.types.RELATIONS, against what signature."""

    paper_ids: tuple[UUID, ...]
    receiver: str = field(repr=False)
    relation: str
    document: str = field(default="", repr=False)
    proof: str = ""
    drawn: CheckedUpload | None = field(default=None, repr=False)


@dataclass(frozen=True)
class PaperView:
    """A paper and who has it. `holder`: 「部门·岗位」."""

    case_id: UUID
    id: UUID
    code: str
    case_number: str
    item_name: str
    name: str
    form_words: str
    copies: int
    state: str
    state_words: str
    holder: str
    missing: bool
    kept_at: datetime
    slip_number: str = ""
    mine: bool = False
    holder_id: UUID | None = None


@dataclass(frozen=True)
class OwnPaper:
    """A paper of one's own case in other hands. `hall`: of the department that has it; None: it runs none."""

    case_id: UUID
    case_number: str
    item_name: str
    name: str
    form: str
    copies: int
    post_id: UUID
    department: str
    since: datetime
    on_its_way_to: str  # the department that has not signed for it yet; "": it lies where it is
    missing: bool  # not found when it was handed on; who had it looks for it
    hall: "Place | None"


@dataclass(frozen=True)
class Place:
    """Where one goes."""

    name: str
    address: str
    hours: str
    telephone: str = ""


@dataclass(frozen=True)
class OwnReturn:
    """Papers that were given back: when, how many kinds, who signed and how."""

    case_number: str
    at: datetime
    many: int
    receiver: str
    relation: str
    signature_id: UUID | None


@dataclass(frozen=True)
class LeftOver:
    """Something not finished at a day's end. `kind`: paper, slip, number, shift; `post_id`: who has it, if a post."""

    kind: str
    what: str
    number: str
    note: str
    since: datetime
    post_id: UUID | None


@dataclass(frozen=True)
class ResultAway:
    """A decided case whose result nobody registered at a counter."""

    case_id: UUID
    number: str
    item_name: str
    decided_on: date | None
    due_on: date | None  # the last day of service (行政许可法 44)


@dataclass(frozen=True)
class SlipView:
    """A slip as both sides see it. `mine`: who looks sent it; `to_sign`: who looks is to count and sign."""

    id: UUID
    number: str
    state: str
    state_words: str
    sender: str
    to: str
    papers: int
    sent_at: datetime
    answered_at: datetime | None
    receiver: str
    mine: bool
    to_sign: bool


@dataclass(frozen=True)
class ToSend:
    """A result that lies at a counter and was asked for by courier; `receiver` masked. `returned`: one came back."""

    case_id: UUID
    case_number: str
    item_name: str
    hall_name: str
    place: str
    applicant: str
    arrived_on: date
    due_on: date | None  # the last day of service (行政许可法 44)
    returned: bool
    bundle: str = ""  # 一件事 it is of: its results go in one parcel
    together: str = ""  # how far the others are, in words


@dataclass(frozen=True)
class ParcelLine:
    """A line of 寄递; `courier` in words, `receiver` masked. `stuck`: nobody told anything of it for days."""

    case_number: str
    item_name: str
    hall_name: str
    courier: str
    waybill: str
    state: str
    state_words: str
    tag: str
    moved_at: datetime
    stuck: bool
    receiver: str


@dataclass(frozen=True)
class TrackLine:
    at: datetime
    what: str
    words: str = field(repr=False)


@dataclass(frozen=True)
class ParcelView:
    """One parcel of a case; the telephone masked, the name too but for the applicant."""

    line: ParcelLine
    id: UUID
    reference: str
    may_cancel: bool
    is_open: bool
    receiver: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    signer: str = field(repr=False)
    signed_on: date | None
    reason: str
    tracks: tuple[TrackLine, ...]
    along_id: UUID | None = None  # lies in the parcel of this consignment


# What a window may have beside the keyboard. A scanner gun is a keyboard, so it needs no bridge.
DEVICES = {
    "id_reader": "身份证阅读器",
    "camera": "高拍仪",
    "signature_pad": "签字板",
    "rating": "评价器",
    "printer": "打印机",
}


@dataclass(frozen=True)
class BridgeView:
    """
    The devices of a window, and the program on its computer that speaks for them. `token` is what pages of this window
    show that program; "" where none is paired.
    """

    window_id: UUID
    number: int
    window_name: str
    hall_name: str
    devices: tuple[str, ...]
    port: int | None = None
    token: str = field(default="", repr=False)
    paired_at: datetime | None = None
    code_until: datetime | None = None

    @property
    def names(self) -> dict[str, str]:
        return {code: DEVICES[code] for code in self.devices if code in DEVICES}


@dataclass(frozen=True)
class Paired:
    """What the program on the window's computer gets, once: its secret, and the only origin it may answer."""

    secret: str = field(repr=False)
    origin: str
    window: str
    devices: tuple[str, ...]


@dataclass(frozen=True)
class CardRead:
    """What an ID reader read and our checks let through. `valid_until` None: for ever (长期)."""

    kind: str
    number: str = field(repr=False)
    name: str = field(repr=False)
    valid_until: date | None = None
