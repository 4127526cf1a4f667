"""Programs of other departments that send messages through us: keys and templates, for the system officer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.notifications import selectors
from mingqu.notifications.forms import KeyForm, KeyNameForm, ServiceForm, TemplateForm
from mingqu.notifications.services import notify
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400


@staff("notify.see")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def programs(request: Any) -> HttpResponse:
    """The services there are, and making one."""
    form, status = ServiceForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = notify.make_service(
                    name=given["name"],
                    department_code=given["department"],
                    by=request.actor,
                    at=request.at,
                    key=given["key"],
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "已登记接入系统。下一步：给它一个密钥，写模板。")
                return redirect("notifications:program", made) if made else redirect("notifications:programs")
    context = {"services": selectors.notify_services(), "form": form}
    return render(request, "notifications/programs.html", context, status=status)


@staff("notify.see")
@never_cache
@require_GET
def program(request: Any, service_id: UUID) -> HttpResponse:
    return _shown(request, service_id)


@staff("notify.make_key")
@never_cache
@require_POST
def make_key(request: Any, service_id: UUID) -> HttpResponse:
    """The secret stands in this answer and nowhere else."""
    form = KeyNameForm(request.POST)
    if not form.is_valid():
        return _shown(request, service_id, key_form=form, status=WRONG)
    given = form.cleaned_data
    made = notify.make_key(
        service_id=service_id, name=given["name"], by=request.actor, at=request.at, key=given["key"]
    )
    if not made:
        messages.error(request, "这个密钥已经做好，只显示一次。没有记下来的，请再做一个，把那一个停用。")
        return redirect("notifications:program", service_id)
    return _shown(request, service_id, made=made)


@staff("notify.end_key")
@require_POST
def end_key(request: Any, service_id: UUID, key_id: UUID) -> HttpResponse:
    form = KeyForm(request.POST)
    if form.is_valid():
        notify.end_key(key_id=key_id, by=request.actor, at=request.at, key=form.cleaned_data["key"])
        messages.success(request, "密钥已停用，用它签名的请求不再接受。")
    return redirect("notifications:program", service_id)


@staff("notify.write_template")
@never_cache
@require_POST
def write_template(request: Any, service_id: UUID) -> HttpResponse:
    form, status = TemplateForm(request.POST), WRONG
    if form.is_valid():
        given = form.cleaned_data
        draft = notify.Draft(
            given["kind"], given["name"], given["subject"], given["body"], given["template_id"]
        )
        try:
            notify.write_template(
                service_id=service_id, draft=draft, by=request.actor, at=request.at, key=given["key"]
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "模板已保存。")
            return redirect("notifications:program", service_id)
    return _shown(request, service_id, template_form=form, status=status)


def _shown(
    request: Any, service_id: UUID, *, status: int = 200, made: str = "", **forms: Any
) -> HttpResponse:
    context = {
        "found": selectors.notify_service(service_id),
        "made": made,
        "key": new_id(),
        "key_form": forms.get("key_form") or KeyNameForm(initial={"key": new_id()}),
        "template_form": forms.get("template_form") or TemplateForm(initial={"key": new_id(), "kind": "sms"}),
    }
    return render(request, "notifications/program.html", context, status=status)
