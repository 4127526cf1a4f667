"""A whole site: set up, served, killed, stopped, by the command alone."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mingqu.config.commands.serve import free_port
from mingqu.config.tests.running import SOURCE, Running, alive, left_in, place, programs, until

pytestmark = pytest.mark.xdist_group("installation")  # one for all of them

PASSWORD = "Korrekt-Pferd-9-Batterie"


class Site:
    """An installation in a folder of its own and how to speak to it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port("127.0.0.1", 18000 + os.getpid() % 1000, 200)
        self.environment = {
            "PYTHONPATH": str(SOURCE),
            "MINGQU_HOME": str(home),
            "MINGQU_MASTER_KEY_FILE": str(home.parent / "master.key"),
            "MINGQU_SECRET_KEY_FILE": "",
            "MINGQU_SITE_REGION_CODE": "990104000000",
            "MINGQU_DATABASE_URL": "",
            "MINGQU_PG_BIN": programs(),
        }

    def command(self, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mingqu.config.cli", *arguments],
            env={**os.environ, **self.environment},
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )

    def serve(self) -> Running:
        return Running("-m", "mingqu.config.cli", "serve", "--port", self.port, **self.environment)

    def until_ready(self, running: Running) -> None:
        until(lambda: running.process.poll() is not None or self.ready(), "the site is ready", 60)
        assert running.process.poll() is None

    def ready(self) -> dict[str, Any] | None:
        """What /readyz says, or None while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                said: dict[str, Any] = json.load(answer)
                return said
        except OSError:  # refused, cut off, or not in time
            return None


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descendants(pid: int) -> list[int]:
    return [one for child in children(pid) for one in [child, *descendants(child)]]


def running_called(pids: list[int], word: str) -> list[int]:
    return [pid for pid in pids if word in Path(f"/proc/{pid}/cmdline").read_text()]


def called(pids: list[int], word: str) -> int:
    (found,) = running_called(pids, word)
    return found


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A real site with its first operator."""
    with place() as home:
        made = Site(home)
        done = made.command(
            "setup", "--username", "first", "--name", "张三", "--password-stdin", said=f"{PASSWORD}\n"
        )
        assert done.returncode == 0, done.stderr
        yield made


def test_a_site_is_served_and_stopped_and_nothing_is_left(site):
    with site.serve() as running:
        site.until_ready(running)
        everything = descendants(running.process.pid)
        assert "first" in site.command("user", "list").stdout
        assert "Already running" in site.command("serve").stderr

        assert running.stop() == 0

    until(lambda: not any(alive(pid) for pid in everything), "all parts are gone")
    assert left_in(site.home) == []
    assert not (site.home / "run").exists()


@pytest.mark.long
def test_a_killed_web_process_is_replaced_while_the_other_answers(site):
    with site.serve() as running:
        site.until_ready(running)
        master = called(children(running.process.pid), "granian")
        worker = children(master)[0]

        os.kill(worker, signal.SIGKILL)

        until(site.ready, "the other answers")
        until(lambda: len(children(master)) == 2 and worker not in children(master), "it is replaced")


@pytest.mark.long
def test_when_supervisor_and_web_are_killed_together_all_the_rest_ends_and_the_site_starts_again(site):
    with site.serve() as running:
        site.until_ready(running)
        everything = descendants(running.process.pid)
        os.kill(called(children(running.process.pid), "granian"), signal.SIGKILL)
        running.process.kill()
        until(lambda: not any(alive(pid) for pid in everything), "all parts end")

    with site.serve() as again:
        site.until_ready(again)
        assert again.stop() == 0


@pytest.mark.long
def test_a_killed_database_comes_back_and_the_site_with_it(site):
    with site.serve() as running:
        site.until_ready(running)
        os.kill(called(children(running.process.pid), "postgres"), signal.SIGKILL)
        until(lambda: running_called(children(running.process.pid), "postgres"), "it is started again")

        until(site.ready, "the site is ready again", 60)


def test_a_site_that_is_unsafe_in_the_open_is_told_so(site):
    done = site.command("check", "--production")

    assert done.returncode == 1
    assert "MINGQU_BASE_URL" in done.stdout
    assert "demo" not in done.stdout
    assert PASSWORD not in done.stdout


@pytest.mark.long
def test_a_backup_of_a_running_site_is_tried_and_comes_back_in_another_place_with_its_accounts(
    site, tmp_path
):
    shelf = tmp_path / "shelf"
    with site.serve() as running:
        site.until_ready(running)
        done = site.command("backup", str(shelf))
        assert done.returncode == 0, done.stderr
        assert running.stop() == 0
    tried = site.command("drill", str(shelf))
    assert tried.returncode == 0, tried.stderr
    assert json.loads(tried.stdout)["findings"] == []
    assert "holds a real installation" in site.command("restore", str(shelf)).stderr

    with place() as home:
        other = Site(home)
        other.environment["MINGQU_MASTER_KEY_FILE"] = site.environment["MINGQU_MASTER_KEY_FILE"]
        back = other.command("restore", str(shelf))
        assert back.returncode == 0, back.stderr
        assert "first" in other.command("user", "list").stdout
