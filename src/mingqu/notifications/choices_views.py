"""A person's choices about being told, and the two steps by which an e-mail address is proved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.notifications import selectors
from mingqu.notifications.forms import ChoicesForm, EmailCodeForm, EmailForm
from mingqu.notifications.services.choices import ask_email, choose, prove_email
from mingqu.notifications.types import Wanted
from mingqu.ui.access import signed_in
from mingqu.ui.forms import tell

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def choices(request: Any) -> HttpResponse:
    found = selectors.choices_of(request.actor.id)
    wanted = found.wanted
    initial = {
        "sms": wanted.sms,
        "by_email": wanted.by_email,
        "links": wanted.links,
        "quiet_from": f"{wanted.quiet_from:%H:%M}",
        "quiet_until": f"{wanted.quiet_until:%H:%M}",
        "key": new_id(),
    }
    form = ChoicesForm(request.POST or None, initial=initial, has_email=bool(found.email))
    if request.method == "POST" and form.is_valid():
        chosen = Wanted(
            sms=form.cleaned_data["sms"],
            by_email=form.cleaned_data.get("by_email", False),
            links=form.cleaned_data["links"],
            quiet_from=form.hour("quiet_from"),
            quiet_until=form.hour("quiet_until"),
        )
        choose(wanted=chosen, by=request.actor, at=request.at, key=form.cleaned_data["key"])
        messages.success(request, _("已经保存。"))
        return redirect("notifications:choices")
    context = {"form": form, "found": found}
    return render(request, "notifications/choices.html", context, status=WRONG if form.errors else 200)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def email(request: Any) -> HttpResponse:
    form, status = EmailForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                ask_email(address=given["email"], by=request.actor, at=request.at, key=given["key"])
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("notifications:email_code")
    return render(request, "notifications/email.html", {"form": form}, status=status)


@signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def email_code(request: Any) -> HttpResponse:
    found = selectors.choices_of(request.actor.id)
    if not found.asked and request.method != "POST":
        return redirect("notifications:email")
    form, status = EmailCodeForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                prove_email(code=given["code"], by=request.actor, at=request.at, key=given["key"])
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("邮箱已经验证，以后也会发邮件给您。"))
                return redirect("notifications:choices")
    return render(request, "notifications/email_code.html", {"form": form, "found": found}, status=status)
