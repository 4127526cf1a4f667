"""
Every address of the installation, and for every page the states it can be in.

`test_pages.py` compares this list with the URL configuration and looks at each state in a browser;
`architecture/test_routes.py` visits each address as everybody. Whoever adds an address adds it here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.models import Bundle
from mingqu.config.demo.district import PASSWORD as DEMO_PASSWORD
from mingqu.config.demo.district import form_files
from mingqu.identity.services import second_factor
from mingqu.identity.tests import factories as people
from mingqu.workbench.tests import test_the_window as window
from tests.stage import PHONE, TOTP, Stage

Args = Callable[[Stage], tuple[Any, ...]]
Way = Callable[[Client, Stage], "str | None"]
# What an address gives: a page; an act that is only posted; a page that only leads on to another; a file or data.
Kind = Literal["page", "act", "leads_on", "file"]
StateName = Literal[
    "empty", "one", "many", "error", "forbidden", "closed", "long names", "middle of the way", "English"
]  # 生僻字 stand in "long names"
SERVICE = "QH-SPJYXK"
STALL_LAW = "yang-li-tan-wei-guan-li-tiao-li"  # of our own sample texts
TRAINING_VILLAGE = "990104100201"  # nothing else of the stage lies there
BUNDLE = "QH-KCYD"
BUNDLE_SITUATION = (
    "subject=firm&open_fire=no&above_homes=no&foods=hot&fire_area=small"
    "&signboard=large&sign_place=front&discharge=yes&outlet=sewer"
)
SITUATION = "subject=person&open_fire=no&above_homes=no&foods=hot"


def no_args(stage: Stage) -> tuple[Any, ...]:
    return ()


@dataclass(frozen=True)
class State:
    """
    One look of a page. `who` is a person of the stage, "" nobody; `house` the stage it is seen on.

    `way`: what was done before in the same browser; it may return the address to go to. `fields`: what is then typed
    into the page's form (the first that is posted, or the one that has the first of these fields) and sent.
    "English": whatever the page's state, seen by somebody who chose English.
    """

    name: StateName
    who: str = ""
    args: Args | None = None
    query: str = ""
    way: Way | None = None
    fields: Mapping[str, str] | None = None
    status: int = 200
    house: Literal["full", "empty"] = "full"


@dataclass(frozen=True)
class Page:
    """An address by its name, with arguments that lead somewhere."""

    url_name: str
    args: Args = no_args
    kind: Kind = "page"
    states: tuple[State, ...] = ()

    def address(self, stage: Stage, state: State | None = None) -> str:
        make = state.args if state and state.args else self.args
        query = f"?{state.query}" if state and state.query else ""
        return reverse(self.url_name, args=make(stage)) + query


# How to get there ---------------------------------------------------------------------------------------------


def number(case: str) -> Args:
    return lambda stage: (stage.numbers[case],)


def idof(name: str) -> Args:
    return lambda stage: (stage.ids[name],)


def user(name: str) -> Args:
    return lambda stage: (stage.users[name].pk,)


def word(name: str) -> Args:
    return lambda stage: (stage.words[name],)


def both(*makers: Args) -> Args:
    return lambda stage: tuple(part for make in makers for part in make(stage))


def exactly(*args: Any) -> Args:
    return lambda stage: args


def posted(url_name: str, args: Args = no_args, **fields: str) -> Way:
    def way(client: Client, stage: Stage) -> None:
        client.post(reverse(url_name, args=args(stage)), fields)

    return way


def on_kiosk(client: Client, stage: Stage) -> None:
    client.post(reverse("portal:kiosk"))


def phone_given(client: Client, stage: Stage) -> None:
    client.post(reverse("identity:sign_in"), {"phone": PHONE})


def another_phone_given(client: Client, stage: Stage) -> None:
    """A telephone gets one code a minute."""
    client.post(reverse("identity:sign_in"), {"phone": "19900009997"})


def new_phone_given(client: Client, stage: Stage) -> None:
    client.post(reverse("identity:phone"), {"phone": "19900009998"})


def password_given(client: Client, stage: Stage) -> None:
    fields = {"username": stage.users["known"].username, "password": people.PASSWORD}
    client.post(reverse("identity:staff_sign_in"), fields)


def just_enrolled(client: Client, stage: Stage) -> None:
    """With both factors shown, so that the recovery codes are there to be seen once."""
    password_given(client, stage)
    client.post(reverse("identity:second_factor"), {"code": second_factor.code_at(TOTP, timezone.now())})


def firms_wallet(client: Client, stage: Stage) -> str:
    """What the firm of the bundle that is decided holds."""
    bundle = Bundle.objects.get(number=stage.numbers["bundle_decided"])
    return f"{reverse('certificates:wallet')}?whose={bundle.party_id}"


def query_code_given(client: Client, stage: Stage) -> None:
    fields = {"number": stage.numbers["accepted"], "code": stage.words["query_code"]}
    client.post(reverse("cases:query"), fields)


def bundle_code_given(client: Client, stage: Stage) -> None:
    fields = {"number": stage.numbers["bundle_running"], "code": stage.words["bundle_code"]}
    client.post(reverse("cases:query"), fields)


def bundle_at_window(part: str) -> Way:
    """The page of a bundle's draft that the clerk fills in."""

    def way(client: Client, stage: Stage) -> str:
        window.receive(client)
        answers = parse_qs(BUNDLE_SITUATION)
        begun = client.post(reverse("workbench:window_bundle_start", args=[BUNDLE]), answers)
        return str(begun["Location"]).removesuffix("page/1/") + part

    return way


