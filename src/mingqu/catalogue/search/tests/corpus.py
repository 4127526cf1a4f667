"""The services of two real catalogues, read by path and put straight into the index: never committed."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from mingqu.catalogue.search.types import Source

ROOT = Path(__file__).resolve().parents[5]
DATA = Path(os.environ.get("MINGQU_DATA", ROOT.parent / "shared" / "data"))
GUANGDONG = DATA / "gd_service_items" / "policy.jsonl"
GUANGAN = DATA / "guangan_service_items" / "bszl-data.json"
NOTHING = ("无", "", None)


def present() -> bool:
    return GUANGDONG.exists() and GUANGAN.exists()


def said(*texts: str | None) -> list[str]:
    """Other names, as people wrote them down: with commas, semicolons, strokes between them."""
    parts = [
        part for text in texts if text not in NOTHING for part in re.split(r"[,，;；、/|\s]+", str(text))
    ]
    return [part for part in dict.fromkeys(parts) if part and part != "无"]


def guangdong() -> Iterator[Source]:
    for line in GUANGDONG.read_text("utf-8").splitlines():
        row = json.loads(line)
        enquiry = "查询" in row["TASK_NAME"] or "指引" in row["TASK_NAME"]
        yield Source(
            code=row["TASK_CODE"],
            name=row["TASK_NAME"][:200],
            aliases=said(row["matter_daily"], row["matter_short"]),
            department_name=row["DEPT_NAME"],
            department_code=row["ORGCODE"],
            region_code=f"{row['AREACODE']:0<12}",
            theme="、".join(row["theme_category"])[:40],
            materials=row["material_intro"] if isinstance(row["material_intro"], list) else (),
            handling_kind="enquiry" if enquiry else "on_application",
            applicable=not enquiry,
        )


def guangan() -> Iterator[Source]:
    seen: set[str] = set()
    for organ in json.loads(GUANGAN.read_text("utf-8")):
        for main in organ["items"]:
            for one in main["sub_items"]:
                asked = parse_qs(urlsplit(one["link"]).query)
                code = asked.get("itemCode", [""])[0][:64]
                if not code or code in seen:
                    continue
                seen.add(code)
                yield Source(
                    code=code,
                    name=one["name"][:200],
                    department_name=organ["department"],
                    department_code=asked.get("deptCode", [""])[0][:32],
                    region_code="511602000000",
                    theme="" if main["main_item"] == "未分类" else main["main_item"][:40],
                    applicable=True,
                )


def everything() -> Iterator[Source]:
    yield from guangdong()
    yield from guangan()
