"""The bundle takes note of what happened to its parts' cases."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases.bundles import rules, selectors
from mingqu.cases.bundles.services import visiting
from mingqu.cases.bundles.services.answers import take_mended
from mingqu.cases.bundles.services.course import BUNDLES, Pending, State, go_on, order
from mingqu.cases.bundles.services.standing_still import stand_still
from mingqu.cases.models import Bundle, BundlePart, Case
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

# States of a part in which nothing is expected of its case any more, whoever ended it.
LET_GO = frozenset({State.WITHDRAWN, State.SKIPPED})


def follow_case(*, case: Case, happened: str, at: Instant, mended: Mapping[str, Any] | None = None) -> None:
    """
    Bring the case's part up to date and do what follows from it. Written down once per fact (`happened` at `at`);
    a case that moved on meanwhile is taken as it is now. `mended`: answers that a window mended in it.
    """
    assert case.bundle_id is not None
    key = uuid5(NAMESPACE_URL, f"mingqu:bundle-follow:{case.pk}:{happened}:{at.isoformat()}")
    with command("bundle.follow", case.bundle_id, by=BUNDLES, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        bundle = selectors.bundle_for_update(case.bundle_id)
        parts = selectors.parts_of(bundle)
        part = next(row for row in parts if row.case_id == case.pk)
        _take_over(cmd, bundle, part, case)
        if mended:
            take_mended(cmd, bundle, parts, part, mended)
        go_on(cmd, bundle, parts, deemed=case.deemed_accepted)
        stand_still(cmd, bundle, parts, case)
        if bundle.status == Bundle.Status.HANDLING:
            visiting.conclude(cmd, bundle, parts)
        cmd.note(part=part.code, state=part.state)
        cmd.done(None)


def _take_over(cmd: Command, bundle: Bundle, part: BundlePart, case: Case) -> None:
    state = rules.state_of_case(case.status, case.outcome)
    if part.state in LET_GO and state in rules.RUNNING:
        # Its case was being filed while the bundle let it go.
        order(cmd, bundle, part, "withdraw", Actor("citizen", bundle.applicant_id))
        cmd.change(part, case_number=case.number)
        return
    if state != part.state:
        moved = state in (State.FILED, State.CORRECTION) and part.told == State.CORRECTION
        cmd.change(
            part,
            state=state,
            said=[],  # on other materials: they are looked at anew
            said_by=None,
            said_at=None,
            told="" if moved and state == State.FILED else part.told,
            pending=part.pending if _still_pending(part, state) else Pending.NONE,
            ended_on=legal_day(cmd.at) if state in rules.ENDED else None,
        )
    cmd.change(
        part,
        case_number=case.number,
        accepted_on=case.accepted_on,
        due_on=case.due_on,
        delivered_on=case.delivered_on,
    )


def _still_pending(part: BundlePart, state: str) -> bool:
    if part.pending == Pending.END:
        return state in rules.RUNNING
    return state == State.FILED


def order_refused(*, bundle_id: UUID, code: str, ref: UUID, refusal: str, at: Instant) -> None:
    """The case did not take the order (someone had acted on it before): the bundle no longer waits for it."""
    key = uuid5(ref, f"refused:{code}")
    with command("bundle.order_refused", bundle_id, by=BUNDLES, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        bundle = selectors.bundle_for_update(bundle_id)
        parts = selectors.parts_of(bundle)
        part = selectors.part_of(parts, code)
        cmd.change(part, pending=Pending.NONE)
        go_on(cmd, bundle, parts)
        cmd.note(part=code, refusal=refusal)
        cmd.done(None)


def paper_ready(*, bundle_id: UUID, case_id: UUID, at: Instant) -> None:
    """The certificate or the refusal of a part stands in the applicant's space; told again, nothing changes."""
    key = uuid5(NAMESPACE_URL, f"mingqu:bundle-paper:{case_id}")
    with command("bundle.paper_ready", bundle_id, by=BUNDLES, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        bundle = selectors.bundle_for_update(bundle_id)
        part = next(row for row in selectors.parts_of(bundle) if row.case_id == case_id)
        cmd.change(part, paper_ready=True)
        cmd.note(part=part.code)
        cmd.done(None)


def ready_to_deliver(bundle: Bundle, parts: list[BundlePart]) -> bool:
    """Every part has ended, and what is to be delivered is made."""
    return bundle.status == Bundle.Status.DECIDED and all(
        part.paper_ready for part in parts if selectors.to_deliver(part)
    )
