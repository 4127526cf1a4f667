"""叫号: the window calls the next one, whose documents are checked at the reception and whose thing is done there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.hall import selectors as halls
from mingqu.hall import services
from mingqu.hall.errors import NumberMovedOn
from mingqu.hall.types import WindowView
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.ui.access import staff
from mingqu.workbench.views.devices import with_devices
from mingqu.workbench.views.window.shared import AT_WINDOW, GET_OR_POST, let_go

ACTS: dict[str, Callable[..., Any]] = {
    "call_next": services.call_next,
    "call_again": services.call_again,
    "skip": services.skip,
    "recall": services.recall,
    "transfer": services.transfer,
    "finish": services.finish,
}
DONE = {
    "call_next": "{label}叫到了。",
    "call_again": "{label}又叫了一次。",
    "skip": "{label}过号。本人来了可以重叫。",
    "recall": "{label}重叫了。",
    "transfer": "{label}转过去了，排在最前面。",
    "finish": "{label}办结。",
}


class WindowForm(forms.Form):
    window = forms.UUIDField()


class ActForm(forms.Form):
    key = forms.UUIDField()
    act = forms.ChoiceField(choices=[(name, name) for name in ACTS])
    number = forms.UUIDField(required=False)
    line = forms.UUIDField(required=False)


def _window(request: Any) -> WindowView | None:
    """The one chosen before, as long as this post may call there."""
    chosen = request.session.get(AT_WINDOW)
    found = halls.windows_for(request.actor, "hall.call")
    return next((one for one in found if str(one.id) == chosen), None)


@staff("hall.call")
@never_cache
@with_devices
@require_http_methods(GET_OR_POST)
def queue(request: Any) -> HttpResponse:
    """The number called, who waits, who was skipped; first the window is chosen, once a session."""
    if request.method == "POST":
        form = WindowForm(request.POST)
        if form.is_valid():
            request.session[AT_WINDOW] = str(form.cleaned_data["window"])
        return redirect("workbench:queue")
    window = None if "choose" in request.GET else _window(request)
    if window is None:
        found = halls.windows_for(request.actor, "hall.call")
        return render(request, "workbench/queue_window.html", {"windows": found})
    context = {
        "window": window,
        **halls.numbers_of_window(window.id, request.at),
        "others": halls.other_lines(window.id),
        "key": new_id(),
        "again_seconds": 15,
    }
    return render(request, "workbench/queue.html", context)


def finish_called(request: Any) -> str:
    """
    Who was served leaves: the number called at this clerk's window is done, with the time it took. Its label; "" where
    none was called, or where somebody settled it a moment before.
    """
    window = _window(request) if access.may(request.actor, "hall.finish") else None
    called = halls.numbers_of_window(window.id, request.at)["called"] if window else []
    for number in called:
        assert window is not None
        try:
            done = services.finish(
                window_id=window.id,
                number_id=number.id,
                by=request.actor,
                at=request.at,
                key=uuid5(number.id, f"finish:{number.times_called}"),
            )
        except NumberMovedOn:
            continue
        return str(done.label)
    return ""


def _key(given: dict[str, Any]) -> UUID:
    """Of this press: the page has one key for all its buttons."""
    return uuid5(given["key"], f"{given['act']}:{given['number']}:{given['line']}")


@staff("hall.call")
@require_POST
def act(request: Any) -> HttpResponse:
    """One press; what is refused is said above the list."""
    window, form = _window(request), ActForm(request.POST)
    if window is None or not form.is_valid():
        return redirect("workbench:queue")
    given = form.cleaned_data
    more: dict[str, UUID] = {}
    if given["act"] != "call_next":
        more["number_id"] = given["number"] or new_id()
    if given["act"] == "transfer":
        more["line_id"] = given["line"] or new_id()
    try:
        done = ACTS[given["act"]](
            window_id=window.id, by=request.actor, at=request.at, key=_key(given), **more
        )
    except NotFound:
        raise
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, DONE[given["act"]].format(label=done.label))
        if given["act"] in {"finish", "skip", "transfer", "call_next"}:
            let_go(request)  # whoever stood here before does not any more
    return redirect("workbench:queue")
