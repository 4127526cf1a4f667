"""Public pages, laws and messages."""

from tests.pages.made import (
    SERVICE,
    STALL_LAW,
    Page,
    State,
    no_args,
)
from tests.pages.ways import (
    CITY,
    HERE,
    NO_ID,
    NOBODY,
    announced_to_all,
    email_asked,
    exactly,
    forbidden,
    idof,
    missing,
    number,
    on_kiosk,
    phone_given,
    rating_opened,
    screen_token,
)

PORTAL = (
    Page("portal:front", states=(State("English"), State("English", "citizen"),
        State("empty", house="empty"), State("many"), State("many", "citizen"), State("long names", "rare"),
        State("empty", "newcomer"),
    )),
    Page("portal:search", states=(State("English", query="q=食品"), State("English", query="q=火星移民"),
        State("empty"), State("empty", query="q=没有这种事"), State("one", query="q=食品经营"),
        State("many", query="q=登记"), State("empty", query="q=开饭店", house="empty"),
    )),
    Page("portal:search_elsewhere", states=(State("English", query="q=食品"), State("many", query="q=食品"),
        State("one", query="q=摊位"), State("empty"), State("empty", query="q=没有这种事"),
    )),
    Page("portal:services", states=(State("English"),
        State("many"), State("empty", house="empty"), State("one", query="theme=食品药品&audience=all"),
        State("empty", query="theme=没有"), State("one", query="life_event=restaurant&audience=all"),
    )),
    Page("portal:suggestions", kind="file"),
    Page("portal:opened", exactly("item", SERVICE), kind="leads_on"),
    Page("portal:letters", states=(State("English"),
        State("many"), State("empty", house="empty"), State("one", query="from=sp&to=sp"),
    )),
    Page("portal:guide", exactly(SERVICE), states=(State("English"),
        State("one"), State("one", args=exactly("QH-JDCX")), State("many", args=exactly("QH-LSJY")),
        State("closed", args=exactly("NONE"), status=404),
    )),
    Page("portal:codes", states=(State("many"), State("English"))),
    Page("portal:programs", states=(State("many"), State("English"))),
    Page("portal:code_list", exactly("item_type"), states=(
        State("many"), State("English"), State("closed", args=exactly("nothing"), status=404),
    )),
    Page("portal:depth", states=(State("English"), State("many"), State("empty", house="empty"))),
    Page("portal:efficiency", states=(State("English"),
        State("many"), State("empty", house="empty"), State("empty", query="organ=没有"),
        State("one", query="by=organ"), State("one", query=f"item={SERVICE}"),
    )),
    Page("portal:results", states=(State("English"),
        State("many"), State("empty", house="empty"), State("one", query=f"item={SERVICE}&since=2026-01-01"),
        State("empty", query="q=没有这个单位"),
    )),
    Page("regulation:open", states=(
        State("English"), State("many"), State("empty", house="empty"), State("empty", query="number=NONE"),
    )),
    Page("portal:announced", states=(
        State("English", way=announced_to_all), State("one", way=announced_to_all), State("empty", house="empty"),
    )),
    Page("evaluation:tally", states=(State("English"), State("many"), State("empty", house="empty"))),
    Page("evaluation:rate_by_code", states=(State("English"), State("empty"),
        State("error", fields={"number": "", "code": ""}, status=400),
    )),
    Page("evaluation:rate_opened", number("accepted"), states=(
        State("one", way=rating_opened), State("English", way=rating_opened),
        State("error", way=rating_opened, fields={"text": "很" * 501}, status=400),
    )),
    Page("evaluation:press", screen_token, states=(State("one"), State("English"), State("closed", query="thanks=1"),)),
    Page("portal:my", states=(State("English", "citizen"),
        State("many", "citizen"), State("many", "citizen", query="show=all"), State("empty", "newcomer"),
        State("one", "rare"), State("long names", "rare"), forbidden("reviewer"),
        State("many", "citizen", query="q=食品&turn=others&order=due"),
        State("empty", "citizen", query="q=没有这样的"),
    )),
    Page("portal:my_file", kind="file"),
    Page("portal:originals", states=(
        State("many", "citizen"), State("long names", "citizen"), State("English", "citizen"),
        State("empty", "newcomer"), State("one", "helped"), forbidden("reviewer"),
    )),
    Page("portal:kiosk", states=(
        State("one", way=on_kiosk), State("one", query="ended=1", way=on_kiosk), State("closed"),
        State("English", way=on_kiosk),
    )),
    Page("portal:kiosk_waiting", states=(State("English", way=on_kiosk), State("one", way=on_kiosk),)),
    Page("portal:kiosk_ended", kind="leads_on"),
    Page("portal:kiosk_end", kind="act"),
    Page("portal:kiosk_leave", states=(
        State("one", "window_clerk", way=on_kiosk), State("English", "window_clerk", way=on_kiosk),
    )),
    Page("portal:display", states=(State("English"), State("many"), State("empty", house="empty"))),
    Page("portal:ledger", states=(State("English"), State("one"), State("empty", house="empty"))),
    Page("portal:checkpoints", kind="file"),
    Page("portal:lists", states=(State("English"), State("many"), State("empty", house="empty"))),
    Page("portal:list", exactly("power", CITY), states=(State("English"),
        State("many"), State("empty", query="q=没有这样的"), State("one", query="q=食品"),
        missing(exactly("power", "990104001000")),
    )),
    Page("portal:list_edition", exactly("negative", HERE, 1), states=(
        State("many"), State("many", args=exactly("base", HERE, 1)),
    )),
    Page("portal:list_file", exactly("power", CITY, 1), kind="file"),
    Page("portal:list_changes", exactly("power", CITY, 1), states=(
        State("empty"), State("many", args=exactly("negative", HERE, 2)),
        State("English", args=exactly("negative", HERE, 2)),
    )),
    Page("portal:list_entry", exactly("power", CITY, 1), states=(State("English", query="code=QH-SPJYXK"),
        State("one", query="code=QH-SPJYXK"), State("closed", query="code=NONE", status=404),
    )),
)  # fmt: skip

