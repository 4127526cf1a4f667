"""
The master key is exchanged: everything still opens, nothing is left under the old one, at whatever moment it is
broken off it can go on, and meanwhile people notice nothing.
"""

import os
import shutil
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from mingqu.certificates import selectors as certificates
from mingqu.documents import services as documents
from mingqu.documents import storage
from mingqu.documents.models import StoredFile
from mingqu.identity import selectors as people
from mingqu.identity.models import Person, User
from mingqu.identity.services import second_factor
from mingqu.kernel import ledger, rotation
from mingqu.kernel.crypto import key_version
from mingqu.kernel.errors import KeyMissing
from mingqu.kernel.keyring import keyring, read_ciphers, read_kept, read_key_file
from mingqu.kernel.models import AuditEntry
from tests.kill.dying import KILLED, die, in_a_process
from tests.stage import TOTP, Stage


@pytest.fixture
def key_file(tmp_path, monkeypatch) -> Path:
    """A master key file of this test's own, with the key under which the house was made."""
    path = tmp_path / "keys/master.key"
    path.parent.mkdir()
    path.touch(mode=0o600)
    path.write_text(Path(os.environ["MINGQU_MASTER_KEY_FILE"]).read_text("ascii"), "ascii")
    monkeypatch.setenv("MINGQU_MASTER_KEY_FILE", str(path))
    monkeypatch.setattr(rotation, "IN_FLIGHT", 0.0)
    return path


@pytest.fixture
def house(committed_house, key_file, settings, tmp_path) -> Stage:
    """The full house with its files, and with nobody else's, in a folder of its own."""
    made_in, settings.MINGQU_HOME = settings.MINGQU_HOME, tmp_path / "home"
    for address in StoredFile.objects.values_list("address", flat=True).distinct():
        copy = settings.MINGQU_HOME / "files" / address
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(made_in / "files" / address, copy)
    return committed_house


def everything() -> dict[str, object]:
    """Every encrypted value there is, opened, and every stored file's bytes."""
    found: dict[str, object] = {}
    for model, fields in rotation.encrypted_columns():
        for row in model._base_manager.all():
            found |= {
                f"{model._meta.label} {row.pk} {field.name}": getattr(row, field.name) for field in fields
            }
    for row in StoredFile.objects.all():
        found[f"file {row.pk}"] = storage.get(row.address)
    return found


def people_find_what_is_theirs(stage: Stage) -> None:
    """By number, telephone, code, session and second factor."""
    citizen = stage.users["citizen"]
    phone = User.objects.get(pk=citizen.pk).phone
    number = Person.objects.get(pk=citizen.person_id).citizen_number
    assert people.citizen_with_phone(phone).pk == citizen.pk
    assert citizen.person_id in {person.id for person in people.people_with_number(number)}
    code = stage.words["verification"]
    assert certificates.public_by_code(code, timezone.now()).number == stage.words["certificate"]
    assert second_factor.matching_step(
        totp_of(stage), second_factor.code_at(TOTP, timezone.now()), timezone.now()
    )


def totp_of(stage: Stage) -> str:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import decrypt

    row = Authenticator.objects.get(user_id=stage.users["known"].pk, type=Authenticator.Type.TOTP)
    return str(decrypt(row.data["secret"]))


@pytest.mark.parametrize("cipher", ["", "sm4"])
def test_after_a_rotation_everything_opens_and_nothing_is_under_the_old_key(house, key_file, cipher):
    browser = house.client("citizen")
    assert browser.get("/my/").status_code == 200
    before, old_files = everything(), set(storage.addresses())
    told = AuditEntry.objects.get(root_id=house.cases["not_accepted"], action="case.refuse_acceptance")

    assert rotation.rotate(key_file, timezone.now(), cipher=cipher) == 2

    assert list(read_key_file(key_file)) == [2] and keyring().suite().name == (cipher or "aes")
    assert everything() == before
    people_find_what_is_theirs(house)
    assert browser.get("/my/").status_code == 200, "sessions go on"
    files = set(storage.addresses())
    assert files and not files & old_files, "not even names of files are digests of the old key"
    assert {storage.version_of(address) for address in files} == {2}
    assert oldest_versions() == {2}
    assert ledger.proves(told, "reason", "经营场所不在清禾区"), "digests of the ledger can still be proved"
    assert ledger.seal(timezone.now()), "the key that signs checkpoints opens"
    pdf = documents.read_file(*StoredFile.objects.filter(kind="licence").values_list("root_id", "id").first())
    assert documents.verify_pdf(pdf, ours=True).trusted


def oldest_versions() -> set[int]:
    """Read off the rows, without the code that rotates: the version of every bytea that begins with one."""
    versions = set()
    with connections["owner"].cursor() as cursor:
        for model, fields in rotation.encrypted_columns():
            for field in fields:
                cursor.execute(f'SELECT "{field.column}" FROM "{model._meta.db_table}"')
                versions |= {key_version(bytes(value)) for (value,) in cursor.fetchall() if value is not None}
    return versions


