"""Entries of the ledger are taken away by case, by person, by request; that they were is an entry itself (SEC-03)."""

import hashlib
import json
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from mingqu.cases.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.workbench.tests.pages import text_of

pytestmark = pytest.mark.django_db
EXPORT = reverse("workbench:audit_export")
DAYS = {"since": "2026-09-01", "until": "2026-09-30"}


@pytest.fixture
def officer(client):
    return people.signed_in(client, people.staff_user("审计", people.post(None, "audit_officer")))


def export(client, kind, value, form="jsonl", **days):
    return client.post(
        EXPORT, {"key": str(new_id()), "kind": kind, "value": value, "form": form, **DAYS, **days}
    )


def lines(answer):
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def test_the_entries_of_a_case_leave_as_lines_with_their_links_and_a_digest_that_the_ledger_keeps(w, officer):
    case = f.accepted_case(w)

    answer = export(officer, "case", case.number)
    content = b"".join(answer.streaming_content)

    stored = list(AuditEntry.objects.filter(root_id=case.pk).order_by("seq"))
    read = [json.loads(line) for line in content.splitlines()]
    assert [(one["seq"], one["action"], one["link"]) for one in read] == [
        (one.seq, one.action, bytes(one.link).hex()) for one in stored
    ]
    digest = hashlib.sha256(content).hexdigest()
    assert answer["X-File-SHA256"] == digest and digest[:16] in answer["Content-Disposition"]
    noted = AuditEntry.objects.get(action="audit.export").notes
    assert (noted["file"], noted["rows"], noted["about"]) == (digest, len(stored), case.number)


def test_by_person_and_by_request_nothing_else_leaves(w, officer):
    f.accepted_case(w)
    clerk = User.objects.get(pk=w.clerk.user_id)

    by_person = lines(export(officer, "account", clerk.username))
    asked_in = AuditEntry.objects.get(action="audit.export").request_id
    by_request = lines(export(officer, "request", asked_in))

    own = AuditEntry.objects.filter(actor_id=w.clerk.id, at__month=9, at__year=2026)
    assert len(by_person) == own.count() > 0
    assert {one["action"] for one in by_person} == set(own.values_list("action", flat=True))
    assert [(one["request_id"], one["action"]) for one in by_request] == [(asked_in, "audit.export")]


def test_one_form_sent_twice_takes_two_files_and_both_are_written_down(w, officer):
    first, second = f.accepted_case(w), f.accepted_case(w)
    one_form = {"key": str(new_id()), "kind": "case", "form": "jsonl", **DAYS}

    for case in (first, second):
        assert officer.post(EXPORT, one_form | {"value": case.number}).status_code == 200

    told = {entry.notes["about"] for entry in AuditEntry.objects.filter(action="audit.export")}
    assert told == {first.number, second.number}


def test_as_a_spreadsheet_and_only_of_the_days_asked_for(w, officer):
    case = f.accepted_case(w)

    book = load_workbook(BytesIO(b"".join(export(officer, "case", case.number, "xlsx").streaming_content)))
    other = export(officer, "case", case.number, since="2026-01-01", until="2026-01-31")

    rows = list(book.active.values)
    assert rows[0][:4] == ("存证编号", "序号", "时间", "谁") and len(rows) > 2
    assert lines(other) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "99010420200101000099"},
        {"kind": "account", "value": "nobody"},
        {"kind": "request", "value": "ab"},
        {"since": "2020-01-01"},
        {"since": "2026-10-01"},
        {"kind": "everything"},
    ],
)
def test_what_can_not_be_found_or_has_no_bound_is_refused_and_nothing_is_noted(officer, wrong):
    given = {"key": str(new_id()), "kind": "case", "value": "X", "form": "jsonl", **DAYS, **wrong}

    assert officer.post(EXPORT, given).status_code == 302
    assert not AuditEntry.objects.filter(action="audit.export").exists()


def test_the_page_offers_it_to_the_audit_officer(officer):
    assert "导出存证" in text_of(officer.get(reverse("workbench:audit")))
