"""日报、周报、月报: made by themselves, once; edited in versions; taken away; a month equals a scan."""

import io
import zipfile
from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.evaluation.tests.factories import delivered_case, rate, withdrawn_case
from mingqu.identity.tests import factories as people
from mingqu.insight import rules, services, waiting
from mingqu.insight.errors import (
    ReopenReasonMissing,
    ReportAtWork,
    ReportChanged,
    ReportDisagrees,
    ReportNotSigned,
    ReportSigned,
    ReportTextTooLong,
    ReportUnknown,
)
from mingqu.insight.models import DayFigures, Report, ReportText
from mingqu.insight.selectors import report_at_desk, reports_at_desk
from mingqu.insight.services import recounting
from mingqu.insight.tests.test_pages import client_of, head
from mingqu.insight.word import document, paragraphs
from mingqu.kernel.ids import new_id
from mingqu.kernel.relay import round_once

pytestmark = pytest.mark.django_db
MONTH_AFTER = datetime.fromisoformat("2026-10-01T02:00:00+08:00")
MONTH = date(2026, 9, 1)


@pytest.fixture
def house():
    w = f.world()
    rate(w, delivered_case(w), 4)
    withdrawn_case(w)
    f.received_case(w)
    while round_once(timezone.now()):
        pass
    return w


def own(w, kind="month", since=MONTH):
    return services.report_id(kind, since, w.bureau)


def test_the_month_is_reported_when_it_is_over_and_equals_a_scan_of_the_cases(house):
    """Month's end: made by the job, once, of all and of the department; the figures are those of the cases."""
    made = services.make_due(MONTH_AFTER)

    month = Report.objects.get(kind="month", department_id=None)
    assert (month.since, month.until, month.agrees) == (MONTH, date(2026, 9, 30), True)
    lines = {line[0]: line[1] for line in month.figures["lines"]}
    assert (lines["收件"], lines["办结"], lines["准予"], lines["评价"]) == ("3", "2", "1", "1")
    assert made == 2 == Report.objects.count() and services.make_due(MONTH_AFTER) == 0


def test_a_month_that_was_counted_wrongly_says_so(house):
    DayFigures.objects.filter(received__gt=0).update(received=99)

    services.make_due(MONTH_AFTER)

    assert Report.objects.get(kind="month", department_id=None).agrees is False


def test_a_report_is_for_its_department_and_for_who_watches_all(house):
    services.make_due(MONTH_AFTER)
    other = head(house, people.department("澜州市清禾区水务局", code="QH-SWJ"))
    everything = people.staff_actor("efficiency_supervisor")

    assert [line.row.department_id for line in reports_at_desk(head(house))[0]] == [house.bureau]
    assert reports_at_desk(other)[0] == []
    assert {line.row.department_id for line in reports_at_desk(everything)[0]} <= {None, house.bureau}
    with pytest.raises(ReportUnknown):
        report_at_desk(other, own(house))


def edit(w, text, version=0, by=None):
    services.edit_report(
        report=own(w), version=version, text=text, by=by or head(w), at=MONTH_AFTER, key=new_id()
    )


def test_what_is_written_is_kept_in_versions_and_nobody_overwrites_another(house):
    services.make_due(MONTH_AFTER)
    edit(house, "本月收件平稳。")
    edit(house, "本月收件平稳，差评为零。", version=1)

    with pytest.raises(ReportChanged):
        edit(house, "我没有看到第二版。", version=1)

    shown = report_at_desk(head(house), own(house))
    assert (shown.version, shown.text) == (2, "本月收件平稳，差评为零。")
    assert ReportText.objects.filter(root_id=own(house)).count() == 2


def test_words_without_end_and_reports_of_others_are_refused(house):
    services.make_due(MONTH_AFTER)

    with pytest.raises(ReportTextTooLong):
        edit(house, "长" * 5001)
    with pytest.raises(ReportUnknown):
        services.edit_report(
            report=new_id(), version=0, text="", by=head(house), at=MONTH_AFTER, key=new_id()
        )
    assert not ReportText.objects.exists()


def test_a_report_is_taken_away_as_word_and_as_a_table(house):
    services.make_due(MONTH_AFTER)
    edit(house, "情况 <正常> & 平稳")
    client = client_of(head(house))

    word = client.get(reverse("insight:report_file", args=[own(house), "docx"]))
    table = client.get(reverse("insight:report_file", args=[own(house), "xlsx"]))
    paper = client.get(reverse("insight:report_file", args=[own(house), "pdf"]))
    other = client.get(reverse("insight:report_file", args=[own(house), "odt"]))

    printed = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages)
    assert "情况" in printed and "全程网办率" in printed and "草稿，没有签发" in printed
    packed = zipfile.ZipFile(io.BytesIO(word.content))
    assert packed.testzip() is None
    text = "".join(ElementTree.fromstring(packed.read("word/document.xml")).itertext())
    assert "情况 <正常> & 平稳" in text and "全程网办率" in text and "食品经营许可" in text
    rows = list(openpyxl.load_workbook(io.BytesIO(table.content)).active.iter_rows(values_only=True))
    assert rows[1][:2] == ("收件", 3) and other.status_code == 404


def sign(w, *, version=0, by=None, at=MONTH_AFTER):
    row = Report.objects.get(pk=own(w))
    services.sign_report(
        report=row.pk, version=version, counted_at=row.counted_at, by=by or head(w), at=at, key=new_id()
    )


def recount(w, report=None, at=MONTH_AFTER):
    """Asked for, and done by its job, which runs once more."""
    services.ask_recount(report=report or own(w), by=head(w), at=at, key=new_id())
    assert services.work(report or own(w), at) and not services.work(report or own(w), at)


