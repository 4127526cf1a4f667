"""来件: a drawn flow waits for what comes from outside, an officer notes it; what the flow tells the applicant."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingqu.cases import errors, picture, services, ways
from mingqu.cases.archiving.contents import record
from mingqu.cases.arriving import selectors as arriving
from mingqu.cases.arriving.errors import ArrivalDayUnfit, ArrivalNotAwaited, ArrivalUnsaid
from mingqu.cases.models import Arrival
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import mail
from mingqu.cases.tests.test_drawn_flows import picture_of
from mingqu.cases.tests.test_routes import waits_at
from mingqu.catalogue import checking
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.rules import definition_of
from mingqu.catalogue.studio import playing
from mingqu.clocks import selectors as clocks
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage
from mingqu.process import selectors as engine
from mingqu.process.errors import PlanRefused
from mingqu.process.plan import Kind, Node

pytestmark = pytest.mark.django_db
TOMORROW = mail.AT.date() + timedelta(days=1)


@pytest.fixture
def w():
    return f.world()


def told() -> list[str]:
    while round_once(mail.AT):
        pass
    return [one.body for one in InboxMessage.objects.filter(kind="case_flow_told")]


def test_the_decision_waits_for_what_comes_and_for_the_examination_in_either_order(w):
    early, late = mail.awaiting(w), mail.awaiting(w)
    mail.noted(*early, w.reviewer)
    assert waits_at(early[0]) == ["check"] and told() == []
    f.review(w, early[0], "check")
    f.review(w, late[0], "check")
    assert (waits_at(early[0]), waits_at(late[0])) == (["decide"], [])

    mail.noted(*late, w.reviewer)

    assert waits_at(late[0]) == ["decide"]
    for case, _ in (early, late):
        assert engine.differences(case.pk, case.instance_id) == {}, "rebuilt from its history it is the same"


def test_what_the_flow_says_reaches_the_applicant_once(w):
    case, wait = mail.awaiting(w)
    f.review(w, case, "check")
    mail.noted(case, wait, w.reviewer)

    found = told()

    assert len(found) == 1 and "专家评审报告已经收到，正在作决定。" in found[0]
    assert told() == found


def test_the_same_press_counts_once_and_a_second_officer_is_told_that_it_was_noted(w):
    case, wait = mail.awaiting(w)
    key = uuid4()
    mail.noted(case, wait, w.reviewer, key=key)

    mail.noted(case, wait, w.reviewer, key=key)
    with pytest.raises(ArrivalNotAwaited):
        mail.noted(case, wait, w.reviewer)

    assert Arrival.objects.filter(case=case).count() == 1


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"text": " "}, ArrivalUnsaid),
        ({"on": TOMORROW}, ArrivalDayUnfit),
        ({"on": mail.AT.date() - timedelta(days=400)}, ArrivalDayUnfit),
        ({"uploads": [("a.png", f.PNG)] * 6}, errors.TooManyFiles),
    ],
)
def test_a_note_that_says_too_little_leaves_the_case_waiting(w, how, refusal):
    case, wait = mail.awaiting(w)

    with pytest.raises(refusal):
        mail.noted(case, wait, w.reviewer, **how)

    assert [one.wait_id for one in engine.awaited(case.pk)] == [wait]
    assert not Arrival.objects.exists()


def test_nobody_but_an_officer_of_the_case_notes_it(w):
    case, wait = mail.awaiting(w)
    for by in (w.citizen, w.leader):
        with pytest.raises(NotAuthorised):
            mail.noted(case, wait, by)


def test_the_ledger_says_what_was_awaited_and_the_text_only_as_a_digest(w):
    case, wait = mail.awaiting(w)
    mail.noted(case, wait, w.reviewer)

    entry = AuditEntry.objects.get(root_id=case.pk, action="case.note_arrival")
    assert (entry.notes["awaited"], entry.notes["came_on"]) == ("专家评审报告", mail.AT.date().isoformat())
    assert "评审〔2026〕3号" not in str(entry.notes)


def test_what_came_goes_into_the_record_of_the_archive(w):
    case, wait = mail.awaiting(w)
    assert "arrivals" not in record(case)
    mail.noted(case, wait, w.reviewer, uploads=[("报告.png", f.PNG)])

    (came,) = record(case)["arrivals"]

    assert (came["awaited"], came["text"], came["files"]) == (
        "专家评审报告",
        "评审〔2026〕3号，同意",
        ["报告.png"],
    )


def test_while_it_waits_the_clock_runs_on(w):
    case, wait = mail.awaiting(w)
    before = case.due_on
    mail.noted(case, wait, w.reviewer, at=mail.AT + timedelta(days=4))
    case.refresh_from_db()
    assert case.due_on == before is not None


def test_picture_guide_and_progress_say_what_is_awaited_and_what_came(w, sign_in):
    case, wait = mail.awaiting(w)
    _, definition = catalogue.current_definition(case.item_code, case.handling_code)
    guide = ways.way_of(definition)
    listed = [s.text for s in picture.picture([], definition.decide, {}, {}, {}, guide).steps]
    assert "专家评审报告：等来件" in listed and "告诉申请人：自动告诉您" in listed
    assert picture_of(case)[0]["专家评审报告"] == "now"

    mail.noted(case, wait, w.reviewer)

    assert picture_of(case)[0]["专家评审报告"] == "done"
    page = sign_in(w.citizen).get(reverse("cases:progress", args=[case.number])).content.decode()
    assert "收到“专家评审报告”" in page and "评审〔2026〕3号" not in page


def test_the_page_says_what_is_awaited_takes_the_note_with_its_file_and_shows_both(w, sign_in):
    case, wait = mail.awaiting(w)
    f.review(w, case, "check")
    officer, address = sign_in(w.reviewer), reverse("workbench:arrival", args=[case.number])
    shown = officer.get(reverse("workbench:case", args=[case.number])).content.decode()
    assert "等待：专家评审报告" in shown and address in shown
    form = officer.get(address).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    day = mail.AT.date()
    given = {
        "key": key, "wait_id": str(wait), "text": "评审〔2026〕3号，同意",
        "came_on_0": day.year, "came_on_1": day.month, "came_on_2": day.day,
        "came_on_year": day.year, "came_on_month": day.month, "came_on_day": day.day,
    }  # fmt: skip
    assert officer.post(address, given | {"text": ""}).status_code == 400

    answer = officer.post(address, given | {"files": SimpleUploadedFile("报告.png", f.PNG)})

    assert answer.status_code == 302 and waits_at(case) == ["decide"]
    after = officer.get(reverse("workbench:case", args=[case.number])).content.decode()
    assert "评审〔2026〕3号，同意" in after and "报告.png" in after and address not in after
    row = Arrival.objects.get(case=case)
    assert officer.get(reverse("workbench:file", args=[case.number, row.file_ids[0]])).status_code == 200
    assert (
        "来件：专家评审报告" in officer.get(reverse("workbench:dossier", args=[case.number])).content.decode()
    )
    assert officer.get(address).status_code == 302, "nothing is awaited any more"
    theirs = sign_in(w.citizen).get(reverse("cases:file", args=[case.number, row.file_ids[0]]))
    assert theirs.status_code == 404


def test_a_flow_that_waits_for_nothing_costs_no_statement(w):
    case = f.accepted_case(w)
    arriving.awaited_by(case)
    with CaptureQueriesContext(connection) as seen:
        assert (arriving.awaited_by(case), arriving.of_case(case), arriving.files_of(case)) == ([], [], set())
    assert len(seen) == 0


def at_the_edge():
    """The report may come while the examination is on, and then breaks it off."""
    edge = Node("edge", Kind.BOUNDARY, "撤回函", occasion="message", ref="撤回函", attached="check")
    lines = [("start", "check"), ("check", "gate"), ("edge", "gate"), ("gate", "decide"), ("decide", "end")]
    return mail.plan(more=(edge, Node("gate", Kind.EXCLUSIVE)), lines=lines)


def test_what_comes_at_the_edge_of_a_step_takes_the_step_away(w):
    document, files = mail.drawn(at_the_edge())
    f.catalogue_services.publish_revision(
        document=document, files=f.form_files() | files, by=f.SYSTEM, at=f.people.NOON, key=uuid4()
    )
    case = f.accepted_case(w)
    assert waits_at(case) == ["check"]

    mail.noted(case, engine.awaited(case.pk)[0].wait_id, w.reviewer)

    assert waits_at(case) == ["decide"] and engine.awaited(case.pk) == []


def test_what_is_awaited_goes_with_the_case(w):
    case, wait = mail.awaiting(w)
    services.withdraw_case(case_id=case.pk, by=w.citizen, at=mail.AT, key=uuid4())
    with pytest.raises(errors.NotInReview):
        mail.noted(case, wait, w.reviewer)


@pytest.mark.parametrize(
    ("made", "finding"),
    [
        (lambda: mail.plan(replace(mail.REPORT, name="")), ("report", "element_message_unnamed")),
        (lambda: mail.plan(tells=replace(mail.TELLS, ref="ok")), ("tells", "element_message_words")),
        (
            lambda: mail.plan(replace(mail.REPORT, loop="parallel", count="2")),
            ("report", "element_message_repeated"),
        ),
        (
            lambda: mail.plan(replace(mail.REPORT, kind=Kind.CATCH, occasion="signal", ref="停办")),
            ("report", "element_signal_alone"),
        ),
    ],
)
def test_a_drawing_whose_messages_nobody_could_answer_is_refused_by_element(made, finding):
    document, files = mail.drawn(made())
    with pytest.raises(PlanRefused) as refused:
        plan_of(definition_of(document, "01"), files)

    assert finding in [(one.element, one.code) for one in refused.value.findings]


def test_in_an_example_what_is_awaited_comes_by_completing_it(w):
    document, files = mail.drawn()
    calendar = clocks.current_calendar()
    given = {"submitted": "2026-09-18T10:00:00+08:00", "situation": f.SITUATION, "form": f.ANSWERS}
    one = {
        "name": "报告先来",
        "given": given,
        "do": [
            {"do": "accept"},
            {"do": "complete", "step": "report"},
            {"do": "complete", "step": "check"},
            {"do": "decide", "outcome": "granted"},
        ],
        "expect": {"path": ["report", "check", "decide"], "result": "granted"},
    }
    document["handling"][0]["scenarios"] = [one]
    assert checking.findings(document, calendar, f.form_files() | files) == []

    one["do"].pop(1)
    assert any("场景" in said for said in checking.findings(document, calendar, f.form_files() | files))


def test_an_example_made_by_a_button_waits_for_it_last(w):
    mail.published()
    document, _ = mail.drawn()
    made = playing.example(document, 0)
    assert [deed["step"] for deed in made["do"] if deed["do"] == "complete"] == ["check", "report"]
