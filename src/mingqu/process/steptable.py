"""
From a step table (环节表) to a plan. Pure.

Rows follow one another. Consecutive rows of one letter lie side by side between a split and a join. A row
with a condition is passed by where it is not true; inside a group the split then sends work only to the
branches whose condition is true (an inclusive split). A rule is asked right before the first row, or the first group,
whose condition reads what it gives; one that nothing reads is left out.
"""

import re
from collections.abc import Callable, Collection, Sequence
from itertools import groupby

from mingqu.kernel.errors import DomainError
from mingqu.process.checks import publishable
from mingqu.process.errors import PlanRefused
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan
from mingqu.process.types import Finding, RuleStep, StepRow

ReadsOf = Callable[[str], Sequence[str]]
"""The names a FEEL condition reads. Raises DomainError where the text is no condition."""

START, END = "start", "end"

WORD = re.compile(r"[^\W\d][\w-]*")
"""What BPMN takes as an id, less the full stop, which marks the elements made here."""

ROW_SENTENCES = {
    "empty_table": "环节表是空的，至少要有一个环节。",
    "no_id": "第{row}行没有编号。",
    "bad_id": "编号“{name}”只能用文字、数字、短横线和下划线，以文字开头，短横线不能连用。",
    "bad_letter": "并行组“{name}”只能用文字、数字和下划线，以文字开头。",
    "id_twice": "编号“{name}”用了两次。",
    "group_apart": "并行组“{name}”的环节要排在一起。",
    "bad_condition": "“{name}”的条件看不懂：{reason}",
}


def plan_from_steps(
    steps: Sequence[StepRow],
    reads_of: ReadsOf,
    *,
    posts: Collection[str] | None = None,
    names: Collection[str] | None = None,
    rules: Sequence[RuleStep] = (),
) -> Plan:
    """
    The plan of a step table, ready to be published.

    `posts` are the codes that exist, `names` what conditions may read; None: not checked.
    Raises PlanRefused with every finding.
    """
    if found := [*_row_findings(steps, reads_of), *_rule_findings(rules, steps)]:
        raise PlanRefused(found)
    table = _Table(reads_of)
    waiting = list(rules)
    table.add(Node(START, Kind.START, "开始"))
    for letter, rows in groupby(steps, key=lambda row: row.parallel or f"\0{row.id}"):
        group = list(rows)
        for rule in _read_by(group, waiting, reads_of):
            table.add(Node(rule.id, Kind.RULE, rule.name))
            waiting.remove(rule)
        if len(group) > 1:
            table.side_by_side(letter, group)
        elif group[0].when is not None:
            table.perhaps(group[0])
        else:
            table.add(_task(group[0]))
    table.add(Node(END, Kind.END, "结束"))
    return publishable(make_plan(table.nodes, table.flows), posts, names)


def _read_by(rows: Sequence[StepRow], rules: Sequence[RuleStep], reads_of: ReadsOf) -> list[RuleStep]:
    reads = {name for row in rows if row.when is not None for name in reads_of(row.when)}
    return [rule for rule in rules if f"outcome.{rule.id}" in reads]


def flow_id(source: str, target: str) -> str:
    return f"{source}--{target}"


def _word(text: str) -> bool:
    return WORD.fullmatch(text) is not None and "--" not in text


def _task(row: StepRow) -> Node:
    return Node(
        row.id,
        Kind.USER,
        row.name,
        row.post,
        row.limit,
        row.people,
        sign=row.sign,
        signers=row.signers,
        votes=row.votes,
    )


class _Table:
    """Nodes and flows so far; `last` is where the next row goes on from."""

    def __init__(self, reads_of: ReadsOf) -> None:
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []
        self.last: str | None = None
        self.reads_of = reads_of

    def add(self, node: Node) -> None:
        self.nodes.append(node)
        if self.last is not None:
            self.flow(self.last, node.id)
        self.last = node.id

    def flow(self, source: str, target: str, when: str | None = None) -> None:
        reads = tuple(sorted(set(self.reads_of(when)))) if when is not None else ()
        self.flows.append(Flow(flow_id(source, target), source, target, when, reads))

    def perhaps(self, row: StepRow) -> None:
        before, after = f"if.{row.id}", f"after.{row.id}"
        self.add(Node(before, Kind.EXCLUSIVE, f"是否需要{row.name}", default=flow_id(before, after)))
        self.nodes.append(_task(row))
        self.flow(before, row.id, row.when)
        self.nodes.append(Node(after, Kind.EXCLUSIVE))
        self.flow(row.id, after)
        self.flow(before, after)
        self.last = after

    def side_by_side(self, letter: str, rows: list[StepRow]) -> None:
        split, join = f"split.{letter}", f"join.{letter}"
        kind = Kind.INCLUSIVE if any(row.when is not None for row in rows) else Kind.PARALLEL
        nobody = all(row.when is not None for row in rows)
        default = flow_id(split, join) if nobody else None
        self.add(Node(split, kind, f"并行组{letter}", default=default))
        for row in rows:
            self.nodes.append(_task(row))
            self.flow(split, row.id, row.when)
            self.flow(row.id, join)
        self.nodes.append(Node(join, kind, f"并行组{letter}汇合"))
        if nobody:
            self.flow(split, join)
        self.last = join


def _row_findings(steps: Sequence[StepRow], reads_of: ReadsOf) -> list[Finding]:
    found: list[Finding] = []
    if not steps:
        return [_row_finding("", "empty_table")]
    seen: set[str] = set()
    letters: set[str] = set()
    last: str | None = None
    for number, row in enumerate(steps, start=1):
        if not row.id.strip():
            found.append(_row_finding(str(number), "no_id", row=str(number)))
        elif not _word(row.id):
            found.append(_row_finding(row.id, "bad_id", name=row.id))
        elif row.id in seen or row.id in (START, END):
            found.append(_row_finding(row.id, "id_twice", name=row.id))
        seen.add(row.id)
        if row.parallel is not None and not _word(row.parallel):
            found.append(_row_finding(row.id, "bad_letter", name=row.parallel))
        if row.parallel is not None and row.parallel in letters and row.parallel != last:
            found.append(_row_finding(row.id, "group_apart", name=row.parallel))
        last = row.parallel
        letters |= {row.parallel} if row.parallel is not None else set()
        found += _condition_findings(row, reads_of)
    return found


def _rule_findings(rules: Sequence[RuleStep], steps: Sequence[StepRow]) -> list[Finding]:
    found: list[Finding] = []
    seen = {START, END, *(row.id for row in steps)}
    for rule in rules:
        if not _word(rule.id):
            found.append(_row_finding(rule.id, "bad_id", name=rule.id))
        elif rule.id in seen:
            found.append(_row_finding(rule.id, "id_twice", name=rule.id))
        seen.add(rule.id)
    return found


def _condition_findings(row: StepRow, reads_of: ReadsOf) -> list[Finding]:
    if row.when is None:
        return []
    try:
        reads_of(row.when)
    except DomainError as refused:
        return [_row_finding(row.id, "bad_condition", name=row.name, reason=refused.message)]
    return []


def _row_finding(element: str, code: str, **words: str) -> Finding:
    return Finding(element, code, ROW_SENTENCES[code].format(**words))
