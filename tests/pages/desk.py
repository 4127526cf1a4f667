"""作废, 更正, 停机 and 补录."""

from tests.pages.made import Page, State
from tests.pages.ways import (
    NOBODY,
    at_window_with,
    both,
    exactly,
    forbidden,
    idof,
    missing,
    number,
    package_asked,
    package_made,
    phone_asked,
    word,
)

DESK = (
    Page(
        "workbench:archive_list",
        states=(
            State("one", "own_reviewer"),
            State("empty", "reviewer", house="empty"),
            forbidden("window_clerk"),
            State("error", "own_reviewer", query="since=2026-09-01&until=2026-08-01", status=400),
        ),
    ),
    Page("workbench:archive_export", kind="file"),
    Page(
        "workbench:archive_package",
        number("archived"),
        states=(
            State("one", "own_reviewer"),
            State("many", "own_reviewer", way=package_made),
            State("middle of the way", "own_reviewer", way=package_asked),
            State("error", "own_reviewer", way=package_made, fields={"hand-to": ""}, status=400),
            forbidden("window_clerk"),
        ),
    ),
    Page("workbench:archive_take", number("archived"), kind="act"),
    Page(
        "workbench:ask_void",
        number("by_window"),
        states=(
            State("one", "own_clerk"),
            State("error", "own_clerk", fields={"reason": ""}, status=400),
            State("middle of the way", "own_clerk", fields={"reason": "收错了事项", "stage": "check"}),
            forbidden("approver"),
        ),
    ),
    Page(
        "workbench:mend",
        number("by_window"),
        states=(
            State("many", "own_clerk"),
            State("error", "own_clerk", query="chosen=1"),
            State("one", "own_clerk", query="field=applicant_name&field=area_m2"),
            State("error", "own_clerk", query="field=area_m2", fields={"reason": ""}, status=400),
            forbidden("reviewer"),
        ),
    ),
    Page(
        "workbench:changes",
        states=(
            State("many", "second_clerk"),
            State("many", "own_clerk"),
            State("empty", "reviewer", house="empty"),
            forbidden("approver"),
        ),
    ),
    Page(
        "workbench:change",
        both(number("to_mend"), idof("change_mend")),
        states=(
            State("one", "second_clerk"),
            State("one", "second_clerk", args=both(number("to_void"), idof("change"))),
            State("one", "own_clerk"),
            State("closed", "second_clerk", args=both(number("to_mend"), idof("change_done"))),
            State("error", "second_clerk", fields={"agrees": "no", "text": ""}, status=400),
            forbidden("approver"),
        ),
    ),
    Page(
        "workbench:window_phone",
        exactly(NOBODY, "floor-plan"),
        states=(
            State("empty", "window_clerk", way=at_window_with("phone/floor-plan/")),
            forbidden("approver"),
        ),
    ),
    Page("workbench:window_picture", exactly(NOBODY, "floor-plan", NOBODY), kind="file"),
    Page(
        "cases:phone_code",
        states=(
            State("one"),
            State("error", fields={"code": "12"}, status=400),
            State("English"),
        ),
    ),
    Page(
        "cases:phone_send",
        exactly("no-such"),
        states=(
            State("one", way=phone_asked),
            State("error", way=phone_asked, fields={"x": "1"}, status=400),
            State("English", way=phone_asked),
            missing(exactly("no-such")),
        ),
    ),
    Page(
        "workbench:outages",
        states=(
            State("many", "own_manager"),
            State("many", "own_clerk"),
            State("empty", "window_clerk", house="empty"),
            forbidden("reviewer"),
        ),
    ),
    Page(
        "workbench:declare_outage",
        states=(
            State("one", "own_manager"),
            State("error", "own_manager", fields={"reason": ""}, status=400),
            forbidden("window_clerk"),
        ),
    ),
    Page(
        "workbench:make_pack",
        states=(
            State("one", "own_clerk"),
            State("error", "own_clerk", fields={"count": "900"}, status=400),
            forbidden("reviewer"),
        ),
    ),
    Page(
        "workbench:paper_pack",
        word("pack"),
        states=(
            State("many", "own_clerk"),
            missing(exactly("Z1"), "own_clerk"),
            forbidden("reviewer"),
        ),
    ),
    Page(
        "workbench:outage",
        idof("outage"),
        states=(
            State("many", "own_clerk"),
            State("many", "own_manager"),
            forbidden("reviewer"),
        ),
    ),
    Page(
        "workbench:end_outage",
        idof("outage"),
        states=(
            State("one", "own_manager"),
            State("error", "own_manager", fields={"ended_time": "9点"}, status=400),
            forbidden("window_clerk"),
        ),
    ),
    Page(
        "workbench:enter_slip",
        idof("outage"),
        states=(
            State("one", "own_clerk"),
            State("error", "own_clerk", fields={"number": "Z1-001"}, status=400),
            forbidden("reviewer"),
        ),
    ),
    Page(
        "workbench:confirm_slip",
        both(idof("outage"), idof("slip")),
        states=(
            State("one", "second_clerk"),
            State("closed", "own_clerk"),
            State("error", "second_clerk", fields={"agrees": "no", "text": ""}, status=400),
            forbidden("reviewer"),
        ),
    ),
)
