"""What a staff register asks (RFC 7644): answers and refusals as the standard writes them."""

import json
from collections.abc import Callable
from datetime import date
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    InvalidSyntaxException,
    InvalidValueException,
    ListResponse,
    Meta,
    NotFoundException,
    PatchOp,
    PreconditionFailedException,
    ResponseParameters,
    SCIMException,
    SearchRequest,
    UnauthorizedException,
)
from scim2_models import Resource as AnyResource

from mingqu.identity.errors import NameMissing, TooManyAttempts, UnknownAccount, UsernameTaken, WrongUsername
from mingqu.identity.scim import filters, resources, selectors, services
from mingqu.identity.scim.errors import AccountVersionOld, ExternalIdTaken, OfficerKept
from mingqu.identity.scim.resources import User
from mingqu.identity.scim.types import AccountView, RegisterView, Wanted
from mingqu.identity.services import limits
from mingqu.identity.web import client_address
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

MEDIA = "application/scim+json"
TYPES = {  # RFC 7644 3.12, table 9
    UsernameTaken: "uniqueness",
    ExternalIdTaken: "uniqueness",
    WrongUsername: "invalidValue",
    NameMissing: "invalidValue",
}
STATUS = {UsernameTaken: 409, UnknownAccount: 404, OfficerKept: 403, AccountVersionOld: 412}
View = Callable[..., HttpResponse]


def answered(*methods: str) -> Callable[[View], View]:
    """The register is known by its token; whatever is refused is told as an Error of RFC 7644."""

    def held(view: View) -> View:
        @wraps(view)
        @sensitive_variables()
        def told(request: Any, *found: Any, **named: Any) -> HttpResponse:
            try:
                limits.spend("scim_address", client_address(request), at=request.at)
                of = _register(request)
                if request.method not in methods:
                    return _error(405, "This is not done here.", Allow=", ".join(methods))
                return view(request, of, *found, **named)
            except TooManyAttempts as refused:
                return _error(429, refused.message)
            except UnauthorizedException as refused:
                return _error(401, str(refused), **{"WWW-Authenticate": 'Bearer realm="scim"'})
            except SCIMException as refused:
                return _error(refused.status, refused.detail, refused.scim_type)
            except ValidationError as refused:
                first = Error.from_validation_errors(refused)[0]
                return _error(first.status or 400, first.detail or "", first.scim_type or "")
            except DomainError as refused:
                kind = type(refused)
                return _error(STATUS.get(kind, refused.status), refused.message, TYPES.get(kind, ""))

        return told

    return held


def _register(request: Any) -> RegisterView:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    found = selectors.register_of_token(token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise UnauthorizedException(detail="No live token of a staff register.")
    return found


def _answer(body: dict[str, Any], status: int = 200, **headers: str) -> HttpResponse:
    said = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False}, content_type=MEDIA)
    said["Cache-Control"] = "no-store"
    for name, value in headers.items():
        said[name] = value
    return said


def _error(status: int, detail: str, kind: str = "", **headers: str) -> HttpResponse:
    body = Error(status=status, detail=detail, scim_type=kind or None)
    return _answer(body.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), status, **headers)


def _body(request: Any) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as wrong:
        raise InvalidSyntaxException(detail="The body is no JSON.") from wrong
    if not isinstance(found, dict):
        raise InvalidSyntaxException(detail="The body is no JSON object.")
    return found


# --- what there is ---------------------------------------------------------------------------


@answered("GET")
def config(request: Any, of: RegisterView) -> HttpResponse:
    found = resources.config()
    found.meta = Meta(resource_type="ServiceProviderConfig", location=_at("identity:scim_config"))
    return _answer(found.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))


@answered("GET")
def resource_types(request: Any, of: RegisterView, name: str = "") -> HttpResponse:
    found = resources.resource_type()
    found.meta = Meta(resource_type="ResourceType", location=_at("identity:scim_resource_type", "User"))
    return _one_or_list(request, found, name, "User")


@answered("GET")
def schemas(request: Any, of: RegisterView, name: str = "") -> HttpResponse:
    found = resources.schema()
    found.meta = Meta(resource_type="Schema", location=_at("identity:scim_schema", str(User.__schema__)))
    return _one_or_list(request, found, name, str(User.__schema__))


def _one_or_list(request: Any, found: AnyResource, name: str, own: str) -> HttpResponse:
    if name and name.lower() != own.lower():
        raise NotFoundException(detail=f"There is no {name[:80]}.")
    if name:
        return _answer(found.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))
    if "filter" in request.GET:  # RFC 7644 4: never here
        return _error(403, "These are not filtered.")
    listed = ListResponse[type(found)](total_results=1, items_per_page=1, start_index=1, resources=[found])
    return _answer(listed.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))


@answered("GET", "POST", "PUT", "PATCH", "DELETE")
def nothing(request: Any, of: RegisterView, rest: str = "") -> HttpResponse:
    raise NotFoundException(detail="There is nothing at this address.")


# --- accounts --------------------------------------------------------------------------------


