"""The supervisor: what ends is started again, what is stopped is gone."""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mingqu.config.commands.serve import parts
from mingqu.config.launcher_process import signal_process, start_process
from mingqu.config.supervisor import LONGEST_DELAY, delay_after
from mingqu.config.tests.running import PROGRAMS, Running, alive, ask, left_in, place, until


def supervisor(parts: dict[str, str], home: Path | None = None) -> Running:
    return Running(PROGRAMS / "run_supervisor.py", json.dumps(parts), *([home] if home else []))


def events(running: Running, name: str) -> Iterator[dict[str, Any]]:
    """The events of this name, as they come."""
    while said := running.line():
        if said["event"] == name:
            yield said


def test_a_part_that_was_killed_is_started_again():
    with supervisor({"web": "exec sleep 600"}) as running:
        started = events(running, "started")
        first = next(started)["pid"]

        os.kill(first, signal.SIGKILL)

        second = next(started)["pid"]
        assert second != first
        assert alive(second)


def test_what_a_killed_part_leaves_behind_is_ended_with_it():
    with place() as folder:
        folder.mkdir()
        note = folder / "child"
        with supervisor({"web": f"sleep 600 & echo $! > {note}.new; mv {note}.new {note}; wait"}) as running:
            started = events(running, "started")
            first = next(started)["pid"]
            until(note.exists, "the part has a child of its own")
            child = int(note.read_text())
            assert alive(child)

            os.kill(first, signal.SIGKILL)
            next(started)

            until(lambda: not alive(child), "the child of the killed part ends")


def test_a_part_that_keeps_failing_is_started_ever_more_slowly():
    with supervisor({"web": "exit 3", "relay": "exec sleep 600"}) as running:
        ended = events(running, "ended")
        seen = [next(ended) for _ in range(3)]

    assert [(e["part"], e["code"], e["again_in"]) for e in seen] == [
        ("web", 3, "0.5s"),
        ("web", 3, "1.0s"),
        ("web", 3, "2.0s"),
    ]
    assert delay_after(100) == LONGEST_DELAY


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_every_part_and_leaves_nothing(number):
    with supervisor({"web": "exec sleep 600", "relay": "exec sleep 600"}) as running:
        started = events(running, "started")
        pids = [next(started)["pid"], next(started)["pid"]]

        assert running.stop(number) == 0

        assert not any(alive(pid) for pid in pids)


def test_a_second_stop_does_not_wait_for_a_part_that_will_not_end():
    stubborn = "trap '' TERM; echo '{\"event\": \"stubborn\"}'; while :; do sleep 600; done"
    with supervisor({"web": stubborn}) as running:
        said = {one["event"]: one for one in (running.line(), running.line())}  # in whichever order
        pid = said["started"]["pid"]
        assert "stubborn" in said
        running.process.send_signal(signal.SIGINT)
        running.process.send_signal(signal.SIGTERM)

        assert running.process.wait(10) == 0
        assert not alive(pid)


def test_when_the_supervisor_is_killed_its_parts_end():
    with supervisor({"web": "exec sleep 600", "relay": "exec sleep 600"}) as running:
        started = events(running, "started")
        pids = [next(started)["pid"], next(started)["pid"]]

        running.process.kill()

        until(lambda: not any(alive(pid) for pid in pids), "the parts end with their supervisor")


def test_a_killed_database_is_started_again_with_everything_in_it():
    with place() as home, supervisor({"web": "exec sleep 600"}, home) as running:
        said = next(events(running, "database"))
        owner = said["urls"]["MINGQU_OWNER_DATABASE_URL"]
        ask(owner, "CREATE TABLE kept AS SELECT 1 AS number")

        os.kill(said["pid"], signal.SIGKILL)

        until(lambda: next(events(running, "started"))["part"] == "database", "the database is started again")
        assert ask(owner, "SELECT number FROM kept") == 1
        assert running.stop() == 0
        assert left_in(home) == []


def test_when_all_are_killed_the_next_start_has_everything_that_was_committed():
    with place() as home:
        with supervisor({"web": "exec sleep 600"}, home) as running:
            said = next(events(running, "database"))
            part = next(events(running, "started"))["pid"]
            owner = said["urls"]["MINGQU_OWNER_DATABASE_URL"]
            ask(owner, "CREATE TABLE kept AS SELECT 1 AS number")
            for pid in [running.process.pid, part, *left_in(home)]:
                signal_process(pid, signal.SIGKILL)  # some end with their parent, before their turn

        with supervisor({"web": "exec sleep 600"}, home) as again:
            owner = next(events(again, "database"))["urls"]["MINGQU_OWNER_DATABASE_URL"]
            assert ask(owner, "SELECT number FROM kept") == 1


@pytest.mark.long
def test_nothing_committed_is_lost_in_fifty_random_kills():
    """A writer that notes what the database confirmed; after each kill of anything, all of it is there."""
    import random

    chance = random.Random(20261121)
    confirmed = 0
    with place() as home:
        for _ in range(50):
            with supervisor({"web": "exec sleep 600"}, home) as running:
                said = next(events(running, "database"))
                owner = said["urls"]["MINGQU_OWNER_DATABASE_URL"]
                ask(owner, "CREATE TABLE IF NOT EXISTS kept (number int PRIMARY KEY)")
                assert ask(owner, "SELECT count(*) FROM kept") >= confirmed
                confirmed = ask(owner, "SELECT coalesce(max(number), 0) FROM kept")
                victims = [running.process.pid, said["pid"], chance.choice(left_in(home))]
                stop_after, victim = chance.randrange(200), chance.choice(victims)
                try:
                    with psycopg.connect(owner, autocommit=True) as connection:
                        for step in range(400):
                            if step == stop_after:
                                signal_process(victim, signal.SIGKILL)
                            connection.execute("INSERT INTO kept VALUES (%s)", [confirmed + 1])
                            confirmed += 1
                except psycopg.OperationalError:
                    continue  # the kill was felt; what was confirmed before it is counted next time


def test_what_nobody_waits_for_stands_back_for_the_web_within_its_session_and_as_a_session():
    told = ["import os; print(os.nice(0))"]
    if Path("/proc/self/autogroup").exists():
        told.append("print(open('/proc/self/autogroup').read())")

    child = start_process([sys.executable, "-c", "; ".join(told)], output=subprocess.PIPE, nice=7)
    words = child.communicate()[0].decode().split()

    assert int(words[0]) == min(19, os.nice(0) + 7)
    assert len(words) == 1 or words[-1] == "7"
    options = argparse.Namespace(host="127.0.0.1", workers=1, threads=1)
    nice = {part.name: part.nice for part in parts({}, options, 8000)}
    assert nice["web"] == 0 < nice["relay"] < nice["worker"]
