"""A worker given up for dead comes back while another is making the same document."""

import pytest

from mingqu.documents import errors, selectors, services
from mingqu.documents.events import DocumentReady
from mingqu.documents.models import DocumentRequest
from mingqu.documents.services import making
from mingqu.documents.tests.samples import AT, ORGAN
from mingqu.documents.tests.test_making import CLERK, ask, events_of, make
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["ready", "failed"])
def test_a_worker_that_comes_back_while_another_works_leaves_the_document_to_it(monkeypatch, end):
    """Its command must not happen at all: a key used up by it would keep the other from ending the document."""
    services.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name=ORGAN, by=CLERK, at=AT, key=new_id()
    )
    root_id, request_id = ask()
    honest, outcomes = making._sealed, []

    def first_is_slow(row, at):
        monkeypatch.setattr(making, "_sealed", second_works_meanwhile)
        services.sweep(at + 2 * making.DEAD_AFTER)
        outcomes.append(make(root_id, request_id, at=at + 3 * making.DEAD_AFTER))
        return honest(row, at)

    def second_works_meanwhile(row, at):
        monkeypatch.setattr(making, "_sealed", honest)
        stale = DocumentRequest.objects.get(root_id=root_id, id=request_id)
        stale.attempts -= 1  # what the first worker holds in its hand
        if end == "ready":
            making._finish(stale, *honest(stale, at), at)
        else:
            making._fail(stale, errors.RenderingFailed(), at)
        assert selectors.document(root_id, request_id).state == "rendering"
        return honest(row, at)

    monkeypatch.setattr(making, "_sealed", first_is_slow)
    assert make(root_id, request_id) == "ready"

    assert outcomes == ["ready"]
    assert events_of(root_id) == [DocumentReady.name]
    assert AuditEntry.objects.filter(root_id=root_id, action__startswith="documents.").count() == 1
