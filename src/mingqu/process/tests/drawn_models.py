"""
Random block-structured BPMN models of the elements that both engines execute, as trees and drawn as files.

What a step decides (a branch of a gateway right behind it, whether a loop goes around again, whether several instances
are enough) is written by that step (`sets`), the rest is known at the start (`names`).
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from .bpmn_files import xml_of

WAYS = {"letter": "message", "written": "message", "moment": "timer", "timed": "timer"}

_leaf = st.one_of(
    st.just("task"),
    st.just("task"),
    st.tuples(st.just("several"), st.integers(1, 3), st.booleans(), st.booleans()),
    st.just("catch"),
    st.just("first"),
    st.just("letter"),
    st.just("moment"),
)


def around(tree: Any) -> Any:
    """With a way back around it, where no branches of the same scope meet in it: SpiffWorkflow mixes the rounds up."""
    return ("sequence", [tree]) if meets(tree) else ("again", tree)


def meets(tree: Any) -> bool:
    if isinstance(tree, str) or tree[0] in ("sub", "stop", "several"):
        return False
    if tree[0] in ("parallel", "inclusive", "guarded", "risky", "timed", "written"):
        return True
    return any(meets(part) for part in (tree[1] if isinstance(tree[1], list) else [tree[1]]))


def _inner(trees: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    branches = st.lists(trees, min_size=2, max_size=3)
    return st.one_of(
        st.tuples(st.just("sequence"), st.lists(trees, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(["parallel", "inclusive", "exclusive"]), branches),
        st.tuples(st.just("sub"), trees),
        st.tuples(st.just("guarded"), trees),
        st.tuples(st.just("risky"), trees),
        st.tuples(st.just("timed"), trees),
        st.tuples(st.just("written"), trees),
        trees.map(around),
        st.tuples(st.just("stop"), st.tuples(_leaf, trees)),
    )


models = st.recursive(_leaf, _inner, max_leaves=7)


@dataclass
class Drawing:
    """
    BPMN of a tree. `names`: conditions known at the start; `sets`: those a step writes when it is completed, `loops`
    those that lead around again; `firsts`: gateways and the events of which the first counts; `signals`, `messages`:
    what may be sent, by the element that waits for it; `timers`: events that wait for a moment.
    """

    count: int = 0
    names: list[str] = field(default_factory=list)
    sets: dict[str, list[str]] = field(default_factory=dict)
    loops: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    firsts: dict[str, list[str]] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    timers: set[str] = field(default_factory=set)
    scopes: list[list[str]] = field(default_factory=lambda: [[]])

    @property
    def events(self) -> set[str]:
        return {*self.signals, *self.messages, *self.timers}

    def name(self, word: str) -> str:
        self.count += 1
        return f"{word}{self.count}"

    def add(self, kind: str, word: str, inside: str = "", **about: str) -> str:
        name = self.name(word)
        given = "".join(f' {key}="{value}"' for key, value in about.items())
        self.scopes[-1].append(f'<{kind} id="{name}" name="{name}" mq:post="W"{given}>{inside}</{kind}>')
        return name

    def flow(self, source: str, target: str, condition: str = "") -> str:
        name = self.name("f")
        said = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        self.scopes[-1].append(
            f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{said}</sequenceFlow>'
        )
        return name

    def signal(self, element: str) -> str:
        self.signals[element] = f"sig_{element}"
        return f'<signalEventDefinition signalRef="sig_{element}"/>'

    def message(self, element: str) -> str:
        self.messages[element] = f"msg_{element}"
        return f'<messageEventDefinition messageRef="msg_{element}"/>'

    def timer(self, element: str) -> str:
        """Ten years: it fires when the test says so."""
        self.timers.add(element)
        return '<timerEventDefinition><timeDuration>"P3650D"</timeDuration></timerEventDefinition>'

    def event(self, kind: str, word: str, more: str = "", what: str = "") -> str:
        name = self.name(word)
        made = {"": self.signal, "message": self.message, "timer": self.timer}.get(what)
        inside = what if made is None else made(name)
        self.scopes[-1].append(f'<{kind} id="{name}"{more}>{inside}</{kind}>')
        return name

    def condition(self, step: str = "") -> str:
        """A new one, decided by the step right before it, or at the start."""
        name = self.name("c")
        (self.sets.setdefault(step, []) if step.startswith("t") else self.names).append(name)
        return name

    def draw(self, tree: Any, source: str, condition: str = "") -> tuple[str, str]:
        """Draw a tree after `source`: the node it ends in, and the flow into it."""
        kind = tree if isinstance(tree, str) else tree[0]
        if kind == "sequence":
            first = ""
            for part in tree[1]:
                source, into = self.draw(part, source, condition)
                first, condition = first or into, ""
            return source, first
        if kind in ("parallel", "inclusive", "exclusive"):
            return self._branches(kind, tree[1], source, condition)
        if kind == "first":
            return self._first(source, condition)
        if kind in ("guarded", "risky", "timed", "written"):
            return self._sub(tree, source, condition, kind)
        if kind == "again":
            return self._again(tree[1], source, condition)
        if kind == "stop":
            name = self._stop(tree[1])
        elif kind == "sub":
            name = self._body(tree[1], "")
        elif kind == "catch":
            name = self.event("intermediateCatchEvent", "w")
        elif kind in WAYS:
            name = self.event("intermediateCatchEvent", "w", what=WAYS[kind])
        elif kind == "several":
            name = self._several(tree)
        else:
            name = self.add("userTask", "t")
        return name, self.flow(source, name, condition)

    def _several(self, tree: Any) -> str:
        """Several instances of a step, all waited for, or until one of them says that it is enough."""
        how, enough = "true" if tree[2] else "false", self.name("c")
        until = f"<completionCondition>{enough}</completionCondition>" if tree[3] else ""
        name = self.add(
            "userTask",
            "m",
            f'<multiInstanceLoopCharacteristics isSequential="{how}"><loopCardinality>{tree[1]}'
            f"</loopCardinality>{until}</multiInstanceLoopCharacteristics>",
        )
        self.sets[name] = [enough] if tree[3] else []
        return name

    def _again(self, tree: Any, source: str, condition: str) -> tuple[str, str]:
        """A way back: the step behind the tree decides whether all of it is done once more."""
        merge, gate = self.name("j"), self.name("x")
        into = self.flow(source, merge, condition)
        last, _ = self.draw(("sequence", [tree, "task"]), merge)
        self.flow(last, gate)
        back = self.condition(last)
        self.loops.add(back)
        self.flow(gate, merge, back)
        on = self.name("j")
        default = self.flow(gate, on)
        self.scopes[-1] += [f'<exclusiveGateway id="{name}"/>' for name in (merge, on)]
        self.scopes[-1].append(f'<exclusiveGateway id="{gate}" default="{default}"/>')
        return on, into

    def _stop(self, trees: Any) -> str:
        """A sub-process of two branches; the end of the first, one element long, breaks off the second."""
        self.scopes.append([])
        begin, split = self.name("i"), self.name("s")
        self.flow(begin, split)
        self.scopes[-1] += [f'<startEvent id="{begin}"/>', f'<parallelGateway id="{split}"/>']
        for tree, what in zip(trees, ("<terminateEventDefinition/>", ""), strict=True):
            end, _ = self.draw(tree, split)
            over = self.name("o")
            self.flow(end, over)
            self.scopes[-1].append(f'<endEvent id="{over}">{what}</endEvent>')
        inside = "".join(self.scopes.pop())
        return self.add("subProcess", "a", inside)

    def _branches(self, kind: str, parts: list[Any], source: str, condition: str) -> tuple[str, str]:
        split, join = self.name("s"), self.name("j")
        into = self.flow(source, split, condition)
        default = ""
        for number, part in enumerate(parts):
            end, first = self.draw(
                part, split, "" if kind == "parallel" or number == 0 else self.condition(source)
            )
            default = default or first
            self.flow(end, join)
        said = "" if kind == "parallel" else f' default="{default}"'
        self.scopes[-1] += [f'<{kind}Gateway id="{split}"{said}/>', f'<{kind}Gateway id="{join}"/>']
        return join, into

    def _first(self, source: str, condition: str) -> tuple[str, str]:
        gate, join = self.name("g"), self.name("j")
        into = self.flow(source, gate, condition)
        for _ in range(2):
            caught = self.event("intermediateCatchEvent", "w")
            self.firsts.setdefault(gate, []).append(caught)
            self.flow(gate, caught)
            self.flow(caught, join)
        self.scopes[-1] += [f'<eventBasedGateway id="{gate}"/>', f'<exclusiveGateway id="{join}"/>']
        return join, into

    def _sub(self, tree: Any, source: str, condition: str, kind: str) -> tuple[str, str]:
        """A sub-process with an interrupting boundary event: a signal, message or timer, or the error it ends in."""
        error = self.error() if kind == "risky" else ""
        name = self._body(tree[1], error)
        into = self.flow(source, name, condition)
        what = f'<errorEventDefinition errorRef="{error}"/>' if error else WAYS.get(kind, "")
        caught = self.event("boundaryEvent", "b", f' attachedToRef="{name}"', what)
        mend, join = self.add("userTask", "t"), self.name("j")
        self.flow(caught, mend)
        self.flow(mend, join)
        self.flow(name, join)
        self.scopes[-1].append(f'<exclusiveGateway id="{join}"/>')
        return join, into

    def error(self) -> str:
        self.errors.append(self.name("err"))
        return self.errors[-1]

    def _body(self, tree: Any, error: str) -> str:
        self.scopes.append([])
        begin = self.name("i")
        end, _ = self.draw(tree, begin)
        over = self.name("o")
        self.scopes[-1] += [f'<startEvent id="{begin}"/>', f'<endEvent id="{over}"/>']
        if error:
            gate = self.name("x")
            self.flow(end, gate)
            default = self.flow(gate, over)
            bad = self.event("endEvent", "z", what=f'<errorEventDefinition errorRef="{error}"/>')
            self.flow(gate, bad, self.condition())
            self.scopes[-1].append(f'<exclusiveGateway id="{gate}" default="{default}"/>')
        else:
            self.flow(end, over)
        inside = "".join(self.scopes.pop())
        return self.add("subProcess", "a", inside)

    def file(self, tree: Any) -> bytes:
        end, _ = self.draw(("sequence", ["task", tree]), "s")
        self.flow(end, "e")
        roots = "".join(f'<error id="{name}" name="{name}" errorCode="{name}"/>' for name in self.errors)
        roots += "".join(f'<signal id="{name}" name="{name}"/>' for name in self.signals.values())
        roots += "".join(f'<message id="{name}" name="{name}"/>' for name in self.messages.values())
        return xml_of('<startEvent id="s"/>', '<endEvent id="e"/>', *self.scopes[0], more=roots).replace(
            b'<process id="p"', b'<process id="p" isExecutable="true"'
        )
