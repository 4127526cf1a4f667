"""电子印章: the system officer asks, the security officer agrees (SEC-05); no seal is replaced without a reason."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.documents import selectors as documents
from mingqu.documents.errors import SealReasonMissing, SealUnavailable
from mingqu.documents.models import OrganKey
from mingqu.documents.services import seal_pdf
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Department, PostHolding, User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AskedDeed
from mingqu.kernel.second_person import DeedAsked, DeedNotAsked, SecondPersonNeeded
from mingqu.workbench import services
from mingqu.workbench.tests.pages import text_of

pytestmark = pytest.mark.django_db


def ask(by, organ="QH-SCJG", reason=""):
    services.ask_seal(organ_code=organ, reason=reason, by=by, at=f.people.NOON, key=new_id())


def agree(by, organ="QH-SCJG"):
    services.agree_seal(organ_code=organ, by=by, at=f.people.NOON, key=new_id())


@pytest.fixture
def w():
    return f.world()


@pytest.fixture
def officers(w):
    """The system officer and the security officer."""
    organ = Department.objects.get(code="QH-ZWZX").pk
    return [
        f._post(code, name, organ, role, organ)
        for code, name, role in (
            ("PT-XTGLY", "系统管理员", "system_officer"),
            ("PT-AQGLY", "安全管理员", "security_officer"),
        )
    ]


def test_an_organ_without_a_seal_gets_one_by_two_officers_and_another_only_for_a_reason(w, officers):
    system, security = officers
    with pytest.raises(SealUnavailable) as refused:
        seal_pdf(b"", organ_code="QH-SCJG", reason="", at=f.people.NOON)
    assert refused.value.message.startswith("澜州市清禾区市场监督管理局还没有可用的电子印章")
    for nobody in (w.reviewer, security):
        with pytest.raises(NotAuthorised):
            ask(nobody)

    ask(system)

    assert "QH-SCJG" not in documents.organ_keys()
    for nobody in (w.reviewer, system):
        with pytest.raises(NotAuthorised):
            agree(nobody)
    agree(security)
    first = documents.organ_keys()["QH-SCJG"].fingerprint
    with pytest.raises(SealReasonMissing):
        ask(system)
    ask(system, reason="证书到期")
    agree(security)
    keys = OrganKey.objects.filter(organ_code="QH-SCJG")
    assert keys.count() == 2 and keys.get(fingerprint=first).retired_at is not None
    assert documents.organ_keys()["QH-SCJG"].fingerprint != first


def test_who_asked_can_call_it_off_the_other_can_refuse_and_then_there_is_nothing_to_agree_to(w, officers):
    system, security = officers
    for by in officers:
        ask(system)
        with pytest.raises(DeedAsked):
            ask(system)
        services.decline_seal(organ_code="QH-SCJG", by=by, at=f.people.NOON, key=new_id())
        with pytest.raises(DeedNotAsked):
            agree(security)

    assert not OrganKey.objects.filter(organ_code="QH-SCJG").exists()
    assert list(AskedDeed.objects.order_by("asked_at", "id").values_list("answer", flat=True)) == [
        "called_off",
        "refused",
    ]


def test_who_asks_for_seals_refuses_nothing_that_a_colleague_asked_for(w, officers):
    """Or one system officer keeps a leaked key in use."""
    organ = Department.objects.get(code="QH-ZWZX").pk
    colleague = f._post("PT-XTGLY2", "系统管理员", organ, "system_officer", organ)
    ask(officers[0])
    with pytest.raises(NotAuthorised):
        services.decline_seal(organ_code="QH-SCJG", by=colleague, at=f.people.NOON, key=new_id())
    agree(officers[1])
    services.ask_retirement(
        organ_code="QH-SCJG", reason="密钥泄露", by=officers[0], at=f.people.NOON, key=new_id()
    )
    with pytest.raises(NotAuthorised):
        services.decline_retirement(organ_code="QH-SCJG", by=colleague, at=f.people.NOON, key=new_id())
    services.agree_retirement(organ_code="QH-SCJG", by=officers[1], at=f.people.NOON, key=new_id())

    assert not documents.has_seal("QH-SCJG")


def test_one_person_in_both_posts_is_still_one_person(officers):
    """The officers exclude each other; should one person hold both posts, the second pair of eyes is missing still."""
    system, security = officers
    ask(system)

    with pytest.raises(SecondPersonNeeded):
        agree(replace(security, id=system.id))


def test_the_page_leads_each_officer_to_his_part(client, officers):
    system, security = (people.signed_in(Client(), User.objects.get(pk=one.user_id)) for one in officers)
    page, deed = reverse("workbench:seals"), reverse("workbench:provide_seal")

    system.post(deed, {"key": str(new_id()), "organ_code": "QH-SCJG"})
    asked, other = system.get(page).content.decode(), security.get(page).content.decode()
    security.post(deed, {"key": str(new_id()), "organ_code": "QH-SCJG", "deed": "agree"})

    assert "撤回" in asked and "复核同意" not in asked
    assert "复核同意，制作" in other and "还没有电子印章" in other
    assert "QH-SCJG" in documents.organ_keys() and "旧名称" not in system.get(page).content.decode()
    Department.objects.filter(code="QH-SCJG").update(name="清禾区市场局")
    assert "旧名称" in system.get(page).content.decode(), "the organ was renamed, its seal was not"
    Department.objects.filter(code="QH-SCJG").update(closed_on=f.people.LONG_AGO)
    assert "旧名称" in system.get(page).content.decode(), "of one that ended, the seal is still there"


def test_a_seal_is_retired_by_two_officers_on_the_page_and_what_it_sealed_stays(client, officers):
    system, security = (people.signed_in(Client(), User.objects.get(pk=one.user_id)) for one in officers)
    page, deed = reverse("workbench:seals"), reverse("workbench:provide_seal")
    ask(officers[0])
    agree(officers[1])

    def press(who, what, **given):
        return who.post(deed, {"key": str(new_id()), "organ_code": "QH-SCJG", "deed": what, **given})

    press(system, "ask_end")
    assert not AskedDeed.objects.filter(answer="").exists(), "not without a reason"
    press(system, "ask_end", reason="机关撤销")
    assert "复核同意，停用" in security.get(page).content.decode()
    press(system, "agree_end")
    assert documents.has_seal("QH-SCJG"), "who asked does not agree"
    press(security, "decline_end")
    assert documents.has_seal("QH-SCJG") and not AskedDeed.objects.filter(answer="").exists()
    press(system, "ask_end", reason="机关撤销")
    press(security, "agree_end")

    assert not documents.has_seal("QH-SCJG")
    assert "已停用" in security.get(page).content.decode()


def test_a_site_without_a_security_officer_is_told_so_on_the_page(client, officers):
    system, security = officers
    browser = people.signed_in(Client(), User.objects.get(pk=system.user_id))
    assert "没有人担任安全管理员" not in browser.get(reverse("workbench:seals")).content.decode()

    PostHolding.objects.filter(user_id=security.user_id).delete()

    assert "没有人担任安全管理员" in browser.get(reverse("workbench:seals")).content.decode()


def test_who_is_to_agree_reads_on_the_first_page_how_many_seals_wait(officers):
    system, security = officers
    ask(system)

    def first_page(actor) -> str:
        client = people.signed_in(Client(), User.objects.get(pk=actor.user_id))
        return text_of(client.get(reverse("workbench:desk")))

    assert "1件等您复核" in first_page(security)
    assert "等您复核" not in first_page(system), "who asked is not the second person"
    agree(security)
    assert "等您复核" not in first_page(security)
