"""Withdrawal of a bundle, and the one delivery of its results."""

from dataclasses import asdict, replace
from datetime import date
from uuid import UUID

from mingqu.cases.bundles import rules, selectors
from mingqu.cases.bundles.errors import AlreadyFinished, NotDecidedYet, PapersNotReady
from mingqu.cases.bundles.events import BundleDelivered, OutsideEnded
from mingqu.cases.bundles.services.course import Pending, State, go_on, order
from mingqu.cases.bundles.types import BundleDone
from mingqu.cases.errors import DeliveryNotConsented, ServedDayWrong, ServiceIncomplete
from mingqu.cases.models import Bundle
from mingqu.cases.rules import missing_of_service
from mingqu.cases.services.reach import require_reached
from mingqu.cases.services.standing_aside import require_hand_in_all
from mingqu.cases.types import Served
from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

SIGNATURE = "receipt_signature"


def withdraw_bundle(*, bundle_id: UUID, by: Actor, at: Instant, key: UUID) -> BundleDone:
    """
    The applicant takes back all that is not decided; what is decided stays. Raises NotAuthorised, AlreadyFinished.
    """
    with command("bundle.withdraw", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.withdraw", bundle)
        if bundle.status not in rules.ALLOWED_IN["bundle.withdraw"]:
            raise AlreadyFinished()
        parts = selectors.parts_of(bundle)
        for part in parts:
            if part.state in rules.RUNNING:
                order(cmd, bundle, part, "withdraw", by)
                cmd.change(part, pending=Pending.END)
            elif part.state not in rules.ENDED:
                if part.state == State.OUTSIDE:
                    whose = bundle.pk, bundle.number, bundle.applicant_id
                    cmd.publish(OutsideEnded(*whose, part.code, "withdrawn"))
                cmd.change(part, state=State.WITHDRAWN, ended_on=legal_day(at))
        go_on(cmd, bundle, parts)
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def deliver_bundle(*, bundle_id: UUID, served: Served, by: Actor, at: Instant, key: UUID) -> BundleDone:
    """
    One delivery of all results (行政许可法 44), when the last outcome is there: granted ones and refused ones alike,
    each case keeping its own record of service.

    Raises NotAuthorised, Recused (in one of its cases), NotDecidedYet, PapersNotReady, DeliveryNotConsented,
    DeliveryNotReachable, ServiceIncomplete, ServedDayWrong.
    """
    with command("bundle.deliver", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.deliver", bundle)
        require_hand_in_all(bundle.pk, by)
        if bundle.status not in rules.ALLOWED_IN["bundle.deliver"]:
            raise NotDecidedYet()
        parts = selectors.parts_of(bundle)
        due = [part for part in parts if selectors.to_deliver(part)]
        for part in due:
            if not part.paper_ready:
                raise PapersNotReady(name=part.name)
        if served.way == "electronic" and (by.kind != "system" or bundle.delivery_way != "electronic"):
            raise DeliveryNotConsented()
        if served.way == "electronic":
            require_reached([bundle.applicant_id])
        if missing := missing_of_service(served):
            raise ServiceIncomplete(field=missing.field, what=missing.words)
        day = legal_day(at)
        on = served.received_on or day
        if on > day or any(part.ended_on and on < part.ended_on for part in due):
            raise ServedDayWrong(field="received_on")
        cmd.change(bundle, status=Bundle.Status.DELIVERED, closed_on=day, served=_kept(bundle, served, at))
        for part in due:
            order(cmd, bundle, part, "deliver", by)
        cmd.note(way=served.way, parts=[part.code for part in due])
        cmd.publish(BundleDelivered(bundle.pk, bundle.number, bundle.applicant_id, day))
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def _kept(bundle: Bundle, served: Served, at: Instant) -> dict[str, object]:
    """How it was served, for each case to write down; a drawn signature lies with the bundle's files."""
    signature = served.signature_id
    if served.drawn is not None:
        stored = documents.store_file(
            root_id=bundle.pk, kind=SIGNATURE, name="签收", upload=served.drawn, at=at
        )
        signature = stored.file_id
    plain = asdict(replace(served, drawn=None, signature_id=None))
    received = served.received_on
    return {
        "version": 1,
        **{name: value for name, value in plain.items() if isinstance(value, str)},
        "received_on": received.isoformat() if received else None,
        "signature_id": str(signature) if signature else None,
    }


def served_as(bundle: Bundle) -> Served:
    """The service as it was kept; the signature still names the bundle's file."""
    kept = {k: v for k, v in bundle.served.items() if k not in ("version", "received_on", "signature_id")}
    received, signature = bundle.served.get("received_on"), bundle.served.get("signature_id")
    return Served(
        **kept,
        received_on=date.fromisoformat(received) if received else None,
        signature_id=UUID(signature) if signature else None,
    )
