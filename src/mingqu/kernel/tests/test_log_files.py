"""Log files: one for a day, more when it is full; many write at once; what is old goes, what the law asks for stays."""

import logging
import os
import time
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.kernel.logfiles import (
    BEIJING,
    LEAST_DAYS,
    DayFileHandler,
    DayFiles,
    PlainFormatter,
    days_kept,
    log_files,
    remove_old,
)

TODAY = date(2026, 11, 23)
PHONE = "19900001234"


def at(monkeypatch, text):
    moment = datetime.fromisoformat(text).replace(tzinfo=BEIJING).timestamp()
    monkeypatch.setattr(time, "time", lambda: moment)


def test_a_line_of_after_midnight_in_beijing_stands_in_the_file_of_that_day(tmp_path, monkeypatch):
    files = DayFiles(tmp_path / "logs", "access")
    at(monkeypatch, "2026-12-31T23:59:59")
    files.write("last")
    at(monkeypatch, "2027-01-01T00:00:00")
    files.write("first")

    found = {one.day: one.path.read_text() for one in log_files(tmp_path / "logs")}
    assert found == {date(2026, 12, 31): "last\n", date(2027, 1, 1): "first\n"}
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700
    assert all(one.path.stat().st_mode & 0o777 == 0o600 for one in log_files(tmp_path / "logs"))


def test_a_full_file_is_followed_by_another_of_the_same_day(tmp_path, monkeypatch):
    at(monkeypatch, "2026-11-23T10:00:00")
    one, another = (DayFiles(tmp_path, "access", full=20) for _ in "12")
    for number in range(6):
        (one if number % 2 else another).write(f"line {number}")

    names = [found.path.name for found in log_files(tmp_path)]
    assert len(names) == len(set(names)) > 1 and {found.day for found in log_files(tmp_path)} == {TODAY}
    assert sorted(line for found in log_files(tmp_path) for line in found.path.read_text().splitlines()) == [
        f"line {number}" for number in range(6)
    ]


def test_what_several_processes_write_at_once_stays_whole(tmp_path):
    line = "一" * 300
    children = []
    for _ in range(3):
        if (child := os.fork()) == 0:
            files = DayFiles(tmp_path, "app", full=50_000)
            for _ in range(100):
                files.write(line)
            os._exit(0)
        children.append(child)
    assert all(os.waitpid(child, 0)[1] == 0 for child in children)

    lines = [text for one in log_files(tmp_path) for text in one.path.read_text("utf-8").splitlines()]
    assert lines == [line] * 300


@given(st.sets(st.integers(0, 800), max_size=12), st.integers(LEAST_DAYS, 700))
def test_nothing_younger_is_removed_and_nothing_older_stays(tmp_path_factory, ages, days):
    folder = tmp_path_factory.mktemp("logs")
    for age in ages:
        (folder / f"access-{TODAY - timedelta(days=age):%Y%m%d}.log").touch()
    (folder / "somebody-elses.log").touch()

    removed = remove_old(folder, TODAY, days)

    left = {(TODAY - one.day).days for one in log_files(folder)}
    assert left == {age for age in ages if age <= days} and removed == len(ages) - len(left)
    assert (folder / "somebody-elses.log").exists()


@pytest.mark.parametrize("given", ["182", "0", "-200", "half a year", "199.5"])
def test_fewer_days_than_the_law_asks_for_remove_nothing(tmp_path, given):
    (tmp_path / "access-20200101.log").touch()

    assert days_kept(given) is None
    with pytest.raises(ValueError, match="at least 183"):
        remove_old(tmp_path, TODAY, LEAST_DAYS - 1)
    assert [one.day.year for one in log_files(tmp_path)] == [2020]


def test_two_hundred_days_are_usual_and_more_may_be_asked_for():
    assert (days_kept(""), days_kept("183"), days_kept("3650")) == (200, 183, 3650)


def test_what_the_database_says_of_a_row_stands_in_no_log(tmp_path):
    handler = DayFileHandler(str(tmp_path), "app")
    handler.setFormatter(PlainFormatter("%(message)s"))
    told = f"duplicate key value\nDETAIL:  Key (phone)=({PHONE}) already exists."
    try:
        raise ValueError(told)
    except ValueError as error:
        handler.handle(
            logging.makeLogRecord({"msg": "broken", "exc_info": (type(error), error, error.__traceback__)})
        )

    (file,) = log_files(tmp_path)
    assert "duplicate key" in file.path.read_text() and PHONE not in file.path.read_text()


def test_a_value_with_lines_of_its_own_and_one_in_a_message_stand_in_no_log():
    formatter = PlainFormatter("%(message)s")
    told = f"null value\nDETAIL:  Failing row contains (1, 田桂香\n{PHONE}, null).\nCONTEXT:  COPY p, line 1: {PHONE}"
    try:
        raise ValueError(told)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
        whole = formatter.format(
            logging.makeLogRecord({"msg": "broken: %s", "args": (error,), "exc_info": info})
        )

    assert PHONE not in whole and "田桂香" not in whole
    assert whole.count("null value") == 2 and "Traceback" in whole
