"""
Text messages from the queue to the local double, as the worker's job sends them; what telling a person costs before;
and one batch beside its bare statements.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connections

from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications import services
from mingqu.notifications.models import Attempt, DoubleSms, Outgoing, SentOnDay
from mingqu.notifications.services import sending
from tests.bench import world as w
from tests.bench.figures import Figure
from tests.bench.meter import Spent, backend, bare_connection, captured, cpu_of, quiet, replay

MESSAGES, TOLD, BATCHES = 100_000, 1_000, 10
AT, SOON = w.AT, w.AT + timedelta(minutes=1)
BAR_S, TIMES_BARE = 300, 5.0
WORDS = {"item": "食品经营许可（新办）", "number": "99010420260918000001", "received_on": legal_day(w.AT)}
ENOUGH = 2 * MESSAGES


def bench() -> Iterable[Figure]:
    person = w.world().citizen.id
    quota, settings.MINGQU_SMS_QUOTA = settings.MINGQU_SMS_QUOTA, ENOUGH
    try:
        yield from telling(person)
        yield from a_batch()
        yield from all_of_them()
    finally:
        settings.MINGQU_SMS_QUOTA = quota


def telling(person: UUID) -> Iterable[Figure]:
    """Into the inbox, and queued: what the relay does for each fact."""
    spent = Spent()
    with quiet():
        for _ in range(TOLD):
            spent.take(lambda: services.tell(person, "case_received", WORDS, new_id(), at=AT))
    if Outgoing.objects.filter(state="queued", kind="case_received").count() < TOLD:
        raise RuntimeError("not every fact has its text message")
    yield Figure("a person told: CPU", spent.cpu_ms, "ms")
    yield Figure("a person told: time, median", spent.wall_ms(), "ms")


def a_batch() -> Iterable[Figure]:
    """So many batches by the job, so many by their bare statements, in turn, on rows alike."""
    pour(2 * BATCHES * sending.BATCH)
    ours, bare = Spent(), Spent()
    with bare_connection() as other, quiet():
        for _ in range(BATCHES):
            taken = captured(lambda: sending.send_batch(at=SOON))
            bare.take(replay, other, taken)
            ours.take(lambda: sending.send_batch(at=SOON))
    name = f"a batch of {sending.BATCH} handed over"
    yield Figure(f"{name}: CPU, beside bare", ours.cpu_ms, "ms", bar=TIMES_BARE, beside=bare.cpu_ms)
    yield Figure(f"{name}: time, median, beside bare", ours.wall_ms(), "ms", beside=bare.wall_ms())


def all_of_them() -> Iterable[Figure]:
    """The queue emptied; each message handed over once, counted afterwards."""
    for model in (Outgoing, Attempt, DoubleSms, SentOnDay):
        emptied(model._meta.db_table)
    pour(MESSAGES)
    server, spent = [backend()], Spent()
    before = cpu_of(server)
    spent.take(until_empty)
    theirs = cpu_of(server) - before
    kept = DoubleSms.objects.count()
    sent = Outgoing.objects.filter(state="delivered", attempts=1).count()
    if not kept == sent == Attempt.objects.count() == MESSAGES:
        raise RuntimeError(f"{kept:,} of {MESSAGES:,} messages are with the double, {sent:,} marked")
    name = f"{MESSAGES:,} messages, queued to sent"
    yield Figure(name, spent.wall[0], "s", bar=BAR_S)
    yield Figure(f"{name}: a second", MESSAGES / spent.wall[0], "1/s", "higher")
    yield Figure(f"{name}: CPU of the worker, each", spent.cpu_ms / MESSAGES, "ms")
    yield Figure(f"{name}: CPU of PostgreSQL, each", theirs * 1000 / MESSAGES, "ms")


def until_empty() -> None:
    while sending.send_batch(at=SOON):
        pass


def emptied(table: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")
    connections["owner"].close()


def pour(number: int) -> None:
    """As `ways.push` queues them, each encrypted by itself; to nobody whose quiet hours would have to be asked."""
    text = "【清禾区政务服务网】您的申请已经收到，现在由我们核对材料，您不用做什么。"
    for start in range(0, number, 5_000):
        Outgoing.objects.bulk_create(
            Outgoing(
                kind="case_received",
                template_version="1",
                medium="sms",
                to=f"199{start + place:08d}",
                text=text,
                segments=1,
                created_at=AT,
                try_at=AT,
            )
            for place in range(min(5_000, number - start))
        )
