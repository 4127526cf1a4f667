"""交接清单: what a post has in hand when it changes hands; tasks stay with the post, the paper says which."""

from dataclasses import dataclass
from datetime import date

from mingqu.cases import selectors as cases
from mingqu.cases.consulting import selectors as consulting
from mingqu.cases.consulting.types import ConsultationLine
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.selectors import claims

MOST = 200


@dataclass(frozen=True)
class StepInHand:
    """`note`: held, lent by another post, or claimed by somebody of this one."""

    number: str
    item: str
    step: str
    day: date | None
    late: bool
    note: str


@dataclass(frozen=True)
class HandOver:
    """`more`: the post has more open steps than the slip lists."""

    steps: tuple[StepInHand, ...]
    more: bool
    to_answer: tuple[ConsultationLine, ...]
    asked: tuple[ConsultationLine, ...]

    @property
    def empty(self) -> bool:
        return not (self.steps or self.to_answer or self.asked)


def hand_over(actor: Actor, at: Instant) -> HandOver:
    """Of the acting post: its open steps, what it is to answer, and what it asked others and waits for."""
    today, own = legal_day(at), identity.acting_post(actor)
    if own is None:
        return HandOver((), False, (), ())
    found = cases.steps_waiting(actor, own.code, cases.StepsWanted(), limit=MOST + 1)
    lent = identity.posts_by_code(one.task.lent for one in found if one.task.lent)
    marks = claims.marks(actor, [one.task for one in found], today)
    steps = tuple(
        StepInHand(
            one.case.number,
            one.case.item_name,
            one.task.name,
            one.day,
            one.day is not None and one.day < today,
            "；".join(
                words
                for words in (
                    "挂起" if one.task.held else "",
                    f"{lent[one.task.lent].name}委派，办完交回" if one.task.lent in lent else "",
                    marks[one.task.task_id].words if one.task.task_id in marks else "",
                )
                if words
            ),
        )
        for one in found[:MOST]
    )
    asked = consulting.page_of(actor, "asked", today).lines
    return HandOver(
        steps,
        len(found) > MOST,
        consulting.page_of(actor, "waiting", today).lines,
        tuple(one for one in asked if one.state == "asked"),
    )
