"""`mingqu import lists` reads what the template holds; the demo's own lists say that they are a demo."""

import json

import pytest

from mingqu.catalogue.directory import columns
from mingqu.catalogue.directory.services import read_list
from mingqu.catalogue.directory.types import KINDS
from mingqu.config import cli
from mingqu.config.demo.lists_in_force import LAWS, LISTS, TITLES
from mingqu.law.selectors import citations


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_knows_each_list(kind):
    given = cli.parser().parse_args(["import", "lists", "x.xlsx", "--kind", kind, "--region", "990104000000"])

    assert given.list_kind == kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.django_db
def test_the_demos_lists_are_whole_and_say_that_they_are_a_demo(kind):
    data = (LISTS / f"{kind}.json").read_bytes()
    read = read_list(kind, data)

    assert len(read.entries) == len(json.loads(data)) and not any(one.refused for one in read.findings)
    assert "演示" in TITLES[kind]
    assert set(columns.mapped(kind, list(json.loads(data)[0]))[1]) == set()


def test_every_article_that_the_demos_power_list_names_is_among_the_excerpts():
    texts = "".join(path.read_text("utf-8") for path in LAWS.rglob("*.md"))

    for row in json.loads((LISTS / "power.json").read_bytes()):
        found = citations(row["设定依据"])
        assert found
        assert all(one.law.removeprefix("中华人民共和国") in texts for one in found)
