import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.kernel.masking import (
    COMPOUND_SURNAMES,
    mask_address,
    mask_credit_code,
    mask_name,
    mask_number,
    mask_phone,
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张伟", "张*"),
        ("欧阳修", "欧阳*"),
        ("欧阳震华", "欧阳*"),
        ("欧阳", "欧*"),  # two characters: a family name and a given one
        ("阿卜杜热西提·买买提艾力", "阿*"),
        ("𬱖小明", "𬱖*"),
        ("Zoë Müller", "Z*"),
        ("", ""),
        ("清禾小馆餐饮有限公司", "*有限公司"),
        ("禾塘镇稻香农民专业合作社", "*农民专业合作社"),
        ("张记老味道小吃店", "*小吃店"),
    ],
)
def test_a_name_is_shown_by_its_family_name_and_a_firm_by_its_last_words(name, shown):
    assert mask_name(name) == shown


def test_the_list_of_compound_family_names_is_cut_in_pairs():
    assert {"欧阳", "司马", "第五", "尉迟"} <= COMPOUND_SURNAMES
    assert all(len(name) == 2 for name in COMPOUND_SURNAMES)


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (mask_number, "990104198001011234", "9901**********1234"),
        (mask_number, "E12345678", "*******78"),
        (mask_number, "12", "**"),
        (mask_phone, "13800138000", "138****8000"),
        (mask_phone, "02012345678"[:8], "******45"),
        (mask_credit_code, "91350100M000100Y43", "91************0Y43"),
        (mask_address, "澜州市清禾区青澜街道1号2单元", "澜州市清禾区青澜街道****"),
        (mask_address, "清禾区禾塘镇上禾村3组", "清禾区禾塘镇****"),
        (mask_address, "某处", "****"),
        (mask_address, "", ""),
    ],
)
def test_numbers_and_addresses_show_only_what_the_look_allows(mask, text, shown):
    assert mask(text) == shown


@given(st.text(max_size=40))
def test_a_masked_number_hides_at_least_half_of_it_and_keeps_its_length(text):
    shown = mask_number(text)

    assert len(shown) == len(text)
    assert shown.count("*") * 2 >= len(text) - 4
