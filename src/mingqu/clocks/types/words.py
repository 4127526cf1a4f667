"""
The words of the clock: units, kinds, starting events, approvers, days, articles, lawful grounds.

Articles are named by law and number; the texts were read in the official versions of 2019 (行政许可法,
政府信息公开条例) and 2020 (民法典).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingqu.kernel.errors import to_citizens


class Unit(StrEnum):
    """The units a period is measured in (民法典 200; 行政许可法 82 for working days)."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    MONTHS = "months"
    YEARS = "years"

    @property
    def text(self) -> str:
        return _UNIT_TEXT[self]

    @property
    def is_time_of_day(self) -> bool:
        """True where the period runs from an instant, not from a day (民法典 201, second paragraph)."""
        return self in (Unit.HOURS, Unit.MINUTES)


_UNIT_TEXT = {
    Unit.WORKING_DAYS: "个工作日",
    Unit.DAYS: "日",
    Unit.HOURS: "小时",
    Unit.MINUTES: "分钟",
    Unit.MONTHS: "个月",
    Unit.YEARS: "年",
}


class Kind(StrEnum):
    """What a clock measures. Several of one kind on one root differ by `ref` (a step, a material)."""

    STATUTORY = "statutory"
    PROMISED = "promised"
    NODE = "node"
    CORRECTION_NOTICE = "correction_notice"
    DELIVERY = "delivery"
    GAP = "gap"
    BEGIN = "begin"  # what is granted is to be begun by then (建筑法 9)

    @property
    def text(self) -> str:
        return _KIND_TEXT[self]

    @property
    def binds_root(self) -> bool:
        """True where the whole root ends by then: not one step, not what the applicant owes."""
        return self not in (Kind.NODE, Kind.GAP)


LAST_DAYS = ("clock.statutory", "clock.promised")
"""What a drawing may call the last days that the clocks of its owner say."""

_KIND_TEXT = {
    Kind.STATUTORY: to_citizens("法定期限"),
    Kind.PROMISED: to_citizens("承诺期限"),
    Kind.NODE: to_citizens("环节时限"),
    Kind.CORRECTION_NOTICE: to_citizens("一次性告知期限"),
    Kind.DELIVERY: to_citizens("送达期限"),
    Kind.GAP: to_citizens("容缺补齐期限"),
    Kind.BEGIN: to_citizens("开工期限"),
}


