"""The step table of a draft as a picture, as far as it can be read, and two of them side by side. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mingqu.catalogue.diff import diff
from mingqu.catalogue.drawing import Picture, Place, drawn
from mingqu.process.errors import PlanRefused
from mingqu.process.types import StepRow
from mingqu.ui.types import BoxState, FlowStep

RECEIVE, ACCEPT, DELIVER = "mq_receive", "mq_accept", "mq_deliver"
CHANGES: dict[str, BoxState] = {"added": "added", "removed": "removed", "changed": "changed"}
CHANGE_WORDS = {"added": "新增", "removed": "删除", "changed": "有改动"}


@dataclass(frozen=True)
class Flow:
    """The picture, or why there is none."""

    picture: Picture | None = None
    troubles: list[str] = field(default_factory=list)


def flow(
    handling: Mapping[str, Any], posts: Mapping[str, str], places: Mapping[str, Place] | None = None
) -> Flow:
    """What the table of a 业务办理项 comes to, whatever else is wrong with it."""
    rows = table(handling)
    if not rows:
        return Flow(troubles=["还没有环节。"])
    ends = (StepRow(RECEIVE, "收件", "-"), StepRow(ACCEPT, "受理", "-"))
    whole = (*ends, *rows, StepRow(DELIVER, "送达", "-"))
    told = [_told(row, posts, (places or {}).get(row.id, Place())) for row in whole]
    try:
        return Flow(drawn(whole, places or {}, told))
    except PlanRefused as refused:
        return Flow(troubles=list(dict.fromkeys(finding.sentence for finding in refused.findings)))


def table(handling: Mapping[str, Any]) -> list[StepRow]:
    """The rows of the table and the decision, as far as they are rows."""
    found = handling.get("steps")
    steps = found if isinstance(found, list) else []
    rows = [row for row in [*steps, handling.get("decide")] if isinstance(row, Mapping)]
    return [
        StepRow(
            id=str(row.get("id") or ""),
            name=str(row.get("name") or "没有名称"),
            post=str(row.get("post") or "-"),
            limit=_whole(row.get("limit")),
            when=str(row.get("when") or "") or None,
            parallel=str(row.get("parallel") or "") or None,
            people=max(1, _whole(row.get("people"))),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Compared:
    """One 业务办理项 before and after, as pictures with what changed coloured, and the same in words."""

    name: str
    before: Flow
    after: Flow
    lines: list[tuple[str, str]]  # how it changed, which step and what of it


def compared(before: Mapping[str, Any], after: Mapping[str, Any], posts: Mapping[str, str]) -> list[Compared]:
    """Of each 业务办理项 whose steps or decision differ."""
    found = []
    older = _by_code(before)
    for code, new in _by_code(after).items():
        old = older.get(code)
        if old is None:
            continue
        states, lines = _changes(old, new)
        if lines:
            gone = {key: Place(state) for key, state in states.items() if state != "added"}
            come = {key: Place(state) for key, state in states.items() if state != "removed"}
            name = str(new.get("name") or code)
            found.append(Compared(name, flow(old, posts, gone), flow(new, posts, come), lines))
    return found


def _changes(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[dict[str, BoxState], list[tuple[str, str]]]:
    before = {"handling": [{"code": "x", "steps": old.get("steps"), "decide": old.get("decide")}]}
    after = {"handling": [{"code": "x", "steps": new.get("steps"), "decide": new.get("decide")}]}
    states: dict[str, BoxState] = {}
    lines = []
    for row in diff(before, after):
        rest = row.path.removeprefix("handling[x].")
        step, whole = ("decide", rest == "decide") if rest.startswith("decide") else _step_of(rest)
        words = row.words.partition(" · ")[2] or row.words
        lines.append((row.kind_words, words))
        if step:
            state = CHANGES.get(row.kind, "changed") if whole else "changed"
            states[step] = state
    return states, lines


def _step_of(rest: str) -> tuple[str, bool]:
    """(which step a place is of, whether it is the whole step)"""
    if not rest.startswith("steps["):
        return "", False
    code, _, more = rest.removeprefix("steps[").partition("]")
    return code, not more


def _by_code(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found = document.get("handling")
    rows = found if isinstance(found, list) else []
    return {str(row.get("code")): row for row in rows if isinstance(row, Mapping)}


def _told(row: StepRow, posts: Mapping[str, str], place: Place) -> FlowStep:
    parts = [posts.get(row.post, "" if row.post == "-" else row.post)]
    parts += [f"{row.limit}个工作日"] if row.limit else []
    parts += ["和同组的同时办"] if row.parallel else []
    parts += ["有条件的才办"] if row.when else []
    words = "，".join(filter(None, parts))
    return FlowStep(f"{row.name}：{words}" if words else row.name, "", CHANGE_WORDS.get(place.state, ""))


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
