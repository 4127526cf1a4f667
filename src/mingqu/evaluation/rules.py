"""Rules of good and bad ratings: pure."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from mingqu.evaluation.errors import (
    FollowUpWordsMissing,
    FollowUpWordsPersonal,
    LevelUnknown,
    LimitsWrong,
    ReasonUnknown,
    TextTooLong,
)
from mingqu.kernel.personal import passages

# Item types that can be rated (kernel's list item_type; scope as public summaries of 国办发〔2019〕51号 give it):
# 许可 给付 确认 奖励 裁决 其他行政权力 公共服务. Penalties, coercion, levies and inspections are not applied for.
RATEABLE_TYPES = frozenset({"01", "05", "07", "08", "09", "10", "20"})
# States of a case in which the person has an answer to rate.
RATEABLE_STATUSES = frozenset(
    {"decided", "delivered", "not_accepted", "not_required", "withdrawn", "terminated", "archived"}
)
# States in which the person has filed and waits: what is rated then is how the filing went (受理环节).
WAITING_STATUSES = frozenset({"received", "correction", "accepted"})
LEVELS = (5, 4, 3, 2, 1)
GOOD_FROM = 3  # 好评: 非常满意, 满意, 基本满意
TEXT_LIMIT = 500  # characters
MINIMUM = 10  # below it no rate is shown: one person's word would move it too far, and might be recognised


def check_rating(level: int, reasons: Sequence[str], text: str, known_reasons: Sequence[str]) -> None:
    """Raises LevelUnknown, ReasonUnknown or TextTooLong. Neither reasons nor text are ever required."""
    if level not in LEVELS:
        raise LevelUnknown(field="level")
    if not set(reasons) <= set(known_reasons):
        raise ReasonUnknown(field="reasons")
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(field="text", most=TEXT_LIMIT, length=len(text))


def contact_of(status: str, *, at_window: bool = False) -> str:
    """
    Which contact of a case in this state is rated now, "" for none (一次一评, 一事一评): the filing, until there is an
    outcome; then how it went; and apart from it, at a window, how its result was handed out there.
    """
    if status in WAITING_STATUSES:
        return "filing"
    if status not in RATEABLE_STATUSES:
        return ""
    return "pickup" if at_window else "result"


def contact_told(contact: str, channel: str) -> str:
    """The contact an event tells of; those of before 2026-11-23 had one by each of the two channels there were."""
    return contact or ("pickup" if channel == "window" else "result")


def follow_name(contact: str) -> str:
    """What the id of a follow-up is made of: follow-ups that there are keep theirs."""
    return {"result": "online", "pickup": "window"}.get(contact, contact)


def good_rate(counts: Mapping[int, int], minimum: int = MINIMUM) -> Decimal | None:
    """
    好评率 = (非常满意 + 满意 + 基本满意) ÷ all ratings given × 100, to one decimal; None below `minimum`.

    Unrated cases are in neither part.
    """
    total = sum(counts.values())
    if total < max(minimum, 1):
        return None
    good = sum(count for level, count in counts.items() if level >= GOOD_FROM)
    return (Decimal(good * 100) / total).quantize(Decimal("0.1"), ROUND_HALF_UP)


def percent(count: int, total: int) -> int:
    """A share in whole percent; 0 of nothing is 0."""
    return int((Decimal(count * 100) / total).quantize(Decimal(1), ROUND_HALF_UP)) if total else 0


# Following up bad ratings -------------------------------------------------------------------------------------------

WORDS_LIMIT = 1000  # characters of what officers write
PUBLIC_LIMIT = 500
REASON_LIMIT = 200
MOST_CALLS = 3  # tries to reach somebody
MOST_ROUNDS = 2  # of putting right, where the first was not enough
REVIEWED_IN = frozenset({"verifying", "rectifying", "calling", "publishing"})  # until it is published
EXCLUDING = frozenset({"mistaken", "malicious"})


# What an officer may set, in working days, and the most of each; the words stand on the page.
LIMITS = {
    "verifying": "核实",
    "rectifying": "整改",
    "calling": "回访",
    "publishing": "公开",
    "mistaken": "评价人说明按错了",
    "asking": "部门申请复核",
    "reviewing": "复核",
    "rating": "有结果以后可以评价",
}
MOST_DAYS = 60
MOST_DAYS_TO_RATE = 250
WITHOUT_LIMIT = "rating"  # 0: as long as one likes


def check_days(days: Mapping[str, int]) -> None:
    """Raises LimitsWrong: every limit is there, of at least one day (to rate: or none), and not beyond reason."""
    if set(days) != set(LIMITS):
        raise LimitsWrong(name="期限", least=1, most=MOST_DAYS)
    for name, value in days.items():
        free = name == WITHOUT_LIMIT
        least, most = (0, MOST_DAYS_TO_RATE) if free else (1, MOST_DAYS)
        if not least <= value <= most:
            raise LimitsWrong(field=name, name=LIMITS[name], least=least, most=most)


def check_words(text: str, most: int = WORDS_LIMIT, *, field: str = "text") -> str:
    """The words without spaces around them. Raises FollowUpWordsMissing."""
    said = text.strip()
    if not said or len(said) > most:
        raise FollowUpWordsMissing(field=field, most=most)
    return said


def check_open(text: str, names: Collection[str], number: str) -> None:
    """
    Nothing that everybody reads says who rated: no number of a person, not her name or her firm's, not her case. Raises
    FollowUpWordsPersonal.
    """
    joined = "".join(unicodedata.normalize("NFKC", text).split())
    said = [str(one) for one in passages(text)]
    said += ["办事人的名字"] if any(name and name in joined for name in names) else []
    said += ["办件编号"] if number in joined else []
    if said:
        raise FollowUpWordsPersonal(field="text", passages="、".join(said))


def after_call(outcome: str, calls: int, rounds: int) -> str:
    """
    The next state: content → publish; not content → put right again, once; not reached → call again, three times.
    What can't be made better by another round is published as it is.
    """
    if outcome == "not_content" and rounds < MOST_ROUNDS:
        return "rectifying"
    if outcome == "not_reached" and calls < MOST_CALLS:
        return "calling"
    return "publishing"


def number_of(region_code: str, day: str, serial: int) -> str:
    """CP, day 8, region 6, serial 6 (差评编号, own form): in another order than a case's number."""
    return f"CP{day}{region_code[:6]}{serial:06d}"
