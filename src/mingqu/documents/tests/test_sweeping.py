"""Bytes that no row names go in two steps a day apart; whatever is named in between is still there."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from mingqu.documents import selectors, services, storage
from mingqu.documents.models import StoredFile
from mingqu.documents.services import sweeping
from mingqu.documents.tests.test_files import home, keep  # noqa: F401  the fixture keeps files in a folder of its own
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=2)  # more than the day of rest, however long the run took until here
NOW = timezone.now()  # files lie there since now, by the clock of the disk


def nameless(data: bytes = b"litter") -> str:
    """Bytes whose row went."""
    ref = keep(data)
    address = StoredFile.objects.get(id=ref.file_id).address
    StoredFile.objects.filter(id=ref.file_id).delete()
    return str(address)


def lying() -> list[str]:
    return sorted(storage.addresses())


def test_what_no_row_names_is_put_aside_and_a_day_later_removed():
    address, kept = nameless(), keep(b"named")
    assert services.sweep_bytes(NOW) == (0, 0, 0), "younger than a day"
    assert services.sweep_bytes(NOW + DAY) == (1, 0, 0)
    assert address not in lying() and selectors.put_aside(9)[0] == 1

    assert services.sweep_bytes(NOW + DAY / 2) == (0, 0, 0), "not before the day is over"
    assert services.sweep_bytes(NOW + DAY) == (0, 1, 0)

    assert selectors.put_aside(9) == (0, None)
    with pytest.raises(FileNotFoundError):
        storage.get(address)
    assert services.read_file(kept.root_id, kept.file_id) == b"named"
    notes = (
        AuditEntry.objects.filter(action="file.sweep").order_by("at", "seq").values_list("notes", flat=True)
    )
    assert sorted((one["put_aside"], one["removed"]) for one in notes) == [(0, 1), (1, 0)]


def test_a_file_that_was_uploaded_while_its_bytes_went_aside_is_whole():
    """The upload saw the bytes lie there and wrote none; its row came a moment after the first step."""
    address = nameless()
    services.sweep_bytes(NOW + DAY)
    row = StoredFile(
        root_id=new_id(),
        kind="x",
        name="x",
        media_type="image/jpeg",
        size=6,
        digest=b"",
        address=address,
        created_at=NOW,
    )
    row.save(force_insert=True)

    assert services.sweep_bytes(NOW + 2 * DAY) == (0, 0, 1), "named after all: it comes back"
    assert services.read_file(row.root_id, row.id) == b"litter"


def test_who_reads_what_lies_aside_gets_it_at_once():
    address = nameless()
    storage.put_aside(address)

    assert storage.get(address) == b"litter" and lying() == [address]


def test_what_is_uploaded_again_after_it_went_aside_is_written_anew_and_stays():
    address = nameless()
    services.sweep_bytes(NOW + DAY)
    again = keep(b"litter")
    assert StoredFile.objects.get(id=again.file_id).address == address and address in lying()

    assert services.sweep_bytes(NOW + 2 * DAY) == (0, 0, 0)
    assert selectors.put_aside(9)[0] == 0
    assert services.read_file(again.root_id, again.file_id) == b"litter"


def test_two_sweeps_at_once_lose_nothing(monkeypatch):
    """The second one finds what the first has put aside or brought back already."""
    address = nameless()
    seen = list(sweeping.unnamed(NOW + DAY))
    services.sweep_bytes(NOW + DAY)
    for one in seen:
        storage.put_aside(one)

    assert storage.get(address) == b"litter"


def test_a_key_exchange_does_not_count_what_lies_aside_among_the_stored_files():
    address = nameless()
    storage.put_aside(address)
    os.utime(storage.store().path(f"{storage.ASIDE}/{address.rpartition('/')[2]}"))

    assert lying() == [] and storage.version_of(address) is not None, "asked for by its address it comes back"
