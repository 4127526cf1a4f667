"""What people do with a step, through services and rows: claims, and rows equal history after each deed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from mingqu.kernel.errors import DomainError
from mingqu.process import selectors, services
from mingqu.process.models import Task
from mingqu.process.types import StepRow

from .running import AT, CLERK, OTHER, Running, acting

pytestmark = pytest.mark.django_db


class Deeds(Running):
    """Signatures by post: the task that is open for it, or was open last."""

    def __init__(self, mode: str = "all", votes: int = 0) -> None:
        super().__init__(
            services.plan_from_steps(
                [
                    StepRow("receive", "收件", "r"),
                    StepRow("sign", "会商", "a", parallel="A", sign=mode, signers=("b", "c"), votes=votes),
                    StepRow("beside", "消防", "f", parallel="A"),
                    StepRow("decide", "决定", "d"),
                ]
            )
        )
        self.sign("r")

    def task(self, post: str) -> Any:
        rows = Task.objects.filter(root_id=self.root_id, post=post)
        return max(rows, key=lambda row: (row.status == "open", row.opened_at, row.id.int ^ self.id.int))

    def sign(self, post: str, outcome: str = "met", by: Any = CLERK) -> None:
        self.deed(services.complete, post, by, outcome=outcome, data={})

    def deed(self, service: Callable[..., Any], of: str, by: Any = CLERK, **more: Any) -> None:
        task_id = self.task(of).id
        with acting(self.root_id, by, self.at):
            service(root_id=self.root_id, task_id=task_id, by=by, at=self.at, **more)
        assert selectors.differences(self.root_id, self.id) == {}

    @property
    def asked(self) -> str:
        return " ".join(sorted(task.post for task in selectors.open_tasks(self.root_id)))

    def refused(self, service: Callable[..., Any], of: str, by: Any = CLERK, **more: Any) -> str:
        before = self.asked
        with pytest.raises(DomainError) as refusal, transaction.atomic():
            self.deed(service, of, by, **more)
        assert self.asked == before
        return refusal.value.code


def test_a_step_that_all_sign_is_done_with_the_last_signature() -> None:
    one = Deeds()
    one.sign("b", "not_met")
    one.sign("a")
    assert (one.asked, one.task("b").status) == ("c f", "signed")
    (row,) = selectors.signings(one.root_id)
    assert (row.signed, row.open) == ((("b", "not_met"), ("a", "met")), True)
    one.sign("c")
    one.sign("f")
    assert (one.asked, one.task("c").status) == ("d", "completed")
    assert {row.step for row in selectors.done_steps(one.root_id)} == {"receive", "sign", "beside"}


def test_votes_that_are_enough_drop_who_was_still_asked_and_are_taken_back_with_them() -> None:
    one = Deeds("votes", 2)
    one.sign("a")
    one.sign("b")
    assert (one.asked, one.task("c").status) == ("f", "dropped")
    one.deed(services.take_back, "b")
    assert one.asked == "b c f"
    one.sign("c")
    one.sign("f")
    assert one.asked == "d"
    one.deed(services.take_back, "f")
    assert one.asked == "f"


def test_in_turn_the_next_is_asked_when_the_one_before_has_signed() -> None:
    one = Deeds("turn")
    assert one.asked == "a f"
    one.sign("a")
    one.deed(services.take_back, "a")
    one.deed(services.change_signers, "a", post="y", add=True)
    one.sign("a")
    assert one.asked == "f y"
    assert one.refused(services.change_signers, "y", post="y", add=False) == "not_added_signer"


def test_a_task_passed_on_is_free_for_the_other_post_and_one_lent_comes_back() -> None:
    one = Deeds()
    with acting(one.root_id):
        services.claim(root_id=one.root_id, task_id=one.task("a").id, posts={"a"}, by=CLERK, at=AT)
    assert one.refused(services.pass_on, "a", OTHER, post="x", back=False) == "task_taken"
    assert one.refused(services.pass_on, "a", post="b", back=False) == "already_asked"
    one.deed(services.pass_on, "a", post="x", back=True)
    lent = one.task("x")
    assert (lent.lent, lent.claimed_by, one.asked) == ("a", None, "b c f x")
    assert one.refused(services.return_to, "x", node="receive", reason="不清") == "task_lent"
    one.sign("x")
    assert (one.asked, one.task("a").status) == ("a b c f", "open")
    one.deed(services.pass_on, "a", post="x", back=True)
    with acting(one.root_id, OTHER):
        services.claim(root_id=one.root_id, task_id=one.task("x").id, posts={"x"}, by=OTHER, at=AT)
    one.deed(services.pass_on, "x", post="a", back=False)
    one.deed(services.pass_on, "a", post="x", back=False)
    one.sign("x")
    assert one.asked == "b c f"


def test_what_stands_still_waits_and_nobody_goes_on_with_it() -> None:
    one = Deeds()
    assert one.refused(services.hold, "f", held=False) == "task_not_held"
    one.deed(services.hold, "f", held=True)
    assert one.refused(services.complete, "f", outcome="met", data={}) == "task_held"
    for post in "abc":
        one.sign(post)
    assert (one.asked, selectors.open_tasks(one.root_id)[0].held) == ("f", True)
    one.deed(services.hold, "f", held=False)
    one.sign("f")
    assert one.asked == "d"


def test_nothing_is_taken_back_once_somebody_took_up_what_came_of_it() -> None:
    one = Deeds()
    for post in "abcf":
        one.sign(post)
    assert one.refused(services.take_back, "c") == "nothing_to_take_back"
    decide = one.task("d").id
    with acting(one.root_id):
        services.claim(root_id=one.root_id, task_id=decide, posts={"d"}, by=CLERK, at=AT)
    assert one.refused(services.take_back, "f") == "nothing_to_take_back"
    with acting(one.root_id):
        services.release(root_id=one.root_id, task_id=decide, by=CLERK)
    one.deed(services.take_back, "f")
    assert one.asked == "f"


def test_a_return_out_of_a_signature_of_all_asks_everybody_again() -> None:
    one = Deeds()
    one.sign("b")
    one.deed(services.return_to, "a", node="receive", reason="不清")
    assert one.asked == "r"
    one.sign("r")
    assert one.asked == "a b c f"
