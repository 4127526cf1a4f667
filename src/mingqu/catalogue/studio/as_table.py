"""
A drawn flow as rows of the step table, where the table can say it: the other way round from `process.plan_from_steps`.
Pure. What it can't say is told by element, so that the drawing stays and its reason is read. A rule is no row: it must
stand where the table would ask it, right before the first step or group that reads what it gives.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from string import ascii_uppercase

from mingqu.process.services import Plan
from mingqu.process.types import Finding, StepRow

WAY = "way_not_in_table"
SENTENCES = {
    WAY: "“{name}”后面的走法，环节表写不出来。",
    "element": "“{name}”不是环节，也不是成对的网关，环节表写不出来。",
    "again": "“{name}”会走到第二遍，环节表写不出来。",
    "many": "“{name}”要办好几遍，环节表写不出来。",
    "rule": "自动判定“{name}”不是紧接在第一个看它结果的环节前面，环节表写不出来。",
    "start": "流程不是从一个普通的开始走起，环节表写不出来。",
}


@dataclass(frozen=True)
class AsTable:
    """`rows` in order, where `beyond` is empty; else what of the drawing no row can say."""

    rows: list[StepRow] = field(default_factory=list)
    beyond: list[Finding] = field(default_factory=list)


SPLIT = "split."  # before the letter of a group, in the names that `process` gives its gateways
NAMELESS = "没有名称的网关"


class _Beyond(Exception):
    def __init__(self, element: str, code: str, name: str) -> None:
        self.finding = Finding(element, code, SENTENCES[code].format(name=name or NAMELESS))
        super().__init__(code)


def as_table(plan: Plan) -> AsTable:
    """The rows that come to the same way through the steps, or what keeps the drawing from being rows."""
    try:
        return AsTable(list(_rows(_Walk(plan))))
    except _Beyond as beyond:
        return AsTable(beyond=[beyond.finding])


class _Walk:
    """A plan on which one goes from node to node."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.seen: set[str] = set()
        self.read: set[str] = set()  # what the conditions of the rows so far read
        self.given: set[str] = set()

    def kind(self, node: str) -> str:
        return self.plan.nodes[node].kind.value

    def beyond(self, node: str, code: str) -> _Beyond:
        return _Beyond(node, code, self.plan.nodes[node].name)

    def after(self, node: str) -> str:
        """The one node that comes next."""
        flows = self.plan.out[node]
        if len(flows) != 1 or flows[0].condition is not None:
            raise self.beyond(node, WAY)
        return flows[0].target

    def task(self, node: str, when: str | None = None, letter: str | None = None) -> StepRow:
        found = self.plan.nodes[node]
        if found.kind.value != "user":
            raise self.beyond(node, "element")
        if node in self.seen:
            raise self.beyond(node, "again")
        if found.loop or found.scope:
            raise self.beyond(node, "many")
        self.seen.add(node)
        signed = (found.people, found.sign, found.signers, found.votes)
        return StepRow(node, found.name, found.post, found.limit, when, letter, *signed)

    def letter(self, split: str) -> str:
        """The letter of a group: the one the table gave it, else the next that no group has."""
        if split.startswith(SPLIT):
            return split.removeprefix(SPLIT)
        taken = {node.removeprefix(SPLIT) for node in self.plan.nodes if node.startswith(SPLIT)}
        free = [letter for letter in ascii_uppercase if letter not in taken | self.given]
        self.given.add(free[0] if free else f"G{len(self.given)}")
        return free[0] if free else f"G{len(self.given) - 1}"


def _rows(walk: _Walk) -> Iterator[StepRow]:
    starts = [node for node in walk.plan.nodes.values() if node.kind.value == "start"]
    if len(starts) != 1 or starts[0].occasion or starts[0].scope:
        raise _Beyond("", "start", "")
    strange = [n for n in walk.plan.nodes.values() if n.kind.value not in PLAIN]
    if strange:
        raise walk.beyond(strange[0].id, "element")
    here, asked = walk.after(starts[0].id), []
    while walk.kind(here) != "end":
        if walk.kind(here) == "rule":
            asked.append(here)
            here = walk.after(here)
            continue
        if walk.kind(here) == "user":
            rows, here = [walk.task(here)], walk.after(here)
        else:
            rows, here = _perhaps(walk, here) if walk.kind(here) == "exclusive" else _side_by_side(walk, here)
        _asked_here(walk, asked, rows)
        asked = []
        yield from rows
    _asked_here(walk, asked, [])
    for node in walk.plan.nodes.values():
        if node.kind.value == "user" and node.id not in walk.seen:
            raise walk.beyond(node.id, WAY)


PLAIN = frozenset({"start", "end", "user", "rule", "exclusive", "parallel", "inclusive"})


def _asked_here(walk: _Walk, rules: list[str], rows: list[StepRow]) -> None:
    """Whether these rows are the first to read what the rules right before them give, and no rule is left over."""
    reads = {name for row in rows for flow in walk.plan.into[row.id] for name in flow.reads}
    for rule in rules:
        node = walk.plan.nodes[rule]
        if node.loop or node.scope or rule in walk.seen:
            raise walk.beyond(rule, "many")
        walk.seen.add(rule)
        if f"outcome.{rule}" not in reads or f"outcome.{rule}" in walk.read:
            raise walk.beyond(rule, "rule")
    walk.read |= reads


def _perhaps(walk: _Walk, split: str) -> tuple[list[StepRow], str]:
    """One step that is passed by where its condition is not true."""
    flows, default = walk.plan.out[split], walk.plan.nodes[split].default
    asked = [flow for flow in flows if flow.condition is not None]
    past = [flow for flow in flows if flow.condition is None and default in (None, flow.id)]
    if len(walk.plan.into[split]) != 1 or len(asked) != 1 or len(past) != 1 or len(flows) != 2:
        raise walk.beyond(split, WAY)
    row = walk.task(asked[0].target, asked[0].condition)
    if len(walk.plan.into[row.id]) != 1 or walk.after(row.id) != past[0].target:
        raise walk.beyond(split, WAY)
    return [row], _past_join(walk, past[0].target, 2)


def _past_join(walk: _Walk, node: str, arriving: int) -> str:
    """Behind the gateway where these ways meet; a step where they meet without one is itself what comes next."""
    if len(walk.plan.into[node]) != arriving:
        raise walk.beyond(node, WAY)
    return walk.after(node) if walk.kind(node) == "exclusive" and len(walk.plan.out[node]) == 1 else node


def _side_by_side(walk: _Walk, split: str) -> tuple[list[StepRow], str]:
    """Steps of one group between a split and its join."""
    kind, default = walk.kind(split), walk.plan.nodes[split].default
    letter, rows, joins = walk.letter(split), [], set()
    flows = walk.plan.out[split]
    empty = [flow for flow in flows if flow.id == default and walk.kind(flow.target) == kind]
    for flow in flows:
        if flow in empty:
            joins.add(flow.target)
            continue
        if flow.id == default:
            raise walk.beyond(split, WAY)
        row = walk.task(flow.target, flow.condition, letter)
        if len(walk.plan.into[row.id]) != 1:
            raise walk.beyond(row.id, WAY)
        rows.append(row)
        joins.add(walk.after(row.id))
    join = joins.pop() if len(joins) == 1 else split
    nobody = all(row.when is not None for row in rows)
    whole = len(rows) > 1 and walk.kind(join) == kind and len(walk.plan.into[join]) == len(flows)
    if not whole or nobody != bool(empty) or len(walk.plan.into[split]) != 1:
        raise walk.beyond(split, WAY)
    return rows, walk.after(join)
