"""What this room holds of a person: what she could not get done."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.assist.models import Stuck
from mingqu.identity.services.own_data import Holding, Matter, Part, table

WAITS = (Stuck.State.FILED, Stuck.State.AGAIN)


def holding() -> Holding:
    return Holding("assist", frozenset({"assist.Stuck.party_id"}), copy, open_matters, keeps)


def open_matters(person_id: UUID, day: date) -> Iterable[Matter]:
    waits = Stuck.objects.filter(party_id=person_id, state__in=WAITS).order_by("-id")
    if number := waits.values_list("number", flat=True).first():
        yield Matter(_("反映的办不成的事在等答复"), reverse("assist:stuck", args=[number]), bars=False)


def keeps(person_id: UUID) -> bool:
    return Stuck.objects.filter(party_id=person_id).exists()


def copy(person_id: UUID) -> Iterable[Part]:
    yield table(
        "stuck",
        "反映的办不成的事",
        (
            ("number", "编号"),
            ("organ", "负责的机关"),
            ("text", "内容"),
            ("state", "状态"),
            ("filed_at", "提交时间"),
        ),
        Stuck.objects.filter(party_id=person_id).select_related("department").order_by("-id"),
        lambda one: (one.number, one.department.name, one.text, one.get_state_display(), one.filed_at),
    )
