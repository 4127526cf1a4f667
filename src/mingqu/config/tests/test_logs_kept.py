"""`mingqu check --production` names a site whose logs would not be there for six months; `mingqu logs` says what is."""

import argparse
import os

import pytest

from mingqu.config.commands import logs
from mingqu.config.commands.check import unkept_logs
from mingqu.config.commands.installation import Refused
from mingqu.config.launcher import LOG_KEPT, EmbeddedPostgres
from mingqu.config.supervisor import kept_lines
from mingqu.kernel.logfiles import log_files

DAYS = "MINGQU_LOG_DAYS"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = tmp_path / "logs"
    made.mkdir(mode=0o700)
    monkeypatch.setenv("MINGQU_LOG_FOLDER", str(made))
    monkeypatch.delenv(DAYS, raising=False)
    return made


def test_fewer_days_than_the_law_asks_for_and_no_folder_are_unsafe(folder):
    (few,) = unkept_logs({DAYS: "182"}, folder)
    (none,) = unkept_logs({}, None)

    assert "at least 183" in few and "six months" in none
    assert list(unkept_logs({}, folder)) == list(unkept_logs({DAYS: "365"}, folder)) == []


def test_a_folder_that_others_can_read_is_unsafe(folder):
    folder.chmod(0o755)

    (said,) = unkept_logs({}, folder)

    assert "mode 755" in said


def test_the_command_says_what_is_there_and_for_how_long(folder, capsys):
    for name in ("access-20260101.log", "access-20261123.log", "app-20261123.log", "other.log"):
        (folder / name).touch()

    logs.logs(argparse.Namespace(address=None, day=""))
    said = capsys.readouterr().out

    assert "kept 200 days" in said and "access: 2026-01-01 to 2026-11-23" in said and "other" not in said


def test_where_no_log_is_kept_the_command_says_so(monkeypatch):
    monkeypatch.setenv("MINGQU_LOG_FOLDER", "none")

    with pytest.raises(Refused, match="no log is kept"):
        logs.logs(argparse.Namespace(address=None, day=""))


def test_what_the_supervisor_says_is_kept_too(folder, capsys):
    kept_lines(folder)("part_ended", part="web", code=9)

    (file,) = log_files(folder)
    assert file.stream == "supervisor" and "part_ended part=web code=9" in file.path.read_text()
    assert "part_ended" in capsys.readouterr().err


def test_the_databases_log_never_overwrites_its_last_one(tmp_path):
    server = EmbeddedPostgres(tmp_path)
    for _ in range(2):
        with server.log.open("wb") as log:
            log.truncate(LOG_KEPT + 1)
        os.utime(server.log, (1_790_000_000, 1_790_000_000))
        server._put_log_away()

    assert len([*log_files(tmp_path / "logs")]) == 2 and not server.log.exists()
