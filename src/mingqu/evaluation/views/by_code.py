"""Rating without an account: by number and query code, as the receipt has them, or the square code printed on it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors as bundles
from mingqu.cases.errors import CaseUnknown
from mingqu.evaluation import services
from mingqu.evaluation.errors import RatingFromDesk
from mingqu.evaluation.forms import CodeForm, RatingForm
from mingqu.evaluation.views.rating import rating_page
from mingqu.identity.errors import TooManyAttempts
from mingqu.identity.services import client_address, limits
from mingqu.ui.access import public
from mingqu.ui.context import on_kiosk

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]
OPENED = "rating_opened"  # session: case number → when its query code was given (seconds), by which channel
OPENED_SECONDS = 10 * 60
MOST = 20


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def rate_by_code(request: Any) -> HttpResponse:
    """
    Number and query code; for a wrong pair the answer never tells which of the two is wrong. Not from a desk: whoever
    printed the receipt knows the code.
    """
    _require_no_staff(request)
    form, status = CodeForm(request.POST or None, initial={"number": request.GET.get("number", "")}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                numbers = _numbers(request, **form.cleaned_data)
            except (CaseUnknown, TooManyAttempts) as refused:
                form.add_error(None, refused.message)
                status = refused.status
            else:
                _open(request, numbers)
                if len(numbers) == 1:
                    return redirect("evaluation:rate_opened", number=numbers[0])
                return redirect(f"{request.path}?parts={form.cleaned_data['number']}")
    context = {"form": form, "opened": _opened_cases(request) if "parts" in request.GET else None}
    return render(request, "evaluation/rate_by_code.html", context, status=status)


def _require_no_staff(request: Any) -> None:
    """Also where the screen of the desk is locked: it is the clerk's session still. Raises RatingFromDesk."""
    if request.user.is_authenticated and request.user.kind == "staff":
        raise RatingFromDesk()


def _numbers(request: Any, number: str, code: str) -> list[str]:
    """The case, or the parts of 一件事 that are cases. Raises CaseUnknown, TooManyAttempts."""
    address = client_address(request)
    limits.spend("progress_address", address, at=request.at)
    if number.startswith("B"):  # 一件事
        bundle = bundles.bundle_by_query_code(number, code)
        found = [part.case_number for part in bundles.parts_of(bundle) if part.case_number]
    else:
        found = [cases.case_by_query_code(number, code).number]
    limits.give_back("progress_address", address)  # only wrong pairs count
    return found


def _open(request: Any, numbers: list[str]) -> None:
    channel = "kiosk" if on_kiosk(request) else "qr" if request.GET.get("by") == "qr" else "code"
    # What somebody else opened before on the same machine is shut with it.
    request.session[OPENED] = {number: [request.at.timestamp(), channel] for number in numbers[:MOST]}


def _channel(request: Any, number: str) -> str:
    """By which channel its code was given in this session, not too long ago; "" for none."""
    given_at, channel = request.session.get(OPENED, {}).get(number, (0, ""))
    return channel if request.at.timestamp() - given_at <= OPENED_SECONDS else ""


def _opened_cases(request: Any) -> list[Any]:
    numbers = [number for number in request.session.get(OPENED, {}) if _channel(request, number)]
    return [cases.case_visible_to(services.BY_CODE, number) for number in numbers]


@public
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(GET_OR_POST)
def rate_opened(request: Any, number: str) -> HttpResponse:
    """The question, for ten minutes after the query code was given; a desk that signed in meanwhile has none."""
    _require_no_staff(request)
    channel = _channel(request, number)
    if not channel:
        return redirect(f"{reverse('evaluation:rate_by_code')}?number={number}")
    case = cases.case_visible_to(services.BY_CODE, number)

    def give(form: RatingForm) -> None:
        limits.spend("rating_address", client_address(request), at=request.at)
        key: UUID = form.cleaned_data["key"]
        services.rate_by_code(
            case_id=case.pk,
            answer=services.Answer(**form.answer_given()),
            channel=channel,
            at=request.at,
            key=key,
        )

    back = f"{reverse('cases:query')}?number={number}"
    return rating_page(request, case, give, again=request.path, back=back)
