"""
What was read on the hand-over page goes with its form, signed: pressed later, it is compared with what is in hand then,
so that nothing is handed over that nobody counted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core import signing

from mingqu.hall.types import SHIFT_KINDS, InHand
from mingqu.ui.text import zh_day

Line = tuple[str, ...]  # kind, what, number, count, amount in 分, note, last day


@dataclass(frozen=True)
class Differences:
    """What of it is new, gone, or has another count, sum, day or note since; in words, nobody's name among them."""

    come: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unread: bool = False  # the form says nothing of what was read

    @property
    def any(self) -> bool:
        return bool(self.come or self.gone or self.changed or self.unread)


def as_read(lines: Sequence[InHand], post_id: UUID | None) -> str:
    """The lines of the page, for its form; of use at this post alone."""
    return signing.dumps([_line(one) for one in lines], salt=_salt(post_id), compress=True)


def differences(read: str, lines: Sequence[InHand], post_id: UUID | None) -> Differences:
    """Between what was read and what is in hand now; everything in hand is unread where the form can't be read."""
    try:
        before = Counter(tuple(line) for line in signing.loads(read, salt=_salt(post_id)))
    except signing.BadSignature:
        return Differences(unread=True)
    now = Counter(_line(one) for one in lines)
    come, gone = [*(now - before).elements()], [*(before - now).elements()]
    both = {_which(line) for line in come} & {_which(line) for line in gone}
    return Differences(
        [_words(line) for line in come if _which(line) not in both],
        [_words(line) for line in gone if _which(line) not in both],
        [_words(line) for line in come if _which(line) in both],
    )


def _salt(post_id: UUID | None) -> str:
    return f"mingqu.shift:{post_id}"


def _line(one: InHand) -> Line:
    amount = "" if one.amount is None else str(one.amount)
    day = zh_day(one.day) if one.day else ""
    return (one.kind, one.what, one.number, str(one.count), amount, one.note, day)


def _which(line: Line) -> Line:
    return line[:3]


def _words(line: Line) -> str:
    kind, what, number, count, amount, note, _day = line
    sum_words = f"{int(amount) // 100}.{int(amount) % 100:02d}元" if amount else ""
    told = "，".join(words for words in (number, f"数量{count}", sum_words, note) if words)
    return f"{SHIFT_KINDS[kind]}：{what}（{told}）"
