"""What an editor writes into a definition is run for everybody: it neither holds the house up nor breaks a page."""

import copy
import time
from datetime import date

import pytest

from mingqu.catalogue.upgrades import upgraded
from mingqu.forms.errors import FormSchemaRefused
from mingqu.forms.rules import Circumstances, check, read_schema
from mingqu.forms.tests.samples import PAGES, RIGHT, SCHEMA

# Each takes twice as long for every letter more, and none of them is a repeat right inside a repeat.
ENDLESS = ["(a|a)*b", "((a+))+b", "a?" * 26 + "a" * 26 + "b"]


@pytest.mark.parametrize("pattern", ENDLESS)
def test_no_pattern_of_a_form_takes_the_time_of_the_house(pattern):
    schema = copy.deepcopy(SCHEMA)
    schema["properties"]["sign"]["pattern"] = pattern
    answers = {**RIGHT, "sign": "a" * 26}

    began = time.process_time()
    found = check(
        read_schema(schema, PAGES), answers, Circumstances(date(2026, 11, 9), demo=True), only=["sign"]
    )

    assert [one.code for one in found] == ["wrong_pattern"]
    assert time.process_time() - began < 2


MISSHAPEN = [
    {"type": ["string"]}, {"data_grade": {}}, {"format": [1]}, {"minLength": []}, {"maxLength": "20"}, {"minimum": "x"},
    {"pattern": 1}, {"enum": 1}, {"oneOf": [1]}, {"examples": 5}, {"title": ["a"]},
    {"earliest": {"a": 1}}, {"prefill": ["a"]},
]  # fmt: skip


@pytest.mark.parametrize("wrong", [*MISSHAPEN, [], "text", None], ids=str)
def test_a_field_of_the_wrong_shape_is_refused_and_breaks_no_page_of_its_draft(wrong):
    """A draft is kept however wrong it is; its page reads the form, and a page that breaks lets nobody mend it."""
    schema = copy.deepcopy(SCHEMA)
    field = schema["properties"]["sign"]
    schema["properties"]["sign"] = {**field, **wrong} if isinstance(wrong, dict) else wrong

    with pytest.raises(FormSchemaRefused):
        read_schema(schema, PAGES)


@pytest.mark.parametrize("pages", [None, 5, [[{}]], [{"fields": 5}], [None], [{"title": []}]], ids=str)
def test_pages_of_the_wrong_shape_are_refused(pages):
    with pytest.raises(FormSchemaRefused):
        read_schema(SCHEMA, pages)


@pytest.mark.parametrize("version", [[], {}, None, 1.0])
def test_a_format_that_is_no_text_is_left_to_the_check_of_the_shape(version):
    assert upgraded({"format": version, "item": {}}) == {"format": version, "item": {}}
