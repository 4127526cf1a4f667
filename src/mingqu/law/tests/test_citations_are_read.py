"""How laws are cited: every way is read, and what is written back is read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.law import rules
from mingqu.law.types import Citation

NAMES = st.builds(
    "{}{}".format,
    st.text("样例摊位收费登记〈〉（）国务院", max_size=12).filter(lambda t: "〈〉" not in t),
    st.sampled_from(["法", "条例", "办法", "规定", "实施细则"]),
)
CITATIONS = st.builds(
    lambda law, article, paragraph, point, suffix: Citation(law, article, paragraph, point, 0, 0, suffix),
    NAMES,
    st.integers(1, 1300),
    st.integers(0, 20),
    st.integers(0, 30),
    st.integers(0, 9),
)


def places(text):
    return [(c.law, c.article, c.suffix, c.paragraph, c.point) for c in rules.citations(text)]


@given(st.integers(1, 9999))
def test_a_number_written_as_laws_write_it_is_read_again(number):
    assert rules.number_of(rules.numeral(number)) == number


@given(CITATIONS, st.text("甲乙丙，。", max_size=5), st.text("甲乙丙，。", max_size=5))
def test_a_citation_written_is_read_again_wherever_it_stands(cited, before, after):
    text = before + rules.written(cited) + after

    (found,) = rules.citations(text)

    assert (found.law, found.article, found.paragraph, found.point, found.suffix) == (
        cited.law,
        cited.article,
        cited.paragraph,
        cited.point,
        cited.suffix,
    )
    assert text[found.start : found.end] == rules.written(cited)


@given(st.text("《》〈〉第条款项之一二十42（）、至和 法", max_size=40))
def test_whatever_stands_in_a_text_it_is_read_without_an_error(text):
    assert all(0 <= c.start < c.end <= len(text) for c in rules.citations(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("《{甲法}》第四十二条第一款第（二）项", [("甲法", 42, 0, 1, 2)]),
        ("《{甲法}》第42条第1款第(2)项", [("甲法", 42, 0, 1, 2)]),
        ("《{甲法}》第４２条第二项", [("甲法", 42, 0, 0, 2)]),
        ("《{X办法}》第二十九条", [("X办法", 29, 0, 0, 0)]),
        ("《{甲法}》第十条、第十二条", [("甲法", 10, 0, 0, 0), ("甲法", 12, 0, 0, 0)]),
        ("《{甲法}》第一款", [("甲法", 0, 0, 0, 0)]),
        ("《{甲法}》第四十二条之一", [("甲法", 42, 1, 0, 0)]),
        ("《{甲法}》第三条第一款、第三款", [("甲法", 3, 0, 1, 0), ("甲法", 3, 0, 3, 0)]),
        ("《{甲法}》第三条第（一）项和第（三）项", [("甲法", 3, 0, 0, 1), ("甲法", 3, 0, 0, 3)]),
        ("《{甲法}》第三条至第五条", [("甲法", 3, 0, 0, 0), ("甲法", 4, 0, 0, 0), ("甲法", 5, 0, 0, 0)]),
        ("《{甲条例}》（国务院令第588号）第八条", [("甲条例", 8, 0, 0, 0)]),
        ("《{关于修改〈甲法〉的决定}》第一条", [("关于修改〈甲法〉的决定", 1, 0, 0, 0)]),
        ("《{关于修改《甲法》的决定}》第一条", [("关于修改《甲法》的决定", 1, 0, 0, 0)]),
        ("《甲办法（试行）》", [("甲办法（试行）", 0, 0, 0, 0)]),
        ("《{甲法}》和《{乙法}》第二条", [("甲法", 0, 0, 0, 0), ("乙法", 2, 0, 0, 0)]),
        ("交《申请书》和《营业执照》", []),
        ("第三条没有说是哪部法", []),
    ],
)
def test_the_ways_of_citing(text, found):
    """The braces keep these laws, which there are not, from the check of what we ourselves cite."""
    assert places(text.replace("{", "").replace("}", "")) == found


@pytest.mark.parametrize(
    "name",
    [
        "中华人民共和国甲法",
        "甲法",
        "《中华人民共和国甲法》",
        "甲法（2019年修正）",
        " 甲 法 ",
        "甲法(2023年修订版)",
    ],
)
def test_full_and_short_names_and_editions_mean_one_law(name):
    assert rules.key_of(name) == "甲法"


def test_trial_versions_and_numbered_amendments_are_laws_of_their_own():
    assert rules.key_of("甲办法（试行）") == rules.key_of("甲办法(试行)") == "甲办法（试行）"
    assert rules.key_of("宪法修正案（1988年）") != rules.key_of("宪法修正案（1993年）")
