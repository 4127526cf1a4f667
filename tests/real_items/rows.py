"""
Which real items are lived through: all that several organs handle and that can be applied for, and sixty others by a
rule that knows nothing of what works: of all with both limits and materials, the first of each department and type,
spread evenly. What several organs handle and nobody can apply for has others of the same rule in its place.
"""

from functools import cache
from typing import Any

from mingqu.catalogue.imports import mapping, reading, stages
from mingqu.catalogue.imports.building import build
from mingqu.catalogue.imports.organs import Organs, organs_named
from mingqu.catalogue.imports.templates import with_template
from mingqu.catalogue.imports.tests import counting
from mingqu.catalogue.imports.types import Built, Organ
from mingqu.catalogue.rules import ON_APPLICATION

OTHERS = 60
REGION = "440000000000"
FILE = "policy.jsonl"


def available() -> bool:
    return counting.GUANGDONG.exists()


@cache
def raw() -> dict[str, dict[str, Any]]:
    return {row["TASK_CODE"]: row for row in counting.guangdong()} if available() else {}


def of_several() -> list[str]:
    return [code for code, row in sorted(raw().items()) if row["co_department"] != "无"]


def enquiries() -> list[str]:
    """Those of several organs that are no application by what their own row says (查询/指引)."""
    return [code for code in of_several() if document(code)["item"]["handling_kind"] != ON_APPLICATION]


def others() -> list[str]:
    """Sixty items of one organ, by department and type."""
    return _spread(_firsts(), OTHERS)


def in_their_place() -> list[str]:
    """As many items of one organ as there are enquiries, of those the sixty leave."""
    chosen = set(others())
    return _spread([code for code in _firsts() if code not in chosen], len(enquiries()))


def _spread(codes: list[str], count: int) -> list[str]:
    every = len(codes) / count
    return [codes[int(number * every)] for number in range(count)] if every >= 1 else codes


def _firsts() -> list[str]:
    first: dict[tuple[str, str], str] = {}
    for code, row in sorted(raw().items()):
        both = row["handle_time"] != "无" and row["handle_time_limit"] != "无"
        if both and row["co_department"] == "无" and row["material_intro"] != "无":
            first.setdefault((row["TASK_TYPE"], row["DEPT_NAME"]), code)
    return [first[key] for key in sorted(first)]


def in_natural_days() -> list[str]:
    """Items whose limit of the law is counted in 自然日."""
    return [code for code, row in sorted(raw().items()) if "自然日" in row["handle_time"]]


def sample() -> list[str]:
    """Eight that stay in every run: four of several organs (a wide one first), four of one."""
    wide = sorted(
        (code for code in of_several() if raw()[code]["handle_time"] != "无"),
        key=lambda code: (-raw()[code]["co_department"].count("、"), code),
    )
    alone = others()
    return [*wide[:: max(1, len(wide) // 4)][:4], *alone[:: max(1, len(alone) // 4)][:4]]


@cache
def _rows() -> tuple[mapping.Mapping, dict[str, Any], Organs]:
    by = mapping.mapping("gd_service_items")
    rows = list(reading.rows_of(counting.GUANGDONG.read_bytes(), by))
    known = [one.entered() for one in organs_named(rows, by)]
    words = {stage.words for row in rows for stage in _stages(row.values["co_department"])}
    # What a source calls 市级司法 is a department of the training region under these words.
    known += [Organ("", word, word) for word in sorted(words)]
    return by, {row.values["TASK_CODE"]: row for row in rows}, Organs(known)


def _stages(text: str) -> list[Any]:
    return [] if text == "无" else stages.parse(text)


@cache
def built(code: str) -> Built:
    """The row as a definition with the standard template."""
    by, rows, organs = _rows()
    found = build(rows[code], by, organs, file=FILE, region=REGION)
    made = with_template(found.document)
    return Built(**{**{name: getattr(found, name) for name in found.__dataclass_fields__}, "document": made})


def document(code: str) -> dict[str, Any]:
    return built(code).document


def organ_name(code: str) -> str:
    """What an organ's code stands for in this file."""
    return next((one.name for one in _rows()[2].known if one.code == code), code)
