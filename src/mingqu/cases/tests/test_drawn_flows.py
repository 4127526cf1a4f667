"""A flow that an expert drew, as it is shown: after the questions and on the pages of a case."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.drawing import drawn_licence
from mingqu.cases.tests.test_progress_pages import BUDGET, body, url
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.tests.test_bundle_files import publish
from mingqu.process import selectors as process

pytestmark = pytest.mark.django_db
MORE = (
    4  # statements of a flow that is drawn: its instance, what happened to it, what is open, what is awaited
)


@pytest.fixture
def drawn(world):
    publish(*drawn_licence())
    return world


def picture_of(case):
    """As the page of the case draws it: {name of a box: (state, words in it)}, and the whole."""
    definition = cases.definition_of(case)
    steps, way = cases.situation_of(case).steps, cases.way_of_case(case, definition)
    tasks = cases.latest_tasks(process.all_tasks(case.pk))
    places = cases.places_of(case, [*steps, definition.decide], tasks, way=way)
    found = cases.picture_of(steps, definition.decide, {}, places, {}, way)
    return {box.title: box.state for box in found.wide.boxes if not box.gate}, found


def test_before_it_is_accepted_a_case_shows_what_its_answers_leave_out(drawn):
    states, _ = picture_of(f.received_case(drawn))
    raw, _ = picture_of(f.received_case(drawn, situation=f.RAW_FOOD))

    assert (states["现场核查"], raw["现场核查"], states["受理"]) == ("skipped", "", "now")


def test_present_places_done_and_passed_by_stand_in_the_picture_and_in_its_list(drawn):
    case = f.accepted_case(drawn)
    f.review(drawn, case, "check")

    states, found = picture_of(case)

    assert states == {
        "收件": "done", "受理": "done", "材料审查": "done", "现场核查": "skipped", "选址审查": "now",
        "作出决定": "", "送达": "",
    }  # fmt: skip
    notes = {step.text.split("：")[0]: step.note for step in found.steps}
    assert notes["现场核查"] == "不用办" and "正在办" in notes["选址审查"]
    gone = {tuple(line.points) for line in found.wide.lines if line.run}
    assert 0 < len(gone) < len(found.wide.lines)


def test_a_way_back_opens_the_steps_again_and_what_was_done_is_to_be_done_again(drawn):
    case = f.accepted_case(drawn, situation=f.RAW_FOOD)
    f.review(drawn, case, "check", outcome="not_met", text="缺一页")
    f.review(drawn, case, "fitness")
    f.review(drawn, case, "visit")

    states, _ = picture_of(case)

    assert {name: states[name] for name in ("材料审查", "现场核查", "选址审查", "作出决定")} == {
        "材料审查": "now", "现场核查": "", "选址审查": "now", "作出决定": "",
    }  # fmt: skip


def test_a_case_that_is_decided_or_taken_back_tells_how_far_it_came(drawn):
    decided, _ = picture_of(f.decided_case(drawn))
    withdrawn = f.accepted_case(drawn)
    f.review(drawn, withdrawn, "check")
    services.withdraw_case(case_id=withdrawn.pk, by=drawn.citizen, at=f.FRIDAY_NOON, key=uuid4())
    withdrawn.refresh_from_db()
    stopped, _ = picture_of(withdrawn)

    assert (decided["现场核查"], decided["作出决定"], decided["送达"]) == ("skipped", "done", "now")
    assert (stopped["材料审查"], stopped["选址审查"], stopped["作出决定"]) == ("done", "stop", "")


def test_the_progress_page_draws_it_within_its_budget(drawn, sign_in):
    case = f.accepted_case(drawn)
    mine = sign_in(drawn.citizen)
    mine.get(url(case))

    with CaptureQueriesContext(connection) as seen:
        text = body(mine.get(url(case)))

    assert len(seen) <= BUDGET + MORE, [q["sql"][:90] for q in seen]
    assert "is-skipped" in text and "不用办" in text
    assert "2项，办完0项" in text, "the visit is passed by, so two are done side by side"


def test_after_the_questions_the_picture_says_what_is_not_done_for_these_answers(drawn):
    _, definition = catalogue.current_definition("QH-SPJYXK")
    way = cases.way_of_answers(definition, f.SITUATION)

    assert way is not None
    assert {name for name, state in way.states.items() if state == "skipped"} == {"visit"}


def test_a_step_table_has_no_way_of_its_own(world):
    _, definition = catalogue.current_definition("QH-SPJYXK")

    assert cases.way_of(definition) is None and cases.way_of_answers(definition, f.SITUATION) is None
