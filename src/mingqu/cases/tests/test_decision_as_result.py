"""Where the decision itself is the result (批文, others, none): from filing to the archive without any certificate."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases import selectors, services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.certificates.models import Certificate
from mingqu.clocks import selectors as clocks
from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.documents.models import DocumentRequest
from mingqu.kernel import relay
from mingqu.kernel.models import DeadLetter
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db


def document(kind="approval_document"):
    """The food licence, as if it were granted by the decision alone."""
    found = f.food_licence()
    found["handling"] = found["handling"][:1]
    found["sources"] = []
    lines = [{"code": "shop", "label": "经营者", "value": "form.shop_name"}]
    found["handling"][0]["result"] = {"type": kind, "name": "食品经营批复", "fields": lines}
    return found


def settle():
    """Relay and jobs, until nothing waits."""
    for _ in range(4):
        while relay.round_once(timezone.now()):
            pass
        for row in DocumentRequest.objects.filter(state="waiting"):
            document_services.make_document(root_id=row.root_id, request_id=row.id, at=f.FRIDAY_NOON)
    assert not DeadLetter.objects.exists(), list(DeadLetter.objects.values_list("subscriber", "error"))


def world(kind="approval_document"):
    made = f.world(document(kind))
    document_services.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="市场监督管理局",
        by=f.SYSTEM,
        at=f.people.NOON,
        key=f.new_id(),
    )
    return made


def told(w):
    return sorted(InboxMessage.objects.filter(person_id=w.citizen.id).values_list("kind", flat=True))


@pytest.mark.parametrize("kind", ["approval_document", "other", "none"])
def test_a_grant_is_delivered_with_its_decision_and_archived(kind):
    w = world(kind)
    case = f.decided_case(w)
    assert selectors.turn_of(case, "市场监督管理局").what == "决定准予，正在送达决定书"

    settle()

    case.refresh_from_db()
    assert case.status == Case.Status.DELIVERED
    assert case.certificate_id is None and not Certificate.objects.exists()
    assert told(w) == ["case_accepted", "case_document_delivered", "case_document_granted", "case_received"]
    paper = DocumentRequest.objects.get(kind="decision_granted")
    assert paper.data["scope"] == "经营者：清禾小馆" and paper.data["result_type"] == kind
    assert {d.state for d in documents.documents_of(case.pk)} == {"ready"}
    assert "证照" not in selectors.turn_of(case, "").what.replace("不另发证照", "")

    services.archive_case(case_id=case.pk, by=w.reviewer, at=f.FRIDAY_NOON, key=f.uuid4())
    case.refresh_from_db()
    assert case.status == Case.Status.ARCHIVED


def test_a_refusal_is_the_same_as_of_any_other_service():
    w = world()
    case = f.decided_case(w, outcome="refused")

    settle()

    case.refresh_from_db()
    assert case.status == Case.Status.DELIVERED
    assert told(w) == ["case_accepted", "case_received", "case_refused"]


def test_guide_and_progress_say_that_the_decision_is_the_result(clock, sign_in):
    w = world()
    case = f.decided_case(w)
    settle()

    guide = Client().get(reverse("portal:guide", args=["QH-SPJYXK"])).content.decode()
    progress = sign_in(w.citizen).get(reverse("cases:progress", args=[case.number])).content.decode()

    assert "办理结果就是决定书，不另发证照" in guide and "有效期0年" not in guide
    assert "办理结果是决定书" in progress and "看电子证照" not in progress


@pytest.mark.parametrize("outcome", ["granted", "refused"])
def test_what_is_no_licence_is_decided_without_the_law_of_licences(outcome):
    """行政确认, 行政奖励, 公共服务 …: another title, and no article of 行政许可法 among the grounds."""
    found = document()
    found["item"]["type"] = "07"
    w = f.world(found)
    document_services.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="市场监督管理局",
        by=f.SYSTEM,
        at=f.people.NOON,
        key=f.new_id(),
    )
    case = f.decided_case(w, outcome=outcome)

    settle()

    case.refresh_from_db()
    paper = DocumentRequest.objects.get(root_id=case.pk, kind=f"approval_{outcome}")
    assert case.status == Case.Status.DELIVERED and paper.state == "ready"
    assert "行政许可法" not in "".join(paper.data["basis"])
    titles = [d.title for d in documents.documents_of(case.pk)]
    assert {"granted": "准予决定书", "refused": "不予决定书"}[outcome] in titles
    assert not any("行政许可决定书" in title for title in titles)
    receipt = DocumentRequest.objects.get(root_id=case.pk, kind="receipt")
    notice = DocumentRequest.objects.get(root_id=case.pk, kind="acceptance_notice")
    assert receipt.data["licence"] is False and notice.data["basis"] == paper.data["basis"]
    explained = [s for one in clocks.explanations(case.pk, f.FRIDAY_NOON) for s in one.sentences]
    assert explained
    assert [s for s in explained if "行政许可法" in s and "第四十二条" not in s] == []
    told = [
        (m.title + m.body).replace("食品经营许可", "")
        for m in InboxMessage.objects.filter(person_id=w.citizen.id)
    ]
    assert [words for words in told if "许可" in words] == []
    guide = Client().get(reverse("portal:guide", args=["QH-SPJYXK"])).content.decode()
    assert "行政许可法第三十二条" not in guide and "行政许可法第四十四条" not in guide
