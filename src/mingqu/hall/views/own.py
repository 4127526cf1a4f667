"""Booking a time at a hall, and one's own appointments: by links and forms alone, for a phone first."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.catalogue import selectors as catalogue
from mingqu.hall import selectors, services
from mingqu.hall.errors import HoldExpired, LineUnknown, SlotFull
from mingqu.hall.forms import BookForm, KeyForm, SlotForm
from mingqu.hall.types import BookingView, LineView, NewBooking
from mingqu.identity import selectors as identity
from mingqu.identity.services.traffic import read_gently
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.masking import mask_phone
from mingqu.kernel.types import Instant
from mingqu.ui import language
from mingqu.ui.access import on_behalf, public
from mingqu.ui.forms import one_press, tell
from mingqu.ui.text import clock_time
from mingqu.ui.types import Fact

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]


@public
@read_gently
@never_cache
@require_GET
def choose(request: Any) -> HttpResponse:
    """The free times of a line, for everybody to see; a place is held for who is signed in."""
    item = catalogue.item(request.GET["item"]) if request.GET.get("item") else None
    lines = selectors.lines_for(request.at, item.code if item else "")
    line = _chosen(lines, request.GET.get("line", ""))
    asked = ({"item": item.code} if item else {}) | ({"line": line.id} if line else {})
    context = {
        "item": item,
        "day_base": f"?{urlencode(asked)}&day=",
        "lines": lines,
        "signed_in": request.actor is not None and request.actor.kind == "citizen",
        "here": request.get_full_path(),
        "key": new_id(),
        **_times(line, request.GET.get("day", ""), request.at),
    }
    return render(request, "hall/choose.html", context)


def _chosen(lines: list[LineView], given: str) -> LineView | None:
    return next((one for one in lines if str(one.id) == given), lines[0] if lines else None)


def _times(line: LineView | None, given: str, at: Instant) -> dict[str, Any]:
    """The days of the line, and the times of the one that is asked for, else of the first with a place left."""
    days = selectors.free_days(line.id, at) if line else []
    first = next((one.day for one in days if one.left), days[0].day if days else None)
    day = next((one.day for one in days if one.day.isoformat() == given), first)
    slots = selectors.free_slots(line.id, day, at) if line and day else []
    return {"line": line, "days": days, "day": day, "slots": slots}


@on_behalf("hall.hold")
@require_POST
def hold(request: Any) -> HttpResponse:
    """A place is kept while the form is filled in."""
    form = SlotForm(request.POST)
    item = request.POST.get("item", "")[:64]
    back = f"{reverse('hall:choose')}?{urlencode({'item': item} if item else {})}"
    if not form.is_valid():
        return redirect(back)
    given = form.cleaned_data
    try:
        held = services.hold_slot(
            slot_id=given["slot"], by=request.actor, at=request.at, key=one_press(form), item_code=item
        )
    except SlotFull as refused:
        messages.error(request, refused.message)
        return redirect(back)
    query = f"?{urlencode({'item': item})}" if item else ""
    return redirect(f"{reverse('hall:book', args=[held.slot_id, held.id])}{query}")


@on_behalf("hall.book")
@never_cache
@sensitive_post_parameters("name", "phone")
@require_http_methods(GET_OR_POST)
def book(request: Any, slot_id: UUID, hold_id: UUID) -> HttpResponse:
    """Who comes. What was held too long leads back to the times."""
    slot, item_code = selectors.slot(slot_id), request.GET.get("item", "")[:64]
    line = selectors.line_view(slot.line)
    item = catalogue.item(item_code) if item_code else None
    until = selectors.held(request.actor, slot_id, hold_id)
    back = f"{reverse('hall:choose')}?{urlencode({'item': item_code, 'line': line.id, 'day': slot.day})}"
    if until is None or until <= request.at:
        messages.error(request, HoldExpired().message)
        return redirect(back)
    person = identity.person(request.actor.doer_id)  # who comes; of one who acts for another, herself
    start = {"key": new_id(), "name": person.name, "phone": identity.contact_of(person.id)}
    form, status = BookForm(request.POST or None, initial=start), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                done = services.book(
                    hold_id=hold_id,
                    slot_id=slot_id,
                    booking=NewBooking(given["name"], given["phone"], item.code if item else ""),
                    by=request.actor,
                    at=request.at,
                    key=given["key"],
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("已经预约好了。"))
                return redirect("hall:booking", number=done.number)
    facts = [
        Fact(_("时间"), _when(slot.begins_at, slot.ends_at)),
        Fact(_("地点"), f"{line.hall_name}", line.address),
        Fact(_("办什么"), item.name if item else line.name),
    ]
    context = {"form": form, "facts": facts, "until": until, "back_url": back}
    return render(request, "hall/book.html", context, status=status)


def _when(begins_at: datetime, ends_at: datetime) -> str:
    return f"{language.moment(begins_at)}–{clock_time(ends_at)}"


@on_behalf("hall.book")
@never_cache
@require_GET
def mine(request: Any) -> HttpResponse:
    found = selectors.own_bookings(request.actor, request.at)
    return render(
        request,
        "hall/mine.html",
        {
            "coming": sorted((b for b in found if b.may_change), key=lambda one: one.begins_at),
            "before": [b for b in found if not b.may_change],
        },
    )


@on_behalf("hall.book")
@never_cache
@require_GET
def booking(request: Any, number: str) -> HttpResponse:
    shown = selectors.own_booking(request.actor, number, request.at)
    return render(request, "hall/booking.html", {"shown": shown, "facts": _facts(shown)})


def _facts(shown: BookingView) -> list[Fact]:
    rows = [
        Fact(_("时间"), _when(shown.begins_at, shown.ends_at)),
        Fact(_("地点"), shown.hall_name, shown.address),
        Fact(_("办什么"), shown.item_name or shown.line_name),
        Fact(_("预约编号"), shown.number),
        Fact(_("替哪个单位"), shown.firm),
        Fact(_("来办事的人"), shown.name),
        Fact(_("手机号码"), mask_phone(shown.phone)),
        Fact(_("原因"), shown.reason),
    ]
    return [row for row in rows if row.value]


@on_behalf("hall.move")
@never_cache
@require_http_methods(GET_OR_POST)
def move(request: Any, number: str) -> HttpResponse:
    """Another time of the same line."""
    shown = selectors.own_booking(request.actor, number, request.at)
    if request.method == "POST":
        form = SlotForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.move(
                    booking_id=shown.id,
                    slot_id=given["slot"],
                    by=request.actor,
                    at=request.at,
                    key=one_press(form),
                )
            except SlotFull as refused:
                messages.error(request, refused.message)
                return redirect("hall:move", number=shown.number)
            messages.success(request, _("时间已经改了，原来的时间让出去了。"))
            return redirect("hall:booking", number=shown.number)
        return redirect("hall:move", number=shown.number)
    try:
        line: LineView | None = selectors.line(shown.line_id)
    except LineUnknown:
        line = None
    times = _times(line, request.GET.get("day", ""), request.at)
    times["slots"] = [one for one in times["slots"] if one.begins_at != shown.begins_at]
    context = {"shown": shown, "key": new_id(), **times}
    return render(request, "hall/move.html", context)


@on_behalf("hall.cancel")
@never_cache
@require_http_methods(GET_OR_POST)
def cancel(request: Any, number: str) -> HttpResponse:
    """Asked once more, then the place is somebody else's to take."""
    shown = selectors.own_booking(request.actor, number, request.at)
    form = KeyForm(request.POST or None, initial={"key": new_id()})
    if request.method == "POST" and form.is_valid():
        services.cancel(booking_id=shown.id, by=request.actor, at=request.at, key=form.cleaned_data["key"])
        messages.success(request, _("预约已经取消，位子让给别人了。"))
        return redirect("hall:mine")
    if request.method == "POST" or not shown.may_change:
        return redirect("hall:booking", number=shown.number)
    return render(request, "hall/cancel.html", {"shown": shown, "form": form, "facts": _facts(shown)[:3]})