def asked_in_vain(client: Client, stage: Stage) -> None:
    """Somebody searched for what nobody offers."""
    Client().get(reverse("portal:search"), {"q": "火星移民"})


def begun_unknown(client: Client, stage: Stage) -> str:
    """A draft begun without signing in; leads to its own address."""
    answer = client.post(f"{reverse('cases:begin', args=[SERVICE])}?{SITUATION}", _situation())
    return str(answer["Location"])


def at_window(client: Client, stage: Stage) -> None:
    """Somebody stands at the window, her document checked."""
    window.receive(client)


def with_a_draft(client: Client, stage: Stage) -> str:
    window.receive(client)
    window.begin(client)
    return reverse("workbench:window_person")


def at_window_with(part: str, *, until: str = "begin") -> Way:
    """The page of a draft that the clerk fills in; `until`: how far it is (begin, fill, originals, file)."""

    def way(client: Client, stage: Stage) -> str:
        window.receive(client)
        draft_id = window.begin(client)
        if until != "begin":
            window.fill(client, draft_id)
        if until in {"originals", "file"}:
            window.originals(client, draft_id)
        if until == "file":
            return str(window.hand_in(client, draft_id)["Location"])
        return f"/desk/window/draft/{draft_id}/{part}"

    return way


def brought_to_window(client: Client, stage: Stage) -> str:
    """Her case waits for a correction that she brings."""
    window.receive(client)
    draft_id = window.begin(client)
    window.fill(client, draft_id)
    window.originals(client, draft_id)
    number = str(window.hand_in(client, draft_id)["Location"]).split("/")[-2]
    page = client.get(f"/desk/cases/{number}/correction/")
    fields = {"pick-floor-plan": "on", "what-floor-plan": "看不清尺寸", "stage": "do", "key": str(uuid4())}
    assert page.status_code == 200 and client.post(page.request["PATH_INFO"], fields).status_code == 302
    return f"/desk/window/cases/{number}/bring/"


def _situation() -> dict[str, str]:
    return dict(pair.split("=") for pair in SITUATION.split("&"))


def forbidden(who: str) -> State:
    return State("forbidden", who, status=403)


def missing(args: Args, who: str = "") -> State:
    return State("closed", who, args=args, status=404)


TABS = ("mine", "received", "team", "closing", "all", "late", "returned", "special", "owed", "promises")
NO_NUMBER = exactly("99010420200101000099")
NO_ID = exactly("01900000-0000-7000-8000-000000000000")
HERE, CITY = "990104000000", "990100000000"

# The list -----------------------------------------------------------------------------------------------------

