"""Mapping files say where a part stands; what is not understood is a finding, never a guess."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.catalogue.imports.building import build
from mingqu.catalogue.imports.errors import (
    FileTooLarge,
    FileUnreadable,
    MappingUnknown,
    MappingWrong,
    RowsNotThere,
)
from mingqu.catalogue.imports.kinds import RULES, Signs, proposed_kind
from mingqu.catalogue.imports.mapping import OWN, TARGETS, mapping, mappings, read_mapping
from mingqu.catalogue.imports.organs import Organs, right
from mingqu.catalogue.imports.reading import ROWS, rows_of
from mingqu.catalogue.imports.takes import UNITS, read_limit, taken, transformed
from mingqu.catalogue.imports.types import Organ, Row
from mingqu.kernel.tables import TableTooLarge

START = "name: x\nversion: 1\ntitle: 试\nformat: json\nrows: '[]'\nfields:\n"
NEEDED = "  key: {from: k}\n  code: {from: k}\n  name: {from: n}\n"
ORGAN = "11990104MB0000019E"


def mapped(more="", after=""):
    return read_mapping(START + NEEDED + more + after, "x")


def one(values, more="", after="", above=()):
    row = Row(1, {"k": "QH-1", "n": "占道许可"} | values, above, "01")
    return build(row, mapped(more, after), Organs([]), file="x.json")


def codes(built):
    return {one.code for one in built.findings}


def test_all_our_mappings_are_right_and_their_names_are_their_files():
    assert [one.name for one in mappings()] == [
        one.name for one in map(mapping, [m.name for m in mappings()])
    ]
    assert {"own_items", "gd_service_items", "guangan_service_items"} < {one.name for one in mappings()}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "第1行不是YAML"),
        ("- a", "最外层"),
        (START + NEEDED + "  colour: {from: c}\n", "fields"),
        (START + "  key: {from: k}\n", "fields"),
        (START + NEEDED + "  type: {from: t, do: [run]}\n", "fields.type"),
        (START + NEEDED + "  type: {from: t, do: [{eval: x}]}\n", "fields.type"),
        (START + NEEDED + "  type: {from: t, table: none}\n", "没有名为“none”的对照表"),
        (START + NEEDED + "  type: {do: [upper]}\n", "要写from、value或者default"),
        ((START + NEEDED).replace("name: x", "name: y", 1), "name应与文件名相同"),
        ((START + NEEDED).replace("version: 1", "version: first"), "version"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_place(text, says):
    with pytest.raises(MappingWrong) as refused:
        read_mapping(text, "x")
    assert says in refused.value.message


def test_an_installation_has_mappings_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "ours.yaml").write_text(
        (START + NEEDED).replace("name: x", "name: ours", 1), encoding="utf-8"
    )
    (tmp_path / "broken.yaml").write_text("{", encoding="utf-8")
    with pytest.raises(MappingUnknown):
        mapping("ours")
    monkeypatch.setenv(OWN, str(tmp_path))

    assert mapping("ours").title == "试"
    assert "ours" in [one.name for one in mappings()]
    with pytest.raises(MappingWrong):
        mapping("broken")


@pytest.mark.parametrize(
    ("deed", "argument", "given", "gives"),
    [
        ("first", 3, ["11440"], ["114"]),
        ("last", 2, ["11440"], ["40"]),
        ("after", "：", ["地点：一楼"], ["一楼"]),
        ("after", "：", ["一楼"], []),
        ("before", "（", ["一楼（东）"], ["一楼"]),
        ("split", "、", ["甲、乙、"], ["甲", "乙"]),
        ("join", "；", ["甲", "乙"], ["甲；乙"]),
        ("drop_parts", 2, ["00877868-5-1-00"], ["00877868-5"]),
        ("query", "itemCode", ["http://x/?a=1&itemCode=511Z-1"], ["511Z-1"]),
        ("query", "itemCode", ["http://[broken"], []),
        ("prefix", "JB-", ["01"], ["JB-01"]),
        ("upper", True, ["9x"], ["9X"]),
        ("plain", True, ["68236467-9 "], ["682364679"]),
    ],
)
def test_each_transform_does_one_thing(deed, argument, given, gives):
    assert transformed(given, deed, argument) == gives


@given(
    number=st.integers(1, 9999), unit=st.sampled_from(sorted(UNITS)), form=st.sampled_from(["{}({})", "{}{}"])
)
def test_a_limit_is_a_number_and_a_unit_however_it_is_written(number, unit, form):
    assert read_limit(form.format(number, unit)) == (number, UNITS[unit])


@given(st.text(max_size=12))
def test_no_text_makes_a_limit_of_less_than_one_or_of_an_unknown_unit(text):
    limit = read_limit(text)
    assert limit is None or (limit[0] >= 1 and limit[1] in UNITS.values())


def test_the_first_path_that_says_something_is_used_and_named():
    said = taken(
        Row(1, {"k": "1", "n": "", "other": {"name": ["", "占道"]}}),
        read_mapping(START + NEEDED.replace("{from: n}", "{from: [n, other.name.1]}"), "x"),
    )
    assert (said.text("name"), said.path["name"]) == ("占道", "other.name.1")


def test_what_a_table_does_not_have_is_a_finding_and_is_not_used():
    tables = 'tables:\n  t: {许可: "01"}\n'
    built = one({"t": "审批"}, "  type: {from: t, table: t}\n", tables)

    assert built.item_type == "" and {"value_unknown", "type_unknown"} <= codes(built)


@pytest.mark.parametrize(
    ("more", "values", "code"),
    [
        ("  summary: {from: s}\n", {"s": "长" * 301}, "value_too_long"),
        ("  base_code: {from: s}\n", {"s": "1" * 13}, "value_too_long"),
        ("  level: {from: s}\n", {"s": "9"}, "value_unknown"),
        ("  type: {from: s}\n", {"s": "99"}, "value_unknown"),
        ("  handling_code: {from: s}\n", {"s": "0]1"}, "value_unknown"),
        ("  region: {from: s}\n", {"s": "99x"}, "region_outside"),
        ("  stages: {from: s}\n", {"s": "省级教育/体育（审核）"}, "stages_unreadable"),
        ("  visits: {from: s}\n", {"s": "两次"}, "visits_unreadable"),
        ("  link: {from: s}\n", {"s": "javascript:alert(1)"}, "link_malformed"),
    ],
)
def test_what_a_definition_can_not_hold_is_not_used_and_said(more, values, code):
    enquiry = {"n": "水质查询"} if "link" in more else {"n": "占道备案"}
    built = one(values | enquiry, more)

    assert code in codes(built) and not built.refused
    assert values["s"] not in str(built.document)


def test_of_two_limits_one_is_none_and_a_promise_is_never_longer_than_the_law_gives():
    limits = "  statutory: {from: s}\n  promised: {from: p}\n  materials: {from: m}\n"
    for values, code in (
        ({"p": "5工作日"}, "statutory_missing"),
        ({"s": "5工作日"}, "promised_missing"),
        ({}, "limits_missing"),
        ({"s": "5工作日", "p": "6工作日"}, "promise_exceeds"),
    ):
        built = one({"m": "申请书"} | values, limits)
        assert code in codes(built) and "no_limits" in built.shut
    assert "units_differ" in codes(one({"m": "表", "s": "30天", "p": "5工作日"}, limits))
    assert "limit_over_a_year" in codes(one({"m": "表", "s": "365工作日", "p": "5工作日"}, limits))


def test_an_organ_is_told_by_a_right_code_and_a_doubtful_one_is_nobody():
    how = mapped(
        "  organ_codes: {from: o}\n  organ_name: {from: d}\n", f"doubtful_organs: {{{ORGAN}: 名称不对}}\n"
    )
    row = Row(1, {"k": "1", "n": "占道", "o": ORGAN, "d": "水产研究所"})

    assert right(ORGAN) and not right(ORGAN[:-1] + "A") and not right("123")
    doubtful = build(row, how, Organs([]), file="x")
    assert "organ_doubtful" in codes(doubtful) and "no_organ" in doubtful.shut
    known = build(row, how, Organs([Organ(ORGAN, "清禾区城市管理局", "CGJ")]), file="x")
    assert known.document["item"]["organ"] == "CGJ" and "organ_name_differs" in codes(known)


@pytest.mark.parametrize(
    ("signs", "kind"),
    [
        (Signs("02", "占道处罚", False), "ex_officio"),
        (Signs("01", "进度查询", False), "on_application"),
        (Signs("20", "涉税信息查询", True), "on_application"),
        (Signs("20", "登记信息查询", False), "enquiry"),
        (Signs("20", "高压报装", False), "on_application"),
        (Signs("20", "河长制专刊", False), "enquiry"),
    ],
)
def test_the_handling_kind_is_proposed_by_the_first_rule_that_holds_and_says_why(signs, kind):
    found, reason = proposed_kind(signs)

    assert found == kind and reason in {rule.reason for rule in RULES}


@given(
    st.dictionaries(
        st.sampled_from(["k", "n", *TARGETS]),
        st.one_of(st.text(max_size=30), st.integers(), st.none(), st.lists(st.text(max_size=8), max_size=3)),
    )
)
def test_whatever_a_row_says_it_becomes_a_definition_or_is_refused_with_a_code(values):
    more = "".join(f"  {t}: {{from: {t}}}\n" for t in TARGETS if t not in ("key", "code", "name"))
    built = build(Row(1, values), mapped(more), Organs([]), file="x")

    assert built.refused == (not built.document)
    assert built.findings and all(one.code and one.sentence for one in built.findings)
    paths = [one["path"] for one in built.document.get("sources", [])]
    assert len(paths) == len(set(paths))


def test_more_rows_than_an_import_takes_are_refused():
    with pytest.raises(FileTooLarge):
        list(rows_of(b"{}\n" * (ROWS + 1), mapping("gd_service_items")))
    with pytest.raises(TableTooLarge):
        list(rows_of(b"a,b\n" + b"1,2\n" * 20_001, mapping("own_items")))


def test_a_row_of_one_json_file_is_no_larger_than_a_line_may_be():
    large = {"TASK_CODE": "1", "parts": ["字" * 19_000] * 10}
    data = json.dumps([large, {"TASK_CODE": "2"}], ensure_ascii=False).encode()

    found = list(rows_of(data, replace(mapping("gd_service_items"), format="json", rows="[]")))

    assert [row.unreadable for row in found] == ["这一条超过500KB", ""]
    assert found[0].values == {}, "what is too large is not kept either"


@pytest.mark.parametrize(
    ("start", "data", "says"),
    [
        (START, '{"k": "QH-1"}', "“最外层”不是列表"),
        (START.replace("'[]'", "'items[]'"), '{"rows": []}', "没有“items”"),
        (START.replace("'[]'", "'items[].one[]'"), '{"items": ["x"]}', "第1个不是一组键和值"),
    ],
)
def test_a_file_that_does_not_fit_the_mapping_says_where(start, data, says):
    with pytest.raises(RowsNotThere, match=says):
        list(rows_of(data.encode(), read_mapping(start + NEEDED, "x")))


@pytest.mark.parametrize(("head", "says"), [("k,name", "缺少列：n"), ("k,n,n", "列名重复：n")])
def test_a_table_with_other_columns_than_the_mapping_names_them(head, says):
    table = START.replace("format: json\nrows: '[]'\n", "format: table\nheaders: [k, n]\n")
    with pytest.raises(RowsNotThere, match=says):
        list(rows_of(f"{head}\n1,2,3\n".encode(), read_mapping(table + NEEDED, "x")))


def test_a_file_of_another_format_is_not_guessed_at():
    with pytest.raises(FileUnreadable, match="不是JSON"):
        list(rows_of(b"PK\x03\x04" + bytes(20), mapped()))
    with pytest.raises(FileUnreadable, match="第1行"):
        list(rows_of(b"not json", mapped()))
