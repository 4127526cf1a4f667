"""What the answers of a bundle's questions come to: pure."""

from collections.abc import Mapping
from typing import Any

from mingqu.catalogue import rules as services
from mingqu.catalogue.bundles.rules.graph import among, elapsed
from mingqu.catalogue.bundles.types import BundleDocument, Needed, OpenBundle, Part, Question

Evaluate = services.Evaluate


def questions_asked(bundle: BundleDocument, answers: Mapping[str, Any], evaluate: Evaluate) -> list[Question]:
    """The questions that these answers leave open or have answered, in order."""
    return [q for q in bundle.situations if holds(q.when, answers, evaluate)]


def cleaned(
    bundle: BundleDocument, given: Mapping[str, list[str]], evaluate: Evaluate
) -> tuple[dict[str, Any], Question | None]:
    """Answers from raw values, only of questions that are asked; and the first question with an unknown answer."""
    answers: dict[str, Any] = {}
    for question in bundle.situations:
        if not holds(question.when, answers, evaluate):
            continue
        values = [value for value in given.get(question.ask, []) if value]
        if any(v not in question.options for v in values) or (len(values) > 1 and not question.many):
            return answers, question
        if values:
            answers[question.ask] = values if question.many else values[0]
    return answers, None


def situation_of_part(bundle: BundleDocument, part: Part, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The part's own questions, answered by what was asked once."""
    mapped = {
        q.to[part.code]: answers[q.ask] for q in bundle.situations if part.code in q.to and q.ask in answers
    }
    return {**part.situation, **mapped}


def needed(open_bundle: OpenBundle, answers: Mapping[str, Any], evaluate: Evaluate) -> Needed:
    """Which parts these answers need, in which order, what stops them, how long they take."""
    bundle = open_bundle.document
    missing = [q.ask for q in questions_asked(bundle, answers, evaluate) if q.ask not in answers]
    parts = [p for p in bundle.parts if holds(p.when, answers, evaluate)]
    after = among({p.code: p.after for p in bundle.parts}, [p.code for p in parts])
    stops, spared = [], [n for n in bundle.not_needed if holds(n.when, answers, evaluate)]
    for part in parts:
        definition = open_bundle.definitions.get(part.code)
        if definition is None:
            continue
        result = services.situation_result(definition, situation_of_part(bundle, part, answers), evaluate)
        if result.stop:
            stops.append((part, result.stop))
        spared += [n for n in result.not_needed if n not in spared]
    return Needed(
        answers=dict(answers),
        missing=missing,
        parts=parts,
        left_out=[p for p in bundle.parts if p not in parts and p.name not in {n.name for n in spared}],
        after=after,
        stops=stops,
        not_needed=spared,
        elapsed=elapsed(after, {p.code: promised_days(open_bundle, p) for p in parts}),
    )


def promised_days(open_bundle: OpenBundle, part: Part) -> int:
    """
    Working days this part may take at most: what its definition promises (of natural days each may be one), or the
    limit of the outside system.
    """
    if part.external:
        return part.external.limit
    return open_bundle.definitions[part.code].clocks.promised.limit


def holds(expression: str, answers: Mapping[str, Any], evaluate: Evaluate) -> bool:
    return not expression or evaluate(expression, {"situation": dict(answers)}) is True
