"""
来件 that another system brings: asked of the one the drawing names when the flow begins to wait, noted when it tells
that it is done. What goes there is the number and what is awaited, nothing of the form: the drawing does not say what
of it they need. A system that nobody connected is not asked; an officer notes what comes.
"""

from uuid import UUID, uuid5

from mingqu.cases import events, services
from mingqu.cases.arriving.errors import ArrivalNotAwaited
from mingqu.cases.arriving.selectors import asks_others, awaited_by
from mingqu.cases.arriving.sending import whose
from mingqu.cases.arriving.types import Noted
from mingqu.cases.errors import NotInReview
from mingqu.cases.models import Case
from mingqu.exchange import selectors as exchange
from mingqu.exchange import services as exchange_services
from mingqu.exchange.events import HandoverMoved
from mingqu.exchange.types import FINAL, HandoverView, Order
from mingqu.kernel.commands import require_command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import CommandKey, Instant
from mingqu.process.types import Awaited

PART = "wait:"
"""Before the id of what waits, in the name of a matter in another system; those of steps are ids of tasks."""
DONE = "granted"
NOTHING_SAID = "对方系统已经办结，没有另写说明。"


def ask(root_id: UUID, awaited: Awaited, at: Instant) -> None:
    """The engine began to wait: off the path of whatever brought it there."""
    require_command().publish(events.FlowAsks(*whose(root_id), wait_id=awaited.wait_id))


@subscriber("cases.ask_for_what_is_awaited", events.FlowAsks)
def hand_over(event: events.FlowAsks, *, at: Instant) -> None:
    case = Case.objects.get(pk=event.root_id)
    one = next((one for one in awaited_by(case) if one.wait_id == event.wait_id), None)
    if one is None or not exchange.connected(one.sender):
        return
    order = Order(
        root_id=case.pk,
        part=f"{PART}{one.wait_id}",
        where="handed_over",
        system=one.sender,
        number=case.number,
        subject=f"{case.item_name}（{case.handling_item}）：{one.name}"[:200],
        department_id=case.department_id,
        region_code=case.region_code,
        fields=(),
        item_type=case.item_type,
    )
    exchange_services.hand_over(order=order, at=at)


@subscriber("cases.note_what_was_brought", HandoverMoved)
def take(event: HandoverMoved, *, at: Instant) -> None:
    """
    It tells that it is done: once, whatever an officer noted meanwhile. That it will not do it ends nothing here; a
    person looks at it.
    """
    known = exchange.handover(event.root_id, event.handover_id)
    if not event.part.startswith(PART) or event.state not in FINAL or known is None:
        return
    if event.state != DONE:
        exchange_services.not_taken(root_id=event.root_id, part=event.part, why="arrival_refused", at=at)
        return
    wait_id = UUID(event.part.removeprefix(PART))
    noted = Noted(wait_id, legal_day(at), _words(known), system=known.system)
    key = CommandKey(uuid5(event.handover_id, "arrival"))
    try:
        services.note_arrival(
            case_id=event.root_id, noted=noted, by=exchange_services.EXCHANGE, at=at, key=key
        )
    except (ArrivalNotAwaited, NotInReview):
        return  # an officer noted it first, or the case goes on without it
    except DomainError as refused:  # the drawing expects it of another system by now: a person looks at it
        exchange_services.not_taken(root_id=event.root_id, part=event.part, why=refused.code, at=at)


def _words(known: HandoverView) -> str:
    result = known.result
    return "，".join(filter(None, (result.number, result.name, known.said))) or NOTHING_SAID


@subscriber("cases.settle_what_came", events.ArrivalCame)
def settle(event: events.ArrivalCame, *, at: Instant) -> None:
    """It is here, whoever noted it: nothing is sent or asked for any more."""
    exchange_services.settle(root_id=event.root_id, part=f"{PART}{event.wait_id}", outcome=DONE, at=at)


@subscriber("cases.call_off_what_is_not_awaited", events.StepCompleted, events.StepReturned)
def call_off(event: events.CaseEvent, *, at: Instant) -> None:
    """What the flow waited for beside a step goes with the step."""
    case = Case.objects.get(pk=event.root_id)
    if not asks_others(case):
        return
    awaited = {f"{PART}{one.wait_id}" for one in awaited_by(case)}
    gone = {part for part in exchange.known_parts(case.pk) if part.startswith(PART)} - awaited
    if gone:
        exchange_services.call_off(root_id=case.pk, parts=gone, at=at)
