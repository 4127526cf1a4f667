"""What a hall is: opened, named, its lines and windows; for who runs it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.hall import selectors, services
from mingqu.hall.errors import HallCodeTaken, HallUnknown
from mingqu.hall.forms import HallForm, LineWishForm, NewHallForm, WindowForm
from mingqu.hall.models import Hall
from mingqu.hall.types import NewHall, NewLine
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400
FIRST_LINE = NewLine("A", "综合业务", 10)
FIRST_WINDOW = (1, "综合窗口", "A")
RESERVED = "new"  # an address of its own


@staff("hall.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """A hall of the acting post's department; it begins with one line and one window."""
    form, status = NewHallForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                _open(request, form.cleaned_data)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "大厅已开通。接着设窗口和业务类别，再设放号的时间。")
                return redirect("hall:windows", code=form.cleaned_data["code"])
    return render(request, "hall/new.html", {"form": form}, status=status)


def _open(request: Any, given: dict[str, Any]) -> None:
    """Raises HallCodeTaken, HallUnknown (who acts as no post) or NotAuthorised."""
    post = identity.acting_post(request.actor)
    if post is None:
        raise HallUnknown()
    if given["code"].lower() == RESERVED or selectors.code_taken(given["code"], given["key"]):
        raise HallCodeTaken(field="code")
    services.set_up_hall(
        hall=NewHall(
            code=given["code"],
            name=given["name"],
            address=given["address"],
            department_id=post.department_id,
            lines=(FIRST_LINE,),
            windows=(FIRST_WINDOW,),
            hours=given["hours"],
        ),
        by=request.actor,
        at=request.at,
        key=given["key"],
    )


def _hall(request: Any, code: str) -> Hall:
    """Within the acting post's scope. Raises HallUnknown."""
    found = selectors.halls_managed(request.actor, "hall.manage").filter(code=code).first()
    if found is None:
        raise HallUnknown()
    return found


@staff("hall.manage")
@never_cache
@require_safe
def windows(request: Any, code: str) -> HttpResponse:
    """The hall as it is, each line and each window with its form, and an empty one of both."""
    return _page(request, _hall(request, code))


def _page(
    request: Any, hall: Hall, *, given: forms.Form | None = None, opened: str = "", status: int = 200
) -> HttpResponse:
    """`given`: the form that was refused, with what was typed; `opened` says which it is."""
    lines = selectors.lines_of(hall.pk)
    letters = [(line.letter, f"{line.letter} {line.name}") for line in lines]
    of_line = {line.pk: line.letter for line in lines}

    def shown(name: str, form: forms.Form) -> forms.Form:
        return given if given is not None and opened == name else form

    context = {
        "hall": hall,
        "given": given,
        "hall_form": shown("hall", HallForm(initial=_of_hall(hall), auto_id="hall_%s")),
        "lines": [
            (
                line,
                shown(
                    f"line-{line.letter}", LineWishForm(initial=_of_line(line), auto_id=f"l{line.letter}_%s")
                ),
            )
            for line in lines
        ],
        "new_line": shown("line-", LineWishForm(initial={"key": new_id(), "minutes": 10}, auto_id="l_%s")),
        "windows": [
            (
                one,
                [of_line[pk] for pk in one.line_ids if pk in of_line],
                shown(
                    f"window-{one.number}",
                    WindowForm(letters, initial=_of_window(one, of_line), auto_id=f"w{one.number}_%s"),
                ),
            )
            for one in selectors.windows_of(hall.pk)
        ],
        "new_window": shown(
            "window-", WindowForm(letters, initial={"key": new_id(), "in_use": True}, auto_id="w_%s")
        ),
        "opened": opened,
        "paired": {
            number
            for number, one in selectors.devices_by_window(hall.pk).items()
            if one.paired_at is not None
        },
    }
    return render(request, "hall/windows.html", context, status=status)


def _of_hall(hall: Hall) -> dict[str, Any]:
    return {"key": new_id(), "name": hall.name, "address": hall.address, "hours": hall.hours}


def _of_line(line: Any) -> dict[str, Any]:
    codes = "\n".join(line.item_codes)
    return {
        "key": new_id(),
        "letter": line.letter,
        "name": line.name,
        "minutes": line.minutes,
        "item_codes": codes,
    }


def _of_window(window: Any, of_line: dict[Any, str]) -> dict[str, Any]:
    letters = [of_line[pk] for pk in window.line_ids if pk in of_line]
    return {
        "key": new_id(),
        "number": window.number,
        "name": window.name,
        "letters": letters,
        "in_use": window.in_use,
    }


@staff("hall.manage")
@require_POST
def change(request: Any, code: str) -> HttpResponse:
    """Name, address and hours."""
    hall, form = _hall(request, code), HallForm(request.POST, auto_id="hall_%s")
    status = WRONG
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            services.change_hall(hall_id=hall.pk, by=request.actor, at=request.at, **given)
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已保存。以后告诉申请人的就是新的名称、地址和时间。")
            return redirect("hall:windows", code=hall.code)
    return _page(request, hall, given=form, opened="hall", status=status)


@staff("hall.manage")
@require_POST
def keep_line(request: Any, code: str) -> HttpResponse:
    """A line, new or changed; `of` is the letter it had on the page."""
    hall, of = _hall(request, code), request.POST.get("of", "")[:1]
    form, status = LineWishForm(request.POST, auto_id=f"l{of}_%s"), WRONG
    if form.is_valid():
        given = form.cleaned_data
        line = NewLine(of or given["letter"], given["name"], given["minutes"], given["item_codes"])
        try:
            services.keep_line(hall_id=hall.pk, line=line, by=request.actor, at=request.at, key=given["key"])
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, f"已保存类别{line.letter}。没有放号时间的，到大厅页面设置。")
            return redirect("hall:windows", code=hall.code)
    return _page(request, hall, given=form, opened=f"line-{of}", status=status)


@staff("hall.manage")
@require_POST
def keep_window(request: Any, code: str) -> HttpResponse:
    """A window, new or changed; `of` is the number it had on the page."""
    hall, of = _hall(request, code), request.POST.get("of", "")[:3]
    letters = [(line.letter, f"{line.letter} {line.name}") for line in selectors.lines_of(hall.pk)]
    form, status = WindowForm(letters, request.POST, auto_id=f"w{of}_%s"), WRONG
    if form.is_valid():
        given = form.cleaned_data
        wish = services.WindowWish(
            number=int(of) if of.isdigit() else given["number"],
            name=given["name"],
            letters=tuple(given["letters"]),
            in_use=given["in_use"],
        )
        try:
            services.keep_window(
                hall_id=hall.pk, window=wish, by=request.actor, at=request.at, key=given["key"]
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, f"已保存{wish.number}号窗口。")
            return redirect("hall:windows", code=hall.code)
    return _page(request, hall, given=form, opened=f"window-{of}", status=status)
