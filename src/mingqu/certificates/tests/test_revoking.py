"""撤销 (行政许可法 69): on a ground of the law, after the holder was heard, with a decision that names the remedies."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from mingqu.certificates import errors, revoking, selectors, services, waiting
from mingqu.certificates.events import CertificateRevoked
from mingqu.certificates.models import Certificate, Revocation
from mingqu.certificates.tests.factories import (
    AT,
    DECIDED_ON,
    MINUTE,
    REVOKED,
    code_of,
    issued,
    make_files,
    organ,
    seen,
    with_file,
)
from mingqu.documents.models import DocumentRequest
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.second_person import DeedAsked, DeedNotAsked, SecondPersonNeeded
from mingqu.kernel.types import Actor
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver():
    return people.staff_actor("approver", department_id=organ())


def propose(certificate, by, order=REVOKED, at=AT + MINUTE, key=None):
    services.propose_revocation(
        certificate_id=certificate.certificate_id, order=order, by=by, at=at, key=key or new_id()
    )


def decide(certificate, by, at=AT + MINUTE, deed=services.revoke, key=None):
    deed(certificate_id=certificate.certificate_id, by=by, at=at, key=key or new_id())


def revoke(certificate, by, order=REVOKED):
    propose(certificate, people.staff_actor("reviewer", department_id=organ()), order)
    decide(certificate, by)


def asked_for(certificate):
    return DocumentRequest.objects.get(root_id=certificate.certificate_id, kind__endswith="_revoked")


def test_a_revoked_certificate_says_so_at_once_and_tells_why_to_the_ledger_only_as_a_digest(approver):
    certificate, data = with_file()

    revoke(certificate, approver)

    check = selectors.check_file(data, AT + MINUTE)
    assert (check.finding, check.certificate.state_words) == ("not_in_force", "已撤销")
    assert selectors.public_by_code(code_of(certificate), AT).state == "revoked"
    assert OutboxEvent.objects.filter(name=CertificateRevoked.name).count() == 1
    notes = AuditEntry.objects.get(action="certificate.revoke").notes
    assert notes["document_number"] == "清禾区市场监督管理局撤〔2026〕1号"
    assert "伪造" not in str(notes) and "第六十九条" not in str(notes)


def test_the_decision_says_on_what_it_rests_how_the_holder_was_heard_and_where_to_complain(approver):
    certificate = issued()
    revoke(certificate, approver)

    paper = asked_for(certificate)
    assert paper.kind == "decision_revoked"
    assert paper.data["basis"] == "《中华人民共和国行政许可法》第六十九条第二款"
    assert paper.data["reasons"] == ["申请时提交的租赁合同系伪造"]
    assert paper.data["heard"] == "听取了陈述、申辩"
    assert "不受保护" in paper.data["consequence"] and "三年内不得再次申请" in paper.data["consequence"]
    assert (paper.data["reconsideration_organ"], paper.data["court"]) == ("清禾区人民政府", "清禾区人民法院")


def test_who_did_nothing_wrong_is_told_of_compensation(approver):
    """行政许可法 69, fourth paragraph."""
    certificate = issued()
    revoke(certificate, approver, replace(REVOKED, ground="procedure"))
    told = asked_for(certificate).data
    assert "依法给予赔偿" in told["consequence"] and "第（三）项" in told["basis"]


def test_what_is_no_licence_is_revoked_only_as_its_own_law_says(approver):
    certificate = issued()
    Certificate.objects.filter(pk=certificate.certificate_id).update(item_type="07")
    own = replace(REVOKED, ground="other", basis="《样例确认办法》", harmless=False)

    with pytest.raises(errors.RevocationGroundUnknown):
        revoke(certificate, approver)
    with pytest.raises(errors.RevocationBasisMissing):
        revoke(certificate, approver, replace(own, basis=" "))
    revoke(certificate, approver, own)

    paper = asked_for(certificate)
    assert (paper.kind, paper.data["basis"]) == ("approval_revoked", "《样例确认办法》")
    assert "行政许可法" not in str(paper.data)


@pytest.mark.parametrize(
    ("changed", "refusal", "place"),
    [
        ({"ground": "no_ground"}, errors.RevocationGroundUnknown, "ground"),
        ({"ground": "other"}, errors.RevocationBasisMissing, "basis"),
        ({"reason": " "}, errors.GroundMissing, "reason"),
        ({"heard": ""}, errors.HolderNotHeard, "heard"),
        ({"statement": ""}, errors.HolderNotHeard, "statement"),
        ({"told_on": DECIDED_ON + timedelta(days=1)}, errors.ToldOnWrong, "told_on"),
        ({"harmless": False}, errors.RevocationHarms, "harmless"),
        ({"reconsideration_organ": ""}, errors.RemediesMissing, "reconsideration_organ"),
        ({"court": " "}, errors.RemediesMissing, "court"),
    ],
)
def test_what_is_incomplete_changes_nothing(approver, changed, refusal, place):
    """行政许可法 7, 69; 行政复议法 20."""
    certificate = issued()

    with pytest.raises(refusal) as refused:
        revoke(certificate, approver, replace(REVOKED, **changed))

    assert refused.value.field == place
    assert seen(certificate).state == "valid"
    assert (
        not Revocation.objects.exists()
        and not DocumentRequest.objects.filter(kind="decision_revoked").exists()
    )


def test_who_said_nothing_in_time_needs_no_statement(approver):
    certificate = issued()
    revoke(certificate, approver, replace(REVOKED, heard="nothing_said", statement=""))
    assert selectors.revocation_of(certificate.certificate_id).statement == ""


def test_it_is_refused_without_right_and_twice_and_the_same_press_is_one_deed(approver):
    elsewhere = people.staff_actor("approver", department_id=people.department("清禾区水务局"))
    given, key = issued(), new_id()

    officer = people.staff_actor("reviewer", department_id=organ())
    for by in (elsewhere, Actor("citizen", seen(given).case_id)):
        with pytest.raises(NotAuthorised):
            propose(given, by)
    propose(given, officer, key=key)
    propose(given, officer, key=key)
    with pytest.raises(DeedAsked):
        propose(given, approver)
    for by in (elsewhere, Actor("citizen", seen(given).case_id), officer):
        with pytest.raises(NotAuthorised):
            decide(given, by)
    assert seen(given).state == "valid" and selectors.revocation_of(given.certificate_id) is None
    key = new_id()
    decide(given, approver, key=key)
    decide(given, approver, key=key)
    assert Revocation.objects.filter(request_id__isnull=False).count() == 1
    with pytest.raises(DeedNotAsked):
        decide(given, approver)
    with pytest.raises(errors.CertificateNotInForce, match="已撤销"):
        propose(given, approver)


def test_who_proposed_does_not_decide_and_what_is_called_off_or_refused_changes_nothing(approver):
    """SEC-05: an approver may propose and may decide, never both of one."""
    given, other = issued(), people.staff_actor("approver", department_id=organ())

    propose(given, approver)
    with pytest.raises(SecondPersonNeeded):
        decide(given, approver)
    for who in (other, approver):
        decide(given, who, deed=services.decline_revocation)
        with pytest.raises(DeedNotAsked):
            decide(given, other)
        propose(given, approver)
    assert (
        seen(given).state == "valid" and not DocumentRequest.objects.filter(kind="decision_revoked").exists()
    )
    assert waiting.deeds(other, AT).words == "撤销1件等您决定" and waiting.deeds(approver, AT) is None
    decide(given, other)
    assert seen(given).state == "revoked"


def test_who_may_only_propose_refuses_no_revocation_that_another_proposed(approver):
    """Or one officer keeps every 撤销 of the organ from being decided."""
    given, reviewers = issued(), [people.staff_actor("reviewer", department_id=organ()) for _ in range(2)]
    propose(given, reviewers[0])

    with pytest.raises(NotAuthorised):
        decide(given, reviewers[1], deed=services.decline_revocation)
    decide(given, approver)
    assert seen(given).state == "revoked"


def test_what_ended_meanwhile_is_not_revoked(approver):
    given = issued()
    propose(given, people.staff_actor("reviewer", department_id=organ()))

    with pytest.raises(errors.CertificateNotInForce, match="已过期"):
        decide(given, approver, at=AT + timedelta(days=6 * 366))
    decide(given, approver, deed=services.decline_revocation)
    assert not waiting.proposed(approver, AT, services.revoking.DEED)


def test_the_holder_is_told_reads_why_and_downloads_the_decision_and_nobody_else(approver, client):
    user, holder = people.citizen("张三")
    certificate = issued(holder.id)

    revoke(certificate, approver)
    make_files(AT + 2 * MINUTE)

    told = InboxMessage.objects.get(person_id=holder.id, kind="certificate_revoked")
    assert "撤〔2026〕1号" in told.body and "伪造" not in told.body
    decision = reverse("certificates:revocation", args=[certificate.number])
    stranger = people.signed_in(type(client)(), people.citizen("李四")[0])
    assert stranger.get(decision).status_code == 404
    people.signed_in(client, user)
    page = client.get(told.link).content.decode()
    assert "为什么撤销" in page and "租赁合同系伪造" in page and decision in page
    assert b"".join(client.get(decision)).startswith(b"%PDF")


def test_the_desk_asks_for_everything_and_shows_what_was_decided(approver, client):
    certificate = issued()
    officer = people.staff_actor("reviewer", department_id=organ())
    people.signed_in(client, User.objects.get(pk=officer.user_id))
    one = reverse("certificates:at_desk", args=[certificate.number])
    deed = reverse("certificates:revoke", args=[certificate.number])
    assert deed in client.get(one).content.decode()
    given = {
        "key": str(new_id()), "ground": "deceit", "reason": "租赁合同系伪造", "heard": "hearing", "statement": "",
        "told_on_year": "2026", "told_on_month": "1", "told_on_day": "5", "reconsideration_organ": "清禾区人民政府",
        "court": "清禾区人民法院", "harmless": "on",
    }  # fmt: skip

    wrong = client.post(deed, given)
    assert wrong.status_code == 400 and "听取陈述、申辩" in wrong.content.decode()
    assert client.post(deed, given | {"statement": "不予采纳"}).url == one
    shown = client.get(deed).content.decode()
    assert "租赁合同系伪造" in shown and "撤回提出" in shown and "作出撤销决定" not in shown
    assert "等待决定" in client.get(one).content.decode()

    people.signed_in(client, User.objects.get(pk=approver.user_id))
    assert deed in client.get(reverse("certificates:desk")).content.decode()
    shown = client.get(deed).content.decode()
    assert "租赁合同系伪造" in shown and "作出撤销决定" in shown
    nonsense = client.post(deed, {"key": str(new_id()), "answer": "perhaps"})
    assert nonsense.url == deed and seen(certificate).state == "valid"
    assert client.post(deed, {"key": str(new_id()), "answer": "agree"}).url == one

    text = client.get(one).content.decode()
    assert "已撤销" in text and "撤〔" in text and deed not in text


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        ("statement", "听取了陈述、申辩"),
        ("hearing", "举行听证"),
        ("nothing_said", "在告知的期限内没有提出陈述、申辩"),
    ],
)
def test_the_decision_does_not_say_twice_that_the_holder_was_told(heard, words):
    assert revoking.heard_words(heard) == words


def test_each_ground_of_the_law_is_there_once_with_its_place():
    """行政许可法 69: five of the first paragraph, one of the second."""
    places = [one.place for one in revoking.GROUNDS.values()]
    assert len(set(places)) == 6
    assert sum("第一款" in place for place in places) == 5