UI = (
    Page("ui:elder", kind="act"),
    Page("ui:audience", kind="act"),
    Page("ui:language", kind="act"),
    Page("ui:accessibility", states=(State("one"), State("English"))),
    Page("healthz", kind="file"),
    Page("readyz", kind="file"),
)

LAW = (
    Page("law:laws", states=(State("English"),
        State("many"), State("empty", house="empty"), State("one", query="q=摊位"), State("empty", query="q=没有"),
        State("one", query="kind=rule"),
    )),
    Page("law:articles", states=(State("English", query="q=样例"),
        State("empty"), State("many", query="q=样例"), State("empty", query="q=没有这句话"),
        State("error", query="q=条"),
    )),
    Page("law:law", exactly(STALL_LAW), states=(State("English"),
        State("many"), State("one", query="on=2020-01-01"), State("closed", query="on=2010-01-01"),
        State("error", query="on=昨天"), missing(exactly("none")),
    )),
    Page("law:library", states=(
        State("many", "law_officer"), State("empty", "law_officer", house="empty"),
        State("empty", "catalogue_editor", query="q=没有"), forbidden("reviewer"),
    )),
    Page("law:kept", exactly(STALL_LAW), states=(
        State("many", "law_officer"), State("one", "catalogue_editor"), missing(exactly("none"), "law_officer"),
        State("middle of the way", "law_officer", args=exactly("yang-li-shou-fei-gui-ding")),
    )),
    Page("law:decide", exactly(STALL_LAW, "00000000-0000-0000-0000-000000000000"), kind="act"),
    Page("law:record", exactly(STALL_LAW), states=(
        State("one", "law_officer"), State("error", "law_officer", fields={"paper": ""}, status=400),
        forbidden("catalogue_editor"),
    )),
)  # fmt: skip

NOTIFICATIONS = (
    Page("notifications:inbox", states=(
        State("many", "citizen"), State("empty", "newcomer"), State("one", "rare"), forbidden("window_clerk"),
        State("English", "citizen"),
    )),
    Page("notifications:choices", states=(
        State("one", "citizen"), State("English", "citizen"), State("middle of the way", "citizen", way=email_asked),
        forbidden("window_clerk"),
    )),
    Page("notifications:email", states=(
        State("empty", "citizen"), State("error", "citizen", fields={"email": "li"}, status=400),
        State("English", "citizen"),
    )),
    Page("notifications:email_code", states=(
        State("middle of the way", "citizen", way=email_asked),
        State("error", "citizen", way=email_asked, fields={"code": "1"}, status=400),
    )),
    Page("notifications:read_all", kind="act"),
    Page("notifications:message", idof("message"), states=(State("one", "citizen"), missing(NO_ID, "citizen"))),
    Page("notifications:callback", exactly("gateway"), kind="act"),
    *(
        Page(f"notifications:{root}{name}", args, kind=kind)
        for root in ("", "bare_")
        for name, args, kind in (
            ("notify_sms", no_args, "act"), ("notify_email", no_args, "act"), ("notify_preview", NO_ID, "act"),
            ("notify_one", NO_ID, "file"), ("notify_many", no_args, "file"), ("notify_templates", no_args, "file"),
            ("notify_template", NO_ID, "file"), ("notify_version", exactly(NOBODY, 1), "file"),
        )
    ),
    Page("notifications:double_sms", states=(
        State("many", way=phone_given), State("empty", house="empty"),
    )),
)  # fmt: skip
