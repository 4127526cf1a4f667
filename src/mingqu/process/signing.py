"""
Several posts sign one step, and what people do with a task besides completing it. Pure.

会签 (`all`), 或签 (`any`), 票签 (`votes`), 依次 (`turn`); 加签, 减签, 转办, 委派, 挂起, 撤回.
docs/process-human-steps.md says what each leaves behind and what each meets after each other.
"""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from mingqu.process.errors import (
    AlreadyAsked,
    NotAddedSigner,
    NothingToTakeBack,
    TaskHeld,
    TaskLent,
    TaskNotHeld,
    TaskNotOpen,
)
from mingqu.process.keys import at_join
from mingqu.process.plan import Node
from mingqu.process.state import (
    PLACES,
    ChangeSigners,
    Gathering,
    Hold,
    OpenTask,
    PassOn,
    Signing,
    State,
    TakeBack,
    TaskDropped,
)

if TYPE_CHECKING:
    from mingqu.process.step import Walk

AGAINST = "not_met"
"""The outcome of a signature that says no; every other word agrees."""


class Mode(StrEnum):
    ALL = "all"  # 会签: everybody signs
    ANY = "any"  # 或签: the first signature settles it
    VOTES = "votes"  # 票签: so many must agree
    TURN = "turn"  # 依次: one after another


def posts_of(node: Node) -> tuple[str, ...]:
    """Who is asked in a step, the leading post first."""
    return (node.post, *node.signers)


def outcome_after(state: State, number: int, outcome: str) -> str | None:
    """
    What the step comes to if this task is completed so; None while it stays open: others are still to sign, or the
    post that delegated it is to complete it. Raises TaskNotOpen.
    """
    task = state.tasks.get(number)
    if task is None:
        raise TaskNotOpen()
    if task.lent:
        return None
    signing = state.signings.get(task.token)
    if signing is None:
        return outcome
    return _verdict(
        _signed(signing, task.post, outcome), len(others(state.tasks.items(), number, task.token))
    )


def others(tasks: Iterable[tuple[int, OpenTask]], number: int, token: int) -> list[tuple[int, OpenTask]]:
    """The other open tasks of the same opening of a step, in their order."""
    return sorted((n, task) for n, task in tasks if task.token == token and n != number)


def _signed(signing: Signing, post: str, outcome: str) -> Signing:
    return replace(signing, signed=(*signing.signed, (post, outcome)))


def _verdict(signing: Signing, open_: int) -> str | None:
    words = [outcome for _post, outcome in signing.signed]
    agree = [word for word in words if word != AGAINST]
    if signing.mode == Mode.ANY:
        return words[-1]
    if signing.mode == Mode.VOTES:
        if len(agree) >= signing.votes:
            return agree[-1]
        return AGAINST if len(agree) + open_ < signing.votes else None
    if open_ or signing.waiting:
        return None
    return words[-1] if len(agree) == len(words) else AGAINST


def require_usable(task: OpenTask | None) -> OpenTask:
    """Raises TaskNotOpen, TaskHeld."""
    if task is None:
        raise TaskNotOpen()
    if task.held:
        raise TaskHeld()
    return task


def require_own(task: OpenTask | None) -> OpenTask:
    """The same, for what only its own post may do. Raises TaskLent too."""
    task = require_usable(task)
    if task.lent:
        raise TaskLent()
    return task


# -- what each event does to a walk


def open_step(walk: "Walk", token: int, node: Node) -> None:
    """A token rests on a step: whoever is to be asked first is asked."""
    posts = posts_of(node)
    if node.sign:
        first, later = (posts[:1], posts[1:]) if node.sign == Mode.TURN else (posts, ())
        signing = Signing(walk.number(), node.id, node.sign, node.votes, later)
        walk.signings = walk.signings.set(token, signing)
        posts = first
    for post in posts[: 1 if not node.sign else None]:
        walk.ask(token, node.id, post)


def sign(walk: "Walk", number: int, outcome: str) -> bool:
    """Complete one task; True if the step is done and its token goes on. Raises TaskNotOpen, TaskHeld."""
    task = require_usable(walk.tasks.get(number))
    if task.lent:
        walk.tasks = walk.tasks.set(number, replace(task, post=task.lent, lent=""))
        return False
    signing = walk.signings.get(task.token)
    walk.tasks = walk.tasks.delete(number)
    if signing is None:
        return True
    now = _signed(signing, task.post, outcome)
    left = others(walk.tasks.items(), number, task.token)
    if _verdict(now, len(left)) is None:
        if now.waiting and not left:
            walk.ask(task.token, task.node, now.waiting[0])
            now = replace(now, waiting=now.waiting[1:])
        walk.signings = walk.signings.set(task.token, now)
        return False
    unsign(walk, task.token)
    return True


def unsign(walk: "Walk", token: int) -> None:
    """The opening of a step is over: its signing goes, and whoever was still asked is asked no more."""
    for number, task in others(walk.tasks.items(), 0, token):
        walk.tasks = walk.tasks.delete(number)
        walk.effects.append(TaskDropped(number, task.node))
    if token in walk.signings:
        walk.signings = walk.signings.delete(token)


