"""换班交接: what is handed over, and a hand-over as both sides see it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

# What may be in hand, in the order of the slip.
SHIFT_KINDS: Final = {
    "paper": "收存的原件、复印件",
    "received": "收了、还没有受理的办件",
    "draft": "窗口没有填完的申请",
    "reception": "通办代收没有收完的",
    "result": "出件台等领取的结果",
    "money": "当天窗口收的钱",
    "owed": "本窗口收的办件还没有缴的费",
    "slips": "没有用的纸质收件单",
    "typed": "停机时收的、还没有补录的纸质单",
    "step": "没有办完的环节",
    "answer": "等这个岗位答复的征求意见",
    "asked": "这个岗位征求、还没有答复的",
}


@dataclass(frozen=True)
class InHand:
    """One thing in hand. `count`: how many of it; `amount` in 分; an original has its ids."""

    kind: str
    what: str
    number: str = ""
    note: str = ""
    day: date | None = None
    count: int = 1
    amount: int | None = None
    case_id: UUID | None = None
    paper_id: UUID | None = None


@dataclass(frozen=True)
class ShiftTo:
    """Who takes it over, as what; what else is to be said."""

    person_id: UUID
    post_id: UUID
    remark: str = field(default="", repr=False)


# What the other post of a hall can go on with; the rest stays its own post's work, whoever knows of it.
HELD_ON: Final = ("received", "result", "money")


@dataclass(frozen=True)
class HandedOn:
    """
    A line of a hand-over that another post took: away from the post that asks (`away`), or to it. `other`: the post on
    the other side, in words; `on`: the day it was taken.
    """

    kind: str
    what: str
    number: str
    count: int
    amount: int | None
    away: bool
    other: str
    on: date


@dataclass(frozen=True)
class GivenOn:
    """A hand-over of this post that another one took: to whom, when, how many of what."""

    number: str
    taker: str
    taker_post: str
    answered_at: datetime
    parts: tuple[tuple[str, int], ...]  # title of a kind and how many


@dataclass(frozen=True)
class ShiftView:
    """`mine`: who looks gave it; `to_take`: who looks is to answer."""

    id: UUID
    number: str
    state: str
    state_words: str
    giver: str
    giver_post: str
    taker: str
    taker_post: str
    given_at: datetime
    answered_at: datetime | None
    mine: bool
    to_take: bool
    remark: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)
