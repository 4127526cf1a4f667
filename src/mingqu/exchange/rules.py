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
    "recalling": "已撤回，还没有得到对方停办的回音",
    "recalled": "已撤回，对方已停办",
    "not_stopped": "已撤回，对方没有停办",
    "too_late": "撤回时对方已经办结",
    "dealt": "已撤回，和对方核对处理完",
    "settled": "已由工作人员登记结果",
}
# 撤回 of what may have got there → the word it is shown under. waiting: the other side is being told; overdue: that has
# failed for hours, people tell it too; people: nobody but people can tell it; stopped; refused: it does not stop, or
# had decided; settled: a person dealt with that.
RECALLED: Mapping[str, str] = {
    "waiting": "recalling",
    "overdue": "recalling",
    "people": "recalling",
    "stopped": "recalled",
    "refused": "not_stopped",
    "settled": "dealt",
}
TO_TELL = frozenset({"waiting", "overdue"})
RECALL_OVERDUE = 6  # attempts, some two hours by BACK_OFF (our own setting)
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
    "too_late": "申请人撤回时对方已经办结或者不停办，要和对方核对",
    "recall": "申请人已撤回，要告诉对方停办",
    "not_taken": "结果传回来了，但是用不上，要核对",
    "stuck": "对方不接收，要看原因",
    "correction": "对方要求补正，申请人可以自己交，也可以到窗口交",
    "silent": "对方超过2个工作日没有消息，要去问",
    "carry": "要录入到对方系统，再登记对方的编号",
}
# Of these, what a person deals with and says how.
RESOLVED_BY_PEOPLE = frozenset({"contradicts", "too_late", "recall", "not_taken", "silent"})
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
    """
    Where it stands (`last` is the telling that says so, None while nothing was told), what does not fit, and the states
    that came `before` the last one.
    """

    last: Told | None
    contradicts: bool
    before: tuple[str, ...] = ()


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
        return Standing(ordered[-1], twice, tuple(one.state for one in ordered[:-1]))
    end = ordered[place]
    after = any(one.state != end.state for one in ordered[place + 1 :])
    return Standing(end, twice or after, tuple(one.state for one in ordered[:place]))


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
    recall: str = ""  # a key of RECALLED, "" nothing of it can have got there


def starts_anew(before: Iterable[str]) -> bool:
    """
    Whether the other side's time begins anew with the corrected materials: as at home, a correction asked for before
    acceptance does that (行政许可法 32), one asked for later does not (42 knows no such pause). `before`: the states it
    told before it asked.
    """
    return "handling" not in set(before)


def shown(facts: Facts) -> str:
    """The one word for it: a key of WORDS."""
    if facts.sending == "called_off":
        if facts.outside in FINAL and facts.recall != "settled":
            return "too_late"
        return RECALLED.get(facts.recall, "called_off")
    if facts.sending == "settled":
        return facts.sending
    if facts.outside in FINAL:
        return facts.outside
    if facts.sending in {"by_hand", "waiting", "stuck"}:
        return facts.sending
    return facts.outside if facts.outside and not facts.answered else "sent"


def needs(facts: Facts) -> str:
    """What it needs of a person of ours, "" nothing: the first of NEEDS that holds."""
    if facts.sending == "called_off":
        return _needs_recalled(facts)
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


def _needs_recalled(facts: Facts) -> str:
    if facts.recall == "settled":
        return "contradicts" if facts.contradicts else ""
    if facts.outside in FINAL or facts.recall == "refused":
        return "too_late"
    return "recall" if facts.recall in {"people", "overdue"} else ""
