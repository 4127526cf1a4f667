"""征求意见 at the desk: what may be asked from a step, what was asked, how much waits for an answer."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases.consulting import selectors as consulting
from mingqu.cases.services.consulting import posts_to_ask
from mingqu.catalogue.types import Consulting as Rule
from mingqu.documents import selectors as documents
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting
from mingqu.workbench.case_types import Consulting
from mingqu.workbench.selectors.steps import Posts, step_of, tasks_of

if TYPE_CHECKING:
    from mingqu.cases.models import Case

LIMIT = 5  # working days to begin with where the definition says nothing


def may_ask(actor: Actor, case: "Case", day: date) -> Consulting:
    """From the first open step of the acting post."""
    definition = cases.definition_of(case)
    tasks = tasks_of(case, definition)
    posts = Posts(definition, tasks)
    mine = next((t for t in tasks if t.status == "open" and posts.is_acting(actor, t.post)), None)
    if mine is None:
        return Consulting(None)
    step = step_of(definition, mine.step)
    rule = step.consult if step else None
    return Consulting(
        mine.task_id,
        mine.name,
        tuple((code, organ, name) for code, (organ, name) in posts_to_ask(case, actor, day).items()),
        _files(case),
        rule.limit if rule else LIMIT,
        silence_words(rule),
    )


def silence_words(rule: Rule | None) -> str:
    """What no answer means where the definition says that it means something, with its article."""
    if rule is None or rule.silence != "agreed":
        return ""
    return f"不少于{rule.limit}个工作日。逾期没有答复的，视为同意（{rule.law}第{rule.article}条）。"


def waiting_answers(actor: Actor, at: Instant) -> Waiting | None:
    """On the first page of the post that is asked."""
    count, late = consulting.to_answer(actor, legal_day(at))
    if not count:
        return None
    words = f"{count}件等待答复" + (f"，逾期{late}件" if late else "")
    return Waiting(words, label="征求意见", url=reverse("workbench:consultations"))


def _files(case: "Case") -> tuple[tuple[UUID, str], ...]:
    wanted = {one.file_id: one.material_code for one in cases.files_of(case)}
    names = {material.code: material.name for material in cases.materials_of(case)}
    return tuple(
        (one.id, f"{names.get(wanted[one.id], '')}：{one.name}")
        for one in documents.files_of(case.pk)
        if one.id in wanted
    )
