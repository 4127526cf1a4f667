"""What this room holds of a person: what an agent did for her, visits at home. Who the agent was is not told."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.identity.services.own_data import Holding, Matter, Part, table
from mingqu.outreach.models import Errand, HomeVisit

NAMES = frozenset({"outreach.Errand.person_id", "outreach.HomeVisit.party_id"})


def holding() -> Holding:
    return Holding("outreach", NAMES, copy, open_matters, keeps)


def open_matters(person_id: UUID, day: date) -> Iterable[Matter]:
    """What an agent may still hand in under her consent, which nobody could take back after her; a visit to come."""
    states = (Errand.State.OPEN, Errand.State.PAPER, Errand.State.AGREED)
    helped = Errand.objects.filter(person_id=person_id, state__in=states).order_by("-id")
    if number := helped.values_list("number", flat=True).first():
        yield Matter(
            _("有代办员正在帮您办事，先撤回同意或者等办完"), reverse("outreach:own_errand", args=[number])
        )
    asked = (HomeVisit.State.ASKED, HomeVisit.State.PLANNED)
    visits = HomeVisit.objects.filter(party_id=person_id, state__in=asked).order_by("-id")
    if number := visits.values_list("number", flat=True).first():
        yield Matter(_("约了上门服务，先取消或者等办完"), reverse("outreach:own_visit", args=[number]))


def keeps(person_id: UUID) -> bool:
    mine = HomeVisit.objects.filter(party_id=person_id)
    return Errand.objects.filter(person_id=person_id).exists() or mine.exists()


def copy(person_id: UUID) -> Iterable[Part]:
    yield table(
        "errands",
        "帮办代办",
        (
            ("number", "编号"),
            ("item", "事项代码"),
            ("state", "状态"),
            ("consent", "怎样同意的"),
            ("case", "办件编号"),
            ("opened_at", "开始"),
            ("ended_on", "停下"),
        ),
        Errand.objects.filter(person_id=person_id).order_by("-id"),
        lambda one: (
            one.number,
            one.item_code,
            one.get_state_display(),
            one.get_consent_display(),
            one.case_number,
            one.opened_at,
            one.ended_on,
        ),
    )
    yield table(
        "home_visits",
        "上门服务",
        (
            ("number", "编号"),
            ("name", "姓名"),
            ("phone", "手机"),
            ("address", "地址"),
            ("about", "办什么"),
            ("state", "状态"),
            ("asked_at", "申请时间"),
            ("visit_on", "上门日期"),
        ),
        HomeVisit.objects.filter(party_id=person_id).order_by("-id"),
        lambda one: (
            one.number,
            one.name,
            one.phone,
            one.address,
            one.about,
            one.get_state_display(),
            one.asked_at,
            one.visit_on,
        ),
    )
