"""
The demo's other systems: the provincial register of enterprises and the household register of the police. Their page
(/double/registry/) plays what such systems do: takes a matter, asks for a correction, grants, refuses; and what goes
wrong with them. It speaks to us only as a real one would: by
signed tellings, and by answers when asked.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import transaction

from mingqu.exchange.connectors import signing
from mingqu.exchange.errors import SystemUnavailable
from mingqu.exchange.models import DoubleFault, DoubleMatter
from mingqu.exchange.types import FINAL, Answer, DayLine, Known, Parcel, Result, Telling
from mingqu.kernel.fields import blind_index
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

FAULTS: Mapping[str, str] = {
    "down": "停机：连不上",
    "slow": "很慢：收下了，但是回音超时",
    "loses": "丢件：没有收下，也没有回音",
    "twice": "每条状态通知两次",
    "reorder": "状态通知的先后颠倒",
    "silent": "不发状态通知，只能去查",
    "contradicts": "办结以后又说相反的话",
    "deaf": "收到撤回也不停办",
}


def secret() -> bytes:
    """Known to both sides: derived from the installation's master key, so that no demo shares another's."""
    return bytes(blind_index("exchange.double", "signature"))


def faults() -> set[str]:
    return set(DoubleFault.objects.filter(on=True).values_list("name", flat=True))


def set_faults(names: Sequence[str]) -> None:
    _only_in_demo()
    for name in FAULTS:
        DoubleFault.objects.update_or_create(name=name, defaults={"on": name in names})


class DoubleRegistry:
    name = "double"
    words = "省经营主体登记系统、公安人口管理系统（演示）"
    systems = frozenset({"省经营主体登记系统", "公安人口管理系统"})
    can_be_asked = True
    can_be_recalled = True
    leaves_the_machine: ClassVar[bool] = False

    def send(self, parcel: Parcel, *, at: Instant) -> Answer:
        """The same key again is the same matter; the same matter with another round is its correction."""
        _only_in_demo()
        wrong = faults()
        if "down" in wrong:
            return Answer("failed", reason="ConnectionRefusedError")
        if "loses" in wrong:
            return Answer("unknown", reason="TimeoutError")
        row = _take(parcel, at)
        return Answer("unknown", reason="TimeoutError") if "slow" in wrong else Answer("taken", row.number)

    def recall(self, reference: str, number: str, *, at: Instant) -> Answer:
        """Stopped once, however often it is told; what has ended, or while it is deaf, goes on."""
        _only_in_demo()
        wrong = faults()
        if "down" in wrong:
            return Answer("failed", reason="ConnectionRefusedError")
        if "loses" in wrong:
            return Answer("unknown", reason="TimeoutError")
        stopped = "deaf" not in wrong and _stop(reference, at)
        if "slow" in wrong:
            return Answer("unknown", reason="TimeoutError")
        return Answer("taken") if stopped else Answer("refused", reason="goes_on")

    def ask(self, reference: str) -> Known:
        _only_in_demo()
        if "down" in faults():
            raise SystemUnavailable()
        row = DoubleMatter.objects.filter(pk=reference).first()
        if row is None:
            return Known(False)
        return Known(True, row.number, row.round, tuple(_tellings(row)))

    def day(self, day: date) -> Iterator[DayLine]:
        _only_in_demo()
        if "down" in faults():
            raise SystemUnavailable()
        for row in DoubleMatter.objects.order_by("reference").iterator():
            if legal_day(row.received_at) == day:
                yield DayLine(row.reference, row.number, _tellings(row)[-1].state)

    def read(self, headers: Mapping[str, str], body: bytes, *, at: Instant) -> Telling:
        _only_in_demo()
        return signing.read(secret(), headers, body, at)


def say(
    reference: str, state: str, *, at: Instant, words: str = "", result: Result | None = None
) -> DoubleMatter | None:
    """An officer over there decides something; None for a matter it does not have or has ended."""
    _only_in_demo()
    with transaction.atomic():
        row = DoubleMatter.objects.select_for_update().filter(pk=reference).first()
        if row is None or row.stopped_at is not None or any(one.state in FINAL for one in _tellings(row)):
            return None
        _add(row, state, at, words, result or Result())
        if "contradicts" in faults() and state in FINAL:
            _add(row, "refused" if state == "granted" else "granted", at, words, result or Result())
        row.save(update_fields=["tellings"])
    return row


def ready(row: DoubleMatter) -> Result:
    """
    What the page proposes as the result: a fictional number, and for what has a name to register a code (region digits
    that were never assigned).
    """
    serial = int(row.reference[:8], 16)
    place = next((label for _part, label, value in row.sheet if value and "名称" in label), "")
    name = next((value for _part, label, value in row.sheet if label == place), "") if place else ""
    code = CreditCode.build("9", "1", "990104", f"MA{serial % 1_000_000:06d}")
    return Result(f"990104{serial % 10**9:09d}", name[:60], str(code) if name else "")


def due(row: DoubleMatter) -> list[Telling]:
    """What it tells us now of what it has not told yet, in the order in which it comes, faults included."""
    wrong = faults()
    if wrong & {"silent", "down"}:
        return []
    every = _tellings(row)
    new = [place for place in range(len(every)) if place not in row.told]
    if "reorder" in wrong and len(every) < 3 and every[-1].state not in FINAL:
        return []
    order = [every[place] for place in (reversed(new) if "reorder" in wrong else new)]
    row.told = sorted({*row.told, *new})
    row.save(update_fields=["told"])
    return [one for one in order for _time in range(2 if "twice" in wrong else 1)]


def telling(told: Telling, *, at: datetime) -> tuple[dict[str, str], bytes]:
    """Headers and body as it sends them."""
    body = json.dumps(signing.written(told), ensure_ascii=False).encode()
    sent = at.isoformat()
    return {signing.SENT: sent, signing.SIGNATURE: signing.sign(secret(), sent, body)}, body


def _take(parcel: Parcel, at: Instant) -> DoubleMatter:
    with transaction.atomic():
        row, made = DoubleMatter.objects.select_for_update().get_or_create(
            reference=parcel.reference,
            defaults={
                "number": f"SDJ{legal_day(at):%Y%m%d}{new_id().hex[-8:].upper()}",
                "round": parcel.round,
                "subject": parcel.subject[:200],
                "ours": parcel.number,
                "sheet": [[one.part, one.label, one.value] for one in parcel.fields],
                "received_at": at,
            },
        )
        if made:
            _add(row, "received", at, "已收到，正在排队", Result())
        elif parcel.round > row.round:
            row.round = parcel.round
            row.sheet = [*row.sheet, *_answered(parcel)]
            _add(row, "handling", at, "已收到补正，接着办", Result())
        row.save()
    return row


def _answered(parcel: Parcel) -> list[list[str]]:
    """What came with a correction: its words and its files by name."""
    part = f"第{parcel.round}次补正"
    words = [[part, "说明", parcel.supplement]] if parcel.supplement else []
    return [*words, *([part, "文件", f"{one.name}（{len(one.data)}字节）"] for one in parcel.files)]


def _stop(reference: str, at: Instant) -> bool:
    """Whether it stops: a matter that is not there does."""
    with transaction.atomic():
        row = DoubleMatter.objects.select_for_update().filter(pk=reference).first()
        if row is None or row.stopped_at is not None:
            return True
        if any(one.state in FINAL for one in _tellings(row)):
            return False
        row.stopped_at = at
        row.save(update_fields=["stopped_at"])
    return True


def _add(row: DoubleMatter, state: str, at: Instant, words: str, result: Result) -> None:
    told = Telling(row.reference, state, at, len(row.tellings) + 1, row.number, words, result)
    row.tellings = [*row.tellings, signing.written(told)]


def _tellings(row: DoubleMatter) -> list[Telling]:
    return [signing.telling(one) for one in row.tellings]


def _only_in_demo() -> None:
    if not settings.MINGQU_DEMO:
        raise SystemUnavailable()
