"""Applying and following: services, bundles, projects."""

from tests.pages.made import (
    BUNDLE,
    BUNDLE_SITUATION,
    SERVICE,
    SITUATION,
    Page,
    State,
)
from tests.pages.ways import (
    NO_ID,
    NO_NUMBER,
    begun_unknown,
    both,
    bundle_begun_unknown,
    bundle_code_given,
    exactly,
    files_opened,
    forbidden,
    idof,
    missing,
    number,
    query_code_given,
)

APPLYING = (
    Page("cases:start", exactly(SERVICE), states=(
        State("one"), State("middle of the way", query="subject=person&open_fire=no"),
        State("error", query="_asked=subject", status=400), State("one", query="_handling=02"),
        State("one", "citizen", query="_handling=02"), State("empty", "newcomer", query="_handling=03"),
        State("error", "citizen", query="_handling=03&_certificate=NONE", status=400),
        State("closed", query="subject=person&open_fire=yes&above_homes=yes"), missing(exactly("NONE")),
        State("English"), State("English", query="_handling=02"),
        State("English", query="subject=person&open_fire=yes&above_homes=yes"),
    )),
    Page("cases:result", exactly(SERVICE), states=(State("many", query=SITUATION), State("English", query=SITUATION),)),
    Page("cases:paper_form", exactly(SERVICE), states=(
        State("many", query="_handling=01&sample=1"), State("empty", query="_handling=01"), missing(exactly("NONE")),
        State("English", query="_handling=01&sample=1"),
    )),
    Page("cases:material_form", exactly(SERVICE, "safety-rules"), states=(
        State("one", query="_handling=01"), State("one", query="_handling=01&sample=1"),
        State("one", args=exactly(SERVICE, "floor-plan"), query="_handling=01&sample=1"),
        State("closed", args=exactly(SERVICE, "floor-plan"), query="_handling=01", status=404),
        State("English", query="_handling=01"), State("English", query="_handling=01&sample=1"),
    )),
    Page("cases:material_form_file", exactly(SERVICE, "safety-rules"), kind="file"),
    Page("cases:begin", exactly(SERVICE), kind="act"),
    Page("cases:resume", states=(State("one"), State("error", fields={"code": "AAAA"}, status=404))),
    Page("cases:resume_link", exactly("AAAABBBBCCCC"), states=(State("one"), State("English"),)),
    Page("cases:draft", idof("draft"), states=(
        State("many", "citizen"), State("empty", "citizen", args=idof("begun")), State("empty", way=begun_unknown),
        State("closed", status=404), missing(NO_ID, "citizen"), State("English", way=begun_unknown),
    )),
    Page("cases:form_page", both(idof("draft"), exactly(1)), states=(
        State("one", "citizen"), State("empty", "citizen", args=both(idof("begun"), exactly(1))),
        State("error", "citizen", args=both(idof("begun_wrong"), exactly(1)), fields={"area_m2": "一百二"}, status=400),
        State("closed", status=404), State("English", "citizen"),
    )),
    Page("cases:autosave", both(idof("draft"), exactly(1)), kind="act"),
    Page("cases:material", both(idof("draft"), exactly("floor-plan")), states=(
        State("one", "citizen"), State("empty", "citizen", args=both(idof("begun"), exactly("floor-plan"))),
        *(State("one", "citizen", args=both(idof("signed"), exactly(code))) for code in ("floor-plan", "safety-rules")),
        *(State("empty", "citizen", args=both(idof("begun"), exactly(code)))
          for code in ("business-licence", "safety-rules")),
        State("error", "citizen", args=both(idof("begun"), exactly("safety-rules")),
              fields={"kind": "promise", "name": ""}, status=400),
        State("closed", status=404), State("English", "citizen"),
        State("English", "citizen", args=both(idof("begun"), exactly("safety-rules"))),
    )),
    Page("cases:draft_file", both(idof("draft"), idof("draft_file")), kind="file"),
    Page("cases:remove_file", both(idof("draft"), idof("draft_file")), states=(State("one", "citizen"),)),
    Page("cases:party", idof("draft"), states=(
        State("one", "citizen"),
        State("error", "citizen", args=idof("begun_wrong"), fields={"whose": "firm"}, status=400),
        missing(NO_ID, "citizen"),
    )),
    Page("cases:check", idof("draft"), states=(
        State("one", "citizen"), State("empty", "citizen", args=idof("begun")),
        State("error", "citizen", fields={"version": "1"}, status=400), missing(NO_ID, "citizen"),
        State("English", "citizen"), State("English", "citizen", args=idof("begun")),
    )),
)  # fmt: skip