@pytest.mark.long  # each has an installation of its own
def test_the_old_key_is_kept_beside_for_backups_and_for_nothing_else(house, key_file):
    old = read_key_file(key_file)[1]
    rotation.rotate(key_file, timezone.now())

    copy = key_file.with_name("master.key.1")
    assert read_key_file(copy) == {1: old}
    assert copy.stat().st_mode & 0o777 == key_file.stat().st_mode & 0o777 == 0o600
    assert set(read_kept(key_file)) == {(1, "audit.secret")}
    with pytest.raises(KeyMissing):
        keyring().derive("data", 1)


@pytest.mark.long  # each has an installation of its own
@pytest.mark.parametrize(("first", "second"), [("", ""), ("sm4", "aes")])
def test_a_second_rotation_follows_the_first(house, key_file, first, second):
    before = everything()
    rotation.rotate(key_file, timezone.now(), cipher=first)
    told = AuditEntry.objects.get(root_id=house.cases["not_accepted"], action="case.refuse_acceptance")

    assert rotation.rotate(key_file, timezone.now(), cipher=second) == 3

    assert read_ciphers(key_file) == {1: "aes", 2: first or "aes", 3: "aes"}
    assert everything() == before and oldest_versions() == {3}
    people_find_what_is_theirs(house)
    assert set(read_kept(key_file)) == {(1, "audit.secret"), (2, "audit.secret")}
    assert ledger.proves(told, "reason", "经营场所不在清禾区")


def dies_after(number: int):
    """Prepares a process to die before its n-th statement as the owner."""
    seen = []

    def execute(run, statement, params, many, context):
        seen.append(statement)
        if len(seen) == number:
            die()
        return run(statement, params, many, context)

    return lambda: connections["owner"].execute_wrappers.append(execute)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("cipher", "further"), [("", 11), ("sm4", 53)])
def test_killed_again_and_again_it_goes_on_and_all_the_while_everything_opens(
    house, key_file, cipher, further
):
    before, number, kills, version = everything(), 1, 0, 2
    turn = lambda: rotation.rotate(key_file, timezone.now(), cipher=cipher)  # noqa: E731
    while in_a_process(turn, dies_after(number)) == KILLED:
        assert everything() == before, f"killed before statement {number}"
        people_find_what_is_theirs(house)
        number, kills = number + further, kills + 1
        if list(read_key_file(key_file)) == [
            version
        ]:  # the exchange was done, only its entry was not written
            version += 1

    assert kills > (1 if cipher else 5)
    assert keyring().suite().name == (cipher or "aes")
    assert version <= 3, "all attempts until the old key was dropped were one rotation"
    assert list(read_key_file(key_file)) == [version]
    assert everything() == before and oldest_versions() == {version}
    people_find_what_is_theirs(house)


@pytest.mark.long  # each has an installation of its own
def test_killed_between_new_digests_and_the_new_file_the_next_run_ends_it(house, key_file):
    """The one moment in which nobody is found by a number; the next run needs no more than the file."""
    before = everything()
    dying = lambda: setattr(rotation, "_drop_others", lambda *given: die())  # noqa: E731
    assert in_a_process(lambda: rotation.rotate(key_file, timezone.now()), dying) == KILLED
    assert everything() == before

    assert rotation.rotate(key_file, timezone.now()) == 2

    assert everything() == before and list(read_key_file(key_file)) == [2]
    people_find_what_is_theirs(house)


@pytest.mark.long  # each has an installation of its own
def test_what_is_written_meanwhile_is_under_the_new_key_without_a_restart(house, key_file):
    rotation.add_key(key_file)
    assert keyring().active == 2, "a running process sees the new line with its next value"
    user = User.objects.get(pk=house.users["citizen"].pk)
    user.save(update_fields=["phone"])

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT phone FROM identity_user WHERE id = %s", [user.pk])
        assert key_version(bytes(cursor.fetchone()[0])) == 2
    people_find_what_is_theirs(house)


@pytest.mark.long  # each has an installation of its own
def test_a_value_that_does_not_open_keeps_the_old_key(house, key_file):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET answers = substring(answers from 1 for 20) || '\\x00'::bytea"
            " WHERE id = %s", [house.cases["accepted"]]
        )  # fmt: skip

    with pytest.raises(rotation.ValuesLeft, match=r"cases\.case"):
        rotation.rotate(key_file, timezone.now())

    assert sorted(read_key_file(key_file)) == [1, 2]


@pytest.mark.usefixtures("committed_db")
def test_an_installation_that_holds_nothing_yet_exchanges_its_key(key_file, settings, tmp_path):
    settings.MINGQU_HOME = tmp_path / "home"

    assert rotation.rotate(key_file, timezone.now()) == 2


@pytest.mark.long  # each has an installation of its own
def test_two_rotations_at_once_are_refused(house, key_file):
    with another_connection() as one:
        one.execute("SELECT pg_advisory_lock(%s)", [rotation.ROTATION_LOCK])
        with pytest.raises(rotation.RotationRunning):
            rotation.rotate(key_file, timezone.now())

    assert list(read_key_file(key_file)) == [1]


def another_connection() -> psycopg.Connection:
    given = connections["owner"].get_connection_params()
    keys = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{key: given[key] for key in keys if given.get(key)}, autocommit=True)
