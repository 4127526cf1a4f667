"""What is personal can't be read, moved or altered in the database."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.kernel.crypto import NotDecryptable, blind_index, decrypt_bytes, encrypt_bytes
from mingqu.kernel.errors import KeyMissing
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.json import load, plain
from mingqu.kernel.keyring import Keyring, read_key_file, write_key_file
from mingqu.kernel.legal_day import legal_day


@given(st.binary(max_size=200), st.integers(0))
def test_one_changed_bit_is_found(data, bit):
    sealed = bytearray(encrypt_bytes(data, context=b"a"))
    place = 16 + bit % (8 * (len(sealed) - 16))
    sealed[place // 8 if place // 8 >= 2 else 2] ^= 1 << (place % 8)

    with pytest.raises(NotDecryptable):
        decrypt_bytes(bytes(sealed), context=b"a")


def test_a_value_moved_to_another_column_does_not_open():
    sealed = encrypt_bytes("张三".encode(), context=b"identity.person.name")

    assert decrypt_bytes(sealed, context=b"identity.person.name").decode() == "张三"
    with pytest.raises(NotDecryptable):
        decrypt_bytes(sealed, context=b"identity.person.number")


def test_the_same_value_is_sealed_differently_each_time_but_found_by_its_index():
    assert encrypt_bytes(b"x", context=b"") != encrypt_bytes(b"x", context=b"")
    assert blind_index("phone", "1") == blind_index("phone", "1") != blind_index("number", "1")


@pytest.mark.parametrize("field", [EncryptedTextField(), EncryptedJSONField()])
def test_an_encrypted_field_can_not_be_filtered_on(field):
    field.name = "secret"

    with pytest.raises(TypeError, match="blind index"):
        field.get_lookup("exact")


def test_a_key_file_keeps_every_version_and_the_highest_encrypts(tmp_path):
    file = tmp_path / "key"
    write_key_file(file, {1: bytes(32), 2: bytes([1]) * 32})

    keys = read_key_file(file)

    assert Keyring(keys).active == 2 and Keyring(keys).oldest == 1
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "1 AAAA", None])
def test_a_missing_or_short_key_is_refused(tmp_path, text):
    file = tmp_path / "key"
    if text is not None:
        file.write_text(text)

    with pytest.raises(KeyMissing):
        read_key_file(file)


def test_one_in_the_morning_in_beijing_is_already_the_new_day():
    assert legal_day(datetime(2026, 9, 17, 17, 0, tzinfo=UTC)).isoformat() == "2026-09-18"


def test_after_closing_hour_the_next_day_counts():
    at = datetime(2026, 9, 18, 9, 0, tzinfo=UTC)

    assert legal_day(at, time(17)).isoformat() == "2026-09-19"
    assert legal_day(at, time(18)).isoformat() == "2026-09-18"


def test_a_dataclass_comes_back_from_json_as_it_was():
    from mingqu.kernel.ids import new_id
    from mingqu.kernel.tests.test_commands import Result

    result = Result(new_id(), datetime(2026, 1, 2, tzinfo=UTC).date(), 3)

    assert load(Result, plain(result)) == result
