"""Display choices that a cookie keeps, and the page on accessibility. No login, no data."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from mingqu.ui import language
from mingqu.ui.access import public
from mingqu.ui.context import AUDIENCE_COOKIE, AUDIENCES, ELDER_COOKIE

ONE_YEAR = 365 * 24 * 3600  # seconds


def _back_with_cookie(request: HttpRequest, name: str, value: str) -> HttpResponse:
    """Return to the page the person came from, never to another site, with the choice kept for a year."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        name, value, max_age=ONE_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response


@public
@require_POST
def set_elder(request: HttpRequest) -> HttpResponse:
    """长者版 on or off: the same pages, larger."""
    return _back_with_cookie(request, ELDER_COOKIE, "on" if request.POST.get("elder") == "on" else "off")


@public
@require_POST
def set_audience(request: HttpRequest) -> HttpResponse:
    """个人 or 法人: which services the front page and lists show first."""
    chosen = request.POST.get("audience", "")
    return _back_with_cookie(request, AUDIENCE_COOKIE, chosen if chosen in AUDIENCES else AUDIENCES[0])


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """中文 or English: the same page in the other language."""
    wanted = request.POST.get("language", "")
    return _back_with_cookie(
        request, language.LANGUAGE_COOKIE, wanted if wanted in language.TAGS else language.CHINESE
    )


@public
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """What helps to read and use the site, and whom to tell when something does not."""
    return render(request, "ui/accessibility.html")
