"""
The national exchange tables field by field (standards 2.1–2.5): which are reported, and why the others are not. The
tables were seen in a public repository, not in the text of the standard: what is claimed is `verified: false`.
"""

from dataclasses import replace

import pytest

from mingqu.catalogue.types import Fee, LawRef
from mingqu.federation import rules
from mingqu.federation.selectors import items
from mingqu.kernel.yaml_text import read_yaml

OWN = {"task_guid", "order_num"}  # ours: which item a row belongs to, and its place
NOT_KEPT = "本平台的事项定义里没有这一项，不能如实填写"
WORDS = "本平台里是说明文字，不是可以单独报送的附件"

# Table → its fields as the source has them; a field that is not reported says why.
NATIONAL: dict[str, tuple[str, dict[str, str]]] = {
    "task_directory": (
        "row_guid catalog_code local_catalog_code task_name task_type by_law use_level plan_effective_date"
        " plan_cancel_date task_state task_version data_source",
        {},
    ),
    "task_general_basic": (
        "row_guid catalog_code local_catalog_code task_code local_task_code task_handle_item task_name task_type"
        " dept_name dept_code dept_type by_law use_level power_source server_type task_state task_version"
        " plan_effective_date plan_cancel_date accept_condition handle_flow handle_type project_type anticipate_day"
        " anticipate_type anticipate_explain promise_day promise_type promise_explain special_procedure"
        " limit_scene_num is_fee fee_basis transact_addr transact_time link_way supervise_way is_single_login"
        " app_is_single_login link_addr",
        {"entrust_name": NOT_KEPT, "mobile_terminal_url": "手机和电脑用同一个地址，已报在线办理跳转地址"},
    ),
    "task_general_extend": (
        "row_guid is_entry_center is_online is_express is_pay_online is_schedule handle_area online_handle_depth"
        " online_handle_url limit_explain result_type result_name user_topic_type corp_topic_type town_code town_name"
        " village_code village_name",
        {
            "is_service_terminals": "自助机能办哪些事项由设备决定，事项定义里没有",
            "limit_scene_explain": NOT_KEPT,
            "other_dept": "步骤按岗位登记，联办机构没有单独登记",
            "service_type": NOT_KEPT,
            "result_guid": WORDS,
            "user_character_topic_type": NOT_KEPT,
            "corp_character_topic_type": NOT_KEPT,
            "extend_field": NOT_KEPT,
        },
    ),
    "task_general_material": (
        "row_guid material_name is_need material_format page_num source_type source_explain by_law accept_stand"
        " fill_explain order_num",
        {
            "material_type": "原件还是复印件没有单独登记",
            "page_format": NOT_KEPT,
            "form_guid": "空白表格由平台按定义生成，没有单独的附件编号",
            "example_guid": "样表由平台按定义生成，没有单独的附件编号",
            "remark": NOT_KEPT,
        },
    ),
    "fee_project": (
        "row_guid fee_name fee_stand by_law",
        {
            "is_desc": "减免写在计费的决策表里，没有单独登记",
            "desc_explain": "减免写在计费的决策表里，没有单独登记",
        },
    ),
    "questions": ("row_guid question answer", {}),
}
# Tables of 2.5 that are not reported at all.
NO_TABLE = {
    "punish_basic": "行政处罚不经申请办理，本平台没有处罚的行为、种类、幅度",
    "handle_basic": "行政征收不经申请办理，本平台没有征收种类",
}


@pytest.mark.parametrize("table", NATIONAL)
def test_a_table_has_the_fields_of_its_source_and_says_why_others_are_left_out(table):
    reported, left_out = NATIONAL[table]
    ours = set(rules.layouts()[table].fields)

    assert ours - OWN == set(reported.split()) - OWN
    assert not ours & set(left_out) and all(left_out.values())


def test_what_nobody_confirmed_claims_no_conformity():
    raw = read_yaml((rules.files("mingqu.federation") / "layouts.yaml").read_text("utf-8"))

    assert raw["verified"] is False
    assert not set(NO_TABLE) & set(rules.layouts()) and all(NO_TABLE.values())


def test_a_row_fills_each_field_of_its_layout_and_no_other(reported_item):
    day = rules.date.fromisoformat("2026-09-18")
    made = {
        "task_general_basic": items.basic(reported_item),
        "task_general_extend": items.extend(reported_item, day),
        "task_general_material": items.material(reported_item),
        "fee_project": items.fees(reported_item),
        "questions": items.questions(reported_item),
    }

    for table, source in made.items():
        for row in source.rows:
            assert set(row) == set(rules.layouts()[table].fields), table
    (basic, *_), (extend, *_) = made["task_general_basic"].rows, made["task_general_extend"].rows
    assert basic["link_addr"].endswith(f"/apply/{reported_item.code}/") == reported_item.applicable
    assert basic["plan_effective_date"] and "《" in basic["anticipate_explain"]
    assert (extend["town_code"], extend["village_code"]) == ("", "")  # a county handles it
    document = reported_item.document
    fee = Fee("污水处理费", "每立方米0.95元", LawRef("城镇排水与污水处理条例", 32))
    charged = replace(document, handling=[replace(one, fees=[fee]) for one in document.handling])
    rows = items.fees(replace(reported_item, document=charged)).rows
    assert rows[0]["fee_stand"] == "每立方米0.95元" and set(rows[0]) == set(
        rules.layouts()["fee_project"].fields
    )
    assert rows[0]["by_law"] == "《城镇排水与污水处理条例》第32条"
    first = made["questions"].rows[0]
    assert first["question"] and first["answer"] and first["task_guid"] == basic["row_guid"]


@pytest.mark.django_db
def test_a_town_is_named_where_it_handles_the_item_itself():
    from mingqu.kernel.regions import load_demo_district

    load_demo_district()
    found = items._below_the_county("990104001002")

    assert found == {
        "town_code": "990104001000", "town_name": "青澜街道",
        "village_code": "990104001002", "village_name": "望渠社区",
    }  # fmt: skip


@pytest.fixture
def reported_item(db):
    from mingqu.cases.tests import factories as f
    from mingqu.catalogue.upward.selectors import item_ids, reported_items

    f.world()
    (found,) = reported_items(item_ids())
    return found
