"""How the result is to come: chosen when filing, changed before the decision; consent is the applicant's alone."""

from dataclasses import replace
from uuid import UUID

from django.conf import settings

from mingqu.cases import rules, selectors
from mingqu.cases.errors import AddressIncomplete, DeliveryFixed, DeliveryNotChosen
from mingqu.cases.models import Case, DeliveryAddress
from mingqu.cases.types import BY_POST, Addressee, Done
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.identifiers import IdentifierRefused, Phone
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant

WORDS = (("receiver", "收件人姓名"), ("phone", "收件人手机号码"), ("address", "收件地址"))


def choose_delivery(
    *, case_id: UUID, way: str, by: Actor, at: Instant, key: UUID, to: Addressee | None = None
) -> Done:
    """
    Give or take back the consent to electronic delivery (民事诉讼法 90: with consent only; the licence law is silent);
    `BY_POST`: the result goes by courier to `to`, as long as no parcel is made of it (`hall`).

    A clerk may note that the applicant comes to the window instead; consent for her nobody gives but she. Raises
    NotAuthorised, DeliveryFixed (decided already), DeliveryNotChosen, AddressIncomplete, or what is wrong with the
    telephone.
    """
    with command("case.choose_delivery", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.choose_delivery", case)
        if way == Case.DeliveryWay.ELECTRONIC and by.kind != "citizen":
            raise NotAuthorised(action="case.choose_delivery")
        if case.status not in rules.ALLOWED_IN["case.choose_delivery"]:
            raise DeliveryFixed()
        if way not in (*Case.DeliveryWay.values, BY_POST):
            raise DeliveryNotChosen(field="delivery")
        case.delivery_way = Case.DeliveryWay.WINDOW if way == BY_POST else way
        case.delivery_consent_at = at if way == Case.DeliveryWay.ELECTRONIC else None
        readdress(cmd, case, checked_address(to) if way == BY_POST else None)
        case.save(update_fields=["delivery_way", "delivery_consent_at"])
        cmd.note(way=way)
        return cmd.done(Done(case.pk, case.status))


def readdress(cmd: Command, case: Case, to: Addressee | None) -> None:
    """
    In a command of the case: where its result is sent from now on, an address that was checked; None: she comes for
    it.
    """
    if to is None:
        if case.by_post:
            DeliveryAddress.objects.filter(case=case).delete()
    else:
        row = DeliveryAddress.objects.filter(case=case).first() or DeliveryAddress(case=case)
        row.said_id, row.at = new_id(), cmd.at
        row.receiver, row.phone, row.address = to.receiver, to.phone, to.address
        row.save()
        cmd.note_digest(address=to.address)
    if case.by_post != (to is not None):
        case.by_post = to is not None
        case.save(update_fields=["by_post"])


def address_row(case_id: UUID, to: Addressee, at: Instant) -> DeliveryAddress:
    """Of a case that is being filed."""
    return DeliveryAddress(case_id=case_id, receiver=to.receiver, phone=to.phone, address=to.address, at=at)


def checked_address(to: Addressee | None) -> Addressee:
    """With the telephone in canonical form. Raises AddressIncomplete, IdentifierRefused."""
    to = to or Addressee("", "", "")
    for field, words in WORDS:
        if not str(getattr(to, field)).strip():
            raise AddressIncomplete(field=field, what=words)
    try:
        phone = str(Phone.parse(to.phone, demo=settings.MINGQU_DEMO))
    except IdentifierRefused as refused:
        refused.field = "phone"
        raise
    return replace(to, receiver=to.receiver.strip(), phone=phone, address=to.address.strip())
