"""What an event changed of frames and waits, as parts of the one statement that writes it."""

from typing import TYPE_CHECKING, Any

from mingqu.process import moments
from mingqu.process.replan import Replan
from mingqu.process.state import Status

if TYPE_CHECKING:
    from mingqu.process.store import Locked
    from mingqu.process.writes import Done, Writing


def write(writing: "Writing", held: "Locked", done: "Done") -> None:
    if done.after.status is not Status.ACTIVE:
        if done.before.status is not Status.NEW:
            for table in ("frame", "wait"):
                writing.add(
                    f"DELETE FROM process_{table} WHERE root_id = %s AND instance_id = %s",  # noqa: S608  constants only
                    [held.root_id, held.id],
                )
        return
    _frames(writing, held, done)
    _waits(writing, held, done)


def _frames(writing: "Writing", held: "Locked", done: "Done") -> None:
    before, after = done.before.frames, done.after.frames
    gone = [held.row(number) for number in before if number not in after]
    if gone:
        writing.add("DELETE FROM process_frame WHERE root_id = %s AND id = ANY(%s)", [held.root_id, gone])
        writing.add(
            "DELETE FROM process_variable WHERE root_id = %s AND frame_id = ANY(%s)", [held.root_id, gone]
        )
    changed = [
        (
            held.row(number),
            one.node,
            held.perhaps(one.parent),
            held.row(one.token),
            one.live,
            one.total,
            one.done,
        )
        for number, one in after.items()
        if before.get(number) != one
    ]
    if changed:
        writing.add(
            "INSERT INTO process_frame (root_id, instance_id, id, node, parent_id, token_id, live, total, done)"
            " SELECT %s, %s, v.* FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::int[], %s::int[],"
            " %s::int[]) AS v ON CONFLICT (root_id, id) DO UPDATE SET node = excluded.node, live = excluded.live,"
            " done = excluded.done",
            [held.root_id, held.id, *_columns(changed)],
        )


def _waits(writing: "Writing", held: "Locked", done: "Done") -> None:
    """After a move every row: what a timer reads is seen from its rule, not from what it is due."""
    whole = isinstance(done.event, Replan)
    before, after, nodes = done.before.waits, done.after.waits, done.plan.nodes
    gone = [held.row(number) for number in before if number not in after]
    if gone:
        writing.add("DELETE FROM process_wait WHERE root_id = %s AND id = ANY(%s)", [held.root_id, gone])
    changed = [
        (held.row(number), one.node, held.perhaps(one.token), held.perhaps(one.frame), nodes[one.node].occasion,
         moments.CLOCK if moments.reads_clock(nodes[one.node]) else nodes[one.node].ref, one.due, one.left)
        for number, one in after.items()
        if whole or before.get(number) != one
    ]  # fmt: skip
    if changed:
        writing.add(
            "INSERT INTO process_wait (root_id, instance_id, id, node, token_id, frame_id, occasion, ref, due_at,"
            ' "left") SELECT %s, %s, v.* FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::text[],'
            " %s::text[], %s::timestamptz[], %s::int[]) AS v ON CONFLICT (root_id, id) DO UPDATE"
            " SET node = excluded.node, occasion = excluded.occasion, ref = excluded.ref, due_at = excluded.due_at,"
            ' "left" = excluded."left"',
            [held.root_id, held.id, *_columns(changed)],
        )


def _columns(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
