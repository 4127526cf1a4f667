"""
裁量: what an officer sets in a decision, beside the row of the 裁量基准 that applies to the case.

Inside the range she decides as ever. Outside she says why, and another person at the post the definition names agrees
before anything is decided (services/second_word.py): until then no number is taken, no clock stops, nobody outside
hears of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from mingqu.cases import papers, selectors
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.errors import DiscretionMissing, DiscretionUnexplained, DiscretionWaits
from mingqu.cases.events import DiscretionAsked
from mingqu.cases.models import Case, Discretion
from mingqu.cases.services import seconds
from mingqu.catalogue.types import CENT, LARGEST, MOST_YEARS, VALID_YEARS, Applied, number_words
from mingqu.kernel.commands import Command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Instant

State = Discretion.State


@dataclass(frozen=True)
class Setting:
    """
    What is set by one 裁量基准; `why` is said of what lies outside of it. `post` (by code) is to agree to that, where
    the post the definition names may not: nobody reviews who is above.
    """

    value: Decimal | int | None = None
    why: str = field(default="", repr=False)
    post: str = ""


@dataclass(frozen=True)
class Choice:
    """What an officer decides, and what each 裁量基准 asks for; `more`: from the second table on."""

    outcome: str
    reasons: str = field(repr=False)
    value: Decimal | int | None = None
    why: str = field(default="", repr=False)
    post: str = ""
    more: tuple[Setting, ...] = ()

    def of(self, table: int) -> Setting:
        """What is set by the table of this place, from 1."""
        if table == 1:
            return Setting(self.value, self.why, self.post)
        return self.more[table - 2] if table - 2 < len(self.more) else Setting()


def field_of(name: str, table: int) -> str:
    """The field of a form for the table of this place: value, value_2."""
    return name if table == 1 else f"{name}_{table}"


def used(cmd: Command, case: Case, task_id: UUID, choice: Choice, organ: papers.Organ) -> list[Discretion]:
    """
    The rows of what is decided, one for each 裁量基准, not saved yet: all `within`, or some `waiting` and the others
    held for them. Empty without a 裁量基准.

    Raises DiscretionWaits (one waits already), DiscretionMissing, DiscretionUnexplained, DiscretionSubordinate,
    DiscretionPostUnfit.
    """
    found = uses.applied_to(case, selectors.definition_of(case))
    if not found:
        return []
    before = uses.open_of(case)
    if any(row.task_id == task_id for row in before):
        raise DiscretionWaits()
    for row in before:  # of a decision that was taken away meanwhile
        cmd.change(row, state=State.DROPPED, answered_at=cmd.at)
    rows = [_row(cmd, case, one, choice) for one in found]
    waits = any(row.state == State.WAITING for row in rows)
    for row in rows:
        row.task_id, row.organ_code, row.organ_name = task_id, organ.code, organ.name
        if waits and row.state == State.WITHIN:
            row.state = State.HELD
    return rows


def _row(cmd: Command, case: Case, found: Applied, choice: Choice) -> Discretion:
    """What is set by one table: within its range, or explained and waiting for the second person."""
    setting = choice.of(found.table)
    _require_value(found, choice.outcome, setting)
    value = setting.value if choice.outcome == Case.Outcome.GRANTED else None
    inside = found.inside(choice.outcome, value)
    why = "" if inside else setting.why.strip()
    if not inside and len(why) < found.of.reason_signs:
        raise DiscretionUnexplained(field=field_of("why", found.table), least=found.of.reason_signs)
    assert cmd.by.post_id is not None  # access let nobody else through
    rule = found.rule
    return Discretion(
        case=case,
        id=new_id(),
        table=found.table,
        state=State.WITHIN if inside else State.WAITING,
        name=found.of.name,
        unit=found.of.unit,
        rule=found.number,
        says=rule.says if rule else "",
        law=rule.basis.law if rule else "",
        article=rule.basis.article if rule else 0,
        paragraph=rule.basis.paragraph if rule else 0,
        least=rule.bottom if rule else None,
        most=rule.top if rule else None,
        to_be=rule.outcome if rule else "",
        outcome=choice.outcome,
        value=value,
        why=why,
        person_id=cmd.by.id,
        post_id=cmd.by.post_id,
        at=cmd.at,
        second_post="" if inside else seconds.second_post(case, found, setting.post, cmd.by, cmd.at),
    )


def _require_value(found: Applied, outcome: str, setting: Setting) -> None:
    """Of a grant: a whole number, or one with two decimals, from the least to the most there may be."""
    if outcome != Case.Outcome.GRANTED:
        return
    of, years = found.of, found.of.sets == VALID_YEARS
    least, most = (1, MOST_YEARS) if years else (0, LARGEST)
    value = None if setting.value is None else Decimal(setting.value)
    kind = "最多两位小数的数" if of.two_decimals else "整数"
    step = CENT if of.two_decimals else Decimal(1)
    if value is None or not value.is_finite() or not least <= value <= most or value % step:
        name = field_of("value", found.table)
        raise DiscretionMissing(field=name, name=of.name, unit=of.unit, least=least, kind=kind)


def ask(cmd: Command, case: Case, rows: Sequence[Discretion], reasons: str) -> None:
    """Written down and sent to the posts that are to agree; nothing is decided."""
    whose = (case.pk, case.number, case.item_code, case.applicant_id)
    for row in rows:
        row.reasons = reasons
        cmd.insert(row)
        if row.state == State.WAITING:
            cmd.publish(DiscretionAsked(*whose, row.id, row.second_post))
    cmd.turns_out("case.ask_discretion")
    note(cmd, rows)


def keep(cmd: Command, rows: Sequence[Discretion], day: date) -> None:
    """What was decided within the ranges, beside its decision."""
    for row in rows:
        row.decided_on = day
        cmd.insert(row)
    note(cmd, rows)


def note(cmd: Command, rows: Sequence[Discretion]) -> None:
    """For the ledger: of each table the row, its article and range, what was set; the reasons as a digest."""
    if not rows:
        return
    told = [
        {
            "discretion": str(row.state),
            "rule": row.rule,
            "law": row.law,
            "article": row.article,
            "least": plain(row.least),
            "most": plain(row.most),
            "value": plain(row.value),
        }
        for row in rows
    ]
    if len(told) == 1:
        cmd.note(**told[0])
    else:
        cmd.note(discretions=[{"table": row.table} | one for row, one in zip(rows, told, strict=True)])
    cmd.note(outcome=rows[0].outcome)
    if why := {field_of("why", row.table): row.why for row in rows if row.why}:
        cmd.note_digest(**why)


def plain(value: Decimal | int | None) -> int | str | None:
    """As the ledger keeps numbers: whole ones as such, others as they are written."""
    if value is None:
        return None
    return int(value) if value == int(value) else number_words(Decimal(value))


def leave(
    case: Case, at: Instant, *, task_ids: Sequence[UUID] | None = None, person_id: UUID | None = None
) -> None:
    """
    The decision that waits is not made: the case ended, its step was left (these tasks) or given away, or who set the
    value stands aside. No statement where the item has no 裁量基准.
    """
    for row in uses.open_of(case):
        if task_ids is not None and row.task_id not in task_ids:
            continue
        if person_id is None or row.person_id == person_id:
            row.state, row.answered_at = State.DROPPED, at
            row.save(update_fields=["state", "answered_at"])


def leave_by_itself(case_id: UUID, task_ids: Sequence[UUID], at: Instant) -> None:
    """A timer took these tasks away; the row of the case is not touched."""
    rows = Discretion.objects.filter(case_id=case_id, state__in=uses.OPEN, task_id__in=task_ids)
    rows.update(state=State.DROPPED, answered_at=at)
