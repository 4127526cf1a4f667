"""How far a case is: for its applicant, and for whoever has its number and query code."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.cases import acting, selectors
from mingqu.cases.bundles import selectors as bundles
from mingqu.cases.coming import coming
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.forms import BUNDLE, QueryForm, number_written
from mingqu.cases.further import further_of
from mingqu.cases.models import Bundle, Case
from mingqu.cases.overview import Overview, overview
from mingqu.cases.views.shared import GET_OR_POST, WRONG
from mingqu.cases.visiting import VisitShown
from mingqu.identity import selectors as identity
from mingqu.identity.errors import TooManyAttempts
from mingqu.identity.services import client_address, limits
from mingqu.kernel import ledger
from mingqu.kernel.identifiers import IdentifierRefused
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.ui import language
from mingqu.ui.access import on_behalf, public
from mingqu.ui.types import Action, Fact

SHOWN = "cases_shown"  # session: case number → when its query code was given (seconds)
SHOWN_SECONDS = 30 * 60
NOTHING_NEW = 204  # HTMX then leaves the page as it is, with what the reader has opened


@on_behalf("case.see")
@never_cache
@require_safe
def progress(request: Any, number: str) -> HttpResponse:
    """The applicant's own view."""
    case = acting.own_case(request.actor, request.capacities, number)
    allowed = selectors.actions_now(request.actor, case)
    return _page(request, case, own=True, allowed=allowed)


@public
@never_cache
@require_safe
def public_progress(request: Any, number: str) -> HttpResponse:
    """The same without papers and messages, for half an hour after the query code was given."""
    case = _shown_case(request, number)
    if case is None:
        if request.htmx:
            return HttpResponse(status=NOTHING_NEW)
        return redirect(f"{reverse('cases:query')}?number={number}")
    return _page(request, case, own=False)


def _page(request: Any, case: Case, *, own: bool, allowed: frozenset[str] = frozenset()) -> HttpResponse:
    seen = overview(case, request.at, own=own)
    if request.htmx and request.GET.get("seen") == seen.version:
        return HttpResponse(status=NOTHING_NEW)
    visit = selectors.visit_shown(case, request.at) if own else None
    today = legal_day(request.at)
    comes = coming(case, seen.definition, request.at, own=own, allowed=allowed)
    sent = comes is not None and comes.under_way
    context = {
        "seen": seen,
        "case": case,
        "own": own,
        "may_withdraw": "case.withdraw" in allowed,
        "visit": visit,
        "visit_over": _over(visit, today),
        "poll_url": f"{request.path}?seen={seen.version}",
        "facts": [*_facts(seen), *_visit(visit, today), *_agent(case, own=own)],
        "actions": _actions(seen) if own else [],
        "further": _further(request.actor, case, own=own),
        "coming": comes,
        "what": _("结果已经交给快递，有人签收才算送达") if sent else _what(seen),
        "whose": seen.organ if sent else seen.turn.whose,
        "today": today,
    }
    page = "_progress" if request.htmx else "progress"
    return render(request, f"cases/{page}.html", context)


def _further(actor: Actor | None, case: Case, *, own: bool) -> list[Action]:
    if not own:
        return further_of(case.number, place="code")
    return [*further_of(case.number, at_window=case.channel == "window"), *for_herself(actor, case)]


def for_herself(actor: Actor | None, case: Case) -> list[Action]:
    """What nobody may do for her: nothing where the reader acts for another."""
    alone = actor is not None and actor.agency is None and actor.id == case.applicant_id
    return further_of(case.number, place="herself") if alone else []


def _what(seen: Overview) -> str:
    """The first line; a correction names what is asked for."""
    names = _("、").join(material.name for material in seen.asked)
    words = {"fields": len(seen.asked_answers), "count": len(seen.asked), "names": names}
    if seen.asked and seen.asked_answers:
        return _("要改申请表里的%(fields)d处，补正%(count)d份材料：%(names)s") % words
    if seen.asked_answers:
        return _("要改申请表里的%(fields)d处") % words
    return _("要补正%(count)d份材料：%(names)s") % words if seen.asked else seen.turn.what


def _facts(seen: Overview) -> list[Fact]:
    who = _("谁在办") if seen.case.is_open and not seen.yours else _("办理机关")
    facts = [Fact(_("现在的状态"), seen.turn.words), Fact(who, seen.organ)]
    if seen.branches and seen.case.status == Case.Status.ACCEPTED:
        words = _("%(asked)d项同时办，办完%(given)d项") % {"asked": len(seen.branches), "given": seen.given}
        facts.append(Fact(_("审查"), words))
    return facts


