"""
Log files that many processes write at once: one for each stream and day, a further one when it is full. A name says its
day, so nothing is renamed while somebody writes, and what is old enough is removed by its name. No Django here.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

LEAST_DAYS = 183  # 网络安全法 21(3): network logs are kept for at least six months
USUAL_DAYS = 200
FULL = 64 * 2**20  # bytes after which the day goes on in another file
BEIJING = timezone(timedelta(hours=8))
NAME = re.compile(r"(?P<stream>[a-z]+)-(?P<day>\d{8})(\.\d+)?\.log")
OFF = "none"
OF_VALUES = (
    "DETAIL:",
    "CONTEXT:",
)  # PostgreSQL: the row that fails; the value a COPY or a conversion stopped at
OF_THE_LOG = ("Traceback (most recent call last):", "The above exception was", "During handling of")


@dataclass(frozen=True)
class LogFile:
    path: Path
    stream: str
    day: date


class DayFiles:
    """The files of one stream. A line is one write at the end of a file: those of several processes never mix."""

    def __init__(self, folder: Path, stream: str, *, full: int = FULL) -> None:
        self.folder, self.stream, self.full = folder, stream, full
        self._lock = threading.Lock()
        self._day, self._number, self._file = "", 0, -1

    def write(self, line: str) -> None:
        """Raises OSError where nothing can be written."""
        day = datetime.fromtimestamp(time.time(), BEIJING).strftime("%Y%m%d")
        with self._lock:
            if day != self._day:
                self._day, self._number = day, 0
                self._open()
            while os.fstat(self._file).st_size >= self.full:
                self._number += 1
                self._open()
            os.write(self._file, (line.replace("\n", "\n  ") + "\n").encode("utf-8", "replace"))

    def _open(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        further = f".{self._number}" if self._number else ""
        path = self.folder / f"{self.stream}-{self._day}{further}.log"
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


class DayFileHandler(logging.Handler):
    """For the logging of Python; of no folder it writes nothing. What can't be written is told on standard error."""

    def __init__(self, folder: str, stream: str) -> None:
        super().__init__()
        self.files = DayFiles(Path(folder), stream) if folder else None

    def emit(self, record: logging.LogRecord) -> None:
        if self.files is None:
            return
        try:
            self.files.write(self.format(record))
        except OSError:  # a full disk keeps no page from being answered
            self.handleError(record)


class PlainFormatter(logging.Formatter):
    """
    Without what the database says of the values of a row, which may be somebody's and may have lines of their own: all
    of it goes, up to where the log speaks again. Also where a message has the words of an exception in it.
    """

    def format(self, record: logging.LogRecord) -> str:
        said, values = [], False
        for line in super().format(record).splitlines():
            values = line.lstrip().startswith(OF_VALUES) or (values and not line.startswith(OF_THE_LOG))
            if not values:
                said.append(line)
        return "\n".join(said)


def log_files(folder: Path) -> Iterator[LogFile]:
    """Those of ours, the oldest first; other files of the folder are left alone."""
    found = []
    for path in folder.glob("*.log") if folder.is_dir() else ():
        if named := NAME.fullmatch(path.name):
            try:
                day = datetime.strptime(named["day"], "%Y%m%d").replace(tzinfo=BEIJING).date()
            except ValueError:
                continue
            found.append(LogFile(path, named["stream"], day))
    yield from sorted(found, key=lambda one: (one.day, one.path.name))


def days_kept(given: str) -> int | None:
    """What the operator wrote; None for what is no number, or fewer days than the law asks for."""
    text = given.strip() or str(USUAL_DAYS)
    return int(text) if text.isdecimal() and int(text) >= LEAST_DAYS else None


def remove_old(folder: Path, today: date, days: int) -> int:
    """Files of days that lie more than so many days back; how many. Raises ValueError for fewer than LEAST_DAYS."""
    if days < LEAST_DAYS:
        raise ValueError(f"logs are kept for at least {LEAST_DAYS} days")
    old = [one for one in log_files(folder) if one.day < today - timedelta(days=days)]
    for one in old:
        one.path.unlink(missing_ok=True)
    return len(old)
