"""Cases that a definition tells from beginning to end, as examples and as its tests."""

from dataclasses import dataclass, field
from typing import Any

from mingqu.catalogue.types.parts import (
    least,
    only,
)

_NUMBER = r"[0-9]+(?:\.[0-9]{2})?"
_RANGE = rf"(?:{_NUMBER}-{_NUMBER}|-)"
RANGES = rf"^(?:{_RANGE}(?:;{_RANGE})*)?$"


@dataclass(frozen=True)
class Given:
    """What a scenario starts from; `missing`: codes of 可容缺 materials that come later."""

    submitted: str  # an instant, ISO 8601 with offset
    situation: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


DEEDS = (
    "accept",
    "accept_with_gap",
    "ask_correction",
    "supplement",
    "pass_days",
    "complete",
    "consult",
    "answer",
    "supply",
    "pause",
    "resume",
    "extend",
    "decide",
    "deliver",
)


@dataclass(frozen=True)
class Deed:
    """
    One deed of a scenario: `do` is accept, accept_with_gap, ask_correction, supplement, pass_days (`days`), complete
    (`step`, `outcome`), consult (征求意见 from `step`, which waits for it), answer (`step`), supply (`material`), pause
    (`ground`), resume, extend (`days`), decide (`outcome`), deliver.
    `on`: the day it happens; empty: the day of the deed before. pass_days counts working days.
    """

    do: str = field(metadata=only(*DEEDS))
    on: str = ""
    step: str = ""
    outcome: str = field(default="", metadata=only("", "met", "not_met", "granted", "refused"))
    material: str = ""
    ground: str = ""
    days: int = field(default=0, metadata=least(0))


@dataclass(frozen=True)
class Expected:
    """What a scenario must come to; what is left empty is not looked at."""

    path: list[str] = field(default_factory=list)  # steps done, in any order where they lie side by side
    materials: list[str] = field(default_factory=list)
    due: str = ""  # last day of the statutory clock at the end
    promised: str = ""
    gap_due: str = ""
    stop: bool = False
    result: str = field(default="", metadata=only("", "granted", "refused"))
    range: str = field(
        default="", metadata={"pattern": RANGES}
    )  # of each 裁量基准: 1-3;1000.50-2000; - for no row


@dataclass(frozen=True)
class Scenario:
    """An example that must come out as said before the definition may be published."""

    name: str
    given: Given
    do: list[Deed]
    expect: Expected
