"""What the kill tests check would be seen: each kind of damage, planted, is named."""

import json
import re
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from mingqu.cases.tests import factories as f
from mingqu.documents import services as documents
from mingqu.documents.models import DocumentRequest, StoredFile
from mingqu.documents.storage import store
from mingqu.identity.tests import factories as people
from mingqu.kernel import ledger, relay
from mingqu.kernel.models import CommandRecord
from tests.kill import checks

LATER = people.NOON + f.DAY

PLANTS = {
    "an entry is gone": "DELETE FROM kernel_auditentry WHERE action = 'case.accept'",
    "an entry was changed": 'UPDATE kernel_auditentry SET notes = \'{"outcome": "refused"}\''
    " WHERE action = 'case.decide'",
    "a signature does not hold": "UPDATE kernel_checkpoint SET at = at + interval '1 second'",
    "an event is gone": "DELETE FROM kernel_outboxevent WHERE name = 'cases.decided'",
    "an event was not given": "DELETE FROM kernel_delivery WHERE subscriber = 'cases.tell_decided'",
    "an event was refused": "INSERT INTO kernel_deadletter"
    " SELECT root_id, event_id, 'x', 'y', 1, 'z', now(), now() FROM kernel_outboxevent LIMIT 1",
    "a message twice": "INSERT INTO notifications_inboxmessage SELECT person_id, gen_random_uuid(), created_at,"
    " about_id, kind, template_version, title, body, link, read_at FROM notifications_inboxmessage LIMIT 1",
    "a message is gone": "DELETE FROM notifications_inboxmessage WHERE kind = 'case_granted'",
    "a certificate is gone": "DELETE FROM certificates_certificate",
    "a number was skipped": "UPDATE kernel_numberseries SET last = last + 1 WHERE kind = 'case'",
    "a due date": "UPDATE cases_case SET due_on = '2026-12-01'",
    "a task": "UPDATE process_task SET status = 'open', closed_at = NULL WHERE node = 'decide'",
    "a decision served on another day": "UPDATE cases_serviceofpaper SET served_on = served_on - 1",
    "a decision served another way": "UPDATE cases_serviceofpaper SET way = 'window'",
    "a service record is gone": "DELETE FROM notifications_servicerecord",
    "a notice served in time to come": "UPDATE notifications_servicerecord SET served_on = served_on + 1",
    "a paper was not made": "UPDATE documents_documentrequest SET state = 'failed', reason = 'x'"
    " WHERE kind = 'receipt'",
    "a paper is kept twice": "INSERT INTO documents_storedfile SELECT root_id, gen_random_uuid(), kind, name,"
    " media_type, size, pages, digest, address, scan, created_at FROM documents_storedfile WHERE kind = 'receipt'",
}


@pytest.fixture
def at_rest(committed_db, database_urls):
    """One granted case with all that follows it; yields a connection that may change anything."""
    w = f.world()
    documents.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="澜州市清禾区市场监督管理局",
        by=f.SYSTEM,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )
    f.decided_case(w)
    for _ in range(20):
        relay.round_once(LATER)
        for row in DocumentRequest.objects.filter(state="waiting"):
            documents.make_document(root_id=row.root_id, request_id=row.id, at=LATER)
        ledger.seal(LATER)
    assert checks.under_way() == {}
    # No worker took the jobs: the papers were made right here.
    name = connections["default"].settings_dict["NAME"]
    url = psycopg.conninfo.make_conninfo(database_urls["MINGQU_SUPERUSER_DATABASE_URL"], dbname=name)
    with psycopg.connect(url, autocommit=True) as everything:
        everything.execute("SET session_replication_role = replica")
        everything.execute("DELETE FROM procrastinate_jobs")
        yield everything


def findings() -> list[str]:
    return [sentence for check in checks.CHECKS for sentence in check()]


def test_what_is_well_is_found_well_and_each_damage_is_named(at_rest):
    assert findings() == []

    for damage, statement in PLANTS.items():
        table = re.findall(r"(?:FROM|INTO|UPDATE) (\w+)", statement)[0]
        at_rest.execute(f"CREATE TEMP TABLE before AS TABLE {table}")
        assert at_rest.execute(statement).rowcount, damage
        assert findings(), f"{damage}: nobody noticed"
        at_rest.execute(f"DELETE FROM {table}")
        at_rest.execute(f"INSERT INTO {table} TABLE before")
        at_rest.execute("DROP TABLE before")
    assert findings() == []

    file = StoredFile.objects.filter(kind="receipt").get()
    path = store().path(file.address)
    with open(path, "r+b") as stored:
        stored.seek(40)
        stored.write(b"\0\0")
    assert any(str(file.id) in sentence for sentence in findings())


def test_what_a_client_was_told_is_looked_for(at_rest):
    record = CommandRecord.objects.get(name="case.file")
    told = {"what": "done", "name": "case.file", "root": str(record.root_id), "key": str(record.key)}

    assert list(checks.everything_acknowledged_is_there([told | {"result": record.result}])) == []
    for wrong in (
        told | {"result": record.result | {"number": "99010420260918000099"}},
        told | {"result": record.result, "key": str(uuid4())},
        {"what": "wrong", "root": "", "why": "refused"},
    ):
        assert list(checks.everything_acknowledged_is_there([json.loads(json.dumps(wrong))])) != []
