"""Rows as COPY reads them, and into the database they go."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

Rows = dict[str, "Lines"]


class Lines:
    """Rows of one table as COPY reads them. `columns` in the order of the rows."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns, self.text = tuple(columns), list[str]()

    def add(self, *values: object) -> None:
        self.text.append("\t".join(map(field, values)) + "\n")


def columns(model: Any) -> list[str]:
    return [str(one.column) for one in model._meta.concrete_fields]


def field(value: object) -> str:
    """One value in COPY's text format."""
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, (bytes, memoryview)):
        return "\\\\x" + bytes(value).hex()
    if isinstance(value, (list, tuple)):
        return "{" + ",".join(map(_element, value)) + "}"
    text = str(value)
    if "\\" in text or "\n" in text or "\t" in text:
        text = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return text


def _element(value: object) -> str:
    return field('"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"')


def copy(cursor: psycopg.Cursor[Any], table: str, lines: Lines) -> None:
    names = ", ".join('"' + one + '"' for one in lines.columns)
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as stream:
        for block in blocks(lines.text):
            stream.write(block)


def blocks(text: Sequence[str], size: int = 500) -> Iterable[str]:
    return ("".join(text[n : n + size]) for n in range(0, len(text), size))
