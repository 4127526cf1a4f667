"""What somebody has in hand at a post when the shift or the post changes hands, and what waits to be taken over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from mingqu.across import selectors as across
from mingqu.cases import selectors as cases
from mingqu.cases.amending import selectors as amending
from mingqu.cases.consulting import selectors as consulting
from mingqu.catalogue import selectors as catalogue
from mingqu.forms import selectors as drafts
from mingqu.hall import selectors as halls
from mingqu.hall.types import SHIFT_KINDS, InHand
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.payments import selectors as payments
from mingqu.ui.menu import Waiting
from mingqu.ui.text import zh_day, zh_moment
from mingqu.workbench.selectors import claims, custody

MOST = 200  # of each kind
CASES = frozenset({"received", "result", "step", "answer", "asked"})


@dataclass(frozen=True)
class Part:
    """One kind of what is in hand. `kind`: of hall's SHIFT_KINDS."""

    kind: str
    title: str
    lines: tuple[Any, ...]  # InHand, or the lines of a hand-over that was made out

    @property
    def leads(self) -> bool:
        """Whether its numbers are those of cases, which open from here."""
        return self.kind in CASES

    @property
    def count(self) -> int:
        return sum(one.count for one in self.lines)


@dataclass(frozen=True)
class HandOver:
    """`more`: names of the kinds of which there is more than is listed."""

    lines: tuple[InHand, ...]
    more: tuple[str, ...] = ()

    @property
    def parts(self) -> list[Part]:
        return parts_of(self.lines)

    @property
    def empty(self) -> bool:
        return not self.lines

    def of(self, kind: str) -> tuple[InHand, ...]:
        return tuple(one for one in self.lines if one.kind == kind)


def parts_of(lines: Any) -> list[Part]:
    """The lines by kind, in the order of the slip."""
    order = list(SHIFT_KINDS)
    known = sorted(lines, key=lambda one: order.index(one.kind))
    grouped = groupby(known, key=lambda one: one.kind)
    return [Part(kind, SHIFT_KINDS[kind], tuple(some)) for kind, some in grouped]


def hand_over(actor: Actor, at: Instant) -> HandOver:
    """
    Of the acting post: originals in its drawer, what it received and nobody accepted or refused yet, applications half
    filled in, receptions for other districts, results at its counter, money it took today, fees still owed, blank and
    used paper slips, open steps, questions it is to answer or waits for. At most MOST of each kind.

    What another post took over is that post's and not listed any more; what this one took over from another is.
    """
    post = identity.acting_post(actor)
    if post is None:
        return HandOver(())
    today = legal_day(at)
    found: list[InHand] = []
    more = []
    for kind, lines in _kinds(actor, post, today, at):
        found += lines[:MOST]
        if len(lines) > MOST:
            more.append(SHIFT_KINDS[kind])
    return HandOver(tuple(found), tuple(more))


def takers(actor: Actor, at: Instant) -> list[identity.Colleague]:
    """Colleagues of the department who hold a post today and may take a shift over; never who asks."""
    post = identity.acting_post(actor)
    found = identity.colleagues(post.department_id, "shift.take", legal_day(at)) if post else []
    return [one for one in found if one.person_id != actor.id]


def waiting_shifts(actor: Actor, at: Instant) -> Waiting | None:
    """A shift that is to be taken over, or one of mine that was not taken, on the first page."""
    to_take, declined = halls.shifts_waiting(actor) if access.may(actor, "shift.give") else (0, 0)
    if to_take:
        return Waiting(f"{to_take}张换班交接单等您确认", state="correct")
    return Waiting("对方没有接班，请再点", state="correct") if declined else None


def _kinds(actor: Actor, post: Any, today: date, at: Instant) -> Iterator[tuple[str, list[InHand]]]:
    moved = custody.of_post(actor, post.id, at)
    received = moved.received(cases.received_at_post(actor, post.id, MOST + 1))
    yield "paper", _papers(actor)
    yield "received", [_received(one) for one in received]
    yield "draft", _drafts(post, at)
    if access.may(actor, "across.receive"):
        yield "reception", _receptions(actor)
    if access.may(actor, "case.deliver") and access.may(actor, "result.arrive"):
        yield "result", _results(actor, post, today)
    yield "money", moved.money(_money(post, today))
    yield "owed", _owed(received)
    yield "slips", [InHand("slips", "空白单", number, count=left) for number, left in amending.blanks(actor)]
    yield "typed", [InHand("typed", item, number) for number, item in amending.typed_in_later(actor)]
    yield "step", _steps(actor, post.code, today)
    yield from _questions(actor, today)


