"""From received to accepted, or not: 受理, 一次性告知补正, 补正, 视为受理, 不予受理 (行政许可法 32)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Case as Either
from django.db.models import Value, When

from mingqu.cases import legal, papers, rules, selectors
from mingqu.cases.errors import (
    AnswersMissing,
    AskedTooLate,
    CorrectionAskedBefore,
    GroundUnknown,
    MaterialsMissing,
    MaterialUnknown,
    NotAwaitingCorrection,
    NothingAsked,
    NotReceived,
    OrganMissing,
    ReasonMissing,
)
from mingqu.cases.events import CaseAccepted, CaseNotAccepted, CaseSupplemented, CorrectionAsked
from mingqu.cases.flows import flow_data
from mingqu.cases.models import AskedAnswer, Case, CaseMaterial, Decision, MaterialFile
from mingqu.cases.services import answers as form_answers
from mingqu.cases.services import gaps
from mingqu.cases.types import ASKED_BEFORE, NON_ACCEPTANCE_GROUNDS, Acceptance, Asked, Done, NotTakenIn
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition
from mingqu.clocks import services as clocks
from mingqu.clocks.types import CORRECTION_NOTICE, RootClocks, StartedBy
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import services as process
from mingqu.process.types import NewTask

OWNER = "cases"
DEEMING = Actor.system("deemed-acceptance")
BeforeSupplement = Callable[[UUID, Actor, Instant], None]
_before_supplement: dict[str, BeforeSupplement] = {}


def accept_case(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> Acceptance:
    """
    Accept a received application (受理); its clocks and its process start (行政许可法 32(5), 42).

    After the five days it counts as accepted from the day the materials came, whoever presses the button.
    Raises NotAuthorised, NotReceived (someone acted first) or MaterialsMissing.
    """
    with command("case.accept", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Acceptance)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.accept", case)
        _require_received(case)
        return cmd.done(accept(cmd, case))


def deem_accepted(*, case_id: UUID, at: Instant) -> Acceptance | None:
    """
    Write down that the law accepted this case: five working days passed without an answer (32(4)).

    None when someone answered in time after all. Called by the sweep; safe to repeat.
    """
    key = uuid5(NAMESPACE_URL, f"mingqu:deemed:{case_id}:{legal_day(at).isoformat()}")
    with command("case.deem_accepted", case_id, by=DEEMING, at=at, key=key) as cmd:
        if cmd.repeated:
            return None
        case = selectors.case_for_update(case_id)
        if case.status != Case.Status.RECEIVED or not _notice_is_late(case, at):
            return None
        return cmd.done(accept(cmd, case))


def ask_correction(
    *,
    case_id: UUID,
    asked: Sequence[Asked],
    by: Actor,
    at: Instant,
    key: UUID,
    fields: Sequence[Asked] = (),
) -> Done:
    """
    Tell the applicant, at one time, everything that must be corrected (一次性告知补正): materials (`asked`) and fields
    of the form (`fields`, by their paths) in one notice.

    Raises NotReceived, NothingAsked, MaterialUnknown, FieldUnknown, CorrectionAskedBefore (something the
    first notice did not ask for) or AskedTooLate (the five days are over: it is accepted by law).
    """
    with command("case.ask_correction", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.ask_correction", case)
        _require_received(case)
        if _notice_is_late(case, at):
            raise AskedTooLate(law=legal.bracketed("silence", case.item_type))
        materials, answers = _mark_asked(case, asked, fields, at)
        clocks.stop(root_id=case.pk, by=by)
        _set(case, status=Case.Status.CORRECTION, due_on=None)
        papers.correction_notice(case, materials, answers, at)
        codes, paths = [a.code for a in asked], [row.path for row in answers]
        cmd.note(materials=codes, fields=paths)
        about = (case.pk, case.number, case.item_code, case.applicant_id)
        cmd.publish(CorrectionAsked(*about, legal_day(at), codes, paths))
        return cmd.done(Done(case.pk, case.status))


def ask_before_supplement(name: str, asks: BeforeSupplement) -> None:
    """
    A room above says what else must be so before a correction is handed in for somebody: asked within the command with
    case, who hands in and when; it raises what is missing. A room asks once, in its `AppConfig.ready`.
    """
    _before_supplement[name] = asks


def supplement_case(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Hand in what was asked for; the five days run anew from this day, for a check of just these materials.

    Takes the files that wait under this case (services.files); all asked materials together.
    Raises NotAwaitingCorrection or MaterialsMissing.
    """
    with command("case.supplement", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.supplement", case)
        if case.status != Case.Status.CORRECTION:
            raise NotAwaitingCorrection()
        for asks in _before_supplement.values():
            asks(case_id, by, at)
        asked, answers = _asked_of(case)
        _take_in(case, asked, answers)
        if answers:
            _set(case, answers=form_answers.take_in(case, answers, at))
        day = legal_day(at)
        # For a check of just these materials: each round is a clock of its own.
        due_on = clocks.start_round(
            root_id=case.pk, clock=legal.clock(CORRECTION_NOTICE, case.item_type), day=day, by=by
        )
        visits = case.visits + (by.kind == "staff")  # brought to the window: 到现场次数
        _set(case, status=Case.Status.RECEIVED, received_on=day, due_on=due_on, visits=visits)
        cmd.note(materials=[m.code for m in asked], fields=[row.path for row in answers])
        cmd.publish(CaseSupplemented(case.pk, case.number, case.item_code, case.applicant_id, day))
        return cmd.done(Done(case.pk, case.status))


def refuse_acceptance(
    *, case_id: UUID, ground: str, reason: str, organ: str = "", by: Actor, at: Instant, key: UUID
) -> Done:
    """
    Not take an application in: not_required is told at once (行政许可法 32(1)), not_competent names the organ that
    is (32(2)), false_statement is 78. Each with its reason, a dated and sealed paper, and the remedies.

    Open as long as the case waits, also after the five days of 32(4): what is deemed there is the acceptance of
    an application whose *materials* nobody complained of. Silence makes no organ competent and no licence needed,
    and 32(1) and (2) know no such consequence; they say 即时 (at once), so that the ledger notes how late it is.
    Once the acceptance is written down, by an officer or by the sweep, the answer is a decision, with reasons and
    remedies (38, second paragraph): docs/decisions/0005.
    Raises NotReceived, GroundUnknown, OrganMissing or ReasonMissing.
    """
    with command("case.refuse_acceptance", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.refuse_acceptance", case)
        _require_received(case)
        why = _not_taken_in(case.item_type, ground, reason, organ)
        late, day = _notice_is_late(case, at), legal_day(at)
        clocks.stop(root_id=case.pk, by=by)
        _set(case, status=NON_ACCEPTANCE_GROUNDS[ground].status, due_on=None)
        number = papers.not_taken_in(case, selectors.definition_of(case), why, at)
        cmd.insert(
            Decision(
                case=case,
                kind=case.status,
                document_number=number,
                ground=ground,
                competent_organ=why.organ,
                reasons=why.reason,
                post_id=by.post_id,
                person_id=by.id,
                at=at,
            )
        )
        cmd.note(ground=ground, document_number=number, late=late)
        cmd.note_digest(reason=why.reason)
        cmd.publish(CaseNotAccepted(case.pk, case.number, case.item_code, case.applicant_id, day, ground))
        return cmd.done(Done(case.pk, case.status))


def _not_taken_in(item_type: str, ground: str, reason: str, organ: str) -> NotTakenIn:
    if ground not in NON_ACCEPTANCE_GROUNDS:
        raise GroundUnknown(field="ground", law=legal.bracketed("not_taken_in", item_type))
    organ = organ.strip() if ground == "not_competent" else ""
    if ground == "not_competent" and not organ:
        raise OrganMissing(field="organ", law=legal.bracketed("not_competent", item_type))
    if not reason.strip():
        raise ReasonMissing(field="reason")
    return NotTakenIn(ground, reason.strip(), organ)


def _require_received(case: Case) -> None:
    if case.status not in rules.ALLOWED_IN["case.accept"]:
        raise NotReceived()


def _notice_is_late(case: Case, at: Instant) -> bool:
    """The five days of 行政许可法 32(4) are over; `due_on` is their copy while the case waits."""
    return case.due_on is not None and legal_day(at) > case.due_on


# What `begin` changes of a case.
BEGUN = ("status", "accepted_on", "deemed_accepted", "due_on", "instance_id")


@dataclass(frozen=True)
class Begun:
    """An application that is accepted: its clocks, the tasks that opened."""

    definition: Definition
    clocked: RootClocks
    opened: tuple[NewTask, ...]


def accept(cmd: Command, case: Case) -> Acceptance:
    """Accept inside a command, and ask for the notice."""
    begun = begin(cmd, case)
    case.save(update_fields=BEGUN)
    papers.acceptance_notice(case, begun.definition, begun.clocked, gaps.owed_materials(case), cmd.at)
    assert case.accepted_on is not None and case.due_on is not None
    return Acceptance(case.pk, case.accepted_on, case.due_on)


def begin(cmd: Command, case: Case, *, on_the_spot: bool = False) -> Begun:
    """
    Stop the notice clock, start the licence clocks and the process. The caller saves the columns BEGUN and asks for
    the notice; where it is decided in the same command (`on_the_spot`) the paper of that decision says both.
    """
    definition, deemed = selectors.definition_of(case), _notice_is_late(case, cmd.at)
    started_by = StartedBy.DEEMED_ACCEPTED if deemed else StartedBy.ACCEPTED
    today = legal_day(cmd.at)
    accepted_on = case.received_on if deemed else today
    # 建筑法 8 and its like count from the day the application came, whenever it is accepted.
    counted_from = case.received_on if definition.clocks.statutory.from_receipt else accepted_on
    clocked = clocks.hand_over(
        root_id=case.pk, clocks=catalogue.clock_specs(definition, started_by), day=counted_from, by=cmd.by
    )
    assert clocked.binding is not None
    due_on = clocked.binding.due_on
    assert due_on is not None
    started = process.start(
        root_id=case.pk,
        owner=OWNER,
        plan=catalogue.plan_digest(case.revision_id, case.handling_code),
        data=flow_data(case),
        by=cmd.by,
        at=cmd.at,
    )
    case.status, case.deemed_accepted = Case.Status.ACCEPTED, deemed
    case.accepted_on, case.due_on, case.instance_id = accepted_on, due_on, started.instance_id
    gaps.start(case, definition, by=cmd.by, at=cmd.at)
    cmd.note(accepted_on=accepted_on, due_on=due_on, deemed=deemed)
    about = (case.pk, case.number, case.item_code, case.applicant_id)
    cmd.publish(CaseAccepted(*about, accepted_on, due_on, deemed, on_the_spot))
    return Begun(definition, clocked, started.opened)


def _mark_asked(
    case: Case, asked: Sequence[Asked], fields: Sequence[Asked], at: Instant
) -> tuple[list[CaseMaterial], list[AskedAnswer]]:
    """All materials of the case, those asked for marked; and the fields of the form asked for."""
    every = [*asked, *fields]
    if not every or any(not a.what.strip() for a in every):
        raise NothingAsked(field="asked")
    rows = CaseMaterial.objects.filter(case=case).annotate(paths=form_answers.paths_asked())
    materials = {m.code: m for m in rows.order_by("position")}
    if any(a.code not in materials for a in asked):
        raise MaterialUnknown()
    paths = next((m.paths for m in materials.values()), None)
    questions = form_answers.questions_of(case, paths)
    known: list[rules.HasState] = [*materials.values(), *questions]
    before = any(one.state in ASKED_BEFORE for one in known)
    if anew := [
        *rules.asked_anew(asked, list(materials.values()), before),
        *rules.asked_anew(fields, questions, before),
    ]:
        raise CorrectionAskedBefore(name=anew[0], law=legal.bracketed("correction", case.item_type))
    for a in asked:
        material = materials[a.code]
        material.state, material.asked = CaseMaterial.State.ASKED, a.what.strip()
    CaseMaterial.objects.bulk_update([materials[a.code] for a in asked], ["state", "asked"])
    return list(materials.values()), form_answers.mark(case, questions, fields, at)


def _asked_of(case: Case) -> tuple[list[CaseMaterial], list[AskedAnswer]]:
    """What the last notice asked for: materials, and fields of the form, read only where one was ever named."""
    rows = CaseMaterial.objects.filter(case=case).annotate(paths=form_answers.paths_asked())
    materials = list(rows.order_by("position"))
    named = any(m.paths for m in materials) or not materials
    asked = [m for m in materials if m.state == CaseMaterial.State.ASKED]
    return asked, selectors.asked_answers(case) if named else []


def _take_in(case: Case, asked: Sequence[CaseMaterial], answers: Sequence[AskedAnswer]) -> None:
    names = {m.code: m.name for m in asked}
    untyped = {row.path: row.name for row in answers if not row.given}
    pending = selectors.pending_files(case.pk) if asked else []
    missing = rules.missing_materials(names, (f.material_code for f in pending))
    if untyped:
        raise AnswersMissing(list(untyped), list(untyped.values()))
    if missing:
        raise MaterialsMissing(missing, [names[code] for code in missing])
    if not asked:
        return
    current, waiting = MaterialFile.State.CURRENT, MaterialFile.State.PENDING
    files = MaterialFile.objects.filter(
        root_id=case.pk, material_code__in=names, state__in=(current, waiting)
    )
    files.update(
        state=Either(When(state=waiting, then=Value(current)), default=Value(MaterialFile.State.REPLACED))
    )
    # A file now, whatever stood for it before: a promise, or a certificate that did not fit.
    CaseMaterial.objects.filter(case=case, code__in=names).update(
        state=CaseMaterial.State.SUPPLEMENTED, how=CaseMaterial.How.UPLOAD, source_id=None, copies=0
    )


def _set(case: Case, **values: object) -> None:
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=list(values))