@on_behalf("hall.book")
@never_cache
@require_GET
def calendar(request: Any, number: str) -> HttpResponse:
    """For the calendar of the phone (RFC 5545); nothing of who it is."""
    shown = selectors.own_booking(request.actor, number, request.at)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//mingqu//hall//ZH",
        "BEGIN:VEVENT",
        f"UID:{shown.number}@mingqu",
        f"DTSTAMP:{_utc(request.at)}",
        f"DTSTART:{_utc(shown.begins_at)}",
        f"DTEND:{_utc(shown.ends_at)}",
        f"SUMMARY:{_escaped(shown.item_name or shown.line_name)}",
        f"LOCATION:{_escaped(f'{shown.hall_name} {shown.address}')}",
        f"DESCRIPTION:{_escaped(_('预约编号') + ' ' + shown.number)}",
        f"STATUS:{'CANCELLED' if shown.state == 'cancelled' else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    body = "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{shown.number}.ics"'
    return answer


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())  # every sign that any reader takes for the end of a line


def _folded(line: str) -> list[str]:
    """At most 75 bytes a line, the next ones begin with a space (RFC 5545 3.1); never inside a character."""
    parts, part = [], ""
    for sign in line:
        if len((part + sign).encode()) > 74:
            parts.append(part)
            part = " "
        part += sign
    return [*parts, part]
