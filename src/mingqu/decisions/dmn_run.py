"""Evaluates decisions, business knowledge models and decision services of a model (DMN 1.5, 10.4)."""

from __future__ import annotations

import decimal
from collections.abc import Mapping, Sequence
from typing import Any

from mingqu.decisions.built_in import call_value
from mingqu.decisions.convert import to_feel, to_python
from mingqu.decisions.dmn_graph import Model, Need, Node, compile_node
from mingqu.decisions.dmn_model import Decision, InputData, Knowledge, Service
from mingqu.decisions.errors import ExpressionTooDeep, UnknownDecision
from mingqu.decisions.types import Limits, Outcome
from mingqu.decisions.values import NUMBERS, Env, Function, Parameter, Run, Value


class Evaluation:
    """One question to a model: what was given, and what was worked out so far, each element once."""

    __slots__ = ("given", "known", "model", "run")

    def __init__(self, model: Model, run: Run, given: Mapping[str, Any]) -> None:
        self.model = model
        self.run = run
        self.given = given
        self.known: dict[str, Value] = {}

    def value_of(self, reference: str) -> Value:
        """The value of an element: what was given for an input, the result of a decision, a function."""
        if reference in self.known:
            return self.known[reference]
        node = compile_node(self.model, reference)
        element = node.element
        if isinstance(element, Decision):
            value = self._decide(node)
        elif isinstance(element, InputData):
            value = self._input(node, element)
        else:
            return self._function(reference, node)
        self.known[reference] = value
        return value

    def _input(self, node: Node, element: InputData) -> Value:
        name = element.variable.name
        if name in self.given:
            value = to_feel(self.given[name])
        elif element.name in self.given:
            value = to_feel(self.given[element.name])
        else:
            return self.run.warn("input_missing", name)
        return value if node.kind is None or value is None else node.kind.fit(self.run, value)

    def _decide(self, node: Node) -> Value:
        assert node.code is not None
        value = node.code(self._env(node))
        return value if node.kind is None or value is None else node.kind.fit(self.run, value)

    def _env(self, node: Node) -> Env:
        names: dict[str, Value] = {}
        if (
            self.model.boxer.open
        ):  # no inputs declared, as some tools write models: what is given is read by its name
            names.update((name, to_feel(value)) for name, value in self.given.items())
        for need in node.needs:
            self._provide(names, need)
        return Env(names, None, self.run)

    def _provide(self, names: dict[str, Value], need: Need) -> None:
        if need.prefix:
            names = names.setdefault(need.prefix, {})
        names[need.name] = self.value_of(need.element)

    def _function(self, reference: str, node: Node) -> Value:
        if node.function is None:
            element = node.element
            if isinstance(element, Service):
                node.function = self._service_function(reference, node, element)
            elif isinstance(element, Knowledge):
                node.function = self._knowledge_function(node, element)
        return node.function

    def _knowledge_function(self, node: Node, element: Knowledge) -> Function | None:
        """The model's function; what it needs are functions too, which never depend on inputs."""
        assert node.code is not None
        names: dict[str, Value] = {}
        made: Value = node.code(Env(names, None, self.run))
        if not isinstance(made, Function):
            return None
        node.function = Function(element.name, made.parameters, made.call, made.result or node.kind)
        names[element.variable.name] = node.function
        for need in node.needs:  # after the function itself exists: functions may call each other
            self._provide(names, need)
        return node.function

    def _service_function(self, reference: str, node: Node, element: Service) -> Function:
        kinds = [compile_node(self.model, need.element).kind for need in node.parameters]
        parameters = tuple(
            Parameter(need.name, kind) for need, kind in zip(node.parameters, kinds, strict=True)
        )
        model = self.model

        def call(run: Run, given: Sequence[Value]) -> Value:
            inner = Evaluation(model, run, {})
            inner.known.update({n.element: v for n, v in zip(node.parameters, given, strict=True)})
            return inner.service_result(element, node)

        return Function(element.name, parameters, call)

    def service_result(self, element: Service, node: Node) -> Value:
        """The output decision's value, or a context of all of them."""
        outputs = [
            (self.model.nodes[r].element.variable.name, self.value_of(r))
            for r in element.outputs
            if r in self.model.nodes
        ]
        if len(outputs) != len(element.outputs) or not outputs:
            return self.run.warn("unknown_element", element.name)
        value = outputs[0][1] if len(outputs) == 1 else dict(outputs)
        kind = node.kind
        result = getattr(kind, "result", kind)  # a service's variable has the type of its function or result
        return value if result is None or value is None else result.fit(self.run, value)

    def ask_service(self, reference: str) -> Value:
        """A decision service asked directly, its parameters taken from what was given."""
        node = compile_node(self.model, reference)
        element = node.element
        assert isinstance(element, Service)
        inner = Evaluation(self.model, self.run, {})
        for need in node.parameters:
            kind = compile_node(self.model, need.element).kind
            value = to_feel(self.given.get(need.name))
            inner.known[need.element] = value if kind is None or value is None else kind.fit(self.run, value)
        return inner.service_result(element, node)

    def ask_knowledge(self, reference: str) -> Value:
        """A business knowledge model asked directly, its parameters taken from what was given by name."""
        function = self.value_of(reference)
        if not isinstance(function, Function):
            return None
        return call_value(self.run, function, [to_feel(self.given.get(p.name)) for p in function.parameters])


def ask(
    model: Model, name: str, given: Mapping[str, Any], limits: Limits, now: Any, *, trace: bool
) -> Outcome:
    """The value of the decision, decision service or business knowledge model of that name."""
    reference = model.by_name.get(name)
    if reference is None or isinstance(model.nodes[reference].element, InputData):
        raise UnknownDecision(name=name)
    run = Run(limits, None if now is None else to_feel(now))
    if trace:
        run.hits = []
    with decimal.localcontext(NUMBERS):
        evaluation = Evaluation(model, run, given)
        try:
            element = model.nodes[reference].element
            if isinstance(element, Service):
                value = evaluation.ask_service(reference)
            elif isinstance(element, Knowledge):
                value = evaluation.ask_knowledge(reference)
            else:
                value = evaluation.value_of(reference)
        except RecursionError:
            raise ExpressionTooDeep(limit=limits.calls) from None
        return Outcome(to_python(run, value), tuple(run.warnings), tuple(run.hits or ()))
