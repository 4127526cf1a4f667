"""
Reading a law from its Markdown text, pure: title, history before <!-- INFO END -->, headings, articles.

The format is that of the public collection of Chinese laws: one file per version with the day in its name, a law split
into parts lies in one folder with a second title per file.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import regex

from mingqu.law import rules
from mingqu.law.errors import LawUnreadable

MARK = "<!-- INFO END -->"
POINTS = "<!-- POINTS -->"  # in the head: no law text, but what articles say in own words
MAX_HEADING = 200
MAX_MISSING = 5  # articles left out of a text; what jumps further is a quotation
_NAME = regex.compile(r"^(.*?)(?:\((\d{4})-(\d\d)-(\d\d)\))?$")
_TITLE = regex.compile(r"^#\s+(.+)$")
_HEADING = regex.compile(r"^(#{1,6})(?:\s+(.*))?$")
_N = rules.NUMBER
_STARTS = regex.compile(rf"^[第笫]\s*({_N})\s*条(?:之({_N}))?(?:[ \u3000\t]+|$)(.*)$")
_LOOSE = regex.compile(rf"^[第笫]\s*({_N})\s+条()(.*)$")  # 第一百二十八 条侦查人员
_INLINE = regex.compile(rf"[。；：] +(?=第({_N})条 )")
_DAY = regex.compile(r"(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})日")
_WRITTEN_DAY = rf"([〇零○一二三四五六七八九\d]{{4}})年\s*({_N})月\s*({_N})日"
_FROM = regex.compile(rf"(?:自|从|于)\s*{_WRITTEN_DAY}\s*(?:\d+时)?\s*起?\s*(?:施行|实施|执行|生效)")
_ON_PUBLICATION = regex.compile(r"(?:自|从)?(?:公布|发布|颁布)之日起?(?:施行|实施|生效)")
_AMENDED = regex.compile(r"修订|修正|修改|废止")
_COMMENT = regex.compile(r"<!--.*?-->")


@dataclass(frozen=True)
class ReadArticle:
    number: int  # 0: text that is in no article
    suffix: int
    heading: str
    text: str


@dataclass(frozen=True)
class ReadVersion:
    """One version as its file (or files, for a law in parts) has it. `remarks`: what looks wrong in the text."""

    name: str  # short, as the file is called
    full_name: str
    decided_on: date | None
    since: date | None
    since_from: str
    history: list[str]
    articles: list[ReadArticle]
    digest: str
    files: list[str]
    part: str = ""  # 编, where one law lies in several files
    remarks: list[str] = field(default_factory=list)
    points: bool = False


def read(path: str, data: bytes) -> ReadVersion:
    """
    The version in a file; `path` within the folder, with /.

    Raises LawUnreadable with the reason: not UTF-8, no title, no end of the head, nothing after it.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise LawUnreadable(file=path, reason=f"不是UTF-8文本（第{wrong.start}字节）") from None
    head, mark, body = text.replace("\r\n", "\n").partition(MARK)
    if not mark:
        raise LawUnreadable(file=path, reason=f"没有“{MARK}”这一行")
    lines = [line.strip() for line in head.split("\n")]
    titles = [match[1] for line in lines if (match := _TITLE.match(_COMMENT.sub("", line).strip()))]
    if not titles:
        raise LawUnreadable(file=path, reason="没有标题")
    history = [line for line in lines if line and not line.startswith(("#", "<!--", "---"))]
    articles, remarks = _articles(body, titles[1:])
    if not articles:
        raise LawUnreadable(file=path, reason="标题以后没有内容")
    full = "".join(titles[0].split())
    named = _NAME.match(path.rpartition("/")[2].removesuffix(".md"))
    decided = _day_in_name(named) or _latest(history)
    since, origin = _since(history, articles, decided)
    name = full.replace("中华人民共和国", "", 1) if len(titles) > 1 or named is None else named[1]
    digest = hashlib.sha256(("\n".join([full, *history]) + body).encode()).hexdigest()
    part = titles[1] if len(titles) > 1 else ""
    points = POINTS in lines
    return ReadVersion(
        name, full, decided, since, origin, history, articles, digest, [path], part, remarks, points
    )


def joined(parts: Iterable[ReadVersion]) -> ReadVersion:
    """The parts of one law (编) as one version, in the order of their articles."""
    ordered = sorted(parts, key=lambda part: next((a.number for a in part.articles if a.number), 0))
    if len(ordered) == 1:
        return ordered[0]
    dated = next((part for part in ordered if part.since), ordered[0])
    digest = hashlib.sha256("".join(part.digest for part in ordered).encode()).hexdigest()
    articles = list(_numbered([article for part in ordered for article in part.articles]))
    return replace(
        dated,
        articles=articles,
        digest=digest,
        files=[file for part in ordered for file in part.files],
        remarks=[remark for part in ordered for remark in part.remarks],
    )