class Action(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"
    REVERSE = "reverse"  # takes back one earlier entry, with a reason; nothing is ever changed


class StartedBy(StrEnum):
    """Which event the period is counted from; it goes into the first sentence of the explanation."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DEEMED_ACCEPTED = "deemed_accepted"  # 行政许可法 32(4): retroactive to the day the materials came
    DECIDED = "decided"
    ENTERED = "entered"  # a step was reached
    COMMITTED = "committed"  # 容缺: the applicant promised to bring what is missing
    COLLECTED = "collected"  # the certificate reached its holder (建筑法 9)

    @property
    def text(self) -> str:
        return _STARTED_TEXT[self]


_STARTED_TEXT = {
    StartedBy.RECEIVED: to_citizens("收到申请材料之日"),
    StartedBy.ACCEPTED: to_citizens("受理之日"),
    StartedBy.DEEMED_ACCEPTED: to_citizens("收到申请材料之日"),
    StartedBy.DECIDED: to_citizens("作出决定之日"),
    StartedBy.ENTERED: to_citizens("进入本环节之日"),
    StartedBy.COMMITTED: to_citizens("作出容缺承诺之日"),
    StartedBy.COLLECTED: to_citizens("领取证照之日"),
}


class Approver(StrEnum):
    """Whose approval an extension needs."""

    ORGAN_HEAD = "organ_head"  # 行政许可法 42, first paragraph
    GOVERNMENT_HEAD = "government_head"  # 行政许可法 42, second paragraph
    DISCLOSURE_HEAD = "disclosure_head"  # 政府信息公开条例 33
    ISSUING_ORGAN = "issuing_organ"  # 建筑法 9

    @property
    def text(self) -> str:
        return _APPROVER_TEXT[self]


_APPROVER_TEXT = {
    Approver.ORGAN_HEAD: to_citizens("本行政机关负责人"),
    Approver.GOVERNMENT_HEAD: to_citizens("本级人民政府负责人"),
    Approver.DISCLOSURE_HEAD: to_citizens("政府信息公开工作机构负责人"),
    Approver.ISSUING_ORGAN: to_citizens("颁发证照的机关"),
}


class DayKind(StrEnum):
    """How a day departs from Monday to Friday."""

    HOLIDAY = "holiday"  # 放假
    MAKEUP = "makeup_workday"  # 调休上班


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day of rest or a working weekend, with the festival it belongs to (元旦, 春节 …)."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class MovingFestivals:
    """The Gregorian dates of one year's festivals that follow the moon or the sun's terms."""

    year: int
    spring_festival: date  # 正月初一
    qingming: date
    dragon_boat: date
    mid_autumn: date


@dataclass(frozen=True, slots=True)
class Article:
    """A place in a law: 《law》第N条, and where given its 款 and 项."""

    law: str
    article: int
    paragraph: int = 0
    item: int = 0


LICENCE_LAW = "行政许可法"
CIVIL_CODE = "民法典"
DISCLOSURE_RULES = "政府信息公开条例"
ART_DEEMED = Article(LICENCE_LAW, 32, 1, 4)
ART_DECIDE = Article(LICENCE_LAW, 42, 1)
ART_DECIDE_JOINTLY = Article(LICENCE_LAW, 42, 2)
ART_DELIVER = Article(LICENCE_LAW, 44)
ART_SPECIAL = Article(LICENCE_LAW, 45)
ART_WORKING_DAYS = Article(LICENCE_LAW, 82)
ART_START_DAY = Article(CIVIL_CODE, 201, 1)
ART_HOURS = Article(CIVIL_CODE, 201, 2)
ART_MONTHS = Article(CIVIL_CODE, 202)
ART_LAST_DAY = Article(CIVIL_CODE, 203, 1)
ART_DAY_ENDS = Article(CIVIL_CODE, 203, 2)


@dataclass(frozen=True, slots=True)
class Ground:
    """
    A lawful ground on which time is not counted. `told`: the needed time must be told in writing. Without an article
    of its own the terms of the clock name it (ClockSpec.fee_article).
    """

    code: str
    text: str
    article: Article | None
    told: bool


GROUNDS: dict[str, Ground] = {
    ground.code: ground
    for ground in (
        Ground("hearing", "听证", ART_SPECIAL, True),
        Ground("bidding", "招标", ART_SPECIAL, True),
        Ground("auction", "拍卖", ART_SPECIAL, True),
        Ground("inspection", "检验", ART_SPECIAL, True),
        Ground("testing", "检测", ART_SPECIAL, True),
        Ground("quarantine", "检疫", ART_SPECIAL, True),
        Ground("appraisal", "鉴定", ART_SPECIAL, True),
        Ground("expert_review", "专家评审", ART_SPECIAL, True),
        Ground("third_party_opinion", "征求第三方意见", Article(DISCLOSURE_RULES, 33, 3), False),
        Ground("other_organ_opinion", "征求其他机关意见", Article(DISCLOSURE_RULES, 33, 3), False),
        # 行政许可法 45 does not know it: only where a law of the item says that time waits for a fee.
        Ground("payment", to_citizens("缴费"), None, False),
    )
}
PAYMENT = "payment"
SPECIAL_PROCEDURES: tuple[str, ...] = tuple(c for c, g in GROUNDS.items() if g.article == ART_SPECIAL)


class State(StrEnum):
    """The clock's own state; the state of the case is another thing."""

    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    STOPPED = "stopped"

    @property
    def text(self) -> str:
        return _STATE_TEXT[self]


_STATE_TEXT = {
    State.RUNNING: "计时中",
    State.PAUSED: "时限暂停",
    State.OVERDUE: "已超期",
    State.STOPPED: "已办结计时",
}


class Why(StrEnum):
    """Why a day counts or does not."""

    START_DAY = "start_day"
    COUNTED = "counted"
    MAKEUP = "makeup_workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    MOVED = "moved"  # after the last unit, while the last day is a day of rest
