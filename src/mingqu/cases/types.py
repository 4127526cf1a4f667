"""Results of commands and shapes that other rooms read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self
from uuid import UUID

from mingqu.clocks.types import LICENCE_LAW, Article
from mingqu.documents.types import CheckedUpload
from mingqu.kernel.errors import to_citizens
from mingqu.kernel.types import Instant
from mingqu.ui.types import Action, Fact

ASKED_BEFORE = frozenset({"asked", "supplemented"})  # states of what a correction notice has named


BY_POST = "post"  # the third way of a form: by the window's counter and a courier


@dataclass(frozen=True)
class Addressee:
    """Where a result goes by courier, as the applicant asked. `said`: which saying of hers it was."""

    receiver: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    said: UUID | None = None

    @property
    def words(self) -> dict[str, str]:
        return {"receiver": self.receiver, "phone": self.phone, "address": self.address}

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Self:
        """From `words` as they were kept; what is missing is empty."""
        return cls(*(words.get(name, "") for name in ("receiver", "phone", "address")))


@dataclass(frozen=True)
class Filed:
    case_id: UUID
    number: str
    query_code: str
    received_on: date


@dataclass(frozen=True)
class Acceptance:
    case_id: UUID
    accepted_on: date
    due_on: date


@dataclass(frozen=True)
class Done:
    """A command that leads to no more than a new status."""

    case_id: UUID
    status: str


@dataclass(frozen=True)
class Asked:
    """One material to be corrected, and what about it."""

    code: str
    what: str


@dataclass(frozen=True)
class Finding:
    """
    What an officer found in one step. `outcome` is met or not_met; `second_officer` names the other officer
    where two are needed (行政许可法 34).
    """

    outcome: str
    text: str = ""
    second_officer: str = ""
    points: tuple["Point", ...] = ()


@dataclass(frozen=True)
class Mark:
    """What an officer says of a file handed in, or of one of its pages (0: of the whole)."""

    file_id: UUID
    page: int
    fine: bool
    text: str = field(default="", repr=False)


# How an officer knows that a point is met: a code in the opinion, so that nothing personal stands there.
HOW_KNOWN: Mapping[str, str] = {
    "paper": "看材料",
    "data": "核对数据",
    "visit": "现场看",
    "asked": "问申请人",
    "organ": "问其他部门",
}


@dataclass(frozen=True)
class Point:
    """One 审查要点 of a material, met or not."""

    material: str
    text: str
    met: bool
    how: str = ""  # a code of HOW_KNOWN, or not said


@dataclass(frozen=True)
class OnPaper:
    """What a clerk has had in hand: `how` paper (the original) or copy, and how many (份), 0 where nobody counted."""

    how: str
    copies: int = 0


@dataclass(frozen=True)
class Behind:
    """
    What stands behind one material of an application: the certificate looked up, files handed in, what a clerk had in
    hand, the promise signed (`promise` 告知承诺, `gap` 容缺承诺), and whether it was chosen to follow later.
    """

    certificate: UUID | None = None
    has_files: bool = False
    on_paper: OnPaper | None = None
    promise: UUID | None = None
    owed: bool = False
    gap: UUID | None = None


@dataclass(frozen=True)
class Provided:
    """
    How a material is provided: `state` given, owed, absent (an optional one) or missing; `how`, `source_id` and
    `copies` as CaseMaterial keeps them.
    """

    state: str
    how: str
    source_id: UUID | None = None
    copies: int = 0


@dataclass(frozen=True)
class CommitmentInput:
    """
    A promise as it is being signed. `kind`: promise (告知承诺) or gap (容缺承诺); `code`: the material; `agreed`: the
    box is ticked; `signature`: a drawn one as the page sent it, "" where the name alone was typed.
    """

    kind: str
    code: str
    name: str = field(repr=False)
    agreed: bool = False
    signature: str = field(default="", repr=False)


@dataclass(frozen=True)
class Told:
    """What a periodic round said about owed materials: codes reminded of, codes missed."""

    reminded: list[str]
    missed: list[str]


@dataclass(frozen=True)
class NonAcceptance:
    """
    A lawful ground on which an application is not taken in: its words, its article, the state the case ends in, and
    the document kind that tells it.
    """

    words: str
    article: Article
    status: str
    paper: str


# 行政许可法 32(1): no licence is needed, which is told at once; 32(2): another organ is competent, which is named;
# 78: something was hidden or false material was handed in.
NON_ACCEPTANCE_GROUNDS: Mapping[str, NonAcceptance] = {
    "not_required": NonAcceptance(
        "依法不需要取得行政许可", Article(LICENCE_LAW, 32, 1, 1), "not_required", "not_required_notice"
    ),
    "not_competent": NonAcceptance(
        "不属于本行政机关职权范围", Article(LICENCE_LAW, 32, 1, 2), "not_accepted", "not_accepted_notice"
    ),
    "false_statement": NonAcceptance(
        "隐瞒有关情况或者提供虚假材料", Article(LICENCE_LAW, 78), "not_accepted", "not_accepted_notice"
    ),
}


@dataclass(frozen=True)
class NotTakenIn:
    """Why an application is not taken in: the ground, the reason in words, and for not_competent the right organ."""

    ground: str
    reason: str = field(repr=False)
    organ: str = ""


# Who took a paper, in relation to the applicant (民事诉讼法 88).
RELATIONS: Mapping[str, str] = {
    "self": "本人",
    "agent": "代理人",
    "family": "同住成年家属",
    "firm": "单位负责收件的人",
}


@dataclass(frozen=True)
class Served:
    """
    How a paper reached the applicant. `way` of ServiceOfPaper.Way, `relation` of RELATIONS; `document` of a receiver
    who is not the applicant, as the clerk saw it; `proof`: signed on paper, the mail's number, who witnessed;
    `received_on`: the day of the return slip (None: today); `drawn`: the signature of the receiver.
    """

    way: str
    receiver: str = field(default="", repr=False)
    relation: str = ""
    address: str = field(default="", repr=False)
    proof: str = ""
    signature_id: UUID | None = None
    document: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    received_on: date | None = None
    drawn: CheckedUpload | None = field(default=None, repr=False)

    @classmethod
    def electronic(cls) -> "Served":
        """The papers stand in the applicant's space, as she agreed."""
        return cls("electronic")

    @classmethod
    def at_window(cls, receiver: str) -> "Served":
        """The applicant herself took them at the window and signed the slip."""
        return cls("window", receiver, "self", proof="在纸质送达回证上签名")


