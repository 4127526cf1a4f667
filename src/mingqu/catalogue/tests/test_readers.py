"""Every field of the format is read by somebody, and the table says by whom (design section 1)."""

import re
from collections import Counter
from pathlib import Path

import pytest

import mingqu
from mingqu.catalogue.labels import LABELS
from mingqu.kernel.yaml_text import read_yaml

SRC = Path(mingqu.__path__[0])
TABLE = read_yaml((Path(__file__).parents[4] / "docs/definition/readers.yaml").read_text("utf-8"))
USES = {
    "guide",
    "form",
    "process",
    "clock",
    "papers",
    "certificate",
    "supervision",
    "statistics",
    "search",
    "publication",
}
ROWS = [
    (kind, field, use, module)
    for kind, fields in TABLE.items()
    for field, readers in fields.items()
    for use, module in readers.items()
]
# How each kind is called where its fields are read. Half of all fields (name, code, basis, …) are fields of several
# kinds: that somebody reads a name in a module says nothing of whose name it is.
CALLED = {
    "Document": "document d definition",
    "LawRef": "ref",
    "Item": "item",
    "Window": "window",
    "Choice": "choice c",
    "Situation": "question",
    "Stop": "stop",
    "Eligibility": "expression eligibility",
    "ProcessFile": "process drawn",
    "NotNeeded": "n thing",
    "MayFollow": "may_follow follow",
    "MaterialSource": "source",
    "Material": "material m",
    "PaperForm": "form",
    "Commitment": "commitment c text",
    "CheckPoint": "point p",
    "Checklist": "checklist c",
    "Extension": "extension longer",
    "ClockRule": "rule promised statutory",
    "Clocks": "clocks",
    "Risk": "risk",
    "Step": "step s",
    "Consulting": "rule consult consult_rule",
    "CertificateField": "f field",
    "Result": "result self",
    "BeginWithin": "begin",
    "Guide": "g guide",
    "Fee": "fee",
    "FeeTable": "expression table",
    "Route": "route",
    "RouteResult": "result one",
    "Discretion": "of",
    "DiscretionRule": "rule row",
    "Given": "given",
    "Deed": "deed",
    "Expected": "expect",
    "Scenario": "scenario one s",
    "Source": "source",
    "Handling": "handling h one definition handling_item i",
}
OF_SEVERAL = {
    field for field, many in Counter(f for fields in TABLE.values() for f in fields).items() if many > 1
}
# Read for two kinds by one expression: helpers that take either, and a name of one letter.
SHARED = {
    ("catalogue/selectors.py", "file", "expression"),
    ("catalogue/selectors.py", "decision", "expression"),
    ("catalogue/checking.py", "file", "expression"),
    ("catalogue/checking.py", "decision", "expression"),
    ("catalogue/rules.py", "code", "c"),
}
CALL = r"\((?:[^()]|\([^()]*\))*\)"  # what a method was given: .step(task.step).consult


def reads(kind: str, field: str, text: str) -> list[str]:
    """By which names a text reads a field of this kind; "" where only one kind has such a field."""
    if field not in OF_SEVERAL:
        return re.findall(rf'()(?:\.{field}\b|\.get\("{field}"\))', text)
    found = re.findall(rf"\b(?=(\w+)(?:{CALL})?\.{field}\b)", text)
    return [name for name in found if name in CALLED[kind].split()]


def without(kind: str, field: str, text: str) -> str:
    """The text with every read of this field of this kind taken out; those of other kinds stay."""
    if field not in OF_SEVERAL:
        return re.sub(rf'\.{field}\b|\.get\("{field}"\)', ".taken_out", text)
    names = "|".join(CALLED[kind].split())
    return re.sub(rf"(\b(?:{names})(?:{CALL})?)\.{field}\b", r"\1.taken_out", text)


def source(module: str) -> str:
    return (SRC / module).read_text("utf-8")


def test_the_table_has_every_field_of_the_format_and_nothing_else():
    """LABELS is itself held to the types by test_schema."""
    assert {kind: set(fields) for kind, fields in TABLE.items()} == {
        kind: set(fields) for kind, fields in LABELS.items()
    }
    assert all(readers for fields in TABLE.values() for readers in fields.values())


@pytest.mark.parametrize(("kind", "field", "use", "module"), ROWS, ids=str)
def test_the_module_named_really_reads_the_field(kind, field, use, module):
    assert use in USES
    assert reads(kind, field, source(module)), f"{module} reads no {field} of {kind}"


@pytest.mark.parametrize(("kind", "field", "use", "module"), ROWS, ids=str)
def test_a_reader_that_reads_no_longer_is_noticed_though_others_read_fields_of_that_name(
    kind, field, use, module
):
    text = without(kind, field, source(module))

    assert reads(kind, field, text) == []
    for other, of, _use, there in ROWS:
        if (of, there) == (field, module) and other != kind:
            kept = {name for name in reads(other, of, source(module)) if (module, field, name) not in SHARED}
            kept.discard(field)  # definition.process.process: the second is read through the first
            assert kept <= set(reads(other, of, text)), f"{other}.{of} is taken for {kind}.{field}"


def test_what_is_read_for_two_kinds_at_once_is_listed_and_only_that():
    seen = Counter(
        (module, field, name)
        for kind, field, module in {(kind, field, module) for kind, field, _use, module in ROWS}
        if field in OF_SEVERAL
        for name in set(reads(kind, field, source(module)))
    )
    assert {read for read, kinds in seen.items() if kinds > 1} == SHARED
