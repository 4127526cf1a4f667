"""Signing in, accounts, organs and posts."""

from mingqu.config.demo.district import PASSWORD as DEMO_PASSWORD
from tests.pages.made import (
    TRAINING_VILLAGE,
    Page,
    State,
)
from tests.pages.ways import (
    HERSELF,
    NO_ID,
    NOBODY,
    a_register,
    acting_for,
    another_phone_given,
    app_that,
    exactly,
    forbidden,
    found_outside,
    idof,
    just_enrolled,
    linked_outside,
    missing,
    new_phone_given,
    password_given,
    phone_given,
    recovery_asked,
    scanned,
    screen_locked,
    user,
)
from tests.pages.ways_account import (
    asked_to_close,
    code_for,
    copy_made,
    face_begun,
    known_by_document,
    new_number_given,
    number_is_changing,
)

IDENTITY = (
    Page("identity:sign_in", states=(
        State("one"), State("one", query="next=/my/"), State("error", fields={"phone": "12345"}, status=400),
        State("English", fields={"phone": "12345"}, status=400),
    )),
    Page("identity:code", states=(
        State("middle of the way", way=phone_given),
        State("error", way=phone_given, fields={"code": "000000"}, status=400),
        State("English", way=another_phone_given),
    )),
    Page("identity:closed", states=(State("closed", status=403),)),
    Page("identity:sign_out", kind="act"),
    Page("identity:profile", states=(
        State("one", "citizen"), State("empty", "newcomer"), State("long names", "rare"), forbidden("reviewer"),
        State("English", "citizen"),
    )),
    Page("identity:real_name", states=(
        State("one", "newcomer"), State("English", "newcomer"),
        State("error", "newcomer", fields={"name": "", "citizen_number": "1", "valid_until": "2038"}, status=400),
    )),
    # a lost number, the end of an account, a copy of one's data
    Page("identity:recover", states=(
        State("one"), State("English"),
        State("error", fields={"name": "", "citizen_number": "1", "valid_until": "2038", "phone": "1"}, status=400),
    )),
    Page("identity:recover_code", states=(
        State("middle of the way", way=new_number_given), State("English", way=new_number_given),
        State("error", way=new_number_given, fields={"code": "000000"}, status=400),
    )),
    Page("identity:recover_done", states=(State("one"), State("English"))),
    Page("identity:stop_recovery", states=(
        State("empty", "citizen"), State("one", "newcomer", way=number_is_changing),
        State("English", "newcomer", way=number_is_changing), forbidden("reviewer"),
    )),
    Page("identity:close", states=(
        State("one", "newcomer"), State("many", "citizen"), State("middle of the way", "newcomer", way=asked_to_close),
        State("error", way=known_by_document, fields={"key": ""}, status=400), State("English", "newcomer"),
        forbidden("reviewer"),
        State("forbidden", way=acting_for("relative"), status=403),
    )),
    Page("identity:close_code", states=(
        State("middle of the way", "newcomer", way=code_for("identity:close_code")),
        State("error", "newcomer", way=code_for("identity:close_code"), fields={"code": "000000"}, status=400),
        State("English", "newcomer", way=code_for("identity:close_code")),
    )),
    Page("identity:keep", kind="act"),
    Page("identity:face", states=(
        State("one", way=known_by_document), State("English", "newcomer", way=known_by_document), forbidden("reviewer"),
        State("error", way=known_by_document, fields={"key": ""}, status=400),
    )),
    Page("identity:face_back", kind="leads_on"),
    Page("identity:double_face", exactly("r1"), states=(
        State("one", "newcomer", way=face_begun), State("English", "newcomer", way=face_begun), missing(exactly("r2")),
    )),
    Page("identity:own_copies", states=(
        State("empty", "citizen"), State("one", "newcomer", way=copy_made), forbidden("reviewer"),
        State("error", "citizen", fields={"key": ""}, status=400), State("English", "newcomer", way=copy_made),
    )),
    Page("identity:take_code", states=(
        State("middle of the way", "newcomer", way=code_for("identity:take_code")),
        State("English", "newcomer", way=code_for("identity:take_code")),
    )),
    Page("identity:begin_taking", NO_ID, kind="act"),
    *(Page(f"identity:scim_{name}", kind="file") for name in ("config", "resource_types", "schemas")),
    Page("identity:scim_users", kind="file"),
    Page("identity:scim", kind="file"),
    *(
        Page(f"identity:{name}", args, kind="file")
        for name, args in (
            ("scim_resource_type", exactly("User")), ("scim_schema", exactly("User")), ("scim_user", NO_ID),
            ("scim_nothing", exactly("Groups")),
        )
    ),
    Page("identity:scim_search", kind="act"),
    Page("identity:scim_search_users", kind="act"),
    Page("identity:registers", states=(
        State("empty", "system_officer"), State("one", "system_officer", way=a_register("identity:registers")),
        forbidden("security_officer"),
    )),
    Page("identity:enter_register", states=(
        State("one", "system_officer"), forbidden("reviewer"),
        State("error", "system_officer", fields={"name": "", "operator": ""}, status=400),
    )),
    Page("identity:end_register", NO_ID, states=(
        State("one", "system_officer", way=a_register("identity:end_register")), missing(NO_ID, "system_officer"),
    )),
    Page("identity:openid_configuration", kind="file"),
    Page("identity:openid_keys", kind="file"),
    Page("identity:openid_token", kind="act"),
    Page("identity:openid_facts", kind="file"),
    Page("identity:openid_revoke", kind="act"),
    Page("identity:openid_authorize", states=(
        State("one", "citizen", way=app_that("asks")), State("English", "newcomer", way=app_that("asks")),
        State("middle of the way", "citizen", way=app_that("asks anew")), State("error", status=400),
        State("forbidden", way=acting_for("relative", "identity:openid_authorize"), status=400),
    )),
    Page("identity:openid_sign_out", states=(State("one", "citizen"), State("English", "citizen"))),
    Page("identity:apps", states=(
        State("empty", "newcomer"), State("one", "citizen", way=app_that("was let in")), forbidden("reviewer"),
        State("English", "newcomer"),
    )),
    Page("identity:level", states=(
        State("one", "newcomer"), State("many", "citizen"), State("English", "newcomer"),
        forbidden("reviewer"),
    )),
    Page("identity:shut_out", NO_ID, states=(
        State("one", "citizen", way=app_that("is shut out")), missing(NO_ID, "citizen"),
    )),
    Page("identity:scan", states=(State("one"), State("English"))),
    Page("identity:scan_state", kind="file"),
    Page("identity:scan_done", kind="act"),
    Page("identity:scan_answer", exactly(NOBODY, "s"), states=(
        State("one", "citizen", way=scanned), State("English", "newcomer", way=scanned),
        State("error", "citizen", status=409),
    )),
    Page("identity:outside", kind="leads_on"),
    Page("identity:outside_back", kind="leads_on"),
    Page("identity:outside_link", states=(
        State("one", "citizen", way=found_outside), State("English", "citizen", way=found_outside),
    )),
    Page("identity:outside_unlink", NO_ID, states=(
        State("one", "citizen", way=linked_outside), missing(NO_ID, "citizen"),
    )),
    Page("identity:recoveries", states=(
        State("empty", "window_clerk"), State("one", "window_clerk", way=recovery_asked()), forbidden("reviewer"),
    )),
    Page("identity:begin_recovery", states=(
        State("one", "window_clerk"), forbidden("reviewer"),
        State("error", "window_clerk", fields={"number": "1", "name": "", "phone": "1"}, status=400),
    )),
    Page("identity:recovery_code", kind="leads_on"),
    *(
        Page(f"identity:{name}", NO_ID, states=(
            State("one", "window_clerk", way=recovery_asked(f"identity:{name}")),
            State("closed", "window_clerk", status=409),
        ))
        for name in ("agree_recovery", "decline_recovery")
    ),
    Page("identity:outside_apps", states=(
        State("empty", "security_officer"), State("one", "system_officer", way=app_that("is there")),
        forbidden("reviewer"),
    )),
    Page("identity:register_app", states=(
        State("one", "system_officer"), forbidden("security_officer"),
        State("error", "system_officer", fields={"name": "", "addresses": "http://a"}, status=400),
    )),
    *(
        Page(f"identity:{name}", NO_ID, states=(
            State("one", "system_officer", way=app_that("is there", f"identity:{name}")),
            missing(NO_ID, "system_officer"),
        ))
        for name in ("outside_app", "change_app", "renew_app_secret", "withdraw_app", "restore_app")
    ),
    Page("portal:acting", states=(
        State("empty", "newcomer"), State("English", "newcomer"), forbidden("reviewer"),
        State("many", way=acting_for(HERSELF)), State("one", way=acting_for("relative")),
    )),
    Page("portal:switch", kind="act"),
    Page("portal:acting_firm", states=(
        State("one", "newcomer"), State("English", "newcomer"),
        State("error", "newcomer", fields={"credit_code": "1"}, status=403),
    )),
    Page("portal:relative", states=(
        State("one", "newcomer"), State("English", "newcomer"),
        State("error", "newcomer", fields={"name": "", "phone": "1"}, status=400),
        State("forbidden", way=acting_for("relative"), status=403),
    )),
    Page("portal:handler", NO_ID, states=(
        State("one", way=acting_for(HERSELF, "portal:handler")), missing(NO_ID, "newcomer"),
    )),
    Page("portal:capacity", NO_ID, states=(
        State("one", way=acting_for(HERSELF, "portal:capacity")), missing(NO_ID, "newcomer"),
        State("long names", way=acting_for("asked", "portal:capacity")),
    )),
    Page("identity:declare", states=(
        State("empty", "newcomer"), State("English", "newcomer"),
        State("error", "newcomer", fields={"name": "", "citizen_number": "990104198002290000"}, status=400),
    )),
    Page("identity:phone", states=(
        State("one", "citizen"), State("error", "citizen", fields={"phone": "12345"}, status=400),
    )),
    Page("identity:phone_code", states=(State("middle of the way", "citizen", way=new_phone_given),)),
    Page("identity:staff_sign_in", states=(
        State("one"), State("error", fields={"username": "nobody", "password": DEMO_PASSWORD}, status=400),
    )),
    Page("identity:staff_passkey", kind="act"),
    Page("identity:second_factor", states=(
        State("middle of the way", way=password_given),
        State("error", way=password_given, fields={"code": "000000"}, status=400),
    )),
    Page("identity:second_factor_setup", states=(
        State("empty", "half_way"), State("error", "half_way", fields={"code": "000000"}, status=400),
    )),
    Page("identity:add_passkey", kind="act"),
    Page("identity:recovery_codes", states=(
        State("many", way=just_enrolled), State("empty", "reviewer"), forbidden("citizen"),
    )),
    Page("identity:lock_screen", kind="act"),
    Page("identity:unlock_screen", states=(
        State("one", "reviewer", way=screen_locked),
        State("error", "reviewer", way=screen_locked, fields={"code": "000000"}, status=400),
    )),
    Page("identity:password", states=(
        State("one", "reviewer"),
        State("error", "reviewer", fields={"old": "a", "new": "b", "again": "c"}, status=400),
    )),
    Page("identity:start", kind="leads_on"),
    Page("identity:posts", states=(State("many", "known"), State("one", "reviewer"), State("empty", "no_post"))),
    Page("identity:accounts", states=(
        State("many", "system_officer"), State("empty", "security_officer", query="q=zzz"), forbidden("reviewer"),
    )),
    Page("identity:create_account", states=(
        State("one", "system_officer"), forbidden("security_officer"),
        State("error", "system_officer", fields={"username": "A", "name": ""}, status=400),
        State("middle of the way", "system_officer", fields={"username": "liyue", "name": "李月", "stage": "check"}),
    )),
    Page("identity:account", user("reviewer"), states=(
        State("one", "system_officer"), State("one", "security_officer"),
        State("empty", "security_officer", args=user("no_post")), missing(NO_ID, "system_officer"),
    )),
    Page("identity:lock", user("reviewer"), states=(
        State("one", "security_officer"), State("error", "security_officer", fields={"reason": ""}, status=400),
    )),
    Page("identity:unlock", user("reviewer"), states=(State("one", "system_officer"), forbidden("audit_officer"))),
    Page("identity:reset_password", user("reviewer"), states=(
        State("one", "system_officer"), forbidden("security_officer"),
    )),
    Page("identity:reset_factor", user("reviewer"), states=(
        State("one", "security_officer"), forbidden("system_officer"),
    )),
    Page("identity:training_regions", states=(
        State("one", "system_officer"), State("one", "audit_officer"), forbidden("reviewer"),
        State("empty", "system_officer", house="empty"),
    )),
    Page("identity:mark_training", states=(
        State("one", "system_officer"), State("error", "system_officer", fields={"region_code": "1"}, status=400),
        forbidden("security_officer"),
    )),
    Page("identity:unmark_training", exactly(TRAINING_VILLAGE), states=(
        State("one", "system_officer"), missing(exactly("990104000000"), "system_officer"),
    )),
    Page("identity:organs", states=(
        State("many", "system_officer"), State("empty", "security_officer", query="q=没有"), forbidden("reviewer"),
    )),
    Page("identity:org_imports", states=(
        State("many", "system_officer"), State("empty", "security_officer", house="empty"), forbidden("reviewer"),
        State("error", "system_officer", fields={"file": ""}, status=400),
    )),
    Page("identity:org_template", kind="file"),
    Page("identity:org_import", idof("org_import"), states=(
        State("one", "security_officer"), State("error", "system_officer", args=idof("org_import_wrong")),
        missing(NO_ID, "system_officer"), forbidden("reviewer"),
    )),
    Page("identity:org_wrong", idof("org_import_wrong"), kind="file"),
    Page("identity:org_agree", idof("org_import"), kind="act"),
    Page("identity:org_drop", idof("org_import"), kind="act"),
    Page("identity:departments", states=(
        State("many", "system_officer"), State("empty", "security_officer", query="q=没有"), forbidden("reviewer"),
        State("one", "audit_officer", query="state=all&q=稽查"),
    )),
    Page("identity:department_table", kind="file"),
    Page("identity:department", idof("organ_ending"), states=(
        State("one", "security_officer"), State("many", "system_officer", args=idof("organ"), query="ties=1"),
        State("closed", "audit_officer", args=idof("organ_ended")), missing(NO_ID, "system_officer"),
        forbidden("reviewer"),
    )),
    Page("identity:rename_department", idof("organ"), states=(
        State("one", "system_officer"), State("error", "system_officer", fields={"name": ""}, status=400),
        State("middle of the way", "system_officer", fields={
            "name": "清禾区市场监管综合执法局", "from_on_year": "2099", "from_on_month": "1", "from_on_day": "1",
            "basis": "清委发〔2026〕3号", "stage": "check",
        }),
        missing(NO_ID, "system_officer"), forbidden("security_officer"),
    )),
    Page("identity:move_department", idof("organ"), states=(
        State("one", "system_officer"), State("error", "system_officer", fields={"basis": ""}, status=400),
        missing(NO_ID, "system_officer"), forbidden("security_officer"),
    )),
    Page("identity:close_department", idof("organ"), states=(
        State("one", "system_officer"), State("error", "system_officer", fields={"basis": ""}, status=400),
        missing(NO_ID, "system_officer"), forbidden("security_officer"),
    )),
    Page("identity:agree_change", idof("organ_change"), states=(
        State("one", "security_officer"), missing(NO_ID, "security_officer"), forbidden("system_officer"),
    )),
    Page("identity:drop_change", idof("organ_change"), states=(
        State("one", "system_officer"), missing(NO_ID, "system_officer"), forbidden("reviewer"),
    )),
    Page("identity:create_department", states=(
        State("one", "system_officer"), State("error", "system_officer", fields={"code": ""}, status=400),
    )),
    Page("identity:review_organ", idof("organ"), states=(
        State("one", "system_officer"), State("one", "system_officer", fields={"organ": "澜州市税务局"}),
        missing(NO_ID, "system_officer"), forbidden("reviewer"),
    )),
    Page("identity:create_post", states=(
        State("one", "system_officer"), State("error", "system_officer", fields={"code": ""}, status=400),
    )),
    Page("identity:post", idof("post"), states=(
        State("one", "security_officer"), State("one", "audit_officer"), missing(NO_ID, "security_officer"),
    )),
    Page("identity:rank_post", idof("post"), states=(
        State("one", "security_officer"), State("one", "security_officer", fields={"rank": "3"}),
        missing(NO_ID, "security_officer"), forbidden("reviewer"),
    )),
    Page("identity:assign", idof("post"), states=(
        State("one", "security_officer"), State("error", "security_officer", fields={"user": ""}, status=400),
    )),
    Page("identity:end", lambda stage: (stage.ids["post"], stage.users["reviewer"].pk), states=(
        State("one", "security_officer"), State("error", "security_officer", fields={"key": ""}, status=400),
    )),
    Page("identity:grant", idof("post"), states=(
        State("one", "security_officer"), State("error", "security_officer", fields={"role": ""}, status=400),
        State("error", "security_officer", status=400, fields={"role": "reviewer", "within": "other"}),
    )),
    Page("identity:roles", states=(
        State("many", "security_officer"), State("one", "audit_officer", query="q=受理"),
        State("empty", "system_officer", query="q=没有这样的事"), forbidden("reviewer"),
    )),
    Page("identity:role_table", kind="file"),
    Page("identity:revoke", idof("grant"), states=(State("one", "security_officer"), forbidden("system_officer"))),
)  # fmt: skip
