"""The neighbour of the engine's figures: SpiffWorkflow (LGPL), the same model, in memory."""

import io

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from mingqu.process import bench as process
from mingqu.process.services import Plan, plan_to_bpmn, write_bpmn


def per_second(plan: Plan) -> float:
    """Steps a second of this process's CPU, an instance from start to end, its tasks in the order they opened."""
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(write_bpmn(plan_to_bpmn(plan, "p"))))
    spec, inside = parser.get_spec("p"), parser.get_subprocess_specs("p")

    def through() -> int:
        run = BpmnWorkflow(spec, inside)
        run.do_engine_steps()
        taken = 1
        while tasks := run.get_tasks(state=TaskState.READY, manual=True):
            for task in tasks:
                task.run()
                run.do_engine_steps()
                taken += 1
        return taken

    return process.per_second(through)
