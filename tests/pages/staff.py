"""The desk."""

from tests.pages.made import (
    BUNDLE,
    SERVICE,
    Page,
    State,
)
from tests.pages.ways import (
    NO_ID,
    NO_NUMBER,
    NOBODY,
    TABS,
    at_window,
    at_window_with,
    bad_rating,
    both,
    brought_to_window,
    bundle_at_window,
    exactly,
    files_opened,
    followed_to,
    forbidden,
    idof,
    limits_set,
    merged_notice_to_announce,
    merged_notice_to_serve,
    missing,
    notice_announced,
    notice_to_announce,
    notice_to_serve,
    notices_written,
    number,
    papers_lying,
    program_made,
    review_asked,
    stands_elsewhere,
    stop_planned,
    with_a_draft,
)

STAFF = (
    Page("assist:desk", states=(
        State("many", "own_head"), State("empty", "own_head", query="show=done&after=2020-01-01_x"),
        State("empty", "own_head", query="late=yes&again=yes"), forbidden("citizen"),
    )),
    Page("assist:export", kind="act"),
    Page("assist:counter", states=(
        State("one", "window_clerk"), State("error", "window_clerk", fields={"text": ""}, status=400),
        forbidden("reviewer"),
    )),
    Page("assist:at_desk", number("stuck"), states=(
        State("one", "own_head"), State("error", "own_head", fields={"text": ""}, status=400),
        State("closed", "own_head", args=number("stuck_answered")), missing(exactly("BC1"), "own_head"),
    )),
    Page("across:places", states=(
        State("many"), State("one", query="way=collect"), State("English"), State("empty", house="empty"),
        State("empty", query="theme=none"),
    )),
    Page("across:agreements", states=(
        State("many", "hall_manager"), State("one", "hall_manager", query="show=open&way=collect"),
        State("empty", "hall_manager", house="empty"), forbidden("window_clerk"),
    )),
    Page("across:new", states=(
        State("one", "hall_manager"), State("error", "hall_manager", fields={"items": ""}, status=400),
        State("empty", "hall_manager", house="empty"), forbidden("window_clerk"),
    )),
    Page("across:export", kind="file"),
    Page("across:figures", states=(
        State("many", "hall_manager"), State("one", "hall_manager", query="side=home&by=month"),
        State("empty", "hall_manager", house="empty"), forbidden("window_clerk"),
    )),
    Page("across:behind", states=(
        State("many", "hall_manager", query="side=home&measure=received"),
        State("empty", "hall_manager", query="side=home&measure=late"), forbidden("window_clerk"),
    )),
    Page("across:figures_export", kind="file"),
    Page("workbench:giving", number("across_result"), states=(
        State("one", "window_clerk"), State("error", "window_clerk", fields={"reason": ""}, status=400),
        missing(number("accepted"), "window_clerk"),
    )),
    Page("across:agreement", number("xy_agreement"), states=(
        State("one", "hall_manager"), State("middle of the way", "hall_manager", args=number("xy_agreed")),
        State("middle of the way", "hall_manager", args=number("xy_proposed")),
        missing(exactly("XY1"), "hall_manager"),
    )),
    Page("across:answer", number("xy_agreement"), kind="act"),
    Page("across:take_back", number("xy_proposed"), kind="act"),
    Page("across:withdraw", number("xy_agreed"), kind="act"),
    Page("workbench:across", states=(
        State("many", "neighbour"), State("many", "neighbour", way=stands_elsewhere, query="tab=open"),
        State("empty", "neighbour", query="tab=ended"), State("empty", "window_clerk"), forbidden("reviewer"),
    )),
    Page("workbench:across_open", kind="act"),
    Page("workbench:across_one", idof("across_fix"), states=(
        State("one", "neighbour"), State("one", "neighbour", way=stands_elsewhere),
        State("middle of the way", "neighbour", args=idof("across_result")),
        State("middle of the way", "neighbour", args=idof("across_open"), way=stands_elsewhere),
        missing(idof("across_fix"), "window_clerk"),
    )),
    Page("workbench:across_start", idof("across_open"), kind="leads_on"),
    Page("workbench:across_end", idof("across_open"), kind="act"),
    Page("workbench:across_bring", idof("across_fix"), states=(
        State("one", "neighbour", way=stands_elsewhere), missing(NO_ID, "neighbour"),
    )),
    Page("workbench:across_papers", idof("across_fix"), kind="act"),
    Page("workbench:across_arrived", idof("across_result"), kind="act"),
    Page("workbench:across_collect", idof("across_result"), states=(
        State("one", "neighbour"), State("error", "neighbour", fields={"way": "post"}, status=400),
        missing(NO_ID, "neighbour"),
    )),
    Page("workbench:across_notice", both(idof("across_fix"), NO_ID), states=(
        missing(both(idof("across_fix"), NO_ID), "neighbour"),
    )),
    Page("workbench:across_file", both(idof("across_fix"), NO_ID), kind="file"),
    Page("workbench:across_draft", idof("across_open_draft"), kind="leads_on"),
    Page("workbench:across_page", both(idof("across_open_draft"), exactly(1)), states=(
        State("one", "neighbour", way=stands_elsewhere), missing(both(NO_ID, exactly(1)), "neighbour"),
    )),
    Page("workbench:across_materials", idof("across_open_draft"), states=(
        State("many", "neighbour", way=stands_elsewhere), missing(NO_ID, "neighbour"),
    )),
    Page("workbench:across_check", idof("across_open_draft"), states=(
        State("one", "neighbour", way=stands_elsewhere), missing(NO_ID, "neighbour"),
    )),
    Page("outreach:desk", states=(
        State("many", "village_agent"), State("one", "village_agent", query="tab=filed"),
        State("empty", "village_agent", query="tab=done"), forbidden("reviewer"),
    )),
    Page("outreach:new", states=(
        State("one", "village_agent"), State("error", "village_agent", fields={"name": ""}, status=400),
        forbidden("reviewer"),
    )),
    Page("outreach:papers", states=(
        State("many", "hall_manager"), State("empty", "hall_manager", house="empty"), forbidden("village_agent"),
        State("error", "hall_manager", query="number=DB99"),
    )),
    Page("outreach:at_desk", number("errand"), states=(
        State("one", "village_agent"), State("one", "hall_manager", args=number("errand_paper")),
        State("middle of the way", "hall_manager", args=number("errand_filed")),
        State("middle of the way", "village_agent", args=number("errand_agreed")),
        State("middle of the way", "village_agent", args=number("errand_fix")),
        State("closed", "village_agent", args=number("errand_filed")), missing(exactly("DB1"), "village_agent"),
    )),
    Page("outreach:tally", states=(
        State("many", "hall_manager"), State("one", "village_agent"),
        State("empty", "hall_manager", query="month=2020-01"), forbidden("reviewer"),
    )),
    Page("outreach:tally_export", kind="file"),
    Page("outreach:offline", states=(
        State("many", "village_agent"), forbidden("window_clerk"), forbidden("citizen"),
    )),
    Page("outreach:offline_worker", kind="file"),
    Page("outreach:offline_token", kind="file"),
    Page("outreach:offline_sync", kind="act"),
    Page("workbench:errand_fix", number("errand_fix"), states=(
        State("one", "village_agent"), missing(exactly("DB1"), "village_agent"),
        State("error", "village_agent", fields={"key": ""}, status=400),
    )),
    Page("outreach:send_code", number("errand"), kind="act"),
    Page("outreach:agree", number("errand"), kind="act"),
    Page("outreach:paper", number("errand"), states=(
        State("one", "village_agent"), missing(exactly("DB1"), "village_agent"),
    )),
    Page("outreach:paper_file", number("errand_paper"), kind="file"),
    Page("outreach:answer_paper", number("errand_paper"), kind="act"),
    Page("outreach:bring", number("errand_filed"), kind="act"),
    Page("outreach:end", number("errand"), kind="act"),
    Page("outreach:originals", number("errand_filed"), states=(
        State("many", "village_agent"), State("error", "village_agent", fields={"key": ""}, status=400),
        missing(exactly("DB1"), "village_agent"), forbidden("window_clerk"),
    )),
    Page("outreach:send_originals", number("errand_filed"), kind="act"),
    Page("outreach:give_back_originals", number("errand_filed"), kind="act"),
    Page("workbench:errand_start", number("errand"), states=(
        State("one", "village_agent"), missing(exactly("DB1"), "village_agent"),
    )),
    Page("workbench:errand_draft", idof("errand_draft"), kind="leads_on"),
    Page("workbench:errand_page", both(idof("errand_draft"), exactly(1)), states=(
        State("one", "village_agent"), missing(both(NO_ID, exactly(1)), "village_agent"),
    )),
    Page("workbench:errand_materials", idof("errand_draft"), states=(
        State("many", "village_agent"), missing(NO_ID, "village_agent"),
    )),
    Page("workbench:errand_check", idof("errand_draft"), states=(
        State("one", "village_agent"), missing(NO_ID, "village_agent"),
    )),
    Page("outreach:visits", states=(
        State("many", "hall_manager"), State("one", "hall_manager", query="show=done"),
        State("empty", "hall_manager", house="empty"), forbidden("reviewer"),
    )),
    Page("outreach:new_visit", states=(
        State("one", "hall_manager"), State("error", "hall_manager", fields={"about": ""}, status=400),
        forbidden("reviewer"),
    )),
    Page("outreach:visit_at_desk", number("home_visit"), states=(
        State("one", "hall_manager"), State("middle of the way", "village_agent", args=number("home_visit_planned")),
        State("closed", "hall_manager", args=number("home_visit_done")), missing(exactly("SM1"), "hall_manager"),
    )),
    Page("outreach:plan_visit", number("home_visit"), kind="act"),
    Page("outreach:close_visit", number("home_visit"), kind="act"),
    Page("outreach:manage", states=(
        State("many", "hall_manager"), State("empty", "hall_manager", house="empty"), forbidden("village_agent"),
    )),
    Page("outreach:new_point", states=(
        State("one", "hall_manager"), State("error", "hall_manager", fields={"name": ""}, status=400),
        forbidden("village_agent"),
    )),
    Page("outreach:export_points", kind="file"),
    Page("outreach:point", exactly("qinglan"), states=(
        State("one", "hall_manager", query="find=食品"), State("empty", "hall_manager", query="find=没有这样的事"),
        State("error", "hall_manager", query="find=食品", fields={"from_on_year": ""}, status=400),
        missing(exactly("nowhere"), "hall_manager"),
    )),
    Page("outreach:delegate", exactly("qinglan"), kind="act"),
    Page("outreach:import_items", exactly("qinglan"), kind="act"),
    Page("outreach:end_delegation", exactly("qinglan", SERVICE), kind="act"),
    Page("voice:desk", states=(
        State("many", "department_head"), State("many", "department_head", query="show=done"),
        State("empty", "department_head", house="empty"),
        State("empty", "department_head", query="late=yes&kind=complaint"), forbidden("reviewer"),
    )),
    Page("voice:export", kind="act"),
    Page("voice:desk_ticket", number("ticket"), states=(
        State("one", "department_head"), State("one", "department_head", args=number("ticket_answered")),
        State("error", "department_head", fields={"text": ""}, status=400),
        State("closed", "department_head", args=exactly("SQ1"), status=404),
    )),
    Page("voice:pass_on", number("ticket"), kind="act"),
    Page("regulation:desk", states=(
        State("one", "reviewer"), State("empty", "reviewer", query="show=ended"),
        State("empty", "reviewer", query="late=yes"), forbidden("window_clerk"),
    )),
    Page("regulation:export", kind="act"),
    Page("regulation:take_up", states=(
        State("one", "reviewer"), State("one", "reviewer", query="type=11990104MB0000019E001"),
        State("empty", "reviewer", house="empty"), forbidden("window_clerk"),
    )),
    Page("regulation:supervised", idof("supervised"), states=(
        State("one", "reviewer"), State("error", "reviewer", fields={"seen": ""}, status=400),
        missing(exactly("00000000-0000-4000-8000-000000000000"), "reviewer"), forbidden("window_clerk"),
    )),
    Page("regulation:put_off", idof("supervised"), kind="act"),
    Page("evaluation:ratings", states=(
        State("one", "department_head"), State("empty", "efficiency_supervisor", house="empty"), forbidden("reviewer"),
    )),
    Page("evaluation:ask_rating", number("received"), states=(
        State("one", "window_clerk"), missing(NO_NUMBER, "window_clerk"), forbidden("reviewer"),
    )),
    Page("evaluation:follow_ups", states=(
        State("one", "department_head"), State("closed", "efficiency_supervisor", query="show=done"),
        State("empty", "efficiency_supervisor", house="empty"), forbidden("reviewer"),
        State("empty", "efficiency_supervisor", query="show=review"),
        State("empty", "department_head", query="show=excluded"),
    )),
    Page("evaluation:follow_ups_export", kind="file"),
    Page("evaluation:follow_up", bad_rating, states=(
        State("one", "efficiency_supervisor"), State("error", "efficiency_supervisor", fields={"text": ""}, status=400),
        State("many", "efficiency_supervisor", way=review_asked),
        State("one", "department_head", way=followed_to("rectifying")),
        State("middle of the way", "efficiency_supervisor", way=followed_to("calling")),
        State("many", "efficiency_supervisor", way=followed_to("second")),
        State("closed", "department_head", way=followed_to("published")),
        missing(exactly("CP1"), "department_head"), forbidden("reviewer"),
    )),
    Page("evaluation:agree_exclusion", bad_rating, kind="act"),
    Page("evaluation:decline_exclusion", bad_rating, kind="act"),
    Page("evaluation:rater", bad_rating, kind="act"),
    Page("evaluation:limits", states=(
        State("empty", "efficiency_supervisor"), State("one", "efficiency_supervisor", way=limits_set),
        State("error", "efficiency_supervisor", fields={"verifying": "很快"}, status=400),
        forbidden("department_head"),
    )),
    Page("evaluation:months", states=(
        State("one", "efficiency_supervisor"), State("one", "department_head"),
        State("empty", "efficiency_supervisor", house="empty"), forbidden("reviewer"),
    )),
    Page("evaluation:months_export", kind="file"),
    Page("evaluation:channels", states=(
        State("many", "efficiency_supervisor"), State("many", "department_head"),
        State("empty", "efficiency_supervisor", house="empty"), forbidden("reviewer"),
    )),
    Page("evaluation:channels_export", kind="file"),
    Page("evaluation:ask_review", bad_rating, kind="act"),
    Page("evaluation:answer_review", bad_rating, kind="act"),
    Page("workbench:bundles", states=(
        State("many", "window_clerk"), State("closed", "window_clerk", query="tab=done"),
        State("empty", "window_clerk", house="empty"), forbidden("citizen"),
    )),
    Page("workbench:bundle", number("bundle_outside"), states=(
        State("one", "window_clerk"), State("many", "window_clerk", args=number("bundle_running")),
        State("middle of the way", "window_clerk", args=number("bundle_asked")),
        State("closed", "window_clerk", args=number("bundle_decided")),
        State("many", "government_head", args=number("bundle_running")),
        State("middle of the way", "own_reviewer", args=number("bundle_checking")),
        State("error", "own_reviewer", args=number("bundle_checking"), fields={"say__floor-plan": ""}, status=400),
        State("one", "window_clerk", args=number("bundle_visiting")),
        State("one", "inspector", args=number("bundle_visiting")),
        missing(NO_NUMBER, "window_clerk"),
    )),
    Page("workbench:bundle_paper", both(number("bundle_asked"), idof("bundle_file")), kind="file"),
    Page("workbench:bundle_result", number("bundle_outside"), kind="act"),
    Page("workbench:bundle_subject", number("bundle_outside"), kind="act"),
    Page("workbench:bundle_acceptance", number("bundle_running"), kind="act"),
    Page("workbench:bundle_correction", number("bundle_running"), kind="act"),
    Page("workbench:bundle_extension", number("bundle_running"), kind="act"),
    Page("workbench:bundle_points", number("bundle_checking"), kind="act"),
    Page("workbench:bundle_visit", number("bundle_visiting"), kind="act"),
    Page("workbench:bundle_visit_answer", number("bundle_visiting"), kind="act"),
    Page("workbench:bundle_add_visitor", number("bundle_visiting"), kind="act"),
    Page("workbench:bundle_drop_visitor", number("bundle_visiting"), kind="act"),
    Page("workbench:findings", both(number("bundle_together"), idof("joint_visit")), states=(
        State("many", "inspector"), State("middle of the way", "window_clerk"),
        State("error", "inspector", fields={"subject": "", "amount": "二"}, status=400),
        State("closed", "inspector", args=both(number("bundle_looked"), idof("joint_looked"))),
    )),
    Page("workbench:finding_correct", both(number("bundle_together"), idof("joint_visit"), idof("finding")), states=(
        State("one", "inspector"), State("error", "inspector", fields={"reason": ""}, status=400),
        State("closed", "inspector", args=both(number("bundle_looked"), idof("joint_looked"), idof("finding_looked"))),
    )),
    Page("workbench:finding_remove", both(number("bundle_together"), idof("joint_visit"), idof("finding")), kind="act"),
    Page("workbench:finding_photo", both(number("bundle_together"), idof("joint_visit"), idof("finding")), kind="file"),
    Page("workbench:findings_sign", both(number("bundle_together"), idof("joint_visit")), states=(
        State("one", "inspector"), State("error", "inspector", fields={"officer-0": ""}, status=400),
    )),
    Page("workbench:findings_close", both(number("bundle_together"), idof("joint_visit")), states=(
        State("one", "inspector"), State("error", "inspector", fields={"party_name": ""}, status=400),
    )),
    Page("workbench:bundle_delivery", number("bundle_decided"), states=(
        State("many", "window_clerk"), State("error", "window_clerk", fields={"way": "post"}, status=409),
    )),
    Page("workbench:register_project", kind="act"),
    Page("workbench:add_stage", number("project"), kind="act"),
    Page("workbench:projects", states=(
        State("one", "window_clerk"), State("empty", "window_clerk", house="empty"),
        State("error", "window_clerk", fields={"name": "", "national_code": "", "citizen_number": ""}, status=400),
    )),
    Page("workbench:project", number("project"), states=(
        State("one", "window_clerk"), missing(NO_NUMBER, "window_clerk"),
        State("middle of the way", "window_clerk", args=number("project_under_way")),
    )),
    Page("workbench:desk", states=(
        *(State("many", "reviewer", query=f"tab={tab}") for tab in TABS),
        State("many", "own_reviewer"), State("many", "reviewer", query=f"tab=team&item={SERVICE}&step=check"),
        State("empty", "reviewer", house="empty"), State("closed", "system_officer"), forbidden("citizen"),
        forbidden("no_post"),
    )),
    Page("workbench:export", kind="act"),
    Page("workbench:phrases", states=(
        State("empty", "reviewer"), forbidden("audit_officer"),
        State("error", "reviewer", fields={"phrase": "长" * 201}, status=400),
    )),
    Page("workbench:batch_accept", states=(
        State("many", "window_clerk"), State("many", "window_clerk", query=f"item={SERVICE}"),
        State("error", "window_clerk", query=f"item={SERVICE}", fields={"stage": "check"}, status=400),
        State("empty", "reviewer", house="empty"), forbidden("audit_officer"),
    )),
    Page("workbench:batch_grant", states=(
        State("many", "own_leader"), State("many", "own_leader", query=f"item={SERVICE}"), forbidden("audit_officer"),
    )),
    Page("notifications:desk_messages", states=(
        State("many", "department_head"), State("empty", "reviewer"), forbidden("citizen"),
    )),
    Page("notifications:desk_read_all", kind="act"),
    Page("notifications:programs", states=(
        State("one", "system_officer", way=program_made), State("empty", "system_officer", house="empty"),
        State("error", "system_officer", fields={"name": ""}, status=400), forbidden("reviewer"),
    )),
    Page("notifications:program", NO_ID, states=(
        State("one", "system_officer", way=program_made), missing(NO_ID, "system_officer"),
    )),
    Page("notifications:make_key", NO_ID, kind="act"),
    Page("notifications:end_key", exactly(NOBODY, NOBODY), kind="act"),
    Page("notifications:write_template", NO_ID, kind="act"),
    Page("workbench:serve_notice", both(number("accepted"), NO_ID), states=(
        State("one", "window_clerk", way=notice_to_serve),
        State("error", "window_clerk", way=notice_to_serve, fields={"way": "post"}, status=400),
        missing(both(number("accepted"), NO_ID), "window_clerk"),
    )),
    Page("workbench:announce", both(number("accepted"), NO_ID), states=(
        State("one", "window_clerk", way=notice_to_announce), State("one", "window_clerk", way=notice_announced),
        State("error", "window_clerk", way=notice_to_announce, fields={"place": ""}, status=400),
        State("closed", "window_clerk", status=409),
    )),
    Page("workbench:withdraw_announcement", both(number("accepted"), NO_ID), kind="act"),
    Page("workbench:close_notice", both(number("accepted"), NO_ID), kind="act"),
    Page("workbench:unserved_export", kind="act"),
    Page("workbench:serve_bundle", both(number("bundle_running"), NO_ID), states=(
        State("one", "window_clerk", way=merged_notice_to_serve),
        State("error", "window_clerk", way=merged_notice_to_serve, fields={"way": "post"}, status=400),
        missing(both(number("bundle_running"), NO_ID), "window_clerk"),
    )),
    Page("workbench:announce_bundle", both(number("bundle_running"), NO_ID), states=(
        State("one", "window_clerk", way=merged_notice_to_announce),
        State("error", "window_clerk", way=merged_notice_to_announce, fields={"place": ""}, status=400),
        State("closed", "window_clerk", status=409),
    )),
    Page("workbench:withdraw_bundle_announcement", both(number("bundle_running"), NO_ID), kind="act"),
    Page("workbench:close_bundle_notice", both(number("bundle_running"), NO_ID), kind="act"),
    Page("workbench:unserved", states=(
        State("many", "window_clerk", way=papers_lying),
        State("empty", "window_clerk", house="empty"), forbidden("finance_officer"),
    )),
    Page("workbench:suspended", states=(
        State("many", "reviewer"), State("empty", "efficiency_supervisor", query="only=past"),
        State("empty", "reviewer", house="empty"), forbidden("finance_officer"),
    )),
    Page("workbench:figures", states=(
        State("many", "department_head"), State("many", "department_head", query="by=organ"),
        State("empty", "efficiency_supervisor", house="empty"), forbidden("reviewer"),
    )),
    Page("workbench:figures_export", kind="file"),
    Page("workbench:discretion_export", kind="file"),
    Page("workbench:search", states=(
        State("empty", "window_clerk"), State("empty", "reviewer", query="q=99010420200101000099"),
        State("one", "reviewer", query="q=食品经营"),
        State("error", "window_clerk", fields={"citizen_number": "123"}, status=400), forbidden("audit_officer"),
    )),
    Page("workbench:case", number("accepted"), states=(
        *(State("one", "reviewer", args=number(case)) for case in (
            "received", "correction", "accepted", "overdue", "reviewed", "suspended", "granted", "refused",
            "delivered")),
        *(State("one", "own_reviewer", args=number(case)) for case in (
            "accepted", "suspended", "returned", "consulted", "aside")),
        State("one", "own_head", args=number("aside")),
        *(State("one", who, args=number("consulted")) for who in ("inspector", "inspector_too", "own_head")),
        State("one", "inspector", args=number("accepted")),
        State("one", "own_leader", args=number("reviewed")),
        State("one", "own_checker", args=number("set_outside")),
        *(State("closed", "reviewer", args=number(case)) for case in ("withdrawn", "not_accepted", "archived")),
        State("long names", "window_clerk", args=number("rare")),
        State("closed", "reviewer", args=NO_NUMBER, status=404), forbidden("security_officer"),
    )),
    Page("workbench:file", both(number("accepted"), idof("case_file")), kind="file"),
    Page("workbench:reveal", number("accepted"), kind="leads_on"),
    Page("workbench:mark", number("accepted"), kind="leads_on"),
    Page("workbench:dossier", number("accepted"), states=(
        State("one", "reviewer"), State("closed", "reviewer", args=number("archived")), forbidden("security_officer"),
    )),
    Page("workbench:chain", number("accepted"), states=(
        *(State("one", "efficiency_supervisor", args=number(case)) for case in ("consulted", "overdue", "archived")),
        State("one", "department_head"), forbidden("reviewer"), forbidden("security_officer"),
    )),
    Page("workbench:chain_export", number("accepted"), kind="file"),
    Page("workbench:next", kind="leads_on"),
    Page("workbench:opinion", number("accepted"), kind="leads_on"),
    Page("workbench:retry_paper", both(number("received"), idof("failed_paper")), kind="act"),
    Page("workbench:accept", number("received"), states=(State("one", "reviewer"), forbidden("approver"))),
    Page("workbench:correct", number("received"), states=(
        State("many", "reviewer"), State("error", "reviewer", fields={"stage": "check"}, status=400),
    )),
    Page("workbench:refuse_acceptance", number("received"), states=(
        State("one", "reviewer"), State("error", "reviewer", fields={"reason": "", "stage": "check"}, status=400),
    )),
    Page("workbench:settle", number("received"), kind="leads_on"),  # only what is settled on the spot
    Page("workbench:pause", number("accepted"), states=(
        State("one", "own_reviewer"), State("error", "own_reviewer", fields={"reason": ""}, status=400),
        State("middle of the way", "own_reviewer", fields={
            "ground": "testing", "expected_until_year": "2099", "expected_until_month": "1",
            "expected_until_day": "5", "reason": "检测", "stage": "check"}),
        forbidden("approver"),
    )),
    Page("workbench:resume", number("suspended"), states=(
        State("one", "reviewer"), State("error", "reviewer", fields={"reason": ""}, status=400),
    )),
    Page("workbench:expect_later", number("suspended"), states=(
        State("one", "reviewer"), State("error", "reviewer", fields={"reason": ""}, status=400),
    )),
    Page("workbench:return_inside", number("reviewed"), states=(
        State("one", "own_leader"), State("error", "own_leader", fields={"reason": ""}, status=400),
    )),
    Page("workbench:arrival", number("awaiting"), states=(
        State("one", "own_reviewer"), State("error", "own_reviewer", fields={"text": ""}, status=400),
    )),
    Page("workbench:claim", number("accepted"), kind="leads_on"),
    Page("workbench:release", number("accepted"), kind="leads_on"),
    Page("workbench:release_others", number("consulted"), states=(
        State("one", "own_head"), State("error", "own_head", fields={"reason": ""}, status=400),
        State("middle of the way", "own_head", fields={"reason": "外出培训", "stage": "check"}),
        forbidden("own_reviewer"),
    )),
    *(Page(f"workbench:{deed}", number("accepted"), states=(
        State("one", "own_reviewer"), State("error", "own_reviewer", fields={"reason": ""}, status=400),
        forbidden("security_officer"),
    )) for deed in ("pass_on", "change_signers", "hold_step")),
    Page("workbench:recuse", number("accepted"), states=(
        State("one", "own_reviewer"), State("error", "own_reviewer", fields={"text": ""}, status=400),
        forbidden("security_officer"),
    )),
    Page("workbench:exclude", number("accepted"), states=(
        State("one", "own_head"), State("error", "own_head", fields={"text": ""}, status=400),
        forbidden("own_reviewer"),
    )),
    Page("workbench:reassign", number("aside"), states=(
        State("one", "own_head"), State("error", "own_head", fields={"reason": ""}, status=400),
        forbidden("own_reviewer"),
    )),
    Page("workbench:closing", states=(
        State("many", "window_clerk"), State("many", "hall_manager"), State("one", "window_clerk", query="mine=1"),
        State("empty", "window_clerk", house="empty"), forbidden("reviewer"),
    )),
    Page("workbench:closing_export", kind="act"),
    Page("workbench:hand_over", states=(
        State("many", "own_reviewer"), State("many", "own_clerk"), State("many", "next_clerk"),
        State("empty", "reviewer", house="empty"), State("error", "own_clerk", fields={"to": ""}, status=400),
        forbidden("security_officer"),
    )),
    Page("workbench:shift", number("shift"), states=(
        State("many", "own_clerk"), State("many", "next_clerk"),
        State("error", "next_clerk", fields={"answer": ""}, status=400),
        State("closed", "reviewer", status=404), forbidden("security_officer"),
    )),
    Page("workbench:shift_call_back", number("shift"), kind="act"),
    Page("workbench:discretions", states=(
        State("one", "own_checker"), State("empty", "checker", house="empty"), forbidden("reviewer"),
    )),
    Page("workbench:discretion", number("set_outside"), states=(
        State("one", "own_checker"), State("own", "own_leader"),
        State("closed", "own_checker", args=number("agreed_outside")),
        State("error", "own_checker", fields={"agrees": "no", "text": ""}, status=400), forbidden("reviewer"),
    )),
    Page("workbench:discretion_pass", number("set_outside"), states=(
        State("one", "own_checker"), State("error", "own_checker", fields={"post": ""}, status=400),
        forbidden("reviewer"),
    )),
    Page("workbench:discretion_figures", states=(
        State("many", "own_head"), State("empty", "department_head", house="empty"), forbidden("reviewer"),
    )),
    Page("workbench:recusals", states=(
        State("one", "own_head"), State("empty", "department_head", house="empty"), forbidden("reviewer"),
    )),
    Page("workbench:recusal", both(number("aside"), idof("recusal")), states=(
        State("one", "own_head"), State("closed", "own_head", args=both(number("aside"), idof("recusal_done"))),
        State("error", "own_head", fields={"stands": "no", "text": ""}, status=400), forbidden("reviewer"),
    )),
    Page("workbench:consult", number("consulted"), states=(
        State("one", "own_reviewer"), State("error", "own_reviewer", fields={"text": ""}, status=400),
        State("middle of the way", "own_reviewer", args=number("accepted"), fields={
            "post": "QXJ-01", "text": "后厨用火是否符合消防要求", "limit": "3", "waits": "wait", "stage": "check"}),
        forbidden("security_officer"),
    )),
    Page("workbench:consultations", states=(
        State("many", "asked"), State("one", "asked", query="list=done"),
        State("many", "own_reviewer", query="list=asked"), State("empty", "reviewer"), forbidden("security_officer"),
    )),
    Page("workbench:consultation", both(number("consulted"), idof("consultation")), states=(
        State("one", "asked"), State("closed", "asked", args=both(number("consulted"), idof("consultation_done"))),
        State("error", "asked", fields={"text": ""}, status=400),
        missing(both(number("consulted"), idof("consultation")), "reviewer"), forbidden("security_officer"),
    )),
    Page("workbench:consultation_file",
         both(number("consulted"), both(idof("consultation"), idof("consultation_file"))), kind="file"),
    Page("workbench:end_consultation", both(number("consulted"), idof("consultation")), states=(
        State("one", "own_reviewer"), State("error", "own_reviewer", fields={"reason": ""}, status=400),
        State("closed", "own_reviewer", args=both(number("consulted"), idof("consultation_done"))),
        forbidden("security_officer"),
    )),
    Page("workbench:take_back", number("answered"), states=(
        State("one", "own_reviewer"), State("error", "own_reviewer", fields={"reason": ""}, status=400),
        forbidden("security_officer"),
    )),
    Page("workbench:extend", number("accepted"), states=(
        State("one", "approver"), State("error", "approver", fields={"limit": "99", "reason": ""}, status=400),
        State("middle of the way", "approver", fields={"limit": "5", "reason": "再核查", "stage": "check"}),
        forbidden("reviewer"),
    )),
    Page("workbench:terminate", number("accepted"), states=(
        State("one", "approver"), State("error", "approver", fields={"reason": ""}, status=400), forbidden("reviewer"),
    )),
    Page("workbench:decide", number("reviewed"), states=(
        State("one", "own_leader"), State("error", "own_leader", fields={"reasons": ""}, status=400),
        State("one", "own_leader", args=number("to_set")),
        State("error", "own_leader", args=number("to_set"), fields={
            "outcome": "granted", "value": "9", "value_2": "0.005"}, status=400),
        State("middle of the way", "own_leader", args=number("to_set"), fields={
            "outcome": "granted", "value": "4", "why": "只经营到第四年年底，申请人要求", "value_2": "800.50",
            "stage": "check"}),
    )),
    Page("workbench:deliver", number("granted"), states=(
        State("one", "window_clerk"), State("error", "window_clerk", fields={"way": "post"}, status=400),
        State("middle of the way", "window_clerk", args=number("arrived")),
    )),
    Page("workbench:paper", states=(
        State("many", "window_clerk"), State("many", "signer"), State("empty", "reviewer", house="empty"),
        State("error", "window_clerk", fields={"department": ""}, status=400), forbidden("approver"),
    )),
    Page("workbench:paper_find", kind="act"),
    Page("workbench:paper_export", kind="act"),
    Page("workbench:paper_slip", number("slip_accepted"), states=(
        State("one", "window_clerk"), State("middle of the way", "signer"),
        State("error", "signer", fields={"key": ""}, status=400),
        State("closed", "window_clerk", args=number("slip_visit")),
        State("closed", "reviewer", status=404), forbidden("approver"),
    )),
    Page("workbench:paper_call_back", number("slip_accepted"), kind="act"),
    Page("workbench:paper_case", number("visit"), states=(
        State("many", "window_clerk"), State("empty", "window_clerk", args=number("received")),
        State("error", "window_clerk", fields={"copy_0": "99"}, status=400), forbidden("approver"),
    )),
    Page("workbench:paper_file", number("visit"), kind="act"),
    Page("workbench:paper_return", number("visit"), states=(
        State("one", "window_clerk"), State("error", "window_clerk", fields={"receiver": ""}, status=400),
        forbidden("approver"),
    )),
    Page("workbench:counter_arrived", kind="act"),
    Page("workbench:counter_export", kind="act"),
    Page("workbench:counter_take_back", number("arrived"), kind="act"),
    Page("workbench:counter", states=(
        State("many", "window_clerk"), State("many", "window_clerk", query="list=here"),
        State("empty", "window_clerk", query="list=longest"),
        State("empty", "window_clerk", house="empty"), forbidden("reviewer"),
        State("error", "window_clerk", fields={"number": ""}, status=400),
    )),
    Page("workbench:after_check", both(number("promised"), idof("after_check")), states=(
        State("one", "reviewer"), State("error", "reviewer", fields={"finding": "kept"}, status=400),
        forbidden("citizen"),
    )),
    Page("workbench:archive", number("delivered"), states=(State("one", "reviewer"),)),
    Page("workbench:window", states=(
        State("one", "window_clerk"), State("error", "window_clerk", fields={"number": "12"}, status=400),
        forbidden("reviewer"),
    )),
    Page("workbench:window_register", kind="act"),
    Page("workbench:window_person", states=(
        State("empty", "window_clerk", way=at_window),
        State("one", "window_clerk", way=at_window, query="item=食品"),
        State("empty", "window_clerk", way=at_window, query="item=没有"),
        State("many", "window_clerk", way=with_a_draft),
    )),
    Page("workbench:window_bundle_start", exactly(BUNDLE), states=(
        State("one", "window_clerk", way=at_window),
        State("error", "window_clerk", way=at_window, fields={"subject": "person"}, status=400),
    )),
    Page("workbench:window_bundle_draft", idof("bundle_begun"), kind="leads_on"),
    Page("workbench:window_bundle_page", both(idof("bundle_begun"), exactly(1)), states=(
        State("one", "window_clerk", way=bundle_at_window("page/1/")),
        State("error", "window_clerk", way=bundle_at_window("page/1/"), fields={"shop_name": ""}, status=400),
    )),
    Page("workbench:window_bundle_materials", idof("bundle_begun"), states=(
        State("many", "window_clerk", way=bundle_at_window("materials/")),
    )),
    Page("workbench:window_bundle_check", idof("bundle_begun"), states=(
        State("error", "window_clerk", way=bundle_at_window("check/")),
    )),
    Page("workbench:window_bundle_filed", number("bundle_outside"), kind="leads_on"),
    Page("workbench:window_bundle_bring", number("bundle_asked"), kind="leads_on"),
    Page("workbench:window_take_over", kind="act"),
    Page("workbench:window_check_in", idof("booking_id"), kind="act"),
    Page("workbench:window_finish", kind="act"),
    Page("workbench:window_start", exactly(SERVICE, "01"), states=(
        State("one", "window_clerk", way=at_window),
        State("error", "window_clerk", way=at_window, fields={"subject": "person"}, status=400),
    )),
    Page("workbench:window_draft", idof("draft"), kind="leads_on"),
    Page("workbench:window_page", both(idof("draft"), exactly(1)), states=(
        State("empty", "window_clerk", way=at_window_with("page/1/")),
        State("error", "window_clerk", way=at_window_with("page/1/"), fields={"area_m2": "大"}, status=400),
    )),
    Page("workbench:window_materials", idof("draft"), states=(
        State("many", "window_clerk", way=at_window_with("materials/", until="fill")),
        State("error", "window_clerk", way=at_window_with("materials/", until="fill"),
              fields={"copies-floor-plan": "0"}, status=400),
    )),
    Page("workbench:window_check", idof("draft"), states=(
        State("one", "window_clerk", way=at_window_with("check/", until="originals")),
        State("error", "window_clerk", way=at_window_with("check/")),
    )),
    Page("workbench:window_filed", number("received"), states=(
        State("one", "window_clerk", way=at_window_with("", until="file")),
    )),
    Page("workbench:window_bring", number("correction"), states=(
        State("one", "window_clerk", way=brought_to_window),
    )),
    Page("workbench:visits", states=(
        State("one", "inspector"), State("empty", "reviewer"), State("many", "reviewer", query="whose=all"),
        forbidden("approver"),
    )),
    Page("workbench:visit_plan", both(number("accepted"), idof("visit_task")), states=(
        State("one", "inspector"), State("error", "inspector", fields={"place": ""}, status=400),
        forbidden("window_clerk"),
    )),
    Page("workbench:visit", both(number("visit"), idof("visit")), states=(
        State("one", "inspector"),
        State("middle of the way", "inspector", args=both(number("visit_noted"), idof("visit_noted"))),
    )),
    Page("workbench:visit_move", both(number("visit"), idof("visit")), states=(
        State("one", "inspector"), State("error", "inspector", fields={"reason": ""}, status=400),
    )),
    Page("workbench:visit_sign", both(number("visit"), idof("visit")), states=(
        State("one", "inspector"), State("error", "inspector", fields={"party_name": ""}, status=400),
    )),
    Page("workbench:visit_photos", both(number("visit"), idof("visit")), kind="act"),
    Page("workbench:visit_photo", both(number("visit"), idof("visit"), idof("visit_photo")), kind="file"),
    Page("workbench:visit_remove_photo", both(number("visit"), idof("visit"), idof("visit_photo")), kind="act"),
    Page("upkeep:notices", states=(
        State("many", "system_officer", way=notices_written), State("empty", "system_officer", house="empty"),
        forbidden("reviewer"),
    )),
    Page("upkeep:announce", states=(
        State("one", "system_officer"), State("error", "system_officer", fields={"text": ""}, status=400),
        forbidden("security_officer"),
    )),
    Page("upkeep:withdraw", NO_ID, kind="act"),
    Page("upkeep:plan", states=(
        State("one", "system_officer"), State("error", "system_officer", fields={"reason": ""}, status=400),
    )),
    Page("upkeep:prolong", NO_ID, states=(
        State("one", "system_officer", way=stop_planned), missing(NO_ID, "system_officer"),
    )),
    Page("upkeep:end", NO_ID, kind="act"),
    Page("workbench:kept", states=(
        State("one", "system_officer"), State("empty", "system_officer", house="empty"), forbidden("reviewer"),
    )),
    Page("workbench:health", states=(
        State("many", "system_officer"), State("empty", "system_officer", house="empty"), forbidden("reviewer"),
    )),
    Page("workbench:retry", kind="act"),
    Page("workbench:seals", states=(
        State("many", "system_officer"), State("many", "security_officer"),
        State("empty", "system_officer", house="empty"), forbidden("reviewer"),
    )),
    Page("workbench:provide_seal", kind="act"),
    Page("workbench:audit", states=(
        State("empty", "audit_officer"), State("many", "audit_officer", query="action=case.file"),
        forbidden("system_officer"),
    )),
    Page("workbench:audit_reads", states=(
        State("empty", "audit_officer"), State("many", "audit_officer", way=files_opened(to_auditor=True)),
        State("closed", "audit_officer", query="q=没有", status=404), forbidden("system_officer"),
    )),
    Page("workbench:audit_export", kind="act"),
    Page("workbench:receipt", lambda stage: (stage.cases["accepted"],), kind="file"),
    Page("demo_codes", states=(State("many"),)),
)  # fmt: skip
