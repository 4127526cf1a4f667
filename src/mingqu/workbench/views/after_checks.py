"""告知承诺事后核查: the promise as it was signed, and what the check found; written down once."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.errors import CheckUnknown
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.workbench.forms import AfterCheckForm
from mingqu.workbench.selectors import after_checks as pages

if TYPE_CHECKING:
    from mingqu.cases.models import Case

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("case.check_commitment")
@never_cache
@require_http_methods(GET_OR_POST)
def after_check(request: Any, number: str, check_id: UUID) -> HttpResponse:
    """First what was found and how, then the last question with what follows, then the deed."""
    case = cases.case_visible_to(request.actor, number)
    one = next((row for row in pages.checks_of(case) if row.check.id == check_id), None)
    if one is None:
        raise CheckUnknown()
    if "case.check_commitment" not in cases.actions_now(request.actor, case):
        messages.error(request, "现在不能登记这项核查。下面是这件申请现在的情况。")
        return redirect("workbench:case", number)
    if one.check.finding:
        messages.info(request, "这项承诺已经核查过，结果在下面。")
        return redirect("workbench:case", number)
    if request.method != "POST":
        return _show(request, case, one, AfterCheckForm())
    form = AfterCheckForm(request.POST)
    if not form.is_valid():
        return _show(request, case, one, form, status=WRONG)
    stage = request.POST.get("stage", "")
    if stage != "do":
        return _show(request, case, one, form, confirming=stage != "edit")
    try:
        services.check_commitment(
            case_id=case.pk,
            check_id=check_id,
            by=request.actor,
            at=request.at,
            key=form.command_key,
            **form.given("finding", "text"),
        )
    except DomainError as refused:
        return _show(request, case, one, form, status=form.tell(refused))
    messages.success(request, "核查结果已登记。")
    return redirect("workbench:case", number)


def _show(
    request: Any,
    case: "Case",
    one: pages.CheckRow,
    form: AfterCheckForm,
    *,
    confirming: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case,
        "one": one,
        "form": form,
        "confirming": confirming,
        "today": legal_day(request.at),
        "follows": pages.follows(case, form.cleaned_data["finding"]) if confirming else [],
    }
    return render(request, "workbench/after_check.html", context, status=status)
