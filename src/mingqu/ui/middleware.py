"""A refusal becomes a page with its sentence and code, or problem+json for a program."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from mingqu.kernel.errors import DomainError


class RefusalMiddleware:
    """Any DomainError a view lets through is answered here; whatever the command began was rolled back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if request.path.startswith("/api/"):
            return problem(error)
        # HTMX swaps no error pages: it gets the sentence for the live region, which page.js reads out.
        page = "_refusal" if request.headers.get("HX-Request") else "refusal"
        context = {"error": error, "sentence": error.message, "code": error.code, "status": error.status}
        return render(request, f"ui/{page}.html", context, status=error.status)


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
    return JsonResponse(body, status=error.status, content_type="application/problem+json")
