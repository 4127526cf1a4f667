"""
A system reached by files: what goes there lies in `out/`, one JSON file per parcel, and what it says comes as CSV files
into `in/`. For systems that know nothing but a shared folder. Both folders are the operator's; files are never deleted
here, and the same parcel is the same file.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from mingqu.exchange.errors import FileUnreadable, SignatureWrong, SystemUnavailable
from mingqu.exchange.states_file import read_states
from mingqu.exchange.types import Answer, DayLine, Known, Parcel, Telling
from mingqu.kernel.types import Instant

LARGEST = 20_000_000
OWNER_ALONE = 0o600


@dataclass(frozen=True)
class FolderConnector:
    name: str
    words: str
    systems: frozenset[str]
    folder: Path
    can_be_asked: ClassVar[bool] = True
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
        }
        place = self.folder / "out" / f"{parcel.key}.json"
        half = place.with_suffix(".part")
        try:
            handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(said, file, ensure_ascii=False)
            half.replace(place)
        except OSError as error:
            return Answer("failed", reason=type(error).__name__)
        return Answer("taken")

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
        try:
            paths = sorted((self.folder / "in").glob("states-*.csv"))
        except OSError as error:
            raise SystemUnavailable() from error
        for path in paths:
            for _line, told in read_states(self._text(path)):
                if isinstance(told, Telling):
                    yield told

    def _text(self, path: Path) -> str:
        try:
            if path.stat().st_size > LARGEST:
                raise FileUnreadable(what="文件太大")
            return path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise SystemUnavailable() from error
