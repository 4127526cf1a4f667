"""
Citations of laws in our own files, and the articles of the law texts.

Three ways of writing are read: 《中华人民共和国行政许可法》第三十二条第一款第四项 (also without 《》, and going on with
、第八十二条), `行政许可法 32(4), 42` where the number in brackets is an item, and `law: 行政许可法, article: 42` of
definitions.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAWS = Path(os.environ.get("MINGQU_DATA", ROOT.parent / "shared" / "data")) / "laws"
READ = {".py", ".html", ".yaml", ".typ", ".md", ".js"}

# As we write it → the title of the text.
NAMES = {
    "行政许可法": "行政许可法",
    "民法典": "民法典",
    "行政处罚法": "行政处罚法",
    "公务员法": "公务员法",
    "食品安全法": "食品安全法",
    "食品安全法实施条例": "食品安全法实施条例",
    "大气污染防治法": "大气污染防治法",
    "行政复议法": "行政复议法",
    "行政诉讼法": "行政诉讼法",
    "电子签名法": "电子签名法",
    "个人信息保护法": "个人信息保护法",
    "数据安全法": "数据安全法",
    "网络安全法": "网络安全法",
    "政府信息公开条例": "政府信息公开条例",
    "全国年节及纪念日放假办法": "全国年节及纪念日放假办法",
    "国务院令第716号": "国务院关于在线政务服务的若干规定",
    "国务院关于在线政务服务的若干规定": "国务院关于在线政务服务的若干规定",
}
_NAME = "|".join(sorted(NAMES, key=len, reverse=True))
_NUMERAL = "[一二三四五六七八九十百零0-9]+"
_PLACE = rf"第({_NUMERAL})条(?:第({_NUMERAL})款)?(?:第（?({_NUMERAL})）?项)?"
_TITLED = re.compile(rf"《(?:中华人民共和国)?([^《》{{}}]+)》{_PLACE}")
_CHINESE = re.compile(rf"({_NAME})》?(?: \(\d{{4}}-\d\d-\d\d\) )?((?:{_PLACE}、?)+)")
_ENGLISH = re.compile(rf"({_NAME}) (\d+(?:\(\d+\))*(?:(?:, |; |–| and )\d+(?:\(\d+\))*(?![\d-]))*)")
_DEFINED = re.compile(r"law: (?:中华人民共和国)?(\w+),?\s+article: (\d+)")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True, order=True)
class Place:
    """An article; paragraph and item are 0 where none is named."""

    law: str
    article: int
    paragraph: int = 0
    item: int = 0


def number(text: str | None) -> int:
    """二百零三 → 203; digits stay what they are; nothing is 0."""
    if not text or text.isdigit():
        return int(text or 0)
    found, digit = 0, 0
    for character in text:
        if character in "百十":
            found += (digit or 1) * (100 if character == "百" else 10)
            digit = 0
        else:
            digit = _DIGITS[character]
    return found + digit


def cited(text: str) -> Iterator[Place]:
    """Every place of a law the text names."""
    for law, *place in _TITLED.findall(text):
        if law.startswith("某"):  # a law that tests make up
            continue
        yield Place(NAMES.get(law, law), *map(number, place))
    for law, places in (m.group(1, 2) for m in _CHINESE.finditer(text)):
        for place in re.findall(_PLACE, places):
            yield Place(NAMES[law], *map(number, place))
    for law, places in (m.group(1, 2) for m in _ENGLISH.finditer(text)):
        for article, item in re.findall(r"(\d+)(?:\((\d+)\))?", places):
            yield Place(NAMES[law], int(article), 0, number(item))
    for law, article in _DEFINED.findall(text):
        yield Place(NAMES.get(law, law), int(article))


def files() -> Iterator[Path]:
    """Our files that may cite a law."""
    for folder in ("src", "docs", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            own = path.is_file() and path.suffix in READ and path.parent != Path(__file__).parent
            if own and not {"static", "vendor", "migrations"} & set(path.parts):
                yield path


@cache
def articles(law: str) -> dict[int, str]:
    """Number → text of each article, in the latest version at hand; empty where there is none."""
    versions = sorted(LAWS.rglob(f"{law}(*).md"), key=lambda p: p.name) or sorted(LAWS.glob(f"{law}/*.md"))
    found: dict[int, list[str]] = {}
    for path in versions if (LAWS / law).is_dir() else versions[-1:]:
        current: list[str] = []
        for line in path.read_text("utf-8").splitlines():
            if start := re.match(rf"\W*第({_NUMERAL})条\W", line):
                current = found.setdefault(number(start[1]), [])
            if line.strip() and not line.startswith("#"):
                current.append(line.strip())
    return {article: "\n".join(lines) for article, lines in found.items()}


def paragraphs(article: str) -> list[str]:
    """The 款 of an article; its items belong to the one before them."""
    return [line for line in article.split("\n") if not line.startswith("（")]


def items(article: str) -> set[int]:
    return {number(n) for n in re.findall(rf"^（({_NUMERAL})）", article, re.M)}
