"""复核: the rater says that she pressed the wrong level, the rated organ asks, another person answers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from mingqu.cases import selectors as cases
from mingqu.evaluation import selectors, services
from mingqu.evaluation.errors import FollowUpUnknown
from mingqu.evaluation.forms import AnswerReviewForm, AskReviewForm, MistakenForm, StepForm
from mingqu.evaluation.views.following import show_follow_up
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import signed_in, staff
from mingqu.ui.forms import tell

WRONG = 400


@signed_in
@never_cache
@require_POST
def mistaken(request: Any, number: str) -> HttpResponse:
    """Only who signed in: the query code is known to the clerk who printed it."""
    case = cases.case_visible_to(request.actor, number)
    form = MistakenForm(request.POST)
    if not form.is_valid():
        raise FollowUpUnknown()
    services.say_mistaken(
        case_id=case.pk,
        contact=form.cleaned_data["contact"],
        by=request.actor,
        at=request.at,
        key=form.cleaned_data["key"],
    )
    return redirect("evaluation:rate", number=number)


@staff("evaluation.ask_review")
@never_cache
@sensitive_post_parameters("ask-text", "ask-evidence")
@require_POST
def ask(request: Any, follow_up: str) -> HttpResponse:
    return _given(request, follow_up, AskReviewForm(request.POST), services.ask_review)


@staff("evaluation.answer_review")
@never_cache
@sensitive_post_parameters("answer-text")
@require_POST
def answer(request: Any, follow_up: str) -> HttpResponse:
    return _given(request, follow_up, AnswerReviewForm(request.POST), services.answer_review)


def _given(request: Any, number: str, form: StepForm, run: Callable[..., None]) -> HttpResponse:
    shown = selectors.follow_up_at_desk(request.actor, number, legal_day(request.at))
    status = WRONG
    if form.is_valid():
        try:
            run(follow_id=shown.id, **form.cleaned_data, by=request.actor, at=request.at)
        except NotFound:
            raise
        except DomainError as refused:
            status = tell(form, refused)
        else:
            return redirect("evaluation:follow_up", follow_up=number)
    return show_follow_up(request, shown, form, status=status)
