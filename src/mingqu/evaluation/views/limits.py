"""期限: the days of the loop of bad ratings, what was in force when, and the form of who may set them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.evaluation import rules, selectors, services
from mingqu.evaluation.forms import LimitsForm
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400


@staff("evaluation.set_limits")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: Any) -> HttpResponse:
    today = legal_day(request.at)
    now = selectors.days_on(today)
    form, status = LimitsForm(initial={"key": new_id(), **now}), 200
    if request.method == "POST":
        form, status = LimitsForm(request.POST), WRONG
        if form.is_valid():
            said = form.cleaned_data
            try:
                services.set_limits(
                    days=form.days_given(), from_on=said["from_on"], reason=said["reason"], by=request.actor,
                    at=request.at, key=said["key"],
                )  # fmt: skip
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("evaluation:limits")
    past = selectors.limits_set(today)
    context = {
        "form": form,
        "now": [(words, now[name]) for name, words in rules.LIMITS.items()],
        "past": past,
        "by_default": not any(one.state == "now" for one in past),
    }
    return render(request, "evaluation/limits.html", context, status=status)
