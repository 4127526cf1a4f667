"""Two documents side by side with the files that they refer to: flows as pictures, decision tables row by row."""

from collections.abc import Mapping
from typing import Any

from mingqu.catalogue import selectors
from mingqu.catalogue.checking import referred
from mingqu.catalogue.studio.flow import compared
from mingqu.catalogue.studio.tables_diff import compared_tables


def side_by_side(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], posts: Mapping[str, str]
) -> dict[str, Any]:
    """For `_flows.html` and `_tables_changed.html`. A statement, where one of them refers to a file."""
    if before is None:
        return {"flows": [], "tables": []}
    digests = {*referred(before), *referred(after)}
    files = selectors.files_of(digests) if digests else {}
    return {
        "flows": compared(before, after, posts, files),
        "tables": compared_tables(before, after, files),
    }
