"""
The screen of the desk, locked by key or after minutes of nobody's hand (锁屏) and opened by the second factor of the
same person. The session goes on, so that what was typed is still there; until then no page of staff answers.
"""

import json
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.identity import signin
from mingqu.identity.forms import PasskeyForm, SecondFactorForm
from mingqu.identity.locking import is_locked, lock, unlock
from mingqu.identity.models import User
from mingqu.identity.services import second_factor
from mingqu.identity.views.staff import GET_OR_POST, WRONG, passkeys_work_here
from mingqu.identity.web import safe_next, with_next
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

BY_SCRIPT = "X-Lock"  # header of lock.js, the sign of its locking: only whether it is open is told
DONE = 204


@staff("")
@require_POST
def lock_screen(request: Any) -> HttpResponse:
    """Locked at once, for every page of this session."""
    lock(request, request.headers.get(BY_SCRIPT, ""))
    if BY_SCRIPT in request.headers:
        return HttpResponse(status=DONE)
    return HttpResponseRedirect(with_next("identity:unlock_screen", safe_next(request)))


@staff("")
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def unlock_screen(request: Any) -> HttpResponse:
    """The code, or the passkey, of the very person whose session it is; another one signs out and in."""
    by_script = BY_SCRIPT in request.headers
    if by_script:
        lock(request, request.headers[BY_SCRIPT])
        if request.method != "POST" and is_locked(request):
            return HttpResponse("locked", content_type="text/plain")
    if not is_locked(request):
        return HttpResponse(status=DONE) if by_script else _back(request)
    form, status = SecondFactorForm(request.POST or None), 200
    by_passkey = PasskeyForm(request.POST if "credential" in request.POST else None)
    if request.method == "POST":
        status = WRONG
        try:
            if by_passkey.is_bound and by_passkey.is_valid():
                signin.show_again(request, credential=by_passkey.cleaned_data["credential"])
                return _opened(request)
            if form.is_valid():
                signin.show_again(request, code=form.cleaned_data["code"])
                return _opened(request)
        except DomainError as refused:
            status = tell(form, refused)
        if by_script:
            said = next((str(one) for errors in form.errors.values() for one in errors), "请输入口令。")
            return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
    user: User = request.user
    options = None
    if "webauthn" in second_factor.kinds(user.pk) and passkeys_work_here(request):
        options = json.dumps(signin.passkey_challenge(user))
    context = {"form": form, "passkey_options": options, "passkey_form": PasskeyForm()}
    context |= {"target": safe_next(request), "name": user.standing.name}  # type: ignore[attr-defined]
    return render(request, "identity/unlock.html", context, status=status)


def _opened(request: Any) -> HttpResponse:
    unlock(request)
    return HttpResponse(status=DONE) if BY_SCRIPT in request.headers else _back(request)


def _back(request: Any) -> HttpResponse:
    return HttpResponseRedirect(safe_next(request) or "/staff/start/")
