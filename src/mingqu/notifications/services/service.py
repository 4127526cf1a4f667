"""Service records (送达), written inside the command of whoever owns the paper."""

from __future__ import annotations

from mingqu.kernel.commands import require_command
from mingqu.notifications.errors import ServedAlready
from mingqu.notifications.models import ServiceRecord
from mingqu.notifications.types import Service


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
