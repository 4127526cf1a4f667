"""As whom one acts; who may act for one: granted, answered, ended."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity import selectors as identity
from mingqu.identity import services
from mingqu.identity.types import CapacityView
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.portal.acting_forms import AnswerForm, AuthorityForm, FirmForm, KeyForm
from mingqu.portal.selectors.acting import kind_words, lines
from mingqu.ui.access import on_behalf, signed_in
from mingqu.ui.context import AUDIENCE_COOKIE
from mingqu.ui.forms import tell

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
SESSION_KEY = "acting"  # of identity's middleware
REAL_NAME = 2  # AAL2


@on_behalf("identity.switch_capacity")
@never_cache
@require_GET
def acting(request: Any) -> HttpResponse:
    """In whose name one acts now and may act, what waits for an answer, and what one gave."""
    day = legal_day(request.at)
    context: dict[str, Any] = {
        "capacities": [(one, kind_words(one.kind)) for one in request.capacities],
        "acting": request.acting,
        "herself": not request.actor.stands_in,
    }
    if context["herself"]:
        person = identity.person(request.actor.id)
        got = lines([one for one in identity.got_by(request.actor) if one.kind != "representative"], day)
        firms = [one for one in request.capacities if one.kind == "representative"]
        context |= {
            "real": person.assurance >= REAL_NAME,
            "offers": [one for one in got if one.tag == "received"],
            "got": [one for one in got if one.tag != "received"],
            "given": lines(identity.given_by(request.actor.id), day),
            "firms": firms,
        }
    return render(request, "portal/acting/acting.html", context)


@on_behalf("identity.switch_capacity")
@require_POST
def switch(request: Any) -> HttpResponse:
    """Act in another name from now on, or as oneself; for this session only."""
    wanted = request.POST.get("capacity", "")
    chosen = next((one for one in request.capacities if str(one.id) == wanted), None)
    request.session[SESSION_KEY] = str(chosen.id) if chosen else ""
    if chosen is None:
        messages.success(request, _("现在是以您本人的名义办事。"))
    else:
        messages.success(request, _("现在是以%(name)s的名义办事。") % {"name": chosen.principal_name})
    response = redirect("portal:my")
    if not chosen or chosen.for_firm:
        audience = "legal" if chosen else "personal"
        response.set_cookie(
            AUDIENCE_COOKIE, audience, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def firm(request: Any) -> HttpResponse:
    """Prove to be the representative of a firm, by the register."""
    form, status = FirmForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                services.become_representative(**form.cleaned_data, by=request.actor, at=request.at)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("核验通过。现在可以以单位的名义办事，也可以授权经办人。"))
                return redirect("portal:acting")
    return render(request, "portal/acting/firm.html", {"form": form}, status=status)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def relative(request: Any) -> HttpResponse:
    """Let a relative or friend act for oneself."""
    return _grant(request, "relative", services.ask_relative, "")


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def handler(request: Any, firm_id: UUID) -> HttpResponse:
    """Let somebody handle the matters of a firm one represents."""
    own = next(
        (one for one in request.capacities if one.kind == "representative" and one.principal_id == firm_id),
        None,
    )
    if own is None:
        raise Http404

    def give(**given: Any) -> UUID:
        return services.appoint_handler(firm_id=firm_id, **given)

    return _grant(request, "handler", give, own.principal_name)


def _grant(request: Any, kind: str, give: Any, firm_name: str) -> HttpResponse:
    form, status = AuthorityForm(request.POST or None, kind=kind, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            key = form.cleaned_data["key"]
            try:
                give(authority=form.authority(request.at), by=request.actor, at=request.at, key=key)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("授权已经发出，对方接受以后生效。"))
                return redirect("portal:capacity", capacity_id=key)
    context = {"form": form, "firm_name": firm_name, "kind": kind}
    return render(request, "portal/acting/grant.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def capacity(request: Any, capacity_id: UUID) -> HttpResponse:
    """One authority in full, for its two sides: answered by who is named in it, ended by either."""
    one = _of_mine(request, capacity_id)
    asked = one.state == "offered" and one.id in {o.id for o in identity.got_by(request.actor)}
    if request.method == "POST":
        return _answer(request, one, asked)
    (line,) = lines([one], legal_day(request.at))
    context = {
        "line": line,
        "one": one,
        "kind": kind_words(one.kind),
        "asked": asked and line.open,
        "may_end": line.open and not asked,
        "key": new_id(),
    }
    return render(request, "portal/acting/capacity.html", context)


def _answer(request: Any, one: CapacityView, asked: bool) -> HttpResponse:
    form = AnswerForm(request.POST) if asked else KeyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有保存，请再点一次。"))
        return redirect("portal:capacity", capacity_id=one.id)
    when = {"by": request.actor, "at": request.at, "key": form.cleaned_data["key"]}
    try:
        if asked:
            yes = form.cleaned_data["accept"] == "yes"
            services.answer_capacity(capacity_id=one.id, accept=yes, **when)
            messages.success(request, _("已接受，可以切换身份办事了。") if yes else _("已告诉对方您不接受。"))
        else:
            services.end_capacity(capacity_id=one.id, **when)
            messages.success(request, _("已终止，从现在起不能再用这份授权办事。"))
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("portal:capacity", capacity_id=one.id)
    return redirect("portal:acting")


def _of_mine(request: Any, capacity_id: UUID) -> CapacityView:
    """Raises 404 for what is neither given by nor meant for the person."""
    sides = [*identity.got_by(request.actor), *identity.given_by(request.actor.id)]
    found = next((one for one in sides if one.id == capacity_id and one.kind != "representative"), None)
    if found is None:
        raise Http404
    return found
