"""Reporting upwards: every table, one table with what was rejected, its batches and fields."""

from tests.pages.made import Page, State
from tests.pages.ways import exactly, forbidden, missing

BASIC = exactly("task_general_basic")

FEDERATION = (
    Page("federation:tables", states=(
        State("many", "data_steward"), State("many", "system_officer"),
        State("empty", "data_steward", house="empty"), forbidden("window_clerk"),
    )),
    Page("federation:table", BASIC, states=(
        State("many", "data_steward"), State("one", "system_officer", args=exactly("user")),
        State("empty", "data_steward", args=exactly("evaluation"), house="empty"),
        missing(exactly("nothing"), "data_steward"), forbidden("window_clerk"),
        State("error", "data_steward", args=exactly("task_general_basic"), query="after=x&before=x"),
    )),
    Page("federation:export", BASIC, kind="file"),
    Page("federation:again", BASIC, kind="act"),
    Page("federation:look", BASIC, kind="act"),
)  # fmt: skip
