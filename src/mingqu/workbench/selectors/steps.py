"""The steps of a review: who was asked, what they found, and what the acting post has to do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.cases.types import HOW_KNOWN
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, Step
from mingqu.identity import selectors as identity
from mingqu.kernel.types import Actor
from mingqu.process import selectors as process
from mingqu.process.errors import TaskNotOpen
from mingqu.process.types import TaskRow
from mingqu.workbench.selectors.words import FINDINGS, KINDS, RISKS
from mingqu.workbench.types import OwnTask, Returnable, RiskWords, StepView

if TYPE_CHECKING:
    from mingqu.cases.models import Case, Opinion
    from mingqu.identity.models import Post

DECIDE = catalogue.DECIDE
CLOSED_WITH_OPINION = frozenset({"completed", "returned", "signed"})
ANSWERED = frozenset({"completed", "signed"})
SIGNING = {"all": "会签", "any": "或签", "votes": "票签", "turn": "依次签"}


def tasks_of(case: "Case", definition: Definition) -> list[TaskRow]:
    """Every task of the case in the order of the step table; side by side they open at one instant."""
    if not case.instance_id:
        return []
    place = {step.id: number for number, step in enumerate((*definition.steps, definition.decide))}
    return sorted(
        process.all_tasks(case.pk),
        key=lambda task: (place.get(task.step, len(place)), task.opened_at, task.status == "open"),
    )


class Posts:
    """The posts a definition names, those its steps were given to, and `also`, read once for the page."""

    def __init__(
        self, definition: Definition, tasks: Sequence[TaskRow] = (), also: Iterable[str] = ()
    ) -> None:
        codes = [
            post for step in (*definition.steps, definition.decide) for post in (step.post, *step.signers)
        ]
        codes += [of.post for of in definition.discretions]
        codes += [post for task in tasks for post in (task.post, task.lent) if post]
        codes += also
        self._posts: Mapping[str, Post] = identity.posts_by_code(codes)

    def name(self, code: str) -> str:
        """「部门·岗位」; the code itself where the post is gone."""
        post = self._posts.get(code)
        return f"{post.department.name}·{post.name}" if post else code

    @property
    def names(self) -> dict[str, str]:
        return {code: self.name(code) for code in self._posts}

    def is_acting(self, actor: Actor, code: str) -> bool:
        post = self._posts.get(code)
        return post is not None and actor.post_id == post.id


def last_answered(tasks: Sequence[TaskRow], actor: Actor, by_one: Collection[str]) -> TaskRow | None:
    """What this officer answered last, if nobody has visibly gone on with it; the command has the last word."""
    own = [
        t
        for t in tasks
        if t.closed_by == actor.id and t.closed_at and t.status in ANSWERED and t.step not in by_one
    ]
    last = max(own, key=lambda t: t.closed_at or t.opened_at, default=None)
    if last is None:
        return None
    came = [t for t in tasks if t.opened_at == last.closed_at]
    return None if any(t.status != "open" or t.claimed_by or t.held or t.lent for t in came) else last


def task_points(definition: Definition, step: str, needed: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    """审查要点 of a step: material code, material name and point, for the materials this case needs."""
    checks = next((s.checks for s in definition.steps if s.id == step), [])
    return tuple(
        (material.code, material.name, point)
        for material in definition.materials
        if material.code in checks and material.code in needed
        for point in material.check
    )


def own_task(
    actor: Actor, definition: Definition, posts: Posts, tasks: Sequence[TaskRow], needed: Sequence[str]
) -> OwnTask | None:
    """The open step that the acting post is to do; the decision is no such step."""
    for task in tasks:
        if task.held:
            continue
        if task.status == "open" and task.step != DECIDE and posts.is_acting(actor, task.post):
            return _own(definition, task, needed)
    return None


def _own(definition: Definition, task: TaskRow, needed: Sequence[str]) -> OwnTask:
    step = step_of(definition, task.step)
    return OwnTask(
        task.task_id,
        task.step,
        task.name,
        task.people,
        task.due_on,
        task_points(definition, task.step, needed),
        kind=step.kind if step else "review",
        standard=step.standard if step else "",
        risk=risk_words(step),
        law=cases.legally_bracketed("two_officers", definition.item.type),
    )


def step_of(definition: Definition, step_id: str) -> Step | None:
    return next((s for s in (*definition.steps, definition.decide) if s.id == step_id), None)


def risk_words(step: Step | None) -> RiskWords | None:
    if step is None or step.risk is None:
        return None
    return RiskWords(RISKS.get(step.risk.level, step.risk.level), step.risk.control)


def returnable(actor: Actor, case: "Case") -> Returnable:
    """What 内部退回 may lead back to, from the open step of the acting post (the decision included)."""
    definition = cases.definition_of(case)
    tasks = tasks_of(case, definition)
    posts = Posts(definition, tasks)
    for task in tasks:
        if task.status == "open" and posts.is_acting(actor, task.post):
            names = process.may_return_to(case.pk, task.task_id)
            whose = {s.id: posts.name(s.post) for s in definition.steps}
            return Returnable(task.task_id, tuple((step, name, whose.get(step, "")) for step, name in names))
    return Returnable(None)


def task_posted(case: "Case", task_id: UUID) -> OwnTask | None:
    """
    The step an opinion was posted for, open or closed: a second press of the same button finds it closed,
    and the command says what came of the first. None where this case has no such step.
    """
    try:
        task = process.task(case.pk, task_id)
    except TaskNotOpen:
        return None
    needed = [m.code for m in cases.materials_of(case)]
    return _own(cases.definition_of(case), task, needed)


def step_views(
    case: "Case", tasks: Sequence[TaskRow], posts: Posts, definition: Definition
) -> list[StepView]:
    """
    Steps of the review with every opinion given in them, in the order of the step table: a step that was returned to
    stands there as often as it was done.
    """
    every = list(cases.opinions_of(case))
    people = _signers(every)
    undone = {o.task_id: o.text or "" for o in every if o.finding == "undone"}
    waiting = [o for o in every if o.finding != "undone" and not o.advice]
    advised = (
        identity.post_names(o.post_id for o in every if o.advice) if any(o.advice for o in every) else {}
    )
    views = []
    for task in tasks:
        for one in (o for o in every if o.advice and o.task_id == task.task_id):
            said = _step_view(replace(task, lent=""), one, posts, people, definition)
            note = "受委派办理，已交回"
            views.append(replace(said, post=advised.get(one.post_id, ""), note=note, open=False, advice=True))
        given = _opinion_of(task, waiting)
        if task.step != DECIDE or (given and given.finding == "returned"):
            view = replace(
                _step_view(task, given, posts, people, definition), stands=case.suspended_since is not None
            )
            if task.task_id in undone:
                view = replace(view, note="已撤回", undone=undone[task.task_id])
            views.append(view)
    views += _still_to_come(case, posts, definition)
    seen: dict[tuple[str, str], int] = {}
    return [view if view.advice or view.later else replace(view, round=_count(seen, view)) for view in views]


Signer = tuple[UUID, UUID | None]  # who signed, and in whose place (AB岗)


def _signers(every: Sequence["Opinion"]) -> dict[Signer, str]:
    """「姓名」, of a deputy 「姓名（代姓名）」."""
    if not every:
        return {}
    signed = {(o.person_id, o.deputy_for) for o in every}
    names = identity.names_of({one for pair in signed for one in pair if one})
    return {
        (one, place): names.get(one, "") + (f"（代{names.get(place, '')}）" if place else "")
        for one, place in signed
    }


def _still_to_come(case: "Case", posts: Posts, definition: Definition) -> list[StepView]:
    """依次: the posts whose turn comes later."""
    if not any(step.sign == "turn" for step in definition.steps) or not case.instance_id:
        return []
    names = {step.id: step.name for step in definition.steps}
    return [
        StepView(signing.step, names.get(signing.step, ""), posts.name(post), 1, None, given=False, open=False,
                 note=SIGNING[signing.mode], later=True)
        for signing in process.signings(case.pk)
        if signing.open
        for post in signing.waiting
    ]  # fmt: skip


def _count(seen: dict[tuple[str, str], int], view: StepView) -> int:
    key = view.step, view.post
    seen[key] = seen.get(key, 0) + 1
    return seen[key]


def _opinion_of(task: TaskRow, waiting: list["Opinion"]) -> "Opinion | None":
    """
    The opinion with which this task was closed. Older opinions do not say their task: both come in the order of time,
    and a task that was taken away has none, so it is the first of its step that is not told yet.
    """
    if task.status not in CLOSED_WITH_OPINION:
        return None
    found = next((o for o in waiting if o.task_id == task.task_id), None)
    if found is None:
        found = next((o for o in waiting if o.step == task.step and o.task_id is None), None)
    if found is not None:
        waiting.remove(found)
    return found


def _note(task: TaskRow, step: Step | None, posts: Posts) -> str:
    """How the step is signed, and what was done with it besides answering."""
    signed = SIGNING.get(step.sign, "") if step else ""
    own = step is None or task.post in (step.post, *step.signers) or task.lent
    parts = [
        signed,
        "" if own else "转办或者加签",
        f"{posts.name(task.lent)}委派，办完交回" if task.lent else "",
        "已挂起" if task.held and task.status == "open" else "",
    ]
    return "，".join(filter(None, parts))


def _step_view(
    task: TaskRow,
    opinion: "Opinion | None",
    posts: Posts,
    people: Mapping[Signer, str],
    definition: Definition,
) -> StepView:
    step = step_of(definition, task.step)
    common = {
        "step": task.step,
        "name": task.name,
        "post": posts.name(task.post),
        "people": task.people,
        "limit_on": task.due_on,
        "open": task.status == "open",
        "kind": KINDS.get(step.kind, "") if step else "",
        "standard": step.standard if step else "",
        "risk": risk_words(step),
        "note": _note(task, step, posts),
    }
    if opinion is None:
        return StepView(**common, given=False)  # type: ignore[arg-type]
    checked = step is not None and step.kind == "check"
    back = step_of(definition, opinion.returned_to)
    words = FINDINGS[checked].get(opinion.finding, opinion.get_finding_display())
    return StepView(
        **common,  # type: ignore[arg-type]
        given=True,
        finding=opinion.finding,
        finding_words=words,
        text=opinion.text or "",
        by=people.get((opinion.person_id, opinion.deputy_for), ""),
        second_officer=opinion.second_officer or "",
        at=opinion.at,
        points_not_met=[str(text) for _material, text, met, *_how in opinion.points if not met],
        points=[
            (str(text), bool(met), HOW_KNOWN.get(how[0], "") if how else "")
            for _material, text, met, *how in opinion.points
        ],
        returned_to=back.name if back else "",
    )
