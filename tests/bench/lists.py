"""
Lists among all cases of eighteen months: as clerks of windows with all cases, the most, the least and none read them,
their first page and their thousandth, or the last of a shorter list; one's own list with thousands of cases; progress
by number; public counters.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases.models import Case
from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.identity.types import StaffActor
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.types import Actor
from mingqu.portal.selectors import display, own_list
from mingqu.portal.types import Asked
from mingqu.workbench.selectors import desk
from mingqu.workbench.selectors.tabs import TABS
from mingqu.workbench.types import DeskQuery
from tests.bench import scale
from tests.bench.figures import Figure
from tests.bench.meter import backend, counted, cpu_of
from tests.bench.million.ready import UNTIL, Poured, ready
from tests.bench.pages import browser, repeated

AT = datetime.combine(UNTIL, time(12), BEIJING)
BAR_MS, PAGE, FAR = 50, 30, 1000
EACH = 200  # repetitions: the 99th percentile is the slowest of them but one
LISTS = ("received", "team", "closing", "done", "all", "soon", "late", "special")
BY_RECEIPT = ("received", "team", "closing")
LATE = 0.99


def bench() -> Iterable[Figure]:
    poured = ready()
    among = f"{scale.CASES:,} cases"
    for who, clerk in poured.clerks.items():
        for name, deed in lists_of(clerk):
            yield from figure(f"{among}: clerk with {who} cases, {name}", deed)
    for name, deed in steps_of(poured.reviewer):
        yield from figure(f"{among}: officer with the most steps, {name}", deed)
    for name, deed in (*own(poured.citizen), *by_number(), *counters()):
        yield from figure(f"{among}: {name}", deed)
    yield from pages(among, poured)


def figure(name: str, deed: Callable[[], object]) -> Iterable[Figure]:
    """How long it takes, with a bar; and the CPU it takes, which others on the machine change less."""
    server = [backend()]
    before = cpu_of(server)
    spent = repeated(deed, EACH)
    theirs = 1000 * (cpu_of(server) - before) / (len(spent.wall) + 1)
    yield Figure(f"{name}, 99th percentile", spent.wall_ms(LATE), "ms", bar=BAR_MS)
    yield Figure(f"{name}, CPU with PostgreSQL's", spent.cpu_ms + theirs, "ms")


def lists_of(clerk: StaffActor) -> Iterable[tuple[str, Callable[[], object]]]:
    yield "how long each list is", lambda: desk._counts(clerk, desk.Now.at(AT))
    calendar = clocks.current_calendar()
    by_day = [(TABS[code].label, TABS[code].wanted(UNTIL, calendar)) for code in LISTS]
    by_receipt = [
        (f"{TABS[code].label} by receipt", TABS[code].wanted(UNTIL, calendar, received_first=True))
        for code in BY_RECEIPT
    ]
    for label, wanted in (*by_day, *by_receipt):
        yield f"{label}, first page", lambda wanted=wanted: cases.worklist(clerk, wanted)
        number, after = far(clerk, wanted)
        if after:
            yield (
                f"{label}, page {number:,}{'' if number == FAR else ' (its last)'}",
                lambda wanted=wanted, after=after: cases.worklist(clerk, wanted, after=after),
            )


def far(clerk: StaffActor, wanted: cases.Wanted) -> tuple[int, cases.Cursor | None]:
    """Page FAR or the last of a shorter list, and where it begins: None for the first."""
    rows = cases.worklist(clerk, wanted, limit=PAGE * (FAR - 1) + 1)
    before = (len(rows) - 1) // PAGE * PAGE
    return before // PAGE + 1, cases.cursor_of(rows[before - 1], wanted.order) if before > 0 else None


def steps_of(officer: StaffActor) -> Iterable[tuple[str, Callable[[], object]]]:
    assert officer.post_id is not None
    post = identity.post_code(officer.post_id)
    for order in ("due", "received"):
        wanted = cases.StepsWanted(order=order)
        yield f"by {order}", lambda wanted=wanted: cases.steps_waiting(officer, post, wanted)
    yield "the whole list", lambda: desk.desk_page(officer, DeskQuery("mine"), AT)


def own(citizen: Actor) -> Iterable[tuple[str, Callable[[], object]]]:
    many = Case.objects.filter(applicant_id=citizen.id).count()
    for shown in ("open", "all"):
        for order in own_list.ORDERS:
            asked = Asked(shown=shown, order=order)
            name = f"我的 with {many:,} cases, {shown} by {order}"
            yield name, lambda asked=asked: own_list.page(citizen, AT, asked)
    asked = Asked(shown="all", order="new", words="许可")
    yield f"我的 with {many:,} cases, a word looked for", lambda: own_list.page(citizen, AT, asked)
    yield f"我的 with {many:,} cases, what waits", lambda: own_list.todo(citizen)
    yield f"我的 with {many:,} cases, for whom", lambda: own_list.subjects(citizen)


def by_number() -> Iterable[tuple[str, Callable[[], object]]]:
    case = Case.objects.filter(status=Case.Status.DELIVERED).order_by("-id")[1000]
    yield "progress by number and code", lambda: cases.case_by_query_code(case.number, case.query_code)


def counters() -> Iterable[tuple[str, Callable[[], object]]]:
    yield "hall screen", lambda: display.board(AT)


def pages(among: str, poured: Poured) -> Iterable[Figure]:
    """Whole pages, asked for in this process."""
    for who, clerk in poured.clerks.items():
        client = browser(clerk.user_id)
        yield from page(f"{among}: desk of the clerk with {who} cases", client, reverse("workbench:desk"))
    citizen = browser(poured.citizen.user_id)
    yield from page(f"{among}: 我的, whole page", citizen, reverse("portal:my"))
    for name, address in (("front page", "/"), ("list of services", reverse("portal:services"))):
        yield from page(f"{among}: {name}", Client(), address)
    case = Case.objects.filter(applicant_id=poured.citizen.id, status=Case.Status.DELIVERED).order_by("-id")[
        0
    ]
    address = reverse("cases:progress", args=[case.number])
    yield from page(f"{among}: progress of one's own", citizen, address)


def page(name: str, client: Client, address: str) -> Iterable[Figure]:
    def get() -> None:
        answer: Any = client.get(address, headers={"host": "localhost"})
        assert answer.status_code == 200, f"{address}: {answer.status_code}"

    get()
    with counted() as statements:
        get()
    spent = repeated(get, EACH)
    yield Figure(f"{name}: statements", len(statements), "statements")
    yield Figure(f"{name}: CPU", spent.cpu_ms, "ms")
    yield Figure(f"{name}: time, median", spent.wall_ms(), "ms")


def explained(deed: Callable[[], object]) -> list[str]:
    """What the server does for each statement of a deed; to look at by hand."""
    with counted() as seen:
        deed()
    found = []
    for sql, params, _many in seen:
        if sql.lstrip(" (").startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
                found.append("\n".join(row[0] for row in cursor.fetchall()))
    return found
