"""The executable process of a definition: its step table, then the decision; or its BPMN file."""

from collections.abc import Iterator
from functools import lru_cache

from mingqu.catalogue import route_checks, rules
from mingqu.catalogue.types import Definition, Files, Step
from mingqu.process import services as process
from mingqu.process.errors import BpmnRefused, PlanRefused
from mingqu.process.types import Finding, RuleStep, StepRow


def plan_of(definition: Definition, files: Files | None = None) -> process.Plan:
    """The plan of the step table with the decision after it, or of the file. Raises PlanRefused with every finding."""
    names = rules.step_names(definition)
    if definition.process is None:
        plan = process.plan_from_steps(*_rows(definition), names=names)
        if wrong := list(route_checks.findings(definition.routes, plan, drawn=False)):
            raise PlanRefused(wrong)
        return plan
    try:
        file = process.read_bpmn((files or {})[definition.process.file].content)
        seen = process.examine_bpmn(file, definition.process.process, names=names)
    except BpmnRefused as refused:
        raise PlanRefused([Finding(definition.process.process, refused.code, refused.message)]) from refused
    found = list(seen.refusals)
    if seen.plan is not None:
        found += [*route_checks.findings(definition.routes, seen.plan), *_unanswered(seen.plan)]
        found += _differences(definition, seen.plan)
    if found or seen.plan is None:
        raise PlanRefused(found)
    return seen.plan


@lru_cache(maxsize=512)
def plan_of_file(content: bytes, name: str) -> process.Plan | None:
    """The flow of a drawing whatever else is wrong with it; None where none can be read from it."""
    try:
        return process.examine_bpmn(process.read_bpmn(content), name).plan
    except BpmnRefused:
        return None


def _differences(definition: Definition, plan: process.Plan) -> Iterator[Finding]:
    """The drawing says the way, the table the particulars: both name the same steps and posts."""
    drawn = {node.id: node for node in plan.nodes.values() if node.post}
    table = {step.id: step for step in [*definition.steps, definition.decide]}
    for code in sorted(drawn.keys() - table.keys()):
        yield Finding(
            code, "step_not_in_table", f"流程图里的环节“{drawn[code].name}”（{code}）不在环节表里。"
        )
    for code in sorted(table.keys() - drawn.keys()):
        yield Finding(code, "step_not_drawn", f"环节表里的环节“{table[code].name}”（{code}）不在流程图里。")
    for code in sorted(drawn.keys() & table.keys()):
        node, step = drawn[code], table[code]
        if (node.post, node.limit, node.people) != (step.post, step.limit, step.people):
            sentence = f"环节“{step.name}”（{code}）的岗位、时限或者人数，流程图和环节表写的不一样。"
            yield Finding(code, "step_differs", sentence)
        if (node.sign, node.signers, node.votes) != (_mode(step), tuple(step.signers), step.votes):
            sentence = f"环节“{step.name}”（{code}）由谁签署、怎样签署，流程图和环节表写的不一样。"
            yield Finding(code, "step_signed_differently", sentence)
        if len(node.name) > rules.LONGEST_NAME:
            sentence = f"环节“{node.name[:40]}…”（{code}）在流程图里的名称最多{rules.LONGEST_NAME}个字。"
            yield Finding(code, "step_name_long", sentence)
        if step.when or step.parallel:
            sentence = f"环节“{step.name}”（{code}）的条件和并行由流程图决定，环节表里不写。"
            yield Finding(code, "step_way_twice", sentence)


