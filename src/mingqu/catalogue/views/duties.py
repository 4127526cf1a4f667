"""责任事项: what organs must do by a day, what was done, what is late."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.catalogue.directory import duties as kept
from mingqu.catalogue.directory.services import duties as services
from mingqu.catalogue.duty_forms import DoneForm, DutyForm, EndDutyForm
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff

WRONG = 400
FORMS = {"record": DoneForm, "end": EndDutyForm}
NEEDS = {"record": "duty.record", "end": "duty.keep"}


@staff("duty.see")
@never_cache
@require_GET
def duty_list(request: Any) -> HttpResponse:
    """Those that run, soonest due first; the late ones can be picked out."""
    which, day = request.GET.get("which", ""), legal_day(request.at)
    which = which if which in kept.WHICH else ""
    counts = kept.counts(request.actor, day)
    context = {
        "rows": kept.duties(request.actor, which, day),
        "which": which,
        "tabs": [(name, words, counts[name or "all"]) for name, words in kept.WHICH.items()],
        "late": counts["late"],
        "may_keep": access.may(request.actor, "duty.keep"),
    }
    return render(request, "catalogue/duties.html", context)


@staff("duty.keep")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_duty(request: Any) -> HttpResponse:
    form, status = DutyForm(), 200
    if request.method == "POST":
        form, status = DutyForm(request.POST), WRONG
        if form.is_valid():
            said = {
                name: form.cleaned_data[name]
                for name in ("organ", "name", "law", "article", "due_on", "entry")
            }
            duty = services.NewDuty(**said, every_months=int(form.cleaned_data["every_months"]))
            try:
                made = services.keep_duty(duty=duty, by=request.actor, at=request.at, key=form.command_key)
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "已经登记。到期没有履行的，会在这里标红并发消息。")
                return redirect("catalogue:duty", duty_id=made.duty_id)
    return render(request, "catalogue/duty_new.html", {"form": form}, status=status)


@staff("duty.see")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: Any, duty_id: UUID) -> HttpResponse:
    """One duty with what was done for it; `deed` record or end."""
    day = legal_day(request.at)
    row, done = kept.duty_seen(request.actor, duty_id, day)
    deed, status = request.POST.get("deed", ""), 200
    forms: dict[str, Any] = {
        name: of() for name, of in FORMS.items() if access.allows(request.actor, NEEDS[name], row.duty)
    }
    if request.method == "POST":
        form, status = FORMS.get(deed, DoneForm)(request.POST), WRONG
        forms[deed] = form
        if form.is_valid():
            who = {"duty_id": duty_id, "by": request.actor, "at": request.at, "key": form.command_key}
            try:
                if deed == "end":
                    services.end_duty(reason=form.cleaned_data["reason"], **who)
                else:
                    services.record_duty(text=form.cleaned_data["text"], **who)
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "已经终止。" if deed == "end" else "已经登记履行。")
                return redirect("catalogue:duty", duty_id=duty_id)
    context = {
        "row": row,
        "done": done,
        "names": identity.names_of({one.person_id for one in done}),
        "forms": {} if row.duty.ended_on else forms,
        "tried": forms.get(deed) if request.method == "POST" else None,
    }
    return render(request, "catalogue/duty.html", context, status=status)
