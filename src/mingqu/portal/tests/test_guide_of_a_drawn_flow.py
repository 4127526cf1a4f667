"""The guide of a service whose flow an expert drew: the very flow that runs, with its gates and its way back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingqu.cases.tests.drawing import drawn_licence
from mingqu.catalogue.tests.test_bundle_files import publish
from mingqu.portal.selectors import guide as guides


@pytest.fixture
def drawn(w):
    publish(*drawn_licence())
    return w


def signs(layout):
    return sorted(box.sign for box in layout.boxes if box.gate)


def test_the_guide_draws_gates_side_by_side_and_the_way_back_and_says_so(drawn):
    guide = guides.guide("QH-SPJYXK")
    listed = {step.text.split("：")[0]: step.text for step in guide.steps}

    for layout in (guide.wide, guide.tall):
        assert signs(layout) == ["all", "all", "one", "one", "one", "one"]
        assert sum(box.gate for box in layout.boxes) + len(guide.steps) == len(layout.boxes)
    assert list(listed) == ["收件", "受理", "材料审查", "现场核查", "选址审查", "作出决定", "送达"]
    assert "“含有生食”" in listed["现场核查"] or "的才办" in listed["现场核查"]
    assert "与其他环节同时进行" in listed["选址审查"] and "同时进行" not in listed["作出决定"]
    assert "可能回到“材料审查、选址审查”再办" in listed["选址审查"]
    details = {box.title: box.detail for box in guide.tall.boxes if not box.gate}
    assert "看情形" in details["现场核查"] and "看情形" not in details["材料审查"]


def test_a_guide_of_a_drawn_flow_costs_no_statement_more_once_it_is_in_memory(drawn):
    guides.guide("QH-SPJYXK")
    with CaptureQueriesContext(connection) as seen:
        guides.guide("QH-SPJYXK")

    assert not [q["sql"] for q in seen if "definitionfile" in q["sql"]]
