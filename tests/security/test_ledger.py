"""What a colleague with access to the database and a stranger with a receipt can do to the ledger, or learn from it."""

import copy
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError

from mingqu.identity.services import accounts
from mingqu.identity.tests import factories as people
from mingqu.kernel import audit, ledger, receipts
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, CheckpointLeaf, UnsealedEntry
from mingqu.kernel.tests.test_commands import NOON, open_thing

pytestmark = pytest.mark.django_db


def test_who_reads_the_table_can_not_try_out_all_telephone_numbers():
    number = people.phone()
    user = accounts.open_account(phone=number, at=NOON)

    entry = AuditEntry.objects.get(root_id=user.person_id)

    assert "phone" in entry.digests
    assert entry.digests["phone"] != audit.note_digest(bytes(entry.salt), "phone", number)
    assert ledger.proves(entry, "phone", number)
    assert not ledger.proves(entry, "phone", people.phone())


def test_a_receipt_with_its_notes_does_not_open_what_is_only_digested():
    user = accounts.open_account(phone="19900009999", at=NOON)
    ledger.seal(NOON)

    receipt = ledger.receipt(user.person_id)

    salt = bytes.fromhex(receipt["entries"][0]["salt"])
    digests = receipt["entries"][0]["body"]["digests"]
    assert audit.note_digest(salt, "user", str(user.id)) == digests["user"]
    assert audit.note_digest(salt, "phone", "19900009999") not in digests.values()
    assert receipts.verify(json.dumps(receipt).encode()).intact


def test_a_receipt_without_notes_verifies_and_tells_no_salt():
    root = new_id()
    open_thing(root, uuid4())
    ledger.seal(NOON)

    receipt = ledger.receipt(root, notes=False)

    assert receipts.verify(json.dumps(receipt).encode()).intact
    assert [(e["salt"], e["notes"]) for e in receipt["entries"]] == [("", {})]


def test_the_entries_of_one_matter_do_not_pass_under_the_number_of_another():
    root = new_id()
    open_thing(root, uuid4())
    ledger.seal(NOON)
    receipt = ledger.receipt(root)

    other = copy.deepcopy(receipt) | {"root": str(new_id())}

    assert receipts.verify(json.dumps(receipt).encode()).intact
    assert not receipts.verify(json.dumps(other).encode()).intact


def test_an_entry_taken_out_of_the_queue_is_sealed_all_the_same():
    root = new_id()
    open_thing(root, uuid4())
    open_thing(new_id(), uuid4())
    UnsealedEntry.objects.filter(root_id=root).delete()
    ledger.seal(NOON)
    assert not CheckpointLeaf.objects.filter(root_id=root).exists()

    hour = timedelta(hours=1)
    assert ledger.forgotten(NOON - hour, NOON + hour) == 1
    ledger.seal(NOON)

    assert CheckpointLeaf.objects.filter(root_id=root).exists()
    assert ledger.forgotten(NOON - hour, NOON + hour) == 0


@pytest.mark.parametrize(
    "deed",
    [
        "COPY identity_user TO PROGRAM 'cat'",
        "COPY identity_user TO '/dev/null'",
        "SELECT * FROM pg_authid",
        "SELECT pg_read_file('PG_VERSION')",
        "CREATE EXTENSION dblink",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "SET ROLE mingqu_owner",
        "SET SESSION AUTHORIZATION mingqu_owner",
        "ALTER TABLE kernel_auditentry DROP COLUMN notes",
        "UPDATE django_migrations SET app = 'x'",
    ],
)
def test_the_app_role_may_not(deed):
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner|is not available"),
        transaction.atomic(),
    ):
        connection.cursor().execute(deed)


@pytest.mark.parametrize(
    "table",
    ["django_session", "mfa_authenticator", "kernel_ledgerkey", "documents_organkey", "identity_user"],
)
@pytest.mark.django_db(databases=["default", "read"])
def test_the_read_role_sees_no_means_of_signing_in_or_signing(table):
    with pytest.raises(ProgrammingError, match="permission denied"), connections["read"].cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")


@pytest.mark.django_db(databases=["default", "read"])
def test_the_read_role_reads_cases_and_accounts_but_their_passwords():
    with connections["read"].cursor() as cursor:
        cursor.execute("SELECT id, kind, username, is_active FROM identity_user")
        cursor.execute("SELECT count(*) FROM cases_case")
