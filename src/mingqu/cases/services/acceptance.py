"""From received to accepted, or not: 受理, 一次性告知补正, 补正, 视为受理, 不予受理 (行政许可法 32)."""

from collections.abc import Sequence
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Case as Either
from django.db.models import Value, When

from mingqu.cases import papers, rules, selectors
from mingqu.cases.errors import (
    AskedTooLate,
    CorrectionAskedBefore,
    MaterialsMissing,
    MaterialUnknown,
    NotAwaitingCorrection,
    NothingAsked,
    NotReceived,
    ReasonMissing,
)
from mingqu.cases.events import CaseAccepted, CaseNotAccepted, CaseSupplemented, CorrectionAsked
from mingqu.cases.models import Case, CaseMaterial, Decision, MaterialFile
from mingqu.cases.types import Acceptance, Asked, Done
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import ClockRule, Definition
from mingqu.clocks import services as clocks
from mingqu.clocks.types import (
    CORRECTION_NOTICE,
    Approver,
    Article,
    ClockSpec,
    ExtensionRule,
    Kind,
    StartedBy,
    Unit,
)
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import services as process

OWNER = "cases"
DEEMING = Actor.system("deemed-acceptance")


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
        return cmd.done(_accept(cmd, case, deemed=_notice_is_late(case, at)))


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
        return cmd.done(_accept(cmd, case, deemed=True))


