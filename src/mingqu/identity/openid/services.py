"""Commands about applications: registered, changed, withdrawn by an operator; let in and shut out by a person."""

import secrets
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import connection
from django.utils.crypto import salted_hmac

from mingqu.identity.errors import NameMissing
from mingqu.identity.models import AppCode, AppGrant, AppToken, OutsideApp
from mingqu.identity.openid import rules
from mingqu.identity.openid.errors import AppUnknown, AppWithdrawn, GrantUnknown, NoScope, WrongReturn
from mingqu.identity.openid.types import NewApp, Wanted
from mingqu.identity.services import access
from mingqu.identity.services.people import Own
from mingqu.identity.types import Place
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant

MOST_ADDRESSES = 10
CODE_VALID = timedelta(seconds=60)


def app_secret(app_id: UUID, key: UUID) -> str:
    """
    The secret of this application made by the deed with this key. It follows from both, so that a second press of the
    button, which does nothing, does not show one that was never set; and so that the key of one application's deed,
    given with another's, shows nothing of the first.
    """
    return salted_hmac("mingqu.identity.app_secret", f"{app_id} {key}", algorithm="sha256").hexdigest()


def register_app(*, draft: NewApp, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    An application people may sign in to; returns its client id (which is `key`). Its secret, if it can keep one, is
    `app_secret(key, key)`.

    Raises NameMissing, WrongReturn, NoScope, NotAuthorised.
    """
    with command("identity.register_app", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        access.require(by, "identity.register_app", Place())
        name, operator = " ".join(draft.name.split()), " ".join(draft.operator.split())
        if not name:
            raise NameMissing(field="name")
        if not operator:
            raise NameMissing(field="operator")
        OutsideApp.objects.create(
            id=key,
            name=name,
            operator=operator,
            confidential=draft.confidential,
            secret_digest=rules.digest_of(app_secret(key, key)) if draft.confidential else "",
            return_addresses=_checked_addresses(draft.return_addresses),
            scopes=_checked_scopes(draft.scopes),
            registered_at=at,
            registered_by=by.id,
        )
        cmd.note(
            app=name, operator=operator, scopes=sorted(draft.scopes), addresses=list(draft.return_addresses)
        )
        cmd.done(None)
    return key


def change_app(
    *, app_id: UUID, addresses: tuple[str, ...], scopes: tuple[str, ...], by: Actor, at: Instant, key: UUID
) -> None:
    """
    Other return addresses or scopes; what people let in before is not widened by it: each is asked anew. Narrowed,
    codes and tokens with more end at once, and nobody's consent holds for what was taken away. Raises AppUnknown,
    WrongReturn, NoScope, NotAuthorised.
    """
    with command("identity.change_app", app_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.change_app", Place())
        row = _app_for_update(app_id)
        before = set(row.scopes)
        row.return_addresses, row.scopes = _checked_addresses(addresses), _checked_scopes(scopes)
        row.save(update_fields=["return_addresses", "scopes"])
        ended = _take_away(app_id, sorted(before - set(row.scopes)))
        cmd.note(scopes=sorted(scopes), addresses=list(addresses), tokens_ended=ended)
        cmd.done(None)


NARROW = """
UPDATE identity_appgrant SET scopes = ARRAY(SELECT one FROM unnest(scopes) AS one WHERE one <> ALL(%s) ORDER BY one)
WHERE app_id = %s AND scopes && %s::varchar[]
"""


def _take_away(app_id: UUID, gone: list[str]) -> int:
    """
    What was given with more than is left ends; how many tokens. One statement each, however many people there are.
    """
    if not gone:
        return 0
    more = {"grant__app_id": app_id, "scopes__overlap": gone}
    AppCode.objects.filter(**more).delete()
    ended, _ = AppToken.objects.filter(**more).delete()
    with connection.cursor() as cursor:
        cursor.execute(NARROW, [gone, app_id, gone])
    return ended


def renew_app_secret(*, app_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    Another secret, `app_secret(app_id, key)`; the old one opens nothing from now on.

    Raises AppUnknown, AppWithdrawn, NotAuthorised.
    """
    with command("identity.renew_app_secret", app_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.renew_app_secret", Place())
        row = _app_for_update(app_id)
        if row.withdrawn_at is not None or not row.confidential:
            raise AppWithdrawn()
        row.secret_digest = rules.digest_of(app_secret(app_id, key))
        row.save(update_fields=["secret_digest"])
        cmd.done(None)


def withdraw_app(*, app_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    Nobody signs in to it any more and no token of it is valid, at once.

    Raises AppUnknown, AppWithdrawn, NotAuthorised.
    """
    with command("identity.withdraw_app", app_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.withdraw_app", Place())
        row = _app_for_update(app_id)
        if row.withdrawn_at is not None:
            raise AppWithdrawn()
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        cmd.done(None)


def restore_app(*, app_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Undo of a withdrawal: what people had let in and not taken back holds again. Raises AppUnknown, NotAuthorised."""
    with command("identity.restore_app", app_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.restore_app", Place())
        row = _app_for_update(app_id)
        row.withdrawn_at = None
        row.save(update_fields=["withdrawn_at"])
        cmd.done(None)


def let_in(*, app_id: UUID, wanted: Wanted, epoch: int, by: Actor, at: Instant, key: UUID) -> str:
    """
    A person lets an application in to `wanted.scopes`; the code for it. `epoch` is her account's. The code follows from
    `key`, so that a second press of the button gives the same. Raises AppUnknown, NotAuthorised.
    """
    if by.user_id is None:
        raise AppUnknown()
    grant_id = uuid5(app_id, str(by.user_id))
    secret = salted_hmac("mingqu.identity.app_code", f"{grant_id} {key}", algorithm="sha256").hexdigest()
    with command("identity.let_app_in", grant_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return rules.text_of(grant_id, secret)
        access.require(by, "identity.let_app_in", Own((by.id,)))
        if not OutsideApp.objects.filter(pk=app_id, withdrawn_at=None).exists():
            raise AppUnknown()
        row, _ = AppGrant.objects.select_for_update().get_or_create(
            id=grant_id,
            defaults={
                "app_id": app_id,
                "user_id": by.user_id,
                "subject": secrets.token_hex(16),
                "scopes": [],
                "granted_at": at,
            },
        )
        known = set(row.scopes) if row.ended_at is None else set()
        allowed = known - set(wanted.asked) | set(
            wanted.scopes
        )  # a box left empty takes back what it let in before
        if allowed != known:
            row.scopes, row.granted_at = sorted(allowed), at
        row.ended_at = None
        row.save(update_fields=["scopes", "granted_at", "ended_at"])
        AppCode.objects.create(
            grant=row,
            digest=rules.digest_of(secret),
            return_address=wanted.return_address,
            scopes=list(wanted.scopes),
            challenge=wanted.challenge,
            nonce=wanted.nonce,
            signed_in_at=wanted.signed_in_at,
            epoch=epoch,
            valid_until=at + CODE_VALID,
        )
        cmd.note(app=str(app_id), scopes=sorted(wanted.scopes))
        cmd.done(None)
    return rules.text_of(grant_id, secret)


def shut_out(*, grant_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """A person takes back what she let in; no token of it is valid any more. Raises GrantUnknown, NotAuthorised."""
    with command("identity.shut_app_out", grant_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.shut_app_out", Own((by.id,)))
        row = (
            AppGrant.objects.select_for_update()
            .filter(pk=grant_id, user_id=by.user_id, ended_at=None)
            .first()
        )
        if row is None:
            raise GrantUnknown()
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        AppCode.objects.filter(grant_id=grant_id).delete()
        AppToken.objects.filter(grant_id=grant_id).delete()
        cmd.note(app=str(row.app_id))
        cmd.done(None)


def _app_for_update(app_id: UUID) -> OutsideApp:
    row = OutsideApp.objects.select_for_update().filter(pk=app_id).first()
    if row is None:
        raise AppUnknown()
    return row


def _checked_addresses(addresses: tuple[str, ...]) -> list[str]:
    found = list(dict.fromkeys(addresses))
    if not 1 <= len(found) <= MOST_ADDRESSES or any(map(rules.wrong_address, found)):
        raise WrongReturn(field="addresses")
    return found


def _checked_scopes(scopes: tuple[str, ...]) -> list[str]:
    if not rules.scopes_allowed(scopes, rules.SCOPES):
        raise NoScope(field="scopes")
    return [one for one in rules.SCOPES if one in scopes]
