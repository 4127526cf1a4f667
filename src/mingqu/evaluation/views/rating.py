"""The page on which a case is rated, and the list that staff read."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.evaluation import selectors
from mingqu.evaluation.errors import TextTooLong
from mingqu.evaluation.forms import RatingForm
from mingqu.evaluation.services import Answer, rate_case
from mingqu.evaluation.types import RatingView
from mingqu.identity import selectors as identity
from mingqu.identity.errors import TooManyAttempts
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import signed_in, staff
from mingqu.ui.context import on_kiosk
from mingqu.ui.forms import tell
from mingqu.ui.types import Fact

WRONG = 400


@signed_in
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: Any, number: str) -> HttpResponse:
    """Rate one's own case; afterwards the same page shows what was said."""
    case = cases.case_visible_to(request.actor, number)
    selectors.rating_of(request.actor, case.pk)  # CaseUnknown for who may not rate it

    def give(form: RatingForm) -> None:
        rate_case(
            case_id=case.pk,
            answer=Answer(**form.answer_given()),
            by=request.actor,
            at=request.at,
            key=form.cleaned_data["key"],
            channel="kiosk" if on_kiosk(request) else "online",
        )

    again, back = reverse("evaluation:rate", args=[number]), reverse("cases:progress", args=[number])
    return rating_page(request, case, give, again=again, back=back)


def rating_page(
    request: Any, case: Any, give: Callable[[RatingForm], None], *, again: str, back: str
) -> HttpResponse:
    """
    The question, or what was said of this contact. `give` takes the answer; `again`: this page, `back`: the case. What
    was said is for who signed in alone: the clerk who printed the receipt knows the query code, too.
    """
    own = request.path == reverse("evaluation:rate", args=[case.number])
    contact = selectors.contact_now(case.status, case.item_type)
    form, status = RatingForm(initial={"key": new_id(), "contact": contact}), 200
    if request.method == "POST":
        form, status = RatingForm(request.POST), WRONG
        if form.is_valid():
            try:
                give(form)
            except (TextTooLong, TooManyAttempts) as refused:
                status = tell(form, refused)
            else:
                return redirect(again)
    rating = selectors.rating_given(case.pk, case.status)
    context = {
        "case": case,
        "form": form,
        "rating": rating,
        "rateable": bool(contact),
        "of_filing": contact == "filing",
        "said": _said(rating) if rating and own else [],
        "journeys": selectors.journeys_of(case.pk, legal_day(request.at)) if own else [],
        "key": new_id(),
        "back": back,
        "own": own,
    }
    return render(request, "evaluation/rate.html", context, status=status)


def _said(rating: RatingView) -> list[Fact]:
    rows = [Fact(_("您的评价"), rating.level_words)]
    if rating.reasons:
        rows.append(Fact(_("不好的地方"), "、".join(rating.reasons)))
    if rating.text:
        rows.append(Fact(_("您说的话"), rating.text))
    return rows


@staff("evaluation.see")
@require_GET
def ratings(request: Any) -> HttpResponse:
    """Ratings within the acting post's scope; who rated is not shown, and the case neither."""
    bad_only = request.GET.get("show") == "bad"
    page = selectors.ratings_visible_to(
        request.actor, bad_only=bad_only, before=_cursor(request.GET.get("before", ""))
    )
    departments = identity.departments_by_id(rating.department_id for rating in page.ratings)
    codes = {rating.item_code for rating in page.ratings}
    names = catalogue.names(codes)
    rows = [
        {
            "rating": rating,
            "item": names.get(rating.item_code, rating.item_code),
            "department": departments[rating.department_id].name
            if rating.department_id in departments
            else "",
        }
        for rating in page.ratings
    ]
    return render(request, "evaluation/ratings.html", {"rows": rows, "more": page.more, "bad_only": bad_only})


def _cursor(text: str) -> UUID | None:
    """None for anything that is not a cursor: a stale link shows the first page."""
    try:
        return UUID(text)
    except ValueError:
        return None
