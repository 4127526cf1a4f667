"""What a row must look like, and when something counts as changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.federation import rules
from mingqu.federation.types import Field

TEXT = st.text(alphabet="ab12一二", max_size=4)
ROWS = st.lists(
    st.fixed_dictionaries({rules.GUID: TEXT, "name": TEXT}), max_size=5, unique_by=lambda row: row[rules.GUID]
)


def wrong(value, **more):
    layout = rules.Layout("t", "表", "", {"name": Field("name", "名称", **more)})
    return [words for _field, words in rules.wrong_in({"name": value}, layout)]


@pytest.mark.parametrize(
    ("value", "of", "words"),
    [
        ("", {"need": True}, ["没有填写"]),
        ("", {}, []),
        ("12345", {"most": 4}, ["超过4位"]),
        ("3", {"codes": ("1", "2")}, ["不在代码表里"]),
        ("十", {"form": "digits"}, ["应是数字"]),
        ("2026-2-1", {"form": "day"}, ["应是日期"]),
        ("2026-02-01", {"form": "day"}, []),
        ("20260231000000", {"form": "instant"}, ["应是时间"]),
        ("20260228235959", {"form": "instant"}, []),
        ("1.2.156.3005.2.11100000000013338W011.11110000000021135M.20230329701.003.Y", {"form": "certificate"}, []),
        ("1.2.156.3005.2.11100000000013338W011.11110000000021135M.20230329701.003.Z", {"form": "certificate"},
         ["不是电子证照标识"]),
    ],
)  # fmt: skip
def test_a_field_is_looked_at_as_its_layout_says(value, of, words):
    assert wrong(value, **of) == words


def test_a_field_that_the_table_does_not_have_is_wrong():
    layout = rules.Layout("t", "表", "", {})

    assert rules.wrong_in({"phone": "1", "cd_batch": "7"}, layout) == [("phone", "表里没有这个字段")]


@given(ROWS, st.randoms())
def test_the_digest_does_not_depend_on_order_or_on_the_batch(rows, chance):
    shuffled = [dict(row, cd_batch="x", cd_time=str(chance.random())) for row in rows]
    chance.shuffle(shuffled)

    assert rules.digest(shuffled) == rules.digest(rows)


@given(ROWS, ROWS)
def test_rows_that_went_and_rows_that_stay_are_all_there_were(before, after):
    known = [row[rules.GUID] for row in before]
    out = rules.gone(known, after)

    assert set(known) - set(out) <= {row[rules.GUID] for row in after}
    assert not set(out) & {row[rules.GUID] for row in after}


def test_tables_stand_after_those_they_belong_to():
    seen = set()
    for code in rules.layouts():
        assert set(rules.belongs_to(code)) <= seen, code
        seen.add(code)


def test_whatever_names_a_person_says_what_is_done_to_it():
    told = {
        (table.code, one.code)
        for table in rules.layouts().values()
        for one in table.fields.values()
        if one.name in {"姓名", "申请人", "评价人", "联系电话", "持证主体", "持证主体代码"}
    }

    assert len(told) == 6
    assert all(rules.layouts()[table].fields[name].shown for table, name in told)