SAYS = frozenset({"send", "throw"})
HEARS = frozenset({"receive", "catch", "boundary"})
LONGEST = 100
"""Letters of what the applicant is told: it goes into a text message, too."""
SYSTEM = 80
"""Letters of the name of another system, as `exchange` keeps it."""
SENTENCES = {
    "service": "自动的任务只有按决策表的自动判定，办件不做别的：“{name}”。",
    "signal_place": "信号只能由中间的事件发出，由等待事件或者环节边上的事件来等：“{name}”。",
    "signal_words": "“{name}”的信号要有一个名字，最多{longest}个字。",
    "signal_unnamed": "等信号的元素“{name}”没有写名字，看不出在等什么。",
    "signal_alone": (
        "“{name}”等别的事项发来的信号，要同时能等到别的事（时间或者来件）：单独申请的没有别的事项，会一直等下去。"
    ),
    "message_place": "办件不从消息开始，也不在结束时发消息，等来件用等待事件或者接收任务：“{name}”。",
    "message_words": "“{name}”告诉申请人的话就是消息的名字，要写成一句话，4到{longest}个字。",
    "message_unnamed": "等来件的元素“{name}”没有写名字，工作人员不知道在等什么。",
    "message_sender": "只有等消息的元素写由哪个系统传来，最多{most}个字：“{name}”。",
    "message_repeated": "“{name}”收发一次消息，不能写成要办几次。",
}


def _unanswered(plan: process.Plan) -> Iterator[Finding]:
    """What the engine runs and no case answers: work done by itself; messages and signals nobody could understand."""
    for node in plan.nodes.values():
        if wrong := _not_answered(node) or ("signal_alone" if _alone(plan, node) else ""):
            sentence = SENTENCES[wrong].format(name=node.name or node.id, longest=LONGEST, most=SYSTEM)
            yield Finding(node.id, f"element_{wrong}" if "_" in wrong else "element_unanswered", sentence)


def _not_answered(node: process.Node) -> str:
    """The code of what is wrong with an element, or ""."""
    kind = node.kind.value
    if node.sender and (kind not in HEARS or node.occasion != "message" or len(node.sender) > SYSTEM):
        return "message_sender"
    if kind == "service":
        return "service"
    if node.occasion == "signal":
        return _wrong_signal(node)
    if node.occasion != "message":
        return ""
    if kind not in SAYS | HEARS:
        return "message_place"
    if node.loop:
        return "message_repeated"
    if kind in SAYS and not 4 <= len(node.ref.strip()) <= LONGEST:
        return "message_words"
    return "message_unnamed" if kind in HEARS and not node.name.strip() else ""


def _wrong_signal(node: process.Node) -> str:
    """Signals go between parts of a 一件事: thrown in the middle of a flow, awaited there or at the edge of a step."""
    kind = node.kind.value
    if kind not in ("throw", "catch", "boundary"):
        return "signal_place"
    if not 1 <= len(node.ref.strip()) <= LONGEST:
        return "signal_words"
    return "signal_unnamed" if kind != "throw" and not node.name.strip() else ""


def _alone(plan: process.Plan, node: process.Node) -> bool:
    """Whether a case stands at this wait for a signal and nothing else could lead it on."""
    if node.kind.value != "catch" or node.occasion != "signal":
        return False
    before = [plan.nodes[flow.source] for flow in plan.into[node.id]]
    return not before or any(
        one.kind.value != "events"
        or all(plan.nodes[flow.target].occasion == "signal" for flow in plan.out[one.id])
        for one in before
    )


def plan_of_table(definition: Definition) -> process.Plan | None:
    """
    The flow of a step table whose way is decided while it runs, by rules or by how steps came out: not by the answers
    alone, as other tables are. None for those, and for a draft's table that makes no flow yet.
    """
    if not any(rules.on_the_way(step.when) for step in definition.steps):
        return None
    try:
        return _made(*_rows(definition))
    except PlanRefused:
        return None


@lru_cache(maxsize=512)
def _made(rows: tuple[StepRow, ...], asked: tuple[RuleStep, ...]) -> process.Plan:
    return process.plan_from_steps(rows, asked)


def _rows(definition: Definition) -> tuple[tuple[StepRow, ...], tuple[RuleStep, ...]]:
    rows = tuple(_row(step) for step in [*definition.steps, definition.decide])
    return rows, tuple(RuleStep(route.code, route.name) for route in definition.routes)


def _row(step: Step) -> StepRow:
    return StepRow(
        id=step.id,
        name=step.name,
        post=step.post,
        limit=step.limit,
        when=step.when or None,
        parallel=step.parallel or None,
        people=step.people,
        sign=_mode(step),
        signers=tuple(step.signers),
        votes=step.votes,
    )


def _mode(step: Step) -> str:
    return "" if step.sign == rules.ONE else step.sign
