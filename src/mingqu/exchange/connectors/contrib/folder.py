"""
A system reached by files: what goes there lies in `out/`, one JSON file per parcel with the files of a correction
beside it, and what it says comes as tables (`states-*.csv`, `.xlsx`, `.jsonl`) into `in/`. For systems that know
nothing but a shared folder. Both folders are the operator's; files are never deleted here, and the same parcel is the
same file.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from mingqu.exchange.errors import FileUnreadable, SignatureWrong, SystemUnavailable
from mingqu.exchange.states_file import read_states
from mingqu.exchange.types import Answer, DayLine, Known, Parcel, Telling
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Instant

LARGEST = 20_000_000
STATES = frozenset({".csv", ".xlsx", ".jsonl"})
log = logging.getLogger(__name__)
OWNER_ALONE = 0o600


@dataclass(frozen=True)
class FolderConnector:
    name: str
    words: str
    systems: frozenset[str]
    folder: Path
    can_be_asked: ClassVar[bool] = True
    can_be_recalled: ClassVar[bool] = False  # a file in a folder is no answer: people make sure
    leaves_the_machine: ClassVar[bool] = False

    def send(self, parcel: Parcel, *, at: Instant) -> Answer:
        """Written beside and renamed, so that the other side never reads half a file."""
        said = {
            "key": parcel.key,
            "reference": parcel.reference,
            "round": parcel.round,
            "number": parcel.number,
            "subject": parcel.subject,
            "supplement": parcel.supplement,
            "fields": [[one.part, one.label, one.value] for one in parcel.fields],
            "files": [
                {
                    "file": _beside(parcel, number),
                    "name": one.name,
                    "type": one.media_type,
                    "sha256": one.digest,
                }
                for number, one in enumerate(parcel.files)
            ],
        }
        try:
            for number, one in enumerate(parcel.files):
                self._put(_beside(parcel, number), one.data)
            self._put(f"{parcel.key}.json", json.dumps(said, ensure_ascii=False).encode())
        except OSError as error:
            return Answer("failed", reason=type(error).__name__)
        return Answer("taken")

    def _put(self, name: str, data: bytes) -> None:
        place = self.folder / "out" / name
        half = place.with_name(f"{name}.part")
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        half.replace(place)

    def recall(self, reference: str, number: str, *, at: Instant) -> Answer:
        return Answer("failed", reason="people_tell_it")

    def ask(self, reference: str) -> Known:
        tellings = tuple(one for one in self._tellings() if one.reference == reference)
        rounds = [
            int(path.stem.rpartition("-")[2])
            for path in (self.folder / "out").glob(f"{reference}-*.json")
            if path.stem.rpartition("-")[2].isdigit()
        ]
        number = next((one.number for one in reversed(tellings) if one.number), "")
        return Known(bool(rounds or tellings), number, max(rounds, default=0), tellings)

    def day(self, day: date) -> Iterator[DayLine]:
        """The list of a day is the file `day-2026-11-22.csv`: 流水号, 编号, 状态. Raises SystemUnavailable."""
        path = self.folder / "in" / f"day-{day.isoformat()}.csv"
        for row in list(csv.reader(io.StringIO(self._text(path))))[1:]:
            if len(row) >= 2:
                yield DayLine(row[0].strip()[:64], row[1].strip()[:64], "")

    def read(self, headers: Mapping[str, str], body: bytes, *, at: Instant) -> Telling:
        raise SignatureWrong()  # files are not signed: nothing is told over the network

    def _tellings(self) -> Iterator[Telling]:
        """What all its files say; one that is no table, or a line that is wrong, says nothing and stops no other."""
        try:
            paths = sorted(one for one in (self.folder / "in").glob("states-*") if one.suffix in STATES)
        except OSError as error:
            raise SystemUnavailable() from error
        for path in paths:
            try:
                found = list(read_states(self._bytes(path)))
            except DomainError as unreadable:
                if isinstance(unreadable, SystemUnavailable):
                    raise
                log.warning("a file of states can't be read (%s): %s", unreadable.code, path.name)
                continue
            yield from (told for _line, told in found if isinstance(told, Telling))

    def _bytes(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise SystemUnavailable() from error

    def _text(self, path: Path) -> str:
        try:
            if path.stat().st_size > LARGEST:
                raise FileUnreadable(what="文件太大")
            return path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise SystemUnavailable() from error


def _beside(parcel: Parcel, number: int) -> str:
    """A name of our own: what people call their files is written inside, never used for a path."""
    return f"{parcel.key}-file{number + 1}"
