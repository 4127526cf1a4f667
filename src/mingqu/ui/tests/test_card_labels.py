"""Labels of cards on a phone: what a template calls a value stands beside it and never under it."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from mingqu.ui.tests.browsing import chromium

ROOMS = Path(__file__).resolve().parents[2]
CSS = Path(__file__).resolve().parent.parent / "static/ui/css"
LABEL = re.compile(r'data-l="([^"{]+)"')
# Labels that no box holds: by the font of the label, where the box is not as wide as it may become.
SQUEEZED = """() => [...document.querySelectorAll("td[data-l]")].filter((cell) => {
  const style = getComputedStyle(cell, "::before");
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const room = Math.min(pen.measureText(cell.dataset.l).width, cell.clientWidth * 0.6);
  return parseFloat(style.width) < room - 1;
}).map((cell) => cell.dataset.l)"""


def labels() -> Iterator[str]:
    for template in ROOMS.glob("*/templates/**/*.html"):
        yield from LABEL.findall(template.read_text("utf-8"))


LONGEST = "一个长得不像话的列的名称"  # of a table whose columns are named by data


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_label_of_a_card_runs_into_its_value(width):
    known = sorted({*labels(), LONGEST}, key=len)
    assert len(known) > 100 and len(known[-2]) > 4, "the templates were read"
    # The fifth cell is as narrow as cells get.
    rows = "".join(
        f'<tr><th>甲</th><td></td><td></td><td></td><td data-l="{escape(one)}">某科室的人</td></tr>'
        for one in known
    )
    page_of = f'<body class="mq-staff"><table class="mq-table mq-cards"><tbody>{rows}</tbody></table></body>'
    with chromium() as browser:
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.set_content(page_of)
        for sheet in ("tokens.css", "components.css", "staff.css"):
            page.add_style_tag(path=CSS / sheet)
        squeezed = page.evaluate(SQUEEZED)
        page.close()

    assert squeezed == [], "these labels run into their values"
