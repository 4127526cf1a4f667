"""流程迁移: which cases go by the steps of which revision, and whether one can go on by those of another."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from mingqu.cases.defined import flow_of
from mingqu.cases.models import Case
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition
from mingqu.kernel.types import Instant
from mingqu.process import selectors as process

OTHER_KIND = "正在办的环节“{name}”在新流程里是另一种环节（{to}）。"
OTHER_PLACE = "正在办的环节“{name}”在新流程里由另一个系统办理，或者原来由另一个系统办理。"
RETURNED = "有环节被内部退回，正在重办；新流程里它换了编号，等重办完以后再迁移。"
NOT_ASKED = "新流程要看“{name}”，申请时没有问过。"


@dataclass(frozen=True, slots=True)
class FlowCheck:
    """
    Where a case stands and where it would stand, by names of steps; `reasons`: why it can't go over; `notes`: what
    becomes of sub-processes and timers, where it can.
    """

    now: tuple[str, ...]
    then: tuple[str, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()


def flows_in_use(within: Q) -> list[tuple[str, str, UUID, int]]:
    """
    (item, 业务办理项, revision of the steps, how many) of the cases under review in this scope: what an organ works on,
    never what it has done.
    """
    rows = Case.objects.filter(within, status=Case.Status.ACCEPTED).exclude(instance_id=None)
    rows = rows.annotate(flow=Coalesce("flow_revision_id", "revision_id"))
    found = rows.values_list("item_code", "handling_code", "flow").annotate(n=Count("id"))
    return [(code, handling, flow, count) for code, handling, flow, count in found.order_by("item_code")]


def by_id(case_id: UUID) -> Case:
    """For a job that was let to; the caller has checked access."""
    return Case.objects.get(pk=case_id)


def if_known(case_id: UUID) -> Case | None:
    """The same where what names it may be no case of this installation."""
    return Case.objects.filter(pk=case_id).first()


def running_on(
    department_id: UUID, item_code: str, handling: str, revision_id: UUID
) -> list[tuple[UUID, str]]:
    """(id, number) of the cases under review that go by the steps of this revision."""
    rows = Case.objects.filter(
        department_id=department_id, status=Case.Status.ACCEPTED, item_code=item_code, handling_code=handling
    ).exclude(instance_id=None)
    rows = rows.annotate(flow=Coalesce("flow_revision_id", "revision_id")).filter(flow=revision_id)
    return list(rows.order_by("id").values_list("pk", "number"))


def flow_data(case: Case) -> dict[str, object]:
    """What conditions of steps may ask about: the situation, nothing personal."""
    return {"situation": dict(case.situation)}


def flow_check(case: Case, revision_id: UUID, steps: Mapping[str, str], at: Instant) -> FlowCheck:
    """What a move would come to. The engine is asked, and what it can't know: kinds of steps, questions asked."""
    assert case.instance_id is not None
    old = catalogue.definition(flow_of(case), case.handling_code)
    new = catalogue.definition(revision_id, case.handling_code)
    plan = catalogue.plan_digest(revision_id, case.handling_code)
    would = process.would_move(case.pk, case.instance_id, process.Move(plan, steps, flow_data(case), at))
    found = [finding.sentence for finding in would.findings]
    waiting = list(dict.fromkeys(task.step for task in process.open_tasks(case.pk)))
    names = _names(new)
    if not found:
        found = [*_other_kinds(old, new, steps, waiting), *_not_asked(case, plan)]
        if case.returned_inside and any(steps.get(code, code) != code for code in waiting):
            found.append(RETURNED)  # that it is done again is known by its code
    return FlowCheck(
        tuple(_names(old).get(step, step) for step in waiting),
        tuple(names.get(steps.get(step, step), "") for step in waiting),
        tuple(found),
        () if found else would.notes,
    )


def _names(of: Definition) -> dict[str, str]:
    return {step.id: step.name for step in (*of.steps, of.decide)}


def _other_kinds(old: Definition, new: Definition, steps: Mapping[str, str], waiting: list[str]) -> list[str]:
    found = []
    for code in waiting:
        was, to = old.step(code), new.step(steps.get(code, code))
        if was.kind != to.kind:
            found.append(OTHER_KIND.format(name=was.name, to=to.name))
        elif (was.where, was.system) != (to.where, to.system):
            found.append(OTHER_PLACE.format(name=was.name))
    return found


def _not_asked(case: Case, plan: str) -> list[str]:
    """What conditions of the new flow read of the guide and the form this case was filed with does not have."""
    asked = {
        f"situation.{one.ask}"
        for one in catalogue.definition(case.revision_id, case.handling_code).situations
    }
    names = process.plan(plan).names
    return [
        NOT_ASKED.format(name=name.removeprefix("situation."))
        for name in sorted(names)
        if name.startswith("situation.") and name not in asked
    ]
