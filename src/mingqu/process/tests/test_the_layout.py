"""The picture of a plan: every node once, no two boxes on one place, every flow a clean line between its two."""

from itertools import combinations

import pytest
from hypothesis import given

from mingqu.process.layout import TALL_WIDTH, Box, Layout, Line, layout
from mingqu.process.plan import Plan

from .golden import NAMES, pattern
from .random_plans import plans


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def on_border(point: tuple[int, int], box: Box) -> bool:
    x, y = point
    across = box.x <= x <= box.x + box.width
    along = box.y <= y <= box.y + box.height
    return (along and x in (box.x, box.x + box.width)) or (across and y in (box.y, box.y + box.height))


def crosses(line: Line, box: Box) -> bool:
    """Whether a part of the line runs through the inside of a box."""
    return any(
        min(ax, bx) < box.x + box.width
        and max(ax, bx) > box.x
        and min(ay, by) < box.y + box.height
        and max(ay, by) > box.y
        for (ax, ay), (bx, by) in zip(line.points, line.points[1:], strict=False)
    )


def check(plan: Plan, picture: Layout) -> None:
    boxes = {box.node: box for box in picture.boxes}
    assert list(boxes) == list(plan.nodes)
    assert [line.flow for line in picture.lines] == list(plan.flows)
    assert not [(a.node, b.node) for a, b in combinations(picture.boxes, 2) if overlap(a, b)]
    for box in picture.boxes:
        assert box.x >= 0 and box.y >= 0 and box.width > 0
        assert box.x + box.width <= picture.width and box.y + box.height <= picture.height
    for line in picture.lines:
        assert on_border(line.points[0], boxes[line.source]), line
        assert on_border(line.points[-1], boxes[line.target]), line
        for (ax, ay), (bx, by) in zip(line.points, line.points[1:], strict=False):
            assert ax == bx or ay == by, line
            assert 0 <= bx <= picture.width and 0 <= by <= picture.height, line
        if not line.back:
            assert not [box.node for box in picture.boxes if crosses(line, box)], line


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", ["wide", "tall"])
def test_every_pattern_is_drawn_cleanly(name: str, way: str) -> None:
    plan = pattern(name).plan
    check(plan, layout(plan, way))  # type: ignore[arg-type]


@given(plans)
def test_any_plan_is_drawn_cleanly_from_left_to_right(plan: Plan) -> None:
    check(plan, layout(plan, "wide"))


@given(plans)
def test_any_plan_is_drawn_cleanly_downwards(plan: Plan) -> None:
    check(plan, layout(plan, "tall"))


def test_the_tall_picture_fits_a_phone() -> None:
    assert layout(pattern("parallel_split_and_join").plan, "tall").width == TALL_WIDTH <= 360


def test_a_way_back_is_drawn_as_one() -> None:
    for way in ("wide", "tall"):
        back = [line.flow for line in layout(pattern("loop").plan, way).lines if line.back]  # type: ignore[arg-type]
        assert back == ["good--write"]
