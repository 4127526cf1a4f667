"""换班交接: what is in hand, made out to a colleague by name, printed, taken or not taken."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.hall import selectors as halls
from mingqu.hall import services
from mingqu.hall.types import ShiftView
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors.counted import Differences, as_read, differences
from mingqu.workbench.selectors.custody import given_lately
from mingqu.workbench.selectors.hand_over import hand_over as in_hand
from mingqu.workbench.selectors.hand_over import parts_of, takers
from mingqu.workbench.shift_forms import AnswerShiftForm, GiveShiftForm

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG, CHANGED = 400, 409


@staff("shift.give")
@never_cache
@require_http_methods(GET_OR_POST)
def hand_over(request: Any) -> HttpResponse:
    """
    What is in hand; posted: it is made out to a colleague. If it is not what was read any more, the page comes
    back with what changed and nothing is made out.
    """
    found, people = in_hand(request.actor, request.at), takers(request.actor, request.at)
    form, status, since = GiveShiftForm(people), 200, Differences()
    if request.method == "POST":
        form, status = GiveShiftForm(people, request.POST), WRONG
        since = differences(request.POST.get("read", ""), found.lines, request.actor.post_id)
        if since.any:
            status = CHANGED
        elif form.is_valid():
            given = {"by": request.actor, "at": request.at, "key": form.command_key}
            try:
                number = services.give_shift(lines=found.lines, to=form.shift_to, **given)
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "交接单已开出，接班人在工作台首页看得到。")
                return redirect("workbench:shift", number)
    context = {
        "slip": found,
        "since": since,
        "read": as_read(found.lines, request.actor.post_id),
        "given_on": given_lately(request.actor.post_id, request.at),
        "form": form,
        "takers": people,
        "shifts": halls.shifts_of(request.actor),
        "post": request.post_label,
        "now": request.at,
        "today": legal_day(request.at),
    }
    return render(request, "workbench/hand_over.html", context, status=status)


@staff("shift.give")
@never_cache
@require_http_methods(GET_OR_POST)
def shift(request: Any, number: str) -> HttpResponse:
    """One hand-over for the two it is between; posted: its answer."""
    found = halls.shift_of_number(request.actor, number)
    form, status = AnswerShiftForm(), 200
    if request.method == "POST":
        form, status = AnswerShiftForm(request.POST), WRONG
        if form.is_valid():
            try:
                words = _answer(request, found, form)
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, words)
                return redirect("workbench:shift", found.number)
    lines = halls.lines_of_shift(found.id)
    context = {"shift": found, "parts": parts_of(lines), "lines": lines, "form": form, "key": new_id()}
    return render(request, "workbench/shift.html", context | {"turn": _turn(found)}, status=status)


@staff("shift.give")
@never_cache
@require_POST
def call_back(request: Any, number: str) -> HttpResponse:
    found = halls.shift_of_number(request.actor, number)
    form = ActForm(request.POST)
    if not form.is_valid():
        messages.error(request, "这一页放得太久了，请再按一次。")
        return redirect("workbench:shift", found.number)
    try:
        services.call_back_shift(shift_id=found.id, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已撤回。东西还在您手里。")
    return redirect("workbench:shift", found.number)


def _answer(request: Any, found: ShiftView, form: AnswerShiftForm) -> str:
    given = {"shift_id": found.id, "by": request.actor, "at": request.at, "key": form.command_key}
    if form.cleaned_data["answer"] == "decline":
        services.decline_shift(reason=form.cleaned_data["reason"], **given)
        return "已告诉交班的人没有接。"
    moved = services.take_shift(**given)
    return f"已接班，{moved}份收存的材料转到您的岗位。" if moved else "已接班。"


def _turn(found: ShiftView) -> str:
    if found.to_take:
        return "请当面点清，再选接还是不接"
    waits = {"given": f"等{found.taker}确认", "declined": f"{found.taker}没有接，请再点，重新开一张"}
    return waits.get(found.state, found.state_words)
