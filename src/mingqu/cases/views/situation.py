"""情形引导: one question a page, then what the answers come to. No sign-in; the address holds the answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mingqu.cases import legal, picture, ways
from mingqu.cases.errors import SituationStops, SituationUnanswered
from mingqu.cases.forms import QuestionForm
from mingqu.cases.services.filing import checked_situation, require_within
from mingqu.cases.views import which
from mingqu.cases.views.asking import ASK, ASKED, CERTIFICATE, DRAFT, HANDLING, Asking, asking, uuid_of
from mingqu.cases.views.shared import (
    WRONG,
    citizen,
    draft_gone,
    drafting,
    hold,
    in_whose_name,
    organs_of,
    prefill,
    spared,
    to_its_case,
)
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.errors import AnswerUnknown
from mingqu.catalogue.types import ClockRule, Definition, Situation, SituationResult
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import CORRECTION_NOTICE, Explanation, Unit
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere, DraftNotFound
from mingqu.identity import selectors as identity
from mingqu.identity.services import client_address, faces, limits
from mingqu.kernel.codelists import code_list
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import public
from mingqu.ui.language import unit
from mingqu.ui.types import Fact


def of_a_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where the address names a draft to be changed: say what became of it when it is gone."""

    @wraps(view)
    def opened(request: Any, item_code: str) -> HttpResponse:
        try:
            return view(request, item_code)
        except DraftAlreadyFiled:
            return to_its_case(request, uuid_of(request.GET.get(DRAFT) or request.POST[DRAFT]))
        except DraftNotFound as gone:
            return draft_gone(request, gone)

    return opened


@public
@require_safe
@of_a_draft
def start(request: Any, item_code: str) -> HttpResponse:
    return go_on(request, asking(request, item_code, request.GET))