PORTAL = (
    Page("portal:front", states=(State("English"), State("English", "citizen"),
        State("empty", house="empty"), State("many"), State("many", "citizen"), State("long names", "rare"),
        State("empty", "newcomer"),
    )),
    Page("portal:search", states=(State("English", query="q=食品"), State("English", query="q=火星移民"),
        State("empty"), State("empty", query="q=没有这种事"), State("one", query="q=食品经营"),
        State("many", query="q=登记"), State("empty", query="q=开饭店", house="empty"),
    )),
    Page("portal:services", states=(State("English"),
        State("many"), State("empty", house="empty"), State("one", query="theme=食品药品&audience=all"),
        State("empty", query="theme=没有"),
    )),
    Page("portal:suggestions", kind="file"),
    Page("portal:opened", exactly("item", SERVICE), kind="leads_on"),
    Page("portal:letters", states=(State("English"),
        State("many"), State("empty", house="empty"), State("one", query="from=sp&to=sp"),
    )),
    Page("portal:guide", exactly(SERVICE), states=(State("English"),
        State("one"), State("one", args=exactly("QH-JDCX")), State("closed", args=exactly("NONE"), status=404),
    )),
    Page("portal:my", states=(State("English", "citizen"),
        State("many", "citizen"), State("many", "citizen", query="show=all"), State("empty", "newcomer"),
        State("one", "rare"), State("long names", "rare"), forbidden("reviewer"),
        State("many", "citizen", query="q=食品&turn=others&order=due"),
        State("empty", "citizen", query="q=没有这样的"),
    )),
    Page("portal:my_file", kind="file"),
    Page("portal:kiosk", states=(
        State("one", way=on_kiosk), State("one", query="ended=1", way=on_kiosk), State("closed"),
        State("English", way=on_kiosk),
    )),
    Page("portal:kiosk_waiting", states=(State("English", way=on_kiosk), State("one", way=on_kiosk),)),
    Page("portal:kiosk_ended", kind="leads_on"),
    Page("portal:kiosk_end", kind="act"),
    Page("portal:kiosk_leave", kind="act"),
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
    Page("portal:list_changes", exactly("power", CITY, 1), states=(State("empty"),)),
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
    )),
    Page("law:decide", exactly(STALL_LAW, "00000000-0000-0000-0000-000000000000"), kind="act"),
    Page("law:record", exactly(STALL_LAW), states=(
        State("one", "law_officer"), State("error", "law_officer", fields={"paper": ""}, status=400),
        forbidden("catalogue_editor"),
    )),
)  # fmt: skip

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
    Page("identity:create_department", states=(
        State("one", "system_officer"), State("error", "system_officer", fields={"code": ""}, status=400),
    )),
    Page("identity:create_post", states=(
        State("one", "system_officer"), State("error", "system_officer", fields={"code": ""}, status=400),
    )),
    Page("identity:post", idof("post"), states=(
        State("one", "security_officer"), State("one", "audit_officer"), missing(NO_ID, "security_officer"),
    )),
    Page("identity:assign", idof("post"), states=(
        State("one", "security_officer"), State("error", "security_officer", fields={"user": ""}, status=400),
    )),
    Page("identity:end", lambda stage: (stage.ids["post"], stage.users["reviewer"].pk), states=(
        State("one", "security_officer"), State("error", "security_officer", fields={"key": ""}, status=400),
    )),
    Page("identity:grant", idof("post"), states=(
        State("one", "security_officer"), State("error", "security_officer", fields={"role": ""}, status=400),
    )),
    Page("identity:revoke", idof("grant"), states=(State("one", "security_officer"), forbidden("system_officer"))),
)  # fmt: skip

