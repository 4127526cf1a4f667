"""
The pages of single acts on a case. Each asks what is needed, says in words what will follow, and does it once.

First what to fill in (if anything), then the last question with the consequences, then the deed. Refused, the
page comes back with the reason, with what was typed, and with who holds the case now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors as bundles
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.access import staff
from mingqu.workbench import selectors
from mingqu.workbench.forms import ActForm

if TYPE_CHECKING:
    from mingqu.cases.models import Case

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400

MakeForm = Callable[["Case", Any, Actor, Instant], ActForm]
Run = Callable[["Case", ActForm, Actor, Instant], object]


@dataclass(frozen=True)
class Act:
    """
    One act. `form(case, data, by, at)` makes its form, `follows` says the consequences, `run` gives the command.

    `tab`: the list to go on with afterwards. `template`: how the form is laid out. `opinions`: whether the opinions of
    the steps stand above it. `to_case`: afterwards the case is shown again, because the same post goes on with it.
    `said`: what is told afterwards, where it depends on what came of it.
    """

    action: str
    title: str
    sure: str
    button: str
    done: str
    tab: str
    form: MakeForm
    follows: Callable[["Case", Any, Instant], list[str]]
    run: Run
    kind: str = "first"
    template: str = "workbench/_form_plain.html"
    opinions: bool = False
    to_case: bool = False
    said: Callable[[object], str] | None = None


def page_of(act: Act) -> Callable[..., HttpResponse]:
    """The view of an act."""

    @staff(act.action)
    @never_cache
    @require_http_methods(GET_OR_POST)
    def view(request: Any, number: str) -> HttpResponse:
        case = cases.case_visible_to(request.actor, number)
        if request.method != "POST":
            return _first(request, act, case)
        form = act.form(case, request.POST, request.actor, request.at)
        if not form.is_valid():
            return _show(request, act, case, form, asking=True, status=WRONG)
        stage = request.POST.get("stage", "")
        if stage != "do":
            return _show(request, act, case, form, asking=stage == "edit")
        try:
            result = act.run(case, form, request.actor, request.at)
        except DomainError as refused:
            status = form.tell(refused)
            again = cases.case_visible_to(request.actor, number)
            return _show(request, act, again, form, asking=True, status=status)
        messages.success(request, act.said(result) if act.said else act.done)
        # Who stands at the window waits for the paper, which is printed from the case.
        filed_here = case.filed_by_post is not None and case.filed_by_post == request.actor.post_id
        if act.to_case or (filed_here and act.tab == "received"):
            return redirect("workbench:case", case.number)
        return redirect(f"{reverse('workbench:desk')}?tab={act.tab}")

    return view


def _first(request: Any, act: Act, case: "Case") -> HttpResponse:
    """The first look; an act that is not to be done now leads to the case, which says whose turn it is."""
    _turn, actions = selectors.turn_of(request.actor, case, request.at)
    if act.action not in actions:
        messages.error(
            request, f"现在不能办理“{act.title}”：这件申请的状态或者环节已经变化。下面是现在的情况。"
        )
        return redirect("workbench:case", case.number)
    form = act.form(case, None, request.actor, request.at)
    return _show(request, act, case, form, asking=form.asks)


def _show(
    request: Any, act: Act, case: "Case", form: ActForm, *, asking: bool, status: int = 200
) -> HttpResponse:
    turn, actions = selectors.turn_of(request.actor, case, request.at)
    confirming = not asking
    context = {
        "act": act,
        "form": form,
        "number": case.number,
        "item": case.item_name,
        "handling_item": case.handling_item,
        "turn": turn,
        "possible": act.action in actions,
        "confirming": confirming,
        "follows": act.follows(case, form, request.at) if confirming else [],
        "steps": selectors.opinions_of(case) if act.opinions else [],
        "bundle": bundles.bundle_of_case(case) if act.action == "case.ask_correction" else None,
    }
    return render(request, "workbench/act.html", context, status=status)


def plain(form: type[ActForm]) -> MakeForm:
    """A form that needs to know nothing of the case."""
    return lambda case, data, by, at: form(data)


def of_type(form: Callable[..., ActForm]) -> MakeForm:
    """A form whose words are those of the case's type of item."""
    return lambda case, data, by, at: form(data, item_type=case.item_type)


def run(command: Callable[..., object], *fields: str) -> Run:
    """The command with the fields of the form it takes."""

    def given_to(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
        return command(case_id=case.pk, by=by, at=at, key=form.command_key, **form.given(*fields))

    return given_to
