"""Limits of what may be handed in hold also when several hands do it at once."""

import threading

import pytest
from django.db import connections

from mingqu.cases import services
from mingqu.cases import tasks as periodic
from mingqu.cases.errors import TooManyFiles
from mingqu.cases.models import Case, MaterialFile
from mingqu.cases.services.files import FILES_PER_MATERIAL, Holder, Upload, add_draft_files
from mingqu.cases.tests import factories as f
from mingqu.documents.models import StoredFile


def test_many_uploads_at_once_stay_within_the_limit(committed_db):
    w = f.world()
    started = f.draft(w, files=[])
    refused, start = [], threading.Barrier(6)

    def upload():
        try:
            start.wait()
            add_draft_files(
                draft_id=started.draft_id,
                material="floor-plan",
                uploads=[Upload("图.png", f.PNG)] * 4,
                holder=Holder(w.citizen),
                at=f.FRIDAY_NOON,
            )
        except TooManyFiles as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=upload) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert MaterialFile.objects.count() == 8 <= FILES_PER_MATERIAL
    assert len(refused) == 4


@pytest.mark.django_db
def test_what_tests_begin_with_is_what_the_page_of_files_leaves():
    w = f.world()
    by_factory, by_page = f.draft(w, files=["floor-plan"]), f.draft(w, files=[])
    add_draft_files(
        draft_id=by_page.draft_id,
        material="floor-plan",
        uploads=[Upload("floor-plan.png", f.PNG)],
        holder=Holder(w.citizen),
        at=f.FRIDAY_NOON,
    )

    def rows(root_id):
        own = {"root_id", "id", "file_id", "address"}  # a number, a place and a key of its own
        return [
            {name: value for name, value in row.items() if name not in own}
            for model in (MaterialFile, StoredFile)
            for row in model.objects.filter(root_id=root_id).values()
        ]

    assert rows(by_factory.draft_id) == rows(by_page.draft_id) != []
    assert by_factory.version == by_page.version


@pytest.mark.django_db
def test_one_case_that_can_not_be_accepted_stops_no_other(monkeypatch):
    w = f.world()
    first, second = f.received_case(w), f.received_case(w)
    real = services.deem_accepted

    def failing(*, case_id, at):
        if case_id == first.pk:
            raise RuntimeError("broken")
        return real(case_id=case_id, at=at)

    monkeypatch.setattr(services, "deem_accepted", failing)

    periodic.deem_accepted(f.FRIDAY_NOON + 10 * f.DAY)

    assert Case.objects.get(pk=first.pk).status == "received"
    assert Case.objects.get(pk=second.pk).deemed_accepted
