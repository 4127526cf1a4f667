"""A refusal becomes a page with its sentence and code, or problem+json for a program."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db.utils import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers

from mingqu.kernel import training
from mingqu.kernel.errors import DomainError, to_citizens
from mingqu.kernel.foreign_json import JsonRefused, require_storable
from mingqu.ui import language

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
# What psycopg, PostgreSQL and Python's own encoding say of a text that can't be kept.
UNKEEPABLE = ("NUL (0x00)", "surrogates not allowed", "unsupported Unicode escape", "Unicode low surrogate")
TRAINING_PLACE = b"<!-- training -->"
SAMPLE_PLACE = b"<!-- training sample -->"  # on pages of one certificate


class RequestTooLarge(DomainError):
    code = "request_too_large"
    sentence = to_citizens("一次上传的文件太大（最多{megabytes}MB）。请分几次上传，或者把照片调小一些。")
    status = 413


class TextUnkeepable(DomainError):
    """NUL, or half of a surrogate pair (as \\ud800 writes it in JSON): no database keeps it, nobody types it."""

    code = "text_unkeepable"
    sentence = to_citizens("填写的内容里有看不见、不能保存的字符，请删掉以后再提交。")
    status = 400


class LargestRequestMiddleware:
    """Refuses a body larger than MINGQU_LARGEST_REQUEST before any of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) <= settings.MINGQU_LARGEST_REQUEST:
            return self.get_response(request)
        error = RequestTooLarge(megabytes=settings.MINGQU_LARGEST_REQUEST // 2**20)
        if request.path.startswith("/api/"):
            return problem(error)
        # Nothing is known yet of who asks: a page that needs neither session nor database.
        with translation.override(language.chosen(request)):
            return HttpResponse(
                render_to_string("413.html", {"sentence": error.message}), status=error.status
            )


class PlainAddressMiddleware:
    """
    Refuses an address with a NUL in it before any view: no person types one, and PostgreSQL takes none, so
    that every look-up by a text of the address would end in an error of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in unquote(request.path_info) or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            request.path = request.path_info = request.path.replace("\0", "")  # no page writes one
            return _answered(request, TextUnkeepable())
        return self.get_response(request)


class LanguageMiddleware:
    """
    The page in the language its visitor chose; what staff see, and programs, in Chinese.

    A cookie alone decides: a first visit is Chinese whatever the browser would prefer (decision 0010).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(
            language.CHINESE if request.path.startswith("/api/") else language.chosen(request)
        ):
            response = self.get_response(request)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                response.headers["Content-Language"] = language.ENGLISH if language.in_english() else "zh-CN"
                patch_vary_headers(response, ["Cookie"])
        return response

    def process_view(self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """The view says whose page it is; a refusal of it is then Chinese too."""
        request.only_chinese = language.is_only_chinese(view)
        if request.only_chinese:
            translation.activate(language.CHINESE)


class TrainingMiddleware:
    """
    A page for which anything of a training region was read says so at its top, below the name of the site; so does
    every page of the desk for somebody who acts for an organ of one.

    What shows one certificate says beside its title that it is a sample. The page is made with empty places for
    both: rows are often read only while it is written.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with training.watching() as seen:
            response = self.get_response(request)
        if seen.anything and not response.streaming and TRAINING_PLACE in response.content:
            sample = [(SAMPLE_PLACE, "_training_sample")] if seen.read else []
            for place, template in ((TRAINING_PLACE, "_training"), *sample):
                words = render_to_string(f"ui/{template}.html").encode()
                response.content = response.content.replace(place, words, 1)
        return response


class RefusalMiddleware:
    """
    Any DomainError a view lets through is answered here; whatever the command began was rolled back. So is a text that
    can't be kept: in a form before its view, in what a program sends when the database refuses it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_given: Any
    ) -> HttpResponse | None:
        if request.content_type not in FORMS or request.method in {"GET", "HEAD"}:
            return None
        if request.path.startswith("/api/") or getattr(view, "csrf_exempt", False):
            return None  # for programs: reads its own body
        given = request.POST
        if all(_keepable(text) for name in given for text in (name, *given.getlist(name))):
            return None
        return _answered(request, TextUnkeepable())

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, ValueError | DataError) and any(said in str(error) for said in UNKEEPABLE):
            error = TextUnkeepable()
        return _answered(request, error) if isinstance(error, DomainError) else None


def _keepable(text: str) -> bool:
    try:
        require_storable(text)
    except JsonRefused:
        return False
    return True


def _answered(request: HttpRequest, error: DomainError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(error)
    # HTMX swaps no error pages: it gets the sentence for the live region, which page.js reads out.
    page = "_refusal" if request.headers.get("HX-Request") else "refusal"
    context = {"error": error, "sentence": error.message, "code": error.code, "status": error.status}
    return _told(render(request, f"ui/{page}.html", context, status=error.status), error)


def _told(answer: HttpResponse, error: DomainError) -> HttpResponse:
    """Programs are told in seconds when to come back (RFC 9110 10.2.3)."""
    if seconds := error.params.get("retry_after"):
        answer["Retry-After"] = str(seconds)
    return answer


def problem(error: DomainError) -> JsonResponse:
    """RFC 9457, with the same code as the exception."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
    }
    if error.field:
        body["field"] = error.field
    answer = JsonResponse(body, status=error.status, content_type="application/problem+json")
    _told(answer, error)
    return answer
