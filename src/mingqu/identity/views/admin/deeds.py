"""One deed of an administrator: what is needed, what follows in words, then done once. Refused, it says why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.identity.admin_forms import DeedForm
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@dataclass(frozen=True)
class Deed:
    """
    `about` finds what it is done to (None for something new; raises NotFound), `run` gives the command and may answer
    with words shown once, `back` is where it came from.
    """

    action: str
    title: str
    button: str
    done: str
    about: Callable[..., Any]
    form: Callable[[Any, Any], DeedForm]
    follows: Callable[[Any, Any], list[str]]
    run: Callable[[Any, Any, Any], str | None]
    back: Callable[[Any], str]
    subject: Callable[[Any], str] = lambda about: ""
    kind: str = "first"
    once_title: str = "临时密码"
    once_words: str = ""  # what to do with what is shown once; "": as with a password
    for_actor: bool = (
        False  # `about` is also given who asks, as `actor`: not everybody who may do it may see each
    )


def page_of(deed: Deed) -> Callable[..., HttpResponse]:
    """The view of a deed."""

    @staff(deed.action)
    @never_cache
    @require_http_methods(GET_OR_POST)
    def view(request: Any, **found: Any) -> HttpResponse:
        about = deed.about(**found, actor=request.actor) if deed.for_actor else deed.about(**found)
        if request.method != "POST":
            form = deed.form(about, None)
            return _show(request, deed, about, form, asking=form.asks)
        form = deed.form(about, request.POST)
        if not form.is_valid():
            return _show(request, deed, about, form, asking=True, status=WRONG)
        if request.POST.get("stage") != "do":
            return _show(request, deed, about, form, asking=request.POST.get("stage") == "edit")
        try:
            once = deed.run(request, about, form)
        except DomainError as refused:
            status = form.tell(refused)
            return _show(request, deed, about, form, asking=True, status=status)
        if once:
            context = {"deed": deed, "subject": deed.subject(about), "once": once, "back": deed.back(about)}
            return render(request, "identity/password_once.html", context)
        messages.success(request, deed.done)
        return HttpResponseRedirect(deed.back(about))

    return view


def _show(
    request: Any, deed: Deed, about: Any, form: DeedForm, *, asking: bool, status: int = 200
) -> HttpResponse:
    context = {
        "deed": deed,
        "subject": deed.subject(about),
        "form": form,
        "asking": asking,
        "follows": [] if asking else deed.follows(about, form),
        "back": deed.back(about),
    }
    return render(request, "identity/deed.html", context, status=status)
