"""A part in another system: handed over when its turn comes, its end taken back, whatever that system does."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.models import BundlePart
from mingqu.cases.tests import applying as a
from mingqu.exchange import services as exchange
from mingqu.exchange.connectors import double
from mingqu.exchange.models import Handover
from mingqu.exchange.types import Result
from mingqu.exchange.views.double import tell
from mingqu.identity.models import Firm, User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
FIRM = Result("990104000012345", "澜州市望渠餐饮有限公司", b.CREDIT_CODE)


@pytest.fixture
def w(monkeypatch):
    hand = SimpleNamespace(now=lambda: b.NOON)
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", hand)
    return b.world()


def seen(person, url) -> str:
    return a.body(people.signed_in(Client(), User.objects.get(pk=person.user_id)).get(url))


@pytest.fixture
def bundle(w):
    found = b.filed(w)
    b.settle()
    return found


def handover() -> Handover:
    return Handover.objects.get(part="licence")


def send() -> Handover:
    row = handover()
    assert exchange.send(root_id=row.root_id, handover_id=row.id, at=b.NOON) == "taken"
    return handover()


def says(state, at=b.NOON, result=FIRM, words="") -> None:
    row = double.say(handover().reference, state, at=at, words=words, result=result)
    tell(row, at)
    b.settle(at)


def test_filing_hands_the_licence_over_with_what_it_needs_and_nothing_else(bundle):
    row = send()
    sent = [(label, value) for _part, label, value in double.DoubleMatter.objects.get().sheet]

    assert (row.system, row.connector, row.number) == ("省经营主体登记系统", "double", bundle.number)
    assert ("自主申报的企业名称", "澜州市望渠餐饮有限公司") in sent
    assert not any("雨污水" in label or "招牌" in label or "面积" in label for label, _value in sent)


def test_its_end_closes_the_part_registers_the_firm_and_the_others_begin(bundle):
    send()
    says("granted")

    assert b.part(bundle, "licence").state == "granted"
    assert b.part(bundle, "licence").result["number"] == FIRM.number
    assert b.part(bundle, "food").state == "filed"
    assert Firm.objects.filter(name__isnull=False).exists()
    assert (handover().taken, handover().needs) == ("taken", "")


def test_its_refusal_closes_the_part_with_its_reasons(bundle):
    send()
    says("refused", words="名称与已登记的相同", result=Result())

    assert b.part(bundle, "licence").state == "refused"
    assert b.part(bundle, "licence").result["reasons"] == "名称与已登记的相同"


@pytest.mark.parametrize("faults", [["twice"], ["reorder"], ["twice", "reorder"], ["silent"]])
def test_told_twice_in_the_wrong_order_or_not_at_all_the_case_goes_on_once(bundle, faults):
    row = send()
    double.set_faults(faults)
    says("handling")
    says("granted")
    exchange.look(root_id=row.root_id, handover_id=row.id, at=b.NOON)
    b.settle()

    assert b.part(bundle, "licence").state == "granted"
    assert BundlePart.objects.filter(bundle=bundle, state="filed").count() == 4 - 1


def test_a_result_that_cannot_be_used_waits_for_a_person_and_a_clerk_enters_the_right_one(w, bundle):
    send()
    says("granted", result=Result("990104000012345", "澜州市望渠餐饮有限公司", "91990104MA0000070"))

    assert b.part(bundle, "licence").state == "outside"
    assert (handover().needs, handover().last_reason != "") == ("not_taken", True)
    b.record(w, bundle)
    b.settle()
    assert b.part(bundle, "licence").state == "granted" and handover().needs == ""


def test_what_a_clerk_entered_before_stays_and_a_later_contradiction_is_seen(w, bundle):
    row = send()
    b.record(w, bundle)
    b.settle()
    assert handover().shown == "settled"

    says("refused", words="材料不全", result=Result())
    assert b.part(bundle, "licence").state == "granted"
    assert handover().needs == "contradicts"
    exchange.resolve(of=handover(), reason="对方登记错了，已更正", by=w.clerk, at=b.NOON, key=new_id())
    assert handover().needs == "" and row.reference


def test_taken_back_by_the_applicant_nothing_is_sent_any_more(w, bundle):
    b.services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=new_id())
    b.settle()

    row = handover()
    assert row.shown == "called_off"
    assert exchange.send(root_id=row.root_id, handover_id=row.id, at=b.NOON) == ""


def taken_back(w, bundle) -> Handover:
    b.services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=new_id())
    b.settle()
    return handover()


def test_taken_back_after_it_went_out_the_page_says_no_more_than_the_other_side_answered(w, bundle):
    progress = reverse("bundles:progress", args=[bundle.number])
    send()
    row = taken_back(w, bundle)
    assert "还没有得到对方的回音" in seen(w.citizen, progress)

    assert exchange.recall(root_id=row.root_id, handover_id=row.id, at=b.NOON) == "taken"
    b.settle()
    assert "已经停办" in seen(w.citizen, progress)
    assert InboxMessage.objects.filter(kind="outside_recalled").count() == 1


def test_taken_back_when_the_other_side_had_decided_she_is_told_and_nothing_begins(w, bundle):
    send()
    row = taken_back(w, bundle)
    says("granted")

    assert b.part(bundle, "licence").state == "withdrawn"
    assert (handover().needs, handover().taken) == ("too_late", "")
    assert exchange.recall(root_id=row.root_id, handover_id=row.id, at=b.NOON) == ""
    assert InboxMessage.objects.filter(kind="outside_too_late").count() == 1
    assert "已经有了结果" in seen(w.citizen, reverse("bundles:progress", args=[bundle.number]))


def browser_of(person) -> Client:
    return people.signed_in(Client(), User.objects.get(pk=person.user_id))


def test_her_answer_to_a_correction_goes_to_the_other_system_and_the_page_says_so(w, bundle):
    send()
    says("correction", words="经营场所没有写门牌号")
    mine, page = browser_of(w.citizen), reverse("cases:outside", args=[handover().reference])
    assert "经营场所没有写门牌号" in a.body(mine.get(page))
    assert mine.post(f"{page}files/", {"files": [a.photo()], "_end": "1"}).status_code == 302
    answer = mine.post(page, {"key": new_id(), "words": "门牌号是示例路1号"})
    assert answer["Location"] == reverse("bundles:progress", args=[bundle.number])

    assert send().round == 1
    said = [line[2] for line in double.DoubleMatter.objects.get().sheet if "补正" in line[0]]
    assert len(said) == 2 and said[0] == "门牌号是示例路1号"
    assert mine.get(page)["Location"] == answer["Location"], "answered: nothing more to do"
    says("granted")
    assert b.part(bundle, "licence").state == "granted"


def test_a_correction_is_told_and_the_progress_says_where_it_stands_and_how_old_that_is(w, bundle):
    progress = reverse("bundles:progress", args=[bundle.number])
    page = seen(w.citizen, progress)
    assert "正在转到省经营主体登记系统，还没有得到对方的回音" in page
    send()
    assert "已经转到省经营主体登记系统" in seen(w.citizen, progress)
    says("correction", words="经营场所没有写门牌号")

    page = seen(w.citizen, progress)
    assert "省经营主体登记系统要求补正" in page and "经营场所没有写门牌号" in page
    assert "2026年9月18日 12:00</time>的消息" in page
    assert InboxMessage.objects.filter(kind="outside_correction").count() == 1


def test_down_slow_twice_and_in_the_wrong_order_nothing_is_lost_and_progress_is_honest(w, bundle):
    progress, at = reverse("bundles:progress", args=[bundle.number]), b.NOON
    row = handover()
    for fault, outcome in (("down", "failed"), ("slow", "unknown")):
        double.set_faults([fault])
        assert exchange.send(root_id=row.root_id, handover_id=row.id, at=at) == outcome
        assert "还没有得到对方的回音" in seen(
            w.citizen, progress
        )  # it may have it, and we can't know: not claimed
        at = handover().try_at
    double.set_faults([])
    assert exchange.send(root_id=row.root_id, handover_id=row.id, at=at) == "taken"
    assert double.DoubleMatter.objects.count() == 1
    double.set_faults(["twice", "reorder"])
    says("handling", at=at)
    says("granted", at=at)
    b.settle(at)

    assert b.part(bundle, "licence").state == "granted"
    assert (handover().needs, handover().taken) == ("", "taken")
    assert "已准予" in seen(w.citizen, progress)
