"""The page of one case: what several rooms know of it, composed once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.cases.arriving import selectors as arriving
from mingqu.cases.consulting.selectors import answer_files_of
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.recusing.selectors import undecided
from mingqu.catalogue.types import Definition
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Deadline, Explanation, Kind, State
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import DocumentView
from mingqu.exchange import selectors as exchange
from mingqu.exchange.types import HandoverView
from mingqu.forms import services as forms
from mingqu.forms.types import AnswerRow
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name, mask_number, mask_phone
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.case_types import Looking
from mingqu.workbench.selectors import claims
from mingqu.workbench.selectors.history import history
from mingqu.workbench.selectors.materials import material_views, preview_of, similar_cases
from mingqu.workbench.selectors.steps import Posts, own_task, step_views, tasks_of
from mingqu.workbench.selectors.turn import Standing, act_links, actions_of, own_step_due, turn_words
from mingqu.workbench.selectors.words import clock_words, labels_of, no_clock_words, status_words
from mingqu.workbench.types import (
    Applicant,
    CasePage,
    DeadlineView,
    DueState,
    Revealed,
    StepView,
    TurnWords,
)

if TYPE_CHECKING:
    from mingqu.cases.models import Case, CaseMaterial


FIRST = Looking()
MARKED_IN = frozenset({"received", "correction", "accepted"})  # as case.mark_material takes it


def _about(item_type: str) -> dict[str, str]:
    accept = "5个工作日内受理、一次性告知补正或者不予受理"
    return {
        cases.RECEIVE: "发《收件凭证》",
        cases.ACCEPT: cases.legally(accept, "acceptance", item_type),
        cases.DELIVER: cases.legally("决定后10个工作日内送达", "delivery", item_type),
    }


def case_page(
    actor: Actor, case: "Case", at: Instant, *, shown: Revealed = None, looking: Looking = FIRST
) -> CasePage:
    """
    Everything about one case. The caller has found it by `cases.selectors.case_visible_to`.

    `shown`: what `reveal_applicant` gave for this one answer; without it everything personal is masked.
    """
    definition = cases.definition_of(case)
    known = _standing(actor, case, definition, at)
    actions, tasks = actions_of(case, known), known.tasks
    steps = step_views(case, tasks, known.posts, definition)
    papers = documents.documents_of(case.pk)
    materials = material_views(case, definition, known)
    today, calendar = legal_day(at), clocks.current_calendar()
    task = (
        own_task(
            actor,
            definition,
            known.posts,
            [t for t in tasks if known.mine(t)],
            [m.code for m in known.materials],
        )
        if actions & {"case.review", "case.check"}
        else None
    )
    step_due = own_step_due(case, actions, known)
    if step_due and case.due_on and case.due_on < step_due:
        step_due = None  # the whole is due before the step: the sooner day is the one to work by
    return CasePage(
        number=case.number,
        item=case.item_name,
        handling_item=case.handling_item,
        received_on=case.received_on,
        status=status_words(case.status, case.outcome),
        labels=labels_of(case, recusal=bool(undecided([case])), today=today),
        turn=turn_words(case, actions, known),
        clock=clock_words(
            step_due or case.due_on,
            today,
            calendar,
            without=no_clock_words(case),
            of="本环节" if step_due else "",
        ),
        deadlines=_deadlines(case, at),
        applicant=_applicant(case, shown),
        visits=case.visits,
        may_reveal=access.allows(actor, "case.reveal", case),
        may_retry=access.allows(actor, "case.retry_paper", case),
        situation=_situation(case, definition),
        answers=_answers(case, definition, shown),
        corrected=_corrected(case, definition, shown) if case.bundle_id or _was_asked(papers) else [],
        materials=materials,
        preview=preview_of(materials, looking),
        similar=similar_cases(actor, case),
        may_mark=case.status in MARKED_IN and access.allows(actor, "case.mark_material", case),
        steps=steps,
        flow=_flow(case, definition, known),
        papers=papers,
        history=history(
            case.pk,
            applicant="申请人",
            names=_names(definition, known.materials, papers) | known.posts.names,
            returns=_returns(steps),
        ),
        decision=_decision(case),
        acts=act_links(actions, actor, case),
        task=task,
        away=_away(case, definition),
        claims=claims.lines(actions, known),
        post_names=known.posts.names,
    )


def _standing(actor: Actor, case: "Case", definition: Definition, at: Instant) -> Standing:
    tasks, claimed = claims.counting(tasks_of(case, definition), at)
    posts = Posts(definition, tasks, [row.second_post for row in uses.waiting_of(case)])
    awaited = tuple(arriving.awaited_by(case))
    return Standing(actor, definition, tasks, posts, cases.materials_of(case), at, claimed, awaited)


def _away(case: "Case", definition: Definition) -> list[HandoverView]:
    """Steps and 来件 in other systems; no statement for a case that is handled here alone."""
    steps = [*definition.steps, definition.decide]
    away = any(step.where in ("handed_over", "assisted") for step in steps) or arriving.asks_others(case)
    if case.accepted_on is None or not away:
        return []
    return list(exchange.views_of(case.pk).values())


def turn_of(actor: Actor, case: "Case", at: Instant) -> tuple[TurnWords, frozenset[str]]:
    """Whose turn it is, and what the acting post may do: for the pages of single acts."""
    definition = cases.definition_of(case)
    known = _standing(actor, case, definition, at)
    actions = actions_of(case, known)
    return turn_words(case, actions, known), actions


def file_of_case(case: "Case", file_id: UUID) -> UUID:
    """
    The file, if it was handed in with this case or is one of its papers. Raises NotFound.

    What the applicant took back before handing in is none of anybody's business.
    """
    handed_in = {f.file_id for f in cases.files_of(case, all_versions=True)}
    if file_id in answer_files_of(case) or file_id in arriving.files_of(case):
        return file_id
    if file_id in handed_in or file_id in {d.file_id for d in documents.documents_of(case.pk)}:
        return file_id
    raise NotFound()


def _deadlines(case: "Case", at: Instant) -> list[DeadlineView]:
    """Every clock: the running ones first, the nearest first."""
    found = [
        _deadline(explanation, explanation.deadline)
        for explanation in clocks.explanations(case.pk, at)
        if explanation.deadline.kind.binds_root
    ]
    return sorted(found, key=lambda d: (not d.running, d.day))


def _deadline(explanation: Explanation, deadline: Deadline) -> DeadlineView:
    paused = deadline.state is State.PAUSED
    return DeadlineView(
        label=f"{deadline.kind.text}（时限暂停，预计）" if paused else deadline.kind.text,
        day=deadline.due_on or deadline.projected_on,
        state=_due_state(deadline),
        explanation=explanation,
        running=deadline.stopped_on is None,
    )


def _due_state(deadline: Deadline) -> DueState:
    if deadline.stopped_on is not None:
        return "done" if deadline.in_time else "late"
    if deadline.state is State.PAUSED:
        return "stopped"
    if deadline.state is State.OVERDUE:
        return "late"
    near = deadline.remaining <= (1 if deadline.kind is not Kind.STATUTORY else 3)
    return "soon" if near else "ok"


def _applicant(case: "Case", shown: Revealed) -> Applicant:
    if shown is not None:
        return Applicant(shown.name, shown.number, shown.phone, shown=True)
    person = identity.person(case.applicant_id)
    phone = identity.phone_of(case.applicant_id)
    return Applicant(
        name=mask_name(case.applicant_name or ""),
        number=mask_number(person.citizen_number or person.document_number),
        phone=mask_phone(phone) if phone else "",
        shown=False,
    )


def _situation(case: "Case", definition: Definition) -> list[tuple[str, str]]:
    """The questions of 情形引导 with the chosen answers; nothing personal."""
    rows = []
    for question in definition.situations:
        given = case.situation.get(question.ask)
        chosen = given if isinstance(given, list) else [given] if given is not None else []
        if chosen:
            rows.append((question.text, "、".join(question.options.get(str(c), str(c)) for c in chosen)))
    return rows


def _answers(case: "Case", definition: Definition, shown: Revealed) -> tuple[AnswerRow, ...]:
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    return forms.rows(schema, case.answers or {}, reveal=shown is not None)


# Of answers: asked of this case, or of another part of its bundle which shares them.
CORRECTED = ("supplemented", "shared")


def _was_asked(papers: list[documents.DocumentView]) -> bool:
    """Whether a correction was ever asked for: its notice is among the papers from that moment on."""
    return any(paper.kind == "correction_notice" for paper in papers)


def _corrected(case: "Case", definition: Definition, shown: Revealed) -> list[tuple[str, str, str]]:
    """What the applicant corrected in the form on demand, oldest first; masked as the answers are."""
    done = [row for row in cases.asked_answers(case, all_rounds=True) if row.state in CORRECTED]
    if not done:
        return []
    schema = forms.known_schema(definition.form.schema, definition.form.pages)

    def text(path: str, kept: Any) -> str:
        answers = forms.merged({}, {path: kept.get("value")})
        return next(
            (r.text for r in forms.rows(schema, answers, reveal=shown is not None) if r.path == path), ""
        )

    return [(row.name, text(row.path, row.before), text(row.path, row.after)) for row in done]


def _flow(case: "Case", definition: Definition, known: Standing) -> cases.Picture:
    """The same picture as the applicant's, in words for who handles the case."""
    steps = cases.situation_of(case).steps
    way = cases.way_of_case(case, definition)
    places = cases.places_of(
        case, [*steps, definition.decide], cases.latest_tasks(known.tasks), to_staff=True, way=way
    )
    whose = {step.post: known.posts.name(step.post) for step in (*steps, definition.decide)}
    return cases.picture_of(steps, definition.decide, whose, places, _about(case.item_type), way)


def _decision(case: "Case") -> dict[str, str] | None:
    """The last decision: 不予受理, 准予 or 不予."""
    found = cases.decisions_of(case)
    if not found:
        return None
    last = found[-1]
    return {
        "words": last.get_kind_display(),
        "document_number": last.document_number,
        "reasons": last.reasons or "",
    }


def _returns(steps: Sequence[StepView]) -> list[str]:
    """Why steps were returned, in the order of time."""
    returned = [step for step in steps if step.returned]
    return [
        step.text for step in sorted(returned, key=lambda step: step.at or datetime.max.replace(tzinfo=UTC))
    ]


def _names(
    definition: Definition, materials: "Sequence[CaseMaterial]", papers: Sequence[DocumentView]
) -> dict[str, str]:
    """Codes that stand in the notes of the ledger, with what people call them."""
    return (
        {m.code: m.name for m in materials}
        | {s.id: s.name for s in (*definition.steps, definition.decide)}
        | {p.kind: p.title for p in papers}
    )
