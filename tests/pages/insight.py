"""Statistics: the morning, figures by a dimension, the cases behind one, how each is worked out; reports."""

from django.db.models import F
from django.test import Client
from django.urls import reverse

from mingqu.insight.models import DayFigures, Report
from tests.pages.made import Page, State
from tests.pages.ways import NO_ID, both, exactly, forbidden, idof, missing
from tests.stage import Stage


def figures_moved(client: Client, stage: Stage) -> None:
    """Something was put right after the report was made."""
    row = Report.objects.get(pk=stage.ids["report"])
    DayFigures.objects.filter(day=row.since, department_id=row.department_id).update(
        received=F("received") + 1
    )


def report_signed(client: Client, stage: Stage) -> None:
    address = reverse("insight:report", args=[stage.ids["report"]])
    given = client.get(address).context["forms"]["sign"].initial
    client.post(address, {"act": "sign", **{name: given[name] for name in ("key", "version", "counted")}})


INSIGHT = (
    Page("insight:statistics", states=(
        State("many", "department_head"), State("many", "efficiency_supervisor", query="by=item&sort=on_time_rate"),
        State("empty", "department_head", house="empty"), forbidden("window_clerk"),
        State("empty", "department_head", query="period=day&on=2020-01-01"),
    )),
    Page("insight:behind", states=(
        State("many", "department_head", query="figure=received"),
        State("error", "department_head", query="figure=good_rate", status=404),
        State("empty", "department_head", query="figure=late_law&period=day&on=2020-01-01"), forbidden("approver"),
    )),
    Page("insight:behind_export", kind="file"),
    Page("insight:how", states=(State("many", "department_head"), forbidden("citizen"))),
    Page("insight:export", kind="file"),
    Page("insight:reports", states=(
        State("many", "department_head"), State("one", "department_head", query="kind=day"),
        State("empty", "department_head", house="empty"), forbidden("window_clerk"),
    )),
    Page("insight:report", idof("report"), states=(
        State("one", "department_head"), missing(NO_ID, "department_head"),
        State("error", "department_head", fields={"text": "别人改过", "version": "7"}, status=409),
        State("middle of the way", "department_head", way=figures_moved),
        State("closed", "department_head", way=report_signed),
        State("closed", "department_head", way=report_signed, fields={"reason": ""}, status=400),
    )),
    Page("insight:report_file", both(idof("report"), exactly("docx")), kind="file"),
)  # fmt: skip
