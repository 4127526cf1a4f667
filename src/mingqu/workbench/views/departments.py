"""What a department says of its part of a bundle: what must be corrected, and whether it comes on a proposed date."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mingqu.cases.bundles import selectors, services
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.workbench.bundle_forms import PointsForm
from mingqu.workbench.joint_visits import answer_form
from mingqu.workbench.views.bundles import WRONG, Standing, found_bundle, given, page_of


@staff("bundle.say_points")
@never_cache
@require_POST
def say_points(request: Any, number: str) -> HttpResponse:
    """A department speaks for its part before the one notice goes out."""
    found = found_bundle(request, number)
    code = request.POST.get("part", "")
    own = next((one for one in Standing.of(request, found).points if one.part.code == code), None)
    if own is None:
        messages.error(request, "这个事项现在不在“待受理”状态，可能已由他人处理。下面是现在的情况。")
        return redirect("workbench:bundle", found.number)
    form, status = PointsForm(request.POST, of=own), WRONG
    if form.is_valid():
        try:
            services.say_points(part=code, points=form.points, **given(request, found, form))
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(
                request,
                "已交给牵头窗口，并入一份补正告知书。" if form.points else "已告诉牵头窗口：材料齐全。",
            )
            return redirect("workbench:bundle", found.number)
    return page_of(request, found, tried={f"points:{code}": form}, status=status)


@staff("bundle.answer_visit")
@never_cache
@require_POST
def answer(request: Any, number: str) -> HttpResponse:
    """同意 with two officers, or 去不了 with the reason; refused, the page comes back with what was typed."""
    found = found_bundle(request, number)
    code = request.POST.get("part", "")
    waiting = selectors.to_visit(selectors.parts_of(found))
    own = next((one for one in waiting if one.part.code == code), None)
    proposal = selectors.joint_visit(found)
    if own is None or proposal is None or proposal.state != "proposed":
        messages.error(request, "这个提议已经约定，或者改提了别的时间。下面是现在的情况。")
        return redirect("workbench:bundle", number)
    form, status = answer_form(own, proposal, request.POST), WRONG
    if form.is_valid():
        try:
            services.answer_visit(part=code, answer=form.given_answer, **given(request, found, form))
        except DomainError as refused:
            status = form.tell(refused)
        else:
            agreed = form.given_answer.agreed
            messages.success(
                request,
                "已同意。各部门都同意以后，按这个时间约定，一次告诉申请人。"
                if agreed
                else "已告诉牵头窗口去不了，请等另提的时间。",
            )
            return redirect("workbench:bundle", number)
    return page_of(request, found, tried={f"visit:{code}": form}, status=status)
