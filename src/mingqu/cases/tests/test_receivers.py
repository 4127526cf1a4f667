"""What follows a case's events: messages, the certificate, delivery; each once, whatever is repeated."""

import pytest
from django.utils import timezone

from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.certificates.models import Certificate
from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.documents.models import DocumentRequest
from mingqu.kernel import relay
from mingqu.kernel.models import DeadLetter, OutboxEvent
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    world = f.world()
    document_services.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="市场监督管理局",
        by=f.SYSTEM,
        at=f.people.NOON,
        key=f.new_id(),
    )
    return world


def settle():
    """Relay and jobs, until nothing waits."""
    for _ in range(6):
        while relay.round_once(timezone.now()):
            pass
        for row in DocumentRequest.objects.filter(state="waiting"):
            made_at = max(row.requested_at, f.FRIDAY_NOON)
            document_services.make_document(root_id=row.root_id, request_id=row.id, at=made_at)
    assert not DeadLetter.objects.exists(), list(DeadLetter.objects.values_list("subscriber", "error"))
    assert not OutboxEvent.objects.filter(done_at=None).exists()


def kinds(w):
    return sorted(InboxMessage.objects.filter(person_id=w.citizen.id).values_list("kind", flat=True))


def test_a_grant_becomes_a_certificate_that_is_delivered_and_told(w):
    case = f.decided_case(w)

    settle()

    case.refresh_from_db()
    certificate = Certificate.objects.get()
    assert case.status == Case.Status.DELIVERED
    assert case.certificate_id == certificate.pk
    assert certificate.holder_id == w.citizen.id
    assert certificate.fields["operator"] == "清禾小馆"
    assert (certificate.valid_until - certificate.valid_from).days in (1825, 1826), (
        "食品安全法实施条例 15: five years"
    )
    assert kinds(w) == ["case_accepted", "case_delivered", "case_granted", "case_received"]
    assert {d.state for d in documents.documents_of(case.pk)} == {"ready"}


def test_a_refusal_is_delivered_with_its_paper_and_told_once(w):
    case = f.decided_case(w, outcome="refused")

    settle()

    case.refresh_from_db()
    assert case.status == Case.Status.DELIVERED
    assert not Certificate.objects.exists()
    assert kinds(w) == ["case_accepted", "case_received", "case_refused"]
    told = InboxMessage.objects.get(person_id=w.citizen.id, kind="case_refused")
    assert "请您评一评" in told.body  # asked as well as who was granted


def test_events_given_again_change_nothing(w):
    case = f.decided_case(w)
    settle()
    before = (kinds(w), Certificate.objects.count(), DocumentRequest.objects.count())

    from mingqu.kernel.events import KINDS, SUBSCRIBERS
    from mingqu.kernel.json import load

    for row in OutboxEvent.objects.order_by("order"):
        for subscriber in SUBSCRIBERS.get(row.name, []):
            if subscriber.name.startswith("cases."):
                subscriber.receive(load(KINDS[row.name], row.payload), at=row.at)

    assert (kinds(w), Certificate.objects.count(), DocumentRequest.objects.count()) == before
    case.refresh_from_db()
    assert case.status == Case.Status.DELIVERED


def test_a_correction_names_the_materials(w):
    f.correction_case(w)

    settle()

    message = InboxMessage.objects.get(kind="case_correction_asked")
    assert "平面布局图" in message.body


def test_the_five_days_of_silence_are_told_as_what_they_are(w):
    from mingqu.cases import services

    case = f.received_case(w)
    services.deem_accepted(case_id=case.pk, at=f.FRIDAY_NOON + 10 * f.DAY)

    settle()

    assert "行政许可法第三十二条" in InboxMessage.objects.get(kind="case_deemed_accepted").body
