"""Files in the store: encrypted, unprobable, whole, and harmless when they go out."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from mingqu.documents import errors, selectors, services, storage
from mingqu.documents.models import StoredFile
from mingqu.documents.services import files
from mingqu.documents.tests.samples import AT, pdf, picture
from mingqu.documents.types import CheckedUpload
from mingqu.documents.uploads import clamd
from mingqu.kernel.crypto import NotDecryptable
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db
SECRET = "张三 990104199001011234"


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    settings.MINGQU_HOME = tmp_path


def keep(data: bytes = b"plain text", root_id=None, name: str = "身份证.jpg", media_type: str = "image/jpeg"):
    upload = CheckedUpload(media_type, data, 1)
    return services.store_upload(
        root_id=root_id or new_id(), kind="floor-plan", name=name, upload=upload, at=AT
    )


def stored() -> list[Path]:
    return [path for path in (settings.MINGQU_HOME / "files").rglob("*") if path.is_file()]


def test_a_kept_file_comes_back_byte_for_byte():
    ref = keep(picture())

    assert services.read_file(ref.root_id, ref.file_id) == picture()
    view = selectors.file(ref.root_id, ref.file_id)
    assert (view.name, view.size, view.scan_words) == ("身份证.jpg", len(picture()), "未查毒")


def test_neither_folder_nor_table_tells_what_a_file_says_or_whether_one_has_it():
    keep(SECRET.encode(), name="张三的身份证.jpg")

    (file,) = stored()
    assert SECRET.encode() not in file.read_bytes()
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    assert digest not in str(file)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, digest FROM documents_storedfile")
        name, kept = cursor.fetchone()
    assert "张三".encode() not in bytes(name)
    assert bytes(kept).hex() != digest


def test_the_same_bytes_are_stored_once_and_belong_to_both_roots():
    first, second = keep(), keep()

    assert len(stored()) == 1
    assert services.read_file(first.root_id, first.file_id) == services.read_file(
        second.root_id, second.file_id
    )


def test_a_file_of_another_root_is_not_found():
    ref = keep()

    with pytest.raises(errors.FileNotFound):
        services.read_file(new_id(), ref.file_id)


def test_a_stored_file_that_was_altered_does_not_open():
    ref = keep()
    (file,) = stored()
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(bytes(data))

    with pytest.raises(NotDecryptable):
        services.read_file(ref.root_id, ref.file_id)


def test_a_stored_file_put_in_the_place_of_another_does_not_open():
    ref = keep(b"one")
    keep(b"two")
    one, two = (settings.MINGQU_HOME / "files" / row.address for row in StoredFile.objects.order_by("id"))
    one.write_bytes(two.read_bytes())

    with pytest.raises(NotDecryptable):
        services.read_file(ref.root_id, ref.file_id)


def test_a_file_gone_from_the_store_is_not_found_rather_than_a_crash():
    ref = keep()
    (file,) = stored()
    file.unlink()

    with pytest.raises(errors.FileNotFound):
        services.read_file(ref.root_id, ref.file_id)


def test_a_write_that_breaks_off_leaves_no_half_file(monkeypatch):
    def full_disk(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full_disk)

    with pytest.raises(OSError, match="No space"):
        keep()
    assert stored() == []
    assert not StoredFile.objects.exists()


def test_files_are_for_the_service_account_only():
    keep()

    (file,) = stored()
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("kind", "data"), [("application/pdf", pdf()), ("image/jpeg", picture())])
def test_a_download_can_run_nothing(kind, data):
    ref = keep(data, media_type=kind, name='x".html')

    response = services.file_response(ref.root_id, ref.file_id, reader=None)

    assert response["Content-Type"] == kind
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''x.")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store, private"


def test_shown_beside_a_form_a_picture_stays_in_its_sandbox():
    ref = keep(picture())

    response = services.file_response(ref.root_id, ref.file_id, reader=None, inline=True)

    assert response["Content-Disposition"].startswith("inline;")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_with_a_scanner_a_clean_file_says_so(settings, monkeypatch):
    settings.MINGQU_CLAMD = "unix:/nowhere"
    monkeypatch.setattr(files.clamd, "scan", lambda data, address: clamd.Verdict("clean"))

    assert StoredFile.objects.get(id=keep().file_id).scan == "clean"


def test_malware_is_refused_and_nothing_of_it_kept(settings, monkeypatch):
    settings.MINGQU_CLAMD = "unix:/nowhere"
    monkeypatch.setattr(files.clamd, "scan", lambda data, address: clamd.Verdict("infected", "Eicar"))

    with pytest.raises(errors.FileInfected):
        keep()
    assert stored() == []


def test_a_scanner_that_is_down_leaves_the_file_marked_as_not_scanned(settings):
    settings.MINGQU_CLAMD = "unix:/nowhere"

    assert StoredFile.objects.get(id=keep().file_id).scan == "not_scanned"
