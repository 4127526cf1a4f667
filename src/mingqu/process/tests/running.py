"""Running instances for tests: every event through the services, inside a command of a pretended owner."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.process import selectors, services
from mingqu.process.plan import Plan
from mingqu.process.types import Effects, StepRow

OWNER = "tests"
AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
CLERK = Actor(kind="staff", id=UUID(int=1), post_id=UUID(int=2))
OTHER = Actor(kind="staff", id=UUID(int=3), post_id=UUID(int=2))


def never_told(root_id: UUID, effects: Effects, at: datetime) -> None:
    raise AssertionError("nothing happens by itself here")


def plain_days(root_id: UUID, limits: Collection[int], at: datetime) -> dict[int, date]:
    return {limit: legal_day(at) + timedelta(days=limit) for limit in limits}


services.register_owner(OWNER, never_told, plain_days)

STEPS = (
    StepRow("receive", "收件", "window", limit=1),
    StepRow("fire", "消防", "fire", limit=5, parallel="A"),
    StepRow("sign", "招牌", "city", limit=3, parallel="A"),
    StepRow("drain", "排水", "water", parallel="A"),
    StepRow("decide", "决定", "leader", limit=2),
)


@contextmanager
def acting(root_id: UUID, by: Actor = CLERK, at: datetime = AT) -> Iterator[None]:
    with command("tests.act", root_id, by=by, at=at, key=new_id()):
        yield


class Running:
    """One instance, its tasks called by their steps."""

    def __init__(self, plan: Plan, data: Mapping[str, Any] | None = None, at: datetime = AT) -> None:
        self.root_id, self.at = new_id(), at
        digest = services.keep_plan(plan)
        with acting(self.root_id, at=at):
            self.effects = services.start(
                root_id=self.root_id, owner=OWNER, plan=digest, data=data or {}, by=CLERK, at=at
            )
        self.id = self.effects.instance_id
        self.last: dict[str, UUID] = {}
        self._learn()

    def _learn(self) -> None:
        self.last |= {task.step: task.task_id for task in self.effects.opened}

    def complete(self, step: str, outcome: str = "ok", by: Actor = CLERK, **data: Any) -> Effects:
        with acting(self.root_id, by, self.at):
            self.effects = services.complete(
                root_id=self.root_id, task_id=self.last[step], outcome=outcome, data=data, by=by, at=self.at
            )
        self._learn()
        return self.effects

    def return_to(self, step: str, node: str, by: Actor = CLERK) -> Effects:
        with acting(self.root_id, by, self.at):
            self.effects = services.return_to(
                root_id=self.root_id, task_id=self.last[step], node=node, reason="材料不清", by=by, at=self.at
            )
        self._learn()
        return self.effects

    def terminate(self, reason: str = "申请人撤回") -> Effects:
        with acting(self.root_id, at=self.at):
            self.effects = services.terminate(
                root_id=self.root_id, instance_id=self.id, reason=reason, by=CLERK, at=self.at
            )
        return self.effects

    @property
    def open(self) -> list[str]:
        return sorted(task.step for task in selectors.open_tasks(self.root_id))


def three_departments() -> Running:
    """Received; fire, sign and drain are at work side by side."""
    running = Running(services.plan_from_steps(STEPS))
    running.complete("receive")
    return running
