"""The pages a person sees on her way into an application: what it wants to know, and out of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.logout import logout
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.identity.acting import in_own_name
from mingqu.identity.errors import StaffAccount
from mingqu.identity.openid import keys, rules, selectors, services, tokens
from mingqu.identity.openid.errors import AppUnknown, ReturnUnknown
from mingqu.identity.openid.forms import ConsentForm
from mingqu.identity.openid.types import AppView, GrantView, Wanted
from mingqu.identity.services import accounts
from mingqu.identity.web import with_next
from mingqu.kernel.ids import new_id
from mingqu.kernel.middleware import leads_to, origin
from mingqu.ui.access import public

BEGAN = "began"  # of identity's middleware: when this session was signed in


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: Any) -> HttpResponse:
    """
    Whether an application may know what it asks for (OpenID Connect Core 3.1.2). An unknown application or return
    address is told to the person alone; every other refusal goes back to the application.
    """
    given = request.GET
    app = selectors.live_app(given.get("client_id", ""))
    if app is None:
        raise AppUnknown()
    back = given.get("redirect_uri", "")
    if back not in app.return_addresses:
        raise ReturnUnknown()
    asked = rules.read(given)
    if isinstance(asked, str):
        return _back(back, {"error": asked, "state": given.get("state", "")[: rules.LONGEST_TEXT]})
    if not rules.scopes_allowed(asked.scopes, app.scopes):
        return _back(back, {"error": "invalid_scope", "state": asked.state})
    if not request.user.is_authenticated:
        if "none" in asked.prompt:
            return _back(back, {"error": "login_required", "state": asked.state})
        return HttpResponseRedirect(with_next("identity:sign_in", _here(request)))
    if request.actor is None or request.actor.kind != "citizen":
        raise StaffAccount()
    in_own_name(request.actor)
    return _signed_in(request, app, asked, back)


def _signed_in(request: Any, app: AppView, asked: rules.Asked, back: str) -> HttpResponse:
    if "login" in asked.prompt or _too_long_ago(request, asked):
        if "none" in asked.prompt:
            return _back(back, {"error": "login_required", "state": asked.state})
        return _again(request, app)
    grant = selectors.grant(request.user.pk, app.id)
    covered = grant is not None and set(asked.scopes) <= set(grant.scopes)
    if request.method == "POST":
        return _answered(request, app, asked, back, grant)
    if covered and "consent" not in asked.prompt:
        return _let_in(request, app, asked, back, asked.scopes, new_id())
    if "none" in asked.prompt:
        return _back(back, {"error": "consent_required", "state": asked.state})
    return _ask(request, app, asked, back, ConsentForm(asked.scopes))


def _ask(request: Any, app: AppView, asked: rules.Asked, back: str, form: ConsentForm) -> HttpResponse:
    context = {"app": app, "form": form, "phone": request.user.phone, "host": origin(back)}
    return leads_to(back, render(request, "identity/openid/consent.html", context))


def _answered(
    request: Any, app: AppView, asked: rules.Asked, back: str, grant: GrantView | None
) -> HttpResponse:
    if request.POST.get("answer") != "allow":
        return _back(back, {"error": "access_denied", "state": asked.state})
    form = ConsentForm(asked.scopes, request.POST)
    if not form.is_valid():
        return _ask(request, app, asked, back, form)
    return _let_in(request, app, asked, back, form.chosen, form.cleaned_data["key"], shown=asked.scopes)


def _let_in(
    request: Any,
    app: AppView,
    asked: rules.Asked,
    back: str,
    scopes: tuple[str, ...],
    key: Any,
    *,
    shown: tuple[str, ...] = (),
) -> HttpResponse:
    since = datetime.fromtimestamp(int(request.session.get(BEGAN, request.at.timestamp())), UTC)
    wanted = Wanted(back, scopes, asked.challenge, asked.nonce, since, shown)
    code = services.let_in(
        app_id=app.id, wanted=wanted, epoch=request.user.epoch, by=request.actor, at=request.at, key=key
    )
    return _back(back, {"code": code, "state": asked.state})


def _too_long_ago(request: Any, asked: rules.Asked) -> bool:
    since = request.session.get(BEGAN, 0)
    return asked.longest is not None and request.at.timestamp() - since >= asked.longest


def _again(request: Any, app: AppView) -> HttpResponse:
    """The application wants a sign-in of now: the person says so herself, because it ends the one she has."""
    if request.method != "POST" or request.POST.get("answer") != "again":
        return render(request, "identity/openid/again.html", {"app": app})
    accounts.note_sign_out(user=request.user, at=request.at)
    logout(request, show_message=False)
    # What comes back here has signed in just now; the application sees when in the statement (auth_time).
    left = {name: value for name, value in request.GET.items() if name not in {"prompt", "max_age"}}
    prompt = " ".join(word for word in request.GET.get("prompt", "").split() if word != "login")
    query = urlencode(left | ({"prompt": prompt} if prompt else {}))
    return HttpResponseRedirect(with_next("identity:sign_in", f"{request.path}?{query}"))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: Any) -> HttpResponse:
    """
    Out of an application and, if the person says so, out of here (OpenID Connect RP-Initiated Logout). Led back only to
    a registered address, and only where the application is known by its statement or id.
    """
    given = request.GET
    hint = keys.opened(given.get("id_token_hint", ""), request.at) or {}
    app = selectors.live_app(str(hint.get("aud") or given.get("client_id", "")))
    back = given.get("post_logout_redirect_uri", "")
    if back and (app is None or back not in app.return_addresses):
        raise ReturnUnknown()
    target = rules.with_answer(back, {"state": given.get("state", "")[: rules.LONGEST_TEXT]}) if back else "/"
    if not request.user.is_authenticated:
        return HttpResponseRedirect(target)
    if request.method != "POST":
        page = render(request, "identity/openid/sign_out.html", {"app": app})
        return leads_to(back, page) if back else page
    if app is not None:
        tokens.end_tokens_of(app_id=app.id, user_id=request.user.pk)
    if request.POST.get("answer") != "stay":
        accounts.note_sign_out(user=request.user, at=request.at)
        logout(request, show_message=False)
    return HttpResponseRedirect(target)


def _here(request: Any) -> str:
    return f"{reverse('identity:openid_authorize')}?{request.GET.urlencode()}"


def _back(address: str, answer: Mapping[str, str]) -> HttpResponse:
    """To the application, with who answers (RFC 9207), so that answers of two services are not mixed up."""
    return HttpResponseRedirect(rules.with_answer(address, {**answer, "iss": settings.MINGQU_BASE_URL}))
