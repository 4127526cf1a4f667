"""请求改期: the applicant asks for another date of the visit."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors, services
from mingqu.cases.forms import NewDateForm
from mingqu.cases.views.shared import GET_OR_POST, WRONG
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import on_behalf
from mingqu.ui.forms import tell


@on_behalf("case.ask_new_date")
@never_cache
@require_http_methods(GET_OR_POST)
def new_date(request: Any, number: str, visit_id: UUID) -> HttpResponse:
    """Why, and which day would suit; a visit that can't be moved any more leads back with the reason."""
    case = selectors.case_visible_to(request.actor, number)
    shown = selectors.visit_shown(case, request.at)
    form, status = NewDateForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.ask_new_date(
                    case_id=case.pk,
                    visit_id=visit_id,
                    wish_on=given["wish_on"],
                    reason=given["reason"],
                    by=request.actor,
                    at=request.at,
                    key=given["key"],
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("改期的请求已经告诉工作人员。新的时间定了会告诉您。"))
                return redirect("cases:progress", number=case.number)
    elif shown is None or shown.visit_id != visit_id or not shown.may_ask:
        messages.info(request, _("现在不能请求改期，核查的时间和人员在下面。要改的，请打电话联系工作人员。"))
        return redirect("cases:progress", number=case.number)
    back_url = reverse("cases:progress", args=[case.number])
    context = {"case": case, "form": form, "visit": shown, "back_url": back_url}
    return render(request, "cases/new_date.html", context, status=status)
