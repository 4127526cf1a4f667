"""Following up bad ratings: the worklist, one of them with the step that waits, and the tally for everybody."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.evaluation import selectors, services
from mingqu.evaluation.forms import (
    AnswerReviewForm,
    AskReviewForm,
    CallForm,
    PublishForm,
    RectifyForm,
    StepForm,
    VerifyForm,
)
from mingqu.evaluation.types import FollowUpView, Rater
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import book
from mingqu.ui.access import public, staff
from mingqu.ui.forms import tell

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPAN = timedelta(days=365)

LISTS = {"": "正在办的", "overdue": "超期的", "review": "等复核的", "done": "办完的", "excluded": "不计入的"}

# The form of the step that waits, and the command it gives.
STEPS: dict[str, tuple[type[StepForm], Callable[..., Any], str, str]] = {
    "evaluation.verify": (VerifyForm, services.verify, "核实", "报核实结果"),
    "evaluation.rectify": (RectifyForm, services.rectify, "整改", "报整改结果"),
    "evaluation.call_back": (CallForm, services.call_back, "回访", "记下回访结果"),
    "evaluation.publish_answer": (PublishForm, services.publish_answer, "公开", "公开"),
}


@staff("evaluation.see")
@require_GET
def follow_ups(request: Any) -> HttpResponse:
    """What waits, by its day, all of it or for a review; what is over; what was left out."""
    show = request.GET.get("show", "")
    show = show if show in LISTS else ""
    page = selectors.follow_ups_at_desk(
        request.actor, legal_day(request.at), show=show, after=request.GET.get("after", "")
    )
    context = {
        "page": page,
        "show": show,
        "lists": LISTS.items(),
        "may_set": access.may(request.actor, "evaluation.set_limits"),
        "may_export": access.may(request.actor, "evaluation.verify"),
    }
    return render(request, "evaluation/follow_ups.html", context)


@staff("evaluation.see")
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(GET_OR_POST)
def follow_up(request: Any, follow_up: str) -> HttpResponse:
    """One of them: what was said, what was done, and the step that waits for this post."""
    shown = selectors.follow_up_at_desk(request.actor, follow_up, legal_day(request.at))
    action = _step_of(shown)
    if request.method != "POST" or action is None:
        return show_follow_up(request, shown)
    kind, run, _title, _button = STEPS[action]
    form, status = kind(request.POST), WRONG
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        try:
            run(follow_id=shown.id, **given, by=request.actor, at=request.at, key=form.cleaned_data["key"])
        except NotFound:
            raise
        except DomainError as refused:
            status = tell(form, refused)
        else:
            return redirect("evaluation:follow_up", follow_up=shown.line.number)
    return show_follow_up(request, shown, form, status=status)


@staff("evaluation.agree_exclusion")
@require_POST
def agree(request: Any, follow_up: str) -> HttpResponse:
    return _answer(request, follow_up, services.agree_exclusion)


@staff("evaluation.decline_exclusion")
@require_POST
def decline(request: Any, follow_up: str) -> HttpResponse:
    return _answer(request, follow_up, services.decline_exclusion)


def _answer(request: Any, number: str, run: Callable[..., None]) -> HttpResponse:
    shown = selectors.follow_up_at_desk(request.actor, number, legal_day(request.at))
    form = StepForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else new_id()
    run(follow_id=shown.id, by=request.actor, at=request.at, key=key)
    return redirect("evaluation:follow_up", follow_up=shown.line.number)


@staff("evaluation.see_rater")
@never_cache
@require_POST
def rater(request: Any, follow_up: str) -> HttpResponse:
    """Whom to call, on this answer alone; the ledger has that it was shown."""
    shown = selectors.follow_up_at_desk(request.actor, follow_up, legal_day(request.at))
    found = services.see_rater(follow_id=shown.id, by=request.actor, at=request.at, key=new_id())
    return show_follow_up(request, shown, rater=found)


def _step_of(shown: FollowUpView) -> str | None:
    if shown.awaits_second:
        return None
    return next((action for action in STEPS if action in shown.may), None)


def show_follow_up(
    request: Any,
    shown: FollowUpView,
    form: StepForm | None = None,
    *,
    rater: Rater | None = None,
    status: int = 200,
) -> HttpResponse:
    """`form`: the one that was refused, of the step or of a review; the others are new."""
    action = _step_of(shown)
    kind, _run, title, button = STEPS[action] if action else (None, None, "", "")
    context = {
        "shown": shown,
        "form": kind(initial={"key": new_id()}) if kind else None,
        "title": title,
        "button": button,
        "rater": rater,
        "may_agree": shown.awaits_second and "evaluation.agree_exclusion" in shown.may,
        "may_see": action == "evaluation.call_back" or "evaluation.see_rater" in shown.may,
        "key": new_id(),
        "refused": form,
    }
    context |= _review_forms(shown)
    if form is not None:
        context[{"ask": "ask_form", "answer": "answer_form"}.get(form.prefix or "", "form")] = form
    return render(request, "evaluation/follow_up.html", context, status=status)


def _review_forms(shown: FollowUpView) -> dict[str, StepForm | None]:
    """A new form for what of a review this post may do now."""
    waiting = next((one for one in shown.reviews if one.waits), None)
    ask = AskReviewForm(initial={"key": new_id()}) if "evaluation.ask_review" in shown.may else None
    answer = None
    if waiting and "evaluation.answer_review" in shown.may:
        answer = AnswerReviewForm(initial={"key": new_id(), "side": waiting.side})
    return {"ask_form": ask, "answer_form": answer}


@public
@require_GET
def public_tally(request: Any) -> HttpResponse:
    """For everybody: ratings of the last year, bad ones and what became of them. Nobody unrated counts as good."""
    until = legal_day(request.at)
    since = until - SPAN
    figures, tally = selectors.figures(since, until), selectors.tally(since, until)
    # One left out as false is in the figures no more; what they have beyond was given before anyone followed up.
    counted = sum(one.count for one in figures.levels if one.bad) + tally.excluded
    context = {
        "figures": figures,
        "tally": tally,
        "before": max(0, counted - tally.bad),
        "answers": selectors.published_answers(),
    }
    return render(request, "evaluation/tally.html", context)


@staff("evaluation.verify")
@require_GET
def export(request: Any) -> HttpResponse:
    """The worklist of this post as a table: no name, no case, nothing that was said."""
    rows, after, done = [], "", False
    today: date = legal_day(request.at)
    while True:
        page = selectors.follow_ups_at_desk(request.actor, today, show="done" if done else "", after=after)
        rows += [
            [one.number, one.item, one.department, one.level_words, one.state_words, one.rated_on.isoformat(),
             one.due_on.isoformat() if one.open else "", "是" if one.overdue else ""]
            for one in page.lines
        ]  # fmt: skip
        after = page.more
        if not after and done:
            break
        done = done or not after
    headers = ["差评编号", "事项", "部门", "评价", "状态", "评价日期", "最晚", "超期"]
    answer = HttpResponse(book("差评", headers, rows), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="bad-ratings-{today:%Y%m%d}.xlsx"'
    return answer
