"""What happens after a command has committed: events, seals of the ledger, papers."""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connections

from mingqu.documents import services as documents
from mingqu.documents.models import DocumentRequest
from mingqu.identity.tests.factories import NOON
from mingqu.kernel import ledger, ledger_keys, relay
from mingqu.kernel.models import OutboxEvent, UnsealedEntry
from tests.bench import world as w
from tests.bench.figures import Figure
from tests.bench.meter import Spent, counted

CASES, PAPERS, ENTRIES = 100, 40, 10_000
SOON = w.AT + timedelta(minutes=1)
AFTER_ALL = NOON + timedelta(days=1)  # what made the posts was later than the cases
DONE = DocumentRequest.State.READY


def bench() -> Iterable[Figure]:
    w.world()
    until_none(lambda: relay.round_once(AFTER_ALL))
    cases = w.accepted(CASES)
    waiting = OutboxEvent.objects.filter(done_at=None).count()
    spent = Spent()
    spent.take(lambda: until_none(lambda: relay.round_once(AFTER_ALL)))
    assert not OutboxEvent.objects.filter(done_at=None).exists(), "every subscriber took its event"
    yield Figure("events delivered to their subscribers", waiting / spent.wall[0], "1/s", "higher")
    yield Figure("an event: CPU of the relay", spent.cpu_ms / waiting, "ms")
    yield from papers([one.id for one in cases[:PAPERS]])
    yield from sealing()


def until_none(work: Callable[[], int]) -> None:
    while work():
        pass


def papers(root_ids: list[UUID]) -> Iterable[Figure]:
    requests = list(DocumentRequest.objects.filter(root_id__in=root_ids, kind="acceptance_notice"))
    spent = Spent()
    states: list[str] = []

    def make(one: DocumentRequest) -> None:
        states.append(documents.make_document(root_id=one.root_id, request_id=one.id, at=SOON))

    for one in requests:
        spent.take(make, one)
    assert set(states) == {DONE}
    yield Figure("notices rendered, sealed and stored", len(states) / sum(spent.wall), "1/s", "higher")
    yield Figure("a notice: CPU of the worker", spent.cpu_ms, "ms")


def sealing() -> Iterable[Figure]:
    """One checkpoint over as many entries as it takes at most."""
    ledger_keys.newest(w.AT)
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM kernel_unsealedentry")
        cursor.execute(
            "INSERT INTO kernel_unsealedentry (root_id, seq, link)"
            " SELECT gen_random_uuid(), 1, sha256(n::text::bytea) FROM generate_series(1, %s) AS n",
            [ENTRIES],
        )
    connections["owner"].close()
    began = time.perf_counter()
    with counted() as statements:
        checkpoint = ledger.seal(SOON, ENTRIES)
    assert checkpoint is not None
    assert checkpoint.size == ENTRIES
    assert not UnsealedEntry.objects.exists()
    yield Figure(f"{ENTRIES:,} entries under one checkpoint", time.perf_counter() - began, "s")
    yield Figure(f"{ENTRIES:,} entries under one checkpoint: statements", len(statements), "statements")