NOTIFICATIONS = (
    Page("notifications:inbox", states=(
        State("many", "citizen"), State("empty", "newcomer"), State("one", "rare"), forbidden("window_clerk"),
        State("English", "citizen"),
    )),
    Page("notifications:read_all", kind="act"),
    Page("notifications:message", idof("message"), states=(State("one", "citizen"), missing(NO_ID, "citizen"))),
    Page("notifications:double_sms", states=(
        State("many", way=phone_given), State("empty", house="empty"),
    )),
)  # fmt: skip

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
    )),
    Page("certificates:download", word("certificate"), kind="file"),
    Page("certificates:show", word("certificate"), states=(State("English", "citizen"), State("one", "citizen"),)),
    Page("certificates:desk", states=(
        State("many", "approver"), State("empty", "approver", house="empty"), forbidden("citizen"),
        State("error", "approver", query="number=", status=400),
    )),
    Page("certificates:suspend", word("certificate"), states=(
        State("one", "approver"), State("error", "approver", fields={"way": ""}, status=400), forbidden("reviewer"),
    )),
    Page("certificates:restore", word("certificate_suspended"), states=(
        State("one", "approver"), State("error", "approver", fields={"basis": ""}, status=400), forbidden("reviewer"),
    )),
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
            "received", "correction", "accepted", "owing", "overdue", "reviewed", "granted", "refused", "delivered")),
        *(State("closed", "citizen", args=number(case)) for case in ("withdrawn", "not_accepted", "archived")),
        State("long names", "rare", args=number("rare")),
        State("closed", "newcomer", status=404), forbidden("reviewer"),
        *(State("English", "citizen", args=number(case)) for case in ("accepted", "correction", "delivered")),
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
    # bundles (一件事) and projects
    Page("bundles:start", exactly(BUNDLE), states=(
        State("one"), State("error", query="_asked=subject", status=400),
        State("closed", args=exactly("NONE"), status=404),
    )),
    Page("bundles:result", exactly(BUNDLE), states=(
        State("many", query=BUNDLE_SITUATION), State("many", "citizen", query=BUNDLE_SITUATION),
        State("closed", query=BUNDLE_SITUATION.replace("outlet=sewer", "outlet=rain")),
        State("English", query=BUNDLE_SITUATION),
    )),
    Page("bundles:begin", exactly(BUNDLE), kind="act"),
    Page("bundles:draft", idof("bundle_draft"), states=(State("many", "citizen"), missing(NO_ID, "citizen"))),
    Page("bundles:form_page", both(idof("bundle_draft"), exactly(1)), states=(
        State("many", "citizen"), State("error", "citizen", fields={"shop_name": ""}, status=400),
    )),
    Page("bundles:autosave", both(idof("bundle_draft"), exactly(1)), kind="act"),
    Page("bundles:materials", idof("bundle_draft"), states=(
        State("many", "citizen"), State("empty", "citizen", args=idof("bundle_begun")),
        State("error", "citizen", fields={"_end": "1"}, status=400), State("English", "citizen"),
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
        State("English", "citizen"),
    )),
    Page("bundles:public_progress", number("bundle_running"), states=(State("one", way=bundle_code_given),)),
    Page("bundles:file", both(number("bundle_asked"), idof("bundle_file")), kind="file"),
    Page("bundles:correction", number("bundle_asked"), states=(
        State("one", "citizen"), State("error", "citizen", fields={"key": "", "_end": "1"}, status=400),
    )),
    Page("bundles:correction_remove", both(number("bundle_asked"), idof("bundle_file")), states=(
        State("one", "citizen"),
    )),
    Page("bundles:withdraw", number("bundle_running"), states=(State("one", "citizen"),)),
    Page("bundles:project", number("project"), states=(State("one", "citizen"), missing(NO_NUMBER, "citizen"))),
    Page("cases:query", states=(
        State("empty"), State("error", fields={"number": "99010420200101000099", "code": "AAAAAA"}, status=404),
        State("English", fields={"number": "99010420200101000099", "code": "AAAAAA"}, status=404),
    )),
    Page("cases:public_progress", number("accepted"), states=(State("one", way=query_code_given),)),
    Page("cases:public_receipt", number("accepted"), kind="file"),
    Page("evaluation:rate", number("delivered"), states=(State("English", "citizen"),
        State("empty", "citizen"), State("error", "citizen", fields={"text": "很" * 501}, status=400),
        State("one", "citizen", args=number("rated")), State("closed", "citizen", args=number("received")),
        forbidden("department_head"),
    )),
)  # fmt: skip

