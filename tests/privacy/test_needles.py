"""The search itself: a planted value is found however it is written, and nothing else is."""

import base64
import json
from urllib.parse import quote

import pytest

from tests.privacy.needles import Needle, find

NAME = Needle("a name", "欧阳明禾")
WRITTEN = {
    "UTF-8": NAME.value.encode(),
    "UTF-16": NAME.value.encode("utf-16-le"),
    "GBK": NAME.value.encode("gbk"),
    "hex": b"\\x" + NAME.value.encode().hex().encode(),
    "JSON": json.dumps({"name": NAME.value}).encode(),
    "percent": quote(f"/search/{NAME.value}").encode(),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_value_is_found_in_whatever_form_it_lies_there(tmp_path, how):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/file").write_bytes(b"\0\xff before " + WRITTEN[how] + b" after\n\0")

    assert find([NAME], tmp_path, binary=True) == [("deep/file", "a name", how)]


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("after", ["", "x", "xy", "xyz"])
def test_base64_is_found_wherever_the_value_begins_in_it(tmp_path, before, after):
    (tmp_path / "file").write_bytes(base64.b64encode(f"{before}{NAME.value}{after}".encode()))

    assert find([NAME], tmp_path, binary=True) == [("file", "a name", "base64")]


def test_other_values_are_not_found(tmp_path):
    (tmp_path / "file").write_text("欧阳明、李晓禾，19900000002")

    assert find([NAME, Needle("a telephone", "19900000001")], tmp_path, binary=False) == []


@pytest.mark.parametrize("name", ["商典", "周敏", "汪流"])
def test_a_name_that_reads_as_four_letters_is_not_found_in_a_hash_but_is_found_as_text(tmp_path, name):
    letters = name.encode("utf-16-le")
    assert letters.isascii()
    (tmp_path / "hash").write_bytes(b"argon2$argon2id$v=19$" + letters + b"lq3w")
    (tmp_path / "text").write_text(f"{name}\n")

    assert find([Needle("staff name", name)], tmp_path, binary=False) == [("text", "staff name", "UTF-8")]


def test_two_characters_in_another_encoding_are_found_in_text(tmp_path):
    (tmp_path / "log").write_bytes("承办人 李安".encode("gbk"))

    assert find([Needle("staff name", "李安")], tmp_path, binary=False) == [("log", "staff name", "GBK")]
