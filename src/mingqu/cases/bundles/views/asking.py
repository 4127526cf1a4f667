"""情形引导 of a bundle: one question a page, then which matters, in which order, in how many days. No sign-in."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mingqu.cases import legal
from mingqu.cases.bundles import selectors as bundles
from mingqu.cases.bundles import services
from mingqu.cases.bundles.errors import ProjectUnknown
from mingqu.cases.forms import QuestionForm
from mingqu.cases.views.shared import citizen, hold, prefill
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.bundles.types import Needed, OpenBundle, Part, Question
from mingqu.catalogue.errors import AnswerUnknown
from mingqu.clocks.types import Unit
from mingqu.forms import services as forms
from mingqu.identity import selectors as identity
from mingqu.identity.services import access, client_address, limits
from mingqu.ui.access import public
from mingqu.ui.language import unit
from mingqu.ui.types import Action, Fact

WRONG = 400
ASKED, AGAIN, PROJECT = "_asked", "_ask", "_project"


@dataclass(frozen=True)
class Asking:
    """A bundle and what its address says of the answers."""

    of: OpenBundle
    given: dict[str, list[str]]
    project: str

    @property
    def name(self) -> str:
        return self.of.document.name

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The answers as fields of a form or an address."""
        pairs = [(ask, value) for ask, values in self.given.items() for value in values]
        return [*pairs, *([(PROJECT, self.project)] if self.project else [])]

    @property
    def result_url(self) -> str:
        return self.url("result")

    def url(self, page: str = "start", **more: str) -> str:
        query = urlencode([*self.hidden, *more.items()])
        address = reverse(f"bundles:{page}", args=[self.of.document.code])
        return f"{address}?{query}" if query else address

    def answers(self, wanted: Needed, *, change: bool = True) -> list[Fact]:
        asked = catalogue.questions(self.of, wanted.answers)
        return [
            Fact(
                question.text,
                "、".join(question.options[value] for value in self.given[question.ask]),
                action=Action(_("修改"), self.url(**{AGAIN: question.ask})) if change else None,
            )
            for question in asked
            if question.ask in wanted.answers
        ]


def _asking(code: str, query: QueryDict) -> Asking:
    of = catalogue.open_bundle(code)
    given = {q.ask: query.getlist(q.ask) for q in of.document.situations if query.getlist(q.ask)}
    return Asking(of, given, query.get(PROJECT, ""))


@public
@require_safe
def start(request: Any, code: str) -> HttpResponse:
    """The next question, or the one to be changed; then the result."""
    known = _asking(code, request.GET)
    by_name = {q.ask: q for q in known.of.document.situations}
    again, asked = by_name.get(request.GET.get(AGAIN, "")), by_name.get(request.GET.get(ASKED, ""))
    try:
        wanted = catalogue.needed(known.of, known.given)
    except AnswerUnknown as unknown:
        question = by_name[unknown.field]
        return _question(request, known, question, bound=True)
    if again or (asked and asked.ask in wanted.missing):
        question = again or by_name[asked.ask if asked else ""]
        return _question(request, known, question, bound=not again)
    if wanted.missing and not wanted.stops:  # what stops is said at once, not after the last question
        return _question(request, known, by_name[wanted.missing[0]])
    return HttpResponseRedirect(known.url("result"))


def _question(request: Any, known: Asking, question: Question, *, bound: bool = False) -> HttpResponse:
    answers = {ask: values[0] if len(values) == 1 else values for ask, values in known.given.items()}
    asked = [q.ask for q in catalogue.questions(known.of, answers)]
    number = asked.index(question.ask) if question.ask in asked else 0
    given = known.given.get(question.ask, [])
    initial: Any = given if question.many else (given[0] if given else None)
    form = QuestionForm(question, request.GET if bound else None, initial={question.ask: initial})  # type: ignore[arg-type]
    context = {
        "known": known,
        "form": form,
        "question": question,
        "number": number + 1,
        "total": len(asked),
        "hidden": [(name, value) for name, value in known.hidden if name != question.ask],
        "back_url": known.url(**{AGAIN: asked[number - 1]}) if number else "",
        "action": reverse("bundles:start", args=[known.of.document.code]),
    }
    return render(request, "bundles/question.html", context, status=WRONG if form.errors else 200)


