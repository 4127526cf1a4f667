"""What this room holds of a person: appointments, results that wait at a counter."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.hall.models import Booking, Consignment, Result
from mingqu.identity.services.own_data import Holding, Matter, Part, table

NAMES = frozenset(
    {
        "hall.Booking.party_id",
        "hall.SlotPlace.party_id",
        "hall.Result.applicant_id",
        "hall.Consignment.applicant_id",
    }
)


def holding() -> Holding:
    return Holding("hall", NAMES, copy, open_matters)


def open_matters(person_id: UUID, day: date) -> Iterable[Matter]:
    """An appointment of today or later; a result to be collected."""
    ahead = Booking.objects.filter(party_id=person_id, state=Booking.State.BOOKED, day__gte=day)
    if number := ahead.order_by("day").values_list("number", flat=True).first():
        yield Matter(_("有一个到大厅的预约，先取消或者去办"), reverse("hall:booking", args=[number]))
    lying = Result.objects.filter(applicant_id=person_id, state=Result.State.LYING)
    if number := lying.values_list("case_number", flat=True).first():
        yield Matter(_("有结果在大厅等您领取"), reverse("cases:progress", args=[number]))


def copy(person_id: UUID) -> Iterable[Part]:
    yield table(
        "appointments",
        "预约",
        (
            ("number", "预约编号"),
            ("hall", "大厅"),
            ("what", "办什么"),
            ("begins_at", "时间"),
            ("name", "来的人"),
            ("phone", "手机"),
            ("state", "状态"),
        ),
        Booking.objects.filter(party_id=person_id).select_related("hall", "line").order_by("-begins_at"),
        lambda one: (
            one.number,
            one.hall.name,
            one.item_name or one.line.name,
            one.begins_at,
            one.name,
            one.phone,
            one.get_state_display(),
        ),
    )
    yield table(
        "results",
        "在大厅领取的结果",
        (("case", "办件编号"), ("hall", "大厅"), ("arrived_on", "到件"), ("state", "状态")),
        Result.objects.filter(applicant_id=person_id).select_related("hall").order_by("-arrived_on"),
        lambda one: (one.case_number, one.hall.name, one.arrived_on, one.get_state_display()),
    )
    yield table(
        "parcels",
        "快递寄给我的结果",
        (
            ("case", "办件编号"),
            ("waybill", "运单号"),
            ("receiver", "收件人"),
            ("phone", "手机"),
            ("address", "地址"),
            ("state", "状态"),
            ("signer", "签收人"),
            ("signed_on", "签收"),
        ),
        Consignment.objects.filter(applicant_id=person_id).order_by("-id"),
        lambda one: (
            one.case_number,
            one.waybill,
            one.receiver,
            one.phone,
            one.address,
            one.get_state_display(),
            one.signer,
            one.signed_on,
        ),
    )
