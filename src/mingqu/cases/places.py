"""Where a case stands on its way: what each box of the picture says, and each line of the list beside it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from mingqu.cases import picture
from mingqu.cases.models import Case
from mingqu.cases.picture import Place
from mingqu.cases.ways import Way
from mingqu.catalogue.types import Step
from mingqu.process.types import TaskRow
from mingqu.ui.language import day_short


def latest(tasks: Iterable[TaskRow]) -> dict[str, TaskRow]:
    """
    The last task of each step: an open one, else the one that opened last; they come in that order. Of several
    signatures the one that settled the step counts.
    """

    def place(task: TaskRow) -> tuple[object, ...]:
        return task.status == "open", task.status != "signed", task.opened_at, task.status == "completed"

    return {task.step: task for task in sorted(tasks, key=place)}


def places_of(
    case: Case,
    steps: Sequence[Step],
    tasks: Mapping[str, TaskRow],
    *,
    to_staff: bool = False,
    way: Way | None = None,
) -> dict[str, Place]:
    """
    By step id; `tasks` by step, the last of each. In words for the applicant, or for who handles the case. `way`: how
    far it is on a flow that an expert drew.
    """
    places = {picture.RECEIVE: Place("done", day_short(case.received_at))}
    places[picture.ACCEPT] = _acceptance(case, to_staff)
    for step in steps:
        places[step.id] = _step_place(
            step, _task(case, step, tasks), again=case.status == Case.Status.ACCEPTED
        )
    if way is not None:
        places |= _on_the_way(way, {step.id: step for step in steps}, tasks, places)
    if case.deemed_granted and case.decided_on:
        places[steps[-1].id] = Place("done", day_short(case.decided_on), _("依法视为准予延续"))
    if case.delivered_on:
        places[picture.DELIVER] = Place("done", day_short(case.delivered_on))
    elif case.status == Case.Status.DECIDED:
        places[picture.DELIVER] = Place("now", _("正在办"), _until(case.due_on))
    return places


def _on_the_way(
    way: Way, steps: Mapping[str, Step], tasks: Mapping[str, TaskRow], places: Mapping[str, Place]
) -> dict[str, Place]:
    """What the flow says where the tasks alone would not: passed by, to be done again, waited for."""
    found = {}
    for name, state in way.states.items():
        step, task = steps.get(name), tasks.get(name)
        if state == "skipped":
            stopped = task is not None and task.status != "completed"
            found[name] = places[name] if stopped and step else Place("skipped", _("不用办"), _("不用办"))
        elif state == "waiting" and step:
            found[name] = Place("", _("%(days)d个工作日") % {"days": step.limit})
        elif step is None:
            found[name] = {"now": Place("now", _("正在等"), _("正在等")), "done": Place("done")}.get(
                state, Place()
            )
    return found


def _task(case: Case, step: Step, tasks: Mapping[str, TaskRow]) -> TaskRow | None:
    """A step that was done on the process before (流程迁移) may have had another code there."""
    return tasks.get(step.id) or tasks.get(case.flow_steps.get(step.id, ""))


def _acceptance(case: Case, to_staff: bool) -> Place:
    match case.status:
        case Case.Status.RECEIVED:
            return Place("now", _("正在看材料"), _until(case.due_on))
        case Case.Status.CORRECTION if to_staff:
            return Place("you", "等申请人补正", "等申请人补正")
        case Case.Status.CORRECTION:
            return Place("you", _("等您补正"), _("现在轮到您"))
        case Case.Status.NOT_ACCEPTED:
            return Place("stop", _("不予受理"), _("不予受理"))
        case Case.Status.NOT_REQUIRED:
            return Place("stop", _("不需要许可"), _("不需要许可"))
        case Case.Status.TERMINATED if case.accepted_on is None:
            return Place("stop", _("已终止"), _("已终止办理"))
        case Case.Status.VOIDED:
            return Place("stop", _("已作废"), _("已作废"))
        case Case.Status.WITHDRAWN if case.accepted_on is None:
            return Place("stop", _("已撤回"), "申请人已撤回" if to_staff else _("您已撤回"))
    if case.accepted_on is None:
        return Place("stop", _("没有受理"), _("没有受理"))
    return Place("done", day_short(case.accepted_on))


def _step_place(step: Step, task: TaskRow | None, *, again: bool) -> Place:
    """`again`: the case goes on, so that a step that was taken back (内部退回) is still to come."""
    limit = _("%(days)d个工作日") % {"days": step.limit}
    if task is None:
        return Place("", limit)
    if task.status == "completed" and task.closed_at:
        day = day_short(task.closed_at)
        return Place("done", day, _("%(day)s已办完") % {"day": day})
    if task.status == "open":
        return Place("now", _("正在办"), _until(task.due_on))
    return Place("", limit) if again else Place("stop", _("已停办"), _("已停办"))


def _until(day: date | None) -> str:
    return _("正在办，最晚%(day)s") % {"day": day_short(day)} if day else _("正在办")
