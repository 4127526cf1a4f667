"""
What of a case or a bundle another system decides: given to the room of exchange when its turn comes, and taken back
from there. The exchange keeps what was sent and what was told; here both are joined with parts and steps.
"""

from uuid import UUID, uuid5

from django.urls import reverse

from mingqu.cases import events, selectors
from mingqu.cases.arriving.asking import PART as AWAITED
from mingqu.cases.bundles import events as bundle_events
from mingqu.cases.bundles import selectors as bundles
from mingqu.cases.bundles import services as bundle_services
from mingqu.cases.bundles.errors import BundleRefusal
from mingqu.cases.bundles.types import OutsideResult
from mingqu.cases.models import Bundle, BundlePart, Case, Opinion
from mingqu.cases.picture import ELSEWHERE
from mingqu.catalogue.bundles import selectors as bundle_catalogue
from mingqu.catalogue.bundles.types import External
from mingqu.catalogue.types import Step
from mingqu.exchange import selectors as exchange
from mingqu.exchange import services
from mingqu.exchange.events import HandoverMoved
from mingqu.exchange.types import FINAL, HandoverView, Order, SheetField
from mingqu.forms import services as forms
from mingqu.identity import selectors as identity
from mingqu.kernel import training
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import CommandKey, Instant
from mingqu.notifications import services as notifications
from mingqu.process import selectors as tasks
from mingqu.process.types import TaskRow

APPLICANT, FORM = "申请人", "申请内容"


def hand_over_part(bundle_id: UUID, code: str, at: Instant) -> UUID | None:
    """A part of a bundle whose turn it is in another system; once. None where it does not wait for it any more."""
    bundle = Bundle.objects.select_related("lead").get(pk=bundle_id)
    parts = bundles.parts_of(bundle)
    row = bundles.part_of(parts, code)
    if row.state != BundlePart.State.OUTSIDE:
        return None
    document = bundle_catalogue.document(bundle.revision_id)
    part = document.part(code)
    assert part.external is not None
    order = Order(
        root_id=bundle.pk,
        part=code,
        where=part.where,
        system=part.external.system,
        number=bundle.number,
        subject=f"{bundle.name}：{row.name}"[:200],
        department_id=row.department_id,
        region_code=bundle.region_code,
        fields=(*_of_applicant(bundle), *_of_bundle_form(bundle, parts, part.external)),
        within=part.external.limit,
        post_id=_post_id(part.external.post),
    )
    return services.hand_over(order=order, at=at)


def hand_over_steps(case_id: UUID, at: Instant) -> int:
    """Every open step of a case that its definition gives to another system; how many wait for one. Safe to repeat."""
    case = Case.objects.get(pk=case_id)
    away = _steps_away(case)
    if not away or case.status != Case.Status.ACCEPTED:
        return 0
    found = [task for task in tasks.open_tasks(case_id) if task.step in away]
    for task in found:
        step = away[task.step]
        services.hand_over(order=_of_step(case, task, step.where, step.system, step.limit), at=at)
    return len(found)


def _steps_away(case: Case) -> dict[str, Step]:
    definition = selectors.definition_of(case)
    return {step.id: step for step in [*definition.steps, definition.decide] if step.where in ELSEWHERE}


def views_of(root_id: UUID) -> dict[str, HandoverView]:
    """By part or task; one statement. The caller has checked that the root may be seen."""
    return exchange.views_of(root_id)


def _of_step(case: Case, task: TaskRow, where: str, system: str, limit: int) -> Order:
    definition = selectors.definition_of(case)
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    rows = forms.rows(schema, case.answers or {}, reveal=True)
    return Order(
        root_id=case.pk,
        part=str(task.task_id),
        where=where,
        system=system,
        number=case.number,
        subject=f"{case.item_name}（{case.handling_item}）：{task.name}"[:200],
        department_id=case.department_id,
        region_code=case.region_code,
        fields=(*_of_applicant(case), *(SheetField(row.title, row.text, FORM) for row in rows)),
        item_type=case.item_type,
        within=limit,
        post_id=_post_id(task.post),
    )


def _of_applicant(owner: Case | Bundle) -> tuple[SheetField, ...]:
    firm = owner.party_kind == Case.PartyKind.FIRM
    rows = [SheetField("申请人姓名", owner.applicant_name or "", APPLICANT)]
    if firm:
        rows.append(SheetField("申请单位", owner.party_name or "", APPLICANT))
    return tuple(rows)


def _of_bundle_form(bundle: Bundle, parts: list[BundlePart], external: External) -> tuple[SheetField, ...]:
    """Of the one form what this matter needs and nothing else: the fields and questions that its definition names."""
    form = bundle_catalogue.merged_form(*bundles.needed(bundle, parts))
    schema = forms.known_schema(form.schema, form.pages)
    rows = forms.rows(schema, bundle.answers or {}, reveal=True)
    asked = bundle_catalogue.document(bundle.revision_id).situations
    chosen = [
        SheetField(one.text, one.options.get(str(bundle.situation[one.ask]), ""), FORM)
        for one in asked
        if one.ask in external.sends and not one.many and one.ask in bundle.situation
    ]
    return (*chosen, *(SheetField(row.title, row.text, FORM) for row in rows if row.path in external.sends))


