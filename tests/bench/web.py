"""
Over HTTP, against the parts `mingqu serve` runs (web, relay, worker, scheduler), with four connections at once: how
many a second, and whose CPU it took. Papers are made, events delivered and the ledger sealed meanwhile.
"""

import argparse
import http.client
import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.config.commands.serve import free_port, parts
from mingqu.config.launcher_process import start_process
from mingqu.identity.models import User
from mingqu.identity.tests.factories import signed_in
from mingqu.kernel import partitions
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import OutboxEvent
from mingqu.process import selectors as tasks
from tests.bench import world as w
from tests.bench.figures import Figure
from tests.bench.meter import cpu_of, server_pids

CLIENTS, EACH, WARM = (
    4,
    150,
    24,
)  # so many a client, some seconds of each kind; before them so many that are not measured
COUNT = WARM + CLIENTS * EACH
TIMES_EMPTY = 4.0  # a completion, of the CPU of an empty page
OPEN_ZAAK = {
    "filings": 13.6,
    "completions": 6.7,
    "lists": 11.6,
}  # a second, 3,500 cases; the issue wants ten times that
LATE_MS = 300.0  # CAT-12 asks it of a search; NFR-03 wants a budget and names none: the same for every page
TOKEN = "b" * 32  # both halves of Django's protection against forged requests are the browser's
PATIENCE = 300.0  # seconds the parts may take to come up
LEFT_OVER = 900.0  # seconds to have done what the preparation left them
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Ask:
    """One request of somebody who is signed in, and where its answer sends her ("": it is a page)."""

    path: str
    session: str
    form: dict[str, str] = field(default_factory=dict)
    to: str = ""


@dataclass(frozen=True)
class Took:
    """
    Of so many requests: wall seconds of all, of each until its answer was read, CPU seconds of each part, and events
    that still waited for the relay when the last was answered.
    """

    count: int
    wall: float
    cpu: dict[str, float]
    answers: Sequence[float]
    waiting: int

    def each_ms(self, part: str) -> float:
        return self.cpu[part] / self.count * 1e3

    def late_ms(self, share: float) -> float:
        """Within so many milliseconds this share of them was answered."""
        ordered = sorted(self.answers)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1e3


def bench() -> Iterable[Figure]:
    now = timezone.now()
    people = w.world()
    partitions.make_partitions(partitions.partitioned_tables(), legal_day(now))
    drafts = [f.draft(people, at=now) for _ in range(COUNT)]
    cases = [accepted(people) for _ in range(COUNT)]
    reviewer, clerk, citizen = (
        session_of(one.user_id) for one in (people.reviewer, people.clerk, people.citizen)
    )
    with running() as site:
        site.settle()
        front = site.take([Ask("/", "")] * COUNT)
        found = site.take([Ask(f"{reverse('portal:search')}?{urlencode({'q': '食品'})}", "")] * COUNT)
        empty = site.take([Ask(reverse("workbench:phrases"), reviewer)] * COUNT)
        lists = site.take([Ask(f"{reverse('workbench:desk')}?tab=received", clerk)] * COUNT)
        done = site.take([completion(case, reviewer) for case in cases])
        filed = site.take([filing(draft, citizen) for draft in drafts])
    yield Figure("an empty page of an officer: CPU of the web", empty.each_ms("web"), "ms")
    yield Figure("an empty page of an officer: CPU of PostgreSQL", empty.each_ms("database"), "ms")
    yield Figure(
        "a completion: CPU of the web, beside an empty page",
        done.each_ms("web"),
        "ms",
        bar=TIMES_EMPTY,
        beside=empty.each_ms("web"),
    )
    for name, took in (("filings", filed), ("completions", done), ("lists", lists)):
        yield from figures(name, took)
    # NFR-03: how long people wait while four ask at once.
    for name, took in (
        ("front page", front),
        ("a search", found),
        ("an empty page of an officer", empty),
        ("a list of an officer", lists),
        ("a filing", filed),
        ("a completion", done),
    ):
        for share, words in ((0.5, "median"), (0.95, "95th percentile")):
            bar = LATE_MS if share > 0.5 else None
            yield Figure(f"{name}: until the answer, {words}", took.late_ms(share), "ms", bar=bar)


def figures(name: str, took: Took) -> Iterable[Figure]:
    rate = took.count / took.wall
    yield Figure(f"{name} with {CLIENTS} connections", rate, "1/s", "higher", bar=10 * OPEN_ZAAK[name])
    # What the rate leaves to the relay for afterwards: little, or it would be borrowed.
    yield Figure(
        f"{name}: events not yet delivered at the last answer, of each hundred",
        100 * took.waiting / took.count,
        "",
    )
    for part in ("web", "database", "relay", "worker"):
        yield Figure(f"{name}: CPU of {part}, each", took.each_ms(part), "ms")


def accepted(people: f.World) -> Case:
    now = timezone.now()
    case = f.received_case(people, at=now)
    services.accept_case(case_id=case.pk, by=people.clerk, at=now, key=uuid4())
    return case


