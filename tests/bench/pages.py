"""Pages of a signed-in person, asked for in this process: statements, CPU, time."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import connections
from django.test import Client
from django.urls import reverse

from mingqu.cases import selectors
from mingqu.cases.models import Case
from mingqu.identity.models import User
from mingqu.identity.tests.factories import signed_in
from tests.bench import world as w
from tests.bench.figures import Figure
from tests.bench.meter import Spent, counted, quiet

CASES, EACH = 20_000, 100
KNOWN, PAGE_MS = 2, 50


def bench() -> Iterable[Figure]:
    """An address that shows nothing tells what it costs to know who asks."""
    many_received()
    clerk, citizen = browser(w.world().clerk.user_id), browser(w.world().citizen.user_id)
    for name, client in (("an officer", clerk), ("a citizen", citizen)):
        yield from page(f"knowing {name}", client, reverse("healthz"), KNOWN)
    yield from page(f"the desk of a clerk with {CASES:,} cases", clerk, reverse("workbench:desk"))
    yield from page("a citizen's own profile", citizen, reverse("identity:profile"))
    yield from page("front page, nobody signed in", Client(), "/")
    received = [Case.Status.RECEIVED]
    spent = repeated(lambda: selectors.worklist(w.world().clerk, selectors.Wanted(received)))
    yield Figure(
        f"worklist of {CASES:,} cases, first page, 99th percentile", spent.wall_ms(0.99), "ms", bar=PAGE_MS
    )
    yield Figure(f"worklist of {CASES:,} cases, first page, CPU", spent.cpu_ms, "ms")


def page(name: str, client: Client, address: str, most: int | None = None) -> Iterable[Figure]:
    def get() -> None:
        answer: Any = client.get(address, headers={"host": "localhost"})
        assert answer.status_code == 200, f"{address}: {answer.status_code}"

    get()
    with counted() as statements:
        get()
    spent = repeated(get)
    yield Figure(f"{name}: statements", len(statements), "statements", bar=most)
    yield Figure(f"{name}: CPU", spent.cpu_ms, "ms")
    yield Figure(f"{name}: time, median", spent.wall_ms(), "ms")


def repeated(deed: Callable[[], object], each: int = EACH) -> Spent:
    spent = Spent()
    deed()
    with quiet():
        for _ in range(each):
            spent.take(deed)
    return spent


def browser(user_id: Any) -> Client:
    return signed_in(Client(), User.objects.get(pk=user_id))


def many_received() -> None:
    """With a number in the directory each."""
    (one,) = w.drafts(1)
    w.file(one)
    many(one.id, CASES)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_casenumber (number, case_id) SELECT number, id FROM cases_case"
            " ON CONFLICT DO NOTHING"
        )
    connections["owner"].close()


def many(case_id: UUID, number: int) -> None:
    """Copies of one case that was really filed, with ids, numbers and last days of their own."""
    names = [f.column for f in Case._meta.concrete_fields]
    own = {
        "id": "gen_random_uuid()",
        "number": "'990104' || (20260918 + n / 900000) || lpad((900000 - mod(n, 900000))::text, 6, '0')",
        "due_on": "due_on + mod(n, 30)",
    }
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(own.get(str(name), f'"{name}"') for name in names)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_case ({columns}) SELECT {values} FROM cases_case, generate_series(1, %s) AS n"
            " WHERE id = %s",
            [number, case_id],
        )
        cursor.execute("VACUUM ANALYZE cases_case")
    connections["owner"].close()