def go_on(request: Any, known: Asking) -> HttpResponse:
    """The next question, or what the answers come to."""
    by_name = {q.ask: q for q in known.asked}
    asked = by_name.get(request.GET.get(ASKED, ""))
    again = by_name.get(request.GET.get(ASK, ""))
    if known.must_choose or (again and again.ask == HANDLING):
        return _question(request, known, known.which, bound=bool(known.handling_given or asked))
    if known.acts_on_certificate and (not known.certificate or (again and again.ask == CERTIFICATE)):
        return which.ask_certificate(request, known, bound=bool(asked and asked.ask == CERTIFICATE))
    if known.certificate and (refused := which.refusal(request, known)):
        return which.ask_certificate(request, known, refused=refused)
    if asked and not known.given[asked.ask]:
        return _question(request, known, asked, bound=True)
    if again:
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
    place = [q.ask for q in known.asked].index(question.ask)
    given = known.given[question.ask] or which.carried(request, known).situation.get(question.ask, [])
    initial: Any = list(given) if question.many else (given[0] if given else None)
    form = QuestionForm(question, request.GET if bound else None, initial={question.ask: initial})
    before = known.asked[place - 1] if place else None
    context = {
        "known": known,
        "form": form,
        "question": question,
        **known.counted(question),
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
    return come_to(request, asking(request, item_code, request.GET))


def come_to(request: Any, known: Asking) -> HttpResponse:
    """What is to be prepared with these answers; where one is missing, its question."""
    if known.must_choose or (known.acts_on_certificate and not known.certificate):
        return HttpResponseRedirect(known.url())
    try:
        situation = checked_situation(known.definition, dict(known.given))
    except SituationStops:
        return _stopped(request, known, catalogue.situation(known.definition, known.given))
    except (SituationUnanswered, AnswerUnknown):
        return HttpResponseRedirect(known.url())
    organs = organs_of(known.definition)
    definition = known.definition
    places = {s.id: picture.Place(detail=_days(s.limit)) for s in [*situation.steps, definition.decide]}
    way = ways.way_of_answers(definition, situation.answers)
    places |= picture.passed_by(way)
    places[picture.RECEIVE] = picture.Place(detail=_("当场给凭证"))
    places[picture.ACCEPT] = picture.Place(detail=_days(CORRECTION_NOTICE.limit))
    context = {
        "known": known,
        "definition": definition,
        "situation": situation,
        "materials": [(one, "".join(spared(one))) for one in situation.materials],
        "organ": identity.department_by_code(definition.item.organ).name,
        "facts": _facts(definition, situation),
        "answers": known.answers(),
        "hidden": known.hidden(),
        "acts_on": which.chosen(request, known),
        "promised_words": _limit(definition.clocks.promised),
        "questions_on_form": sum(len(page["fields"]) for page in definition.form.pages),
        "flow": picture.picture(
            situation.steps,
            definition.decide,
            organs,
            places,
            picture.to_applicant(definition.item.type),
            way,
        ),
        "today": legal_day(request.at),
        **_previews(request, definition),
    }
    return render(request, "cases/result.html", context)


def _days(limit: int) -> str:
    return f"{limit}{unit(limit, Unit.WORKING_DAYS.text)}"


def _limit(rule: ClockRule) -> str:
    return f"{rule.limit}{unit(rule.limit, Unit(rule.unit).text)}"


def _result(definition: Definition) -> Fact:
    """What a grant brings: a certificate and how long it is valid, or the decision itself."""
    result = definition.result
    if not result.is_certificate:
        return Fact(_("结果"), _("决定书"), result.name)
    span = {"span": f"{result.valid_years}{unit(result.valid_years, Unit.YEARS.text)}"}
    validity = {
        "new": _("有效期%(span)s") % span,
        "renew": _("从原来到期的第二天起，再有效%(span)s") % span,
        "cancel": _("注销以后不能再用"),
    }.get(definition.handling_item.kind, _("编号和有效期不变"))
    if definition.years_set:
        validity = _("有效期按裁量基准定")
    return Fact(_("结果"), result.certificate_name, validity)


def _facts(definition: Definition, situation: SituationResult) -> list[Fact]:
    promised, statutory = definition.clocks.promised, definition.clocks.statutory
    visits, count = definition.visits, len(situation.materials)
    return [
        Fact(_("承诺期限"), _limit(promised), _("法定%(limit)s") % {"limit": _limit(statutory)}),
        Fact(_("您要跑"), _("%(count)d次") % {"count": visits}, _("全程网上办") if not visits else ""),
        Fact(_("您要交"), ngettext("%(count)d份材料", "%(count)d份材料", count) % {"count": count}),
        Fact(_("费用"), definition.fee_words),
        _result(definition),
        *_level(definition),
    ]


def _level(definition: Definition) -> list[Fact]:
    """Said before anything is filled in, where more is wanted than name and number."""
    wanted = definition.item.assurance
    if wanted in ("AAL0", "AAL1"):
        return []
    name = code_list("assurance_level").require(wanted, field="assurance").name
    note = _("可以先填，提交前在网上认证") if wanted == "AAL2" else _("这里不能在网上核验，请到窗口办理")
    if wanted == "AAL3" and faces.available():
        note = _("可以先填，提交前在网上做人脸核验")
    return [Fact(_("网上申请要求的身份核验"), _(name), note)]


def _previews(request: Any, definition: Definition) -> dict[str, Explanation]:
    """If it were filed and accepted today: when the answer, when the decision, by promise and by law."""
    today = legal_day(request.at)
    statutory, promised = catalogue.clock_specs(definition)
    return {
        "answer": clocks.preview(legal.clock(CORRECTION_NOTICE, definition.item.type), today),
        "promised": clocks.preview(promised, today),
        "statutory": clocks.preview(statutory, today),
    }


@public
@require_POST
@of_a_draft
def begin(request: Any, item_code: str) -> HttpResponse:
    """Open a draft with these answers, or put them under the draft that is being changed."""
    known = asking(request, item_code, request.POST)
    if known.must_choose or (known.certificate and which.refusal(request, known)):
        return HttpResponseRedirect(known.url())
    try:
        situation = checked_situation(known.definition, dict(known.given))
    except (SituationUnanswered, SituationStops, AnswerUnknown):
        return HttpResponseRedirect(known.url())
    context = {
        "revision_id": str(known.revision_id),
        "handling": known.definition.handling_item.code,
        "situation": situation.answers,
        **which.context(request, known),
        **in_whose_name(request),
    }
    if known.draft:
        return _changed(request, known, context)
    by = citizen(request)
    if by is not None and by.agency is not None:
        require_within(by, known.definition)
    if by is None:
        limits.spend("draft_address_hour", client_address(request), at=request.at)
    schema = forms.known_schema(known.definition.form.schema, known.definition.form.pages)
    started = forms.start_draft(
        about=known.definition.item.code,
        form_digest=known.digest,
        context=context,
        by=by,
        at=request.at,
        answers=forms.merged(which.carried(request, known).answers, prefill(schema, {}, by)),
    )
    if started.token:
        hold(request, started.draft_id, started.token)
    return redirect("cases:draft", draft_id=started.draft_id)


def _changed(request: Any, known: Asking, context: dict[str, Any]) -> HttpResponse:
    found = drafting(request, uuid_of(known.draft))
    try:
        forms.change_context(
            draft_id=found.id,
            # What was chosen besides (delivery, party, what follows later) stays.
            context={**found.view.context, **context},
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
