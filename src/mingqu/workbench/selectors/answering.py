"""
谁负责 and 责任链 of a case (LAW-03): from the definition it was filed under, its steps, its clocks and the ledger.
Nothing is kept beside them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.cases.consulting.types import ConsultationLine
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, Step
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Deadline, Explanation, Kind, State
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Instant
from mingqu.process.types import TaskRow
from mingqu.workbench.answering_rules import hands_after, late_by
from mingqu.workbench.answering_types import Answers, Chain, Link
from mingqu.workbench.selectors.history import who_words
from mingqu.workbench.selectors.steps import step_of, tasks_of
from mingqu.workbench.selectors.words import KINDS
from mingqu.workbench.types import CasePage, HistoryLine, StepView

if TYPE_CHECKING:
    from mingqu.cases.models import Case

RECEIVED = ("case.accept", "case.refuse_acceptance", "case.settle", "case.deem_accepted")
DECIDED = ("case.decide", "case.settle", "case.deem_renewed", "case.terminate")
ENDS = {
    Kind.CORRECTION_NOTICE: (*RECEIVED, "case.ask_correction", "case.withdraw"),
    Kind.STATUTORY: (*DECIDED, "case.withdraw"),
    Kind.PROMISED: (*DECIDED, "case.withdraw"),
    Kind.DELIVERY: ("case.deliver",),
}
"""What ends a period of the whole case, by its name in the ledger."""
STATES = {
    "open": "没有办完",
    "signed": "已签",
    "completed": "已办",
    "returned": "已退回",
    "dropped": "已收回",
}


def who_answers(
    case: "Case", page: CasePage, consultations: Sequence[ConsultationLine] = ()
) -> list[Answers]:
    """One line for each step of this case, done or not, in the order of the step table. No statement."""
    definition = cases.definition_of(case)
    posts = page.post_names
    lines = [_by_ledger("收件、受理", "受理", page.history, RECEIVED)]
    for step in cases.situation_of(case).steps:
        lines += _of_step(step, [one for one in page.steps if one.step == step.id], posts)
    lines += [
        Answers(
            f"征求意见：{one.step}",
            "参与意见",
            f"{one.organ}·{one.post}",
            one.answerer,
            legal_day(one.answered_at) if one.answered_at else None,
            one.due_on,
            note=one.state_words,
        )
        for one in consultations
    ]
    decided = _by_ledger(definition.decide.name, catalogue.part_of("decide"), page.history, DECIDED)
    post = posts.get(definition.decide.post, definition.decide.post)
    return [
        *lines,
        Answers(decided.step, decided.part, post, decided.who, decided.on, limit=_limit(definition.decide)),
    ]


def _by_ledger(name: str, part: str, history: Iterable[HistoryLine], actions: Sequence[str]) -> Answers:
    """Who did it last, as the ledger says; the history has the latest first."""
    done = next((line for line in history if line.action in actions), None)
    return Answers(name, part, "", done.who if done else "", legal_day(done.at) if done else None)


def _of_step(step: Step, views: Sequence[StepView], posts: Mapping[str, str]) -> list[Answers]:
    part, limit = catalogue.part_of(step.kind), _limit(step)
    if not views:
        return [Answers(step.name, part, posts.get(step.post, step.post), limit=limit, note="还没有轮到")]
    return [
        Answers(
            step.name,
            part,
            one.post,
            "、".join(filter(None, (one.by, one.second_officer))),
            legal_day(one.at) if one.at else None,
            None if one.open and one.stands else one.limit_on,
            limit,
            "已撤回"
            if one.undone
            else one.finding_words
            if one.given
            else "暂停计时"
            if one.open and one.stands
            else "没有办完"
            if one.open
            else one.note,
        )
        for one in views
        if not one.advice
    ]


def _limit(step: Step) -> str:
    return f"{step.limit}个工作日" if step.limit else ""


# 责任链 ----------------------------------------------------------------------------------------------------------


def chain_of(case: "Case", at: Instant) -> Chain:
    """Every step as often as it was opened, and every period; the caller has checked access. Six statements."""
    definition = cases.definition_of(case)
    tasks = tasks_of(case, definition)
    told = [one for one in clocks.explanations(case.pk, at) if one.deadline.kind.binds_root]
    steps = _steps(tasks, definition, _pauses(case.pk), at)
    periods = _periods(case, told, steps, at)
    if case.suspended_since is not None:  # 特别程序: no day runs, and none is shown
        steps = [one if one.ended_on else replace(one, due_on=None, state="暂停") for one in steps]
    return Chain(tuple(steps), tuple(periods))


def _pauses(root_id: UUID) -> list[tuple[date, date | None]]:
    """When the time of the case stood still: (first day, first day on which it runs again or None)."""
    found, _calendar = clocks.ledgers([root_id])
    spans = {
        (pause.since, pause.until)
        for clock in clocks.clocks_of(found[root_id]).values()
        if clock.spec.kind in (Kind.STATUTORY, Kind.PROMISED)
        for pause in clock.pauses
    }
    return sorted(spans, key=lambda span: span[0])


def _steps(
    tasks: Sequence[TaskRow], definition: Definition, pauses: list[tuple[date, date | None]], at: Instant
) -> list[Link]:
    today, calendar = legal_day(at), clocks.current_calendar()
    posts = identity.posts_by_code(task.post for task in tasks)
    called = identity.post_names_by_day(post.pk for post in posts.values())
    held = identity.people_by_post((one.post for one in tasks if one.status == "open"), today)
    whose = {task.task_id: _people(task, held) for task in tasks}
    names = identity.names_of({person for people in whose.values() for person in people})
    links = []
    for task in tasks:
        step = step_of(definition, task.step)
        since = legal_day(task.opened_at)
        ended = legal_day(task.closed_at) if task.closed_at else None
        last = ended or today
        post = posts.get(task.post)
        links.append(
            Link(
                name=task.name,
                part=KINDS.get(step.kind, "") if step else "",
                post=called[post.pk].on(last) if post else task.post,
                who="、".join(names.get(person, "") for person in whose[task.task_id]),
                limit=_limit(step) if step else "",
                since=since,
                due_on=task.due_on,
                ended_at=task.closed_at,
                ended_on=ended,
                state=STATES.get(task.status, task.status),
                late=late_by(calendar, task.due_on, since, last, pauses),
                standard=step.standard if step else "",
            )
        )
    return sorted(links, key=lambda one: one.since)


def _people(task: TaskRow, held: Mapping[str, list[UUID]]) -> list[UUID]:
    """Who did it; who has claimed it; whoever holds the post now."""
    if one := task.closed_by or (task.claimed_by if task.status == "open" else None):
        return [one]
    return list(dict.fromkeys(held.get(task.post, []))) if task.status == "open" else []


def _periods(case: "Case", told: Sequence[Explanation], steps: Sequence[Link], at: Instant) -> list[Link]:
    actions = {action for kind in ENDS.values() for action in kind}
    entries = list(AuditEntry.objects.filter(root_id=case.pk, action__in=actions).order_by("seq"))
    who = who_words(entries, "申请人")
    organ = identity.name_on(case.department_id, legal_day(at))
    links = []
    for one in told:
        found = one.deadline
        ending = _ending(found, entries)
        ended_by = who[ending.root_id, ending.seq] if ending else ""
        late = found.overdue_by if found.in_time is False or found.state is State.OVERDUE else None
        last = found.stopped_on or legal_day(at)
        blame: tuple[str, ...] = ()
        if late is not None and found.due_on is not None:
            blame = hands_after(found.due_on, last, steps) or (ended_by or f"{organ}（还没有人办）",)
        links.append(
            Link(
                name=found.kind.text,
                part="",
                post=organ,
                who=ended_by,
                limit=f"{found.total}{found.counted_in.text}",
                since=found.started_on,
                due_on=found.due_on or found.projected_on,
                ended_at=ending.at if ending else None,
                ended_on=found.stopped_on,
                state=_state(found),
                late=late,
                standard=one.sentences[0],
                blame=blame,
            )
        )
    return links


def _ending(found: Deadline, entries: Sequence[AuditEntry]) -> AuditEntry | None:
    """The entry of the ledger that ended a period; none where something else ended it, or it runs."""
    if found.stopped_on is None:
        return None
    ends = ENDS.get(found.kind, ())
    return next(
        (one for one in reversed(entries) if one.action in ends and legal_day(one.at) == found.stopped_on),
        None,
    )


def _state(found: Deadline) -> str:
    if found.stopped_on is not None:
        return "已结束"
    return "暂停" if found.state is State.PAUSED else "在计时"
