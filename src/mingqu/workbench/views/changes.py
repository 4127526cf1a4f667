"""更正录入, and what waits for a second person: 作废 and 更正 of who somebody is."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.amending import selectors as amending
from mingqu.cases.errors import ChangeUnknown
from mingqu.cases.services.amending import NAME, mend_form, mendable
from mingqu.forms.services import PageForm, html_name
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.workbench.amending_forms import AnswerChangeForm, ChooseFieldsForm, MendForm

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("case.answer_change")
@never_cache
@require_GET
def changes(request: Any) -> HttpResponse:
    """What waits for a second person, oldest first."""
    lines, more = amending.waiting(request.actor, after=request.GET.get("after", ""))
    context = {"lines": lines, "more": more, "me": request.actor.id}
    return render(request, "workbench/changes.html", context)


@staff("case.mend")
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def mend(request: Any, number: str) -> HttpResponse:
    """First which fields (in the address), then what they should say, with the reason."""
    case = cases.case_visible_to(request.actor, number)
    if "case.mend" not in cases.actions_now(request.actor, case) or case.channel != "window":
        messages.error(request, "这件申请现在不能更正录入：不是窗口代为录入的，或者已经作出决定。")
        return redirect("workbench:case", number)
    known = mendable(case)
    paths = [path for path in request.GET.getlist("field") if path in {one.path for one in known}]
    context: dict[str, Any] = {"number": number, "item": case.item_name, "in_bundle": bool(case.bundle_id)}
    if not paths:
        choose = ChooseFieldsForm(request.GET if "chosen" in request.GET else None, fields=known)
        return render(request, "workbench/mend_choose.html", {**context, "form": choose})
    data = request.POST if request.method == "POST" else None
    form = MendForm(data, with_name=NAME in paths)
    typed, status = mend_form(case, paths, request.at, data), 200
    if data is not None:
        status = WRONG
        if form.is_valid() & typed.is_valid() and (done := _mended(request, case.pk, form, typed)):
            messages.success(request, done)
            return redirect("workbench:case", number)
    context |= {
        "form": form,
        "typed": typed,
        "fields": [typed[html_name(path)] for path in paths if path != NAME],
        "waits": any(one.identity for one in known if one.path in paths),
    }
    return render(request, "workbench/mend.html", context, status=status)


def _mended(request: Any, case_id: UUID, form: MendForm, typed: PageForm) -> str:
    changed = dict(typed.changes)
    if NAME in form.fields:
        changed[NAME] = form.cleaned_data[NAME].strip()
    try:
        done = services.mend_entry(
            case_id=case_id,
            changes=changed,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        form.tell(refused)
        return ""
    return "涉及身份，等第二个人复核以后生效。" if done.waits else "已更正，申请人会收到通知。"


@staff("case.answer_change")
@never_cache
@require_http_methods(GET_OR_POST)
def change(request: Any, number: str, change_id: UUID) -> HttpResponse:
    """Both values side by side, and the word of the second person."""
    case = cases.case_visible_to(request.actor, number)
    shown = next((one for one in amending.of_case(case) if one.id == change_id), None)
    if shown is None or not access.allows(request.actor, "case.answer_change", case):
        raise ChangeUnknown()
    own = shown.asked_by == request.actor.id
    form, status = AnswerChangeForm(request.POST or None, own=own), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                services.answer_change(
                    case_id=case.pk,
                    change_id=change_id,
                    agrees=form.cleaned_data["agrees"] == "yes",
                    text=form.cleaned_data["text"],
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                agreed = form.cleaned_data["agrees"] == "yes"
                messages.success(request, "已生效，申请人会收到通知。" if agreed else "没有改变，已记下。")
                return redirect("workbench:case", number)
    context = {"shown": shown, "form": form, "own": own, "number": number, "item": case.item_name}
    return render(request, "workbench/change.html", context, status=status)
