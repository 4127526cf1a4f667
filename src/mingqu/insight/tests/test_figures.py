"""One documented calculation per figure."""

from pathlib import Path

import pytest

from mingqu.insight.selectors import figures as listed
from mingqu.insight.selectors.behind import BEHIND, RATINGS
from mingqu.insight.selectors.figures import as_page, figure, line, value
from mingqu.insight.types import MEASURES, STANDING

PAGE = Path(__file__).parents[4] / "docs/figures.md"


def test_the_page_of_figures_says_what_the_list_says():
    assert PAGE.read_text("utf-8") == as_page()


def test_each_figure_has_its_cases_behind_it_or_is_of_ratings():
    codes = {one.code for one in listed()}

    assert codes == {*BEHIND, *RATINGS} and len(codes) == len(listed())


@pytest.mark.parametrize(
    ("code", "sums", "said"),
    [
        ("on_time_rate", {"on_time": 2, "timed": 3}, "66.7%"),
        ("compression", {"statutory_days": 20, "promised_days": 5}, "75.0%"),
        ("visits", {"visits": 1, "decided": 8}, "0.13"),
        ("good_rate", {"level5": 4, "level3": 1, "level1": 5}, "50.0%"),
        ("good_rate", {"level5": 1, "level3": 1, "level1": 2}, "—"),  # so few would tell who rated
        ("bad", {"level5": 8, "level1": 1}, "—"),
        ("bad", {"level5": 9, "level1": 1}, "1"),
        ("good_rate", {"ended": 9}, "—"),  # nobody rated: neither good nor bad
        ("rated", {"level2": 4, "level5": 1}, "5"),
    ],
)
def test_a_figure_is_worked_out_as_the_list_says(code, sums, said):
    assert value(figure(code), sums).text == said


def test_fewer_than_ten_are_shown_and_not_ranked():
    few, enough = (value(figure("same_day_rate"), {"same_day": 1, "decided": n}).few for n in (9, 10))

    assert few and not enough


def test_more_of_what_is_better_lower_is_worse():
    told = line(figure("late"), {"late": 4}, {"late": 2}, {})

    assert (told.judged, told.change, told.change_year) == ("worse", "+100.0%", "")
    assert line(figure("received"), {"received": 4}, {"received": 2}, {}).judged == ""
    assert all(part.lstrip("-") in {*MEASURES, *STANDING} for one in listed() for part in (*one.of, *one.by))