def _post_id(code: str) -> UUID | None:
    """Of the post that answers for it; None where it is gone: then who reconciles does."""
    if not code:
        return None
    try:
        return identity.post_by_code(code).pk
    except NotFound:
        return None


# What is heard ---------------------------------------------------------------------------------------------------


@subscriber("cases.hand_over_parts", bundle_events.PartsOutside)
def hand_over_parts(event: bundle_events.PartsOutside, *, at: Instant) -> None:
    """Off the path that files a bundle."""
    for code in event.parts:
        hand_over_part(event.root_id, code, at)


@subscriber("cases.settle_part", bundle_events.OutsideEnded)
def settle_part(event: bundle_events.OutsideEnded, *, at: Instant) -> None:
    """Entered by a clerk or taken from what was told: nothing more is carried over."""
    if event.outcome == BundlePart.State.WITHDRAWN:
        services.call_off(root_id=event.root_id, parts=[event.part], at=at)
    else:
        services.settle(root_id=event.root_id, part=event.part, outcome=event.outcome, at=at)


@subscriber("cases.hand_over_steps", events.CaseAccepted, events.StepCompleted, events.StepReturned)
def hand_over_opened(event: events.CaseEvent, *, at: Instant) -> None:
    """What the step that closed had elsewhere is settled or called off; what opened is handed over."""
    if _steps_away(Case.objects.get(pk=event.root_id)):
        _close_steps(event, at)
        hand_over_steps(event.root_id, at)


def _close_steps(event: events.CaseEvent, at: Instant) -> None:
    open_ones = {str(task.task_id) for task in tasks.open_tasks(event.root_id)}
    known = {part for part in exchange.known_parts(event.root_id) if not part.startswith(AWAITED)}
    closed = known - open_ones
    finding = event.finding if isinstance(event, events.StepCompleted) else ""
    for part in closed:
        if finding:
            outcome = "granted" if finding == Opinion.Finding.MET else "refused"
            services.settle(root_id=event.root_id, part=part, outcome=outcome, at=at)
    if closed and not finding:
        services.call_off(root_id=event.root_id, parts=closed, at=at)


@subscriber("cases.call_off_steps", events.CaseWithdrawn, events.CaseTerminated, events.CaseDecided)
def call_off_steps(event: events.CaseEvent, *, at: Instant) -> None:
    services.call_off(root_id=event.root_id, at=at)


@subscriber("cases.outside_part_moved", HandoverMoved)
def outside_part_moved(event: HandoverMoved, *, at: Instant) -> None:
    """
    The end of a bundle's part closes the part, as a clerk's entry would. A case's step is closed by its officer, who
    sees the result there. A correction, and what became of what was taken back, is told to the applicant.
    """
    bundle = Bundle.objects.filter(pk=event.root_id).first()
    if event.state in TOLD:
        _tell(event, bundle, at)
    if bundle is None or event.state not in FINAL:
        return
    known = exchange.handover(event.root_id, event.handover_id)
    part = bundles.part_of(bundles.parts_of(bundle), event.part)
    if known is None or part.state != BundlePart.State.OUTSIDE:
        return
    result = OutsideResult(
        event.state, known.result.number, known.result.credit_code, known.result.name, known.said
    )
    key = CommandKey(uuid5(event.handover_id, f"result:{event.state}"))
    try:
        bundle_services.record_result(
            bundle_id=bundle.pk, code=event.part, result=result, by=services.EXCHANGE, at=at, key=key
        )
    except DomainError as refused:  # a code that is another's, a number that is missing: a person looks at it
        if isinstance(refused, BundleRefusal) and refused.code == "bundle_part_not_outside":
            return  # a clerk had entered it meanwhile
        services.not_taken(root_id=bundle.pk, part=event.part, why=refused.code, at=at)


# What the applicant hears of a matter in another system: its state → the message. Its end comes with the part's own.
TOLD = {"correction": "outside_correction", "too_late": "outside_too_late", "recalled": "outside_recalled"}


def _tell(event: HandoverMoved, bundle: Bundle | None, at: Instant) -> None:
    known = exchange.handover(event.root_id, event.handover_id)
    owner = bundle or Case.objects.filter(pk=event.root_id).first()
    if known is None or owner is None or known.standing != event.state:
        return
    name = owner.name if isinstance(owner, Bundle) else owner.item_name
    place = "bundles:progress" if bundle else "cases:progress"
    words = {
        "item": training.named(name, owner.region_code),
        "number": owner.number,
        "system": known.system,
    }
    page = (
        reverse("cases:outside", args=[known.reference])
        if known.asks
        else reverse(place, args=[owner.number])
    )
    told = [owner.applicant_id]
    if isinstance(owner, Case):
        told = identity.whom_to_tell(owner.applicant_id, owner, legal_day(at))
    for person_id in told:
        notifications.tell(
            person_id, TOLD[event.state], words, event.root_id, at=at, fact=_fact(known), link=page
        )


def _fact(known: HandoverView) -> str:
    """Once for each correction by its time, once for what a recall came to."""
    if not known.asks:
        return f"{known.reference[:12]}:{known.standing}"
    return f"{known.reference[:12]}:{known.as_of:%Y%m%dT%H%M%S}" if known.as_of else known.reference[:12]