def completion(case: Case, session: str) -> Ask:
    task = next(t for t in tasks.open_tasks(case.pk) if t.step == "check")
    points = {f"point-{place}": "met" for place in range(20)}  # more than any step looks at
    form = {"key": str(uuid4()), "task_id": str(task.task_id), "finding": "met", **points}
    return Ask(reverse("workbench:opinion", args=[case.number]), session, form, reverse("workbench:desk"))


def filing(draft: "f.forms.Started", session: str) -> Ask:
    form = {"declared": "on", "delivery": "electronic", "key": str(uuid4()), "version": str(draft.version)}
    return Ask(reverse("cases:check", args=[draft.draft_id]), session, form, "/")


def session_of(user_id: UUID | None) -> str:
    return str(signed_in(Client(), User.objects.get(pk=user_id)).session.session_key)


@dataclass(frozen=True)
class Site:
    """What runs: the address, and each part's first process."""

    port: int
    children: dict[str, subprocess.Popen[bytes]]

    def settle(self) -> None:
        """Until relay and worker have nothing left to do."""
        until = time.monotonic() + LEFT_OVER
        while OutboxEvent.objects.filter(done_at=None).exists() or _jobs_left():
            if time.monotonic() > until:
                raise RuntimeError("relay and worker did not get through")
            time.sleep(0.5)

    def take(self, asks: Sequence[Ask]) -> Took:
        """All of them by CLIENTS at once; the first WARM, which fill the memory of the web, are not measured."""
        warm, measured = asks[:WARM], asks[WARM:]
        self._at_once(warm)
        before, began = self._cpu(), time.perf_counter()
        answers = self._at_once(measured)
        wall, after = time.perf_counter() - began, self._cpu()
        waiting = OutboxEvent.objects.filter(done_at=None).count()
        return Took(
            len(measured), wall, {name: after[name] - before[name] for name in after}, answers, waiting
        )

    def _at_once(self, asks: Sequence[Ask]) -> list[float]:
        with ThreadPoolExecutor(CLIENTS) as pool:
            shares = pool.map(self._ask_all, [asks[number::CLIENTS] for number in range(CLIENTS)])
            return [seconds for share in shares for seconds in share]

    def _ask_all(self, asks: Sequence[Ask]) -> list[float]:
        """Seconds of each until its answer was read."""
        connection, took = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60), []
        for ask in asks:
            began = time.perf_counter()
            self._ask(connection, ask)
            took.append(time.perf_counter() - began)
        connection.close()
        return took

    def _ask(self, connection: http.client.HTTPConnection, ask: Ask) -> None:
        cookies = {settings.SESSION_COOKIE_NAME: ask.session, settings.CSRF_COOKIE_NAME: TOKEN}
        told = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers = {"Host": "localhost", "Cookie": told}
        if ask.form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            form = urlencode({**ask.form, "csrfmiddlewaretoken": TOKEN})
            connection.request("POST", ask.path, form, headers)
        else:
            connection.request("GET", ask.path, headers=headers)
        answer = connection.getresponse()
        body, to = answer.read(), answer.headers.get("Location", "")
        if answer.status != (302 if ask.form else 200) or not to.startswith(ask.to):
            raise RuntimeError(f"{ask.path}: {answer.status} {to} {body[:2000].decode()}")

    def _cpu(self) -> dict[str, float]:
        parents = _parents()
        found = {name: _cpu_below(child.pid, parents) for name, child in self.children.items()}
        return {**found, "database": cpu_of(server_pids())}


@contextmanager
def running() -> Iterator[Site]:
    """The parts as `mingqu serve` starts them, with its own defaults, until the measurement is over."""
    port = free_port("127.0.0.1", 8100, 50)
    options = argparse.Namespace(host="127.0.0.1", workers=2, threads=4)
    environment = {**os.environ, "MINGQU_BASE_URL": f"http://localhost:{port}"}
    children = {
        part.name: start_process(
            part.arguments, environment=part.environment, output=subprocess.DEVNULL, nice=part.nice
        )
        for part in parts(environment, options, port)
    }
    try:
        _await(port)
        yield Site(port, children)
    finally:
        for child in children.values():
            child.terminate()
        for child in children.values():
            child.wait(30)


def _await(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": "localhost"})
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass  # not listening yet
        finally:
            connection.close()
        time.sleep(0.2)
    raise RuntimeError("the site did not come up")


def _jobs_left() -> bool:
    return ProcrastinateJob.objects.filter(status__in=("todo", "doing"), scheduled_at=None).exists()


def _parents() -> dict[int, tuple[int, float]]:
    """Of every process: its parent, and the CPU seconds of all its threads and of its children that ended."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = entry.read_text("ascii", "replace").rpartition(") ")
        except (FileNotFoundError, ProcessLookupError):
            continue
        columns = rest.split()
        found[int(entry.parent.name)] = (int(columns[1]), sum(map(int, columns[11:15])) / TICKS)
    return found


def _cpu_below(pid: int, parents: dict[int, tuple[int, float]]) -> float:
    """CPU seconds of a process and of all below it."""
    if pid not in parents:
        return 0.0
    return parents[pid][1] + sum(
        _cpu_below(child, parents) for child, (up, _) in parents.items() if up == pid
    )
