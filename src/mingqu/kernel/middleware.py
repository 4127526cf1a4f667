"""The web boundary: a request gets its id and its instant; a response gets its security headers."""

import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mingqu.kernel.context import request_id

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
