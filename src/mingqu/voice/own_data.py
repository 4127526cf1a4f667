"""What this room holds of a person: complaints, questions and suggestions, and their answers."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.identity.services.own_data import Holding, Matter, Part, table
from mingqu.voice.models import Ticket


def holding() -> Holding:
    return Holding("voice", frozenset({"voice.Ticket.party_id"}), copy, open_matters, keeps)


def open_matters(person_id: UUID, day: date) -> Iterable[Matter]:
    """What waits for an answer bars nothing: the organ answers when it answers."""
    waits = Ticket.objects.filter(party_id=person_id, state=Ticket.State.FILED).order_by("-filed_at")
    if number := waits.values_list("number", flat=True).first():
        yield Matter(_("有投诉、咨询或者建议在等答复"), reverse("voice:ticket", args=[number]), bars=False)


def keeps(person_id: UUID) -> bool:
    return Ticket.objects.filter(party_id=person_id).exists()


def copy(person_id: UUID) -> Iterable[Part]:
    yield table(
        "tickets",
        "投诉、咨询和建议",
        (
            ("number", "编号"),
            ("kind", "种类"),
            ("organ", "答复机关"),
            ("text", "内容"),
            ("reply", "答复"),
            ("state", "状态"),
            ("filed_at", "提交时间"),
        ),
        Ticket.objects.filter(party_id=person_id).select_related("department").order_by("-filed_at"),
        lambda one: (
            one.number,
            one.get_kind_display(),
            one.department.name,
            one.text,
            one.reply,
            one.get_state_display(),
            one.filed_at,
        ),
    )
