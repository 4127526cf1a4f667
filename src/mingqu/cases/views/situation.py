"""情形引导: one question a page, then what the answers come to. No sign-in; the address holds the answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mingqu.cases import picture
from mingqu.cases.errors import SituationStops, SituationUnanswered
from mingqu.cases.forms import QuestionForm
from mingqu.cases.services.acceptance import clock_specs
from mingqu.cases.services.filing import checked_situation
from mingqu.cases.views.shared import (
    CHANGED_DRAFT,
    WRONG,
    citizen,
    draft_gone,
    drafting,
    hold,
    organs_of,
    to_its_case,
)
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.errors import AnswerUnknown
from mingqu.catalogue.types import Definition, Situation, SituationResult
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import CORRECTION_NOTICE, Explanation
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere, DraftNotFound
from mingqu.identity import selectors as identity
from mingqu.identity.services import client_address, limits
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.ui.access import public
from mingqu.ui.types import Action, Fact

# Names in the address that are no question.
ASK, ASKED, DRAFT = "_ask", "_asked", CHANGED_DRAFT


@dataclass(frozen=True)
class Asking:
    """The questions of one service and the answers in the address."""

    item_code: str
    revision_id: UUID
    digest: str
    definition: Definition
    given: Mapping[str, Sequence[str]]
    draft: str  # the draft whose situation is being changed, or ""

    @property
    def questions(self) -> list[Situation]:
        return self.definition.situations

    @property
    def name(self) -> str:
        return f"{self.definition.item.name}（{self.definition.handling_item.name}）"

    def query(self, **more: str) -> str:
        pairs = [(q.ask, value) for q in self.questions for value in self.given.get(q.ask, [])]
        pairs += [(DRAFT, self.draft)] if self.draft else []
        return urlencode([*pairs, *more.items()])

    def url(self, page: str = "start", **more: str) -> str:
        address, query = reverse(f"cases:{page}", args=[self.item_code]), self.query(**more)
        return f"{address}?{query}" if query else address

    def hidden(self, without: str = "") -> list[tuple[str, str]]:
        """The answers as hidden inputs."""
        pairs = [(q.ask, v) for q in self.questions if q.ask != without for v in self.given.get(q.ask, [])]
        return [*pairs, (DRAFT, self.draft)] if self.draft else pairs

    def answers(self, without: str = "") -> list[Fact]:
        """What is known so far, each with the way to change it."""
        return [
            Fact(q.text, self._words(q), action=Action(_("修改"), self.url(**{ASK: q.ask})))
            for q in self.questions
            if q.ask != without and self.given.get(q.ask)
        ]

    def _words(self, question: Situation) -> str:
        return "、".join(question.options[v] for v in self.given[question.ask] if v in question.options)


def asking(request: Any, item_code: str, data: Any) -> Asking:
    """
    The questions as of now; of a draft that is being changed, those it was begun with.

    Raises ItemUnknown, DraftNotFound, DraftAlreadyFiled.
    """
    item, definition = catalogue.current_definition(item_code)
    assert item.current is not None
    revision_id, digest, draft = item.current.pk, item.current.digest, data.get(DRAFT, "")
    if draft:
        found = drafting(request, _uuid(draft))
        revision_id, definition, digest = found.revision_id, found.definition, found.view.form_digest
    given = {q.ask: [v for v in data.getlist(q.ask) if v] for q in definition.situations}
    return Asking(item_code, revision_id, digest, definition, given, draft)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise DraftNotFound() from wrong


def of_a_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where the address names a draft to be changed: say what became of it when it is gone."""

    @wraps(view)
    def opened(request: Any, item_code: str) -> HttpResponse:
        try:
            return view(request, item_code)
        except DraftAlreadyFiled:
            return to_its_case(request, _uuid(request.GET.get(DRAFT) or request.POST[DRAFT]))
        except DraftNotFound as gone:
            return draft_gone(request, gone)

    return opened


@public
@require_safe
@of_a_draft
def start(request: Any, item_code: str) -> HttpResponse:
    known = asking(request, item_code, request.GET)
    by_name = {q.ask: q for q in known.questions}
    asked = by_name.get(request.GET.get(ASKED, ""))
    if asked and not known.given[asked.ask]:
        return _question(request, known, asked, bound=True)
    if again := by_name.get(request.GET.get(ASK, "")):
        return _question(request, known, again)
    try:
        situation = catalogue.situation(known.definition, known.given)
    except AnswerUnknown as unknown:
        return _question(request, known, by_name[unknown.field], bound=True)
    if situation.stop:
        return _stopped(request, known, situation)
    if situation.missing:
        return _question(request, known, by_name[situation.missing[0]])
    return HttpResponseRedirect(known.url("result"))


def _question(request: Any, known: Asking, question: Situation, *, bound: bool = False) -> HttpResponse:
    number = known.questions.index(question)
    given = known.given[question.ask]
    initial: Any = list(given) if question.many else (given[0] if given else None)
    form = QuestionForm(question, request.GET if bound else None, initial={question.ask: initial})
    before = known.questions[number - 1] if number else None
    context = {
        "known": known,
        "form": form,
        "question": question,
        "number": number + 1,
        "total": len(known.questions),
        "percent": round(100 * number / len(known.questions)),
        "hidden": known.hidden(question.ask),
        "answers": known.answers(question.ask),
        "back_url": known.url(**{ASK: before.ask}) if before else "",
    }
    return render(request, "cases/question.html", context, status=WRONG if form.errors else 200)