def _articles(body: str, part: list[str]) -> tuple[list[ReadArticle], list[str]]:
    """Every article with its headings; text outside of articles is number 0. Numbers have to follow one another."""
    headings: dict[int, str] = dict(enumerate(part))
    read: list[ReadArticle] = []
    remarks: list[str] = []
    last, fresh = (0, 0), True
    for line in _lines(body):
        if heading := _HEADING.match(line):
            if heading[2]:
                level = len(heading[1]) + len(part)
                headings = {k: v for k, v in headings.items() if k < level} | {level: heading[2].strip()}
                fresh = True
            continue
        number = _number(line, last, remarks)
        words = " ".join(headings[k] for k in sorted(headings))[:MAX_HEADING]
        if number:
            last, fresh = (number[0], number[1]), False
            read.append(ReadArticle(number[0], number[1], words, number[2]))
        elif fresh:
            read.append(ReadArticle(0, 0, words, line))
            fresh = False
        else:
            read[-1] = replace(read[-1], text=f"{read[-1].text}\n{line}".strip())
    return list(_numbered(read)), remarks


def _lines(body: str) -> Iterator[str]:
    """Lines without comments; a line that holds several articles is taken apart."""
    for raw in _COMMENT.sub("", body).split("\n"):
        line = raw.strip().strip("\u3000").strip()
        while line:
            match = _STARTS.match(line)
            cut = _apart(line, rules.number_of(match[1])) if match else 0
            yield line[:cut].strip() if cut else line
            line = line[cut:].strip() if cut else ""


def _apart(line: str, number: int) -> int:
    """Where the next article begins in the same line; 0: nowhere."""
    for match in _INLINE.finditer(line):
        if rules.number_of(match[1]) == number + 1:
            return match.end()
    return 0


def _number(line: str, last: tuple[int, int], remarks: list[str]) -> tuple[int, int, str] | None:
    """The article that begins with this line: number, suffix, text."""
    match = _STARTS.match(line) or _LOOSE.match(line)
    if match is None:
        return None
    number, suffix = rules.number_of(match[1]), rules.number_of(match[2] or "")
    if (number, suffix) in ((last[0] + 1, 0), (last[0], last[1] + 1)) or last == (0, 0):
        return number, suffix, match[3].strip()
    if not suffix and last[0] < number <= last[0] + MAX_MISSING + 1:
        remarks.append(f"第{last[0]}条之后是第{number}条，中间的条文缺失")
        return number, suffix, match[3].strip()
    remarks.append(f"第{last[0]}条之后是“{line[:12]}”，编号不连续，当作上一条的文字")
    return None


def _numbered(articles: list[ReadArticle]) -> Iterator[ReadArticle]:
    """Text in no article gets a running suffix."""
    count = 0
    for article in articles:
        if article.number:
            yield article
        else:
            yield replace(article, suffix=count)
            count += 1


def _day_in_name(named: "regex.Match[str] | None") -> date | None:
    return _date(named[2], named[3], named[4]) if named and named[2] else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _latest(history: list[str]) -> date | None:
    """The last event that is not the coming into force: the day of this text when its name has none."""
    days = [
        day
        for line in history
        if not regex.search(r"\d日\s*(?:施行|实施|执行)$", line)
        and (match := _DAY.match(line))
        and (day := _date(match[1], match[2], match[3]))
    ]
    return max(days, default=None)


def _since(history: list[str], articles: list[ReadArticle], decided: date | None) -> tuple[date | None, str]:
    """
    From when the version is in force, as its own text says, and where it says so; (None, "") if it doesn't.

    An earlier day than that of the decision is the law's first, not this version's.
    """
    floor = decided or date.min
    for line in reversed(history):
        match = _DAY.match(line)
        if match and regex.search(r"施行|实施|执行", line[match.end() :]) and "之日" not in line:
            inner = list(_DAY.finditer(line))[-1]
            day = _date(inner[1], inner[2], inner[3])
            if day and day >= floor and not _AMENDED.search(line):
                return day, "header"
    closing = "\n".join(article.text for article in articles[-3:])
    days = [_day_written(match) for match in _FROM.finditer(closing)]
    later = [day for day in days if day and day >= floor]
    if later:
        return min(later), "text"
    on_publication = _ON_PUBLICATION.search(closing) or any(_ON_PUBLICATION.search(line) for line in history)
    if on_publication and decided and not any(_AMENDED.search(line) for line in history):
        return decided, "text"
    return None, ""


def _day_written(match: "regex.Match[str]") -> date | None:
    year = "".join(str(rules.DIGITS.get("〇" if sign == "○" else sign, sign)) for sign in match[1])
    return _date(year, str(rules.number_of(match[2])), str(rules.number_of(match[3])))
