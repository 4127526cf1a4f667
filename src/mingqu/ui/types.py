"""What components take. Templates read plain attributes, so dictionaries with the same keys work as well."""

from dataclasses import dataclass
from typing import Literal

ButtonKind = Literal["first", "second", "out", "in", "warn", "quiet", "big"]
BoxState = Literal["", "done", "now", "you", "stop", "skipped", "added", "removed", "changed"]
GateSign = Literal["all", "one", "some"]
"""Which of the ways behind a gate are gone: all at the same time, one of them, those that apply."""


@dataclass(frozen=True)
class Action:
    """
    A button or link of a component. `out` (ochre) only for what reaches the applicant or is the applicant's
    turn; `in` (dashed) only for what stays inside the authority; one `first` per view.
    """

    label: str
    url: str
    kind: ButtonKind = "first"
    icon: str = ""
    post: bool = False


@dataclass(frozen=True)
class Fact:
    """One word and its value."""

    key: str
    value: object
    note: str = ""
    action: Action | None = None


@dataclass(frozen=True)
class Task:
    """One row of a task list: what, its state (a code of `status`), and where it is done."""

    name: str
    status: str
    status_label: str = ""
    hint: str = ""
    url: str = ""


@dataclass(frozen=True)
class Crumb:
    label: str
    url: str = ""


@dataclass(frozen=True)
class FlowBox:
    """A step of a drawn process, in drawing units. A `gate` is the diamond where branches part and meet, by `sign`."""

    x: int
    y: int
    width: int
    height: int
    title: str = ""
    detail: str = ""
    state: BoxState = ""
    gate: bool = False
    sign: GateSign = "all"


@dataclass(frozen=True)
class FlowLine:
    """A line through corner points; `run`: the case has gone along it; `arrow` at its end; `state`: of a comparison."""

    points: tuple[tuple[int, int], ...]
    run: bool = False
    arrow: bool = True
    state: BoxState = ""


@dataclass(frozen=True)
class FlowLayout:
    """
    One drawing. A page takes two of one process: wide for desks, tall (at most 340 units) for phones; one too wide for
    desks is tall there too.
    """

    width: int
    height: int
    boxes: tuple[FlowBox, ...]
    lines: tuple[FlowLine, ...]


@dataclass(frozen=True)
class FlowStep:
    """The text twin: one line of the list, in the order of work."""

    text: str
    state: BoxState = ""
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar: its word, its length, the words behind it; `mark` is a limit to compare with."""

    label: str
    value: float
    text: str
    mark: float | None = None
    over: bool = False
