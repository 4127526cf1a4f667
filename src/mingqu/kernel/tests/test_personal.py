"""Numbers of persons are found in free text, other numbers are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.kernel.personal import passages


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张三，身份证号990104199003071234，请到窗口领取。", ["身份证号9901**********1234"]),
        ("号码 990104 19900307 123x", ["身份证号9901**********123X"]),
        ("全角９９０１０４１９９００３０７１２３４", ["身份证号9901**********1234"]),
        ("老号码990104900307123", ["身份证号9901*******7123"]),
        ("联系13800138000。", ["手机号138****8000"]),
        ("13800138000 13900139000", ["手机号138****8000", "手机号139****9000"]),
        ("联系+86 138-0013-8000或者139 0013 9000", ["手机号138****8000", "手机号139****9000"]),
    ],
)
def test_numbers_of_persons_are_found_however_they_are_written(text, found):
    assert [str(one) for one in passages(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "请于2026年9月18日到3号窗口领取。",
        "办件编号99010420260911000318，分组990104 20260911 000318",
        "窗口电话0991-1234567、4008123456、12345",
        "统一社会信用代码91990104MA0000001X、123456789012345678",
        "文号：清市监许〔2026〕1380013800号",
        "证照编号JY9901042026000001",
    ],
)
def test_numbers_of_cases_organs_and_days_are_none(text):
    assert passages(text) == []


@given(
    before=st.text("甲乙，。 ", max_size=5),
    after=st.text("甲乙，。", max_size=5),
    tail=st.integers(0, 999_999_999),
)
def test_a_mobile_phone_is_found_wherever_it_stands(before, after, tail):
    (one,) = passages(f"{before}13{tail:09d}{after}")

    assert one.what == "手机号"
    assert f"{tail:09d}" not in one.masked
