"""Two at the same moment on one row, on two connections that really commit."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections, transaction

from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.review_models import ReviewDeed
from mingqu.catalogue.imports.tests import reviewing
from mingqu.catalogue.imports.tests.reviewing import House
from mingqu.catalogue.models import Revision
from mingqu.kernel.errors import DomainError


def at_once(*deeds):
    start = Barrier(len(deeds))

    def run(deed):
        start.wait(timeout=20)
        try:
            return deed()
        except DomainError as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def write_anew(house):
    """As the import does: the batch is locked, then its rows."""
    with transaction.atomic():
        ImportBatch.objects.select_for_update().get(pk=house.batch.pk)
        row = ImportedItem.objects.get(batch=house.batch, line=1)
        row.name, row.state, row.version = "写过的", "proposed", row.version + 1
        row.save()


def test_two_at_one_row(committed_db):
    """Accept and return at once; accept while the import writes the row anew; publish the same rows twice at once."""
    house = House(2)
    seen = house.ticked(1)

    at_once(
        lambda: house.do("accept", chosen=seen),
        lambda: house.do("return", chosen=seen, by=house.second, reason="有误"),
    )
    row = house.row(1)
    done = ReviewDeed.objects.filter(rows__state="done")
    assert done.count() == 1  # one decided; the other was told
    assert (row.state, row.version) == ({"accept": "accepted", "return": "returned"}[done.get().kind], 2)

    ImportedItem.objects.update(state="proposed")
    seen = house.ticked(1)
    at_once(lambda: house.do("accept", chosen=seen), lambda: write_anew(house))
    row = house.row(1)
    assert (row.name, row.state) == ("写过的", "proposed")  # whoever was first: never accepted unseen

    house.do("accept")
    chosen = house.ticked()
    begun = house.begin("publish", chosen=chosen)
    at_once(lambda: reviewing.finish(begun.deed_id), lambda: reviewing.finish(begun.deed_id))
    deed = ReviewDeed.objects.get(pk=begun.deed_id)
    assert (deed.state, deed.done, deed.refused) == ("done", 2, 0)
    assert Revision.objects.filter(item__code__startswith="IMP-").count() == 2
