"""From a case one goes back to the list of the desk it was opened from."""

import pytest

from mingqu.cases.tests import factories as f
from mingqu.workbench.tests.pages import text_of, url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("came", "to", "words"),
    [
        (
            "http://testserver/desk/?tab=team&item=QH-SPJYXK",
            "/desk/?tab=team&item=QH-SPJYXK",
            "回到“部门在办”",
        ),
        ("http://testserver/desk/", "/desk/", "回到工作台"),
        ("http://testserver/desk/?tab=nothing", "/desk/", "回到工作台"),
        ("http://elsewhere.test/desk/?tab=team", "/desk/", "回到工作台"),
        ("", "/desk/", "回到工作台"),
    ],
)
def test_from_a_case_one_goes_back_to_the_list_it_was_opened_from(w, browse, came, to, words):
    """A post without open steps would else land on 待受理, whatever list it read."""
    case = f.accepted_case(w)

    page = browse("leader").get(url("case", case), headers={"referer": came} if came else {})

    assert page.context["left"][0] == to and words in text_of(page)
