"""What a list refuses by name: nothing of it is kept."""

from uuid import uuid4

import pytest

from mingqu.catalogue.directory import errors, services
from mingqu.catalogue.directory.duties import duty_seen
from mingqu.catalogue.directory.models import ListEdition, ListEntry
from mingqu.catalogue.directory.services import duties
from mingqu.catalogue.directory.services.editing import Listed
from mingqu.catalogue.directory.tests.test_lists_in_force import FOOD, NOW, OTHER, REGION, House


@pytest.fixture
def house(db):
    return House()


def on(house, edition, key=None, by=None):
    return {
        "edition_id": edition.edition_id,
        "version": edition.version,
        "by": by or house.editor,
        "at": NOW,
        "key": key or uuid4(),
    }


def test_an_edition_without_entries_is_not_handed_on(house):
    begun = services.begin_edition(of=Listed("power", REGION), by=house.editor, at=NOW, key=uuid4())

    with pytest.raises(errors.EditionEmpty):
        services.submit_edition(**on(house, begun))
    assert ListEdition.objects.get().state == ListEdition.State.DRAFT


def test_a_file_without_the_columns_a_list_needs_is_refused_with_their_names(house):
    with pytest.raises(errors.ListColumnsMissing, match="事项名称"):
        house.read([{"事项编码": "QH-1", "设定依据": "某法第一条"}])
    assert not ListEdition.objects.exists()


def test_a_list_is_of_a_region_there_is(house):
    with pytest.raises(errors.RegionNotKnown, match="990199000000"):
        services.begin_edition(of=Listed("power", "990199000000"), by=house.editor, at=NOW, key=uuid4())
    assert not ListEdition.objects.exists()


def test_an_entry_is_whole_and_its_code_is_used_once(house):
    read = house.read([FOOD, OTHER])
    second = ListEntry.objects.get(code="QH-YS")

    with pytest.raises(errors.EntryWrong) as refused:
        services.save_entry(**on(house, read), values={"code": "QH-NEW", "name": ""}, entry_id=None)
    assert refused.value.field
    typed = {
        "code": "QH-SPJYXK",
        "name": "演示许可",
        "type": "行政许可",
        "organ": FOOD["实施机关"],
        "basis": FOOD["设定依据"],
    }
    with pytest.raises(errors.EntryCodeTaken, match="QH-SPJYXK"):
        services.save_entry(**on(house, read), values=typed, entry_id=second.pk)
    assert set(ListEntry.objects.values_list("code", flat=True)) == {"QH-SPJYXK", "QH-YS"}


def test_what_is_returned_or_dropped_is_so_for_a_reason(house):
    sent = house.submit(house.read([FOOD]))

    with pytest.raises(errors.ListReasonNeeded):
        services.return_edition(**on(house, sent, by=house.reviewer), reason=" ")
    assert ListEdition.objects.get().state == ListEdition.State.SUBMITTED


def test_a_duty_that_is_none_is_not_found(house):
    with pytest.raises(errors.DutyUnknown):
        duties.record_duty(duty_id=uuid4(), text="已公布。", by=house.editor, at=NOW, key=uuid4())
    with pytest.raises(errors.DutyUnknown):
        duty_seen(house.editor, uuid4(), NOW.date())
