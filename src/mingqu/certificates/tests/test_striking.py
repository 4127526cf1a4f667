"""依职权注销 (行政许可法 70): proposed on a ground of the law, decided by another person, told to the holder."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.certificates import errors, firms, selectors, services, striking, waiting
from mingqu.certificates.events import CertificateStruckOff
from mingqu.certificates.models import Certificate, StrikeOff
from mingqu.certificates.tests.factories import AT, MINUTE, code_of, issued, make_files, organ, seen
from mingqu.certificates.tests.factories import revoked as revoke
from mingqu.documents.models import DocumentRequest
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.second_person import DeedAsked, DeedNotAsked, SecondPersonNeeded
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
LATER = AT + 10 * MINUTE
YEARS = AT + timedelta(days=6 * 365)
# What every proposal names beside: where the holder may complain.
Proposal = partial(services.StrikeOffProposal, reconsideration_organ="清禾区人民政府", court="清禾区人民法院")
REVOCATION = Proposal("revoked", "撤销决定已经送达。")


@pytest.fixture
def officers():
    """Who proposes and who decides."""
    here = organ()
    return people.staff_actor("reviewer", department_id=here), people.staff_actor(
        "approver", department_id=here
    )


def propose(certificate, by, proposal=REVOCATION, at=LATER):
    services.propose_strike_off(
        certificate_id=certificate.certificate_id, proposal=proposal, by=by, at=at, key=new_id()
    )


def decide(certificate, by, at=LATER, deed=services.strike_off):
    deed(certificate_id=certificate.certificate_id, by=by, at=at, key=new_id())


def revoked(by, holder=None):
    certificate = issued(holder)
    revoke(certificate.certificate_id, by, at=AT + MINUTE)
    return certificate


def test_who_is_to_decide_reads_on_the_first_page_how_many_wait(officers):
    reviewer, approver = officers
    certificate, other = revoked(approver), revoked(approver)
    elsewhere = people.staff_actor("approver", department_id=people.department("清禾区水务局"))
    assert waiting.deeds(approver, LATER) is None

    propose(certificate, reviewer)
    propose(other, approver)

    assert waiting.deeds(approver, LATER).words == "注销1件等您决定", "one's own is for somebody else"
    assert waiting.deeds(reviewer, LATER) is None and waiting.deeds(elsewhere, LATER) is None
    client = people.signed_in(Client(), User.objects.get(pk=approver.user_id))
    shown = client.get("/desk/").content.decode()
    assert "注销1件等您决定" in shown and reverse("certificates:desk") in shown
    decide(certificate, approver)
    assert waiting.deeds(approver, LATER) is None


def test_who_proposes_is_told_when_nobody_else_may_decide(officers):
    reviewer, approver = officers
    certificate = revoked(approver)
    address = reverse("certificates:strike_off", args=[seen(certificate).number])

    def page(by):
        return people.signed_in(Client(), User.objects.get(pk=by.user_id)).get(address).content.decode()

    assert "现在没有另一位可以决定的人" in page(approver), "he is the only one"
    assert "现在没有另一位可以决定的人" not in page(reviewer), "he may decide what she proposes"


def test_a_revoked_licence_is_struck_off_by_two_officers_and_its_address_says_so(officers):
    reviewer, approver = officers
    certificate = revoked(approver)

    propose(certificate, reviewer)
    assert seen(certificate).state == "revoked", "proposed alone it changes nothing"
    decide(certificate, approver)

    assert selectors.public_by_code(code_of(certificate), LATER).state_words == "已注销"
    found = selectors.strike_off_of(certificate.certificate_id)
    assert (
        found.basis == "《中华人民共和国行政许可法》第七十条第（四）项" and found.decided_on == LATER.date()
    )
    assert OutboxEvent.objects.filter(name=CertificateStruckOff.name).count() == 1
    notes = AuditEntry.objects.get(action="certificate.strike_off").notes
    assert notes["ground"] == "行政许可依法被撤销、撤回" and notes["proposed_by"] == str(reviewer.id)
    assert "送达" not in str(notes)


def test_who_proposed_does_not_decide_and_who_may_only_propose_does_not_either(officers):
    reviewer, approver = officers
    certificate = revoked(approver)
    propose(certificate, approver)

    with pytest.raises(SecondPersonNeeded):
        decide(certificate, approver)
    with pytest.raises(NotAuthorised):
        decide(certificate, reviewer)
    with pytest.raises(DeedAsked):
        propose(certificate, reviewer)
    assert seen(certificate).state == "revoked"


def test_declined_or_called_off_nothing_changes_and_it_may_be_proposed_anew(officers):
    reviewer, approver = officers
    certificate = revoked(approver)

    propose(certificate, reviewer)
    decide(certificate, approver, deed=services.decline_strike_off)
    with pytest.raises(DeedNotAsked):
        decide(certificate, approver)
    propose(certificate, reviewer)
    decide(certificate, reviewer, deed=services.decline_strike_off)

    assert seen(certificate).state == "revoked" and StrikeOff.objects.count() == 2
    off, _again, refused = (one.what for one in selectors.history_of(certificate.certificate_id)[:3])
    assert off.startswith("没有注销：提出人撤回（") and refused.startswith("没有注销：决定的人不同意（")


def test_who_may_only_propose_refuses_nobody_elses_proposal(officers):
    """Or one officer keeps every 注销 of the organ from being decided."""
    colleague = people.staff_actor("reviewer", department_id=organ())
    certificate = revoked(officers[1])
    propose(certificate, officers[0])

    with pytest.raises(NotAuthorised):
        decide(certificate, colleague, deed=services.decline_strike_off)
    decide(certificate, officers[1])
    assert seen(certificate).state == "cancelled"


def test_nobody_of_another_organ_proposes_or_decides(officers):
    elsewhere = people.staff_actor("approver", department_id=people.department("清禾区水务局"))
    certificate = revoked(officers[1])

    for deed in (lambda: propose(certificate, elsewhere), lambda: decide(certificate, elsewhere)):
        with pytest.raises(NotAuthorised):
            deed()


def test_what_ended_without_a_renewal_is_struck_off_as_such_and_the_register_lists_it(officers):
    """行政许可法 70(1)."""
    reviewer, approver = officers
    certificate = issued()
    assert not selectors.to_strike_off(approver, AT)

    assert [one.number for one in selectors.to_strike_off(approver, YEARS)] == [certificate.number]
    propose(certificate, reviewer, Proposal("expired", "到期没有申请延续。"), YEARS)
    assert [one.number for one in waiting.proposed(approver, YEARS, services.striking.DEED)] == [
        certificate.number
    ]
    decide(certificate, approver, YEARS)

    assert seen(certificate, YEARS).state == "cancelled"
    assert not selectors.to_strike_off(approver, YEARS) and not waiting.proposed(
        approver, YEARS, services.striking.DEED
    )


def test_a_firm_that_was_dissolved_is_known_by_a_paper_an_officer_names(officers):
    """行政许可法 70(3)."""
    reviewer, approver = officers
    certificate = issued()
    Certificate.objects.filter(pk=certificate.certificate_id).update(holder_kind="firm")
    ended = Proposal("dissolved", "已经办理注销登记。")

    with pytest.raises(errors.StrikeOffProofMissing):
        propose(certificate, reviewer, ended)
    propose(certificate, reviewer, replace(ended, proof="注销登记通知书〔2026〕12号"))
    decide(certificate, approver)

    assert seen(certificate).state == "cancelled"


@pytest.mark.parametrize(
    ("proposal", "refusal", "place"),
    [
        (Proposal("expired", "x"), errors.StrikeOffGroundUnknown, "ground"),
        (Proposal("revoked", "x"), errors.StrikeOffGroundUnknown, "ground"),
        (Proposal("dissolved", "x", "y"), errors.StrikeOffGroundUnknown, "ground"),
        (Proposal("penalty", "x"), errors.StrikeOffProofMissing, "proof"),
        (Proposal("other", "x"), errors.StrikeOffBasisMissing, "basis"),
        (Proposal("died", " ", "y"), errors.GroundMissing, "reason"),
        (Proposal("died", "x", "y", court=" "), errors.RemediesMissing, "court"),
    ],
)
def test_a_ground_that_is_not_true_of_it_or_not_shown_is_refused(officers, proposal, refusal, place):
    """In force, of a person: neither ended nor revoked, and no firm that could be dissolved."""
    certificate = issued()

    with pytest.raises(refusal) as refused:
        propose(certificate, officers[0], proposal)

    assert refused.value.field == place and not StrikeOff.objects.exists()


def test_what_is_applied_for_with_it_is_decided_first(officers, monkeypatch):
    """行政许可法 50: who applied for renewal in time is not struck off before the decision."""
    certificate = revoked(officers[1])
    monkeypatch.setattr(firms, "_under_way", [lambda certificate_id: True])

    with pytest.raises(errors.ApplicationUnderWay):
        propose(certificate, officers[0])


def test_struck_off_once_it_is_not_struck_off_again(officers):
    certificate = revoked(officers[1])
    propose(certificate, officers[0])
    decide(certificate, officers[1])

    with pytest.raises(errors.CertificateNotInForce, match="已注销"):
        propose(certificate, officers[0])


def test_what_is_no_licence_is_struck_off_only_as_its_own_law_says():
    assert striking.grounds_for("07", "expired", "person") == [striking.OTHER]
    assert striking.basis_words("other", "《样例办法》", "07") == "《样例办法》"


def test_the_six_grounds_of_the_law_are_there_each_at_its_place():
    """行政许可法 70; 撤销、撤回 and 吊销 share the fourth."""
    places = [one.place for one in striking.GROUNDS.values()]
    assert {place.removeprefix("第七十条") for place in places} == {f"第（{n}）项" for n in "一二三四五六"}
    assert len(places) == 7


def test_the_holder_is_told_reads_why_and_can_no_longer_show_it(officers, client):
    reviewer, approver = officers
    user, holder = people.citizen("张三")
    certificate = revoked(approver, holder.id)
    propose(certificate, reviewer)
    decide(certificate, approver)
    make_files(LATER + MINUTE)

    told = InboxMessage.objects.get(person_id=holder.id, kind="certificate_struck_off")
    assert "撤销、撤回" in told.body and "送达" not in told.body
    people.signed_in(client, user)
    page = client.get(told.link).content.decode()
    assert "为什么注销" in page and "撤销决定已经送达" in page
    assert "清禾区人民政府" in page and "清禾区人民法院" in page
    paper = client.get(reverse("certificates:strike_off_decision", args=[certificate.number]))
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    shown = client.get(reverse("certificates:show", args=[certificate.number]), follow=True)
    assert "已注销，现在不能亮证" in shown.content.decode()


def test_of_somebody_who_died_nobody_is_told(officers):
    reviewer, approver = officers
    _, holder = people.citizen("张三")
    certificate = issued(holder.id)
    propose(certificate, reviewer, Proposal("died", "家属报告。", "死亡证明"))
    decide(certificate, approver)
    make_files(LATER + MINUTE)

    assert not InboxMessage.objects.filter(person_id=holder.id, kind="certificate_struck_off").exists()


def test_at_the_desk_one_proposes_and_another_presses_the_button(officers, client):
    reviewer, approver = (User.objects.get(pk=one.user_id) for one in officers)
    certificate = revoked(officers[1])
    one = reverse("certificates:at_desk", args=[certificate.number])
    deed = reverse("certificates:strike_off", args=[certificate.number])
    people.signed_in(client, reviewer)
    assert deed in client.get(one).content.decode()
    assert client.post(deed, {"key": str(new_id()), "ground": "revoked", "reason": ""}).status_code == 400

    told = {"ground": "revoked", "reason": "已送达", "reconsideration_organ": "清禾区人民政府"}
    refused = client.post(deed, {"key": str(new_id()), **told})
    assert refused.status_code == 400 and "请写明向哪个法院起诉" in refused.content.decode()
    assert client.post(deed, {"key": str(new_id()), **told, "court": "清禾区人民法院"}).url == one
    assert "另一位有权决定的人" in client.get(deed).content.decode()
    people.signed_in(client, approver)
    assert "决定注销" in client.get(deed).content.decode()
    assert client.post(deed, {"key": str(new_id()), "answer": "agree"}).url == one

    text = client.get(one).content.decode()
    assert "已注销" in text and "第七十条第（四）项" in text


def test_the_decision_names_ground_article_proof_and_remedies(officers):
    reviewer, approver = officers
    certificate = issued()
    propose(certificate, reviewer, Proposal("penalty", "两次以上严重违法。", "罚决〔2026〕8号"))
    decide(certificate, approver)

    paper = DocumentRequest.objects.get(root_id=certificate.certificate_id, kind="decision_struck_off")
    told = paper.data
    assert told["basis"] == "《中华人民共和国行政许可法》第七十条第（四）项"
    assert (told["proof"], told["reasons"]) == ("罚决〔2026〕8号", ["两次以上严重违法。"])
    assert told["reconsideration_organ"] == "清禾区人民政府"
    assert paper.number == AuditEntry.objects.get(action="certificate.strike_off").notes["document_number"]
    found = selectors.strike_off_of(certificate.certificate_id)
    assert (found.document_number, found.file_id) == (paper.number, None), "it is being made"


def test_who_has_nothing_to_do_with_it_does_not_get_the_decision(officers, client):
    certificate = revoked(officers[1], people.citizen("张三")[1].id)
    propose(certificate, officers[0])
    decide(certificate, officers[1])
    stranger, _ = people.citizen("李四")

    address = reverse("certificates:strike_off_decision", args=[seen(certificate).number])
    assert people.signed_in(client, stranger).get(address).status_code == 404
