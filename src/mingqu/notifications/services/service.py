"""Service records (送达), written inside the command of whoever owns the paper."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mingqu.kernel.commands import require_command
from mingqu.notifications.errors import PaperNotOpen, ServedAlready
from mingqu.notifications.models import ClosedPaper, ServiceRecord, UnservedPaper
from mingqu.notifications.types import Service, Unserved


def record_service(service: Service) -> None:
    """Once for each paper, by who acts in the command at hand. Raises ServedAlready."""
    command = require_command()
    if ServiceRecord.objects.filter(root_id=service.root_id, paper_id=service.paper_id).exists():
        raise ServedAlready()
    row = ServiceRecord(
        root_id=service.root_id,
        paper_id=service.paper_id,
        paper=service.paper,
        way=service.way,
        address=service.address,
        receiver=service.receiver,
        receiver_relation=service.relation,
        receiver_document=service.document,
        refused_because=service.refused_because,
        proof=service.proof,
        signature_id=service.signature_id,
        served_on=service.served_on,
        post_id=command.by.post_id,
        person_id=command.by.id if command.by.kind == "staff" else None,
        at=command.at,
    )
    command.insert(row)
    UnservedPaper.objects.filter(root_id=service.root_id, paper_id=service.paper_id).delete()


def close_paper(root_id: UUID, paper_id: UUID, ground: str, reason: str) -> str:
    """
    It leaves the list without a service record, by who acts in the command at hand; its kind. Raises PaperNotOpen.
    """
    command = require_command()
    row = UnservedPaper.objects.select_for_update().filter(root_id=root_id, paper_id=paper_id).first()
    if row is None:
        raise PaperNotOpen()
    closed = ClosedPaper(
        root_id=root_id,
        paper_id=paper_id,
        paper=row.paper,
        ground=ground,
        reason=reason,
        post_id=command.by.post_id,
        person_id=command.by.id,
        at=command.at,
    )
    command.insert(closed)
    row.delete()
    return row.paper


def waits_no_more(root_id: UUID, papers: Collection[str]) -> None:
    """Papers of these kinds are served by a deed that keeps its own record: they leave the list."""
    UnservedPaper.objects.filter(root_id=root_id, paper__in=list(papers)).delete()


def awaits_service(one: Unserved, *, instead_of: str = "") -> None:
    """
    The paper is made and nobody is served with it yet: it stands on the list 文书送达 from now on. Safe to repeat; what
    was served or closed meanwhile is not listed. `instead_of`: a kind of which this paper takes the place of an earlier
    one.
    """
    known = {"root_id": one.root_id, "paper_id": one.paper_id}
    if ServiceRecord.objects.filter(**known).exists() or ClosedPaper.objects.filter(**known).exists():
        return
    if instead_of:
        earlier = UnservedPaper.objects.filter(root_id=one.root_id, paper=instead_of)
        earlier.exclude(paper_id=one.paper_id).delete()
    more = {name: value for name, value in vars(one).items() if name not in ("root_id", "paper_id")}
    UnservedPaper.objects.get_or_create(root_id=one.root_id, paper_id=one.paper_id, defaults=more)
