"""A step that a, b and c sign, beside a step of f, driven in memory: for the tables of docs/process-human-steps.md."""

from collections.abc import Callable
from datetime import UTC, datetime

from mingqu.process.errors import NothingToTakeBack
from mingqu.process.plan import Plan
from mingqu.process.state import (
    EMPTY,
    PLACES,
    ChangeSigners,
    Complete,
    Event,
    Hold,
    PassOn,
    ReturnTo,
    Signing,
    Start,
    TakeBack,
    TaskDropped,
    TaskOpened,
    Terminate,
)
from mingqu.process.step import replay, step
from mingqu.process.steptable import plan_from_steps
from mingqu.process.types import StepRow

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)


def plan(mode: str, votes: int = 0) -> Plan:
    rows = (
        StepRow("receive", "收件", "r"),
        StepRow("together", "会商", "a", parallel="A", sign=mode, signers=("b", "c"), votes=votes),
        StepRow("beside", "消防", "f", parallel="A"),
        StepRow("decide", "决定", "d"),
    )
    return plan_from_steps(rows, lambda _: ())


class Human:
    """One instance after the first step; `first[post]` is the task that was last opened for that post."""

    def __init__(self, mode: str = "all", votes: int = 0) -> None:
        self.plan, self.state = plan(mode, votes), EMPTY
        self.events: list[Event] = []
        self.first: dict[str, int] = {}
        self.closed: dict[str, TakeBack] = {}
        self.take(Start(1, AT, {}, {}))
        self.sign("r")

    def take(self, event: Event) -> None:
        self.state, effects = step(self.plan, self.state, event)
        self.events.append(event)
        self.first |= {e.post: e.task for e in effects if isinstance(e, TaskOpened)}
        self.opened = sum(isinstance(e, TaskOpened) for e in effects)
        self.dropped = [e.task for e in effects if isinstance(e, TaskDropped)]

    @property
    def seq(self) -> int:
        return len(self.events) + 1

    def sign(self, post: str, outcome: str = "met") -> None:
        number, before = self.first[post], self.state
        self.take(Complete(self.seq, AT, number, outcome, {}, {}))
        task = before.tasks[number]
        if task.lent:
            return
        signed = before.signings.get(task.token)
        goes_on = self.state.signings.get(task.token)
        kept: Signing | None = None
        if signed is not None and (goes_on is None or goes_on.number != signed.number):
            again = tuple(before.tasks[n].post for n in self.dropped)
            kept = Signing(
                signed.number, signed.node, signed.mode, signed.votes, again, signed.signed, signed.added
            )
        by = self.seq - 1
        self.closed.pop(post, None)  # the last one stands last
        self.closed[post] = TakeBack(0, AT, task.node, task.post, task.token, by, self.opened, kept)

    def sign_all(self) -> None:
        for post in "abc":
            self.sign(post)

    def take_back(self, post: str) -> None:
        known = self.closed[post]
        if self.acted_on(known.by):  # as the rows say it to `services.take_back`
            raise NothingToTakeBack()
        self.take(
            TakeBack(self.seq, AT, known.node, known.post, known.token, known.by, known.opened, known.before)
        )

    def acted_on(self, by: int) -> bool:
        """Whether somebody did anything to a task that this event opened."""
        return any(getattr(event, "task", 0) >> PLACES == by for event in self.events)

    def pass_on(self, post: str, to: str, *, back: bool = False) -> None:
        self.take(PassOn(self.seq, AT, self.first[post], to, back))

    def change(self, post: str, other: str, *, add: bool) -> None:
        self.take(ChangeSigners(self.seq, AT, self.first[post], other, add))

    def hold(self, post: str, held: bool) -> None:
        self.take(Hold(self.seq, AT, self.first[post], held))

    def return_to(self, post: str, node: str) -> None:
        self.take(ReturnTo(self.seq, AT, self.first[post], node, "材料不清"))

    def terminate(self) -> None:
        self.take(Terminate(self.seq, AT, "申请人撤回"))

    @property
    def open(self) -> str:
        """Posts that are asked now: `x<a` has it from a, `(a)` stands still."""
        words = []
        for task in self.state.tasks.values():
            word = f"{task.post}<{task.lent}" if task.lent else task.post
            words.append(f"({word})" if task.held else word)
        return " ".join(sorted(words, key=lambda w: w.strip("()")))

    def whole(self) -> bool:
        """Every task has its token, every signing too, and the history gives the very same state."""
        tokens = set(self.state.tokens)
        good = {task.token for task in self.state.tasks.values()} <= tokens >= set(self.state.signings)
        counted = self.state.live == len(tokens)
        return good and counted and replay(self.plan, self.events) == self.state


FIRST: dict[str, Callable[[Human], None]] = {
    "nothing": lambda h: None,
    "a signed": lambda h: h.sign("a"),
    "a passed it on to x": lambda h: h.pass_on("a", "x"),
    "a lent it to x": lambda h: h.pass_on("a", "x", back=True),
    "a lent it to x, x gave it back": lambda h: (h.pass_on("a", "x", back=True), h.sign("a"))[0],
    "a added y": lambda h: h.change("a", "y", add=True),
    "a added y and took y out": lambda h: (h.change("a", "y", add=True), h.change("a", "y", add=False))[0],
    "a holds it": lambda h: h.hold("a", True),
    "a returned it to receive": lambda h: h.return_to("a", "receive"),
    "a signed and took it back": lambda h: (h.sign("a"), h.take_back("a"))[0],
    "f is done": lambda h: h.sign("f"),
    "all signed": lambda h: h.sign_all(),
    "f is done, all signed": lambda h: (h.sign("f"), h.sign_all())[0],
    "terminated": lambda h: h.terminate(),
}
THEN: dict[str, Callable[[Human], None]] = {
    "sign a": lambda h: h.sign("a"),
    "sign b": lambda h: h.sign("b"),
    "pass a on to x": lambda h: h.pass_on("a", "x"),
    "lend a to x": lambda h: h.pass_on("a", "x", back=True),
    "a calls back": lambda h: h.pass_on("a", "a"),
    "a adds y": lambda h: h.change("a", "y", add=True),
    "b takes y out": lambda h: h.change("b", "y", add=False),
    "hold a": lambda h: h.hold("a", True),
    "resume a": lambda h: h.hold("a", False),
    "a returns": lambda h: h.return_to("a", "receive"),
    "b returns": lambda h: h.return_to("b", "receive"),
    "take back": lambda h: h.take_back(next(reversed(h.closed))),
    "f done": lambda h: h.sign("f"),
    "terminate": lambda h: h.terminate(),
}
