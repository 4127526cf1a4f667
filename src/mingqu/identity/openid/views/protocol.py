"""What programs of applications ask: where things are, our keys, tokens, facts (OpenID Connect, RFC 6749, 7009)."""

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity.errors import TooManyAttempts
from mingqu.identity.models import OutsideApp
from mingqu.identity.openid import keys, rules, selectors, tokens
from mingqu.identity.openid.errors import ClientRefused, ProgramRefused, TokenRefused
from mingqu.identity.openid.types import AppView
from mingqu.identity.services import limits
from mingqu.identity.web import client_address
from mingqu.ui.access import public

JWKS_SECONDS = 3600  # a new key is published a day before it signs
View = Callable[[Any], HttpResponse]


def _answers(view: View) -> View:
    """Refusals as JSON with the name the standard gives them; nothing is kept by who is on the way."""

    @wraps(view)
    def told(request: Any) -> HttpResponse:
        try:
            limits.spend("openid_address", client_address(request), at=request.at)
            answer = view(request)
        except TooManyAttempts as refused:
            answer = JsonResponse(
                {"error": "temporarily_unavailable", "error_description": refused.message}, status=429
            )
        except ProgramRefused as refused:
            answer = JsonResponse(
                {"error": refused.error, "error_description": refused.code}, status=refused.status
            )
            if refused.status == ClientRefused.status and not request.headers.get("Authorization"):
                answer.status_code = (
                    401 if isinstance(refused, TokenRefused) else 400
                )  # RFC 6749 5.2, RFC 6750 3.1
            if answer.status_code == ClientRefused.status:
                scheme = "Bearer" if isinstance(refused, TokenRefused) else "Basic"
                answer["WWW-Authenticate"] = f'{scheme} realm="openid", error="{refused.error}"'
        answer["Cache-Control"], answer["Pragma"] = "no-store", "no-cache"
        return answer

    return told


@public
@require_GET
def configuration(request: Any) -> HttpResponse:
    """OpenID Connect Discovery: what is offered and where."""
    root = settings.MINGQU_BASE_URL
    answer = JsonResponse(
        {
            "issuer": root,
            "authorization_endpoint": root + reverse("identity:openid_authorize"),
            "token_endpoint": root + reverse("identity:openid_token"),
            "userinfo_endpoint": root + reverse("identity:openid_facts"),
            "revocation_endpoint": root + reverse("identity:openid_revoke"),
            "end_session_endpoint": root + reverse("identity:openid_sign_out"),
            "jwks_uri": root + reverse("identity:openid_keys"),
            "scopes_supported": list(rules.SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [keys.ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": [tokens.level_name(level) for level in range(1, 5)],
            "claims_supported": ["sub", "acr", "auth_time", "name", "phone_number", "phone_number_verified"],
            "prompt_values_supported": ["none", "login", "consent"],
            "ui_locales_supported": ["zh-CN", "en"],
            "authorization_response_iss_parameter_supported": True,
            "request_uri_parameter_supported": False,
        }
    )
    answer["Cache-Control"] = f"public, max-age={JWKS_SECONDS}"
    answer["Access-Control-Allow-Origin"] = "*"  # the same for everybody, and public
    return answer


@public
@require_GET
def key_list(request: Any) -> HttpResponse:
    answer = JsonResponse({"keys": keys.published(request.at)})
    answer["Cache-Control"] = f"public, max-age={JWKS_SECONDS}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@public
@csrf_exempt
@sensitive_post_parameters()
@require_POST
@_answers
def token(request: Any) -> HttpResponse:
    """Tokens for a code or a refresh token (RFC 6749 4.1.3, 6)."""
    app, given = _application(request), request.POST
    kind = given.get("grant_type", "")
    if kind == "authorization_code":
        found = tokens.issue(
            app=app,
            code=given.get("code", ""),
            return_address=given.get("redirect_uri", ""),
            verifier=given.get("code_verifier", ""),
            at=request.at,
        )
    elif kind == "refresh_token":
        scopes = tuple(given.get("scope", "").split())
        found = tokens.refresh(app=app, token=given.get("refresh_token", ""), scopes=scopes, at=request.at)
    else:
        raise ProgramRefused()
    answer = {
        "access_token": found.access,
        "token_type": "Bearer",
        "expires_in": int(tokens.ACCESS_VALID.total_seconds()),
        "scope": " ".join(found.scopes),
        "id_token": tokens.statement(app, found, request.at),
    }
    return JsonResponse(answer | ({"refresh_token": found.refresh} if found.refresh else {}))


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
@_answers
def facts(request: Any) -> HttpResponse:
    """UserInfo: the token stands in the header, never in an address."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise TokenRefused()
    return JsonResponse(tokens.facts(text.strip(), request.at))


@public
@csrf_exempt
@sensitive_post_parameters()
@require_POST
@_answers
def revoke(request: Any) -> HttpResponse:
    """The application gives a token back; the answer is the same for one it never had (RFC 7009 2.2)."""
    tokens.revoke(app=_application(request), token=request.POST.get("token", ""), at=request.at)
    return HttpResponse()


def _application(request: Any) -> AppView:
    """Who asks, by secret (header or body) or, for one without a server, by its id alone. Raises ClientRefused."""
    client_id, secret = _basic(request) or (
        request.POST.get("client_id", ""),
        request.POST.get("client_secret", ""),
    )
    subject = f"{client_id[:64]} {client_address(request)}"
    limits.spend("openid_secret", subject, at=request.at)
    app = selectors.live_app(client_id)
    if app is None:
        raise ClientRefused()
    if app.confidential and not _right(app, secret):
        raise ClientRefused()
    limits.give_back("openid_secret", subject)
    return app


def _right(app: AppView, secret: str) -> bool:
    digest = OutsideApp.objects.filter(pk=app.id).values_list("secret_digest", flat=True).get()
    return bool(secret) and rules.same(digest, rules.digest_of(secret))


def _basic(request: Any) -> tuple[str, str] | None:
    """Client id and secret of the header, each form-encoded before (RFC 6749 2.3.1). Raises ClientRefused."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as wrong:
        raise ClientRefused() from wrong
    return unquote_plus(name), unquote_plus(secret)
