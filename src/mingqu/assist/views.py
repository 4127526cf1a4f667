"""办不成事反映: pages of who says it (with an account, by a code, at the counter), of its owner; public figures."""

import io
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.assist import selectors, services
from mingqu.assist.errors import StuckUnknown
from mingqu.assist.forms import AnswerForm, CounterForm, LookForm, SayForm, StuckForm
from mingqu.assist.types import About, NewStuck, Outcome, StuckView, Wanted
from mingqu.identity.services import access, client_address, limits
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX
from mingqu.kernel.types import Actor
from mingqu.ui import menu
from mingqu.ui.access import public, staff
from mingqu.ui.forms import tell

WRONG = 400
LONGEST = 22  # of a number that is looked for
GET_OR_POST = ["GET", "HEAD", "POST"]
SHOWN = "assist_shown"  # session: number → when its code was given (seconds)
SHOWN_SECONDS = 30 * 60


def _citizen(request: Any) -> Actor | None:
    actor = request.actor
    own = actor is not None and actor.kind == "citizen" and not actor.stands_in
    return actor if own else None


@public
@never_cache
@sensitive_post_parameters("text", "code", "contact")
@require_http_methods(GET_OR_POST)
def new(request: Any) -> HttpResponse:
    """About one's own case (`?case=`), or by number and query code without an account."""
    by = _citizen(request)
    about = selectors.about_case(by, request.GET["case"]) if by and request.GET.get("case") else None
    form, status = StuckForm(initial={"key": new_id()}, known=by is not None), 200
    if request.method == "POST":
        form, status = StuckForm(request.POST, known=by is not None), WRONG
        if form.is_valid():
            try:
                return _filed(request, form, by, about)
            except DomainError as refused:
                status = tell(form, refused)
    today = legal_day(request.at)
    context = {
        "form": form,
        "about": about,
        "citizen": by,
        "own": selectors.owns(by, today) if by and not about else [],
        "days": selectors.limit(1),
    }
    return render(request, "assist/new.html", context, status=status)


def _filed(request: Any, form: StuckForm, by: Actor | None, about: About | None) -> HttpResponse:
    given = form.cleaned_data
    if by is None:
        limits.spend("progress_address", client_address(request), at=request.at)
        about = selectors.about_code(_digits(given["number"]), given["code"])
    filed = services.file_stuck(
        stuck=NewStuck(given["text"], given.get("contact", "")),
        about=about,
        by=by or services.WITHOUT_ACCOUNT,
        at=request.at,
        key=given["key"],
    )
    if filed.code:
        _show(request, filed.number)
    return redirect("assist:stuck", number=filed.number)


def _digits(typed: str) -> str:
    return "".join(typed.split())


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def look(request: Any) -> HttpResponse:
    """By number and code; for a wrong pair the answer never tells which of the two is wrong."""
    form, status = LookForm(), 200
    if request.method == "POST":
        form, status = LookForm(request.POST), WRONG
        if form.is_valid():
            try:
                limits.spend("progress_address", client_address(request), at=request.at)
                found = selectors.by_code(form.cleaned_data["number"], form.cleaned_data["code"])
            except DomainError as refused:
                form.add_error(None, refused.message)
                status = refused.status
            else:
                _show(request, found.number)
                return redirect("assist:stuck", number=found.number)
    return render(request, "assist/look.html", {"form": form}, status=status)


def _show(request: Any, number: str) -> None:
    shown = {**request.session.get(SHOWN, {}), number: request.at.timestamp()}
    request.session[SHOWN] = dict(list(shown.items())[-10:])


def _shown(request: Any, number: str) -> bool:
    given_at = request.session.get(SHOWN, {}).get(number)
    return given_at is not None and request.at.timestamp() - given_at <= SHOWN_SECONDS


@public
@never_cache
@require_http_methods(GET_OR_POST)
def stuck(request: Any, number: str) -> HttpResponse:
    """Where it stands, whose turn, by when; the answers; and whether they helped."""
    by, code = _actor(request, number)
    shown = _view(request, by, number)
    form, status = SayForm(initial={"key": new_id()}), 200
    if request.method == "POST":
        form, status = SayForm(request.POST), WRONG
        if form.is_valid():
            try:
                services.say_stuck(
                    stuck_id=selectors.id_of(number),
                    satisfied=form.cleaned_data["satisfied"] == "yes",
                    by=by,
                    at=request.at,
                    key=form.cleaned_data["key"],
                )
                return redirect("assist:stuck", number=number)
            except DomainError as refused:
                status = tell(form, refused)
    context = {"shown": shown, "form": form, "code": code, "may_say": shown.line.state == "answered"}
    return render(request, "assist/stuck.html", context, status=status)


