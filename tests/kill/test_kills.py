"""
Parts of a running installation are killed under load. Afterwards nothing is lost and nothing doubled.

Everything is real: supervisor, PostgreSQL, web, relay, worker, scheduler; several clients that file and handle
cases in processes of their own; an officer at a browser.
"""

import contextlib
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingqu.config.demo import district
from tests.kill.browse import Browser, Desk
from tests.kill.installation import PARTS, Installation, installation

CLIENTS = 2
SEED = 20261121


class Load:
    """Clients at work on an installation, each in a process of its own, and a desk."""

    def __init__(self, made: Installation) -> None:
        self.made = made
        self.journals = [made.home.parent / f"client-{number}.jsonl" for number in range(CLIENTS)]
        for path in self.journals:
            path.touch()
        self.clients = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.kill.client", str(path), str(number), str(SEED + number)],
                env=made.client_environment(),
                cwd="/",
            )
            for number, path in enumerate(self.journals)
        ]
        browser = Browser(made.url)
        browser.sign_in_staff("chuangkou", district.PASSWORD, lambda: one_time_code("chuangkou"))
        own = made.home.parent / "desk.jsonl"
        self.desk = Desk(browser, list(self.journals), own)
        self.desk.start()
        self.journals.append(own)

    def done(self) -> int:
        return sum(path.read_text("utf-8").count('"done"') for path in self.journals if path.exists())

    def wait_for(self, more: int) -> None:
        """Until so many more deeds are acknowledged: the load is felt before the next kill."""
        goal = self.done() + more
        self.made.wait(lambda: self.done() >= goal, f"{more} more deeds are acknowledged", 120)

    def stop(self) -> None:
        self.desk.stop()
        for client in self.clients:
            client.send_signal(signal.SIGTERM)
        assert [client.wait(150) for client in self.clients] == [0] * CLIENTS, (
            "no client was refused anything"
        )

    def abandon(self) -> None:
        self.desk.stopping.set()
        for client in self.clients:
            if client.poll() is None:
                client.kill()
                client.wait()
        self.desk.join(90)


@contextlib.contextmanager
def load(made: Installation) -> Iterator[Load]:
    at_work = Load(made)
    try:
        yield at_work
    finally:
        at_work.abandon()


def one_time_code(username: str) -> str:
    from django.utils import timezone

    from mingqu.identity.services import second_factor

    return second_factor.code_at(district.totp_secret(username), timezone.now())


def kill(made: Installation, part: str, choose: int) -> None:
    made.kill(part, choose)
    if part == "supervisor":
        made.start()
    # Not until all is well again: the next kill may hit while parts are still being started.


def found(made: Installation, journals: list[Path]) -> dict:
    checked = subprocess.run(
        [sys.executable, "-m", "tests.kill.checks", *map(str, journals)],
        env=made.client_environment(),
        cwd="/",
        stdout=subprocess.PIPE,
        check=True,
        timeout=900,
    )
    said: dict = json.loads(checked.stdout)
    return said


@pytest.mark.site
@pytest.mark.timeout(900)
def test_each_part_killed_once_under_load_nothing_is_lost_or_doubled():
    with installation() as made, load(made) as at_work:
        at_work.wait_for(10)
        for part in PARTS:
            kill(made, part, 0)
            at_work.wait_for(5)
        at_work.stop()
        made.until_ready("the installation is well again")
        said = found(made, at_work.journals)

    assert said["wrong"] == []
    assert said["amounts"]["acknowledged"] > 40
    assert all(said["amounts"].values()), said["amounts"]


@pytest.mark.site
@pytest.mark.long
@pytest.mark.timeout(3600)
def test_fifty_random_kills_lose_and_double_nothing():
    chance = random.Random(SEED)
    with installation() as made, load(made) as at_work:
        for _ in range(50):
            kill(made, chance.choice(PARTS), chance.randrange(8))
            time.sleep(chance.random() * 4)  # a random moment of the load and of the recovery
        at_work.wait_for(5)
        at_work.stop()
        made.until_ready("the installation is well again")
        said = found(made, at_work.journals)

    assert said["wrong"] == []
    assert said["amounts"]["acknowledged"] > 150
