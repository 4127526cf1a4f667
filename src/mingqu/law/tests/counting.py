"""
What the folder of law texts holds, counted without the importer: by file names and first signs of lines only.

The figures of `test_what_the_folder_holds.py` come from here; the importer is then measured against them.
"""

import os
import sqlite3
from collections import defaultdict
from pathlib import Path

DATA = Path(os.environ.get("MINGQU_DATA", Path(__file__).resolve().parents[5] / "shared/data")) / "laws"
SIGNS = set("〇零一二三四五六七八九十百千")
CODE = "民法典"  # lies in eight files, one per 编


def texts() -> dict[str, str]:
    """Every law text by its path; a page of the collection itself begins with ---."""
    whole = {p.relative_to(DATA).as_posix(): p.read_text(encoding="utf-8") for p in DATA.rglob("*.md")}
    return {path: text for path, text in whole.items() if not text.startswith("---")}


def name_and_day(path: str) -> tuple[str, str]:
    folder, stem = path.split("/", maxsplit=1)[0], path.rsplit("/", maxsplit=1)[-1][:-3]
    if folder == CODE:
        return CODE, ""
    if stem[-1] == ")" and stem[-12] == "(":
        return stem[:-12], stem[-11:-1]
    return stem, ""


def versions(found: dict[str, str]) -> dict[str, set[str]]:
    by_name: dict[str, set[str]] = defaultdict(set)
    for path in found:
        name, day = name_and_day(path)
        by_name[name].add(day)
    return by_name


def begins_article(line: str) -> bool:
    """第…条 and a space."""
    head, mark, rest = line.partition("条")
    return (
        bool(mark)
        and head[:1] == "第"
        and len(head) > 1
        and set(head[1:]) <= SIGNS
        and rest[:1] in (" ", "\u3000")
    )


def articles(text: str) -> int:
    return sum(begins_article(line) for line in text.split("\n"))


def one_of_each(found: dict[str, str]) -> list[str]:
    """Paths without the second file of a version that lies in two folders."""
    seen, kept = set(), []
    for path in sorted(found):
        name, day = name_and_day(path)
        if name == CODE or (name, day) not in seen:
            kept.append(path)
        seen.add((name, day))
    return kept


def marked_expired(found: dict[str, str]) -> set[tuple[str, str]]:
    """Versions that the index marks as no longer in force and that lie in the folder."""
    database = sqlite3.connect(f"file:{DATA / 'db.sqlite3'}?mode=ro", uri=True)
    rows = database.execute("SELECT name, publish FROM law WHERE expired = 1").fetchall()
    database.close()
    held = {name_and_day(path) for path in found}
    return {(name, day) for name, day in rows if (name, day) in held}