def _stopped(request: Any, known: Asking, situation: SituationResult) -> HttpResponse:
    context = {"known": known, "stop": situation.stop, "answers": known.answers()}
    return render(request, "cases/stop.html", context)


@public
@require_safe
@of_a_draft
def result(request: Any, item_code: str) -> HttpResponse:
    known = asking(request, item_code, request.GET)
    try:
        situation = checked_situation(known.definition, dict(known.given))
    except SituationStops:
        return _stopped(request, known, catalogue.situation(known.definition, known.given))
    except (SituationUnanswered, AnswerUnknown):
        return HttpResponseRedirect(known.url())
    organs = organs_of(known.definition)
    definition = known.definition
    places = {s.id: picture.Place(detail=_limit(s.limit)) for s in [*situation.steps, definition.decide]}
    places[picture.RECEIVE] = picture.Place(detail=_("当场给凭证"))
    places[picture.ACCEPT] = picture.Place(detail=_limit(CORRECTION_NOTICE.limit))
    context = {
        "known": known,
        "definition": definition,
        "situation": situation,
        "organ": identity.department_by_code(definition.item.organ).name,
        "facts": _facts(definition, situation),
        "answers": known.answers(),
        "hidden": known.hidden(),
        "questions_on_form": sum(len(page["fields"]) for page in definition.form.pages),
        "flow": picture.picture(situation.steps, definition.decide, organs, places),
        "today": legal_day(request.at),
        **_previews(request, definition),
    }
    return render(request, "cases/result.html", context)


def _limit(days: int) -> str:
    return _("%(days)d个工作日") % {"days": days}


def _facts(definition: Definition, situation: SituationResult) -> list[Fact]:
    promised, statutory = definition.clocks.promised, definition.clocks.statutory
    visits = definition.visits
    return [
        Fact(_("承诺期限"), _limit(promised.limit), _("法定%(limit)s") % {"limit": _limit(statutory.limit)}),
        Fact(_("您要跑"), _("%(count)d次") % {"count": visits}, _("全程网上办") if not visits else ""),
        Fact(_("您要交"), _("%(count)d份材料") % {"count": len(situation.materials)}),
        Fact(_("费用"), definition.fee_words),
        Fact(
            _("结果"),
            definition.result.certificate_name,
            _("有效期%(years)d年") % {"years": definition.result.valid_years},
        ),
    ]


def _previews(request: Any, definition: Definition) -> dict[str, Explanation]:
    """If it were filed and accepted today: when the answer, when the decision, by promise and by law."""
    today = legal_day(request.at)
    statutory, promised = clock_specs(definition, deemed=False)
    return {
        "answer": clocks.preview(CORRECTION_NOTICE, today),
        "promised": clocks.preview(promised, today),
        "statutory": clocks.preview(statutory, today),
    }


@public
@require_POST
@of_a_draft
def begin(request: Any, item_code: str) -> HttpResponse:
    """Open a draft with these answers, or put them under the draft that is being changed."""
    known = asking(request, item_code, request.POST)
    try:
        situation = checked_situation(known.definition, dict(known.given))
    except (SituationUnanswered, SituationStops, AnswerUnknown):
        return HttpResponseRedirect(known.url())
    context = {
        "revision_id": str(known.revision_id),
        "handling": known.definition.handling_item.code,
        "situation": situation.answers,
    }
    if known.draft:
        return _changed(request, known, context)
    by = citizen(request)
    if by is None:
        limits.spend("draft_address_hour", client_address(request), at=request.at)
    started = forms.start_draft(
        about=known.definition.item.code,
        form_digest=known.digest,
        context=context,
        by=by,
        at=request.at,
        answers=forms.merged({}, prefill(known.definition, {}, by)),
    )
    if started.token:
        hold(request, started.draft_id, started.token)
    return redirect("cases:draft", draft_id=started.draft_id)


def _changed(request: Any, known: Asking, context: dict[str, Any]) -> HttpResponse:
    found = drafting(request, _uuid(known.draft))
    try:
        forms.change_context(
            draft_id=found.id,
            context=context,
            base_version=found.view.version,
            by=found.holder.by,
            at=request.at,
            token=found.holder.token,
        )
    except DraftChangedElsewhere as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("已按新的回答更新要交的材料，填过的内容都还在。"))
    return redirect("cases:draft", draft_id=found.id)


def prefill(definition: Definition, answers: Mapping[str, Any], by: Actor | None) -> dict[str, Any]:
    """What the person's own profile already knows (国务院令第716号 7: what is known is not asked again)."""
    if by is None:
        return {}
    schema = forms.read_schema(definition.form.schema, definition.form.pages)
    if not any(field.prefill for field in schema.fields.values()):
        return {}
    person = identity.person(by.id)
    profile = {
        "applicant.name": person.name,
        "applicant.citizen_number": person.citizen_number,
        "applicant.phone": identity.phone_of(by.id),
    }
    return forms.prefilled(schema, answers, profile)
