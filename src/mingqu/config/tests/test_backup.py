"""A backup comes back as it was, and is refused where it would not: the drill of every run of the tests."""

import contextlib
import io
import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from psycopg.conninfo import make_conninfo

from mingqu.cases.tests import factories as f
from mingqu.config.commands.backup import known_migrations, require_unused
from mingqu.config.commands.installation import Installation, Refused
from mingqu.config.keeping import bringing_back, making
from mingqu.config.keeping import manifest as manifests
from mingqu.config.keeping.bringing_back import NotAsBackedUp
from mingqu.config.keeping.manifest import BackupRefused
from mingqu.config.keeping.pool import FileDamaged
from mingqu.config.keeping.sealed import FRAME, Lock, NotOpened, Opener, Sealer, opened, passphrase_in
from mingqu.config.keeping.shelf import DUMP, Shelf
from mingqu.config.launcher_process import LauncherError
from mingqu.documents.storage import AtomicFileStorage
from mingqu.identity.tests import factories as people
from mingqu.kernel import ledger
from mingqu.kernel.ledger_check import check_ledger

NIGHT = f.FRIDAY_NOON + timedelta(hours=12)
OWNER = "MINGQU_OWNER_DATABASE_URL"


def quiet(line: str) -> None:
    pass


@pytest.fixture
def source(committed_db, tmp_path, monkeypatch) -> making.Source:
    """An installation's places with one case that was filed, accepted and sealed in the ledger."""
    home = tmp_path / "home"
    monkeypatch.setattr("mingqu.documents.storage.store", lambda: AtomicFileStorage(location=home / "files"))
    f.accepted_case(f.world())
    ledger.seal(NIGHT)
    key = Path(os.environ["MINGQU_MASTER_KEY_FILE"])
    return making.Source(home, key, "real", committed_db[OWNER], {"migrated": "x"})


def backed_up(source: making.Source, shelf: Path, *, at=NIGHT, lock: Lock | None = None) -> Path:
    return making.make(source, Shelf(shelf), at, lock=lock, say=quiet)[0]