def _papers(actor: Actor) -> list[InHand]:
    return [
        InHand(
            "paper",
            f"{one.name}（{one.form_words}）",
            one.code,
            "；".join(
                words
                for words in (
                    one.item_name,
                    f"交接单{one.slip_number}等签收" if one.slip_number else "",
                    "对方没有点齐，在找" if one.missing else "",
                )
                if words
            ),
            count=one.copies,
            case_id=one.case_id,
            paper_id=one.id,
        )
        for one in halls.papers_in_hands(actor, limit=MOST + 1)
    ]


def _received(case: Any) -> InHand:
    note = "已告知补正，等申请人" if case.status == "correction" else "等受理"
    return InHand("received", f"{case.item_name}（{case.handling_item}）", case.number, note, day=case.due_on)


def _drafts(post: Any, at: Instant) -> list[InHand]:
    found = drafts.drafts_at_post(post.id, at=at, limit=MOST + 1)
    names = catalogue.names({about for about, _saved in found})
    return [
        InHand("draft", names.get(about, "一件事"), note=f"{zh_moment(saved)}保存") for about, saved in found
    ]


def _receptions(actor: Actor) -> list[InHand]:
    page = across.receptions(actor, "open")
    return [
        InHand("reception", one.item_name, one.agreement, f"{one.home}的事项，{zh_day(one.opened_on)}开始收")
        for one in page.lines
    ]


def _results(actor: Actor, post: Any, today: date) -> list[InHand]:
    """At its own counter; what lies at others of the hall is in their hands."""
    return [
        InHand(
            "result",
            one.hall_name + (f"，架位{one.place}" if one.place else ""),
            one.case_number,
            f"{zh_day(one.arrived_on)}到件" + ("，久未领取" if one.late else ""),
            case_id=one.case_id,
        )
        for one in halls.results_lying(actor, today, counter=post.id, limit=MOST + 1)
    ]


def _money(post: Any, today: date) -> list[InHand]:
    taken = payments.taken_at_post(post.id, today)
    return [InHand("money", way, count=many, amount=total) for way, many, total in taken]


def _owed(received: list[Any]) -> list[InHand]:
    notices = payments.owed_of_cases([one.pk for one in received])
    return [
        InHand("owed", one.name, one.number, one.item_name, day=one.due_on, amount=one.amount)
        for one in notices
    ]


def _steps(actor: Actor, code: str, today: date) -> list[InHand]:
    found = cases.steps_waiting(actor, code, cases.StepsWanted(), limit=MOST + 1)
    lent = identity.posts_by_code(one.task.lent for one in found if one.task.lent)
    marks = claims.marks(actor, [one.task for one in found], today)
    lines = []
    for one in found:
        notes = (
            "挂起" if one.task.held else "",
            f"{lent[one.task.lent].name}委派，办完交回" if one.task.lent in lent else "",
            marks[one.task.task_id].words if one.task.task_id in marks else "",
        )
        note = "；".join(words for words in notes if words)
        what = f"{one.task.name}：{one.case.item_name}"
        lines.append(InHand("step", what, one.case.number, note, day=one.day))
    return lines


def _questions(actor: Actor, today: date) -> Iterator[tuple[str, list[InHand]]]:
    answers = consulting.page_of(actor, "waiting", today).lines
    asked = (one for one in consulting.page_of(actor, "asked", today).lines if one.state == "asked")
    yield (
        "answer",
        [InHand("answer", one.item, one.number, one.asker_post, day=one.due_on) for one in answers],
    )
    yield (
        "asked",
        [InHand("asked", one.item, one.number, f"{one.organ}·{one.post}", day=one.due_on) for one in asked],
    )
