"""Other systems: what is there, the copy-ready sheet, states by file, the daily reconciliation, the connections."""

from tests.pages.made import Page, State
from tests.pages.ways import NO_ID, both, exactly, forbidden, idof, missing, word

NONE = exactly("0" * 32)
DAY = both(exactly("double"), word("ex_day"))

EXCHANGE = (
    Page("exchange:desk", states=(
        State("many", "window_clerk"), State("one", "data_steward", query="show=ended"),
        State("empty", "window_clerk", house="empty"), forbidden("citizen"), forbidden("finance_officer"),
        State("error", "window_clerk", query="number=HJ1", status=404),
        State("many", "window_clerk", query="show=open"),
    )),
    Page("exchange:at_desk", word("ex_correction"), states=(
        State("middle of the way", "window_clerk"), missing(NONE, "window_clerk"),
        State("one", "window_clerk", args=word("ex_waiting")),
        State("one", "data_steward", args=word("ex_odd")),
        State("closed", "window_clerk", args=word("ex_done")), State("one", "window_clerk", args=word("ex_back")),
        State("error", "window_clerk", args=word("ex_to_type"), fields={"number": "HJ1", "again": "HJ2"}, status=400),
        State("error", "window_clerk", args=word("ex_typed"), fields={"state": "granted"}, status=400),
    )),
    Page("exchange:sheet", word("ex_to_type"), states=(
        State("one", "window_clerk"), missing(NONE, "window_clerk"), forbidden("data_steward"),
    )),
    Page("exchange:number", word("ex_to_type"), kind="act"),
    Page("exchange:state", word("ex_typed"), kind="act"),
    Page("exchange:answer", word("ex_correction"), kind="act"),
    Page("exchange:carried_over", word("ex_typed"), kind="act"),
    Page("exchange:answer_file", both(word("ex_mine"), idof("ex_waiting")), kind="file"),
    Page("exchange:again", word("ex_waiting"), kind="act"),
    Page("exchange:by_hand", word("ex_waiting"), kind="act"),
    Page("exchange:resolve", word("ex_odd"), kind="act"),
    Page("exchange:states", states=(
        State("one", "window_clerk"), State("empty", "window_clerk", house="empty"), forbidden("data_steward"),
        State("error", "window_clerk", fields={"system": "公安人口管理系统"}, status=400),
    )),
    Page("exchange:states_file", idof("ex_file"), states=(
        State("one", "window_clerk"), missing(NO_ID, "window_clerk"), forbidden("data_steward"),
    )),
    Page("exchange:states_wrong", idof("ex_file"), kind="act"),
    Page("cases:outside", word("ex_mine"), states=(
        State("one", "citizen"), State("error", "citizen", fields={"key": ""}, status=400),
        State("English", "citizen"), missing(NONE, "citizen"),
    )),
    Page("cases:outside_upload", word("ex_mine"), kind="act"),
    Page("cases:outside_remove", both(word("ex_mine"), idof("ex_waiting")), states=(State("one", "citizen"),)),
    Page("exchange:days", states=(
        State("many", "data_steward"), State("empty", "data_steward", house="empty"), forbidden("window_clerk"),
        State("error", "data_steward", fields={"connector": "double"}, status=400),
    )),
    Page("exchange:day", DAY, states=(
        State("many", "data_steward"), State("error", "data_steward", fields={"reason": ""}, status=400),
        missing(exactly("double", "2020-01-01"), "data_steward"),
    )),
    Page("exchange:day_export", DAY, kind="file"),
    Page("exchange:settle", DAY, kind="act"),
    Page("exchange:connections", states=(
        State("many", "data_steward"), State("many", "system_officer"), State("empty", "data_steward", house="empty"),
        forbidden("window_clerk"),
    )),
    Page("exchange:double", states=(
        State("many"), State("empty", house="empty"), State("English"),
    )),
    Page("exchange:double_say", kind="act"),
    Page("api:exchange_callback", exactly("double"), kind="file"),
)  # fmt: skip
