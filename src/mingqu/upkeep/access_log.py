"""
The access log: a line for each request, kept for at least six months (网络安全法 21(3)). Which page, not its address:
that may name a case or hold a code. Who, as the id of an account and a post; from where, as a keyed digest, by which
`mingqu logs --address` finds the lines of an address that somebody names.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from mingqu.identity.services import client_address
from mingqu.kernel.context import request_id
from mingqu.kernel.fields import blind_index

log = logging.getLogger("mingqu.access")
sign_ins = logging.getLogger("mingqu.signin")

PURPOSE, SIGNS = "log.address", 16
SIGNING_IN = frozenset(
    f"identity:{name}"
    for name in (
        "sign_in", "code", "sign_out", "scan_done", "outside_back", "recover", "recover_code", "staff_sign_in",
        "staff_passkey", "second_factor", "unlock_screen", "lock_screen", "password",
    )
)  # fmt: skip


class AccessLogMiddleware:
    """Outermost but for the request's id; what it costs is one write at the end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        if settings.MINGQU_LOG_FOLDER and not request.path.startswith(settings.STATIC_URL):
            line = line_of(request, response.status_code, time.perf_counter() - began)
            log.info(line)
            if request.method == "POST" and page_of(request) in SIGNING_IN:
                sign_ins.info(line)
        return response


def page_of(request: Any) -> str:
    """The name of the page; "-" where nothing answers to the address."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name if match else "") or "-"


def line_of(request: Any, status: int, seconds: float) -> str:
    actor, user = getattr(request, "actor", None), getattr(request, "user", None)
    account = getattr(user, "pk", None) or "-"
    post = getattr(actor, "post_id", None) or "-"
    return (
        f"{request.method} {page_of(request)} {status} {seconds * 1000:.0f}ms account={account} post={post}"
        f" from={digest_of(client_address(request))} request={request_id.get()}"
    )


def digest_of(address: str) -> str:
    """Under which the lines of this address stand, until the master key is exchanged."""
    return blind_index(PURPOSE, address).hex()[:SIGNS]
