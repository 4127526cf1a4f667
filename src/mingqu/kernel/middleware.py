"""The web boundary: a request gets its id and its instant; a response gets its security headers."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mingqu.kernel.context import request_id
from mingqu.kernel.unseen import UNSEEN, without_unseen

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "manifest-src 'self'; object-src 'none'"
)

GetResponse = Callable[[HttpRequest], HttpResponse]


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def leads_to(address: str, page: HttpResponse) -> HttpResponse:
    """
    The forms of this page may end at that site ("": at ours alone): browsers hold the redirect after a form to the
    policy, too.
    """
    if not address:
        return page
    page["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {origin(address)}"
    )
    return page


class RequestContextMiddleware:
    """`request.at`, the one instant of this request, and a request id that logs, audit and answer share."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        identifier = str(uuid.uuid4())
        token = request_id.set(identifier)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-Id"] = identifier
        return response


class UnseenSignsMiddleware:
    """
    What is typed into a form is read without signs that nobody sees (`kernel.unseen`), whatever the field: a name that
    stands the other way round, or with a letter that is none, is the same as what it looks like. Programs that sign
    what they send (no CSRF token is asked of them) are read as they sent it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """After the CSRF check, which has read the form already."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return
        given = request.POST
        if not any(UNSEEN.search(value) for name in given for value in given.getlist(name)):
            return
        plain = given.copy()
        for name in given:
            # A NUL is no slip of the hand: it is left in, and refused (`TextUnkeepable`).
            values = given.getlist(name)
            plain.setlist(name, [one if "\0" in one else without_unseen(one) for one in values])
        request.POST = plain  # type: ignore[assignment]  # Django's own setter; its stubs call it immutable


class SecurityHeadersMiddleware:
    """Nothing is loaded from elsewhere, nothing inline runs; a view may set a stricter policy of its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "geolocation=(), microphone=(), camera=(self), payment=(), usb=()"
        )
        if "Cache-Control" not in response.headers:
            # Pages may hold personal data and clerks share machines; so may what says that a file is not there, and
            # caches keep that under the name of a file. Files are answered before they come here.
            response.headers["Cache-Control"] = "no-store, private"
        return response
