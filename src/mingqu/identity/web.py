"""Small questions about a request: where it comes from, where to go next, which rule its view carries."""

import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from mingqu.ui.access import AccessRule

IPV6_NETWORK = 64  # one customer has a whole /64; counting single addresses would count nothing


def client_address(request: HttpRequest) -> str:
    """
    The address attempts are counted under. Behind a proxy it is the last one the proxy appended to
    X-Forwarded-For: what stands before it was written by the client.
    """
    text = str(request.META.get("REMOTE_ADDR", ""))
    if settings.MINGQU_BEHIND_PROXY:
        text = request.headers.get("X-Forwarded-For", text).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
    return str(address)


def safe_next(request: HttpRequest) -> str:
    """The page to go on to, if it is one of ours; else ""."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else ""


def with_next(url_name: str, target: str) -> str:
    """An address of ours that remembers where to go on to."""
    url = reverse(url_name)
    return f"{url}?{urlencode({'next': target})}" if target else url


def rule_of(view: Callable[..., Any]) -> AccessRule | None:
    """The mark on a view function, or on the class behind it."""
    found = getattr(view, "access_rule", None) or getattr(
        getattr(view, "view_class", None), "access_rule", None
    )
    return found if isinstance(found, AccessRule) else None
