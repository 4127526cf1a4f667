"""
Many cases of one item at once: what may be accepted or granted together, and why each of the others may not.

Only what needs no second thought is offered: whoever doubts opens the case. Granting is for simple cases: no visit, no
special procedure, nothing owed, nothing found not met, nothing marked as wrong.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.selectors.words import clock_words, no_clock_words
from mingqu.workbench.types import ClockWords

if TYPE_CHECKING:
    from mingqu.cases.models import Case, CaseMaterial, Opinion
    from mingqu.cases.worklists import Waiting

MOST = 30  # cases in one go: a list one can look through
SEEN = 200  # of what waits, when items are listed
FINE = frozenset({"given", "supplemented", "brought", "absent"})


@dataclass(frozen=True)
class BatchRow:
    """A case of the batch; `why` says what keeps it out, empty if it may be taken in."""

    number: str
    handling_item: str
    applicant: str  # masked
    clock: ClockWords
    about: str
    why: str


def items_waiting(actor: Actor, kind: str) -> list[tuple[str, str, int]]:
    """Items with what waits among the first of the list: code, name, how many."""
    if kind == "accept":
        waiting = cases.first_received(actor, limit=SEEN)
    else:
        found = _decisions(actor, "", SEEN)
        waiting = [(one.case.item_code, one.case.item_name) for one in found]
    return [(code, name, number) for (code, name), number in Counter(waiting).most_common()]


def batch_rows(actor: Actor, kind: str, item: str, at: Instant) -> list[BatchRow]:
    """The first cases of an item with what speaks against each; a few statements, however many they are."""
    accepting = kind == "accept"
    waiting = (
        [(one, one.due_on) for one in cases.received_of_item(actor, item, limit=MOST)]
        if accepting
        else [(one.case, one.day) for one in _decisions(actor, item, MOST)]
    )
    found = [case for case, _day in waiting]
    ids = [case.pk for case in found]
    materials, wrong = cases.materials_of_many(ids), cases.marked_wrong(ids)
    opinions = {} if accepting else cases.opinions_of_many(ids)
    today, calendar = legal_day(at), clocks.current_calendar()
    rows = []
    for case, day in waiting:
        given = opinions.get(case.pk, [])
        why = _general(case, materials.get(case.pk, []), case.pk in wrong)
        if not why:
            late = case.due_on is not None and case.due_on < today
            why = (
                ("已过五个工作日，请打开单独受理" if late else "")
                if accepting
                else _not_simple(case, given, actor)
            )
        clock = clock_words(day, today, calendar, without=no_clock_words(case))
        about = _papers(materials.get(case.pk, [])) if accepting else _findings(given)
        rows.append(
            BatchRow(case.number, case.handling_item, mask_name(case.applicant_name or ""), clock, about, why)
        )
    return rows


def _decisions(actor: Actor, item: str, limit: int) -> "list[Waiting]":
    """Cases whose decision waits for the acting post, each with the day its own list of steps shows."""
    code = identity.post_code(actor.post_id) if actor.post_id else ""
    if not code:
        return []
    wanted = cases.StepsWanted(item, catalogue.DECIDE)
    return cases.steps_waiting(actor, code, wanted, limit=limit)


def _general(case: "Case", materials: "Sequence[CaseMaterial]", wrong: bool) -> str:
    if case.bundle_id:
        return "属于一件事，请在“一件事”里一起办"
    if case.owes or any(m.state == "owed" for m in materials):
        return "有容缺待补的材料"
    if any(m.state not in FINE for m in materials):
        return "有材料要补正"
    return "有材料标注了问题" if wrong else ""


def _not_simple(case: "Case", opinions: "Sequence[Opinion]", actor: Actor) -> str:
    """Why a decision wants a look of its own."""
    if case.suspended_since:
        return "正在特别程序"
    if case.extended_on or case.returned_inside:
        return "延过期或者退回重办过"
    definition = cases.definition_of(case)
    if definition.discretions:
        return "有裁量基准，请打开单独决定"
    if any(step.kind == "visit" for step in cases.situation_of(case).steps):
        return "有现场核查"
    if case.handling_kind == "cancel":
        return "注销证照，请打开单独决定"
    if any(o.finding != "met" or not all(point[2] for point in o.points) for o in opinions):
        return "有不符合的意见或者要点"
    if any(o.person_id == actor.id for o in opinions):
        return "您本人办理过这件的前面环节"
    return "" if opinions or definition.on_the_spot else "还没有审查意见"


def _papers(materials: "Sequence[CaseMaterial]") -> str:
    given = [m for m in materials if m.state != "absent"]
    return f"{len(given)}份材料齐全"


def _findings(opinions: "Sequence[Opinion]") -> str:
    return "；".join(
        f"{o.step_name}：{'符合' if o.finding == 'met' else o.get_finding_display()}" for o in opinions
    )
