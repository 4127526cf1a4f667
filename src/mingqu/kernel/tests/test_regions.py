"""The list of regions with its history, as loaded into every installation."""

import json
import os
import time
from datetime import date
from pathlib import Path

import pytest

from mingqu.kernel import regions
from mingqu.kernel.identifiers import is_known_ever
from mingqu.kernel.identifiers.divisions import changes, known_codes, parent_of, spells, towns
from mingqu.kernel.models_regions import Region, RegionChange

REAL = Path(os.environ.get("MINGQU_DATA", Path(__file__).resolve().parents[5] / "shared/data")) / "divisions"


def test_no_code_of_the_demo_prefix_was_ever_given_in_the_whole_history():
    codes = known_codes() | {c for change in changes() for c in (change.old_code, change.new_code)}
    codes |= {code for code, _ in towns()}

    assert len(codes) > 45_000
    assert [code for code in codes if code.startswith("99")] == []


def test_no_name_of_the_demo_district_occurs_in_the_lists():
    real = {spell.name for spell in spells()} | {name for _, name in towns()}

    assert real & {name for _, name in regions._DEMO_REGIONS} == set()


@pytest.mark.skipif(not REAL.exists(), reason="the real lists are not here (MINGQU_DATA)")
def test_the_committed_table_holds_every_region_of_the_source():
    present = json.loads((REAL / "divisions_v1.json").read_text())["provinces"]
    expected = {}
    for name, province in present.items():
        expected[province["code"][:6]] = name
        for city_name, city in province["cities"].items():
            expected |= {city["code"][:6]: city_name} if city["code"] else {}
            expected |= {code[:6]: county for county, code in city["counties"].items()}

    assert {s.code: s.name for s in spells() if s.until_year is None} == expected
    townships = json.loads((REAL / "townships_v1.json").read_text())
    assert len(list(towns())) == sum(len(county["townships"]) for county in townships.values())


def test_every_code_has_its_parent_in_the_list():
    orphans = [code for code in known_codes() if (up := parent_of(code)) and up not in known_codes()]

    assert orphans == []
    assert parent_of("110101") == "110000"  # a district of a city that is a province
    assert parent_of("511602") == "511600"


def test_the_tables_stay_small():
    folder = Path(regions.__file__).parent / "data"

    assert sum(file.stat().st_size for file in folder.iterdir()) < 500_000


def test_historical_codes_are_known_without_a_database():
    assert is_known_ever("432221")  # 岳阳县, gone since 1981
    assert is_known_ever("110101")
    assert not is_known_ever("990104")
    assert not is_known_ever("")


@pytest.mark.django_db
def test_the_list_is_loaded_into_every_installation_and_loading_again_changes_nothing():
    before = Region.objects.count()
    started = time.process_time()

    again = regions.load_national_list()

    assert Region.objects.count() == before == again > 46_000
    assert RegionChange.objects.count() > 5_000
    assert time.process_time() - started < 2


@pytest.mark.django_db
def test_a_list_that_was_half_loaded_is_completed():
    Region.objects.filter(code__startswith="51").delete()

    regions.load_national_list()

    assert regions.current("511602").name == "广安区"


@pytest.mark.django_db
def test_a_region_had_another_name_on_an_earlier_day():
    assert regions.name_on("130502", date(2010, 5, 1)) == "桥东区"
    assert regions.name_on("130502", date(2026, 11, 21)) == "襄都区"
    assert regions.name_on("432221", date(1980, 6, 1)) == "岳阳县"
    assert regions.name_on("432221", date(2026, 11, 21)) is None
    assert regions.name_on("990104", date(2026, 11, 21)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "day", "now"),
    [
        ("432221", None, ("430621000000",)),  # 岳阳县 given another code
        ("330104", None, ("330102000000",)),  # 江干区 into 上城区 in 2021
        ("110103", None, ("110101000000",)),  # 崇文区 into 东城区
        ("410306", None, ("410308000000",)),  # 吉利区 and 孟津县 into 孟津区: corrected by hand
        ("511602", None, ("511602000000",)),
        ("130103", None, ()),  # 石家庄's 桥东区 was divided: no single successor
    ],
)
def test_the_present_code_of_a_place_is_found_through_its_history(code, day, now):
    assert regions.successors(code, day) == now


@pytest.mark.django_db
def test_a_code_given_to_another_place_is_followed_by_the_name_of_its_day():
    # 142121 was 大同县 until 1982 and 阳高县 after it.
    as_datong = regions.successors("142121", date(1981, 6, 1))
    as_yanggao = regions.successors("142121", date(1990, 6, 1))

    assert [regions.current(code).name for code in as_datong] == ["云州区"]
    assert [regions.current(code).name for code in as_yanggao] == ["阳高县"]


@pytest.mark.django_db
def test_the_demo_district_is_loaded_only_when_asked_for():
    assert regions.current("990104") is None

    regions.load_demo_district()
    regions.load_demo_district()

    assert [r.name for r in regions.children("990104")] == ["青澜街道", "云澜街道", "禾塘镇"]
    assert regions.full_name("990104001") == "澜州市清禾区青澜街道"
    assert regions.full_name("990104100200", within="990104") == "禾塘镇上禾塘村"
    assert Region.objects.filter(regions.subtree("code", "990100")).count() == 13
    assert Region.objects.filter(regions.subtree("code", "99")).count() == 14


@pytest.mark.django_db
def test_a_subtree_takes_in_everything_below_and_nothing_beside():
    codes = set(Region.objects.filter(regions.subtree("code", "511600")).values_list("code", flat=True))

    assert "511602000000" in codes and "511600000000" in codes
    assert all(code.startswith("5116") for code in codes)
