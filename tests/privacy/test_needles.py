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
