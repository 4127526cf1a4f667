"""Accepted rows come into force one by one, each in the ledger with both persons; one that fails stops no other."""

import copy

import pytest

from mingqu.catalogue import selectors
from mingqu.catalogue.directory.errors import NoEntryInList
from mingqu.catalogue.imports import review_publishing, review_services
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.review_errors import NothingChosen, NothingToUndo
from mingqu.catalogue.imports.review_models import ReviewDeed
from mingqu.catalogue.imports.review_publishing import NoTrainingAnyMore, RowChanged
from mingqu.catalogue.imports.tests import reviewing
from mingqu.catalogue.imports.tests.reviewing import AT, House
from mingqu.catalogue.models import Revision, ServiceItem
from mingqu.catalogue.services import item_id, publish_revision
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, OutboxEvent

SYSTEM = reviewing.people.SYSTEM


@pytest.fixture
def house(db):
    return House(2)


def publish(house, by=None):
    return reviewing.publish_rows(house.batch.pk, by or house.reviewer)


def test_accepted_rows_are_published_and_no_others(house):
    house.do("accept", 1)

    deed = publish(house)

    assert (deed.state, deed.total, deed.done, deed.refused) == ("done", 1, 1, 0)
    row = house.row(1)
    assert row.state == "published"
    assert row.revision == ServiceItem.objects.get(code=row.item_code).current
    assert not ServiceItem.objects.filter(code=house.row(2).item_code).exists()
    house.batch.refresh_from_db()
    assert house.batch.counts["states"] == {"proposed": 1, "published": 1}
    assert OutboxEvent.objects.filter(
        root_id=item_id(row.item_code), name="catalogue.revision_published"
    ).exists()


def test_the_ledger_of_the_item_names_importer_reviewer_and_publisher(house):
    house.do("accept", 1, by=house.second)
    publish(house)

    entry = AuditEntry.objects.get(root_id=item_id(house.row(1).item_code), action="catalogue.publish")
    assert (entry.actor_kind, entry.notes["line"]) == ("system", 1)
    assert entry.notes["importer"] == str(house.importer.id)
    assert entry.notes["reviewer"] == str(house.second.id)
    assert entry.notes["published_by"] == str(house.reviewer.id)


def test_a_row_that_can_be_applied_for_gets_its_plan(db):
    house = House(1, applicable=True)
    house.do("accept")
    publish(house)
    code = house.row(1).item_code
    assert ServiceItem.objects.get(code=code).applicable
    assert selectors.current_definition(code, reviewing.DEMO["handling"][0]["code"])


def test_what_can_not_be_published_fails_with_sentences_and_the_rest_goes_on(house):
    broken = copy.deepcopy(house.rows[0].document)
    broken["item"]["organ"] = "NOBODY"
    shapeless = copy.deepcopy(house.rows[1].document)
    shapeless["item"]["audience"] = ["ghosts"]
    ImportedItem.objects.filter(pk=house.rows[0].pk).update(document=broken)
    ImportedItem.objects.filter(pk=house.rows[1].pk).update(document=shapeless)
    reviewing.row(house.batch, 3)
    house.do("accept")

    deed = publish(house)

    assert (deed.done, deed.refused) == (3, 2)
    assert [house.row(line).state for line in (1, 2, 3)] == ["failed", "failed", "published"]
    assert house.row(1).remark
    said = list(deed.rows.filter(state="refused").order_by("line").values_list("said", flat=True))
    assert all(said)
    assert not ServiceItem.objects.filter(code=house.row(1).item_code).exists()


def test_a_failed_row_is_put_right_reviewed_again_and_published(house):
    good = house.rows[0].document
    broken = copy.deepcopy(good)
    broken["item"]["audience"] = ["ghosts"]
    ImportedItem.objects.filter(pk=house.rows[0].pk).update(document=broken)
    house.do("accept", 1)
    publish(house)

    ImportedItem.objects.filter(pk=house.rows[0].pk).update(document=good)
    house.do("accept", 1)
    publish(house)

    assert house.row(1).state == "published"


def test_what_came_into_force_after_the_review_is_not_overwritten(house):
    house.do("accept", 1)
    other = reviewing.document(house.row(1).item_code, name="别人刚发布的")
    publish_revision(document=other, by=SYSTEM, at=AT, key=new_id())

    deed = publish(house)

    assert deed.refused == 1
    assert ServiceItem.objects.get(code=house.row(1).item_code).name == "别人刚发布的"
    house.do("accept", 1)  # compared anew
    publish(house)
    assert house.row(1).state == "published"
    assert Revision.objects.filter(item__code=house.row(1).item_code).count() == 2


def test_a_row_written_anew_after_it_was_accepted_is_not_published(house):
    house.do("accept", 1)
    begun = house.begin("publish", 1)
    ImportedItem.objects.filter(pk=house.rows[0].pk).update(version=8)

    reviewing.finish(begun.deed_id)

    assert ReviewDeed.objects.get(pk=begun.deed_id).rows.get().said == [RowChanged.sentence]
    assert house.row(1).state == "accepted"


def test_what_defaults_completed_for_training_is_not_published_where_no_training_is_any_more(house):
    house.do("accept", 1)
    ImportBatch.objects.filter(pk=house.batch.pk).update(defaults=True)

    deed = publish(house)

    assert deed.rows.get().said == [NoTrainingAnyMore.sentence]
    assert house.row(1).state == "failed"


def test_a_publication_goes_on_where_its_worker_was_killed_and_does_nothing_twice(house, monkeypatch):
    monkeypatch.setattr(review_publishing, "PORTION", 1)
    house.do("accept")
    begun = house.begin("publish")
    assert review_publishing.work(begun.deed_id, AT)
    assert ReviewDeed.objects.get(pk=begun.deed_id).done == 1

    review_services.sweep(AT + 2 * review_services.LOST_AFTER)
    reviewing.finish(begun.deed_id)
    reviewing.finish(begun.deed_id)

    deed = ReviewDeed.objects.get(pk=begun.deed_id)
    assert (deed.state, deed.done) == ("done", 2)
    assert Revision.objects.filter(item__code__startswith="IMP-").count() == 2


def test_published_rows_are_not_undone(house):
    accepted = house.do("accept", 1)
    deed = publish(house)
    for deed_id in (accepted, deed.pk):
        with pytest.raises(NothingToUndo):
            review_services.undo(deed_id=deed_id, by=house.reviewer, at=AT, key=new_id())


def test_where_the_lists_are_in_force_what_they_do_not_have_is_not_published(db, monkeypatch):
    """清单之外无权力 (CAT-03): the same rule as for a draft of staff."""
    house = House(1, applicable=True)
    house.do("accept")

    def not_entered(whole, day):
        raise NoEntryInList(why="权责清单里没有这个事项的有效条目。")

    monkeypatch.setattr(review_publishing, "require_entry", not_entered)
    deed = publish(house)

    assert deed.refused == 1
    assert "权责清单里没有" in house.row(1).remark


def test_only_who_may_publish_does_and_only_what_is_accepted(house):
    with pytest.raises(NothingChosen):
        publish(house)
    house.do("accept")
    with pytest.raises(NotAuthorised):
        publish(house, by=house.importer)
    with pytest.raises(NothingChosen):
        publish(house, by=house.strange)
