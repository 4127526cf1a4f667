"""What an editor writes into a definition is run for everybody: it neither holds the house up nor breaks a page."""

import copy
import time
from datetime import date

import pytest

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
