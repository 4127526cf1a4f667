"""The embedded database: who may start it, what survives a kill, what is left behind."""

import fcntl
import json
import os
import shutil
import signal
import stat
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from mingqu.config import launcher, launcher_binaries
from mingqu.config.launcher import EmbeddedPostgres, LauncherError, lock_home, make_home, throwaway_postgres
from mingqu.config.launcher_binaries import binaries
from mingqu.config.launcher_process import service_account, signal_process
from mingqu.config.tests.running import USERS, Running, ask, database, left_in, place, until

OWNER, APP = "MINGQU_OWNER_DATABASE_URL", "MINGQU_DATABASE_URL"


def write_a_row(urls: dict[str, str]) -> None:
    ask(urls[OWNER], "CREATE TABLE IF NOT EXISTS kept (number int)")
    ask(urls[OWNER], "INSERT INTO kept VALUES (1)")


def rows(urls: dict[str, str]) -> int:
    return int(ask(urls[OWNER], "SELECT count(*) FROM kept"))


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.mark.parametrize("uid", USERS)
def test_it_starts_for_root_and_for_an_ordinary_user_and_leaves_nothing_behind(uid):
    with place(uid) as home, database(home, uid) as running:
        urls = running.line()["urls"]
        assert ask(urls[APP], "SELECT current_user") == "mingqu_app"
        assert (home / "postgres").stat().st_uid != 0

        assert running.stop() == 0

        assert left_in(home) == []
        assert not (home / "run").exists()


@pytest.fixture(scope="module")
def one_for_all():
    """A running database for the tests that leave it as it is: (its folder, its launcher, its addresses)."""
    with place() as home, database(home) as running:
        yield home, running, running.line()["urls"]


def test_a_second_start_is_refused_and_told_who_runs_it(one_for_all):
    home, first, _ = one_for_all

    with database(home) as second:
        said = second.line()["refused"]

    assert str(first.process.pid) in said
    assert "a test" in said


def test_the_three_roles_have_passwords_of_their_own_and_nobody_is_trusted(one_for_all):
    home, _, urls = one_for_all

    assert mode(home / "secrets.json") == "0o600"
    assert len(set(json.loads((home / "secrets.json").read_text()).values())) == 4
    with pytest.raises(psycopg.OperationalError):
        ask(urls[APP].replace(urlsplit(urls[APP]).password or "", "wrong"), "SELECT 1")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        ask(urls["MINGQU_READ_DATABASE_URL"], "CREATE SCHEMA mine")


def test_a_chinese_word_has_trigrams_to_be_found_by(one_for_all):
    _, _, urls = one_for_all
    ask(urls[OWNER], "CREATE EXTENSION pg_trgm")

    assert ask(urls[OWNER], "SELECT similarity('食品经营许可', '食品许可')") > 0.2


