"""Nobody takes a service of another department or region by its code, nor undoes what kept their own rows out."""

import copy

import pytest

from mingqu.catalogue import services as definitions
from mingqu.catalogue.directory.models import ListEdition
from mingqu.catalogue.directory.services import passing
from mingqu.catalogue.errors import ItemOfAnother
from mingqu.catalogue.imports import review_deeds, review_services, review_views, selectors
from mingqu.catalogue.imports.errors import ImportUnknown
from mingqu.catalogue.imports.models import ImportBatch
from mingqu.catalogue.imports.review_errors import ImporterReviews
from mingqu.catalogue.imports.tests import reviewing
from mingqu.catalogue.imports.tests.reviewing import AT, House
from mingqu.catalogue.models import ServiceItem
from mingqu.identity.services import access
from mingqu.identity.tests import factories as people
from mingqu.identity.types import Place
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db
CODE = "TAKEN-0001"


@pytest.fixture
def taken():
    """An item of one bureau, and an editor, a reviewer and a publisher of another one."""
    house = House(0)
    definitions.publish_revision(document=reviewing.document(CODE), by=people.SYSTEM, at=AT, key=new_id())
    other = people.department("别局", code="QH-BIE")
    house.editor = people.staff_actor("catalogue_editor", department_id=other, name="别编")
    house.judge = people.staff_actor("catalogue_reviewer", department_id=other, name="别审")
    house.forged = reviewing.document(CODE, name="假的事项", organ="QH-BIE")
    house.forged["item"]["responsible_post"] = ""
    return house


def unchanged() -> bool:
    item = ServiceItem.objects.select_related("department").get(code=CODE)
    return item.name != "假的事项" and item.department.code == reviewing.ORGAN


def test_no_draft_of_another_departments_item_is_begun(taken):
    with pytest.raises(ItemOfAnother):
        definitions.save_draft(document=taken.forged, by=taken.editor, at=AT, key=new_id())


def test_an_imported_row_does_not_take_the_item_of_another_department(taken):
    batch = reviewing.batch(taken.editor.id)
    row = reviewing.row(
        batch, 1, code=CODE, document=copy.deepcopy(taken.forged), organ_code="QH-BIE", listed=True
    )
    chosen = review_services.Chosen(rows=((row.pk, row.version),))
    begun = review_services.begin(
        batch_id=batch.pk,
        order=review_services.Order("accept"),
        chosen=chosen,
        by=taken.judge,
        at=AT,
        key=new_id(),
    )
    reviewing.finish(begun.deed_id)
    deed = reviewing.publish_rows(batch.pk, taken.judge)

    assert unchanged()
    assert (deed.done, deed.refused) == (1, 1)


def test_what_passed_because_a_region_was_for_training_is_not_published_once_it_is_not(monkeypatch):
    house = House(1, kind_confirmed=False)
    monkeypatch.setattr(review_deeds, "is_training", lambda code, now=False: True)
    house.do("accept", 1)
    assert house.row(1).state == "accepted"

    deed = reviewing.publish_rows(house.batch.pk, house.reviewer)

    assert (deed.done, deed.refused) == (1, 1)
    assert not ServiceItem.objects.filter(code=house.row(1).item_code).exists()


def test_a_sign_that_is_a_digit_but_no_number_breaks_no_page_of_review():
    assert review_views._number("²") == 0 == review_views._number("9" * 5000)


def test_whoever_imported_does_not_undo_a_return_and_so_bring_an_acceptance_back():
    house = House(1)
    ImportBatch.objects.filter(pk=house.batch.pk).update(author_id=house.second.id)
    house.do("accept", 1)
    back = house.do("return", 1, reason="条件写错了")

    with pytest.raises(ImporterReviews):
        review_services.undo(deed_id=back, by=house.second, at=AT, key=new_id())
    assert house.row(1).state == "returned"


def test_many_later_changes_do_not_wash_the_hands_of_who_wrote_in_a_list():
    edition = ListEdition(remarks=[])
    first, other = new_id(), new_id()
    for who, deed in ((first, "修改"), *[(other, "修改")] * (passing.REMARKS + 1)):
        remark = {"at": AT.isoformat(), "who": str(who), "deed": deed, "text": ""}
        edition.remarks = passing._bounded([*edition.remarks, remark])

    assert {first, other} <= passing.hands(edition)
    assert len(edition.remarks) <= passing.REMARKS + 2


def test_an_editor_of_one_department_does_not_read_what_was_imported_for_all(taken):
    batch = reviewing.batch(people.SYSTEM.id)

    assert not access.allows(taken.editor, "catalogue.import", Place(None, batch.region_code))
    assert selectors.batches(taken.editor) == ([], None)
    with pytest.raises(ImportUnknown):
        selectors.batch(taken.editor, batch.pk)
    assert selectors.batch(people.SYSTEM, batch.pk) == batch
