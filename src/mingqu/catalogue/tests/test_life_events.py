"""PRT-04: life events are codes of three lists; what no list has is refused with their names."""

from mingqu.catalogue import schema
from mingqu.catalogue.imports.mapping import mapping
from mingqu.catalogue.types import LIFE_EVENTS, Item, life_event_name, life_event_rank, life_events
from mingqu.kernel.codelists import code_list

ITEM = {
    "code": "QH-1",
    "name": "出生登记",
    "base_code": "",
    "type": "10",
    "organ": "QH-GA",
    "responsible_post": "",
    "level": "4",
    "region_code": "990104000000",
    "audience": ["natural_person"],
    "summary": "",
    "theme": "户籍办理",
}


def test_no_code_or_name_stands_in_two_of_the_lists():
    known = [one for key in LIFE_EVENTS for one in code_list(key)]

    assert len({one.code for one in known}) == len({one.name for one in known}) == len(known) == 29


def test_an_event_that_no_list_has_is_refused_with_the_lists_and_what_they_have():
    assert schema.shape_problems(Item, ITEM | {"life_events": ["newborn", "birth", "close"]}) == []
    (says,) = schema.shape_problems(Item, ITEM | {"life_events": ["newborn", "结婚"]})

    assert says.startswith("life_events[1]：")
    assert "里没有“结婚”，可用：birth 出生、" in says
    assert [key for key in LIFE_EVENTS if f"（代码表{key}，" not in says] == []


def test_events_stand_in_the_order_of_life_and_old_words_after_them_as_they_were_written():
    found = sorted(["结婚", "newborn", "close", "after_death", "birth"], key=life_event_rank)

    assert [life_event_name(one) for one in found] == ["出生", "身后", "注销退出", "新生儿出生", "结婚"]


def test_spreadsheets_and_other_provinces_words_become_codes():
    own = mapping("own_items").tables["events"]

    assert own == {name: code for code, name in life_events().items()}
    assert set(mapping("gd_service_items").tables["events"].values()) <= set(life_events())
