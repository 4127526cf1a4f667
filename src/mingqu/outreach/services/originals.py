"""
收取原件、送交、退还: papers of the person in an agent's hands. What they are and who has them is `hall`'s book
(材料收存、材料交接单), the agent's post one holder in it; here is what the person signed for.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.hall import services as hall
from mingqu.hall.types import NewPaper, Returned
from mingqu.identity import selectors as identity
from mingqu.kernel.commands import command
from mingqu.kernel.errors import spoken
from mingqu.kernel.types import Actor, Instant
from mingqu.outreach.errors import ErrandNotNow, SignatureNeeded
from mingqu.outreach.events import PapersCollected
from mingqu.outreach.models import Collected, Errand
from mingqu.outreach.selectors import errands as reading
from mingqu.outreach.services.errands import delegate_of

SIGNATURE = "collect_signature"  # kind of the stored picture
KEEP, SEND, BACK = frozenset({"paper.keep"}), frozenset({"paper.send"}), frozenset({"paper.give_back"})
S = Errand.State
HELD = (S.FILED, S.BROUGHT, S.ENDED)  # what lies with him still goes on after that


def collect_papers(
    *,
    errand_id: UUID,
    papers: Sequence[NewPaper],
    drawn: CheckedUpload | None,
    by: Actor,
    at: Instant,
    key: UUID,
) -> int:
    """
    The person gives papers to the agent and signs: `drawn`, or on the printed list (None). How many kinds.

    Raises ErrandUnknown, ErrandNotNow (before the application is in), NotDelegated, NothingChosen, TooManyPapers.
    """
    row = _case_of(errand_id, by, (S.FILED,))
    agent = delegate_of(row, by, KEEP)
    assert row.draft_id is not None and by.post_id is not None  # _case_of let nothing else through
    many = hall.keep_papers(case_id=row.draft_id, papers=papers, by=agent, at=at, key=uuid5(key, "keep"))
    with command("errand.collect", errand_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        before = Collected.objects.filter(root_id=errand_id).count()
        signature = None
        if drawn is not None:
            stored = documents.store_file(
                root_id=errand_id, kind=SIGNATURE, name="交出材料签名", upload=drawn, at=at
            )
            signature = stored.file_id
        cmd.insert(
            Collected(
                root_id=errand_id,
                many=many,
                on_paper=signature is None,
                signature_id=signature,
                agent_id=by.id,
                post_id=by.post_id,
                at=at,
            )
        )
        cmd.note(number=row.number, papers=many)
        cmd.publish(PapersCollected(errand_id, row.person_id, many, before + 1))
        return cmd.done(many)


def signed(drawn: CheckedUpload | None, on_paper: bool) -> CheckedUpload | None:
    """Raises SignatureNeeded where neither is there."""
    if drawn is None and not on_paper:
        raise SignatureNeeded(field="signature")
    return drawn


def send_originals(*, errand_id: UUID, papers: Sequence[UUID], by: Actor, at: Instant, key: UUID) -> str:
    """
    材料交接单 to the department that runs the point: its window counts and signs, till then they are the agent's. The
    number of the slip. Raises ErrandUnknown, ErrandNotNow, NotDelegated, and what `hall` refuses.
    """
    row = _case_of(errand_id, by, HELD)
    assert row.draft_id is not None
    chosen = [(row.draft_id, one) for one in papers]
    return hall.send_papers(
        chosen=chosen, department_id=row.point.department_id, by=delegate_of(row, by, SEND), at=at, key=key
    )


def give_back_originals(*, errand_id: UUID, returned: Returned, by: Actor, at: Instant, key: UUID) -> int:
    """What is in the agent's hands goes back to the person, who signs. Raises as `send_originals`, ReturnIncomplete."""
    row = _case_of(errand_id, by, HELD)
    assert row.draft_id is not None
    return hall.give_back_papers(
        case_id=row.draft_id, returned=returned, by=delegate_of(row, by, BACK), at=at, key=key
    )


def person_named(errand_id: UUID, by: Actor) -> str:
    """Whose papers they are, for what she signs. Raises ErrandUnknown."""
    row = reading.agents_errand(by, errand_id)
    return identity.names_of([row.person_id]).get(row.person_id, "")


def _case_of(errand_id: UUID, by: Actor, states: Sequence[str]) -> Errand:
    """The errand whose application came in, of this agent's post."""
    row = reading.agents_errand(by, errand_id)
    if row.state not in states or not row.case_number:
        raise ErrandNotNow(state=spoken(str(S(row.state).label)))
    return row
