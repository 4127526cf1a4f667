"""Codes and refresh tokens become tokens; tokens become facts about a person, while everything they rest on holds."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from mingqu.identity import selectors
from mingqu.identity.models import AppCode, AppGrant, AppToken, User
from mingqu.identity.openid import keys, rules
from mingqu.identity.openid.errors import GrantRefused, TokenRefused
from mingqu.identity.openid.types import AppView, Tokens
from mingqu.kernel.commands import Command, command
from mingqu.kernel.ids import new_id
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor, Instant

ACCESS_VALID = timedelta(minutes=15)
REFRESH_VALID = timedelta(days=30)
STATEMENT_VALID = timedelta(minutes=5)
PLATFORM = Actor.system("openid")


def issue(*, app: AppView, code: str, return_address: str, verifier: str, at: Instant) -> Tokens:
    """
    Tokens for a code, once. A code shown twice was stolen: what it gave ends. Raises GrantRefused, always the same.
    """
    grant_id = rules.root_of(code)
    if grant_id is None:
        raise GrantRefused()
    found: Tokens | None = None
    with command("identity.issue_tokens", grant_id, by=PLATFORM, at=at, key=new_id()) as cmd:
        grant = _grant_for_update(grant_id, app)
        row = AppCode.objects.select_for_update().filter(grant_id=grant_id, digest=_digest(code)).first()
        if row is None:
            raise GrantRefused()
        user = _account(grant, row.epoch)
        fits = (
            at <= row.valid_until
            and row.return_address == return_address
            and rules.proves(verifier, row.challenge)
        )
        if row.used_at is not None:
            _end_family(cmd, grant_id, row.id)
        elif not fits or user is None:
            AppCode.objects.filter(grant_id=grant_id, id=row.id).update(
                used_at=at
            )  # nobody tries a second secret
            cmd.turns_out("identity.refuse_code")
        else:
            AppCode.objects.filter(grant_id=grant_id, id=row.id).update(used_at=at)
            found = _tokens(
                grant, tuple(row.scopes), (row.id, row.epoch), at, nonce=row.nonce, since=row.signed_in_at
            )
            cmd.note(app=str(app.id), scopes=sorted(row.scopes))
        cmd.done(None)
    if found is None:
        raise GrantRefused()
    return found


def refresh(*, app: AppView, token: str, scopes: tuple[str, ...], at: Instant) -> Tokens:
    """
    New tokens for a refresh token, which is spent by it; shown again, the whole family ends (RFC 9700 4.14.2). The new
    one ends when the first would have: she allowed 30 days, not 30 days each time. `scopes` may narrow. Raises
    GrantRefused.
    """
    grant_id = rules.root_of(token)
    if grant_id is None:
        raise GrantRefused()
    found: Tokens | None = None
    with command("identity.refresh_tokens", grant_id, by=PLATFORM, at=at, key=new_id()) as cmd:
        grant = _grant_for_update(grant_id, app)
        row = _token(grant_id, token, AppToken.Kind.REFRESH, lock=True)
        if row is None or at > row.valid_until or not set(scopes) <= set(row.scopes):
            raise GrantRefused()
        if row.spent_at is not None:
            _end_family(cmd, grant_id, row.family)
        elif _account(grant, row.epoch) is None:
            raise GrantRefused()
        else:
            AppToken.objects.filter(grant_id=grant_id, id=row.id).update(spent_at=at)
            found = _tokens(
                grant, scopes or tuple(row.scopes), (row.family, row.epoch), at, until=row.valid_until
            )
            cmd.note(app=str(app.id))
        cmd.done(None)
    if found is None:
        raise GrantRefused()
    return found


def revoke(*, app: AppView, token: str, at: Instant) -> None:
    """
    The application gives back a token (RFC 7009): an access token alone, with a refresh token all of its family. What
    is none of its own is left alone, and it is not told.
    """
    grant_id = rules.root_of(token)
    if grant_id is None:
        return
    with command("identity.revoke_tokens", grant_id, by=PLATFORM, at=at, key=new_id()) as cmd:
        row = (
            AppToken.objects.select_for_update(of=("self",))
            .filter(grant_id=grant_id, digest=_digest(token), grant__app_id=app.id)
            .first()
        )
        if row is not None:
            same = AppToken.objects.filter(grant_id=grant_id)
            (
                same.filter(family=row.family)
                if row.kind == AppToken.Kind.REFRESH
                else same.filter(id=row.id)
            ).delete()
            cmd.note(app=str(app.id))
        cmd.done(None)


def end_tokens_of(*, app_id: UUID, user_id: UUID) -> None:
    """Who signs out of an application through us leaves it no token."""
    AppToken.objects.filter(grant__app_id=app_id, grant__user_id=user_id).delete()


def facts(token: str, at: Instant) -> dict[str, Any]:
    """What an access token lets an application know (UserInfo). Raises TokenRefused."""
    grant_id = rules.root_of(token)
    row = _token(grant_id, token, AppToken.Kind.ACCESS) if grant_id else None
    if row is None or at > row.valid_until:
        raise TokenRefused()
    grant = AppGrant.objects.select_related("app").filter(pk=grant_id, ended_at=None).first()
    user = _account(grant, row.epoch) if grant and grant.app.withdrawn_at is None else None
    if grant is None or user is None:
        raise TokenRefused()
    claims: dict[str, Any] = {"sub": grant.subject}
    if "profile" in row.scopes:
        person = selectors.person(user.person_id)
        claims |= {"name": mask_name(person.name), "acr": level_name(person.assurance)}
    if "phone" in row.scopes and user.phone:
        claims |= {
            "phone_number": f"+86{user.phone}",
            "phone_number_verified": user.phone_verified_at is not None,
        }
    return claims


def statement(app: AppView, tokens: Tokens, at: Instant) -> str:
    """The ID token: who signed in, when, how surely; never a name, a number or a telephone."""
    claims: dict[str, Any] = {
        "iss": settings.MINGQU_BASE_URL,
        "sub": tokens.subject,
        "aud": str(app.id),
        "iat": int(at.timestamp()),
        "exp": int((at + STATEMENT_VALID).timestamp()),
        "acr": level_name(selectors.person(_person_of(tokens.user_id)).assurance),
    }
    if tokens.nonce:
        claims["nonce"] = tokens.nonce
    if tokens.signed_in_at:
        claims["auth_time"] = int(tokens.signed_in_at.timestamp())
    return keys.sign(claims, at)


def level_name(assurance: int) -> str:
    """A code of the kernel's list `assurance_level` as `acr`; no national name was seen."""
    return f"AAL{max(1, assurance)}"