def _actor(request: Any, number: str) -> tuple[Actor, str]:
    """Who looks at it: by its code in this session, else who is signed in. Raises StuckUnknown."""
    if _shown(request, number):
        return services.WITHOUT_ACCOUNT, selectors.code_of(number)
    by = _citizen(request)
    if by is None:
        raise StuckUnknown()
    return by, ""


def _view(request: Any, by: Actor, number: str) -> StuckView:
    return selectors.own(by, number, legal_day(request.at))


@public
@require_GET
def figures(request: Any) -> HttpResponse:
    """For everybody: how many, how many in time, how many solved."""
    rows = selectors.figures(legal_day(request.at))
    return render(request, "assist/figures.html", {"rows": rows, "days": selectors.limit(1)})


# Desk --------------------------------------------------------------------------------------------------------


@staff("assist.see")
@never_cache
@require_GET
def desk(request: Any) -> HttpResponse:
    """Within the acting post's scope: what waits by its last day, or what is answered; narrowed."""
    asked, after = _wanted(request.GET), request.GET.get("after", "")
    page = selectors.list_at_desk(request.actor, legal_day(request.at), asked, after=after)
    query = {name: request.GET[name] for name in ("show", "number", "late", "again") if request.GET.get(name)}
    context = {
        "page": page,
        "asked": asked,
        "may_file": access.may(request.actor, "assist.file_for"),
        "first_url": f"?{urlencode(query)}" if after else "",
        "next_url": f"?{urlencode(query | {'after': page.more})}" if page.more else "",
    }
    return render(request, "assist/desk.html", context)


def _wanted(given: Any) -> Wanted:
    return Wanted(
        done=given.get("show") == "done",
        number=given.get("number", "").strip()[:LONGEST].upper(),
        late=given.get("late") == "yes",
        again=given.get("again") == "yes",
    )


@staff("assist.export")
@never_cache
@require_POST
def export(request: Any) -> HttpResponseBase:
    """The list that is open as a file."""
    made = services.export_matters(
        wanted=_wanted(request.POST), by=request.actor, at=request.at, key=new_id()
    )
    name = f"办不成事反映-{legal_day(request.at):%Y%m%d}.xlsx"
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)


@staff("assist.file_for")
@never_cache
@sensitive_post_parameters("text", "contact", "author")
@require_http_methods(GET_OR_POST)
def counter(request: Any) -> HttpResponse:
    """A clerk writes it down; number and code are given to the person."""
    form, status = CounterForm(initial={"key": new_id()}), 200
    filed = None
    if request.method == "POST":
        form, status = CounterForm(request.POST), WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                number = _digits(given["number"])
                filed = services.file_stuck(
                    stuck=NewStuck(given["text"], given["contact"]),
                    about=selectors.about_case(request.actor, number) if number else None,
                    by=request.actor,
                    at=request.at,
                    key=given["key"],
                    author=given["author"],
                )
                status = 200
            except DomainError as refused:
                status = tell(form, refused)
    context = {"form": form, "filed": filed, "look_url": reverse("assist:look")}
    return render(request, "assist/counter.html", context, status=status)


@staff("assist.see")
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(GET_OR_POST)
def at_desk(request: Any, number: str) -> HttpResponse:
    """One matter, and its answer."""
    shown = selectors.at_desk(request.actor, number, legal_day(request.at))
    may_go_on = not shown.put_off
    form, status = AnswerForm(initial={"key": new_id()}, may_go_on=may_go_on), 200
    if request.method == "POST":
        form, status = AnswerForm(request.POST, may_go_on=may_go_on), WRONG
        if form.is_valid():
            try:
                services.answer_stuck(
                    stuck_id=selectors.id_of(number),
                    text=form.cleaned_data["text"],
                    outcome=_outcome(form),
                    by=request.actor,
                    at=request.at,
                    key=form.cleaned_data["key"],
                )
                return redirect("assist:at_desk", number=number)
            except DomainError as refused:
                status = tell(form, refused)
    context = {
        "shown": shown,
        "form": form,
        "may_answer": selectors.may_answer(request.actor, number),
        "case_url": menu.page_of("case_at_desk", shown.case_number)
        if access.may(request.actor, "case.see")
        else "",
    }
    return render(request, "assist/at_desk.html", context, status=status)


def _outcome(form: AnswerForm) -> Outcome:
    said = form.cleaned_data["outcome"]
    return Outcome(said == "yes", form.cleaned_data.get("until_on"), said == "going")
