"""
Month's end at the desk of who watches over efficiency: a figure that a scan contradicts keeps the report from being
signed; put right and counted again it agrees, leads to its cases, goes out as Word, PDF and Excel, and is signed.
"""

from datetime import datetime

import pytest
from django.db.models import F
from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.evaluation.tests.factories import delivered_case, withdrawn_case
from mingqu.identity import services as identity
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import StaffActor, Within
from mingqu.insight import services
from mingqu.insight.models import DayFigures, Report
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.workbench.tests.test_pages_in_a_browser import (
    beside_playwright,
    browser,
    session_of,
    site,
)

__all__ = ["beside_playwright", "browser", "site"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(300)]
MONTH_AFTER = datetime.fromisoformat("2026-10-01T02:00:00+08:00")


def over_all() -> StaffActor:
    """Who watches over the efficiency of every department."""
    post = people.post(name="效能监督岗")
    everything = {"post_id": post, "role": "efficiency_supervisor", "within": Within("", None)}
    identity.grant_role(**everything, by=people.SYSTEM, at=people.NOON, key=new_id())
    user = people.staff_user("周敏", post)
    return StaffActor("staff", user.person_id, post_id=post, user_id=user.pk, name="周敏")


def test_the_month_is_put_right_taken_away_and_signed(site, browser):
    w = f.world()
    delivered_case(w)
    withdrawn_case(w)
    case = f.received_case(w)
    services.rebuild(timezone.now())
    DayFigures.objects.update(received=F("received") + 40)  # the outlier: nobody handed these in
    services.make_due(MONTH_AFTER)
    supervisor = over_all()
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    session = session_of(User.objects.get(pk=supervisor.user_id))
    context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    page.goto(f"{site}/desk/reports/")
    page.get_by_role("link", name="只看月报").click()
    page.get_by_role("row", name="全部部门").get_by_role("link").click()
    page.get_by_text("与逐件清点不一致").first.wait_for()
    assert page.get_by_role("button", name="签发").count() == 0

    services.rebuild(timezone.now())  # what `mingqu statistics rebuild` does
    page.reload()
    page.get_by_role("heading", name="现在的数不同").wait_for()
    page.get_by_role("button", name="重新计算").click()
    page.get_by_text("正在重新计算").wait_for()
    services.work(
        Report.objects.get(kind="month", department_id=None).pk, timezone.now()
    )  # what the job does
    page.get_by_text("与逐件清点一致").wait_for()
    assert page.get_by_role("heading", name="现在的数不同").count() == 0

    for name, form in (("下载Word", "docx"), ("下载PDF", "pdf"), ("下载Excel", "xlsx")):
        with page.expect_download() as taken:
            page.get_by_role("link", name=name).click()
        assert taken.value.suggested_filename.endswith(form)
    page.get_by_role("textbox", name="情况说明").fill("本月收件三件，办结两件。")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="签发").click()
    page.get_by_text("文字和数字不再改动").first.wait_for()
    assert page.get_by_role("button", name="保存").count() == 0

    page.goto(f"{site}/desk/statistics/?period=month&on=2026-09-30")
    page.get_by_role("region", name="全部指标").get_by_role(
        "row", name="收件 3", exact=False
    ).first.wait_for()
    page.goto(f"{site}/desk/statistics/cases/?period=month&on=2026-09-30&figure=received")
    assert page.get_by_role("table", name="收件的办件").locator("tbody tr").count() == 3
    assert case.number[-6:] in page.inner_text("main").replace(" ", "")

    row = Report.objects.get(kind="month", department_id=None)
    assert (row.agrees, row.signed_by) == (True, supervisor.id)
    done = AuditEntry.objects.filter(action__startswith="statistics.").values_list("action", flat=True)
    assert {"statistics.recount_report", "statistics.edit_report", "statistics.sign_report"} <= set(done)
    assert list(done).count("statistics.export") == 3 and errors == []
    context.close()