def prune(at: Instant) -> None:
    """Codes and tokens that are over. A spent refresh token stays until its day, so that a thief is recognised."""
    AppCode.objects.filter(valid_until__lt=at - timedelta(days=1)).delete()
    AppToken.objects.filter(valid_until__lt=at).delete()


def _person_of(user_id: UUID) -> UUID:
    """Asked anew: an account that was bound at a window is another person's than when she let the application in."""
    return User.objects.values_list("person_id", flat=True).get(pk=user_id)


def _digest(text: str) -> str:
    return rules.digest_of(text[rules.GRANT_LETTERS :])


def _grant_for_update(grant_id: UUID, app: AppView) -> AppGrant:
    row = AppGrant.objects.select_for_update().filter(pk=grant_id, app_id=app.id, ended_at=None).first()
    if row is None:
        raise GrantRefused()
    return row


def _account(grant: AppGrant, epoch: int) -> User | None:
    """The account behind a grant, while what she did with it since has not ended her sessions."""
    return User.objects.filter(pk=grant.user_id, is_active=True, epoch=epoch).first()


def _token(grant_id: UUID, text: str, kind: str, *, lock: bool = False) -> AppToken | None:
    rows = AppToken.objects.select_for_update() if lock else AppToken.objects.all()
    return rows.filter(grant_id=grant_id, kind=kind, digest=_digest(text)).first()


def _end_family(cmd: Command, grant_id: UUID, family: UUID) -> None:
    AppToken.objects.filter(grant_id=grant_id, family=family).delete()
    cmd.turns_out("identity.end_stolen_tokens")


def _tokens(
    grant: AppGrant,
    scopes: tuple[str, ...],
    origin: tuple[UUID, int],
    at: Instant,
    *,
    nonce: str = "",
    since: Instant | None = None,
    until: datetime | None = None,
) -> Tokens:
    """
    Written into the grant: `origin` is the family (the code's id) and the epoch of the account, `until` when a refresh
    token ends that goes on with an earlier one.
    """
    AppGrant.objects.filter(pk=grant.pk).update(used_at=at)
    texts = {}
    kinds = {AppToken.Kind.ACCESS: at + ACCESS_VALID}
    if "offline_access" in scopes:
        kinds[AppToken.Kind.REFRESH] = until or at + REFRESH_VALID
    for kind, valid_until in kinds.items():
        secret = secrets.token_urlsafe(32)
        texts[kind] = rules.text_of(grant.pk, secret)
        AppToken.objects.create(
            grant=grant,
            kind=kind,
            digest=rules.digest_of(secret),
            family=origin[0],
            scopes=list(scopes),
            epoch=origin[1],
            issued_at=at,
            valid_until=valid_until,
        )
    return Tokens(
        texts[AppToken.Kind.ACCESS],
        texts.get(AppToken.Kind.REFRESH, ""),
        scopes,
        grant.subject,
        grant.user_id,
        nonce,
        since,
    )
