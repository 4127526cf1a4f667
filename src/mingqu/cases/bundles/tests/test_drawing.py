"""The way of a bundle as a picture with its list, and 为什么是这一天 of the joint limit (行政许可法 42)."""

from datetime import timedelta

import pytest

from mingqu.cases.bundles import rules, selectors
from mingqu.cases.bundles.selectors.drawing import look
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests.test_extending import extend, head
from mingqu.kernel.legal_day import legal_day


def test_parts_of_one_level_lie_side_by_side():
    after = {"land": [], "plan": [], "fire": ["plan"], "licence": ["land", "fire"]}

    assert rules.levels(after) == {"land": 0, "plan": 0, "fire": 1, "licence": 2}


def test_parts_that_wait_for_one_another_are_no_order():
    with pytest.raises(ValueError, match="wait for one another"):
        rules.levels({"a": ["b"], "b": ["a"]})


@pytest.mark.django_db
def test_the_picture_shows_where_each_part_is_and_the_list_says_it():
    w = b.world()
    bundle = b.accepted(w)
    parts = selectors.parts_of(bundle)

    seen = look(bundle, parts, b.NOON)

    drawn = {box.title: box.state for box in seen.flow.wide.boxes if box.title}
    assert drawn["收件"] == drawn["营业执照"] == "done"
    assert {state for title, state in drawn.items() if "许可" in title} == {"now"}
    assert drawn["一次送达"] == ""
    assert [box.title for box in seen.flow.tall.boxes] == [box.title for box in seen.flow.wide.boxes]
    assert seen.flow.tall.width <= 340
    said = [step.text for step in seen.flow.steps]
    assert len(said) == len(parts) + 2 and "营业执照办成后接着办" in said[2]


@pytest.mark.django_db
def test_the_joint_limit_explains_itself_day_by_day_with_what_lengthened_it():
    """行政许可法 42, second paragraph: 45 working days, and 15 more by the head of the government."""
    w = b.world()
    bundle = b.licensed(w)
    assert look(bundle, selectors.parts_of(bundle), b.NOON).joint is None, "nothing is accepted"
    late = b.NOON + timedelta(days=3)
    ahead = [row for row in look(bundle, selectors.parts_of(bundle), late).times.rows if row.mark == "ahead"]
    assert ahead and all(row.span.first >= legal_day(late) for row in ahead), (
        "what waits can't begin in the past"
    )
    b.accept(w, bundle)
    b.settle()
    bundle.refresh_from_db()

    joint = look(bundle, selectors.parts_of(bundle), b.NOON).joint

    assert joint.day == bundle.due_on
    assert sum(1 for row in joint.explanation.rows if row.counted) == 45

    extend(bundle, head())
    b.settle()
    bundle.refresh_from_db()
    longer = look(bundle, selectors.parts_of(bundle), b.NOON).joint
    assert longer.day == bundle.due_on
    assert sum(1 for row in longer.explanation.rows if row.counted) == 45 + 15
    told = "".join(longer.explanation.sentences)
    assert "本级人民政府负责人批准，延长15个工作日" in told and "第四十二条第二款" in told
