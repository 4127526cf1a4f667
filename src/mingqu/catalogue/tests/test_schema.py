"""The schema says the same as the dataclasses, and its file the same as the schema."""

import dataclasses
import json
import typing
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mingqu.cases.tests.factories import DEFINITION
from mingqu.catalogue import files, labels, places, schema, types
from mingqu.kernel.yaml_text import read_yaml

DOCS = Path(__file__).parents[4] / "docs" / "definition"


def kinds(kind=types.Document, found=None):
    """Every dataclass a document is made of."""
    found = {} if found is None else found
    if kind.__name__ not in found:
        found[kind.__name__] = kind
        for hint in typing.get_type_hints(kind).values():
            inner = places.inner(hint)
            if inner:
                kinds(inner, found)
    return found


def test_the_file_is_the_schema_made_from_the_types():
    """Made anew with `mingqu definition schema > docs/definition/1.0.schema.json`."""
    written = (DOCS / "1.0.schema.json").read_text("utf-8")

    assert written == files.write_json(schema.definition_schema())


def test_the_schema_is_a_valid_one_and_accepts_the_demo():
    whole = schema.definition_schema()

    Draft202012Validator.check_schema(whole)
    assert not list(Draft202012Validator(whole).iter_errors(read_yaml(DEFINITION.read_text("utf-8"))))


def test_every_part_and_field_has_a_chinese_name_and_no_name_is_left_over():
    for name, kind in kinds().items():
        assert list(labels.LABELS[name]) and set(labels.LABELS[name]) == {
            field.name for field in dataclasses.fields(kind)
        }, name
    assert set(labels.LABELS) == set(kinds())
    for name, key in labels.KEYS.items():
        assert key in labels.LABELS[name], name


def test_every_part_is_described_and_every_code_is_of_a_list_that_exists():
    whole = schema.definition_schema()
    parts = {"Document": whole, **whole["$defs"]}

    assert set(parts) == set(kinds())
    for name, part in parts.items():
        assert part["description"], name
        for field, spec in part["properties"].items():
            assert spec["title"], (name, field)
    step = parts["Step"]["properties"]
    assert step["kind"][schema.CODE_LIST] == "step_kind" and "visit" in step["kind"]["enum"]
    assert json.dumps(whole, ensure_ascii=False).count(schema.CODE_LIST) >= 12


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"law": "某法"}, ["article：缺少"]),
        ({"law": "某法", "article": True}, ["article：应是整数"]),
        ({"law": "某法", "article": -1}, ["article：不能小于0"]),
        (
            {"law": 1, "article": 1, "colour": 1, "size": 2},
            ["colour：不认识的键", "size：不认识的键", "law：应是文字"],
        ),
        ([], ["整份定义：应是一组键和值"]),
    ],
)
def test_each_kind_of_mistake_has_its_sentence(given, says):
    assert schema.shape_problems(types.LawRef, given) == says


def test_a_part_that_may_be_left_out_is_looked_into_when_it_is_there():
    right = {"code": "a", "text": "b", "article": None}

    assert schema.shape_problems(types.CheckPoint, right) == []
    assert schema.shape_problems(types.CheckPoint, {**right, "article": {"law": "某法"}}) == [
        "article.article：缺少"
    ]