def pass_on(walk: "Walk", event: PassOn) -> None:
    task = require_usable(walk.tasks.get(event.task))
    if task.lent:
        if event.post != task.lent or event.back:
            raise TaskLent()
        walk.tasks = walk.tasks.set(event.task, replace(task, post=task.lent, lent=""))
        return
    _require_new(walk, event.task, task, event.post)
    lent = task.post if event.back else ""
    walk.tasks = walk.tasks.set(event.task, replace(task, post=event.post, lent=lent))
    signing = walk.signings.get(task.token)
    if signing is not None and task.post in signing.added and not event.back:
        added = tuple(event.post if post == task.post else post for post in signing.added)
        walk.signings = walk.signings.set(task.token, replace(signing, added=added))


def _require_new(walk: "Walk", number: int, task: OpenTask, post: str) -> None:
    """Nobody is asked twice in one opening of a step. Raises AlreadyAsked."""
    signing = walk.signings.get(task.token)
    asked = {task.post} | {
        p for _n, o in others(walk.tasks.items(), number, task.token) for p in (o.post, o.lent)
    }
    if signing is not None:
        asked |= {*signing.waiting, *(by for by, _outcome in signing.signed)}
    if post in asked:
        raise AlreadyAsked()


def change_signers(walk: "Walk", event: ChangeSigners) -> None:
    task = require_own(walk.tasks.get(event.task))
    signing = walk.signings.get(task.token)
    if event.add:
        _require_new(walk, event.task, task, event.post)
        signing = signing or Signing(walk.number(), task.node, Mode.ALL)
        signing = replace(signing, added=(*signing.added, event.post))
        if signing.mode == Mode.TURN:
            signing = replace(signing, waiting=(event.post, *signing.waiting))
        else:
            walk.ask(task.token, task.node, event.post)
        walk.signings = walk.signings.set(task.token, signing)
        return
    if signing is None or event.post not in signing.added:
        raise NotAddedSigner()
    beside = others(walk.tasks.items(), event.task, task.token)
    found = next(((n, o) for n, o in beside if event.post in (o.post, o.lent)), None)
    if found is None and event.post not in signing.waiting:
        raise NotAddedSigner()
    if found is not None:
        walk.tasks = walk.tasks.delete(found[0])
        walk.effects.append(TaskDropped(found[0], found[1].node))
    left = tuple(post for post in signing.added if post != event.post)
    waiting = tuple(post for post in signing.waiting if post != event.post)
    walk.signings = walk.signings.set(task.token, replace(signing, added=left, waiting=waiting))


def hold(walk: "Walk", event: Hold) -> None:
    task = walk.tasks.get(event.task)
    if task is None:
        raise TaskNotOpen()
    if task.held == event.held:
        raise TaskHeld() if task.held else TaskNotHeld()
    walk.tasks = walk.tasks.set(event.task, replace(task, held=event.held))


def take_back(walk: "Walk", event: TakeBack) -> None:
    """Raises NothingToTakeBack where somebody has acted on it."""
    token = walk.tokens.get(event.token)
    signing = walk.signings.get(event.token)
    fresh = sorted((n, task) for n, task in walk.tasks.items() if n >> PLACES == event.by)
    if token is not None and token.node == event.node and signing is not None:
        _unsign_one(walk, event, signing, fresh)
    elif not walk.plan.revocable(event.node):
        raise NothingToTakeBack()
    elif token is not None and token.node in walk.plan.joins:
        key = at_join(token.node, token.frame)
        open_ = walk.gatherings[key]
        walk.gatherings = walk.gatherings.set(key, Gathering(open_.number, open_.expected, open_.arrived - 1))
        _again(walk, event, event.token)
    elif fresh and _untouched(walk, event, fresh):
        there = fresh[0][1]
        unsign(walk, there.token)
        walk.go_back(there.token, there.node, event.node)
        _again(walk, event, there.token)
    else:
        raise NothingToTakeBack()


def _untouched(walk: "Walk", event: TakeBack, fresh: list[tuple[int, OpenTask]]) -> bool:
    if len(fresh) != event.opened or any(task.node == event.node for _n, task in fresh):
        return False
    for _number, task in fresh:
        signing = walk.signings.get(task.token)
        if task.lent or task.held or task.post not in posts_of(walk.plan.nodes[task.node]):
            return False
        if signing is not None and (signing.signed or signing.added):
            return False
    return True


def _unsign_one(walk: "Walk", event: TakeBack, signing: Signing, fresh: list[tuple[int, OpenTask]]) -> None:
    """One signature of a signing that goes on: taken out, its post is asked again; the next in turn waits again."""
    mine = [one for one in signing.signed if one[0] == event.post and event.by > signing.number >> PLACES]
    if not mine or any(task.lent or task.held for _n, task in fresh) or len(fresh) != event.opened:
        raise NothingToTakeBack()
    waiting = (*(task.post for _n, task in fresh), *signing.waiting)
    for number, task in fresh:
        walk.tasks = walk.tasks.delete(number)
        walk.effects.append(TaskDropped(number, task.node))
    signed = tuple(one for one in signing.signed if one[0] != event.post)
    walk.signings = walk.signings.set(event.token, replace(signing, signed=signed, waiting=waiting))
    walk.ask(event.token, event.node, event.post)


def _again(walk: "Walk", event: TakeBack, token: int) -> None:
    """The token is back on the step: whoever was asked when it was completed is asked again, as it stood then."""
    walk.place(token, event.node)
    before = event.before
    if before is not None:
        walk.signings = walk.signings.set(token, replace(before, number=walk.number(), waiting=()))
    for post in (event.post, *(before.waiting if before is not None else ())):
        walk.ask(token, event.node, post)
