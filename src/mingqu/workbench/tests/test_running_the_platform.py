"""The health page of the system officer and the ledger of the audit officer."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.documents import selectors as documents
from mingqu.documents.models import DocumentRequest
from mingqu.identity import selectors as identity
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import ledger, schedule
from mingqu.kernel.models import AuditEntry, DeadLetter, OutboxEvent, PeriodicRun
from mingqu.upkeep.models import KeptRun
from mingqu.workbench.selectors import audit
from mingqu.workbench.selectors.health import health
from mingqu.workbench.tests.pages import text_of

pytestmark = pytest.mark.django_db


def officer(role: str) -> Client:
    return people.signed_in(Client(), people.staff_user("王岗", people.post(None, role)))


def dead_letter(case) -> DeadLetter:
    event = OutboxEvent.objects.filter(root_id=case.pk).first()
    OutboxEvent.objects.filter(root_id=case.pk).update(try_at=f.FRIDAY_NOON + timedelta(hours=1))
    return DeadLetter.objects.create(
        root_id=case.pk,
        event_id=event.event_id,
        subscriber="cases.tell_received",
        event_name=event.name,
        error="KeyError",
        first_at=f.FRIDAY_NOON,
        last_at=f.FRIDAY_NOON,
    )


def test_the_health_page_names_the_broken_part_and_nobody(w):
    case = f.received_case(w)
    dead_letter(case)
    DocumentRequest.objects.filter(root_id=case.pk).update(
        state="failed", reason="seal_unavailable", detail="机关印章没有配置。", ended_at=f.FRIDAY_NOON
    )
    name = next(iter(schedule.PERIODIC))
    PeriodicRun.objects.create(name=name, last_at=f.FRIDAY_NOON, error="ValueError")
    ledger.seal(f.FRIDAY_NOON)

    page = officer("system_officer").get("/desk/health/")

    said = text_of(page)
    assert "cases.tell_received" in said
    assert "KeyError" in said
    assert "机关印章没有配置" in said
    assert "ValueError" in said
    assert "第1号" in said
    person = identity.person(w.citizen.id)
    for value in (person.name, person.citizen_number, case.number, identity.phone_of(w.citizen.id)):
        assert value not in page.content.decode()


def test_the_rail_marks_the_open_page_only():
    page = officer("audit_officer").get("/desk/audit/").content.decode()

    assert page.count('aria-current="page"') == 1


def test_a_healthy_platform_says_so(w):
    PeriodicRun.objects.bulk_create(
        PeriodicRun(name=name, last_at=f.FRIDAY_NOON) for name in schedule.PERIODIC
    )
    OutboxEvent.objects.update(done_at=f.FRIDAY_NOON)
    KeptRun.objects.bulk_create(
        KeptRun(what=what, ok=True, name="20260918", began_at=f.FRIDAY_NOON, ended_at=f.FRIDAY_NOON)
        for what in KeptRun.What.values
    )

    assert "一切正常" in text_of(officer("system_officer").get("/desk/health/"))


def test_every_periodic_work_is_named_in_chinese(w):
    works = health(f.FRIDAY_NOON).periodic

    assert works and [one.name for one in works if not one.label] == []


def test_a_blocked_chain_is_tried_again_and_written_down_once(w):
    case = f.received_case(w)
    dead_letter(case)
    client, key = officer("system_officer"), str(uuid4())

    for _ in range(2):
        answer = client.post(reverse("workbench:retry"), {"key": key, "root_id": str(case.pk)}, follow=True)

    assert "已安排重试" in text_of(answer)
    assert OutboxEvent.objects.filter(root_id=case.pk, try_at__lte=f.FRIDAY_NOON).exists()
    entry = AuditEntry.objects.get(root_id=case.pk, action="system.retry")
    assert entry.notes == {"what": "events"}


def test_a_failed_document_is_made_again_from_the_health_page(w):
    case = f.received_case(w)
    DocumentRequest.objects.filter(root_id=case.pk).update(
        state="failed", reason="seal_unavailable", ended_at=f.FRIDAY_NOON
    )
    paper = documents.documents_of(case.pk)[0]
    client = officer("system_officer")

    given = {"key": str(uuid4()), "root_id": str(case.pk), "request_id": str(paper.id)}
    client.post(reverse("workbench:retry"), given)

    assert documents.documents_of(case.pk)[0].state == "waiting"
    assert "只有生成失败的文书可以重新生成" in text_of(
        client.post(reverse("workbench:retry"), given | {"key": str(uuid4())}, follow=True)
    )


def test_nonsense_is_not_retried(w):
    answer = officer("system_officer").post(reverse("workbench:retry"), {"root_id": "x"}, follow=True)

    assert "没有看懂" in text_of(answer)
    assert not AuditEntry.objects.filter(action="system.retry").exists()


# The ledger --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["number", "pk"])
def test_the_ledger_of_a_case_is_read_in_order(w, by):
    case = f.accepted_case(w)
    ledger.seal(f.FRIDAY_NOON)

    page = officer("audit_officer").get("/desk/audit/", {"q": str(getattr(case, by))})

    entries = page.context["page"].entries
    assert [e.action for e in entries] == ["case.file", "case.accept"]
    assert entries[0].actor == "个人用户"
    assert "综合窗口" in entries[1].actor
    assert {e.checkpoint for e in entries} == {1}
    person = identity.person(w.citizen.id)
    assert person.name not in page.content.decode()


def test_what_an_officer_did_is_found_by_account_latest_first_page_by_page(w, monkeypatch):
    monkeypatch.setattr(audit, "PAGE", 2)
    cases = [f.accepted_case(w, at=f.FRIDAY_NOON + n * timedelta(minutes=1)) for n in range(3)]
    account = User.objects.get(pk=w.clerk.user_id).username
    client = officer("audit_officer")

    first = client.get("/desk/audit/", {"account": account})
    second = client.get(f"/desk/audit/{first.context['next_url']}")

    shown = [e.root_id for page in (first, second) for e in page.context["page"].entries]
    assert shown == [case.pk for case in reversed(cases)]
    assert second.context["next_url"] == ""


@pytest.mark.parametrize(
    "given", [{"q": "99010420260918000009"}, {"q": "x"}, {"q": str(uuid4())}, {"account": "nobody"}]
)
def test_what_is_not_in_the_ledger_is_said(given):
    answer = officer("audit_officer").get("/desk/audit/", given)

    assert answer.status_code == 404
    assert "没有找到存证" in text_of(answer)


def test_a_long_chain_goes_on_page_by_page(w, monkeypatch):
    monkeypatch.setattr(audit, "PAGE", 2)
    case = f.decided_case(w)
    client, seen, query = officer("audit_officer"), [], f"?q={case.number}"

    while query:
        page = client.get(f"/desk/audit/{query}")
        seen += [e.seq for e in page.context["page"].entries]
        query = page.context["next_url"]

    assert seen == list(range(1, AuditEntry.objects.filter(root_id=case.pk).count() + 1))


def test_the_receipt_is_a_file_that_can_be_checked(w):
    case = f.accepted_case(w)
    ledger.seal(f.FRIDAY_NOON)

    answer = officer("audit_officer").get(reverse("workbench:receipt", args=[case.pk]))

    assert answer["Content-Disposition"].startswith("attachment")
    given = json.loads(answer.content)
    assert given["root"] == str(case.pk)
    assert len(given["entries"]) == 2
    assert officer("audit_officer").get(reverse("workbench:receipt", args=[uuid4()])).status_code == 404
