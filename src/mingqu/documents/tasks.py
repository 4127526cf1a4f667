"""Jobs of the documents room. Arguments are ids only; each may run twice."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.documents import services
from mingqu.documents.services.requests import MAKE, QUEUE
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@app.task(name=MAKE, queue=QUEUE)
def make_document(root_id: str, request_id: str) -> None:
    services.make_document(root_id=UUID(root_id), request_id=UUID(request_id), at=timezone.now())


@periodic("documents.sweep_bytes", every=timedelta(hours=24))
def sweep_bytes(at: Instant) -> None:
    """Bytes that no row names: put aside, and a day later removed."""
    services.sweep_bytes(at)


@periodic("documents.sweep", every=timedelta(minutes=1))
def sweep(at: Instant) -> None:
    services.sweep(at)
