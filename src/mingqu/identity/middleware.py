"""Who asks, acting as which post; and whether they may open this page at all. Default deny."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from mingqu.identity import selectors
from mingqu.identity.errors import ActingForAnother, NotAuthorised, NotSignedIn, StaffAccount
from mingqu.identity.locking import OPEN_WHEN_LOCKED, is_locked
from mingqu.identity.models import User
from mingqu.identity.services import access
from mingqu.identity.types import PostView, StaffActor, Standing
from mingqu.identity.web import rule_of, with_next
from mingqu.kernel import training
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.ui.access import AccessRule
from mingqu.ui.context import on_kiosk
from mingqu.ui.middleware import problem

log = logging.getLogger(__name__)

BEGAN, SEEN, POST, ACTING = "began", "seen", "post", "acting"
SEEN_STEP = 60  # seconds: a session's last use is written at most this often


def second_factor_proved(request: HttpRequest, user: Any) -> bool:
    """Whether this session has shown a second factor of this account."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def acting_post(request: Any, standing: Standing, at: Instant) -> PostView | None:
    """The post chosen in 「切换岗位」 while it is held, else the one held longest; None without any."""
    held = selectors.posts_held(standing, legal_day(at))
    request.several_posts = len(held) > 1
    chosen = request.session.get(POST)
    return next((post for post in held if str(post.id) == chosen), held[0] if held else None)


class ActorMiddleware:
    """
    Sets `request.user`, `request.actor` (None for the unknown and for staff without a proved second factor)
    `request.post_label` and `request.several_posts`; holds every view to its mark. At most two statements: session,
    and the rest.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.user, request.actor, request.post_label = AnonymousUser(), None, ""
        request.several_posts, request.capacities, request.acting = False, [], None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._recognise(request)
        return self.get_response(request)

    def _recognise(self, request: Any) -> None:
        user = auth.get_user(request)
        if not isinstance(user, User):
            return
        if _is_over(request, user):
            request.session.flush()
            return
        request.user = user
        standing: Standing = user.standing  # type: ignore[attr-defined]  # set by selectors.signed_in_user
        if user.kind == User.Kind.CITIZEN:
            _as_whom(request, user, standing)
        elif is_locked(request):
            return  # 锁屏: signed in still, but nobody acts until the second factor was shown again
        elif second_factor_proved(request, user):
            post = acting_post(request, standing, request.at)
            request.actor = StaffActor(
                kind="staff",
                id=standing.person_id,
                post_id=post.id if post else None,
                user_id=user.id,
                name=standing.name,
                mandates=post.mandates if post else (),
                post=post.acting if post else None,
                deputy_for=post.deputy_for if post else None,
            )
            request.post_label = _label(post)

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        rule = rule_of(view)
        if rule is None:
            log.error(
                "view without an access mark: %s.%s", view.__module__, getattr(view, "__qualname__", view)
            )
            return refuse(request, NotAuthorised(action=""))
        if rule.kind == "public":
            return None
        if not request.user.is_authenticated:
            return _to(request, "identity:sign_in" if rule.kind == "signed_in" else "identity:staff_sign_in")
        if rule.kind == "signed_in":
            return _hold_citizen(request, rule)
        return _hold_staff(request, rule)


def _label(post: PostView | None) -> str:
    """The post one acts as; of a deputy (AB岗) also whose place it is, one statement more."""
    if post is None:
        return ""
    words = f"{post.department_name} {post.name}"
    if post.deputy_for is None:
        return words
    return f"{words}（代{selectors.names_of([post.deputy_for]).get(post.deputy_for, '')}）"


def _as_whom(request: Any, user: User, standing: Standing) -> None:
    """As herself, or as whom she switched to while that holds; one statement more where she may act for others."""
    if standing.acts:
        request.capacities = selectors.capacities_of(standing.person_id, legal_day(request.at))
    chosen = request.session.get(ACTING, "")
    request.actor, request.acting = selectors.citizen_actor(user, standing.name, request.capacities, chosen)


def _hold_citizen(request: Any, rule: AccessRule) -> HttpResponse | None:
    """A page for citizens. One who acts for another person opens only pages made for that (`on_behalf`)."""
    actor = request.actor
    if actor is None or actor.kind != "citizen":
        return refuse(request, StaffAccount())
    if actor.stands_in and not (rule.action and access.may(actor, rule.action)):
        return refuse(request, ActingForAnother())
    return None


def _hold_staff(request: Any, rule: AccessRule) -> HttpResponse | None:
    """A page of staff: second factor, own password, then the acting post. An empty action asks for no post."""
    if request.user.kind != User.Kind.STAFF:
        return refuse(request, NotAuthorised(action=rule.action))
    if is_locked(request):
        here = request.resolver_match.view_name
        return None if here in OPEN_WHEN_LOCKED else _to(request, "identity:unlock_screen")
    if request.actor is None:
        return _to(request, "identity:second_factor_setup")
    if password_is_over(request.user, request.at):
        return _to(request, "identity:password")
    if rule.action and not access.may(request.actor, rule.action):
        return refuse(request, NotAuthorised(action=rule.action))
    if request.actor.post is not None:
        training.works_there(request.actor.post.region)
    return None


def password_is_over(user: User, at: Instant) -> bool:
    """Given by another, or older than settings.MINGQU_PASSWORD_DAYS (0: never)."""
    days = settings.MINGQU_PASSWORD_DAYS
    changed = user.password_changed_at
    return user.must_change_password or bool(days and changed and at - changed > timedelta(days=days))


def _is_over(request: Any, user: User) -> bool:
    """Too long unused or too old; notes the use, at most once a minute."""
    session, now = request.session, request.at.timestamp()
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:
        session[BEGAN] = session[SEEN] = now
        return False
    idle = "kiosk" if on_kiosk(request) else user.kind
    if now - seen > settings.MINGQU_SESSION_IDLE[idle]:
        return True
    if now - began > settings.MINGQU_SESSION_LONGEST[user.kind]:
        return True
    # A page that polls by itself is nobody's use: it must not keep a forgotten session open.
    if now - seen > SEEN_STEP and "X-Poll" not in request.headers:
        session[SEEN] = now
    return False


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal as page, or as problem+json for a program."""
    if request.path.startswith("/api/"):
        return problem(error)
    words = {"error": error, "sentence": error.message, "code": error.code, "status": error.status}
    return render(request, "ui/refusal.html", words, status=error.status)


def _to(request: Any, url_name: str) -> HttpResponse:
    """Send to a page of sign-in and back again afterwards; a program is told."""
    if request.path.startswith("/api/"):
        return problem(NotSignedIn())
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    if request.headers.get("HX-Request"):
        # The fragment's own address is no page: go back to the one it stands on.
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = with_next(
            url_name, _path_of(request.headers.get("HX-Current-URL", ""))
        )
        return response
    return HttpResponseRedirect(with_next(url_name, back))


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
