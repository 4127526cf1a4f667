"""docs/definition/vocabulary.md says which names each place may use; publication refuses any other."""

from pathlib import Path

import pytest

from mingqu.cases.tests.factories import DEFINITION
from mingqu.catalogue import checking, discretion, files, rules

TEXT = (Path(__file__).parents[4] / "docs/definition/vocabulary.md").read_text("utf-8")
FOOD = rules.definition_of(files.read_document(DEFINITION.read_bytes()), "01")
PLACES = {
    "stops": rules.situation_names(FOOD),
    "steps": rules.step_names(FOOD),
    "certificate": rules.certificate_names(FOOD),
    "discretion": discretion.names(FOOD),
}


def test_the_document_names_every_root_a_place_may_use():
    for names in PLACES.values():
        for root in {name.split(".")[0] for name in names}:
            assert f"`{root}" in TEXT, root


@pytest.mark.parametrize(
    ("place", "known", "unknown"),
    [
        (
            "stops",
            "situation.subject",
            ["form.area_m2", "applicant.name", "case.number", "outcome.check", "situation.none"],
        ),
        (
            "steps",
            "outcome.check",
            ["form.area_m2", "applicant.name", "outcome.none", "materials.floor", "case.number"],
        ),
        (
            "discretion",
            "outcome.check",
            ["applicant.name", "form.none", "outcome.none", "case.number"],
        ),
        ("certificate", "form.shop_name", ["form.none", "applicant.phone", "outcome.check", "case.number"]),
    ],
)
def test_a_place_reads_its_own_names_and_no_other(place, known, unknown):
    assert checking.unknown_names(f'{known} = "x"', PLACES[place]) == []
    for name in unknown:
        (sentence,) = checking.unknown_names(f'{name} = "x"', PLACES[place])
        assert name in sentence
