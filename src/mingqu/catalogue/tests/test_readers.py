"""Every field of the format is read by somebody, and the table says by whom (design section 1)."""

import re
from pathlib import Path

import pytest
import yaml

import mingqu
from mingqu.catalogue.labels import LABELS

SRC = Path(mingqu.__path__[0])
TABLE = yaml.safe_load((Path(__file__).parents[4] / "docs/definition/readers.yaml").read_text("utf-8"))
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


def test_the_table_has_every_field_of_the_format_and_nothing_else():
    """LABELS is itself held to the types by test_schema."""
    assert {kind: set(fields) for kind, fields in TABLE.items()} == {
        kind: set(fields) for kind, fields in LABELS.items()
    }
    assert all(readers for fields in TABLE.values() for readers in fields.values())


@pytest.mark.parametrize(("kind", "field", "use", "module"), ROWS, ids=str)
def test_the_module_named_really_reads_the_field(kind, field, use, module):
    assert use in USES
    reads = rf'\.{field}\b|\.get\("{field}"\)'
    assert re.search(reads, (SRC / module).read_text("utf-8")), f"{module} reads no .{field}"
