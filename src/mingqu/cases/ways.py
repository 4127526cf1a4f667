"""
The flow that an expert drew, as one case goes along it, or as anybody may: for guides, results of questions, cases. A
case that goes by a step table has none, unless its way is decided while it runs (自动判定, how a step came out).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from mingqu.cases.models import Case
from mingqu.catalogue.drawings import selectors as drawings
from mingqu.catalogue.types import Definition
from mingqu.process import selectors as process
from mingqu.process.services import Plan
from mingqu.process.types import StepState

AT_WORK = frozenset({"accepted", "decided", "delivered", "archived"})
RECEIVE, ACCEPT, DELIVER = "mq_receive", "mq_accept", "mq_deliver"


@dataclass(frozen=True)
class Way:
    """`states`: of each box as far as it is known; `passed`: the lines that were gone."""

    plan: Plan
    definition: Definition
    states: Mapping[str, StepState] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()

    def sometimes(self, step: str) -> bool:
        """Whether there are cases that go by without this step."""
        return step not in process.certain(self.plan)

    def beside(self, step: str) -> bool:
        """Whether it is done while others are."""
        return step in process.side_by_side(self.plan)

    def goes_beside(self, step: str) -> bool:
        """The same of this case: passed by is not beside."""
        return self.beside(step) and self.states.get(step) != "skipped"

    def laid(self) -> drawings.Laid:
        ends = ((RECEIVE, _("收件")), (ACCEPT, _("受理")))
        frame = drawings.Frame(ends, (DELIVER, _("送达")), self.definition.decide.id, _("办理结束"))
        return drawings.laid(self.plan, frame)

    def words(self, step: str, laid: drawings.Laid) -> list[str]:
        """When there is such a step, what it is done beside, and where it may lead back to."""
        said = []
        if self.sometimes(step):
            when = [self._when(text) for text in process.conditions_to(self.plan, step)]
            told = _("，并且").join(when) if when and all(when) else ""
            said.append(_("%(when)s的才办") % {"when": told} if told else _("看情形，不是每件都有"))
        if self.beside(step):
            said.append(_("与其他环节同时进行"))
        names = dict(laid.order)
        if to := [names[name] for name in laid.back.get(step, ())]:
            said.append(_("不符合要求的，可能回到“%(step)s”再办") % {"step": _("、").join(to)})
        return said

    def _when(self, text: str) -> str:
        return drawings.condition_words(self.definition, text)


def way_of(definition: Definition) -> Way | None:
    """As a guide shows it, to everybody."""
    plan = drawings.drawn_plan(definition)
    return Way(plan, definition) if plan else None


def way_of_answers(definition: Definition, situation: Mapping[str, Any]) -> Way | None:
    """As far as the answers of 情形引导 decide it already."""
    plan = drawings.drawn_plan(definition)
    if plan is None:
        return None
    open_ = process.possible(plan, {"situation": dict(situation)})
    return Way(plan, definition, {name: "skipped" for name in plan.nodes if name not in open_})


def way_of_case(case: Case, definition: Definition) -> Way | None:
    """As this case goes along it; four statements more than a case that goes by a step table."""
    way = way_of_answers(definition, case.situation)
    if way is None or case.instance_id is None:
        return way
    stands = process.progress(case.pk, case.instance_id, renamed=case.flow_steps)
    if stands.ended == "terminated":  # what it would have come to is not known
        done: dict[str, StepState] = {name: "done" for name, state in stands.steps.items() if state == "done"}
        return Way(way.plan, definition, done, stands.passed)
    ahead = {name: state for name, state in stands.steps.items() if state != "waiting"}
    return Way(way.plan, definition, {**stands.steps, **way.states, **ahead}, stands.passed)
