"""
What follows in a bundle when one of its parts moved: called at the end of every command on the bundle, so that the
rule stands in one place whoever moved the part.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from mingqu.cases.bundles import papers, rules, selectors
from mingqu.cases.bundles.events import (
    BundleAccepted,
    BundleCorrectionAsked,
    BundleDecided,
    BundleDelivered,
    BundleWithdrawn,
    PartOrdered,
    PartsOutside,
)
from mingqu.cases.bundles.selectors import AskedMaterial
from mingqu.cases.bundles.selectors.asking import AskedField, asked_fields
from mingqu.cases.models import Bundle, BundlePart
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.clocks import services as clocks
from mingqu.clocks.types import (
    SPECIAL_PROCEDURES,
    Approver,
    Article,
    ClockSpec,
    ExtensionRule,
    Kind,
    StartedBy,
)
from mingqu.kernel.commands import Command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor

State, Pending = BundlePart.State, BundlePart.Pending
BUNDLES = Actor.system("bundles")


def change_all(cmd: Command, rows: Iterable[BundlePart], **values: object) -> None:
    """The same of several parts of a bundle."""
    for row in rows:
        cmd.change(row, **values)


def order(cmd: Command, bundle: Bundle, part: BundlePart, what: str, by: Actor) -> None:
    """Tell the part's case, after the commit, what this command wants of it."""
    assert part.case_id is not None
    ref = cmd.key
    cmd.publish(
        PartOrdered(
            bundle.pk, bundle.number, bundle.applicant_id, what, part.code, part.case_id,
            by.kind, by.id, by.post_id, ref,
        )
    )  # fmt: skip


def go_on(cmd: Command, bundle: Bundle, parts: Sequence[BundlePart], *, deemed: bool = False) -> None:
    """What waits may begin or falls away; the joint limit starts; papers; the end. `deemed`: by 行政许可法 32(4)."""
    definition = catalogue.document(bundle.revision_id)
    day = legal_day(cmd.at)
    found = rules.moves(parts, definition.on_refusal)
    begins = [part for part in parts if part.code in found.due and part.code not in found.skipped]
    filed = [part for part in begins if not part.is_outside]
    ends = [part for part in parts if part.code in found.to_end and part.pending != Pending.END]
    change_all(cmd, [part for part in parts if part.code in found.skipped], state=State.SKIPPED, ended_on=day)
    outside = [part for part in begins if part.is_outside]
    change_all(cmd, outside, state=State.OUTSIDE)
    change_all(cmd, filed, state=State.DUE)
    change_all(cmd, ends, pending=Pending.END)
    if outside:
        cmd.publish(PartsOutside(*_whose(bundle), [part.code for part in outside]))
    for part in filed:
        order(cmd, bundle, part, "file", BUNDLES)
    for part in ends:
        order(cmd, bundle, part, "end", BUNDLES)
    _start_limit(cmd, bundle, parts, deemed)
    _tell(cmd, bundle, parts, day)
    _finish(cmd, bundle, parts, day)


def _start_limit(cmd: Command, bundle: Bundle, parts: Sequence[BundlePart], deemed: bool) -> None:
    """The joint limit runs from the first acceptance (行政许可法 42, second paragraph)."""
    days = [part.accepted_on for part in parts if part.accepted_on]
    if not days or bundle.accepted_on:
        return
    limit = catalogue.document(bundle.revision_id).limit
    article = Article(limit.law, limit.article, limit.paragraph)
    spec = ClockSpec(
        Kind.STATUTORY,
        limit.limit,
        article=article,
        started_by=StartedBy.DEEMED_ACCEPTED if deemed else StartedBy.ACCEPTED,
        extension=ExtensionRule(limit.extension, Approver(limit.approver), article),
        pauses=SPECIAL_PROCEDURES,
    )
    first = min(days)
    due_on = clocks.start(root_id=bundle.pk, clocks=[spec], day=first, by=cmd.by)
    cmd.change(bundle, status=Bundle.Status.HANDLING, accepted_on=first, due_on=due_on)


def _tell(cmd: Command, bundle: Bundle, parts: Sequence[BundlePart], day: date) -> None:
    """
    One paper for what a command did to several parts: made when the last of them has answered. What a paper has
    told once it does not tell again.
    """
    if not any(part.pending == Pending.ACCEPT for part in parts):
        accepted = [part for part in parts if part.state == State.ACCEPTED and part.told != State.ACCEPTED]
        if accepted:
            papers.acceptance_notice(bundle, parts, accepted, cmd.at)
            change_all(cmd, accepted, told=State.ACCEPTED)
            cmd.publish(BundleAccepted(*_whose(bundle), [part.code for part in accepted], day))
    if not any(part.pending == Pending.ASK for part in parts):
        asked = [part for part in parts if part.state == State.CORRECTION and part.told != State.CORRECTION]
        if asked:
            told = asked_with(parts, asked)
            every: list[AskedMaterial | AskedField] = [
                *asked_fields(bundle, told),
                *selectors.asked_materials(bundle, told),
            ]
            papers.correction_notice(bundle, asked, every, cmd.at)
            change_all(cmd, asked, told=State.CORRECTION)
            cmd.publish(BundleCorrectionAsked(*_whose(bundle), [part.code for part in asked], day))


def asked_with(parts: Sequence[BundlePart], asked: Sequence[BundlePart]) -> list[BundlePart]:
    """All parts, those in correction only where this paper tells of them: what was told before is not told again."""
    return [part for part in parts if part in asked or part.state != State.CORRECTION]


def _finish(cmd: Command, bundle: Bundle, parts: Sequence[BundlePart], day: date) -> None:
    end = rules.end_of(part.state for part in parts)
    if bundle.status == Bundle.Status.DECIDED and not any(selectors.to_deliver(part) for part in parts):
        # Each was served by itself (sent, announced) and none at the one delivery of all.
        cmd.change(bundle, status=Bundle.Status.DELIVERED, closed_on=day)
        cmd.publish(BundleDelivered(*_whose(bundle), day))
        return
    if not end or bundle.status not in (Bundle.Status.RECEIVED, Bundle.Status.HANDLING):
        return
    clocks.stop(root_id=bundle.pk, by=cmd.by)
    granted = [part.code for part in parts if part.state == State.GRANTED]
    refused = [part.code for part in parts if part.state == State.REFUSED]
    if end == "decided" and any(selectors.to_deliver(part) for part in parts):
        cmd.change(bundle, status=Bundle.Status.DECIDED, decided_on=day, due_on=None)
        cmd.publish(BundleDecided(*_whose(bundle), granted, refused, day))
    elif end == "withdrawn":
        cmd.change(bundle, status=Bundle.Status.WITHDRAWN, closed_on=day, due_on=None)
        cmd.publish(BundleWithdrawn(*_whose(bundle), day))
    else:
        cmd.change(bundle, status=Bundle.Status.DELIVERED, closed_on=day, due_on=None)
        cmd.publish(BundleDelivered(*_whose(bundle), day))


def _whose(bundle: Bundle) -> tuple[UUID, str, UUID]:
    return bundle.pk, bundle.number, bundle.applicant_id
