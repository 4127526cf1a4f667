"""Commands about accounts of outside services: linked by who has signed in to both, and taken apart."""

from uuid import UUID

from django.db import IntegrityError, transaction

from mingqu.identity.models import OutsideLink, User
from mingqu.identity.openid import selectors
from mingqu.identity.openid.errors import GrantUnknown, OutsideTaken
from mingqu.identity.openid.types import Outsider
from mingqu.identity.services import access
from mingqu.identity.services.people import Own
from mingqu.kernel.commands import command
from mingqu.kernel.fields import blind_index
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant

PLATFORM = Actor.system("openid")


def link(*, who: Outsider, by: Actor, at: Instant, key: UUID) -> None:
    """From now on this account outside signs in here. Raises OutsideTaken (it is another's), NotAuthorised."""
    with command("identity.link_outside", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.link_outside", Own((by.id,)))
        known = selectors.link_of(who.issuer, who.subject)
        if known is not None and known.user_id == by.user_id:
            return
        try:
            with transaction.atomic():
                OutsideLink.objects.create(
                    id=key,
                    issuer=who.issuer,
                    subject=who.subject,
                    subject_index=blind_index("identity.outside_subject", f"{who.issuer} {who.subject}"),
                    user_id=by.user_id,
                    person_id=by.id,
                    level=who.level,
                    linked_at=at,
                )
        except IntegrityError as taken:
            raise OutsideTaken() from taken
        cmd.note(issuer=who.issuer, level=who.level)
        cmd.note_digest(subject=who.subject)
        cmd.done(None)


def unlink(*, link_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """It signs in here no more. Raises GrantUnknown (also for another's), NotAuthorised."""
    with command("identity.unlink_outside", link_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.unlink_outside", Own((by.id,)))
        row = (
            OutsideLink.objects.select_for_update()
            .filter(pk=link_id, user_id=by.user_id, ended_at=None)
            .first()
        )
        if row is None:
            raise GrantUnknown()
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        cmd.done(None)


def account_of(who: Outsider, at: Instant) -> User | None:
    """The account here of who came from outside, its level as said now; None where nothing is linked."""
    row = selectors.link_of(who.issuer, who.subject)
    if row is None:
        return None
    if row.level != who.level:
        with command("identity.note_outside_level", row.pk, by=PLATFORM, at=at, key=new_id()) as cmd:
            OutsideLink.objects.filter(pk=row.pk).update(level=who.level)
            cmd.note(level=who.level)
            cmd.done(None)
    return User.objects.filter(pk=row.user_id, kind=User.Kind.CITIZEN, is_active=True).first()
