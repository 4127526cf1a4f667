"""An example made from the definition itself: an ordinary application that is granted, and what it comes to. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice, product
from typing import Any

from mingqu.catalogue import routes, rules, scenarios
from mingqu.catalogue.checking import evaluator
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.types import Deed, Definition, Expected, Files, Given, Scenario
from mingqu.clocks.selectors import Calendar
from mingqu.kernel.json import plain
from mingqu.process import services as process

SUBMITTED = "2026-09-18T10:00:00+08:00"  # a day whose working days are published
TRIES = 64  # combinations of answers looked through for one with which the service can be had
STEPS = 100


def typical(definition: Definition, calendar: Calendar, files: Files) -> dict[str, Any] | None:
    """
    A scenario as plain values; None where no answers lead to an application. Raises PlanRefused, DomainError for a
    definition that can't run.
    """
    means = scenarios.Means(plan_of(definition, files), evaluator(files), calendar)
    answers = next(_possible(definition, means), None)
    if answers is None:
        return None
    deeds = [
        Deed("accept"),
        *(Deed("complete", step=one, outcome="met") for one in _way(definition, means, answers)),
    ]
    given = Given(SUBMITTED, situation=dict(answers))
    name = "一件普通的申请" if not answers else f"一件普通的申请：{_words(definition, answers)}"
    scenario = Scenario(name[:60], given, [*deeds, Deed("decide", outcome="granted")], Expected())
    came = scenarios.run(definition, scenario, means)
    expect = {"path": came.path, "materials": came.materials, "due": came.due, "promised": came.promised}
    made = {
        "name": scenario.name,
        "given": {"submitted": SUBMITTED, "situation": dict(answers)},
        "do": [_said(deed) for deed in scenario.do],
        "expect": {**{key: value for key, value in expect.items() if value}, "result": came.result},
    }
    return dict(plain(made))


def _possible(definition: Definition, means: scenarios.Means) -> Iterator[Mapping[str, Any]]:
    asked = definition.situations
    for picked in islice(product(*([c.value for c in q.choices] for q in asked)), TRIES):
        answers = {q.ask: [value] if q.many else value for q, value in zip(asked, picked, strict=True)}
        if rules.situation_result(definition, answers, means.evaluate).stop is None:
            yield answers


def _way(definition: Definition, means: scenarios.Means, answers: Mapping[str, Any]) -> list[str]:
    """The steps a case with these answers goes through, each met, until it waits for the decision."""
    at = datetime.fromisoformat(SUBMITTED)
    names = {"situation": dict(answers), "form": {}}
    decides = routes.decider(definition.routes, names, means.evaluate)
    steps = {step.id for step in definition.steps}
    walk = process.Rehearsal(means.plan, {"situation": dict(answers)}, at, decides)
    for _ in range(STEPS):
        waiting = [step for step in walk.open if step != rules.DECIDE]
        waiting.sort(
            key=lambda step: step not in steps
        )  # officers first: a message may be one that need not come
        if not waiting:
            break
        walk.complete(waiting[0], "met", at)
    return list(walk.done)


def _words(definition: Definition, answers: Mapping[str, Any]) -> str:
    said = []
    for question in definition.situations:
        value = answers[question.ask]
        said.append(question.options.get(value[0] if isinstance(value, list) else value, ""))
    return "，".join(filter(None, said))


def _said(deed: Deed) -> dict[str, Any]:
    return {name: value for name, value in vars(deed).items() if value}
