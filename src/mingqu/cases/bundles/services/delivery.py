"""
How the results of a bundle are to come: said once for all its parts when it is filed, changed for all of them; each
part's case keeps it as its own (decision 0047).
"""

from typing import Any
from uuid import UUID

from mingqu.cases.bundles import rules, selectors
from mingqu.cases.bundles.services.course import order
from mingqu.cases.bundles.types import BundleDone
from mingqu.cases.errors import DeliveryFixed, DeliveryNotChosen
from mingqu.cases.models import Bundle, Case
from mingqu.cases.services.delivery_choice import checked_address
from mingqu.cases.types import BY_POST, Addressee
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant

ELECTRONIC, WINDOW = Case.DeliveryWay.ELECTRONIC, Case.DeliveryWay.WINDOW


def chosen(way: str, to: Addressee | None) -> dict[str, Any]:
    """What a bundle keeps of it. Raises DeliveryNotChosen, AddressIncomplete, or what is wrong with the telephone."""
    if way == BY_POST:
        return {"delivery_way": WINDOW, "by_post": True, "sent_to": checked_address(to).words}
    if way not in Case.DeliveryWay.values:
        raise DeliveryNotChosen(field="delivery")
    return {"delivery_way": way, "by_post": False, "sent_to": None}


def way_of(bundle: Bundle) -> str:
    """As a form asks it, and the draft of a part has it."""
    return BY_POST if bundle.by_post else bundle.delivery_way


def choose_delivery(
    *, bundle_id: UUID, way: str, by: Actor, at: Instant, key: UUID, to: Addressee | None = None
) -> BundleDone:
    """
    How the results are to come from now on: each part under way is told by a command of its own case, parts that are
    filed later begin with it. Consent to electronic delivery is given or taken back before the first decision; from
    the counter to the courier and back as long as a part is under way (where a decided one goes, `hall` changes).

    Raises NotAuthorised, DeliveryFixed, DeliveryNotChosen, AddressIncomplete, or what is wrong with the telephone.
    """
    with command("bundle.choose_delivery", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.choose_delivery", bundle)
        parts = selectors.parts_of(bundle)
        decided = any(part.state in rules.WITH_DECISION and not part.is_outside for part in parts)
        if bundle.status not in rules.ALLOWED_IN["bundle.choose_delivery"] or (
            decided and ELECTRONIC in (way, bundle.delivery_way)
        ):
            raise DeliveryFixed()
        cmd.change(bundle, **chosen(way, to))
        for part in parts:
            if part.state in rules.RUNNING:
                order(cmd, bundle, part, "delivery", by)
        cmd.note(way=way)
        if bundle.sent_to:
            cmd.note_digest(address=bundle.sent_to["address"])
        return cmd.done(BundleDone(bundle.pk, bundle.status))
