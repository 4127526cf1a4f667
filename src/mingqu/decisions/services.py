"""The public face of decisions: FEEL expressions and DMN models, compiled once, evaluated within limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mingqu.decisions import analysis, ast, dmn_graph, dmn_run, dmn_xml, expression, rows
from mingqu.decisions import in_words as sentences
from mingqu.decisions.dmn_graph import Model
from mingqu.decisions.dmn_model import Decision, DecisionTable
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.expression import Compiled
from mingqu.decisions.in_words import Say
from mingqu.decisions.types import Ground, Limits, Outcome, Problem, Results, RowTrouble, Trouble
from mingqu.decisions.values import DEFAULT_LIMITS


def compile_expression(text: str, names: Iterable[str] = ()) -> Compiled:
    """
    Parses and compiles a FEEL expression; cached by text.

    `names` are names in scope that the parser must know to read them: those with signs in them
    (`a-b`, `time in days`). Names of plain words, also several (`date of birth`), need not be given.
    Raises ExpressionInvalid, ExpressionTooLong, ExpressionTooDeep, TooManySteps.
    """
    return expression.compiled(text, frozenset(names))


def in_words(text: str, say: Say) -> str:
    """
    A condition as a plain Chinese sentence, "" where its shape has none. `say` gives the words of a name
    (vocabulary, name, None) and of a value compared with it.
    """
    return sentences.in_words(compile_expression(text).node, say)


def evaluate(
    text: str | Compiled, names: Mapping[str, Any], *, limits: Limits = DEFAULT_LIMITS, now: Any = None
) -> Any:
    """
    The value of an expression over the names given. Errors are null, as FEEL defines them.

    `now` (an aware datetime) is what now() and today() answer; without it they are null: the clock is
    never read here. Raises like compile_expression, and TooManySteps, TookTooLong, ExpressionTooDeep.
    """
    return evaluate_with_trace(text, names, limits=limits, now=now).value


def evaluate_with_trace(
    text: str | Compiled, names: Mapping[str, Any], *, limits: Limits = DEFAULT_LIMITS, now: Any = None
) -> Outcome:
    """Like `evaluate`, with the warnings that say why something became null."""
    if isinstance(text, str):
        awkward = expression.awkward_names(names, nested=expression.has_signs(text))
        text = expression.compiled(text, awkward)
    return expression.evaluate_outcome(text, names, limits, now)


def names_used(text: str | Compiled, vocabulary: Iterable[str] = ()) -> set[str]:
    """
    The dotted paths of data the expression reads (`situation.foods`), without locals and called functions.

    With a vocabulary, names inside filters are told apart: entries of the items, or names of the surroundings.
    """
    known = list(vocabulary)
    node = expression.compiled(text, _words_of(known)).node if isinstance(text, str) else text.node
    return analysis.names_meant(node, known)


def _words_of(vocabulary: Iterable[str]) -> frozenset[str]:
    """The single names of dotted paths, which the parser must know if they hold signs."""
    return frozenset(part for path in vocabulary for part in path.split(".") if part != "*")


def check(text: str, vocabulary: Iterable[str]) -> list[Problem]:
    """
    What keeps the expression from being published: not readable, or names outside the vocabulary.

    The vocabulary holds dotted paths; `form.*` stands for anything below `form`.
    """
    known = list(vocabulary)
    try:
        node = expression.compiled(text, _words_of(known)).node
    except DecisionError as refusal:
        return [Problem(refusal.code, text[:200], str(refusal))]
    return analysis.problems(node, known)


def row_troubles(conditions: Sequence[str], ground: Ground) -> list[RowTrouble]:
    """
    Of conditions of which exactly one is to apply: two that apply together, data for which none does, one that never
    does. Raises like compile_expression.
    """
    return rows.troubles(conditions, ground)


def parse_model(xml: str | bytes, imports: Sequence[str | bytes] = ()) -> Model:
    """
    Reads a DMN model (1.1 to 1.5); cached by its text.

    `imports` are the texts of the models it imports. Text in it that can't be read is no refusal here: such
    logic is null, and `model_problems` lists it, so that publication can be refused. ModelInvalid otherwise.
    """
    return _model(xml, tuple(imports))


@lru_cache(maxsize=256)
def _model(xml: str | bytes, imports: tuple[str | bytes, ...]) -> Model:
    others = {found.namespace: found for found in map(dmn_xml.read, imports)}
    return dmn_graph.Linker(dmn_xml.read(xml), others).whole()


def model_problems(model: Model) -> list[Trouble]:
    """
    What keeps a model from being published: unreadable text, unknown names, types and elements, missing logic;
    in tables, rules that apply together where one alone may, and rules that never apply.
    """
    return dmn_graph.all_troubles(model)


def data_read(model: Model) -> set[str]:
    """The dotted paths of its inputs that the model reads (`situation.foods`), where they are plain."""
    return dmn_graph.data_read(model)


def results_of(model: Model, name: str) -> Results | None:
    """What the table of this decision can give, as far as its cells say so; None where it is no table."""
    found = next((one for one in model.definitions.decisions if one.name == name), None)
    table = found.logic if isinstance(found, Decision) else None
    if not isinstance(table, DecisionTable):
        return None
    many = len(table.outputs) != 1 or table.policy in "RO" or (table.policy == "C" and not table.aggregator)
    cells = [text for row in table.rules for text in row.outputs]
    cells += [one.default for one in table.outputs if one.default]
    nodes = [_node_of(text) for text in cells]
    texts = [node.value for node in nodes if isinstance(node, ast.Literal)]
    whole = len(texts) == len(cells)
    return Results(frozenset(str(one) for one in texts if one is not None), whole, many)


def _node_of(text: str) -> ast.Node | None:
    try:
        return expression.compiled(text, frozenset()).node
    except DecisionError:  # `model_problems` says so
        return None


def evaluate_decision(
    model: Model, name: str, inputs: Mapping[str, Any], *, limits: Limits = DEFAULT_LIMITS, now: Any = None
) -> Any:
    """
    The value of the decision (or decision service, or business knowledge model) of that name.

    Raises UnknownDecision, TooManySteps, TookTooLong, ExpressionTooDeep; everything else is null.
    """
    return dmn_run.ask(model, name, inputs, limits, now, trace=False).value


def evaluate_decision_with_trace(
    model: Model, name: str, inputs: Mapping[str, Any], *, limits: Limits = DEFAULT_LIMITS, now: Any = None
) -> Outcome:
    """Like `evaluate_decision`, with warnings and the rules that matched (`hits`)."""
    return dmn_run.ask(model, name, inputs, limits, now, trace=True)
