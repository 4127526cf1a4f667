"""What a change of plans does to the rows of an instance, as parts of the one statement that writes it."""

from typing import TYPE_CHECKING

from mingqu.process import plans

if TYPE_CHECKING:
    from mingqu.process.replan import Replan
    from mingqu.process.store import Locked
    from mingqu.process.writes import Writing


def write(writing: "Writing", held: "Locked", event: "Replan") -> None:
    """Tokens and variables are written as ever. Tasks keep their rows, claims (of the same post) and last days."""
    to, new = event.moves, plans.by_digest(event.moves.plan)
    writing.add(
        "UPDATE process_processinstance SET plan_digest = %s WHERE root_id = %s AND id = %s AND plan_digest = %s"
        " AND status = 'active'",
        [to.plan, held.root_id, held.id, held.plan_digest],
        rows=1,
    )
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
    if renamed := [(now, then) for now, then in to.joins if now != then]:
        writing.add(
            "UPDATE process_join j SET node = v.becomes FROM unnest(%s::text[], %s::text[]) AS v(was, becomes)"
            " WHERE j.root_id = %s AND j.instance_id = %s AND j.node = v.was AND j.status = 'open'",
            [[now for now, _ in renamed], [then for _, then in renamed], held.root_id, held.id],
            rows=len(renamed),
        )
