"""A column in the clear becomes an encrypted one: every row is written anew, and opens as the field opens it."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from mingqu.kernel.crypto import decrypt_bytes, encrypt_bytes
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.sealing import seal_column

ONE, OTHER = UUID(int=1), UUID(int=2)
NAME = "李晓禾自建房"


@pytest.fixture
def old():
    """A table as the first half of such a migration leaves it."""
    with isolate_apps("mingqu.kernel"):

        class Old(models.Model):
            id = models.UUIDField(primary_key=True)
            said_plain = models.TextField()
            said = EncryptedTextField(grade="L3", default="")

            class Meta:
                app_label = "kernel"
                db_table = "old_note"
                managed = False

        yield Old


@pytest.mark.django_db
def test_every_row_is_sealed_for_its_own_column_and_an_empty_one_stays_empty(old):
    empty = encrypt_bytes(b"", context=b"kernel.old.said")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE old_note (id uuid, said_plain text, said bytea) ON COMMIT DROP")
        rows = [(ONE, NAME, empty), (OTHER, "", empty)]
        cursor.executemany("INSERT INTO old_note VALUES (%s, %s, %s)", rows)

    seal_column("kernel", "Old", "said_plain", "said").code(
        SimpleNamespace(get_model=lambda *_: old), SimpleNamespace(connection=connection)
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT id, said FROM old_note")
        stored = {row: bytes(sealed) for row, sealed in cursor.fetchall()}
    assert NAME.encode() not in stored[ONE]
    assert decrypt_bytes(stored[ONE], context=b"kernel.old.said").decode() == NAME
    assert {row.pk: row.said for row in old.objects.all()} == {ONE: NAME, OTHER: ""}
