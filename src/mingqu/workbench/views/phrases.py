"""常用语: the officer's own, beside those of the platform."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.workbench import phrases as platform
from mingqu.workbench.forms import ActForm

DEEDS = {"up": -1, "down": 1}


@staff("case.keep_phrases")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: Any) -> HttpResponse:
    """Every button keeps the whole list as it is typed, moved or shortened: it works without JavaScript."""
    if request.method != "POST":
        return _show(request, cases.own_phrases(request.actor.id))
    form = ActForm(request.POST)
    typed = _deed(request.POST.getlist("phrase"), request.POST.get("do", ""))
    if not form.is_valid():
        return _show(request, typed, problem=str(form.errors["key"][0]), status=400)
    try:
        services.keep_phrases(phrases=typed, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        return _show(request, typed, problem=refused.message, status=refused.status)
    messages.success(request, "常用语已保存。")
    return redirect("workbench:phrases")


def _deed(typed: list[str], deed: str) -> list[str]:
    """The list after `drop:2`, `up:2` or `down:2`; any other word leaves the order."""
    name, _, number = deed.partition(":")
    place = int(number) if number.isascii() and number.isdigit() else -1
    if not 0 <= place < len(typed):
        return typed
    if name == "drop":
        return typed[:place] + typed[place + 1 :]
    to = place + DEEDS.get(name, 0)
    if 0 <= to < len(typed):
        typed[place], typed[to] = typed[to], typed[place]
    return typed


def _show(request: Any, own: list[str], *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "own": own,
        "form": ActForm(),
        "problem": problem,
        "kinds": [
            (words, platform.phrases_of(kind)) for kind, words in (("review", "承办"), ("check", "审核"))
        ],
    }
    return render(request, "workbench/phrases.html", context, status=status)
