"""
流程迁移: a case under review goes on by the steps of a later revision, and back while nobody has gone on with it.

Its promise, form and materials stay those it was filed with: clocks are not touched, so that nothing becomes later.
"""

from collections.abc import Mapping
from uuid import UUID

from mingqu.cases import flows, selectors
from mingqu.cases.defined import flow_of
from mingqu.cases.errors import FlowNotMovable, NotInReview
from mingqu.cases.models import Case
from mingqu.cases.types import Done
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant
from mingqu.process import services as process

COLUMNS = ("flow_revision", "flow_past", "flow_steps")


def move_flow(
    *, case_id: UUID, revision_id: UUID, steps: Mapping[str, str], by: Actor, at: Instant, key: UUID
) -> int:
    """
    Go on by the steps of `revision_id`; the number of the engine's event, to take it back by. `steps`: old code -> new
    one, "" for one that is gone. Open tasks keep their rows, so that visits and questions for them stay.

    Raises NotInReview, FlowNotMovable with the reasons, NotReplannable. Done before: no change.
    """
    access.require_may(by, "case.move_flow")
    with command("case.move_flow", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        case = selectors.case_for_update(case_id)
        if case.status != Case.Status.ACCEPTED or case.instance_id is None:
            raise NotInReview()
        if reasons := flows.flow_check(case, revision_id, steps, at).reasons:
            raise FlowNotMovable(reasons[0])
        seq = process.replan(
            root_id=case_id,
            instance_id=case.instance_id,
            plan=catalogue.plan_digest(revision_id, case.handling_code),
            steps=steps,
            data=flows.flow_data(case),
            by=by,
            at=at,
        )
        was = flow_of(case)
        case.flow_past = [*case.flow_past, was]
        case.flow_revision_id = revision_id
        case.flow_steps = case.flow_steps | {new: old for old, new in steps.items() if new and new != old}
        case.save(update_fields=COLUMNS)
        cmd.note(flow_from=revisions.digest_of(was), flow_to=revisions.digest_of(revision_id))
        return cmd.done(seq)


def move_flow_back(*, case_id: UUID, seq: int, by: Actor, at: Instant, key: UUID) -> Done:
    """What event `seq` moved goes by its old steps again. Raises NotInReview, ReplanTouched."""
    access.require_may(by, "case.move_flow")
    with command("case.move_flow_back", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        if case.status != Case.Status.ACCEPTED or case.instance_id is None:
            raise NotInReview()
        process.replan_back(root_id=case_id, instance_id=case.instance_id, seq=seq, by=by, at=at)
        now, to = flow_of(case), case.flow_past[-1]
        case.flow_past = case.flow_past[:-1]
        case.flow_revision_id = to if case.flow_past or to != case.revision_id else None
        if not case.flow_past:
            case.flow_steps = {}
        case.save(update_fields=COLUMNS)
        cmd.note(flow_from=revisions.digest_of(now), flow_to=revisions.digest_of(to))
        return cmd.done(Done(case.pk, case.status))
