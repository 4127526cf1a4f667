"""Statistics: the morning, figures by a dimension, the cases behind one, how each is worked out; reports."""

from tests.pages.made import Page, State
from tests.pages.ways import NO_ID, both, exactly, forbidden, idof, missing

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
    Page("insight:how", states=(State("many", "department_head"), forbidden("citizen"))),
    Page("insight:export", kind="file"),
    Page("insight:reports", states=(
        State("many", "department_head"), State("one", "department_head", query="kind=day"),
        State("empty", "department_head", house="empty"), forbidden("window_clerk"),
    )),
    Page("insight:report", idof("report"), states=(
        State("one", "department_head"), missing(NO_ID, "department_head"),
        State("error", "department_head", fields={"version": "7", "text": "别人改过"}, status=409),
    )),
    Page("insight:report_file", both(idof("report"), exactly("docx")), kind="file"),
)  # fmt: skip
