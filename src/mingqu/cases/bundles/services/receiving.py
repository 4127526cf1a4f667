"""受理 and 补正 of several parts at once: each case gets its own state and clock, the applicant one paper."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from mingqu.cases import legal
from mingqu.cases import rules as case_rules
from mingqu.cases import selectors as cases
from mingqu.cases.bundles import form_points, selectors
from mingqu.cases.bundles.errors import (
    NoCorrectionAwaited,
    NotAllReady,
    NothingToAccept,
    PartAskedTooLate,
    PartNotReceived,
)
from mingqu.cases.bundles.selectors.asking import asked_fields
from mingqu.cases.bundles.services import answers
from mingqu.cases.bundles.services.course import Pending, State, change_all, order
from mingqu.cases.bundles.types import BundleDone
from mingqu.cases.errors import (
    CorrectionAskedBefore,
    FieldUnknown,
    MaterialsMissing,
    MaterialUnknown,
    NothingAsked,
)
from mingqu.cases.models import Bundle, BundlePart, Case, MaterialFile
from mingqu.cases.services import answers as form_answers
from mingqu.cases.types import ASKED_BEFORE, Asked
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant


def accept_bundle(
    *, bundle_id: UUID, parts: Sequence[str] = (), by: Actor, at: Instant, key: UUID
) -> BundleDone:
    """
    Accept these parts, by default all that are received; one notice says what is accepted and what is open.

    Where the bundle accepts together, all that are filed are accepted at one time or none. Raises NotAuthorised,
    NothingToAccept, PartNotReceived or NotAllReady.
    """
    with command("bundle.accept", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.accept", bundle)
        rows = selectors.parts_of(bundle)
        chosen = _chosen(bundle, rows, parts)
        for row, case in _with_cases(chosen):
            access.require(by, "case.accept", case)
            order(cmd, bundle, row, "accept", by)
        change_all(cmd, chosen, pending=Pending.ACCEPT)
        cmd.note(parts=[row.code for row in chosen])
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def _chosen(bundle: Bundle, rows: Sequence[BundlePart], parts: Sequence[str]) -> list[BundlePart]:
    received = [row for row in rows if row.state == State.FILED and not row.pending]
    chosen = [selectors.part_of(rows, code) for code in dict.fromkeys(parts)] or received
    if not chosen:
        raise NothingToAccept()
    for row in chosen:
        if row not in received:
            raise PartNotReceived(name=row.name)
    if catalogue.document(bundle.revision_id).accept == "together":
        for row in rows:
            if row.state in (State.DUE, State.CORRECTION) or (row in received and row not in chosen):
                raise NotAllReady(name=row.name)
    return chosen


def ask_bundle_correction(
    *, bundle_id: UUID, asked: Mapping[str, Sequence[Asked]], by: Actor, at: Instant, key: UUID
) -> BundleDone:
    """
    Tell the applicant in one paper everything that must be corrected in several parts (一次性告知补正).

    `asked`: part → its materials, and questions of its form (FORM before the path), and what about them.
    Raises NotAuthorised, PartNotReceived, PartAskedTooLate, NothingAsked, MaterialUnknown, FieldUnknown or
    CorrectionAskedBefore; then no part is touched.
    """
    with command("bundle.ask_correction", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.ask_correction", bundle)
        rows = selectors.parts_of(bundle)
        chosen = [selectors.part_of(rows, code) for code in asked]
        if not chosen:
            raise NothingAsked(field="asked")
        for row in chosen:
            if row.state != State.FILED or row.pending:
                raise PartNotReceived(name=row.name)
        earlier = _Earlier(chosen)
        for row, case in _with_cases(chosen):
            access.require(by, "case.ask_correction", case)
            if not asked[row.code]:
                raise NothingAsked(field=row.code)
            check_asked(row, case, asked[row.code], earlier, at)
            cmd.change(row, pending=Pending.ASK, asked=[[a.code, a.what.strip()] for a in asked[row.code]])
            order(cmd, bundle, row, "correct", by)
        cmd.note(asked={part: [a.code for a in given] for part, given in asked.items()})
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def say_points(
    *, bundle_id: UUID, part: str, points: Sequence[Asked], by: Actor, at: Instant, key: UUID
) -> BundleDone:
    """
    A department says, before the one notice goes out, what is to be corrected in its part (行政许可法 32(4)); without
    points, that all is in order. What it said last counts; nobody outside hears until the window sends.

    Raises NotAuthorised, PartUnknown, PartNotReceived, PartAskedTooLate, NothingAsked, MaterialUnknown, FieldUnknown
    or CorrectionAskedBefore.
    """
    with command("bundle.say_points", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        row = selectors.part_of(selectors.parts_of(bundle), part)
        if row.state != State.FILED or row.pending:
            raise PartNotReceived(name=row.name)
        ((_row, case),) = _with_cases([row])
        access.require(by, "bundle.say_points", case)
        check_asked(row, case, points, _Earlier([row]), at)
        cmd.change(row, said=[[one.code, one.what.strip()] for one in points], said_by=by.id, said_at=at)
        cmd.note(part=row.code, materials=[one.code for one in points])
        return cmd.done(BundleDone(bundle.pk, bundle.status))


class _Earlier:
    """The materials of several parts' cases, and which questions of their forms earlier notices named."""

    def __init__(self, rows: Iterable[BundlePart]) -> None:
        ids = [row.case_id for row in rows if row.case_id]
        self.materials = cases.materials_of_each(ids)
        self.questions = form_answers.asked_of_each(ids)


