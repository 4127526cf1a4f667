"""What this room holds of a person: what an agent did for her, visits at home. Who the agent was is not told."""

from collections.abc import Iterable
from uuid import UUID

from mingqu.identity.services.own_data import Holding, Part, table
from mingqu.outreach.models import Errand, HomeVisit

NAMES = frozenset({"outreach.Errand.person_id", "outreach.HomeVisit.party_id"})


def holding() -> Holding:
    return Holding("outreach", NAMES, copy, keeps=keeps)


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
