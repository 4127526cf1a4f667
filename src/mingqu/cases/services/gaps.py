"""
容缺: what was promised to follow is brought after acceptance, each material with a clock of its own.

The clock binds the applicant, not the organ: it starts on acceptance, stands beside the statutory one and does
not move it. Nothing happens by itself when it runs out. No law knows a refusal, or an end of the case, because a
promised material did not come; the officer who decides sees that it is missing and decides on what there is
(行政许可法 38). So a missed one is told to the applicant and marked for the officers, and no more.
"""

from collections.abc import Sequence
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import papers, rules, selectors
from mingqu.cases.errors import NotBrought, NothingBrought, NothingOwed
from mingqu.cases.events import OwedBrought, OwedDueSoon, OwedMissed
from mingqu.cases.models import Case, CaseMaterial, MaterialFile
from mingqu.cases.types import Done, Told
from mingqu.catalogue.types import Definition, Material
from mingqu.clocks import selectors as clock_selectors
from mingqu.clocks import services as clocks
from mingqu.clocks.types import ClockKey, ClockSpec, Kind, StartedBy, Unit
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

owed_materials = selectors.owed_materials  # named here for whoever decides
BROUGHT = CaseMaterial.State.BROUGHT
NOTHING, REMINDED, MISSED = CaseMaterial.OwedTold
WATCH = Actor.system("owed-materials")


def start(case: Case, definition: Definition, *, by: Actor, at: Instant) -> None:
    """
    On acceptance, inside its command: the time for each owed material runs, and the paper that says until when is
    asked for. A case that owes nothing costs nothing.

    It runs from the day acceptance is written, also where the law accepted earlier (行政许可法 32(4)): that the
    organ was silent must not shorten the applicant's time.
    """
    owed = owed_materials(case)
    if not owed:
        return
    specs = [_clock(definition.material(material.code)) for material in owed]
    clocks.start(root_id=case.pk, clocks=specs, day=legal_day(at), by=by)
    running = clock_selectors.states([case.pk], at)[case.pk]
    for material in owed:
        deadline = running.of(Kind.GAP, material.code)
        assert deadline is not None
        material.owed_until = deadline.due_on
        material.save(update_fields=["owed_until"])
    papers.gap_promise(case, owed, selectors.promises_of(case), at)


def bring_owed(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """
    容缺补齐: take in the files that wait for owed materials, all of them or some; their time stops.

    Also after the time has run out, as long as nothing is decided. Raises NotAuthorised, NotBrought (not under
    review), NothingOwed or NothingBrought.
    """
    with command("case.bring_owed", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.bring_owed", case)
        if case.status not in rules.ALLOWED_IN["case.bring_owed"]:
            raise NotBrought()
        owed = owed_materials(case)
        if not owed:
            raise NothingOwed()
        waiting = {file.material_code for file in selectors.pending_files(case_id)}
        brought = [material for material in owed if material.code in waiting]
        if not brought:
            raise NothingBrought(field=owed[0].code)
        _take(cmd, case, brought)
        left = [m.code for m in owed if m not in brought]
        case.visits += by.kind == "staff"  # brought to the window: 到现场次数
        case.owes = bool(left)
        case.save(update_fields=["owes", "visits"])
        codes = [m.code for m in brought]
        cmd.note(materials=codes, left=left)
        cmd.publish(
            OwedBrought(case.pk, case.number, case.item_code, case.applicant_id, legal_day(at), codes, left)
        )
        return cmd.done(Done(case.pk, case.status))


def tell_about_owed(*, case_id: UUID, at: Instant) -> Told | None:
    """
    Say once what is due within a working day, and once what did not come in time. None when there is nothing new.

    Called by the sweep; safe to repeat: what was told stands with the material.
    """
    day = legal_day(at)
    key = uuid5(NAMESPACE_URL, f"mingqu:owed:{case_id}:{day.isoformat()}")
    with command("case.tell_about_owed", case_id, by=WATCH, at=at, key=key) as cmd:
        if cmd.repeated:
            return None
        case = selectors.case_for_update(case_id)
        if case.status not in rules.ALLOWED_IN["case.bring_owed"]:
            return None
        soon = clock_selectors.current_calendar().add_working_days(day, 1)
        owed = [(m, m.owed_until) for m in owed_materials(case) if m.owed_until is not None]
        missed = [m for m, until in owed if until < day and m.owed_told != MISSED]
        near = [m for m, until in owed if day <= until <= soon and m.owed_told == NOTHING]
        if not missed and not near:
            return None
        _mark(missed, MISSED)
        _mark(near, REMINDED)
        told = Told([m.code for m in near], [m.code for m in missed])
        _publish(cmd, case, near, missed)
        cmd.note(reminded=told.reminded, missed=told.missed)
        return cmd.done(told)


def _clock(material: Material) -> ClockSpec:
    assert material.may_follow is not None
    follow = material.may_follow
    return ClockSpec(
        Kind.GAP, follow.limit, Unit(follow.unit), ref=material.code, started_by=StartedBy.COMMITTED
    )


def _take(cmd: Command, case: Case, brought: Sequence[CaseMaterial]) -> None:
    codes = [m.code for m in brought]
    waiting = MaterialFile.objects.filter(
        root_id=case.pk, material_code__in=codes, state=MaterialFile.State.PENDING
    )
    waiting.update(state=MaterialFile.State.CURRENT)
    CaseMaterial.objects.filter(case=case, code__in=codes).update(state=BROUGHT)
    clocks.stop(root_id=case.pk, by=cmd.by, keys=[ClockKey(Kind.GAP, code) for code in codes])


def _mark(materials: Sequence[CaseMaterial], told: str) -> None:
    for material in materials:
        material.owed_told = told
        material.save(update_fields=["owed_told"])


def _publish(cmd: Command, case: Case, near: Sequence[CaseMaterial], missed: Sequence[CaseMaterial]) -> None:
    whose = (case.pk, case.number, case.item_code, case.applicant_id)
    for until in sorted({m.owed_until for m in near if m.owed_until}):
        codes = [m.code for m in near if m.owed_until == until]
        cmd.publish(OwedDueSoon(*whose, codes, until))
    for material in missed:
        assert material.owed_until is not None
        cmd.publish(OwedMissed(*whose, material.code, material.owed_until))
