"""
裁量: what an officer sets in a decision, beside the row of the 裁量基准 that applies to the case.

Inside the range she decides as ever. Outside she says why, and another person at the post the definition names agrees
before anything is decided (services/second_word.py): until then no number is taken, no clock stops, nobody outside
hears of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from mingqu.cases import papers, selectors
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.errors import DiscretionMissing, DiscretionUnexplained, DiscretionWaits
from mingqu.cases.events import DiscretionAsked
from mingqu.cases.models import Case, Discretion
from mingqu.catalogue.types import LARGEST, MOST_YEARS, VALID_YEARS, Applied
from mingqu.kernel.commands import Command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Instant

State = Discretion.State


@dataclass(frozen=True)
class Choice:
    """What an officer decides; `value` is what the 裁量基准 asks for, `why` is said of what lies outside of it."""

    outcome: str
    reasons: str = field(repr=False)
    value: int | None = None
    why: str = field(default="", repr=False)


def used(cmd: Command, case: Case, task_id: UUID, choice: Choice, organ: papers.Organ) -> Discretion | None:
    """
    The row of what is decided, not saved yet: `within` or `waiting`; None without a 裁量基准.

    Raises DiscretionWaits (one waits already), DiscretionMissing, DiscretionUnexplained.
    """
    found = uses.applied_to(case, selectors.definition_of(case))
    if found is None:
        return None
    if (row := uses.waiting_of(case)) is not None:
        if row.task_id == task_id:
            raise DiscretionWaits()
        cmd.change(
            row, state=State.DROPPED, answered_at=cmd.at
        )  # of a decision that was taken away meanwhile
    granting = choice.outcome == Case.Outcome.GRANTED
    _require_value(found, choice)
    value = choice.value if granting else None
    inside = found.inside(choice.outcome, value)
    why = "" if inside else choice.why.strip()
    if not inside and len(why) < found.of.reason_signs:
        raise DiscretionUnexplained(field="why", least=found.of.reason_signs)
    assert cmd.by.post_id is not None  # access let nobody else through
    rule = found.rule
    return Discretion(
        case=case,
        id=new_id(),
        task_id=task_id,
        state=State.WITHIN if inside else State.WAITING,
        name=found.of.name,
        unit=found.of.unit,
        rule=found.number,
        says=rule.says if rule else "",
        law=rule.basis.law if rule else "",
        article=rule.basis.article if rule else 0,
        paragraph=rule.basis.paragraph if rule else 0,
        least=rule.lowest if rule else None,
        most=rule.highest if rule else None,
        to_be=rule.outcome if rule else "",
        outcome=choice.outcome,
        value=value,
        why=why,
        person_id=cmd.by.id,
        post_id=cmd.by.post_id,
        organ_code=organ.code,
        organ_name=organ.name,
        at=cmd.at,
        second_post="" if inside else found.of.post,
    )


def _require_value(found: Applied, choice: Choice) -> None:
    years = found.of.sets == VALID_YEARS
    least, most = (1, MOST_YEARS) if years else (0, LARGEST)
    if choice.outcome == Case.Outcome.GRANTED and (choice.value is None or not least <= choice.value <= most):
        raise DiscretionMissing(field="value", name=found.of.name, unit=found.of.unit, least=least)


def ask(cmd: Command, case: Case, row: Discretion, reasons: str) -> None:
    """Written down and sent to the post that is to agree; nothing is decided."""
    row.reasons = reasons
    cmd.insert(row)
    cmd.turns_out("case.ask_discretion")
    note(cmd, row)
    whose = (case.pk, case.number, case.item_code, case.applicant_id)
    cmd.publish(DiscretionAsked(*whose, row.id, row.second_post))


def keep(cmd: Command, row: Discretion, day: date) -> None:
    """What was decided within the range, beside its decision."""
    row.decided_on = day
    cmd.insert(row)
    note(cmd, row)


def note(cmd: Command, row: Discretion) -> None:
    """For the ledger: the row, its article and range, what was set; the reason as a digest."""
    cmd.note(
        discretion=row.state, rule=row.rule, law=row.law, article=row.article, least=row.least, most=row.most
    )
    cmd.note(outcome=row.outcome, value=row.value)
    if row.why:
        cmd.note_digest(why=row.why)


def leave(
    case: Case, at: Instant, *, task_ids: Sequence[UUID] | None = None, person_id: UUID | None = None
) -> None:
    """
    The decision that waits is not made: the case ended, its step was left (these tasks) or given away, or who set the
    value stands aside. No statement where the item has no 裁量基准.
    """
    row = uses.waiting_of(case)
    if row is None or (task_ids is not None and row.task_id not in task_ids):
        return
    if person_id is not None and row.person_id != person_id:
        return
    row.state, row.answered_at = State.DROPPED, at
    row.save(update_fields=["state", "answered_at"])


def leave_by_itself(case_id: UUID, task_ids: Sequence[UUID], at: Instant) -> None:
    """A timer took these tasks away; the row of the case is not touched."""
    rows = Discretion.objects.filter(case_id=case_id, state=State.WAITING, task_id__in=task_ids)
    rows.update(state=State.DROPPED, answered_at=at)
