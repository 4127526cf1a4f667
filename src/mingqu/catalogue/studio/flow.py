"""
The flow of a draft as a picture, of its step table or of an expert's drawing, as far as it can be read, and two of them
side by side. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mingqu.catalogue.diff import diff
from mingqu.catalogue.drawing import Frame, Picture, Place, drawn, drawn_flow, laid
from mingqu.catalogue.plans import plan_of_file
from mingqu.catalogue.rules import DECIDE
from mingqu.catalogue.studio.flow_diff import CHANGED, changes
from mingqu.catalogue.types import Files
from mingqu.process import services as process
from mingqu.process.errors import PlanRefused
from mingqu.process.types import RuleStep, StepRow
from mingqu.ui.types import BoxState, FlowStep

RECEIVE, ACCEPT, DELIVER = "mq_receive", "mq_accept", "mq_deliver"
CHANGES: dict[str, BoxState] = {"added": "added", "removed": "removed", "changed": "changed"}
FRAME = Frame(((RECEIVE, "收件"), (ACCEPT, "受理")), (DELIVER, "送达"), DECIDE, "办理结束")
IN_THE_DRAWING = frozenset(
    {"name", "post", "limit", "people", "sign", "signers", "votes", "when", "parallel"}
)
"""What of a step the drawing says, so that two drawings compared say it."""
UNREAD = "流程图还看不懂，先在流程图的专家视图里改好。"
NO_FILES: Files = {}
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


def asked(handling: Mapping[str, Any]) -> list[RuleStep]:
    """自动判定 of the table, as far as they can stand in a flow."""
    found = handling.get("routes")
    rows = [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
    return [RuleStep(str(row["code"]), str(row.get("name") or "没有名称")) for row in rows if row.get("code")]


@dataclass(frozen=True)
class Compared:
    """One 业务办理项 before and after, as pictures with what changed coloured, and the same in words."""

    name: str
    before: Flow
    after: Flow
    lines: list[tuple[str, str]]  # how it changed, which step and what of it


def compared(
    before: Mapping[str, Any], after: Mapping[str, Any], posts: Mapping[str, str], files: Files = NO_FILES
) -> list[Compared]:
    """Of each 业务办理项 whose steps, decision or drawing differ; `files`: those that both documents refer to."""
    found = []
    older = _by_code(before)
    for code, new in _by_code(after).items():
        old = older.get(code)
        if old is None:
            continue
        name = str(new.get("name") or code)
        if _file_of(old) or _file_of(new):
            found += _compared_drawings(name, old, new, posts, files)
            continue
        states, lines = _changes(old, new)
        if lines:
            gone = {key: Place(state) for key, state in states.items() if state != "added"}
            come = {key: Place(state) for key, state in states.items() if state != "removed"}
            told = [(how, words) for how, words, _ in lines]
            found.append(Compared(name, flow(old, posts, gone), flow(new, posts, come), told))
    return found


def _compared_drawings(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any], posts: Mapping[str, str], files: Files
) -> list[Compared]:
    """Where one of them at least is drawn: by the elements of the flows, and what only the table says of the steps."""
    rest = [(how, words) for how, words, leaf in _changes(old, new)[1] if leaf not in IN_THE_DRAWING]
    lines = _replaced(_file_of(old), _file_of(new))
    if not lines and not rest:
        return []
    before, after = _plan(old, files), _plan(new, files)
    if before is None or after is None:
        sides = [_picture(plan, posts, {}, {}) for plan in (before, after)]
        return [Compared(name, sides[0], sides[1], [*lines, *rest])]
    found = changes(before, after, posts)
    if _file_of(old) and _file_of(new) and lines:
        lines = [] if found.lines else [(CHANGED, "图的画法变了，先后、岗位、时限和条件都没有变")]
    return [
        Compared(
            name,
            _picture(before, posts, found.before, found.ways_before),
            _picture(after, posts, found.after, found.ways_after),
            [*lines, *found.lines, *rest],
        )
    ]


def _replaced(old: tuple[str, ...], new: tuple[str, ...]) -> list[tuple[str, str]]:
    """That the flow goes by another drawing, by one at last, or by none any more."""
    if old == new:
        return []
    if not old:
        return [(CHANGED, "先后原来由环节表决定，现在由流程图决定")]
    return [(CHANGED, "流程图") if new else (CHANGED, "先后原来由流程图决定，现在由环节表决定")]


def _file_of(handling: Mapping[str, Any]) -> tuple[str, ...]:
    """The file and the process in it, of a drawn flow; () of a table."""
    drawn = handling.get("process")
    return (str(drawn.get("file")), str(drawn.get("process"))) if isinstance(drawn, Mapping) else ()


def _plan(handling: Mapping[str, Any], files: Files) -> process.Plan | None:
    """The flow, drawn or made of the table; None where it can't be read."""
    if of := _file_of(handling):
        digest, name = of
        return plan_of_file(files[digest].content, name) if digest in files else None
    try:
        return process.plan_from_steps(table(handling), asked(handling))
    except PlanRefused:
        return None


def _picture(
    plan: process.Plan | None,
    posts: Mapping[str, str],
    states: Mapping[str, BoxState],
    ways: Mapping[str, BoxState],
) -> Flow:
    if plan is None:
        return Flow(troubles=[UNREAD])
    of = laid(plan, FRAME)
    told = []
    for name, title in of.order:
        node = plan.nodes.get(name)
        row = StepRow(name, title, node.post if node else "-", node.limit if node else None)
        told.append(_told(row, posts, Place(states.get(name, ""))))
    places = {name: Place(state) for name, state in states.items()}
    return Flow(drawn_flow(of, places, told, changed=ways))


def _changes(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[dict[str, BoxState], list[tuple[str, str, str]]]:
    """The colour of each step, and what changed: how, in words, which datum of a step (the step itself: its name)."""
    before = {"handling": [{"code": "x", "steps": old.get("steps"), "decide": old.get("decide")}]}
    after = {"handling": [{"code": "x", "steps": new.get("steps"), "decide": new.get("decide")}]}
    states: dict[str, BoxState] = {}
    lines = []
    for row in diff(before, after):
        rest = row.path.removeprefix("handling[x].")
        step, whole = ("decide", rest == "decide") if rest.startswith("decide") else _step_of(rest)
        words = row.words.partition(" · ")[2] or row.words
        leaf = rest.partition("decide." if step == "decide" else "].")[2].partition("[")[0]
        lines.append((row.kind_words, words, leaf or "name"))
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
