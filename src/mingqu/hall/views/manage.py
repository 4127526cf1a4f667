"""Who runs the hall: when lines take appointments, a day without work and who must be told, terminals."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.hall import selectors, services
from mingqu.hall.errors import HallUnknown, LineUnknown, OpeningWrong
from mingqu.hall.forms import CloseForm, KeyForm, OpeningForm, ReopenForm, TerminalForm
from mingqu.hall.models import Hall, OpeningRule
from mingqu.hall.rules import Opening
from mingqu.hall.views import terminal
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.ui.forms import tell
from mingqu.ui.text import day_written, zh_day

WRONG = 400


def _hall(request: Any, code: str) -> Hall:
    """Within the acting post's scope. Raises HallUnknown."""
    found = selectors.halls_managed(request.actor, "hall.manage").filter(code=code).first()
    if found is None:
        raise HallUnknown()
    return found


@staff("hall.manage")
@never_cache
@require_safe
def halls(request: Any) -> HttpResponse:
    """One hall is opened at once, several are listed."""
    found = list(selectors.halls_managed(request.actor, "hall.manage"))
    if len(found) == 1:
        return redirect("hall:manage", code=found[0].code)
    return render(request, "hall/halls.html", {"halls": found})


@staff("hall.manage")
@never_cache
@require_safe
def manage(request: Any, code: str) -> HttpResponse:
    return _page(request, _hall(request, code))


def _page(request: Any, hall: Hall, *, status: int = 200, **forms: Any) -> HttpResponse:
    today = legal_day(request.at)
    rules = selectors.rules_of(hall.pk)
    day = day_written(request.GET.get("day", "")) or today
    given: OpeningForm | None = forms.get("opening")
    lines = []
    for line in selectors.lines_of(hall.pk):
        own = [rule for rule in rules if rule.line_id == line.pk]
        form = OpeningForm(
            initial=_start(own) | {"key": new_id(), "line": line.pk}, auto_id=f"{line.letter}_%s"
        )
        if given is not None and given.data.get("line") == str(line.pk):
            form = given
        lines.append({"line": line, "rules": own, "form": form})
    context = {
        "hall": hall,
        "lines": lines,
        "windows": selectors.windows_of(hall.pk),
        "terminals": selectors.terminals_of(hall.pk),
        "now": selectors.lines_now(hall, request.at),
        "closed": selectors.closed_days(hall.pk, today),
        "close": forms.get("close") or CloseForm(initial={"key": new_id()}, auto_id="close_%s"),
        "given": given,
        "day": day,
        "bookings": selectors.bookings_on(hall.pk, day, request.at),
        "key": new_id(),
    }
    return render(request, "hall/manage.html", context, status=status)


def _start(rules: list[OpeningRule]) -> dict[str, Any]:
    """The form as the rules of the latest date have it."""
    if not rules:
        return {"minutes": 30, "places": 4}
    rules = [rule for rule in rules if not rule.saturday] or rules
    latest = [rule for rule in rules if rule.since == rules[0].since]
    found: dict[str, Any] = {"minutes": latest[0].minutes, "places": latest[0].places}
    for name, rule in zip(("morning", "afternoon"), latest, strict=False):
        found |= {f"{name}_from": rule.begins, f"{name}_to": rule.ends}
    return found


@staff("hall.manage")
@require_POST
def opening(request: Any, code: str) -> HttpResponse:
    """Times of one line; the new ones begin where none were offered yet."""
    hall = _hall(request, code)
    letters = {str(line.pk): line.letter for line in selectors.lines_of(hall.pk)}
    letter = letters.get(request.POST.get("line", ""))
    if letter is None:
        raise LineUnknown()
    form, status = OpeningForm(request.POST, auto_id=f"{letter}_%s"), WRONG
    if form.is_valid():
        given = form.cleaned_data
        openings = [Opening(*part, given["minutes"], given["places"]) for part in form.parts()]
        try:
            if not openings and not form.saturday:
                raise OpeningWrong()
            since = services.set_opening(
                line_id=given["line"],
                openings=openings,
                saturday=form.saturday,
                by=request.actor,
                at=request.at,
                key=given["key"],
            )
            services.open_slots(hall_id=hall.pk, by=request.actor, at=request.at, key=new_id())
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, f"已保存，从{zh_day(since)}起按新的时间放号；以前放出的不变。")
            return redirect("hall:manage", code=hall.code)
    return _page(request, hall, status=status, opening=form)


@staff("hall.manage")
@never_cache
@require_http_methods(["POST"])
def close(request: Any, code: str) -> HttpResponse:
    """First who must be told is shown; the second press closes the day."""
    hall = _hall(request, code)
    form = CloseForm(request.POST, auto_id="close_%s")
    if not form.is_valid():
        return _page(request, hall, status=WRONG, close=form)
    given = form.cleaned_data
    if "sure" not in request.POST:
        context = {
            "hall": hall,
            "form": form,
            "day": given["day"],
            "reason": given["reason"],
            "bookings": [
                one
                for one in selectors.bookings_on(hall.pk, given["day"], request.at)
                if one.state == "booked"
            ],
        }
        return render(request, "hall/close.html", context)
    try:
        services.close_day(
            hall_id=hall.pk,
            day=given["day"],
            reason=given["reason"],
            by=request.actor,
            at=request.at,
            key=given["key"],
        )
    except DomainError as refused:
        return _page(request, hall, status=tell(form, refused), close=form)
    messages.success(request, f"{zh_day(given['day'])}已关闭，预约了这一天的人会收到消息。")
    return redirect(f"{reverse('hall:manage', args=[hall.code])}?day={given['day'].isoformat()}")


@staff("hall.manage")
@require_POST
def reopen(request: Any, code: str) -> HttpResponse:
    """A closed day works after all; its times are given out again."""
    hall, form = _hall(request, code), ReopenForm(request.POST)
    if not form.is_valid():
        return _page(request, hall, status=WRONG)
    day = form.cleaned_data["day"]
    try:
        services.reopen_day(
            hall_id=hall.pk, day=day, by=request.actor, at=request.at, key=form.cleaned_data["key"]
        )
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        services.open_slots(hall_id=hall.pk, by=request.actor, at=request.at, key=new_id())
        messages.success(request, f"{zh_day(day)}恢复办理，可以预约了；以前取消的预约不会恢复。")
    return redirect("hall:manage", code=hall.code)


@staff("hall.manage")
@require_POST
def register_terminal(request: Any, code: str) -> HttpResponse:
    """This browser gives numbers of the hall from now on."""
    hall, form = _hall(request, code), TerminalForm(request.POST)
    if not form.is_valid():
        return _page(request, hall, status=WRONG)
    given = form.cleaned_data
    made = services.register_terminal(
        hall=hall, name=given["name"], by=request.actor, at=request.at, key=given["key"]
    )
    messages.success(request, "这台设备已登记为取号机。请退出登录，再打开取号页。")
    answer = redirect("hall:manage", code=hall.code)
    terminal.mark(answer, made, secure=request.is_secure())
    return answer


@staff("hall.manage")
@require_POST
def end_terminal(request: Any, code: str, terminal_id: UUID) -> HttpResponse:
    """Of a terminal that was lost, sold or registered by mistake."""
    hall, form = _hall(request, code), KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, hall, status=WRONG)
    # The page has one key for the buttons of all its terminals.
    key = uuid5(form.cleaned_data["key"], str(terminal_id))
    services.end_terminal(hall=hall, terminal_id=terminal_id, by=request.actor, at=request.at, key=key)
    messages.success(request, "这台取号机已停用，不能再取号。")
    return redirect("hall:manage", code=hall.code)
