"""Bringing law texts into the library."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import DatabaseError, connection

from mingqu.identity.services import access
from mingqu.kernel import chinese
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant
from mingqu.law import rules, sources
from mingqu.law.models import Article, Law, LawVersion
from mingqu.law.sources import FileReport, Version, Work

CHUNK = 40  # laws in one transaction
RETIRED = "-p"
SLUG = 64

Tell = Callable[[str, int, int], None]  # what, done, of how many


@dataclass
class Import:
    """What an import did: per outcome how many versions or files, and a line per file that is not simply new."""

    as_of: date
    files: int = 0
    laws: int = 0
    articles: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    reports: list[FileReport] = field(default_factory=list)


def law_id(key: str) -> UUID:
    """The id follows from the name, so that a law can be locked before it exists."""
    return uuid5(NAMESPACE_URL, f"mingqu:law:{key}")


def import_laws(
    folder: Path, *, by: Actor, at: Instant, as_of: date | None = None, tell: Tell | None = None
) -> Import:
    """
    Read a folder of law texts into the library.

    The same text again changes nothing. A version that is there with another text is left as it is and reported. What
    an index newly knows of a version's days is added. One file that can't be read or stored never stops the rest.
    `as_of`: the day for which the collection holds; without it the newest day in it.
    Raises NotAuthorised, LawUnreadable if there is nothing to read.
    """
    access.require_may(by, "law.import")
    said = tell or (lambda what, done, total: None)
    found = sources.read_folder(folder, lambda done, total: said("读取", done, total))
    whole = Import(as_of or found.newest or date.min, found.files, len(found.works), reports=found.reports)
    if not found.works:
        return _counted(whole)
    batch, done = new_id(), 0
    slugs = _Slugs()
    for chunk in _chunks(found.works):
        _store_or_split(chunk, whole, slugs, batch=batch, by=by, at=at)
        done += len(chunk)
        said("入库", done, len(found.works))
    return _counted(whole)


def _counted(whole: Import) -> Import:
    whole.counts = dict(Counter(report.outcome for report in whole.reports))
    return whole


def _chunks(works: list[Work]) -> Iterator[list[Work]]:
    for first in range(0, len(works), CHUNK):
        yield works[first : first + CHUNK]


def _store_or_split(
    chunk: list[Work], whole: Import, slugs: "_Slugs", *, batch: UUID, by: Actor, at: Instant
) -> None:
    """One transaction; if the database refuses, each law on its own, so that only the bad one is left out."""
    try:
        _store(chunk, whole, slugs, batch=batch, by=by, at=at)
    except (DatabaseError, ValueError) as wrong:
        if len(chunk) == 1:
            words = f"数据库没有收下（{type(wrong).__name__}）"
            files = [file for version in chunk[0].versions for file in version.read.files]
            whole.reports += [FileReport(file, "unreadable", words) for file in files]
            return
        for work in chunk:
            _store_or_split([work], whole, slugs, batch=batch, by=by, at=at)


def _store(chunk: list[Work], whole: Import, slugs: "_Slugs", *, batch: UUID, by: Actor, at: Instant) -> None:
    key = uuid5(batch, chunk[0].key + str(len(chunk)))
    reports: list[FileReport] = []
    with command("law.import", batch, by=by, at=at, key=key) as cmd:
        access.require_may(by, "law.import")
        known = {law.key: law for law in Law.objects.filter(key__in=[work.key for work in chunk])}
        new = [_law(work, slugs) for work in chunk if work.key not in known]
        Law.objects.bulk_create(new)
        laws = known | {law.key: law for law in new}
        held: dict[tuple[UUID, str], LawVersion] = {
            (version.law_id, version.label): version
            for version in LawVersion.objects.filter(law__in=laws.values()).select_for_update()
        }
        rows: list[Article] = []
        fresh: list[LawVersion] = []
        for work in chunk:
            law = laws[work.key]
            for version in work.versions:
                row = held.get((law.pk, version.label))
                if row is not None and (row.complete or row.digest == version.read.digest):
                    reports.append(_again(law, version, row, whole.as_of))
                    continue
                if row is not None and row.digest:
                    row = _instead_of_points(row)
                row = _filled(row or LawVersion(law=law, label=version.label), version, whole.as_of)
                fresh.append(row)
                rows += _articles(row, version)
                reports.append(FileReport(version.read.files[0], "added"))
        recorded = [row for row in fresh if not row._state.adding]
        LawVersion.objects.bulk_create([row for row in fresh if row._state.adding])
        for row in recorded:
            row.save()
        _copy(rows)
        counts = Counter(report.outcome for report in reports)
        cmd.note(laws=len(chunk), articles=len(rows), as_of=whole.as_of.isoformat(), **counts)
        cmd.done(None)
    whole.reports += reports
    whole.articles += len(rows)


def _copy(rows: list[Article]) -> None:
    """COPY, as there are fifty thousand articles in one collection."""
    columns = ("id", "version_id", "position", "number", "suffix", "heading", "text", "grams")
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY law_article ({names}) FROM STDIN") as copy:
        for row in rows:
            values = [getattr(row, column) for column in columns]
            values[-1] = "{" + ",".join(map(str, row.grams)) + "}"
            copy.write_row(values)


def _law(work: Work, slugs: "_Slugs") -> Law:
    return Law(
        pk=law_id(work.key),
        slug=slugs.of(work),
        key=work.key,
        name=work.name,
        full_name=work.full_name,
        kind=work.kind,
        signs=rules.grams(work.full_name),
    )


def _again(law: Law, version: Version, held: LawVersion, as_of: date) -> FileReport:
    """A version that is there already with its text; points never take the place of it."""
    if held.complete and version.read.points:
        return FileReport(version.read.files[0], "same")
    if held.digest != version.read.digest:
        words = f"《{law.name}》{held.label}这一版已经入库，文字不同，没有替换"
        return FileReport(version.read.files[0], "changed", words)
    return _dated(law, version, held, as_of)


def _filled(row: LawVersion, version: Version, as_of: date) -> LawVersion:
    """A new version, or one that staff recorded before its text came: their days stay."""
    read, recorded = version.read, bool(row.since)
    row.decided_on = read.decided_on
    if not recorded:
        row.since, row.since_from = read.since, read.since_from
    row.repealed = row.repealed or version.repealed
    row.as_of = max(row.as_of, as_of) if recorded else as_of
    row.history, row.digest, row.files = read.history, read.digest, read.files
    row.complete = not read.points
    return row


def _instead_of_points(held: LawVersion) -> LawVersion:
    """A new row for the text of a version of which only points were there; what staff recorded of its days stays."""
    held.label, held.retired = f"{held.label}{RETIRED}", True
    held.save(update_fields=["label", "retired"])
    return LawVersion(
        law=held.law,
        label=held.label.removesuffix(RETIRED),
        since=held.since if held.since_from == "staff" else None,
        since_from="staff" if held.since_from == "staff" else "",
        repealed=held.repealed,
        until=held.until,
        as_of=held.as_of,
    )


def _articles(row: LawVersion, version: Version) -> Iterator[Article]:
    for position, one in enumerate(version.read.articles):
        yield Article(
            version=row,
            position=position,
            number=one.number,
            suffix=one.suffix,
            heading=one.heading,
            text=one.text,
            grams=rules.grams(one.text),
        )


def _dated(law: Law, version: Version, held: LawVersion, as_of: date) -> FileReport:
    """A version that is there: a newer collection may know more of its days; what staff recorded stays."""
    learnt = []
    if not held.since and version.read.since:
        held.since, held.since_from = version.read.since, version.read.since_from
        learnt.append(f"施行日期{rules.day_words(held.since)}")
    if version.repealed and not held.repealed:
        held.repealed = True
        learnt.append("已标明失效")
    newer = as_of > held.as_of
    if learnt or newer:
        held.as_of = max(held.as_of, as_of)
        held.save(update_fields=["since", "since_from", "repealed", "as_of"])
    if learnt:
        return FileReport(version.read.files[0], "dated", f"《{law.name}》{held.label}：" + "、".join(learnt))
    return FileReport(version.read.files[0], "same")


class _Slugs:
    """Addresses of laws: the sound of the name, and a number where two sound alike."""

    def __init__(self) -> None:
        self._taken = set(Law.objects.values_list("slug", flat=True))
        self._given: dict[str, str] = {}

    def of(self, work: Work) -> str:
        """The same work gets the same address again."""
        if work.key not in self._given:
            base = slug = _sound(work.name)
            number = 1
            while slug in self._taken:
                number += 1
                slug = f"{base}-{number}"
            self._taken.add(slug)
            self._given[work.key] = slug
        return self._given[work.key]


def _sound(name: str) -> str:
    """xing-zheng-xu-ke-fa; cut between two sounds where it gets long."""
    signs = "".join(sign if sign.isalnum() else " " for sign in name)
    sounds = ["".join(c for c in one.lower() if c.isascii() and c.isalnum()) for one in chinese.sounds(signs)]
    slug = ""
    for sound in filter(None, sounds):
        if len(slug) + len(sound) >= SLUG:
            break
        slug = f"{slug}-{sound}" if slug else sound
    return slug or "law"
