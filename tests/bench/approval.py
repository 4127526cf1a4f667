"""
One user task of an approval by ten departments side by side completed, its state in the database: by this engine, whose
rows are read, stepped and written; and by SpiffWorkflow (LGPL), whose whole instance is one row of JSON.
"""

import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from django.db import connection, connections, transaction
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from mingqu.kernel import commands
from mingqu.kernel.commands import Command
from mingqu.kernel.ids import new_id
from mingqu.process import bench as process
from mingqu.process import services
from mingqu.process.services import Plan, plan_to_bpmn, write_bpmn
from mingqu.process.tests.running import AT, CLERK, Running
from tests.bench.figures import Figure
from tests.bench.meter import Spent, bare_connection, captured, counted, quiet, replay

DEPARTMENTS, INSTANCES, WARM = 10, 20, 1
TIMES_BARE, TIMES_FASTER = 3.0, 5.0
NEIGHBOUR = "beside SpiffWorkflow in one JSON row"


def bench() -> Iterable[Figure]:
    """
    With the wait for the disk both sides have the same commit in them. What is left for any program is told by two
    more: one that sends the very statements and computes nothing, and one that writes a single row.
    """
    ten = process.group(DEPARTMENTS)
    ours, bare, statements = beside_bare(ten)
    name = "one of ten side by side completed and kept"
    yield Figure(f"{name}: statements", statements, "statements")
    yield Figure(f"{name}: CPU, beside bare", ours.cpu_ms, "ms", bar=TIMES_BARE, beside=bare.cpu_ms)
    neighbour = Neighbour(ten)
    for disk, waits in (("", "on"), (", no wait for the disk", "off")):
        with bare_connection(kept=True) as other:
            for one in (connection, other):
                with one.cursor() as cursor:
                    cursor.execute(f"SET synchronous_commit TO {waits}")
            other.commit()
            took = beside_json(ten, neighbour, other)
        theirs = 1000 / took["theirs"].wall_ms()
        for what, key, bar in (
            ("", "engine", TIMES_FASTER),
            (" by a command with its ledger", "command", None),
            (": its statements alone, plans kept", "bare", None),
            (": one row and its commit", "row", None),
        ):
            rate = 1000 / took[key].wall_ms()
            yield Figure(f"{name}{what}{disk}, {NEIGHBOUR}", rate, "1/s", "higher", bar, beside=theirs)


def beside_bare(ten: Plan) -> tuple[Spent, Spent, int]:
    """The engine's part of a command, and the very statements it sends; in turn, on instances alike."""
    ours, bare, statements = Spent(), Spent(), 0
    with bare_connection() as other, quiet():
        for number in range(WARM + INSTANCES):
            one, another = begun(ten), begun(ten)
            for step in steps():
                kept = engine_alone(one, step)
                taken = captured(engine_alone(another, step))
                if number < WARM:
                    with counted() as seen:
                        kept()
                    statements = len(seen)
                    replay(other, taken)
                else:
                    ours.take(kept)
                    bare.take(replay, other, taken)
    return ours, bare, statements


def beside_json(ten: Plan, neighbour: "Neighbour", other: Any) -> dict[str, Spent]:
    """Wall time, commit included; of each by its name."""
    took = {name: Spent() for name in ("engine", "command", "theirs", "bare", "row")}
    # What is captured is rolled back, and a rollback makes psycopg forget the plans of its connection: that of a
    # thread is another than the engine's, which no case at work would roll back each time.
    with quiet(), ThreadPoolExecutor(1) as aside:
        for number in range(WARM + INSTANCES):
            one, another, third, row = begun(ten), begun(ten), begun(ten), neighbour.begun()
            for place, step in enumerate(steps()):
                taken = aside.submit(captured, engine_alone(third, step)).result()
                deeds: list[tuple[str, Callable[[], object]]] = [
                    ("engine", engine_alone(one, step)),
                    ("command", lambda step=step, another=another: another.complete(step)),
                    ("theirs", lambda row=row: neighbour.complete(row)),
                    ("bare", lambda taken=taken: replay(other, taken)),
                    ("row", lambda row=row: neighbour.touch(row)),
                ]
                # Nobody is always the first after a commit of the others.
                turn = place % len(deeds)
                for name, deed in deeds[turn:] + deeds[:turn]:
                    (took[name] if number >= WARM else Spent()).take(deed)
            neighbour.done(row)
    return took


def steps() -> list[str]:
    return [f"d{number}" for number in range(DEPARTMENTS)]


def begun(ten: Plan) -> Running:
    """Received: ten departments are at work."""
    running = Running(ten)
    running.complete("receive")
    return running


def engine_alone(running: Running, step: str) -> Callable[[], object]:
    """Read, stepped, written and committed, without the command's key, ledger and events."""
    task_id: UUID = running.last[step]

    def complete() -> None:
        inside = Command("tests.act", running.root_id, CLERK, AT, new_id())
        with transaction.atomic():
            token = commands._current.set(inside)
            try:
                services.complete(
                    root_id=running.root_id, task_id=task_id, outcome="ok", data={}, by=CLERK, at=AT
                )
            finally:
                commands._current.reset(token)
        if inside.entry.rows or inside.entry.events:
            raise RuntimeError("the engine leaves rows for the command to write: they are not measured here")

    return complete


class Neighbour:
    """SpiffWorkflow, an instance in a row: read, made objects of, gone on, written and committed."""

    def __init__(self, plan: Plan) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(write_bpmn(plan_to_bpmn(plan, "p"))))
        self.spec, self.inside = parser.get_spec("p"), parser.get_subprocess_specs("p")
        self.serializer = BpmnWorkflowSerializer()
        with connections[
            "owner"
        ].cursor() as cursor:  # no temporary one, whose commits write nothing to the disk
            cursor.execute("CREATE TABLE neighbour (id uuid PRIMARY KEY, state jsonb)")
            cursor.execute("CREATE TABLE neighbour_row (id uuid, at timestamptz)")
            cursor.execute("GRANT ALL ON neighbour, neighbour_row TO PUBLIC")

    def begun(self) -> UUID:
        run = BpmnWorkflow(self.spec, self.inside)
        run.do_engine_steps()
        self._next(run)
        with connection.cursor() as cursor:
            row, state = new_id(), self.serializer.serialize_json(run)
            cursor.execute("INSERT INTO neighbour VALUES (%s, %s)", [row, state])
        return row

    def complete(self, row: UUID) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT state::text FROM neighbour WHERE id = %s FOR UPDATE", [row])
            run = self.serializer.deserialize_json(cursor.fetchone()[0])
            self._next(run)
            cursor.execute(
                "UPDATE neighbour SET state = %s WHERE id = %s", [self.serializer.serialize_json(run), row]
            )

    def touch(self, row: UUID) -> None:
        """The least anything that is kept can do."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO neighbour_row VALUES (%s, now())", [row])

    def done(self, row: UUID) -> None:
        """Of the ten none is open any more: the decision is."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT state::text FROM neighbour WHERE id = %s", [row])
            run = self.serializer.deserialize_json(cursor.fetchone()[0])
        ready = [task.task_spec.bpmn_name for task in run.get_tasks(state=TaskState.READY, manual=True)]
        if ready != ["决定"]:
            raise RuntimeError(f"the neighbour waits for {ready}")

    def _next(self, run: BpmnWorkflow) -> None:
        run.get_tasks(state=TaskState.READY, manual=True)[0].run()
        run.do_engine_steps()
