"""What a condition of a step or a material says to an officer: a sentence, not an expression."""

from pathlib import Path

import pytest

import mingqu.config
from mingqu.catalogue.conditions import condition_words
from mingqu.catalogue.files import read_document
from mingqu.catalogue.rules import document_of

DEMO = Path(mingqu.config.__file__).parent / "demo/definitions"


@pytest.fixture(scope="module")
def food():
    return document_of(read_document((DEMO / "food-licence.yaml").read_bytes())).handling[0]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ('situation.subject = "firm"', "“由谁来经营？”是“公司、合作社等企业”"),
        (
            'some f in situation.foods satisfies f in ["cold", "raw"]',
            "“打算卖哪些食品？”选了“冷食（凉菜、卤味拼盘）”或者“生食（刺身等）”",
        ),
        ('list contains(situation.foods, "hot")', "“打算卖哪些食品？”选了“热食（现炒、现煮、现炸）”"),
        ("form.seats >= 50", "申请表的“座位数”不少于50"),
        ('not(situation.open_fire = "yes")', "不属于这种情形：“后厨会用明火，或者会产生油烟吗？”是“会”"),
        (
            'situation.open_fire = "yes" and (situation.above_homes = "yes" or form.seats > 9)',
            "（“后厨会用明火，或者会产生油烟吗？”是“会”），并且（“",
        ),
    ],
)
def test_a_condition_is_said_with_the_words_of_its_question(food, when, words):
    assert condition_words(food, when).startswith(words)


@pytest.mark.parametrize("when", ["", "count(situation.foods) > 2", 'situation.unknown = "x"', "and or ("])
def test_what_has_no_plain_sentence_is_never_guessed(food, when):
    assert condition_words(food, when) == ""
