"""Two imports of the same numbers, and an undo that meets an application."""

import threading

from django.db import connections

from mingqu.certificates import errors, services
from mingqu.certificates.imports import commands, undoing
from mingqu.certificates.models import Certificate, CertificateDirectory
from mingqu.certificates.tests import tables as t
from mingqu.certificates.tests.factories import AT
from mingqu.kernel.ids import new_id


def at_once(*works):
    refused = []

    def run(work):
        try:
            work()
        except errors.DomainError as refusal:
            refused.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return refused


def test_two_imports_of_the_same_certificates_at_once_bring_each_in_once(committed_db):
    steward = t.world()
    rows = [t.row(n) for n in range(1, 31)]
    batches = [t.work(t.uploaded(steward, make(*rows))) for make in (t.xlsx, t.csv_table)]
    for batch in batches:
        commands.confirm(batch_id=batch.pk, by=steward, at=AT, key=new_id())

    assert at_once(*(lambda one=batch: t.work(one) for batch in batches)) == []

    for batch in batches:
        batch.refresh_from_db()
    assert sum(batch.imported for batch in batches) == 30
    assert Certificate.objects.count() == 30
    assert CertificateDirectory.objects.filter(kind="number").count() == 30


def test_an_undo_and_an_application_on_one_of_its_certificates_do_not_both_happen(committed_db):
    steward = t.world()
    batch = t.imported(steward, t.row(1), t.row(2))
    one = Certificate.objects.first().pk
    other = t.asked_undo(batch, steward)

    def use():
        from django.db import transaction

        with transaction.atomic():
            services.mark_used(one, AT)

    refused = at_once(use, lambda: undoing.undo(batch_id=batch.pk, by=other, at=AT, key=new_id()))

    assert refused in (["import_used"], ["certificate_not_found"])
    assert Certificate.objects.count() == (2 if refused == ["import_used"] else 0)
