"""The shortcut of looking for contrasts once in each combination of colours leaves none out."""

import pytest

from mingqu.ui.tests.browsing import chromium
from tests.axe import axe_file, by_axe


@pytest.fixture
def browser():
    with chromium() as opened:
        yield opened


@pytest.mark.browser
def test_a_pale_text_is_found_though_many_pages_with_good_colours_came_before(browser):
    tab = browser.new_page(locale="zh-CN")
    good = "<html lang=zh><title>t</title><main><h1>t</h1><p style='color:#111'>good</p>{}</main>"
    pale = "<div style='background:#eee'><p style='color:#bbb'>pale</p></div>"
    colours: set[str] = set()
    found = []
    for more in ("", "<p>good</p>", pale, pale):
        tab.set_content(good.format(more))
        tab.add_script_tag(path=axe_file())
        found.append([one.partition(" ")[0] for one in by_axe(tab, 320, colours)])
    tab.close()

    assert found == [[], [], ["color-contrast"], []], "looked at once in each combination of colours"