def test_values_of_rows_do_not_reach_the_log(one_for_all):
    home, _, urls = one_for_all
    ask(urls[OWNER], "CREATE TABLE people (phone text UNIQUE)")
    ask(urls[OWNER], "INSERT INTO people VALUES ('19900001234')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        ask(urls[OWNER], "INSERT INTO people VALUES ('19900001234')")

    log = (home / "postgres.log").read_text()

    assert "duplicate key" in log
    assert "19900001234" not in log


def test_when_the_launcher_is_killed_the_server_ends_cleanly_and_the_next_start_has_everything():
    with place() as home:
        with database(home) as running:
            write_a_row(running.line()["urls"])
            running.process.kill()
            until(lambda: left_in(home) == [], "the server ends with its launcher")
        assert "database system is shut down" in (home / "postgres.log").read_text()

        with database(home) as again:
            assert rows(again.line()["urls"]) == 1


def test_a_start_straight_after_a_kill_waits_for_the_old_server_to_go():
    with place() as home:
        with database(home) as running:
            write_a_row(running.line()["urls"])
            running.process.kill()

        with database(home) as again:
            assert rows(again.line()["urls"]) == 1


def test_when_the_server_is_killed_the_next_start_recovers_what_was_committed():
    with place() as home:
        with lock_here(home), EmbeddedPostgres(home) as server:
            write_a_row(server.urls())
            assert server.process is not None
            server.process.kill()
            until(lambda: not server.alive(), "the launcher notices")

            server.start()

            assert rows(server.urls()) == 1
        assert left_in(home) == []


def test_when_everything_is_killed_the_next_start_recovers_what_was_committed():
    with place() as home:
        with database(home) as running:
            write_a_row(running.line()["urls"])
            for pid in [running.process.pid, *left_in(home)]:
                signal_process(pid, signal.SIGKILL)

        with database(home) as again:
            assert rows(again.line()["urls"]) == 1


def test_a_pid_file_that_names_somebody_elses_process_does_not_keep_it_from_starting():
    with place() as home:
        with database(home) as running:
            running.line()
        (home / "postgres" / "postmaster.pid").write_text(
            f"{os.getpid()}\n{home / 'postgres'}\n0\n5432\n\n\n\n"
        )

        with database(home) as again:
            assert "urls" in again.line()


def test_a_server_that_outlived_its_launcher_is_taken_over_and_stopped_at_the_end():
    with place() as home:
        with database(home, orphan=True) as running:
            said = running.line()
            write_a_row(said["urls"])
            running.process.kill()
        assert said["pid"] in left_in(home)

        with database(home) as again:
            taken = again.line()
            assert taken["pid"] == said["pid"]
            assert "taking it over" in taken["progress"][0]
            assert rows(taken["urls"]) == 1

        assert left_in(home) == []
        assert not (home / "run").exists()


def test_an_initialisation_cut_short_is_begun_anew():
    with place() as home:
        make_home(home)
        (home / "postgres.partial").mkdir()
        (home / "postgres.partial" / "PG_VERSION").write_text("18")

        with database(home) as running:
            assert "urls" in running.line()


def test_a_folder_it_did_not_make_keeps_its_mode():
    with place() as home:
        home.mkdir()
        home.chmod(0o755)
        home.parent.chmod(0o751)

        with database(home) as running:
            running.line()

        assert (mode(home), mode(home.parent)) == ("0o755", "0o751")


@pytest.mark.parametrize("uid", USERS)
def test_a_path_too_long_for_a_socket_is_no_obstacle(uid):
    with place(uid, name="x" * 120) as home, database(home, uid) as running:
        folder = conninfo_to_dict(running.line()["urls"][APP])["host"]
        assert len(folder) < 100
        assert mode(Path(folder)) == "0o700"

        running.stop()

        assert not Path(folder).exists()


def test_another_version_and_missing_passwords_are_refused_and_no_new_database_is_made():
    with place() as home:
        with database(home) as running:
            running.line()
        version = (home / "postgres" / "PG_VERSION").read_text()

        (home / "postgres" / "PG_VERSION").write_text("15\n")
        with pytest.raises(LauncherError, match="was made by PostgreSQL 15"):
            EmbeddedPostgres(home).start()

        (home / "postgres" / "PG_VERSION").write_text(version)
        (home / "secrets.json").unlink()
        with pytest.raises(LauncherError, match="restore"):
            EmbeddedPostgres(home).start()


def test_recovery_is_waited_for_without_limit_and_with_progress(monkeypatch):
    answers = iter([pq.Ping.REJECT] * 500 + [pq.Ping.OK])
    lines: list[str] = []
    server = EmbeddedPostgres(Path("/nonexistent"), progress=lines.append)
    monkeypatch.setattr(server, "answers", lambda: next(answers))
    monkeypatch.setattr("mingqu.config.launcher.time.sleep", lambda seconds: None)

    assert server._becomes_ready()

    assert len(lines) == 10  # 50 s of waiting, a line each 5 s


def test_a_server_that_ends_while_it_is_taken_over_is_started_anew(monkeypatch):
    with place() as home:
        make_home(home)
        server = EmbeddedPostgres(home, progress=(lines := []).append)

        def a_server_about_to_end() -> bool:
            server.adopted = 1
            return True

        monkeypatch.setattr(server, "_adopt", a_server_about_to_end)
        with server:
            assert ask(server.urls()[APP], "SELECT current_user") == "mingqu_app"
        assert "the database we took over has ended; starting it anew" in lines


if os.geteuid() == 0:  # these are about giving up root; an ordinary user has no part in them

    def test_root_is_refused_a_folder_the_service_account_cannot_enter():
        with place() as home:
            home.parent.chmod(0o700)
            make_home(home)

            with pytest.raises(LauncherError, match="can't enter"):
                EmbeddedPostgres(home).start()

            assert mode(home.parent) == "0o700"

    def test_programs_in_a_closed_folder_are_copied_for_the_service_account(monkeypatch):
        monkeypatch.delenv("MINGQU_PG_BIN", raising=False)
        with place() as home:
            make_home(home)
            closed = home.parent / "closed"
            closed.mkdir(mode=0o700)
            package = launcher_binaries._wheel_folder()
            shutil.copytree(package / "pginstall", closed / package.name / "pginstall")
            shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
            monkeypatch.setattr(launcher_binaries, "_wheel_folder", lambda: closed / package.name)

            folder = binaries(home, service_account(home / "postgres"))

            assert folder.is_relative_to(home / "binaries")
            assert mode(closed) == "0o700"


def test_a_throwaway_cluster_whose_session_was_killed_is_removed_by_the_next():
    program = """
import json, signal
from pathlib import Path
from mingqu.config import launcher_process
launcher_process._die_with = lambda *given: None
from mingqu.config.launcher import throwaway_postgres
with throwaway_postgres(Path("FOLDER")) as urls:
    print(json.dumps(urls), flush=True)
    signal.pause()
"""
    with place() as folder:
        make_home(folder)
        with Running("-c", program.replace("FOLDER", str(folder))) as first:
            first.line()
            first.process.kill()
        (killed,) = folder.glob("pg*")
        assert left_in(killed)

        with throwaway_postgres(folder) as urls:
            assert not killed.exists()
            assert left_in(killed) == []
            assert ask(urls[OWNER], "SHOW fsync") == "off"

        assert list(folder.glob("pg*")) == []


def test_a_cluster_is_removed_while_nobody_sweeps(monkeypatch):
    """A sweep would find it half gone, and take it for one whose session was killed."""
    with place() as folder:
        make_home(folder)
        home = folder / "pg1"
        home.mkdir()
        seen = []

        def remove(path):
            with (folder / "sweep.lock").open("a") as turn, pytest.raises(BlockingIOError):
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            seen.append(path)

        monkeypatch.setattr(launcher.shutil, "rmtree", remove)
        launcher._remove(folder, home)
        monkeypatch.undo()

        assert seen == [home]


def lock_here(home: Path):
    make_home(home)
    return lock_home(home, "a test")
