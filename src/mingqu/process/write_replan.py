"""What a change of plans does to the rows of an instance, as parts of the one statement that writes it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from mingqu.process import plans, write_frames
from mingqu.process.keys import of_frame

if TYPE_CHECKING:
    from uuid import UUID

    from mingqu.process.plan import Plan
    from mingqu.process.replan import Moves, Replan
    from mingqu.process.state import State
    from mingqu.process.store import Locked
    from mingqu.process.writes import Done, Writing


def write(writing: "Writing", held: "Locked", done: "Done", event: "Replan") -> None:
    """Tokens and variables are written as ever. Tasks keep their rows, claims (of the same post) and last days."""
    to, new = event.moves, plans.by_digest(event.moves.plan)
    writing.add(
        "UPDATE process_processinstance SET plan_digest = %s WHERE root_id = %s AND id = %s AND plan_digest = %s"
        " AND status = 'active'",
        [to.plan, held.root_id, held.id, held.plan_digest],
        rows=1,
    )
    _tasks(writing, held, to, new)
    _joins(writing, held, done.before, to)
    _variables(writing, held, done)
    write_frames.write(writing, held, replace(done, plan=new))


def _tasks(writing: "Writing", held: "Locked", to: "Moves", new: "Plan") -> None:
    if to.tasks:
        nodes = [new.nodes[node] for _number, node, _post in to.tasks]
        writing.add(
            "UPDATE process_task t SET node = v.node, name = v.name, people = v.people, post = v.post,"
            " claimed_by = CASE WHEN t.post = v.post THEN t.claimed_by END,"
            " claimed_at = CASE WHEN t.post = v.post THEN t.claimed_at END"
            " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::int[], %s::text[])"
            " AS v(id, node, name, people, post) WHERE t.root_id = %s AND t.id = v.id AND t.status = 'open'",
            [
                [held.row(number) for number, _node, _post in to.tasks],
                [node.id for node in nodes],
                [node.name for node in nodes],
                [node.people for node in nodes],
                [post for _number, _node, post in to.tasks],
                held.root_id,
            ],
            rows=len(to.tasks),
        )


def _joins(writing: "Writing", held: "Locked", before: "State", to: "Moves") -> None:
    """By their numbers: in every frame a join goes by the same name."""
    renamed = [
        (held.row(before.gatherings[now].number), of_frame(then)[1]) for now, then in to.joins if now != then
    ]
    if not renamed:
        return
    if {now for now, then in to.joins if now != then} & {then for _now, then in to.joins}:
        # A join is open once, and rows change one after the other: each gets a name that no element has first.
        _rename(writing, held, [(row, f" {name}") for row, name in renamed])
        writing.send()
    _rename(writing, held, renamed)


def _rename(writing: "Writing", held: "Locked", names: "list[tuple[UUID, str]]") -> None:
    writing.add(
        "UPDATE process_join j SET node = v.becomes FROM unnest(%s::uuid[], %s::text[]) AS v(id, becomes)"
        " WHERE j.root_id = %s AND j.id = v.id AND j.status = 'open'",
        [[row for row, _ in names], [name for _, name in names], held.root_id],
        rows=len(names),
    )


def _variables(writing: "Writing", held: "Locked", done: "Done") -> None:
    """Those that go; new ones are written as ever."""
    gone = [of_frame(key) for key in done.before.variables if key not in done.after.variables]
    if gone:
        writing.add(
            "DELETE FROM process_variable w USING unnest(%s::uuid[], %s::text[]) AS v(frame_id, name)"
            " WHERE w.root_id = %s AND w.instance_id = %s AND w.name = v.name"
            " AND w.frame_id IS NOT DISTINCT FROM v.frame_id",
            [
                [held.perhaps(frame) for frame, _ in gone],
                [name for _, name in gone],
                held.root_id,
                held.id,
            ],
            rows=len(gone),
        )
