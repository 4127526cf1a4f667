"""Whose turn a case is, and what the acting post may do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from mingqu.cases import selectors as cases
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.services.second_word import people_for
from mingqu.cases.services.standing_aside import stranded
from mingqu.catalogue.types import Definition
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process.types import Awaited, TaskRow
from mingqu.ui.text import zh_day
from mingqu.workbench.selectors import claims
from mingqu.workbench.selectors.act_links import ACTS, TAKE_BACK
from mingqu.workbench.selectors.steps import DECIDE, Posts, last_answered
from mingqu.workbench.selectors.words import expected_words, special_words
from mingqu.workbench.types import ActLink, TurnWords

if TYPE_CHECKING:
    from mingqu.cases.models import Case, CaseMaterial

OWN_STEP = frozenset({"case.review", "case.check", "case.decide"})
# What silence over the five days takes away: the materials count as complete. No organ becomes competent by it.
NOTICE_OVER = frozenset({"case.ask_correction"})

OF_OWN_STEP = frozenset(
    {
        "case.pause",
        "case.return_inside",
        "case.pass_on",
        "case.change_signers",
        "case.hold_step",
        "case.consult",
    }
)


@dataclass(frozen=True)
class Standing:
    """What is known when the turn is worded."""

    actor: Actor
    definition: Definition
    tasks: Sequence[TaskRow]
    posts: Posts
    materials: Sequence["CaseMaterial"]
    at: Instant
    claimed: Mapping[str, str] = field(
        default_factory=dict
    )  # 认领: who has an open step, by the id of the task
    awaited: Sequence[Awaited] = ()  # 来件: what the flow waits for from outside

    def mine(self, task: TaskRow) -> bool:
        """Of the acting post, and nobody else of it has claimed it."""
        return self.posts.is_acting(self.actor, task.post) and not claims.of_another(task, self.actor)


def notice_is_over(case: "Case", at: Instant) -> bool:
    """The five days of 行政许可法 32(4) have passed without an answer."""
    return case.status == "received" and case.due_on is not None and legal_day(at) > case.due_on


def actions_of(case: "Case", known: Standing) -> frozenset[str]:
    """Commands to offer: allowed now, and for a step only to the post it belongs to."""
    allowed = cases.actions_now(known.actor, case)
    if notice_is_over(case, known.at):
        allowed -= NOTICE_OVER
    mine = {t.step for t in known.tasks if t.status == "open" and known.mine(t)}
    by_one = {step.id for step in known.definition.steps if step.kind == "visit"} | {DECIDE}
    checks = {step.id for step in known.definition.steps if step.kind == "check"}
    if DECIDE not in mine:
        allowed -= {"case.decide"}
    if not mine & checks:
        allowed -= {"case.check"}
    if not mine - checks - {DECIDE}:
        allowed -= {"case.review"}
    if not mine:
        allowed -= OF_OWN_STEP
        if any(
            t.status == "open" and t.lent and known.posts.is_acting(known.actor, t.lent) for t in known.tasks
        ):
            # the post that lent it calls it back
            allowed |= {"case.pass_on"} & cases.actions_now(known.actor, case)
    if not mine - by_one:
        allowed -= {"case.change_signers"}
    if last_answered(known.tasks, known.actor, by_one) is None:
        allowed -= {"case.take_back"}
    if "case.reassign" in allowed and not stranded(case, known.at):
        allowed -= {"case.reassign"}
    return (allowed - _unfit(case, known) - claims.unfit(allowed, known)) & _of_discretion(
        case, allowed, known
    )


def _of_discretion(case: "Case", allowed: frozenset[str], known: Standing) -> frozenset[str]:
    """While a decision outside its range waits, only the word on it; else nothing of it."""
    rows = uses.waiting_of(case) if case.status == "accepted" else []
    if not rows:
        return allowed - {"case.answer_discretion", "case.pass_discretion"}
    asked = any(known.posts.is_acting(known.actor, row.second_post) for row in rows)
    left = {"case.decide"}
    if not asked and known.actor.id != rows[0].person_id:
        left.add("case.answer_discretion")
    head = "case.exclude" in allowed and not all(
        people_for(case, row, row.second_post, known.at) for row in rows
    )
    return allowed - (left if asked or head else left | {"case.pass_discretion"})


def _unfit(case: "Case", known: Standing) -> set[str]:
    """Special acts that this case, its definition or its clock do not allow now."""
    rule, unfit = known.definition.clocks.statutory, set()
    if not _settles(case, known):
        unfit.add("case.settle")
    if case.suspended_since:
        unfit |= {"case.pause", "case.extend", "case.decide"}
    else:
        unfit |= {"case.resume", "case.expect_later"}
    if not rule.pauses:
        unfit.add("case.pause")
    if rule.extension is None or case.extended_on:
        unfit.add("case.extend")
    if case.channel != "window":
        unfit |= {"case.mend", "case.ask_void"}
    if case.bundle_id:
        unfit.add("case.ask_void")
    if not known.awaited:
        unfit.add("case.note_arrival")
    if case.received_on != legal_day(known.at):
        unfit.add("case.ask_void")
    if not any(task.status == "completed" for task in known.tasks):
        unfit.add("case.return_inside")
    return unfit


def _settles(case: "Case", known: Standing) -> bool:
    """即办件: the definition says so, these answers lead through no step, and the post is that of the decision."""
    definition = known.definition
    return (
        definition.on_the_spot
        and case.status == "received"
        and known.posts.is_acting(known.actor, definition.decide.post)
        and not cases.situation_of(case).steps
    )


def act_links(actions: frozenset[str], actor: Actor, case: "Case") -> list[ActLink]:
    """Who set what waits for a second word takes it back by the link where others give that word."""
    links = [link for action, link in ACTS if action in actions]
    rows = uses.waiting_of(case) if "case.answer_discretion" in actions else []
    if not rows or rows[0].person_id != actor.id:
        return links
    return [TAKE_BACK if link.route == "workbench:discretion" else link for link in links]


def turn_words(case: "Case", actions: frozenset[str], known: Standing) -> TurnWords:
    """The first line of the case: whose turn, what, by when."""
    match case.status:
        case "received":
            return _received(case, actions, known.at)
        case "correction":
            asked = [m.name for m in known.materials if m.state == "asked"]
            return TurnWords(
                "等申请人", f"补正{len(asked)}份材料（{'、'.join(asked)}）", note="等待期间不计时。"
            )
        case "accepted":
            return _accepted(case, actions, known)
        case "decided" if case.by_post:
            mine = "you" if "case.deliver" in actions else "等综合窗口"
            return TurnWords(mine, "把结果寄给申请人", case.due_on, "到件以后在“寄递”里寄出，签收就是送达。")
        case "decided" if case.delivery_way == "window":
            mine = "you" if "case.deliver" in actions else "等综合窗口"
            return TurnWords(mine, "申请人来领结果，当面送达", case.due_on)
        case "decided":
            note = "文书送到申请人的“我的办件”后，系统自动登记送达。"
            return TurnWords("系统", "送达决定", case.due_on, note)
        case "archived":
            return TurnWords("", f"{_day(case.archived_on)}归档，已办结")
        case "voided":
            return TurnWords("", "窗口录错，已作废", note="编号留着，不再使用；不计入收件。")
    whose = "you" if "case.archive" in actions else "等承办岗位"
    return TurnWords(whose, "归档")


def _received(case: "Case", actions: frozenset[str], at: Instant) -> TurnWords:
    mine = "case.accept" in actions
    whose = "you" if mine else "等受理岗位"
    since = _day(case.received_on)
    if notice_is_over(case, at):
        note = f"到期没有告知，依法从{since}起视为受理，不能再要求补正。"
        return TurnWords(whose, "受理", note=note)
    note = cases.legally(f"到期不告知的，从{since}起即为受理", "silence", case.item_type) + "。"
    return TurnWords(whose, "受理、一次性告知补正，或者不予受理", case.due_on, note)


def _accepted(case: "Case", actions: frozenset[str], known: Standing) -> TurnWords:
    if case.suspended_since:
        return _suspended(case, actions, legal_day(known.at))
    waiting = [t for t in known.tasks if t.status == "open"]
    if known.awaited and not waiting:
        names = "、".join(one.name for one in known.awaited)
        note = "来件到了就登记，流程接着往下走。等的时间照常计入办理期限。"
        return TurnWords(
            "you" if "case.note_arrival" in actions else "等来件", f"等待：{names}", case.due_on, note
        )
    if rows := uses.waiting_of(case):
        you = "case.answer_discretion" in actions and known.actor.id != rows[0].person_id
        note = "超出裁量幅度，同意以前不作决定，申请人不会收到通知。"
        note += "这个环节已经逾期。" if any(_is_late(t, known.at) for t in waiting) else ""
        posts = dict.fromkeys(known.posts.name(row.second_post) for row in rows)
        whose = "you" if you else f"等{'、'.join(posts)}"
        return TurnWords(whose, "复核裁量", _last_day(case, waiting), note)
    mine = [t for t in waiting if known.mine(t)]
    others = [t for t in waiting if t not in mine]
    if mine and actions & OWN_STEP:
        also = "；".join(f"{t.name}（{known.posts.name(t.post)}）" for t in others)
        late = _is_late(mine[0], known.at)
        note = "已经逾期，请尽快办。" if late else ""
        note += "这个环节已挂起，恢复以后才能办。" if mine[0].held else ""
        note += f"{known.posts.name(mine[0].lent)}委派，办完交回。" if mine[0].lent else ""
        note += f"同时在办：{also}。" if also else ""
        return TurnWords("you", mine[0].name, _last_day(case, mine[:1]), note)
    whose = "、".join(dict.fromkeys(known.posts.name(t.post) for t in waiting))
    if "case.reassign" in actions:  # offered only where nobody is left for a step
        note = f"在办：{'、'.join(t.name for t in waiting)}。有环节的岗位都回避了，没有人可以办。"
        return TurnWords("you", "指定别的岗位", _last_day(case, waiting), note)
    names = "、".join(t.name for t in waiting)
    return TurnWords(f"等{whose}", names, _last_day(case, waiting), claims.words(waiting, known))


def _suspended(case: "Case", actions: frozenset[str], today: date) -> TurnWords:
    told = expected_words(case, today)
    said = f"{told.words}。" if told else ""
    paused = f"从{_day(case.suspended_since)}起不计算在办理期限内"
    note = f"{cases.legally(paused, 'special', case.item_type)}。{said}"
    whose = "you" if "case.resume" in actions else "等承办岗位"
    return TurnWords(whose, f"{special_words(case.suspended_ground)}，完成后恢复计时", note=note)


def own_step_due(case: "Case", actions: frozenset[str], known: Standing) -> date | None:
    """Last day of the step the acting post has open, as its list shows it."""
    if case.status != "accepted" or case.suspended_since or not actions & OWN_STEP:
        return None
    return next(
        (t.due_on for t in known.tasks if t.status == "open" and known.mine(t)),
        None,
    )


def _last_day(case: "Case", waiting: list[TaskRow]) -> date | None:
    """
    By when the first of these steps has to be done: its own limit, and never later than the case's, which runs on from
    the acceptance, whenever the step was opened.
    """
    steps = [task.due_on for task in waiting]
    return min((day for day in [*steps, case.due_on] if day), default=None) if any(steps) else None


def _is_late(task: TaskRow, at: Instant) -> bool:
    return task.due_on is not None and legal_day(at) > task.due_on


def _day(day: date | None) -> str:
    return zh_day(day) if day else ""
