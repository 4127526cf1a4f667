"""
取号机: a browser of the hall on which people take numbers. A manager registers it (a signed cookie with its id) and
ends it; from elsewhere nobody takes a number, or the queue would fill with people who are not there.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.hall import selectors, services
from mingqu.hall.errors import BookingUnknown, NotATerminal
from mingqu.hall.forms import CheckInForm, LineForm
from mingqu.hall.models import Hall
from mingqu.identity.services import client_address, limits
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.ui.access import public
from mingqu.ui.forms import one_press, tell

COOKIE, SALT = "mq_hall", "hall.terminal"
ONE_YEAR = 365 * 24 * 3600  # seconds
TERMINAL = Actor.system("hall-terminal")
WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]


def mark(answer: HttpResponse, terminal_id: UUID, *, secure: bool) -> None:
    """This browser is that terminal from now on."""
    answer.set_signed_cookie(
        COOKIE, str(terminal_id), salt=SALT, max_age=ONE_YEAR, httponly=True, samesite="Strict", secure=secure
    )


def _hall(request: Any) -> Hall:
    """Raises NotATerminal."""
    held = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=ONE_YEAR)
    found = selectors.hall_of_terminal(held) if held else None
    if found is None:
        raise NotATerminal()
    return found


@public
@never_cache
@require_http_methods(GET_OR_POST)
def terminal(request: Any) -> HttpResponse:
    """Each line with who waits; a press gives a number."""
    hall = _hall(request)
    refused = ""
    status = 200
    if request.method == "POST":
        form, status = LineForm(request.POST), WRONG
        if form.is_valid():
            limits.spend("hall_number_address", client_address(request), at=request.at)
            try:
                done = services.issue_number(
                    line_id=form.cleaned_data["line"],
                    by=TERMINAL,
                    at=request.at,
                    key=one_press(form),
                )
            except DomainError as refusal:
                refused, status = refusal.message, refusal.status
            else:
                return redirect("hall:number", queue_id=done.queue_id, number_id=done.number_id)
    context = {
        "hall": hall,
        "lines": selectors.lines_now(hall, request.at),
        "is_open": selectors.is_open(hall.pk, legal_day(request.at)),
        "key": new_id(),
        "refused": refused,
    }
    return render(request, "hall/terminal.html", context, status=status)


@public
@never_cache
@require_http_methods(GET_OR_POST)
def check_in(request: Any) -> HttpResponse:
    """Who booked: the ends of appointment number and telephone, so that nothing personal stands on the screen."""
    hall = _hall(request)
    form, status = CheckInForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            limits.spend("hall_check_in_address", client_address(request), at=request.at)
            given = form.cleaned_data
            found = selectors.bookings_to_check_in(
                hall.pk, legal_day(request.at), given["tail"], given["phone_tail"]
            )
            try:
                if len(found) != 1:
                    raise BookingUnknown()
                # Never the key as it was sent: keys of the system follow from ids that stand in addresses.
                key = one_press(form)
                done = services.check_in(booking_id=found[0], by=TERMINAL, at=request.at, key=key)
            except BookingUnknown as refused:
                form.add_error(None, _("没有找到今天的这个预约。请核对两组数字，或者取普通号。"))
                status = refused.status
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("hall:number", queue_id=done.queue_id, number_id=done.number_id)
    return render(request, "hall/check_in.html", {"hall": hall, "form": form}, status=status)


@public
@never_cache
@require_GET
def number(request: Any, queue_id: UUID, number_id: UUID) -> HttpResponse:
    """The number just taken, large, and how long it takes; nothing of anybody."""
    hall = _hall(request)
    return render(
        request,
        "hall/number.html",
        {"hall": hall, "given": selectors.standing_of(hall, queue_id, number_id, request.at)},
    )