def test_what_was_put_right_is_named_taken_in_and_then_signed(house):
    """Month's end: a case comes to light, its figure is told beside the report's, counted anew, and stands."""
    services.make_due(MONTH_AFTER)
    f.received_case(house)
    while round_once(timezone.now()):
        pass
    assert ("收件", "3", "4") in report_at_desk(head(house), own(house)).changed

    recount(house, at=MONTH_AFTER + timedelta(hours=1))
    shown = report_at_desk(head(house), own(house))
    assert shown.changed == () and {line[0]: line[1] for line in shown.row.figures["lines"]}["收件"] == "4"

    sign(house)
    shown = report_at_desk(head(house), own(house))
    assert shown.row.signed_at == MONTH_AFTER and shown.signer and not shown.may_edit


def test_until_it_is_counted_again_nobody_signs_and_what_failed_is_told(house, monkeypatch):
    services.make_due(MONTH_AFTER)
    services.ask_recount(report=own(house), by=head(house), at=MONTH_AFTER, key=new_id())
    for deed in (lambda: sign(house), lambda: recount(house)):
        with pytest.raises(ReportAtWork):
            deed()
    monkeypatch.setattr(recounting, "recount_report", lambda **given: 1 / 0)
    assert [services.work(own(house), MONTH_AFTER) for _ in range(3)] == [False, False, True]
    row = Report.objects.get(pk=own(house))
    assert row.recount_asked_at is None and "代码" in row.recount_said and row.recounted_at is None
    monkeypatch.undo()

    recount(house, at=MONTH_AFTER + timedelta(minutes=1))
    row.refresh_from_db()
    assert row.recount_said == "" and row.recounted_at == MONTH_AFTER + timedelta(minutes=1)
    sign(house)


def test_what_is_signed_changes_no_more_until_it_is_taken_back_with_a_reason(house):
    services.make_due(MONTH_AFTER)
    sign(house)
    before = Report.objects.values().get(pk=own(house))

    for deed in (lambda: edit(house, "改一改"), lambda: recount(house), lambda: sign(house)):
        with pytest.raises(ReportSigned):
            deed()
    with pytest.raises(ReopenReasonMissing):
        services.reopen_report(report=own(house), reason=" ", by=head(house), at=MONTH_AFTER, key=new_id())
    assert Report.objects.values().get(pk=own(house)) == before and not ReportText.objects.exists()

    services.reopen_report(report=own(house), reason="漏了一件", by=head(house), at=MONTH_AFTER, key=new_id())
    edit(house, "改一改")
    with pytest.raises(ReportNotSigned):
        services.reopen_report(
            report=own(house), reason="再撤一次", by=head(house), at=MONTH_AFTER, key=new_id()
        )


def test_nobody_signs_what_somebody_else_has_changed_meanwhile_or_what_a_scan_contradicts(house):
    services.make_due(MONTH_AFTER)
    edit(house, "第一版")
    with pytest.raises(ReportChanged):
        sign(house, version=0)
    with pytest.raises(ReportChanged):
        services.sign_report(
            report=own(house),
            version=1,
            counted_at=timezone.now(),
            by=head(house),
            at=MONTH_AFTER,
            key=new_id(),
        )
    Report.objects.filter(pk=own(house)).update(agrees=False)
    with pytest.raises(ReportDisagrees):
        sign(house, version=1)
    assert not Report.objects.exclude(signed_at=None).exists()


def test_the_first_page_tells_the_morning_and_which_months_wait_for_a_signature(house):
    services.make_due(MONTH_AFTER)
    boss, clerk = head(house), people.staff_actor("window_clerk")

    told = waiting.morning(boss, f.FRIDAY_NOON)
    assert told.words == "今天收件3件，办结2件；本月超期办结0件，现在超期未办结0件" and told.state == "done"
    assert waiting.to_sign(boss, MONTH_AFTER).words == "1份月报等您核对、签发"
    assert waiting.morning(clerk, f.FRIDAY_NOON) is None and waiting.to_sign(clerk, MONTH_AFTER) is None

    sign(house)
    assert waiting.to_sign(boss, MONTH_AFTER) is None


@pytest.mark.parametrize(
    ("kind", "on", "now", "before", "last"),
    [
        ("month", date(2026, 3, 31), (1, 31), date(2026, 2, 28), date(2025, 3, 31)),
        ("month", date(2028, 2, 29), (1, 29), date(2028, 1, 31), date(2027, 2, 28)),
        ("month", date(2026, 3, 30), (1, 30), date(2026, 2, 28), date(2025, 3, 30)),
        ("day", date(2028, 2, 29), (29, 29), date(2028, 2, 28), date(2027, 2, 28)),
        ("week", date(2026, 9, 16), (14, 16), date(2026, 9, 9), date(2025, 9, 17)),
    ],
)
def test_a_span_is_compared_with_the_same_days_before_and_a_year_ago(kind, on, now, before, last):
    found = rules.compared(kind, on, on)

    assert (found.now.since.day, found.now.until.day) == now
    assert (found.before.until, found.year_ago.until) == (before, last)
    assert found.before.until < found.now.since and abs(found.now.days - found.before.days) < 4
    assert found.before.since + timedelta(days=found.before.days) <= found.now.since


def test_no_sign_that_is_typed_keeps_the_document_from_being_opened():
    typed = "一\ufffe二\uffff三\x0b四\U0001f642"
    packed = zipfile.ZipFile(io.BytesIO(document([paragraphs(typed)])))

    text = "".join(ElementTree.fromstring(packed.read("word/document.xml")).itertext())
    assert text == "一二三四\U0001f642"