@public
@require_safe
def result(request: Any, code: str) -> HttpResponse:
    """What has to be done, what not, in which order, how long, with which materials."""
    known = _asking(code, request.GET)
    try:
        wanted = catalogue.needed(known.of, known.given)
    except AnswerUnknown:
        return HttpResponseRedirect(known.url())
    if wanted.stops:
        part, stop = wanted.stops[0]
        context = {"known": known, "part": part, "stop": stop, "answers": known.answers(wanted)}
        return render(request, "bundles/stop.html", context)
    if wanted.missing:
        return HttpResponseRedirect(known.url())
    form = catalogue.merged_form(known.of, wanted)
    context = {
        "known": known,
        "document": known.of.document,
        "lead": identity.department_by_code(known.of.document.lead).name,
        "wanted": wanted,
        "rows": _rows(known.of, wanted),
        "materials": catalogue.merged_materials(known.of, wanted),
        "questions_on_form": len(forms.read_schema(form.schema, form.pages).fields),
        "answers": known.answers(wanted),
        "facts": _facts(known.of, wanted),
        "sign_in": f"{reverse('identity:sign_in')}?{urlencode({'next': known.url('result')})}",
        "may_begin": known.of.document.kind != "stage" or citizen(request) is not None,
        "project": None,
    }
    if known.of.document.kind == "stage" and context["may_begin"]:
        context |= _under_which_project(request, known)
    return render(request, "bundles/result.html", context)


def _under_which_project(request: Any, known: Asking) -> dict[str, Any]:
    """The project a stage is asked for under, by its number or its code; one's own to choose from where none is."""
    project, refused = None, ""
    if known.project:
        try:
            project = bundles.project_visible_to(request.actor, known.project)
        except ProjectUnknown as unknown:
            refused = unknown.message
    own = (
        []
        if project
        else [(one, replace(known, project=one.number)) for one in bundles.projects(request.actor)]
    )
    fields = replace(known, project="").hidden
    return {
        "project": project,
        "needs_project": project is None,
        "refused": refused,
        "own": own,
        "fields": fields,
    }


def _working_days(limit: int) -> str:
    return f"{limit}{unit(limit, Unit.WORKING_DAYS.text)}"


def _facts(of: OpenBundle, wanted: Needed) -> list[Fact]:
    elapsed = wanted.elapsed
    assert elapsed is not None
    names = {part.code: part.name for part in wanted.parts}
    return [
        Fact(_("要办的事项"), _("%(count)d项") % {"count": len(wanted.parts)}, _("一次提出")),
        Fact(
            _("最快办完"),
            _working_days(elapsed.days),
            _("一项一项办要%(span)s") % {"span": _working_days(elapsed.serial)},
        ),
        Fact(_("时间最长的一路"), " → ".join(names[code] for code in elapsed.path)),
        _joint_limit(of, wanted),
    ]


def _joint_limit(of: OpenBundle, wanted: Needed) -> Fact:
    """行政许可法 42 gives it to licences; for anything else it is our own undertaking."""
    days = _working_days(of.document.limit.limit)
    kinds = (of.definitions[part.code].item.type for part in wanted.parts if not part.external)
    if legal.licences(kinds) == "none":
        return Fact(_("一并办理的期限"), days, "")
    return Fact(_("一并办理的法定期限"), days, _("行政许可法第四十二条第二款"))


def _length(of: OpenBundle, part: Part) -> str:
    """How long it takes as promised; an outside system says working days."""
    if part.external:
        return _working_days(part.external.limit)
    promised = of.definitions[part.code].clocks.promised
    return f"{promised.limit}{unit(promised.limit, Unit(promised.unit).text)}"


def _rows(of: OpenBundle, wanted: Needed) -> list[dict[str, Any]]:
    names = {part.code: part.name for part in wanted.parts}
    return [
        {
            "part": part,
            "after": [names[code] for code in wanted.after[part.code]],
            "length": _length(of, part),
            "organ": identity.department_by_code(
                part.external.organ if part.external else of.definitions[part.code].item.organ
            ).name,
        }
        for part in wanted.parts
    ]


@public
@require_POST
def begin(request: Any, code: str) -> HttpResponse:
    """
    Open a draft with these answers; who has not signed in holds it by its code until she does. A stage is asked for
    under a project, which only its owner sees: so after signing in.
    """
    known = _asking(code, request.POST)
    try:
        wanted = catalogue.needed(known.of, known.given)
    except AnswerUnknown:
        return HttpResponseRedirect(known.url())
    if wanted.missing or wanted.stops or not wanted.parts:
        return HttpResponseRedirect(known.url())
    context = services.context_of(known.of, wanted.answers)
    by = citizen(request)
    if by is not None and by.agency is not None:
        access.require_may(
            by, "bundle.file"
        )  # said before anything is filled in: no authority is for bundles yet
    if known.of.document.kind == "stage" and not (by and known.project):
        return HttpResponseRedirect(known.url("result"))
    if known.project:
        context["project"] = known.project
    if by is None:
        limits.spend("draft_address_hour", client_address(request), at=request.at)
    form = catalogue.merged_form(known.of, wanted)
    schema = forms.read_schema(form.schema, form.pages)
    started = forms.start_draft(
        about=code,
        form_digest="",
        context=context,
        by=by,
        at=request.at,
        answers=forms.merged({}, prefill(schema, {}, by, bundles.project_slots(by, known.project))),
    )
    if started.token:
        hold(request, started.draft_id, started.token)
    return redirect("bundles:draft", draft_id=started.draft_id)
