"""
How a matter in another system stands: pure.

The other side may tell the same twice, late, in the wrong order or not at all. So what it told is kept as a set, and
where the matter stands is a function of that set alone: whatever the order of arrival, the same tellings end in the
same place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

FINAL = frozenset({"granted", "refused"})
WORDS: Mapping[str, str] = {
    "by_hand": "等工作人员录入",
    "waiting": "等待转出",
    "stuck": "转不出去",
    "sent": "已转出，对方还没有回音",
    "received": "对方已收到",
    "handling": "对方办理中",
    "correction": "对方要求补正",
    "granted": "对方已办结",
    "refused": "对方不予办理",
    "called_off": "不再办理",
    "settled": "已由工作人员登记结果",
}
OUTSIDE_WORDS: Mapping[str, str] = {
    "received": "已收到",
    "handling": "办理中",
    "correction": "要求补正",
    "granted": "已办结",
    "refused": "不予办理",
}
# Why a matter waits for a person of ours, the most pressing first.
NEEDS: Mapping[str, str] = {
    "contradicts": "对方的说法前后矛盾，要和对方核对",
    "not_taken": "结果传回来了，但是用不上，要核对",
    "stuck": "对方不接收，要看原因",
    "correction": "对方要求补正",
    "silent": "对方超过2个工作日没有消息，要去问",
    "carry": "要录入到对方系统，再登记对方的编号",
}
SILENT_AFTER = 2  # working days without any news (issue 3 of this project; no law sets it)
BACK_OFF = (1, 2, 5, 15, 30, 60)  # minutes before the next attempt; the last one for all that follow
LEASE = timedelta(minutes=2)  # an attempt that has not ended by then was struck down
DIFFERENCES: Mapping[str, str] = {
    "missing_there": "我方转出，对方清单没有",
    "missing_here": "对方清单有，我方没有转出",
    "number": "两边的编号不一致",
    "state": "两边的结果不一致",
    "behind": "对方的新状态没有传到我方",
    "unsent": "当天应当转出，没有转出去",
    "silent": "转出后没有消息",
    "contradicts": "对方的说法前后矛盾",
}


@dataclass(frozen=True)
class Told:
    """One telling as the set keeps it; `content` is a digest of everything it says."""

    seq: int
    happened_at: datetime
    state: str
    content: str


@dataclass(frozen=True)
class Standing:
    """Where it stands (`last` is the telling that says so, None while nothing was told) and what does not fit."""

    last: Told | None
    contradicts: bool


def standing(tellings: Iterable[Told]) -> Standing:
    """
    The first end in the other side's own order holds, else the latest state. It contradicts itself when one number of
    its count says two things, when two ends differ, or when it goes on after the end.
    """
    ordered = sorted(set(tellings), key=lambda one: (one.seq, one.happened_at, one.content))
    if not ordered:
        return Standing(None, False)
    numbered: dict[int, set[str]] = {}
    for one in ordered:
        if one.seq:
            numbered.setdefault(one.seq, set()).add(one.content)
    twice = any(len(said) > 1 for said in numbered.values())
    place = next((at for at, one in enumerate(ordered) if one.state in FINAL), None)
    if place is None:
        return Standing(ordered[-1], twice)
    end = ordered[place]
    after = any(one.state != end.state for one in ordered[place + 1 :])
    return Standing(end, twice or after)


def back_off(attempts: int) -> timedelta:
    """How long after this many attempts that failed the next one is made."""
    return timedelta(minutes=BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1])


@dataclass(frozen=True)
class Facts:
    """What decides where a matter stands and whom it waits for. `answered`: the last 补正 asked for was sent."""

    sending: str  # by_hand waiting sent stuck called_off settled
    outside: str = ""
    contradicts: bool = False
    silent: bool = False
    taken: str = ""  # "" not yet, taken, not_taken: whether the owner could use the end
    answered: bool = False


def shown(facts: Facts) -> str:
    """The one word for it: a key of WORDS."""
    if facts.sending in {"called_off", "settled"}:
        return facts.sending
    if facts.outside in FINAL:
        return facts.outside
    if facts.sending in {"by_hand", "waiting", "stuck"}:
        return facts.sending
    return facts.outside if facts.outside and not facts.answered else "sent"


def needs(facts: Facts) -> str:
    """What it needs of a person of ours, "" nothing: the first of NEEDS that holds."""
    if facts.sending == "called_off":
        return ""
    if facts.contradicts:
        return "contradicts"
    if facts.taken == "not_taken" and facts.sending != "settled":
        return "not_taken"
    if facts.outside in FINAL or facts.sending == "settled":
        return ""
    if facts.sending == "stuck":
        return "stuck"
    if facts.sending == "by_hand":
        return "carry"
    if facts.outside == "correction" and not facts.answered and facts.sending == "sent":
        return "correction"
    return "silent" if facts.silent else ""
