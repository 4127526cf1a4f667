"""Certificates, their later life, the paper register."""

from tests.pages.made import (
    Page,
    State,
)
from tests.pages.ways import (
    NO_ID,
    exactly,
    firms_wallet,
    forbidden,
    idof,
    missing,
    word,
)

CERTIFICATES = (
    Page("certificates:verify", states=(State("English"),
        State("one"), State("error", fields={"code": "没有"}, status=400),
    )),
    Page("certificates:verify_code", word("verification"), states=(State("English"),
        State("one"), missing(exactly("ABCDEFGHJKLM")),
    )),
    Page("certificates:wallet", states=(
        State("English", "citizen"), State("one", "citizen"), State("empty", "newcomer"), forbidden("approver"),
        State("many", "citizen", way=firms_wallet),
    )),
    Page("certificates:detail", word("certificate"), states=(State("English", "citizen"),
        State("one", "citizen"), missing(exactly("X"), "citizen"),
        State("closed", "citizen", args=word("certificate_suspended")),
        State("English", "citizen", args=word("certificate_revoked")),
    )),
    Page("certificates:download", word("certificate"), kind="file"),
    Page("certificates:show", word("certificate"), states=(State("English", "citizen"), State("one", "citizen"),)),
    Page("certificates:desk", states=(
        State("many", "approver"), State("empty", "approver", house="empty"), forbidden("citizen"),
        State("error", "approver", query="number=", status=400), State("many", "approver", query="number=990104"),
    )),
    Page("certificates:suspend", word("certificate"), states=(
        State("one", "approver"), State("error", "approver", fields={"way": ""}, status=400), forbidden("reviewer"),
    )),
    Page("certificates:restore", word("certificate_suspended"), states=(
        State("one", "approver"), State("error", "approver", fields={"basis": ""}, status=400), forbidden("reviewer"),
    )),
    Page("certificates:revoke", word("certificate"), states=(
        State("one", "approver"), State("error", "approver", fields={"ground": ""}, status=400),
        forbidden("window_clerk"),
        State("middle of the way", "approver", args=word("certificate_to_revoke")),
        State("own proposal", "reviewer", args=word("certificate_to_revoke")),
        State("over", "approver", args=word("certificate_revoked")),
    )),
    Page("certificates:strike_off", word("certificate"), states=(
        State("one", "approver"), State("error", "approver", fields={"ground": ""}, status=400),
        forbidden("window_clerk"),
        State("middle of the way", "approver", args=word("certificate_revoked")), missing(exactly("X"), "approver"),
        State("middle of the way", "reviewer", args=word("certificate_revoked")),
    )),
    Page("certificates:revocation", word("certificate_revoked"), kind="file"),
    Page("certificates:strike_off_decision", word("certificate_revoked"), kind="act"),
    Page("certificates:imports", states=(
        State("many", "data_steward"), State("empty", "data_steward", house="empty"), forbidden("reviewer"),
        State("error", "data_steward", fields={"key": ""}, status=400),
    )),
    Page("certificates:import_template", kind="file"),
    Page("certificates:import_batch", idof("import_batch"), states=(
        State("many", "data_steward"), State("many", "data_steward", query="show=sample"),
        State("empty", "data_steward", query="show=good&after=9999"), missing(NO_ID, "data_steward"),
        State("closed", "data_steward", args=idof("imported_batch")), forbidden("approver"),
    )),
    Page("certificates:import_wrong_rows", idof("import_batch"), kind="act"),
    Page("certificates:at_desk", word("certificate"), states=(
        State("one", "own_leader"), State("error", "own_leader", fields={"months": "", "reason": ""}, status=400),
        missing(exactly("X"), "own_leader"), forbidden("citizen"),
        State("closed", "approver", args=word("certificate_suspended")),
        State("closed", "approver", args=word("certificate_revoked")),
    )),
    Page("certificates:put_off", word("certificate"), kind="act"),
    Page("certificates:begun", word("certificate"), kind="act"),
    Page("certificates:import_confirm", idof("import_batch"), states=(
        State("many", "data_steward"), State("error", "data_steward", fields={"key": ""}, status=400),
    )),
    Page("certificates:import_undo", idof("imported_batch"), states=(
        State("one", "data_steward"), State("one", "data_steward", args=idof("import_batch")),
    )),
)  # fmt: skip