@dataclass(frozen=True)
class Lacking:
    """The first thing a 送达回证 lacks: its field and its words."""

    field: str
    words: str


# Why an officer asks for what the pages mask; the word goes into the ledger.
REVEAL_PURPOSES: Mapping[str, str] = {
    "contact": to_citizens("联系申请人"),
    "verify": to_citizens("核对身份和材料"),
    "write": to_citizens("制作或者送达文书"),
}


@dataclass(frozen=True)
class Turn:
    """
    The first line about a case: what happens, whose turn it is ("you" for the applicant, an organ's name,
    "" for nobody), by when; `tag` and `words` for ui's `status`.
    """

    what: str
    whose: str
    by: date | None
    tag: str
    words: str


@dataclass(frozen=True)
class RevealedApplicant:
    """Who applies, in the clear: for the one answer it was asked for, never kept."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    phone: str = field(repr=False)


# Visits on the spot (现场核查) ------------------------------------------------------------------------------------

POINT_STATES: Mapping[str, str] = {"met": "符合", "not_met": "不符合", "na": "不涉及"}


@dataclass(frozen=True)
class VisitPlan:
    """
    When, where, who comes (persons: two or more accounts of the department), and a word for the applicant. `together`:
    on the date agreed on for a whole bundle, of which the bundle tells her.
    """

    planned_for: Instant
    place: str = field(repr=False)
    officers: tuple[UUID, ...]
    note: str = field(default="", repr=False)
    together: bool = False


@dataclass(frozen=True)
class PointFound:
    """One line of the checklist as found; `state` is a code of POINT_STATES."""

    code: str
    state: str
    note: str = field(default="", repr=False)


@dataclass(frozen=True)
class VisitParty:
    """Who was there for the applicant. `refused`: did not sign or was not there; `reason` says why (拒签)."""

    name: str = field(default="", repr=False)
    refused: bool = False
    reason: str = field(default="", repr=False)
    drawn: CheckedUpload | None = field(default=None, repr=False)


@dataclass(frozen=True)
class OfficerSigned:
    """An officer's name under the record, typed, and drawn if a hand signed."""

    person_id: UUID
    name: str
    drawn: CheckedUpload | None = field(default=None, repr=False)


@dataclass(frozen=True)
class VisitRecord:
    """
    现场核查记录. `outcome`: met, not_met, or again (to be put right by `again_by`, then a further visit).

    Against what the critical points say, `text` gives the reason. `used_ids`: the shared findings of a joint visit
    (联合踏勘) it rests on; `adopted`: why these stand for a visit its officers did not come to.
    """

    outcome: str
    points: tuple[PointFound, ...]
    began_at: Instant
    party: VisitParty
    officers: tuple[OfficerSigned, ...]
    text: str = field(default="", repr=False)
    again_by: date | None = None
    used_ids: tuple[UUID, ...] = ()
    adopted: str = field(default="", repr=False)


@dataclass(frozen=True)
class VisitDone:
    """What planning, moving or recording a visit led to."""

    case_id: UUID
    visit_id: UUID
    state: str
    outcome: str = ""


@dataclass(frozen=True)
class Handed:
    """The post a step is given to, and why; `back`: 委派; `add`: 加签, else 减签."""

    post: str
    reason: str = field(repr=False)
    back: bool = False
    add: bool = True


@dataclass(frozen=True)
class Moved:
    """One thing that happened to a parcel."""

    at: datetime
    what: str


@dataclass(frozen=True)
class Whereabouts:
    """
    Of a result on paper: rows to read, the state of its parcel (`tag` of a status; "": there is none) and what happened
    to it, the latest first, and what the applicant may do about it. `lies`: it waits at a counter, which a row names;
    `under_way`: a parcel is made of it.
    """

    rows: list[Fact] = field(default_factory=list)
    lies: bool = False
    under_way: bool = False
    tag: str = ""
    words: str = ""
    moved: list[Moved] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
