"""A lost number, asked online: facts, a code on the new number, then days in which the old one may stop it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.identity import signin
from mingqu.identity.acting import in_own_name
from mingqu.identity.forms import CodeForm, KeyForm, RecoverOnlineForm
from mingqu.identity.services import codes, recovery_online
from mingqu.identity.types import IdentityFacts
from mingqu.identity.web import client_address
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import public, signed_in
from mingqu.ui.forms import tell

GIVEN = "recover_online"  # in the (encrypted) session, between the facts and the code
GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
FACTS = ("name", "citizen_number", "valid_until", "own_number", "phone")


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def recover(request: Any) -> HttpResponse:
    """What she says of herself; a code goes to the new number, whatever she says."""
    form, status = RecoverOnlineForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in FACTS}
            try:
                recovery_online.count_address(client_address(request), request.at)
                signin.begin_phone_change(request, given["phone"])
            except DomainError as refused:
                status = tell(form, refused)
            else:
                request.session[GIVEN] = given | {"key": str(new_id())}
                return redirect("identity:recover_code")
    context = {"form": form, "days": settings.MINGQU_RECOVERY_DAYS}
    return render(request, "identity/recover.html", context, status=status)


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def recover_code(request: Any) -> HttpResponse:
    """The code on the new number; then the answer that is the same for all."""
    given, phone = request.session.get(GIVEN), signin.pending_phone_change(request)
    if not given or phone != given["phone"]:
        return redirect("identity:recover")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                signin.prove_phone_change(request, form.cleaned_data["code"])
                del request.session[GIVEN]
                _ask(request, given)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("identity:recover_done")
    context = {"form": form, "phone": phone, "minutes": codes.CODE_MINUTES}
    return render(request, "identity/recover_code.html", context, status=status)


def _ask(request: Any, given: dict[str, str]) -> None:
    facts = IdentityFacts(given["name"], given["citizen_number"], given["valid_until"])
    claim = recovery_online.Claim(facts, given["own_number"], given["phone"])
    address = client_address(request)
    recovery_online.ask(claim=claim, address=address, at=request.at, key=UUID(given["key"]))


@public
@require_GET
def recover_done(request: Any) -> HttpResponse:
    """What happens now, if it fits."""
    return render(request, "identity/recover_done.html", {"days": settings.MINGQU_RECOVERY_DAYS})


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def stop(request: Any) -> HttpResponse:
    """Somebody wants this account to have another number: who is signed in says it is not her."""
    in_own_name(request.actor)
    found = recovery_online.waiting(request.user.pk)
    form, status = KeyForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST" and found is not None:
        status = WRONG
        if form.is_valid():
            try:
                recovery_online.stop(
                    recovery_id=found.id, by=request.actor, at=request.at, key=form.cleaned_data["key"]
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("已停止，登录号码不变。三十天里只能带身份证到窗口换号。"))
                return redirect("identity:profile")
    return render(request, "identity/recovery_stop.html", {"form": form, "found": found}, status=status)