def ask_correction(*, case_id: UUID, asked: Sequence[Asked], by: Actor, at: Instant, key: UUID) -> Done:
    """
    Tell the applicant, at one time, everything that must be corrected (一次性告知补正).

    Raises NotReceived, NothingAsked, MaterialUnknown, CorrectionAskedBefore (something the first notice did
    not ask for) or AskedTooLate (the five days are over: it is accepted by law).
    """
    with command("case.ask_correction", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.ask_correction", case)
        _require_received(case)
        if _notice_is_late(case, at):
            raise AskedTooLate()
        materials = _mark_asked(case, asked)
        clocks.stop(root_id=case.pk, by=by)
        _set(case, status=Case.Status.CORRECTION, due_on=None)
        papers.correction_notice(case, materials, at)
        codes = [a.code for a in asked]
        cmd.note(materials=codes)
        cmd.publish(
            CorrectionAsked(case.pk, case.number, case.item_code, case.applicant_id, legal_day(at), codes)
        )
        return cmd.done(Done(case.pk, case.status))


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
        asked = [m for m in selectors.materials_of(case) if m.state == CaseMaterial.State.ASKED]
        _take_in(case, asked)
        day = legal_day(at)
        # For a check of just these materials: each round is a clock of its own.
        due_on = clocks.start_round(root_id=case.pk, clock=CORRECTION_NOTICE, day=day, by=by)
        _set(case, status=Case.Status.RECEIVED, received_on=day, due_on=due_on)
        cmd.note(materials=[m.code for m in asked])
        cmd.publish(CaseSupplemented(case.pk, case.number, case.item_code, case.applicant_id, day))
        return cmd.done(Done(case.pk, case.status))


def refuse_acceptance(*, case_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    不予受理 (行政许可法 32(1), 32(2)): no licence is needed, or another organ is competent; the reason says which.

    Raises NotReceived, ReasonMissing or AskedTooLate.
    """
    with command("case.refuse_acceptance", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.refuse_acceptance", case)
        _require_received(case)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        if _notice_is_late(case, at):
            raise AskedTooLate()
        day = legal_day(at)
        clocks.stop(root_id=case.pk, by=by)
        _set(case, status=Case.Status.NOT_ACCEPTED, due_on=None)
        number = papers.not_accepted_notice(case, selectors.definition_of(case), reason.strip(), at)
        _decide(case, Decision.Kind.NOT_ACCEPTED, number, reason.strip(), by, at)
        cmd.note_digest(reason=reason.strip())
        cmd.publish(CaseNotAccepted(case.pk, case.number, case.item_code, case.applicant_id, day))
        return cmd.done(Done(case.pk, case.status))


def _require_received(case: Case) -> None:
    if case.status not in rules.ALLOWED_IN["case.accept"]:
        raise NotReceived()


def _notice_is_late(case: Case, at: Instant) -> bool:
    """The five days of 行政许可法 32(4) are over; `due_on` is their copy while the case waits."""
    return case.due_on is not None and legal_day(at) > case.due_on


def _accept(cmd: Command, case: Case, *, deemed: bool) -> Acceptance:
    """Stop the notice clock, start the licence clocks and the process, ask for the notice."""
    definition = selectors.definition_of(case)
    today = legal_day(cmd.at)
    accepted_on = case.received_on if deemed else today
    clocked = clocks.hand_over(
        root_id=case.pk, clocks=clock_specs(definition, deemed), day=accepted_on, by=cmd.by
    )
    assert clocked.binding is not None
    due_on = clocked.binding.due_on
    assert due_on is not None
    started = process.start(
        root_id=case.pk,
        owner=OWNER,
        plan=catalogue.plan_digest(case.revision_id, case.handling_code),
        data=_flow_data(case),
        by=cmd.by,
        at=cmd.at,
    )
    _set(
        case,
        status=Case.Status.ACCEPTED,
        accepted_on=accepted_on,
        deemed_accepted=deemed,
        due_on=due_on,
        instance_id=started.instance_id,
    )
    papers.acceptance_notice(case, definition, clocked, cmd.at)
    cmd.note(accepted_on=accepted_on, due_on=due_on, deemed=deemed)
    cmd.publish(
        CaseAccepted(case.pk, case.number, case.item_code, case.applicant_id, accepted_on, due_on, deemed)
    )
    return Acceptance(case.pk, accepted_on, due_on)


def clock_specs(definition: Definition, deemed: bool) -> list[ClockSpec]:
    """The statutory and the promised clock of a definition."""
    started_by = StartedBy.DEEMED_ACCEPTED if deemed else StartedBy.ACCEPTED
    return [
        _spec(Kind.STATUTORY, definition.clocks.statutory, started_by),
        _spec(Kind.PROMISED, definition.clocks.promised, started_by),
    ]


def _spec(kind: Kind, rule: ClockRule, started_by: StartedBy) -> ClockSpec:
    extension = rule.extension and ExtensionRule(
        rule.extension.limit,
        Approver(rule.extension.approver),
        Article(rule.extension.law, rule.extension.article),
    )
    return ClockSpec(
        kind,
        rule.limit,
        Unit(rule.unit),
        article=Article(rule.law, rule.article) if rule.law else None,
        started_by=started_by,
        extension=extension,
    )


def _flow_data(case: Case) -> dict[str, object]:
    """What conditions of steps may ask about: the situation, nothing personal."""
    return {"situation": dict(case.situation)}


def _mark_asked(case: Case, asked: Sequence[Asked]) -> list[CaseMaterial]:
    """All materials of the case, those asked for marked."""
    if not asked or any(not a.what.strip() for a in asked):
        raise NothingAsked(field="asked")
    materials = {m.code: m for m in selectors.materials_of(case)}
    if any(a.code not in materials for a in asked):
        raise MaterialUnknown()
    before = any(m.state != CaseMaterial.State.GIVEN for m in materials.values())
    if anew := rules.asked_anew(asked, list(materials.values()), before):
        raise CorrectionAskedBefore(name=anew[0])
    for a in asked:
        material = materials[a.code]
        material.state, material.asked = CaseMaterial.State.ASKED, a.what.strip()
        material.save(update_fields=["state", "asked"])
    return list(materials.values())


def _take_in(case: Case, asked: Sequence[CaseMaterial]) -> None:
    names = {m.code: m.name for m in asked}
    pending = selectors.pending_files(case.pk)
    if missing := rules.missing_materials(names, (f.material_code for f in pending)):
        raise MaterialsMissing(missing, [names[code] for code in missing])
    current, waiting = MaterialFile.State.CURRENT, MaterialFile.State.PENDING
    files = MaterialFile.objects.filter(
        root_id=case.pk, material_code__in=names, state__in=(current, waiting)
    )
    files.update(
        state=Either(When(state=waiting, then=Value(current)), default=Value(MaterialFile.State.REPLACED))
    )
    CaseMaterial.objects.filter(case=case, code__in=names).update(state=CaseMaterial.State.SUPPLEMENTED)


def _set(case: Case, **values: object) -> None:
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=list(values))


def _decide(case: Case, kind: str, number: str, reasons: str, by: Actor, at: Instant) -> None:
    Decision.objects.create(
        case=case,
        kind=kind,
        document_number=number,
        reasons=reasons,
        post_id=by.post_id,
        person_id=by.id,
        at=at,
    )