STAFF = (
    Page("evaluation:ratings", states=(
        State("one", "department_head"), State("empty", "efficiency_supervisor", house="empty"), forbidden("reviewer"),
    )),
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
        missing(NO_NUMBER, "window_clerk"),
    )),
    Page("workbench:bundle_paper", both(number("bundle_asked"), idof("bundle_file")), kind="file"),
    Page("workbench:bundle_result", number("bundle_outside"), kind="act"),
    Page("workbench:bundle_subject", number("bundle_outside"), kind="act"),
    Page("workbench:bundle_acceptance", number("bundle_running"), kind="act"),
    Page("workbench:bundle_correction", number("bundle_running"), kind="act"),
    Page("workbench:bundle_extension", number("bundle_running"), kind="act"),
    Page("workbench:bundle_points", number("bundle_checking"), kind="act"),
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
    Page("workbench:search", states=(
        State("empty", "window_clerk"), State("empty", "reviewer", query="q=99010420200101000099"),
        State("one", "reviewer", query="q=食品经营"),
        State("error", "window_clerk", fields={"citizen_number": "123"}, status=400), forbidden("audit_officer"),
    )),
    Page("workbench:case", number("accepted"), states=(
        *(State("one", "reviewer", args=number(case)) for case in (
            "received", "correction", "accepted", "overdue", "reviewed", "suspended", "granted", "refused",
            "delivered")),
        *(State("one", "own_reviewer", args=number(case)) for case in ("accepted", "suspended", "returned")),
        State("one", "own_leader", args=number("reviewed")),
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
    Page("workbench:return_inside", number("reviewed"), states=(
        State("one", "own_leader"), State("error", "own_leader", fields={"reason": ""}, status=400),
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
    )),
    Page("workbench:deliver", number("granted"), states=(
        State("one", "window_clerk"), State("error", "window_clerk", fields={"way": "post"}, status=400),
    )),
    Page("workbench:counter", states=(
        State("many", "window_clerk"), State("empty", "window_clerk", query="list=longest"),
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
    Page("workbench:visit", both(number("visit"), idof("visit")), states=(State("one", "inspector"),)),
    Page("workbench:visit_move", both(number("visit"), idof("visit")), states=(
        State("one", "inspector"), State("error", "inspector", fields={"reason": ""}, status=400),
    )),
    Page("workbench:visit_sign", both(number("visit"), idof("visit")), states=(
        State("one", "inspector"), State("error", "inspector", fields={"party_name": ""}, status=400),
    )),
    Page("workbench:visit_photos", both(number("visit"), idof("visit")), kind="act"),
    Page("workbench:visit_photo", both(number("visit"), idof("visit"), idof("visit_photo")), kind="file"),
    Page("workbench:visit_remove_photo", both(number("visit"), idof("visit"), idof("visit_photo")), kind="act"),
    Page("workbench:health", states=(
        State("many", "system_officer"), State("empty", "system_officer", house="empty"), forbidden("reviewer"),
    )),
    Page("workbench:retry", kind="act"),
    Page("workbench:seals", states=(
        State("many", "system_officer"), State("empty", "system_officer", house="empty"), forbidden("reviewer"),
    )),
    Page("workbench:provide_seal", kind="act"),
    Page("workbench:audit", states=(
        State("empty", "audit_officer"), State("many", "audit_officer", query="action=case.file"),
        forbidden("system_officer"),
    )),
    Page("workbench:receipt", lambda stage: (stage.cases["accepted"],), kind="file"),
    Page("demo_codes", states=(State("many"),)),
)  # fmt: skip

CATALOGUE = (
    Page("workbench:outside_lists", states=(
        State("empty", "list_editor"), State("empty", "list_reviewer", query="since=2020-01-01"), forbidden("reviewer"),
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
    Page("catalogue:compare", exactly(SERVICE), states=(State("empty", "catalogue_editor"),)),
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
        missing(NO_ID, "catalogue_reviewer"),
    )),
    Page("catalogue:review_undo", idof("review_deed"), kind="act"),
)  # fmt: skip

PAGES = (
    *PORTAL,
    *UI,
    *IDENTITY,
    *LAW,
    *NOTIFICATIONS,
    *CERTIFICATES,
    *APPLYING,
    *FOLLOWING,
    *CATALOGUE,
    *STAFF,
)
