"""
A folder of law texts as the public collection has it: Markdown files and, if there, its index db.sqlite3.

Nothing is stored here. What the index says of a file (level, valid from, expired) is kept beside its text.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from mingqu.law import reading, rules
from mingqu.law.errors import LawUnreadable
from mingqu.law.reading import ReadVersion

INDEX = "db.sqlite3"
MAX_BYTES = 8 * 1024 * 1024
UNDATED = "undated"
LEVELS = {
    "宪法": "constitution",
    "法律": "law",
    "行政法规": "regulation",
    "部门规章": "rule",
    "地方性法规": "local",
    "地方政府规章": "local_rule",
}
FOLDERS = {"宪法": "constitution", "行政法规": "regulation", "部门规章": "rule"}

Tell = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True)
class Indexed:
    """What the index says of one file; None and "" where it says nothing."""

    level: str
    valid_from: date | None
    expired: bool


@dataclass(frozen=True)
class FileReport:
    """What became of one file: added, same, changed, dated, skipped, unreadable; and why, in words."""

    file: str
    outcome: str
    words: str = ""


@dataclass(frozen=True)
class Version:
    read: ReadVersion
    label: str
    repealed: bool


@dataclass(frozen=True)
class Work:
    """One law with all its versions in this folder."""

    key: str
    name: str
    full_name: str
    kind: str
    versions: list[Version]


@dataclass
class Collection:
    """Everything of a folder: the laws, what could not be read, what looks wrong, and the newest day in it."""

    works: list[Work] = field(default_factory=list)
    reports: list[FileReport] = field(default_factory=list)
    files: int = 0
    newest: date | None = None


def read_folder(folder: Path, tell: Tell = lambda done, total: None) -> Collection:
    """Every .md file below a folder. Raises LawUnreadable if there is none."""
    paths = sorted(path for path in folder.rglob("*.md") if path.is_file())
    if not paths:
        raise LawUnreadable(file=str(folder), reason="这个文件夹里没有Markdown文件")
    root = folder.resolve()
    index = read_index(folder / INDEX)
    found = Collection(files=len(paths))
    versions: list[ReadVersion] = []
    for done, path in enumerate(paths, start=1):
        name = path.relative_to(folder).as_posix()
        try:
            if not path.resolve().is_relative_to(root):
                raise LawUnreadable(file=name, reason="它指向这个文件夹外面的文件")
            versions.append(_read(name, path))
        except LawUnreadable as wrong:
            outcome = "skipped" if isinstance(wrong, NotALaw) else "unreadable"
            found.reports.append(FileReport(name, outcome, wrong.params["reason"]))
        except OSError as wrong:
            found.reports.append(FileReport(name, "unreadable", f"打不开（{wrong.strerror}）"))
        tell(done, len(paths))
    found.newest = max((v.decided_on for v in versions if v.decided_on), default=None)
    found.works = list(_works(versions, index, found.reports))
    return found


class NotALaw(LawUnreadable):
    """A page of the collection itself: its front matter says so."""


def _read(name: str, path: Path) -> ReadVersion:
    if path.stat().st_size > MAX_BYTES:
        raise LawUnreadable(file=name, reason="文件大于8MB")
    data = path.read_bytes()
    if data.startswith(b"---"):
        raise NotALaw(file=name, reason="资料自己的说明页，不是法规")
    return reading.read(name, data)


def read_index(path: Path) -> Mapping[str, Indexed]:
    """By file name within the folder. Empty without an index. Raises LawUnreadable if it is none of this kind."""
    if not path.is_file():
        return {}
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
            rows = database.execute(
                "SELECT c.folder, coalesce(l.filename, l.name), l.publish, l.level, l.valid_from, l.expired"
                " FROM law l JOIN category c ON c.id = l.category_id"
            ).fetchall()
    except sqlite3.DatabaseError as wrong:
        raise LawUnreadable(file=path.name, reason=f"索引打不开（{type(wrong).__name__}）") from None
    return {
        f"{folder}/{name}{f'({publish})' if publish else ''}.md": Indexed(
            level or "", _date(valid_from), bool(expired)
        )
        for folder, name, publish, level, valid_from, expired in rows
    }


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _works(
    versions: Sequence[ReadVersion], index: Mapping[str, Indexed], reports: list[FileReport]
) -> Iterator[Work]:
    by_key: dict[str, dict[str, list[ReadVersion]]] = {}
    for version in versions:
        label = version.decided_on.isoformat() if version.decided_on else UNDATED
        by_key.setdefault(rules.key_of(version.name), {}).setdefault(label, []).append(version)
    for key, labels in sorted(by_key.items()):
        made = [_version(label, same, index, reports) for label, same in sorted(labels.items())]
        last = made[-1].read
        yield Work(key, last.name, last.full_name, _kind(last, index), made)


def _version(
    label: str, same: list[ReadVersion], index: Mapping[str, Indexed], reports: list[FileReport]
) -> Version:
    """One version of one or more files: parts of a law, or copies of which the first in the index counts."""
    if any(one.part for one in same):
        read = reading.joined(same)
    else:
        same = sorted(same, key=lambda one: (one.files[0] not in index, one.files))
        read = same[0]
        for copy in same[1:]:
            alike = _words_of(copy) == _words_of(read)
            words = f"和“{read.files[0]}”是同一版本，" + (
                "文字相同" if alike else "文字有出入，没有采用，请核对"
            )
            reports.append(FileReport(copy.files[0], "same" if alike else "changed", words))
        read = replace(read, since=read.since or next((c.since for c in same if c.since), None))
    indexed = [index[file] for file in read.files if file in index]
    said = next((one.valid_from for one in indexed if one.valid_from), None)
    if said and (read.decided_on is None or said >= read.decided_on):
        if read.since and read.since != said:
            words = f"索引写的施行日期是{said}，正文写的是{read.since}，采用正文"
            read = replace(read, remarks=[*read.remarks, words])
        else:
            read = replace(read, since=said, since_from="index")
    reports += [FileReport(read.files[0], "remark", remark) for remark in read.remarks]
    return Version(read, label, any(one.expired for one in indexed))


def _words_of(version: ReadVersion) -> list[tuple[int, int, str]]:
    return [(one.number, one.suffix, "".join(one.text.split())) for one in version.articles]


def _kind(version: ReadVersion, index: Mapping[str, Indexed]) -> str:
    level = next((index[file].level for file in version.files if file in index), "")
    top = version.files[0].partition("/")[0]
    return LEVELS.get(level) or FOLDERS.get(top) or ("local" if "地方" in top else "law")