@contextlib.contextmanager
def empty_database(database_urls) -> Iterator[str]:
    """A fresh one of the owner's; every alias points at it."""
    from django.db import connections

    name, admin = f"mingqu_r_{uuid4().hex[:12]}", database_urls["MINGQU_SUPERUSER_DATABASE_URL"]
    before = connections["default"].settings_dict["NAME"]
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} OWNER mingqu_owner")
    try:
        for alias in ("default", "owner", "read"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        yield make_conninfo(database_urls[OWNER], dbname=name)
    finally:
        for alias in ("default", "owner", "read"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = before
        with psycopg.connect(admin, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def look_at(place: Path, key: Path) -> bringing_back.Backup:
    return bringing_back.look_at(place, key, known_migrations())


def test_a_backup_made_while_people_work_comes_back_with_its_rows_files_and_ledger(
    source, database_urls, tmp_path
):
    from mingqu.cases.models import Case
    from mingqu.config.keeping.verify import verify
    from mingqu.identity.models import Department
    from mingqu.kernel import privileges

    shelf, (number,) = tmp_path / "shelf", Case.objects.values_list("number", flat=True)
    folder = backed_up(source, shelf, lock=Lock(passphrase="sieben-auf-einen-Streich"))
    people.department("清禾区水务局")  # after the backup: not in it
    master = source.key_file.read_text()
    assert not [path for path in shelf.rglob("*") if path.is_file() and master.encode() in path.read_bytes()]

    found = look_at(shelf, source.key_file)
    assert (found.folder, found.manifest.sealed) == (folder, True)
    with empty_database(database_urls) as url:
        bringing_back.require_empty(url)
        opener = Opener(passphrase="sieben-auf-einen-Streich")
        bringing_back.bring_database(found, url, source.home, opener)
        shutil.rmtree(source.home / "files")
        bringing_back.bring_files(found, source.home / "files", quiet)
        privileges.apply()
        said = verify()

        assert not Department.objects.filter(name="清禾区水务局").exists()
        assert list(Case.objects.values_list("number", flat=True)) == [number]
        assert said["findings"] == []
        assert said["entries"] > 5 and said["checkpoints"] == 1 and said["opened"] > 0
        with pytest.raises(BackupRefused, match="tables already"):
            bringing_back.require_empty(url)
        _a_ledger_that_was_tampered_with_is_seen(database_urls, url)


def _a_ledger_that_was_tampered_with_is_seen(database_urls, url: str) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("UPDATE kernel_auditentry SET action = 'case.refuse' WHERE action = 'case.accept'")
    assert "was altered" in check_ledger().findings[0]
    with psycopg.connect(url) as owner:
        owner.execute("UPDATE kernel_checkpoint SET size = size + 1")
    assert any("lacks leaves" in finding for finding in check_ledger().findings)


@pytest.mark.parametrize("made", [False, True])
def test_it_comes_back_into_an_empty_folder_only(tmp_path, made):
    home = tmp_path / "home"
    place = Installation(home, tmp_path / "master.key", home / "secret.key")
    if made:
        place.make("real")
    else:
        (home / "postgres").mkdir(parents=True)

    with pytest.raises(Refused, match=r"holds a real installation|is not empty"):
        require_unused(place, tmp_path / "shelf")


def test_what_is_damaged_altered_of_another_key_or_newer_is_refused_before_anything_is_written(
    source, tmp_path
):
    shelf, key = tmp_path / "shelf", source.key_file
    folder = backed_up(source, shelf)

    with pytest.raises(BackupRefused, match="no backup in"):
        look_at(tmp_path / "nowhere", key)
    with pytest.raises(BackupRefused, match="newer version"):
        bringing_back.look_at(folder, key, known_migrations() - {"kernel.0001_initial"})
    with pytest.raises(BackupRefused, match="is missing"):
        look_at(folder, tmp_path / "no.key")

    other = tmp_path / "other.key"
    other.write_text("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    with pytest.raises(BackupRefused, match="With another key nothing in it can be read"):
        look_at(folder, other)

    said = (folder / manifests.NAME).read_text("utf-8")
    (folder / manifests.NAME).write_text(said.replace('"kind": "real"', '"kind": "demo"'), "utf-8")
    with pytest.raises(BackupRefused, match="was altered"):
        look_at(folder, key)
    (folder / manifests.NAME).write_text(json.dumps(json.loads(said) | {"format": 2}), "utf-8")
    with pytest.raises(BackupRefused, match="format 2"):
        look_at(folder, key)
    (folder / manifests.NAME).write_text("{", "utf-8")
    with pytest.raises(BackupRefused, match="can't be read"):
        look_at(folder, key)
    (folder / manifests.NAME).write_text(said, "utf-8")

    dump = (folder / DUMP).read_bytes()
    (folder / DUMP).write_bytes(dump[:-1] + bytes([dump[-1] ^ 1]))
    with pytest.raises(BackupRefused, match="is damaged or missing"):
        look_at(folder, key)
    (folder / DUMP).write_bytes(dump)

    found = look_at(folder, key)
    stored = next(path for path in (shelf / "files").rglob("*") if path.is_file())
    stored.write_bytes(stored.read_bytes() + b"x")
    with pytest.raises(FileDamaged, match="is damaged"):
        bringing_back.check_files(found, quiet)
    stored.unlink()
    with pytest.raises(FileDamaged, match="is missing on the shelf"):
        bringing_back.bring_files(found, tmp_path / "files", quiet)


def test_backups_of_a_shelf_share_their_files_and_the_old_ones_go_but_the_last_two(source, tmp_path):
    shelf = Shelf(tmp_path / "shelf")
    made = [backed_up(source, shelf.place, at=NIGHT + timedelta(days=day)) for day in range(3)]
    stored = [path for path in (shelf.place / "files").rglob("*") if path.is_file()]
    assert len(stored) == look_at(made[0], source.key_file).manifest.files
    stranger = shelf.place / "files/00/00/0000"
    stranger.parent.mkdir(parents=True, exist_ok=True)
    stranger.touch()

    dropped = shelf.drop_old(NIGHT + timedelta(days=400), 14)

    assert dropped == [made[0].name]
    assert shelf.backups() == made[1:]
    assert not stranger.exists()
    assert all(path.exists() for path in stored)


def test_no_backup_is_made_where_it_would_be_worth_nothing(source, tmp_path):
    with pytest.raises(LauncherError, match="what takes one would take both"):
        backed_up(source, source.home / "backups")
    lost = next(path for path in (source.home / "files").rglob("*") if path.is_file())
    lost.unlink()

    with pytest.raises(LauncherError, match="has lost them"):
        backed_up(source, tmp_path / "shelf")

    assert [path.name for path in (tmp_path / "shelf").iterdir() if "mingqu-" in path.name] == []
    with Shelf(tmp_path / "shelf").held(), pytest.raises(LauncherError, match="Another backup"):
        backed_up(source, tmp_path / "shelf")


@pytest.mark.parametrize("found", [{"cases_case": 1}, {}, {"cases_case": 2, "more": 0}])
def test_rows_that_did_not_come_back_are_missed(found):
    bringing_back.compare_rows({"cases_case": 2}, {"cases_case": 2})

    with pytest.raises(NotAsBackedUp, match="the backup says"):
        bringing_back.compare_rows(found, {"cases_case": 2})


# What is sealed ------------------------------------------------------------------------------------------------------

PRIVATE = X25519PrivateKey.generate()
WAYS = [
    (Lock(passphrase="sieben-auf-einen-Streich"), Opener(passphrase="sieben-auf-einen-Streich")),
    (Lock(recipient=PRIVATE.public_key()), Opener(private=PRIVATE)),
]


def sealed(data: bytes, lock: Lock) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, lock)
    for start in range(0, len(data), 300_000):
        sealer.write(data[start : start + 300_000])
    sealer.close()
    return out.getvalue()


@pytest.mark.parametrize(("lock", "opener"), WAYS)
@pytest.mark.parametrize("size", [0, 5, FRAME, FRAME + 1, 2 * FRAME])
def test_what_is_sealed_opens_for_whom_it_is_meant(lock, opener, size):
    data = b"\x5a" * size

    assert b"".join(opened(io.BytesIO(sealed(data, lock)), opener)) == data


@pytest.mark.parametrize(
    "opener",
    [Opener(), Opener(passphrase="ein-anderes-Wort"), Opener(private=X25519PrivateKey.generate())],
)
@pytest.mark.parametrize("lock", [way[0] for way in WAYS])
def test_for_nobody_else(lock, opener):
    with pytest.raises(NotOpened):
        b"".join(opened(io.BytesIO(sealed(b"data", lock)), opener))


@pytest.mark.parametrize(
    "harm",
    [
        lambda whole, _: whole[:-1],
        lambda whole, frame: whole[:-frame],
        lambda whole, _: whole[:-1] + bytes([whole[-1] ^ 1]),
        lambda whole, _: whole.replace(b"mingqu-sealed/1", b"mingqu-sealed/2"),
        lambda whole, _: whole[whole.index(b"\n") :],
        lambda whole, _: whole[: whole.index(b"\n") + 1],
    ],
)
def test_nor_when_it_was_cut_or_altered(harm):
    lock, opener = WAYS[1]
    whole = sealed(b"\x5a" * (FRAME + 5), lock)

    with pytest.raises(NotOpened):
        b"".join(opened(io.BytesIO(harm(whole, 4 + 5 + 16)), opener))


def test_a_passphrase_too_short_to_protect_anything_is_refused(tmp_path):
    (tmp_path / "word").write_text("kurz\n")

    with pytest.raises(LauncherError, match="fewer than 12"):
        passphrase_in(tmp_path / "word")
