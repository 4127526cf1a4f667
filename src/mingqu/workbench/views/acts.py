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
from mingqu.cases import services
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.access import staff
from mingqu.workbench import selectors
from mingqu.workbench.forms import ActForm, CorrectionForm, DecisionForm, RefuseAcceptanceForm

if TYPE_CHECKING:
    from mingqu.cases.models import Case

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@dataclass(frozen=True)
class Act:
    """
    One act. `form(case, data)` makes its form, `follows` says the consequences, `run` gives the command.

    `tab`: the list to go on with afterwards. `template`: how the form is laid out.
    """

    action: str
    title: str
    sure: str
    button: str
    done: str
    tab: str
    form: Callable[["Case", Any], ActForm]
    follows: Callable[["Case", ActForm, Instant], list[str]]
    run: Callable[["Case", ActForm, Actor, Instant], object]
    kind: str = "first"
    template: str = "workbench/_form_plain.html"


def _page(act: Act) -> Callable[..., HttpResponse]:
    """The view of an act."""

    @staff(act.action)
    @never_cache
    @require_http_methods(GET_OR_POST)
    def view(request: Any, number: str) -> HttpResponse:
        case = cases.case_visible_to(request.actor, number)
        if request.method != "POST":
            return _first(request, act, case)
        form = act.form(case, request.POST)
        if not form.is_valid():
            return _show(request, act, case, form, asking=True, status=WRONG)
        stage = request.POST.get("stage", "")
        if stage != "do":
            return _show(request, act, case, form, asking=stage == "edit")
        try:
            act.run(case, form, request.actor, request.at)
        except DomainError as refused:
            status = form.tell(refused)
            again = cases.case_visible_to(request.actor, number)
            return _show(request, act, again, form, asking=True, status=status)
        messages.success(request, act.done)
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
    form = act.form(case, None)
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
        "steps": selectors.opinions_of(case) if act.action == "case.decide" else [],
    }
    return render(request, "workbench/act.html", context, status=status)


# What each act says and does ---------------------------------------------------------------------------------


def _plain(form: type[ActForm]) -> Callable[["Case", Any], ActForm]:
    return lambda case, data: form(data)


def _correction_form(case: "Case", data: Any) -> CorrectionForm:
    return CorrectionForm(data, materials=cases.materials_of(case))


def _run(command: Callable[..., object], *fields: str) -> Callable[["Case", ActForm, Actor, Instant], object]:
    """The command with the fields of the form it takes."""

    def run(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
        given = {name: form.cleaned_data[name] for name in fields}
        return command(case_id=case.pk, by=by, at=at, key=form.command_key, **given)

    return run


def _ask_correction(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
    assert isinstance(form, CorrectionForm)
    return services.ask_correction(case_id=case.pk, asked=form.asked, by=by, at=at, key=form.command_key)


accept = _page(
    Act(
        action="case.accept",
        title="受理",
        sure="受理这件申请？",
        button="确认受理",
        done="已受理，办理时限开始计算，受理通知书正在生成。",
        tab="received",
        form=_plain(ActForm),
        follows=selectors.accept_follows,
        run=_run(services.accept_case),
    )
)
correct = _page(
    Act(
        action="case.ask_correction",
        title="一次性告知补正",
        sure="把下面的内容一次告知申请人？",
        button="确认，发给申请人",
        done="补正告知书已发给申请人，等补正期间不计时。",
        tab="received",
        form=_correction_form,
        follows=lambda case, form, at: selectors.correction_follows(form.sentences),  # type: ignore[attr-defined]
        run=_ask_correction,
        kind="out",
        template="workbench/_form_correction.html",
    )
)
refuse_acceptance = _page(
    Act(
        action="case.refuse_acceptance",
        title="不予受理",
        sure="不予受理这件申请？",
        button="确认不予受理，发给申请人",
        done="已不予受理，通知书正在生成并发给申请人。",
        tab="received",
        form=_plain(RefuseAcceptanceForm),
        follows=lambda case, form, at: selectors.refuse_follows(case, form.cleaned_data["reason"]),
        run=_run(services.refuse_acceptance, "reason"),
        kind="warn",
    )
)
decide = _page(
    Act(
        action="case.decide",
        title="作出决定",
        sure="作出这个决定？",
        button="确认作出决定",
        done="决定已作出，文书正在生成并送达申请人。",
        tab="mine",
        form=_plain(DecisionForm),
        follows=lambda case, form, at: selectors.decision_follows(
            case, form.cleaned_data["outcome"], form.cleaned_data["reasons"]
        ),
        run=_run(services.decide_case, "outcome", "reasons"),
    )
)
deliver = _page(
    Act(
        action="case.deliver",
        title="登记送达",
        sure="登记今天送达？",
        button="确认已送达",
        done="已登记送达。",
        tab="closing",
        form=_plain(ActForm),
        follows=selectors.delivery_follows,
        run=_run(services.deliver_case),
    )
)
archive = _page(
    Act(
        action="case.archive",
        title="归档",
        sure="归档这件办件？",
        button="确认归档",
        done="已归档。",
        tab="closing",
        form=_plain(ActForm),
        follows=lambda case, form, at: selectors.ARCHIVE_FOLLOWS,
        run=_run(services.archive_case),
    )
)