@answered("GET", "POST")
def users(request: Any, of: RegisterView) -> HttpResponse:
    if request.method == "POST":
        return _add(request, of)
    return _listed(of, request.GET.dict(), legal_day(request.at))


@answered("POST")
def search(request: Any, of: RegisterView) -> HttpResponse:
    """As a list, asked in the body: an address ends in logs (RFC 7644 3.4.3)."""
    return _listed(of, _body(request), legal_day(request.at))


def _listed(of: RegisterView, given: dict[str, Any], on: date) -> HttpResponse:
    asked = SearchRequest[User].model_validate(given, scim_ctx=Context.SEARCH_REQUEST)
    first = asked.start_index_0 or 0
    many = min(resources.MOST_LISTED if asked.count is None else asked.count, resources.MOST_LISTED)
    total, found = selectors.accounts(of, filters.condition(str(asked.filter or ""), of), on, first, many)
    listed = ListResponse[User](
        total_results=total,
        items_per_page=len(found),
        start_index=first + 1,
        resources=[_resource(one) for one in found],
    )
    return _answer(listed.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=asked))


def _add(request: Any, of: RegisterView) -> HttpResponse:
    given = User.model_validate(_body(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    made = services.add_account(of=of, wanted=_wanted(given), at=request.at, key=new_id())
    return _told(request, _account(of, made, request.at), Context.RESOURCE_CREATION_RESPONSE, 201)


@answered("GET", "PUT", "PATCH", "DELETE")
def user(request: Any, of: RegisterView, name: str) -> HttpResponse:
    try:
        there = _account(of, UUID(name), request.at)
    except ValueError:
        raise NotFoundException(detail="There is no such account.") from None
    if request.method == "GET":
        if request.headers.get("If-None-Match") == _tag(there):
            return HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        return _told(request, there, Context.RESOURCE_QUERY_RESPONSE)
    version = _read_before(request, there)
    if request.method == "DELETE":
        services.remove_account(of=of, user_id=there.id, version=version, at=request.at, key=new_id())
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    wanted = _replaced(request, there) if request.method == "PUT" else _patched(request, there)
    services.change_account(
        of=of, user_id=there.id, wanted=wanted, version=version, at=request.at, key=new_id()
    )
    context = (
        Context.RESOURCE_REPLACEMENT_RESPONSE if request.method == "PUT" else Context.RESOURCE_PATCH_RESPONSE
    )
    return _told(request, _account(of, there.id, request.at), context)


def _replaced(request: Any, there: AccountView) -> Wanted:
    """What is not said stands as it is made: present, without a number of the register."""
    given = User.model_validate(_body(request), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
    given.replace(_resource(there))
    return _wanted(given)


def _patched(request: Any, there: AccountView) -> Wanted:
    changed = PatchOp[User].model_validate(_body(request), scim_ctx=Context.RESOURCE_PATCH_REQUEST)
    as_it_is = _resource(there)
    changed.patch(as_it_is)
    return _wanted(as_it_is)


def _wanted(given: User) -> Wanted:
    if len(given.external_id or "") > resources.LONGEST_NUMBER:
        raise InvalidValueException(detail=f"externalId has at most {resources.LONGEST_NUMBER} signs.")
    return Wanted(
        given.user_name or "",
        given.display_name or "",
        given.active is not False,
        given.external_id or "",
    )


def _read_before(request: Any, there: AccountView) -> int | None:
    """Which version the change is meant for (RFC 7644 3.14); None when the register does not say."""
    asked = request.headers.get("If-Match")
    if asked is None or asked.strip() == "*":
        return None
    if _tag(there) not in [one.strip() for one in asked.split(",")]:
        raise PreconditionFailedException(detail=str(AccountVersionOld.sentence))
    return there.version


def _account(of: RegisterView, user_id: UUID, at: Instant) -> AccountView:
    found = selectors.account(of, user_id, legal_day(at))
    if found is None:
        raise NotFoundException(detail="There is no such account.")
    return found


def _tag(one: AccountView) -> str:
    return f'W/"{one.version}"'


def _resource(one: AccountView) -> User:
    return User(
        id=str(one.id),
        external_id=one.external_id or None,
        user_name=one.username,
        display_name=one.name,
        active=one.active,
        meta=Meta(
            resource_type="User",
            created=one.created_at,
            last_modified=one.changed_at,
            location=_at("identity:scim_user", str(one.id)),
            version=_tag(one),
        ),
    )


def _told(request: Any, one: AccountView, context: Context, status: int = 200) -> HttpResponse:
    asked = ResponseParameters[User].model_validate(
        {name: request.GET[name] for name in ("attributes", "excludedAttributes") if name in request.GET}
    )
    body = _resource(one).model_dump(scim_ctx=context, response_parameters=asked)
    return _answer(body, status, ETag=_tag(one), Location=_at("identity:scim_user", str(one.id)))


def _at(name: str, *found: str) -> str:
    return settings.MINGQU_BASE_URL + reverse(name, args=found)
