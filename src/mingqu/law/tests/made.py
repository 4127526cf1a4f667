"""A folder of our own texts with an index, as the real one has it; and people who use the library."""

import shutil
import sqlite3
from datetime import date
from pathlib import Path

from mingqu.kernel.types import Actor
from mingqu.law.services import import_laws

TEXTS = Path(__file__).parent / "texts"
SYSTEM = Actor.system("tests")
AS_OF = date(2025, 4, 19)


def folder(at: Path) -> Path:
    shutil.copytree(TEXTS, at / "laws")
    index = sqlite3.connect(at / "laws/db.sqlite3")
    index.executescript(
        "CREATE TABLE category (id TEXT, folder TEXT);"
        "CREATE TABLE law (name TEXT, filename TEXT, publish DATE, level TEXT, valid_from DATE, expired INTEGER,"
        " category_id TEXT);"
        "INSERT INTO category VALUES ('r', '行政法规'), ('m', '部门规章');"
        "INSERT INTO law VALUES"
        " ('样例摊位管理条例', NULL, '2019-03-01', '行政法规', '2019-05-01', 0, 'r'),"
        " ('样例收费规定', NULL, '2001-07-01', '部门规章', '', 1, 'm');"
    )
    index.commit()
    index.close()
    return at / "laws"


def bring_in(at: Path, now, **kwargs):
    return import_laws(at, by=SYSTEM, at=now, **({"as_of": AS_OF} | kwargs))
