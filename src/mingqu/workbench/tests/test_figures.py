"""跑动和时限: visits are counted where they happen, and the page says what the cases say (CAS-10, CAS-11)."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from mingqu.cases import services
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.identity.tests import factories as people
from mingqu.kernel import training
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.models_regions import Region
from mingqu.kernel.regions import load_demo_district
from mingqu.process import selectors as tasks
from mingqu.workbench.selectors import figures as counted
from mingqu.workbench.tests.pages import text_of

REGION = "990104000000"
pytestmark = pytest.mark.django_db
PAGE, FILE = reverse("workbench:figures"), reverse("workbench:figures_export")


@pytest.fixture
def head(w, client):
    """The department's head, who watches its figures."""
    user = people.staff_user("周正", people.post(w.bureau, "department_head"))
    return people.signed_in(client, user)


def test_the_days_asked_about_are_the_last_thirty_never_turned_round_never_more_than_a_year():
    today = date(2026, 9, 18)

    assert counted.span(None, None, today) == (date(2026, 8, 20), today)
    assert counted.span(today, date(2026, 9, 1), today) == (date(2026, 9, 1), today)
    first, last = counted.span(date(2020, 1, 1), today, today)
    assert (last - first).days + 1 == counted.LONGEST


def collected(w):
    """Filed online, brought a correction to the window, collected the result there."""
    case = f.received_case(w, context={"delivery": "window"})
    services.ask_correction(
        case_id=case.pk,
        asked=[f.Asked("floor-plan", "看不清尺寸")],
        by=w.clerk,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )
    add_correction_files(
        case_id=case.pk,
        material="floor-plan",
        uploads=[Upload("平面图.png", f.PNG)],
        by=w.clerk,
        at=f.FRIDAY_NOON,
    )
    services.supplement_case(case_id=case.pk, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    services.accept_case(case_id=case.pk, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    while steps := [t.step for t in tasks.open_tasks(case.pk) if t.step != "decide"]:
        f.review(w, case, steps[0])
    services.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=f.FRIDAY_NOON, key=uuid4()
    )
    served = Served.at_window("李晓禾")
    services.deliver_case(case_id=case.pk, served=served, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    case.refresh_from_db()
    return case


def test_the_page_counts_the_visits_that_the_ledger_shows_deeds_of_the_window_for(w, head, browse):
    """到现场次数 statistic matches events: every deed at the window by which somebody came, and no other."""
    came, online = collected(w), f.decided_case(w)
    at_window = AuditEntry.objects.filter(
        root_id__in=[came.pk, online.pk],
        post_id=w.clerk.post_id,
        action__in=["case.file", "case.supplement", "case.bring_owed", "case.deliver"],
    )

    found = head.get(PAGE).context["found"]
    by_organ = head.get(PAGE, {"by": "organ"})

    assert (came.visits, online.visits) == (2, 0)
    assert found.came == came.visits == at_window.count()
    row = found.rows[0]
    assert (row.cases, row.visits, row.without, row.most, row.average_text) == (2, 2, 1, 2, "1.00次")
    assert (row.statutory, row.promised, row.rate_text) == ("20个工作日", "8个工作日", "60%")
    assert "清禾区市场监督管理局2件2次1.00次2次1件60%" in text_of(by_organ)
    assert "到现场2次" in text_of(browse("reviewer").get(reverse("workbench:case", args=[came.number])))
    assert "到现场没有跑过" in text_of(
        browse("reviewer").get(reverse("workbench:case", args=[online.number]))
    )


def test_the_spreadsheet_says_what_the_page_says(w, head):
    f.decided_case(w)

    answer = head.get(FILE)
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)

    assert rows[0][:7] == ("事项", "办件", "到现场", "平均每件", "最多", "一次也没跑", "时限压缩率")
    assert rows[1][1:7] == (1, 0, 0, 0, 1, 0.6) and rows[-1][0] == "合计"
    assert head.get(PAGE, {"until": "2020-01-01"}).context["found"].rows == []


def test_cases_of_another_organ_and_of_training_are_not_in_the_figures(w, head, client):
    f.decided_case(w)
    other = people.staff_user("钱进", people.post(people.department(), "department_head"))

    elsewhere = people.signed_in(Client(), other).get(PAGE).context["found"]
    load_demo_district()
    Region.objects.filter(code=REGION).update(training=True)
    training.known.read_at = None

    assert elsewhere.rows == [] and elsewhere.organs == []
    assert head.get(PAGE).context["found"].rows == []
