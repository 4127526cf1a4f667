"""停办: an item leaves the lists and nobody can begin it; cases that run go on."""

from uuid import UUID

from mingqu.catalogue.errors import AlreadyWithdrawn, ItemUnknown, ReasonNeeded
from mingqu.catalogue.events import ItemWithdrawnFromUse
from mingqu.catalogue.models import ServiceItem
from mingqu.catalogue.search import services as search
from mingqu.catalogue.services.publishing import Published, item_id
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant

LONGEST = 300


def withdraw_item(*, code: str, reason: str, by: Actor, at: Instant, key: UUID) -> Published:
    """
    Stop offering an item; the reason is told to everybody who asks for it. Publishing it anew offers it again.

    Raises ItemUnknown, AlreadyWithdrawn, ReasonNeeded, NotAuthorised.
    """
    with command("catalogue.withdraw", item_id(code), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Published)
        item = ServiceItem.objects.select_for_update().filter(pk=item_id(code)).exclude(current=None).first()
        if item is None:
            raise ItemUnknown()
        access.require(by, "catalogue.withdraw", item)
        if item.withdrawn_at:
            raise AlreadyWithdrawn()
        said = reason.strip()[:LONGEST]
        if not said:
            raise ReasonNeeded(field="reason")
        item.withdrawn_at, item.withdrawn_reason = at, said
        item.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        search.drop("item", code)
        cmd.note(item=code, reason=said)
        cmd.publish(ItemWithdrawnFromUse(item.pk, code))
        assert item.current_id is not None
        revision = item.current
        assert revision is not None
        return cmd.done(Published(item.pk, revision.pk, revision.number, revision.digest))