def check_asked(row: BundlePart, case: Case, asked: Sequence[Asked], earlier: _Earlier, at: Instant) -> None:
    """What the case's own command would refuse, before anything is promised to the clerk."""
    if case.due_on is not None and legal_day(at) > case.due_on:
        raise PartAskedTooLate(name=row.name, law=legal.bracketed("silence", case.item_type))
    if any(not a.what.strip() for a in asked):
        raise NothingAsked(field=row.code)
    on_materials, on_form = form_points.split(asked)
    materials = {m.code: m for m in earlier.materials.get(case.pk, ())}
    if any(a.code not in materials for a in on_materials):
        raise MaterialUnknown()
    questions = form_answers.questions_of(case, earlier.questions.get(case.pk, ()))
    if {a.code for a in on_form} - set(form_points.questions_of_part(row.bundle, row)):
        raise FieldUnknown()
    known: list[case_rules.HasState] = [*materials.values(), *questions]
    before = any(one.state in ASKED_BEFORE for one in known)
    if anew := [
        *case_rules.asked_anew(on_materials, list(materials.values()), before),
        *case_rules.asked_anew(on_form, questions, before),
    ]:
        raise CorrectionAskedBefore(name=anew[0], law=legal.bracketed("correction", case.item_type))


def supplement_bundle(*, bundle_id: UUID, by: Actor, at: Instant, key: UUID) -> BundleDone:
    """
    Hand in at one time what the corrections of all parts asked for; each material and each answer once.

    Takes the files and the answers that wait under the bundle; a common answer goes to every part that shares it.
    Raises NotAuthorised, NoCorrectionAwaited, AnswersMissing or MaterialsMissing.
    """
    with command("bundle.supplement", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.supplement", bundle)
        rows = selectors.parts_of(bundle)
        asked, fields = selectors.asked_materials(bundle, rows), asked_fields(bundle, rows)
        if not asked and not fields:
            raise NoCorrectionAwaited()
        answers.take_in(cmd, bundle, fields)
        _take_in(bundle, asked)
        for row in rows:
            if row.state == State.CORRECTION:
                order(cmd, bundle, row, "supplement", by)
        for row in answers.sharing(bundle, rows, fields):
            order(cmd, bundle, row, "answers", by)
        cmd.note(materials=[one.code for one in asked], fields=[one.path for one in fields])
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def _take_in(bundle: Bundle, asked: Sequence[selectors.AskedMaterial]) -> None:
    codes = [one.code for one in asked]
    files = MaterialFile.objects.filter(root_id=bundle.pk, material_code__in=codes)
    waiting = files.filter(state=MaterialFile.State.PENDING)
    there = set(waiting.values_list("material_code", flat=True))
    if missing := [one for one in asked if one.code not in there]:
        raise MaterialsMissing([one.code for one in missing], [one.name for one in missing])
    fresh = list(waiting.values_list("id", flat=True))
    files.filter(state=MaterialFile.State.CURRENT).update(state=MaterialFile.State.REPLACED)
    files.filter(id__in=fresh).update(state=MaterialFile.State.CURRENT)


def _with_cases(rows: Sequence[BundlePart]) -> list[tuple[BundlePart, Case]]:
    found = Case.objects.in_bulk([row.case_id for row in rows if row.case_id])
    return [(row, found[row.case_id]) for row in rows if row.case_id in found]
