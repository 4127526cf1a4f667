"""What is written comes back: the same document, its keys in their order, from YAML and from JSON."""

import json

import pytest
from hypothesis import HealthCheck, given, settings

from mingqu.cases.tests.factories import DEFINITION
from mingqu.catalogue import files, rules
from mingqu.catalogue.errors import DefinitionUnreadable
from mingqu.catalogue.tests.made import documents
from mingqu.kernel.yaml_text import read_yaml


def in_order(value):
    """Equal only where also the keys stand in the same order."""
    if isinstance(value, dict):
        return [(name, in_order(inner)) for name, inner in value.items()]
    return [in_order(inner) for inner in value] if isinstance(value, list) else (type(value), value)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(documents())
def test_a_document_comes_back_from_yaml_and_json_as_it_was(document):
    assert rules.shape_problems(document) == []
    for text in (files.write_document(document), files.write_json(document)):
        assert in_order(files.read_document(text)) == in_order(document)
        assert files.read_document(text.encode()) == document


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(documents())
def test_any_other_reader_of_yaml_understands_the_same(document):
    assert read_yaml(files.write_document(document)) == document


def test_the_demos_definition_comes_back_whole_and_is_read_the_same_by_any_reader():
    text = DEFINITION.read_text("utf-8")
    document = files.read_document(text)

    assert document == read_yaml(text)
    assert in_order(files.read_document(files.write_document(document))) == in_order(document)
    assert "\\u" not in files.write_document(document) + files.write_json(document)


def test_words_stay_words_as_yaml_1_2_has_it():
    text = "on: no\nyes: off\ncode: 01\nday: 2026-09-18\ntime: 12:30\nreally: true\ncount: 3\npart: 0.5\nnothing:\n"

    assert files.read_document(text) == {
        "on": "no",
        "yes": "off",
        "code": "01",
        "day": "2026-09-18",
        "time": "12:30",
        "really": True,
        "count": 3,
        "part": 0.5,
        "nothing": None,
    }


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\na: 2\n", 2, "键“a”写了两次"),
        ("a: &x [1]\nb: *x\n", 2, "别名"),
        ("1: a\n", 1, "键应是文字"),
        ("a: [1\n", 2, "YAML写法有误"),
        ("- a\n", 1, "一组键和值"),
        ("", 1, "一组键和值"),
        ("a: !!python/object:os.system x\n", 1, "YAML写法有误"),
        ('{"a": 1, "a": 2}', 0, "写了两次"),
        ('{"a": }', 1, "JSON写法有误"),
        (b"\xff\xfe", 0, "UTF-8"),
        ("a: \x00", 0, "不能用的字符"),
        ("[" * 5000, 0, "层次太深"),
        ('{"a":' * 100_000, 0, "层次太深"),
        ("x" * (files.MAX_BYTES + 1), 0, "文件太大"),
        ("a: 1e999", 0, "有一个数"),
        ("a: " + "9" * 5000, 0, "有一个数太长"),
        ('a: "\\0"', 0, "不能用的字符"),
        ('a: "\\ud800"', 0, "不能用的字符"),
        ('{"a": NaN}', 0, "有一个数"),
        ('{"a": ' + "9" * 5000 + "}", 0, "有一个数太长"),
        ('{"a": ["\\u0000"]}', 0, "不能用的字符"),
        ('{"a": {"\\ud800": 1}}', 0, "不能用的字符"),
    ],
)
def test_a_file_that_can_not_be_read_says_where_and_why(text, line, says):
    with pytest.raises(DefinitionUnreadable) as refusal:
        files.read_document(text)

    assert says in refusal.value.message
    assert refusal.value.params["line"] == line


def test_json_of_a_definition_is_the_same_document():
    document = files.read_document(DEFINITION.read_bytes())

    assert files.read_document(json.dumps(document)) == document
