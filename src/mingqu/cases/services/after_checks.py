"""
告知承诺事后核查: what was promised in place of a material is checked after the decision, within the time the
definition says; a promise that was not true is told to the applicant and to whoever keeps credit records.
"""

from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import rules, selectors
from mingqu.cases.errors import (
    CheckDone,
    CheckFindingMissing,
    CheckTextMissing,
    CheckUnknown,
    NotDecided,
)
from mingqu.cases.events import CommitmentBroken
from mingqu.cases.models import AfterCheck, CaseMaterial
from mingqu.cases.types import Done
from mingqu.clocks import selectors as clocks
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

PLANNER = Actor.system("after-checks")


def plan_after_checks(*, case_id: UUID, at: Instant) -> list[UUID]:
    """
    One duty to check for every promise a granted case rests on, due `check_within` working days after the decision.

    Called after the decision, off its path; a case without promises is left as it is. Safe to repeat.
    """
    promised = list(
        CaseMaterial.objects.filter(case_id=case_id, how=CaseMaterial.How.COMMITMENT).order_by("position")
    )
    if not promised:
        return []
    key = uuid5(NAMESPACE_URL, f"mingqu:after-checks:{case_id}")
    with command("case.plan_after_checks", case_id, by=PLANNER, at=at, key=key) as cmd:
        if cmd.repeated:
            return []
        case = selectors.case_for_update(case_id)
        assert case.decided_on is not None
        definition, calendar = selectors.definition_of(case), clocks.current_calendar()
        made = []
        for material in promised:
            commitment = definition.commitment(definition.material(material.code).source.of)
            due_on = calendar.add_working_days(case.decided_on, commitment.check_within)
            made.append(
                AfterCheck(
                    case=case, material_code=material.code, department_id=case.department_id, due_on=due_on
                )
            )
        cmd.insert(*made)
        cmd.note(materials=[check.material_code for check in made], due_on=max(c.due_on for c in made))
        cmd.done(None)
        return [check.id for check in made]


def check_commitment(
    *, case_id: UUID, check_id: UUID, finding: str, text: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    Record what the check found: kept or broken, with how it was checked. Once; it is not changed afterwards.

    What follows from a broken promise (撤销许可, 行政许可法 69; the credit record) is decided by its own command.
    Raises NotAuthorised, NotDecided, CheckUnknown, CheckDone, CheckFindingMissing, CheckTextMissing.
    """
    with command("case.check_commitment", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.check_commitment", case)
        if case.status not in rules.ALLOWED_IN["case.check_commitment"]:
            raise NotDecided()
        check = AfterCheck.objects.filter(case=case, id=check_id).first()
        if check is None:
            raise CheckUnknown()
        if check.finding:
            raise CheckDone()
        if finding not in (AfterCheck.Finding.KEPT, AfterCheck.Finding.BROKEN):
            raise CheckFindingMissing(field="finding")
        if not text.strip():
            raise CheckTextMissing(field="text")
        day = legal_day(at)
        check.finding, check.text, check.done_on = finding, text.strip(), day
        check.post_id, check.person_id = by.post_id, by.id
        check.save(update_fields=["finding", "text", "done_on", "post_id", "person_id"])
        cmd.note(material=check.material_code, finding=finding, late=day > check.due_on)
        cmd.note_digest(text=text.strip())
        if finding == AfterCheck.Finding.BROKEN:
            whose = (case.pk, case.number, case.item_code, case.applicant_id)
            cmd.publish(CommitmentBroken(*whose, check.id, check.material_code, day))
        return cmd.done(Done(case.pk, case.status))