FOLLOWING = (
    Page("cases:done", number("received"), states=(
        State("one", "citizen"), State("English", "citizen"), missing(NO_NUMBER, "citizen"),
    )),
    Page("cases:progress", number("accepted"), states=(
        *(State("one", "citizen", args=number(case)) for case in (
            "received", "correction", "accepted", "owing", "overdue", "reviewed", "granted", "refused", "delivered",
            "arrived", "to_send", "sent")),
        *(State("closed", "citizen", args=number(case)) for case in ("withdrawn", "not_accepted", "archived")),
        State("long names", "rare", args=number("rare")),
        State("closed", "newcomer", status=404), forbidden("reviewer"),
        *(State("English", "citizen", args=number(case)) for case in (
            "accepted", "correction", "delivered", "refused", "sent")),
    )),
    Page("cases:ledger_receipt", number("accepted"), kind="file"),
    Page("cases:correction", number("correction"), states=(
        State("many", "citizen"), State("error", "citizen", fields={"key": ""}, status=400),
        State("English", "citizen"), State("error", "citizen", fields={"area_m2": "很大"}, status=400),
    )),
    Page("cases:correction_upload", both(number("correction"), exactly("floor-plan")), kind="act"),
    Page("cases:correction_remove", both(number("correction"), idof("correction_file")), states=(
        State("one", "citizen"),
    )),
    Page("cases:owed", number("owing"), states=(
        State("one", "citizen"), State("error", "citizen", fields={"key": ""}, status=400),
        missing(NO_NUMBER, "citizen"),
    )),
    Page("cases:owed_upload", both(number("owing"), exactly("floor-plan")), kind="act"),
    Page("cases:owed_remove", both(number("owing"), idof("owed_file")), states=(State("one", "citizen"),)),
    Page("cases:delivery", number("accepted"), states=(
        State("one", "citizen"), State("error", "citizen", fields={"key": ""}, status=400),
        missing(NO_NUMBER, "citizen"),
    )),
    Page("cases:new_date", both(number("visit"), idof("visit")), states=(
        State("one", "citizen"), State("error", "citizen", fields={"reason": ""}, status=400),
    )),
    Page("cases:withdraw", number("accepted"), states=(State("one", "citizen"), State("English", "citizen"))),
    Page("cases:file", both(number("accepted"), idof("case_file")), kind="file"),
    Page("cases:readers", number("accepted"), states=(
        State("many", "citizen", way=files_opened(to_auditor=False)), State("English", "citizen"),
        State("empty", "citizen", args=number("received")), forbidden("reviewer"), missing(NO_NUMBER, "citizen"),
    )),
    Page("cases:own_materials", states=(
        State("many", "citizen"), State("English", "citizen"), State("empty", "newcomer"), forbidden("reviewer"),
    )),
    # what could not be done (办不成事反映)
    Page("assist:new", states=(
        State("one"), State("many", "citizen"), State("English", "citizen"), State("English"),
        State("error", fields={"text": "说不清"}, status=400), State("empty", house="empty"),
    )),
    Page("assist:look", states=(State("one"), State("error", fields={"number": "BC1", "code": "A"}, status=404),
        State("English"),
    )),
    Page("assist:stuck", number("stuck"), states=(
        State("one", "citizen"), State("closed", "citizen", args=number("stuck_answered")),
        State("error", "citizen", args=number("stuck_answered"), fields={"key": ""}, status=400),
        State("English", "citizen", args=number("stuck_answered")), missing(exactly("BC1"), "citizen"),
    )),
    Page("assist:figures", states=(State("many"), State("empty", house="empty"), State("English"))),
    # help near home (就近办理, 上门服务, 代办)
    Page("outreach:points", states=(
        State("many"), State("one", query="street=990104001000"), State("English"), State("empty", house="empty"),
    )),
    Page("outreach:ask", states=(
        State("one"), State("many", "citizen"), State("error", "citizen", fields={"about": ""}, status=400),
        State("English", "citizen"), State("English"), State("empty", "newcomer"),
    )),
    Page("outreach:own_visit", number("home_visit_planned"), states=(
        State("one", "citizen"), State("closed", "citizen", args=number("home_visit_done")),
        State("English", "citizen"), missing(exactly("SM1"), "citizen"),
    )),
    Page("outreach:own_errands", states=(
        State("many", "helped"), State("English", "helped"), State("empty", "newcomer"), forbidden("reviewer"),
    )),
    Page("outreach:own_errand", number("errand_filed"), states=(
        State("one", "helped"), State("English", "helped"), missing(exactly("DB1"), "citizen"),
    )),
    Page("outreach:own_signature", both(number("errand_filed"), idof("errand_signature")), kind="file"),
    # many applications at once (批量申报)
    Page("cases:many", states=(
        State("many", "bulk"), State("empty", "newcomer", query="q=没有这样的事"), forbidden("reviewer"),
        State("English", "bulk"),
    )),
    Page("cases:many_prepare", exactly(SERVICE, "01"), states=(
        State("one", "bulk"), State("error", "bulk", fields={"key": ""}, status=400),
        missing(exactly("NONE", "01"), "bulk"), State("English", "bulk"),
    )),
    Page("cases:many_template", exactly(SERVICE, "01"), kind="file"),
    Page("cases:many_batch", idof("many_checked"), states=(
        State("many", "bulk"), State("closed", "bulk", args=idof("many_filed")),
        State("middle of the way", "bulk", args=idof("many_checking")), State("English", "bulk"),
        State("error", "bulk", fields={"delivery": "electronic"}, status=400), missing(NO_ID, "bulk"),
        forbidden("reviewer"),
    )),
    Page("cases:many_pay", idof("many_filed"), kind="act"),
    Page("cases:many_leave", idof("many_checked"), kind="act"),
    Page("cases:many_wrong", idof("many_checked"), kind="file"),
    Page("cases:many_printed", idof("many_filed"), states=(
        State("many", "bulk"), State("empty", "bulk", args=idof("many_checked")), State("English", "bulk"),
    )),
    Page("cases:many_listed", idof("many_filed"), kind="file"),
    # bundles (一件事) and projects
    Page("bundles:start", exactly(BUNDLE), states=(
        State("one"), State("error", query="_asked=subject", status=400),
        State("closed", args=exactly("NONE"), status=404),
    )),
    Page("bundles:result", exactly(BUNDLE), states=(
        State("many", query=BUNDLE_SITUATION), State("many", "citizen", query=BUNDLE_SITUATION),
        State("closed", query=BUNDLE_SITUATION.replace("outlet=sewer", "outlet=rain")),
        State("English", query=BUNDLE_SITUATION),
        # a stage: under which of one's projects it is asked for
        State("one", "citizen", args=exactly("QH-STAGE"), query=BUNDLE_SITUATION),
        State("error", "citizen", args=exactly("QH-STAGE"), query=BUNDLE_SITUATION + "&_project=none"),
    )),
    Page("bundles:begin", exactly(BUNDLE), kind="act"),
    Page("bundles:draft", idof("bundle_draft"), states=(
        State("many", "citizen"), State("empty", way=bundle_begun_unknown()), State("closed", status=404),
        missing(NO_ID, "citizen"), State("English", way=bundle_begun_unknown()),
    )),
    Page("bundles:form_page", both(idof("bundle_draft"), exactly(1)), states=(
        State("many", "citizen"), State("error", "citizen", fields={"shop_name": ""}, status=400),
        State("empty", way=bundle_begun_unknown("page/1/")),
    )),
    Page("bundles:autosave", both(idof("bundle_draft"), exactly(1)), kind="act"),
    Page("bundles:materials", idof("bundle_draft"), states=(
        State("many", "citizen"), State("empty", "citizen", args=idof("bundle_begun")),
        State("error", "citizen", fields={"_end": "1"}, status=400), State("English", "citizen"),
        State("empty", way=bundle_begun_unknown("materials/")),
    )),
    Page("bundles:material", both(idof("bundle_begun"), exactly("food--safety-rules")), states=(
        State("empty", "citizen"),
        State("one", "citizen", args=both(idof("bundle_draft"), exactly("food--floor-plan"))),
        State("error", "citizen", fields={"act": "sign", "kind": "promise", "name": ""}, status=400),
    )),
    Page("bundles:draft_file", both(idof("bundle_draft"), idof("bundle_draft_file")), kind="file"),
    Page("bundles:remove_file", both(idof("bundle_draft"), idof("bundle_draft_file")), states=(
        State("one", "citizen"),
    )),
    Page("bundles:check", idof("bundle_draft"), states=(
        State("many", "citizen"), State("error", "citizen", args=idof("bundle_begun")), State("English", "citizen"),
    )),
    Page("bundles:done", number("bundle_outside"), states=(State("one", "citizen"), missing(NO_NUMBER, "citizen"))),
    Page("bundles:progress", number("bundle_running"), states=(
        State("many", "citizen"), State("middle of the way", "citizen", args=number("bundle_asked")),
        State("empty", "citizen", args=number("bundle_outside")),
        State("one", "citizen", args=number("bundle_owing")),
        State("closed", "citizen", args=number("bundle_ended")), missing(NO_NUMBER, "citizen"),
        State("middle of the way", "citizen", args=number("stage_under_way")),
        State("many", "citizen", args=number("bundle_looked")),
        State("English", "citizen", args=number("bundle_looked")),
        State("English", "citizen"),
    )),
    Page("bundles:public_progress", number("bundle_running"), states=(State("one", way=bundle_code_given),)),
    Page("bundles:file", both(number("bundle_asked"), idof("bundle_file")), kind="file"),
    Page("bundles:correction", number("bundle_asked"), states=(
        State("one", "citizen"), State("error", "citizen", fields={"act": "", "key": "", "_end": "1"}, status=400),
        State("English", "citizen"),
        State("error", "citizen", fields={"act": "answers", "shop_name": "", "_end": "1"}, status=400),
    )),
    Page("bundles:correction_remove", both(number("bundle_asked"), idof("bundle_file")), states=(
        State("one", "citizen"),
    )),
    Page("bundles:delivery", number("bundle_running"), states=(
        State("one", "citizen"), State("error", "citizen", fields={"delivery": "post", "address": ""}, status=400),
        State("English", "citizen"), missing(NO_NUMBER, "citizen"),
    )),
    Page("bundles:withdraw", number("bundle_running"), states=(State("one", "citizen"),)),
    Page("bundles:project", number("project"), states=(
        State("one", "citizen"), State("middle of the way", "citizen", args=number("project_under_way")),
        missing(NO_NUMBER, "citizen"),
    )),
    Page("cases:query", states=(
        State("empty"), State("error", fields={"number": "99010420200101000099", "code": "AAAAAA"}, status=404),
        State("English", fields={"number": "99010420200101000099", "code": "AAAAAA"}, status=404),
    )),
    Page("cases:public_progress", number("accepted"), states=(State("one", way=query_code_given),)),
    Page("cases:public_receipt", number("accepted"), kind="file"),
    Page("voice:mine", states=(
        State("many", "citizen"), State("empty", "newcomer"), forbidden("reviewer"), State("English", "citizen"),
    )),
    Page("voice:new", states=(
        State("one", "citizen"), State("one", "citizen", query=f"item={SERVICE}"), State("English", "citizen"),
        State("error", "citizen", fields={"text": ""}, status=400),
        State("closed", "citizen", query="item=NONE", status=404),
    )),
    Page("voice:ticket", number("ticket"), states=(
        State("one", "citizen"), State("one", "citizen", args=number("ticket_answered")),
        State("error", "citizen", args=number("ticket_answered"), fields={"settled": ""}, status=400),
        State("English", "citizen", args=number("ticket_answered")), State("closed", "newcomer", status=404),
    )),
    Page("evaluation:rate", number("delivered"), states=(State("English", "citizen"),
        State("empty", "citizen"), State("error", "citizen", fields={"text": "很" * 501}, status=400),
        State("one", "citizen", args=number("rated")), State("closed", "citizen", args=number("received")),
        State("English", "citizen", args=number("rated")), forbidden("department_head"),
    )),
    Page("evaluation:say_mistaken", number("rated"), kind="act"),
)  # fmt: skip
