"""
/api/v1/: the operations of the rooms under one address, described by OpenAPI 3.1 at /api/v1/openapi.json.

Each operation carries the mark of a page (`ui.access`), so that the same middleware refuses what has none; a write
needs the same session and CSRF token as the pages. A refusal is problem+json with the code of the exception.
"""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.urls import URLPattern
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from mingqu.cases.api import router as cases
from mingqu.exchange.api import router as exchange
from mingqu.hall.api import router as hall
from mingqu.identity.web import rule_of
from mingqu.kernel.errors import DomainError
from mingqu.kernel.foreign_json import JsonRefused, require_storable
from mingqu.payments.api import router as payments
from mingqu.portal.api import router as portal
from mingqu.portal.selectors import programs
from mingqu.ui.access import AccessRule
from mingqu.ui.middleware import TextUnkeepable, problem

ROUTERS = (portal, cases, hall, payments, exchange)
# Verified by a signature or a code, which no page of another site could make.
SIGNED = frozenset(
    {"payment_callback", "exchange_callback", "courier_callback", "device_pairing", "device_rating"}
)
PUBLIC = AccessRule("public")
WHO = {"public": "open", "signed_in": "session"}


class RequestInvalid(DomainError):
    code = "request_invalid"
    sentence = "请求的内容不对，请对照接口说明。"
    status = 422


class RequestUnreadable(DomainError):
    code = "request_unreadable"
    sentence = "请求的内容读不出来，请按接口说明用JSON。"
    status = 400


class StorableParser(Parser):
    """A body whose texts the database keeps, or none: JSON may write NUL and halves of surrogate pairs."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        given = super().parse_body(request)
        try:
            require_storable(given)
        except JsonRefused as unkeepable:
            raise TextUnkeepable() from unkeepable
        return given


api = NinjaAPI(
    parser=StorableParser(),
    title="Mingqu",
    version="1",
    description="Services, forms, appointments, progress and results, as the public pages have them.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
)
for router in ROUTERS:
    api.add_router("", router)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return problem(error)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The first field that is wrong; never its value."""
    where = [str(part) for part in error.errors[0].get("loc", ())] if error.errors else []
    return problem(RequestInvalid(field=where[-1] if where else ""))


@api.exception_handler(RawPostDataException)
def of_a_form(request: HttpRequest, error: RawPostDataException) -> HttpResponse:
    """A form where JSON is expected: it was read while its token was looked for."""
    return problem(RequestUnreadable())


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    return problem(cause if isinstance(cause, TextUnkeepable) else RequestUnreadable())


def _marks(routers: tuple[Router, ...]) -> dict[str, AccessRule]:
    """
    The mark of each operation by the name of its address. Several methods of one address have one mark: the middleware
    sees the address alone.
    """
    found: dict[str, AccessRule] = {}
    for router in routers:
        for path, view in router.path_operations.items():
            rules = {rule_of(operation.view_func) for operation in view.operations}
            if len(rules) != 1 or None in rules:
                raise RuntimeError(f"one address, one mark: {path}")
            for operation in view.operations:
                found[operation.view_func.__name__] = rules.copy().pop()  # type: ignore[assignment]
    return found


def marked() -> tuple[list[Any], str, str]:
    """The addresses with their marks; the root itself holds nothing (404), the description needs its name."""
    patterns, app_name, namespace = api.urls
    marks = _marks(ROUTERS) | {"openapi-json": PUBLIC, "api-root": PUBLIC}
    kept = [one for one in patterns if isinstance(one, URLPattern) and one.name in marks]
    for one in kept:
        one.callback.access_rule = marks[str(one.name)]  # type: ignore[attr-defined]
        one.callback.csrf_exempt = one.name in SIGNED  # type: ignore[attr-defined]
    return kept, app_name, namespace


@cache
def described() -> dict[str, Any]:
    """The description as /api/v1/openapi.json has it; `x-who` of an operation: open, session or signed."""
    schema: dict[str, Any] = api.get_openapi_schema(path_prefix="/api/v1/")
    marks = _marks(ROUTERS)
    for methods in schema["paths"].values():
        for told in methods.values():
            name = programs.key_of(told)
            told["x-who"] = "signed" if name in SIGNED else WHO[marks[name].kind]
    return schema


programs.described_by(described)
