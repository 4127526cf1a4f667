"""
How many rows of the shared files reach which gate, and why the others do not. Written before the importer.

The rules, in words. They hold for a row on its own, before anybody has reviewed it.

*listed* (name, organ, telephone). The name is there in every row. The organ is known where its 统一社会信用代码 has the
right check characters and nobody has found the name beside it to be another's. The telephone is what the source says;
无 is none, and a default is only put where a source has no such column at all, and only where the batch asks for
defaults.

*applicable*. Never what is not 依申请: of 行政权力 every row is (no file holds 处罚 强制 征收 检查); of 公共服务 a
row that lists materials, or whose name asks for something (申请, 登记, 备案 …) and for no looking up (查询, 指引 …).
All others are 查询/指引. Of what is 依申请, nothing is applicable as it was read: no source says what is asked in the
form, who decides and what the result looks like: `no_form`, `no_result`, and `no_process` except where the source says
which one organ decides. With the defaults of the template these are filled, and what is left is `no_limits`: a row
needs both limits, and a promise without the statutory limit (201 rows) is none: nobody can tell if it is too long.

*lawful*. None. No file has a column for the 设定依据; what 受理条件 quotes is proposed and waits for a person.

Guangdong: 2,262 rows (1,899 codes of 31 characters, 363 of 33), each an item of its own, though 139 pairs of main item
and department cover 885 of them: sub-items, whose codes all differ.
    listed      2,114; not: no_telephone 80 (all 公共服务), no_organ 68 (62 under the name of a fishery institute,
                3 + 3 with a wrong check character), no row has both
    applicable  0; not_on_application 1,387; of the 875 others no_form 875, no_result 875, no_process 804, no_limits 51
                with defaults 824, of which 823 are listed
    lawful      0; no_basis 2,262
Guang'an: 1,135 rows: a name and a link.
    listed      0; no_telephone 1,135, no_organ 118 (codes of 17 or 13 characters, numbers of another kind)
                with defaults (12345, 政务服务便民热线) 1,017: there they stop
    applicable  0; not_on_application 155; of the 980 others no_limits, no_form, no_process, no_result 980
    lawful      0; no_basis 1,135
Jiangbei: 39 items of two flows (19 and 20): a name, materials, a room.
    listed      0; no_telephone 39, no_organ 39 (short names of departments or none; no code anywhere)
    applicable  0; no_limits, no_form, no_process, no_result 39 (each lists materials, so each is applied for)
    lawful      0; no_basis 39
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache

import pytest

from mingqu.catalogue.imports.building import build
from mingqu.catalogue.imports.mapping import mapping
from mingqu.catalogue.imports.organs import Organs, organs_named
from mingqu.catalogue.imports.reading import rows_of
from mingqu.catalogue.imports.tests import counting
from mingqu.catalogue.imports.types import Built

pytestmark = pytest.mark.skipif(not counting.GUANGDONG.exists(), reason="no shared data")

APPLIED = ("no_form", "no_result", "no_process", "no_limits")
FILES = {
    "gd_service_items": counting.GUANGDONG,
    "guangan_service_items": counting.GUANGAN,
    "jiangbei_enterprise": counting.JIANGBEI["enterprise"],
    "jiangbei_government": counting.JIANGBEI["government"],
}


@cache
def built(name: str, defaults: bool = False) -> list[Built]:
    """Every row, in a region whose register has each organ of the file that can be told by its code."""
    how = mapping(name)
    rows = list(rows_of(FILES[name].read_bytes(), how))
    known = Organs([o.entered() for o in organs_named(rows, how)])
    return [build(row, how, known, file=FILES[name].name, defaults=defaults) for row in rows]


def shut(rows: Iterable[Built]) -> Counter[str]:
    return Counter(code for row in rows for code in row.shut)


def listed(rows: Iterable[Built]) -> int:
    return sum(row.open("listed") for row in rows)


def test_the_numbers_of_guangdong_are_what_the_file_holds():
    found = counting.count_guangdong()

    assert (found["rows"], found["listed"], found["no_telephone"], found["no_organ"]) == (2262, 2114, 80, 68)
    assert (found["not_on_application"], found["no_process"], found["no_limits"]) == (1387, 804, 51)
    assert found["applicable with defaults"] == 824
    assert found["applicable and listed with defaults"] == 823
    assert (found["without conditions"], found["without statutory limit"]) == (950, 713)
    assert (found["promise without statutory limit"], found["several departments"]) == (201, 87)


def test_rows_of_one_main_item_are_items_of_their_own_because_each_has_its_code():
    found = counting.count_guangdong()

    assert (found["shared main items"], found["rows of shared main items"]) == (139, 885)
    assert found["different codes"] == found["rows"]
    assert (found["departments with a wrong check"], found["rows with a wrong check"]) == (2, 6)
    assert len({row.item_code for row in built("gd_service_items")}) == 2262


def test_guangdong_reaches_the_gates_as_counted():
    rows = built("gd_service_items")
    codes = shut(rows)

    assert len(rows) == len({row.key for row in rows}) == 2262
    assert not any(row.refused for row in rows)
    assert (listed(rows), codes["no_telephone"], codes["no_organ"]) == (2114, 80, 68)
    assert sum(row.open("applicable") for row in rows) == 0
    assert [codes[code] for code in APPLIED] == [875, 875, 804, 51]
    assert codes["not_on_application"] == 1387
    assert (sum(row.open("lawful") for row in rows), codes["no_basis"]) == (0, 2262)


def test_with_the_defaults_of_a_training_region_guangdong_is_applied_for_where_both_limits_are_known():
    rows = built("gd_service_items", defaults=True)

    # 824 have both limits; of those one names no organ, and in five more than one organ decides (分级管理).
    undecided = [row for row in rows if any(one.code == "several_deciders" for one in row.findings)]
    assert not any(row.open("applicable") for row in undecided)
    assert sum(row.open("applicable") for row in rows) == 818
    assert sum(row.open("applicable") and row.open("listed") for row in rows) == 818
    assert (listed(rows), shut(rows)["no_limits"]) == (2114, 51)
    assert sum(row.open("lawful") for row in rows) == 0


def test_guangan_stops_at_listed_and_reaches_it_only_with_a_default_telephone():
    found = counting.count_guangan()
    assert (found["rows"], found["organ known"], found["no_organ"]) == (1135, 1017, 118)
    assert (found["not_on_application"], found["no_limits"]) == (155, 980)

    rows = built("guangan_service_items")
    codes = shut(rows)
    assert (listed(rows), codes["no_telephone"], codes["no_organ"]) == (0, 1135, 118)
    assert codes["not_on_application"] == 155
    assert [codes[code] for code in APPLIED] == [980, 980, 980, 980]
    assert codes["no_basis"] == 1135

    defaults = built("guangan_service_items", defaults=True)
    assert listed(defaults) == 1017
    assert not any(row.open("applicable") or row.open("lawful") for row in defaults)


def test_jiangbei_is_not_even_listed():
    found = counting.count_jiangbei()
    assert (found["enterprise"], found["government"], found["materials"]) == (19, 20, 282)
    assert found["with materials"] == 39

    rows = built("jiangbei_enterprise") + built("jiangbei_government")
    codes = shut(rows)
    assert (listed(rows), codes["no_telephone"], codes["no_organ"]) == (0, 39, 39)
    assert [codes[code] for code in APPLIED] == [39, 39, 39, 39]
    assert codes["no_basis"] == 39
    materials = sum(len(h["materials"]) for row in rows for h in row.document["handling"])
    doubled = sum(finding.code == "material_doubled" for row in rows for finding in row.findings)
    assert materials + doubled == 282
