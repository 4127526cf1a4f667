"""The executable process of a definition: its step table, then the decision."""

from mingqu.catalogue import rules
from mingqu.catalogue.types import Definition, Step
from mingqu.process import services as process
from mingqu.process.types import StepRow


def plan_of(definition: Definition) -> process.Plan:
    """The plan of the step table with the decision after it. Raises PlanRefused with every finding."""
    rows = [_row(step) for step in [*definition.steps, definition.decide]]
    return process.plan_from_steps(rows, names=rules.vocabulary(definition))


def _row(step: Step) -> StepRow:
    return StepRow(
        id=step.id,
        name=step.name,
        post=step.post,
        limit=step.limit,
        when=step.when or None,
        parallel=step.parallel or None,
        people=step.people,
    )
