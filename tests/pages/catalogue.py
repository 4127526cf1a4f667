"""Items, lists, imports and their review."""

from mingqu.config.demo.district import form_files
from tests.pages.made import (
    SERVICE,
    Page,
    State,
)
from tests.pages.ways import (
    NO_ID,
    asked_in_vain,
    both,
    exactly,
    forbidden,
    idof,
    missing,
)

CATALOGUE = (
    Page("workbench:outside_lists", states=(
        State("one", "list_editor"), State("one", "list_reviewer", query="since=2020-01-01"),
        State("empty", "list_editor", query="since=2099-01-01"), forbidden("reviewer"),
    )),
    Page("catalogue:duties", states=(
        State("many", "list_editor"), State("one", "efficiency_supervisor", query="which=late"),
        State("empty", "catalogue_editor", house="empty"), forbidden("reviewer"),
    )),
    Page("catalogue:new_duty", states=(
        State("empty", "list_editor"), State("error", "list_editor", fields={"name": ""}, status=400),
        forbidden("list_reviewer"),
    )),
    Page("catalogue:duty", idof("duty"), states=(
        State("one", "department_head"), State("error", "department_head", fields={"deed": "record"}, status=400),
        State("one", "list_editor"), missing(NO_ID, "list_editor"),
    )),
    Page("catalogue:editions", states=(
        State("many", "list_editor"), State("many", "list_reviewer", query="state=open"),
        State("empty", "catalogue_editor"), forbidden("reviewer"),
    )),
    Page("catalogue:new_edition", states=(
        State("empty", "list_editor"), forbidden("list_reviewer"),
        State("error", "list_editor", fields={"kind": "power", "region_code": "1"}, status=400),
    )),
    Page("catalogue:list_template", exactly("power"), kind="file"),
    Page("catalogue:list_items", states=(
        State("empty", "list_editor"), State("one", "list_editor", query="standing=unused"),
        State("many", "list_editor", query="standing=missing"), State("one", "list_editor", query="standing=linked"),
    )),
    Page("catalogue:edition", idof("edition"), states=(
        State("many", "list_editor"), State("one", "list_reviewer", args=idof("edition_submitted")),
        missing(NO_ID, "list_editor"), missing(idof("edition"), "catalogue_editor"),
    )),
    Page("catalogue:edition_file", idof("edition"), kind="file"),
    Page("catalogue:edition_act", idof("edition"), kind="act"),
    Page("catalogue:new_entry", idof("edition"), states=(
        State("empty", "list_editor"), State("error", "list_editor", fields={"name": ""}, status=400),
    )),
    Page("catalogue:entry", lambda stage: (stage.ids["edition"], stage.ids["list_entry"]), states=(
        State("one", "list_editor"),
    )),
    Page("catalogue:items", states=(
        State("many", "catalogue_editor"), State("one", "catalogue_reviewer", query="q=食品"),
        State("empty", "catalogue_editor", house="empty"), State("empty", "reviewer", query="offer=withdrawn"),
        forbidden("citizen"),
    )),
    Page("catalogue:affected", states=(
        State("many", "law_officer"), State("many", "law_officer", query="show=all"), forbidden("reviewer"),
        State("empty", "law_officer", house="empty"), State("empty", "catalogue_editor", query="law=没有&show=all"),
        State("many", "law_officer", query="law=行政许可法&article=42"),
    )),
    Page("catalogue:affected_table", kind="file"),
    Page("catalogue:changes", states=(
        State("empty", "catalogue_editor", house="empty"), State("many", "catalogue_reviewer"),
        forbidden("citizen"),
    )),
    Page("catalogue:new_change", states=(
        State("empty", "catalogue_editor"), forbidden("catalogue_reviewer"),
        State("many", "catalogue_editor", query="field=consult&before=&after=0000-1"),
        State("error", "catalogue_editor", query="field=consult&after=", status=400),
    )),
    Page("catalogue:change", idof("batch_change"), states=(
        State("one", "catalogue_editor"), State("one", "catalogue_reviewer"), missing(NO_ID, "catalogue_editor"),
        forbidden("citizen"),
    )),
    Page("catalogue:change_act", idof("batch_change"), kind="act"),
    Page("catalogue:doubtful", states=(
        State("many", "catalogue_editor"), State("empty", "catalogue_editor", query="rule=vague_material"),
        forbidden("citizen"),
    )),
    Page("catalogue:doubtful_table", kind="file"),
    Page("catalogue:sayings", states=(
        State("many", "catalogue_editor", way=asked_in_vain), State("one", "catalogue_editor", query="q=结婚证"),
        State("error", "catalogue_editor", fields={"everyday": "x", "official": "；"}, status=400),
        State("empty", "catalogue_reviewer", query="q=没有这样的"), forbidden("citizen"),
    )),
    Page("catalogue:keep_saying", kind="act"),
    Page("catalogue:switch_saying", kind="act"),
    Page("catalogue:sayings_table", kind="file"),
    Page("catalogue:item", exactly(SERVICE), states=(
        State("one", "catalogue_editor"), State("one", "catalogue_reviewer", args=exactly("QH-JDCX")),
        missing(exactly("NONE"), "catalogue_editor"),
    )),
    Page("catalogue:revision", exactly(SERVICE, 1), states=(State("one", "catalogue_editor"),)),
    Page("catalogue:compare", exactly(SERVICE), states=(
        State("empty", "catalogue_editor"), State("many", "catalogue_editor", args=exactly("QH-JDCX")),
    )),
    Page("catalogue:download", exactly(SERVICE, 1, "yaml"), kind="file"),
    Page("catalogue:withdraw", exactly(SERVICE), states=(
        State("one", "catalogue_reviewer"), forbidden("catalogue_editor"),
        State("error", "catalogue_reviewer", fields={"reason": ""}, status=400),
    )),
    Page("catalogue:drafts", states=(
        State("one", "catalogue_editor"), State("empty", "catalogue_reviewer", house="empty"),
        State("empty", "reviewer"),
    )),
    Page("catalogue:new_draft", states=(
        State("empty", "catalogue_editor"), State("one", "catalogue_editor", query=f"item={SERVICE}"),
        State("error", "catalogue_editor", fields={"text": "a: [1"}, status=400), forbidden("catalogue_reviewer"),
    )),
    Page("catalogue:draft", idof("definition_draft"), states=(
        State("many", "catalogue_editor"), State("one", "catalogue_reviewer", args=idof("definition_submitted")),
        missing(NO_ID, "catalogue_editor"),
    )),
    Page("catalogue:edit_draft", idof("definition_draft"), states=(State("one", "catalogue_editor"),)),
    Page("catalogue:draft_part", both(idof("definition_draft"), exactly("0-steps")), states=(
        State("many", "catalogue_editor"), State("one", "catalogue_reviewer"),
        State("many", "catalogue_editor", args=both(idof("definition_draft"), exactly("0-materials"))),
        State("one", "catalogue_editor", args=both(idof("definition_draft"), exactly("item"))),
        State("error", "catalogue_editor", fields={"handling[0].steps[0].limit": "三天"}, status=400),
        State("closed", "catalogue_editor", args=both(idof("definition_submitted"), exactly("item"))),
        State("many", "catalogue_editor", args=both(idof("definition_draft"), exactly("0-form"))),
        State("one", "catalogue_editor", args=both(idof("definition_draft"), exactly("0-scenarios"))),
        State("many", "catalogue_editor", args=both(idof("definition_draft"), exactly("0-discretion"))),
        missing(both(idof("definition_draft"), exactly("9-steps")), "catalogue_editor"), forbidden("citizen"),
    )),
    Page("portal:guide_preview", idof("definition_draft"), states=(
        State("one", "catalogue_editor"), missing(NO_ID, "catalogue_editor"), forbidden("citizen"),
        State("error", "catalogue_reviewer", args=idof("definition_submitted"), status=409),
    )),
    Page("cases:preview_start", idof("definition_draft"), states=(
        State("one", "catalogue_editor"), State("many", "catalogue_editor", query="_handling=01"),
        missing(NO_ID, "catalogue_editor"), forbidden("citizen"),
    )),
    Page("cases:preview_result", idof("definition_draft"), states=(
        State("many", "catalogue_editor",
              query="_handling=01&subject=person&open_fire=no&above_homes=no&foods=hot"),
        missing(NO_ID, "catalogue_editor"), forbidden("citizen"),
    )),
    Page("cases:preview_form", idof("definition_draft"), kind="act"),
    Page("workbench:window_preview", idof("definition_draft"), states=(
        State("many", "catalogue_editor"),
        State("one", "catalogue_editor",
              query="_handling=01&_asked=1&subject=person&open_fire=no&above_homes=no&foods=hot"),
        State("error", "catalogue_editor", fields={"subject": ""}, status=400),
        missing(NO_ID, "catalogue_editor"), forbidden("citizen"),
    )),
    Page("catalogue:draft_tables", idof("definition_draft"), states=(
        State("one", "catalogue_editor"), State("closed", "catalogue_reviewer"),
        State("error", "catalogue_editor", fields={"deed": "read"}, status=400),
        missing(NO_ID, "catalogue_editor"), forbidden("citizen"),
    )),
    Page("catalogue:draft_workbook", idof("definition_draft"), kind="file"),
    Page("catalogue:draft_flow", both(idof("definition_draft"), exactly(0)), states=(
        State("one", "catalogue_editor"), State("closed", "catalogue_reviewer"),
        State("error", "catalogue_editor", fields={"xml": "<x"}, status=400),
        missing(both(idof("definition_draft"), exactly(9)), "catalogue_editor"), forbidden("citizen"),
    )),
    Page("catalogue:draft_decisions", both(idof("definition_draft"), exactly(0)), states=(
        State("one", "catalogue_editor"), State("closed", "catalogue_reviewer"),
        missing(both(idof("definition_draft"), exactly(9)), "catalogue_editor"), forbidden("citizen"),
    )),
    Page("catalogue:draft_decision", both(idof("definition_draft"), exactly(0, "eligibility")), states=(
        State("one", "catalogue_editor"), State("closed", "catalogue_reviewer"),
        State("error", "catalogue_editor", fields={"xml": "<x"}, status=400),
        missing(both(idof("definition_draft"), exactly(0, "fee-9")), "catalogue_editor"), forbidden("citizen"),
    )),
    Page("catalogue:draft_flow_file", both(idof("definition_draft"), exactly(0)), kind="file"),
    Page("catalogue:begin_draft", states=(
        State("empty", "catalogue_editor"), forbidden("catalogue_reviewer"),
        State("error", "catalogue_editor", fields={"name": ""}, status=400),
    )),
    Page("catalogue:revise_draft", exactly(SERVICE), kind="act"),
    Page("catalogue:draft_say", idof("definition_draft"), kind="act"),
    Page("catalogue:draft_settle", both(idof("definition_draft"), NO_ID), kind="act"),
    Page("catalogue:draft_step", idof("definition_draft"), kind="act"),
    Page("catalogue:act", idof("definition_draft"), kind="act"),
    Page("catalogue:draft_forms", idof("definition_draft"), states=(
        State("many", "catalogue_editor"), State("empty", "catalogue_reviewer", args=idof("definition_submitted")),
        missing(NO_ID, "catalogue_editor"),
    )),
    Page("catalogue:draft_form", both(idof("definition_draft"), exactly("01", "safety-rules")), states=(
        State("many", "catalogue_editor"),
        State("empty", "catalogue_editor", args=both(idof("definition_draft"), exactly("01", "business-licence"))),
        State("one", "catalogue_editor", args=both(idof("definition_draft"), exactly("01", "floor-plan"))),
        State("error", "catalogue_editor", fields={"title": "", "text": "{店名"}, status=400),
        missing(both(idof("definition_draft"), exactly("01", "none")), "catalogue_editor"),
    )),
    Page("catalogue:draft_form_file", both(idof("definition_draft"), exactly(next(iter(form_files())))), kind="file"),
    Page("catalogue:imports", states=(
        State("many", "list_editor"), State("empty", "catalogue_editor", house="empty"),
        State("error", "catalogue_editor", fields={"region": ""}, status=400), forbidden("reviewer"),
    )),
    Page("catalogue:import_batch", idof("items_batch"), states=(
        State("many", "list_editor"),
        State("one", "list_editor", query="finding=key_doubled"),
        State("empty", "list_editor", query="after=9999"),
        State("middle of the way", "list_editor", args=idof("items_reading")),
        State("closed", "list_editor", args=idof("items_failed")),
        missing(NO_ID, "catalogue_editor"), forbidden("reviewer"),
    )),
    Page("catalogue:import_template", kind="file"),
    Page("catalogue:import_table", idof("items_batch"), kind="file"),
    Page("catalogue:import_cancel", idof("items_reading"), kind="act"),
    Page("catalogue:reviews", states=(
        State("many", "catalogue_reviewer"), State("empty", "catalogue_reviewer", house="empty"),
        forbidden("catalogue_editor"),
    )),
    Page("catalogue:review_batch", idof("review_batch"), states=(
        State("many", "catalogue_reviewer"), State("one", "catalogue_reviewer", query="sample=20&seed=7"),
        State("empty", "catalogue_reviewer", query="words=没有这样的事项"), forbidden("reviewer"),
        State("middle of the way", "catalogue_reviewer", args=idof("review_waiting")),
        missing(NO_ID, "catalogue_reviewer"),
    )),
    Page("catalogue:review_act", idof("review_batch"), kind="act"),
    Page("catalogue:review_table", idof("review_batch"), kind="file"),
    Page("catalogue:review_row", both(idof("review_batch"), exactly(2)), states=(
        State("one", "catalogue_reviewer"),
        State("long names", "catalogue_reviewer", args=both(idof("review_batch"), exactly(1))),
        missing(both(idof("review_batch"), exactly(999)), "catalogue_reviewer"), forbidden("reviewer"),
    )),
    Page("catalogue:review_deed", idof("review_deed"), states=(
        State("one", "catalogue_reviewer"),
        State("middle of the way", "catalogue_reviewer", args=idof("review_running")),
        State("many", "catalogue_reviewer", args=idof("review_planned")),
        missing(NO_ID, "catalogue_reviewer"),
    )),
    Page("catalogue:review_undo", idof("review_deed"), kind="act"),
    Page("catalogue:review_call_off", idof("review_planned"), kind="act"),
)  # fmt: skip
