"""A phone without an account: six digits, then pictures to the desk. Nothing is shown back but how many went."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases.services import phone
from mingqu.cases.services.files import Upload
from mingqu.documents.services.files import limits as upload_limits
from mingqu.identity.services import client_address, limits
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import public

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
ACCEPT = "image/*,application/pdf"


class PhoneCodeForm(forms.Form):
    code = forms.RegexField(
        r"^\s*(\d\s*){6}$",
        label=gettext_lazy("窗口屏幕上的6位数字"),
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-5 mq-code"}
        ),
        error_messages={"invalid": gettext_lazy("请输入6位数字，例如204816。")},
    )


@public
@never_cache
@require_http_methods(GET_OR_POST)
def code(request: Any) -> HttpResponse:
    """From the digits on the desk's screen to the page that sends. Only wrong ones count towards the limit."""
    form, status = PhoneCodeForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                limits.spend("phone_code_address", client_address(request), at=request.at)
                token = phone.token_of(form.cleaned_data["code"], request.at)
            except DomainError as refused:
                form.add_error("code", refused.message)
                status = refused.status
            else:
                limits.give_back("phone_code_address", client_address(request))
                return redirect("cases:phone_send", token=token)
    return render(request, "cases/phone_code.html", {"form": form}, status=status)


@public
@never_cache
@require_http_methods(GET_OR_POST)
def send(request: Any, token: str) -> HttpResponse:
    """Pictures for one material; each refused one is told by its name."""
    page = phone.slot_page(token, request.at)
    wrong: list[str] = []
    if request.method == "POST":
        given = request.FILES.getlist("photos")
        if not given:
            wrong.append(_("请先拍照或者选择照片。"))
        for file in given:
            wrong += _sent(request, token, file)
        done = len(given) - len(wrong) if given else 0
        if done:
            messages.success(request, _("已发给窗口%(count)d张，请看窗口的屏幕。") % {"count": done})
        if not wrong:
            return redirect("cases:phone_send", token=token)
        page = phone.slot_page(token, request.at)
    context = {"page": page, "wrong": wrong, "accept": ACCEPT}
    return render(request, "cases/phone_send.html", context, status=WRONG if wrong else 200)


def _sent(request: Any, token: str, file: Any) -> list[str]:
    """What is wrong with this one; it went if nothing is."""
    # One byte over the limit is enough to be refused for its size; the rest is never read.
    upload = Upload(str(file.name), file.read(upload_limits().file_bytes + 1))
    try:
        limits.spend("upload_address_hour", client_address(request), at=request.at)
        phone.send(token=token, upload=upload, at=request.at)
    except DomainError as refused:
        return [f"“{upload.name[:40]}”：{refused.message}"]
    return []