def _agent(case: Case, *, own: bool) -> list[Fact]:
    """Whose hands filed it for another, for the two sides of the authority."""
    given = identity.capacity(case.capacity_id) if own and case.capacity_id else None
    if given is None:
        return []
    kind = _("经办人") if given.for_firm else _("受托代办")
    return [Fact(_("谁来办的"), given.agent_name, kind)]


def _over(visit: VisitShown | None, today: date) -> bool:
    """The agreed day has passed, and nobody has written down yet what was found."""
    return visit is not None and not visit.again_by and legal_day(visit.when) < today


def _visit(visit: VisitShown | None, today: date) -> list[Fact]:
    """The day somebody comes, or by which things are to be put right, stands with the first line."""
    if visit is None:
        return []
    if _over(visit, today):
        return [Fact(_("现场核查，约定的日子已经过了"), language.moment(visit.when))]
    if visit.again_by:
        return [Fact(_("现场核查以后"), _("请在%(day)s以前整改") % {"day": language.day(visit.again_by)})]
    return [Fact(_("现场核查，请在场"), language.moment(visit.when))]


def _actions(seen: Overview) -> list[Action]:
    number = seen.case.number
    if seen.asked or seen.asked_answers:
        place = "" if seen.asked_answers else f"#m-{seen.asked[0].code}"
        url = reverse("cases:correction", args=[number]) + place
        return [Action(_("去补正"), url, kind="out", icon="out")]
    if asks := next((one for one in seen.away if one.asks), None):
        url = reverse("cases:outside", args=[asks.reference])
        return [Action(_("去补正"), url, kind="out", icon="out")]
    if seen.owed:
        url = f"{reverse('cases:owed', args=[number])}#m-{seen.owed[0].code}"
        return [Action(_("去补交材料"), url, kind="out", icon="out")]
    if seen.certificate:
        url = reverse("certificates:detail", args=[seen.certificate.number])
        return [Action(_("看电子证照"), url)]
    return []


# By number and query code -----------------------------------------------------------------------------------


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def query(request: Any) -> HttpResponse:
    """Number and query code; for a wrong pair the answer never tells which of the two is wrong."""
    given = request.GET.get("number", "")
    scanned = _scanned(given)
    form, status = QueryForm(request.POST or None, scanned=scanned, initial={"number": scanned or given}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                limits.spend("progress_address", client_address(request), at=request.at)
                found = _by_query_code(**form.cleaned_data)
            except (CaseUnknown, TooManyAttempts) as refused:
                form.add_error(None, refused.message)
                status = refused.status
            else:
                limits.give_back("progress_address", client_address(request))  # only wrong pairs count
                _show(request, found.number)
                of = "cases" if isinstance(found, Case) else "bundles"
                return redirect(f"{of}:public_progress", number=found.number)
    return render(request, "cases/query.html", {"form": form, "scanned": scanned}, status=status)


def _scanned(given: str) -> str:
    """The number that a square code on paper brought; "" for none, and for what is none."""
    try:
        return number_written(given)
    except IdentifierRefused:
        return ""


def _by_query_code(number: str, code: str) -> Case | Bundle:
    """A case, or a bundle (its number begins with B). Raises CaseUnknown, the same whatever is wrong."""
    if number.startswith(BUNDLE):
        return bundles.bundle_by_query_code(number, code)
    return selectors.case_by_query_code(number, code)


def _show(request: Any, number: str) -> None:
    shown = {**request.session.get(SHOWN, {}), number: request.at.timestamp()}
    request.session[SHOWN] = dict(list(shown.items())[-10:])


Root = TypeVar("Root", Case, Bundle)


def shown_root(request: Any, number: str, find: Callable[[], Root | None]) -> Root | None:
    """The case or bundle whose query code was given in this session, not too long ago."""
    given_at = request.session.get(SHOWN, {}).get(number)
    if given_at is None or request.at.timestamp() - given_at > SHOWN_SECONDS:
        return None
    return find()


def _shown_case(request: Any, number: str) -> Case | None:
    return shown_root(request, number, lambda: Case.objects.filter(pk=selectors.case_id_of(number)).first())


# 办理存证 ---------------------------------------------------------------------------------------------------


@on_behalf("case.see")
@require_safe
def ledger_receipt(request: Any, number: str) -> HttpResponse:
    """Every entry with its seals, for the applicant to keep and check offline."""
    case = selectors.case_visible_to(request.actor, number)
    return _receipt(case, notes=True)


@public
@require_safe
def public_receipt(request: Any, number: str) -> HttpResponse:
    """The same without the readable notes. Raises CaseUnknown without a query code in this session."""
    case = _shown_case(request, number)
    if case is None:
        raise CaseUnknown()
    return _receipt(case, notes=False)


def _receipt(case: Case, *, notes: bool) -> HttpResponse:
    response = JsonResponse(
        ledger.receipt(case.pk, notes=notes), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = f'attachment; filename="mingqu-{case.number}.json"'
    return response
