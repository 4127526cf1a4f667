"""A figure that leaves in a spreadsheet is a number there, as exact as it was worked out; words stay words."""

import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.kernel.tables import Share, book, numeric

NUMBERS = st.lists(st.integers(-(10**9), 10**9) | st.decimals(-(10**6), 10**6, places=2), max_size=8)


def cells(row):
    sheet = openpyxl.load_workbook(io.BytesIO(book("表", ["甲"] * len(row), [row]))).active
    return list(sheet[2])


@given(NUMBERS)
def test_what_is_added_up_in_the_spreadsheet_is_what_was_there(numbers):
    found = sum(Decimal(str(cell.value)) for cell in cells(["合计", *numbers])[1:])

    assert found == sum(numbers)


@pytest.mark.parametrize(
    ("text", "number", "value", "shown"),
    [
        ("12", 12, 12, "0"),
        ("-3", -3, -3, "0"),
        ("0.50", Decimal("0.50"), 0.5, "0.00"),
        ("98.5%", Share(Decimal("98.5")), 0.985, "0.0%"),
        ("+2个百分点", "+2个百分点", "+2个百分点", "@"),
        ("—", "—", "—", "@"),
        ("=1+1", "=1+1", "'=1+1", "@"),
        ("99010420260918000001", "99010420260918000001", "99010420260918000001", "@"),
    ],
)
def test_a_figure_of_a_page_is_a_number_and_a_number_of_a_case_is_not(text, number, value, shown):
    assert numeric(text) == number
    (cell,) = cells([numeric(text)])

    assert (cell.value, cell.number_format) == (value, shown)
