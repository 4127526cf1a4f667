"""Halls: appointments, numbers, windows."""

from django.test import Client
from django.urls import reverse

from mingqu.hall.views.terminal import COOKIE
from mingqu.kernel.ids import new_id
from tests.pages.made import SERVICE, Page, State
from tests.pages.ways import both, exactly, forbidden, idof, missing, number, word
from tests.stage import Stage

NO_BOOKING = exactly("YY99010420200101000099")
NO_CASE = exactly("99010420200101000099")


def place_held(client: Client, stage: Stage) -> str:
    """A minute ago at most: the place is kept for ten."""
    answer = client.post(
        reverse("hall:hold"), {"key": str(new_id()), "slot": str(stage.ids["slot"]), "item": SERVICE}
    )
    return answer["Location"]


def at_terminal(client: Client, stage: Stage) -> None:
    """A browser that a manager registered."""
    answer = stage.client("hall_manager").post(
        reverse("hall:register_terminal", args=["H1"]), {"key": str(new_id())}
    )
    client.cookies[COOKIE] = answer.cookies[COOKIE].value


def at_window(client: Client, stage: Stage) -> None:
    client.post(reverse("workbench:queue"), {"window": str(stage.ids["window"])})


def number_called(client: Client, stage: Stage) -> None:
    at_window(client, stage)
    client.post(reverse("workbench:queue_act"), {"key": str(new_id()), "act": "call_next"})


HALL = (
    Page("hall:choose", states=(
        State("English", "citizen", query=f"item={SERVICE}"), State("many"), State("many", "citizen"),
        State("empty", house="empty"), State("closed", query="item=NONE", status=404),
    )),
    Page("hall:hold", kind="act"),
    Page("hall:book", both(idof("slot"), idof("hold")), states=(
        State("one", "citizen", way=place_held), State("English", "citizen", way=place_held),
        State("error", "citizen", way=place_held, fields={"name": "", "phone": "1"}, status=400),
    )),
    Page("hall:mine", states=(State("many", "citizen"), State("empty", "newcomer"), State("English", "citizen"))),
    Page("hall:booking", number("booking"), states=(
        State("one", "citizen"), State("closed", "citizen", args=number("booking_cancelled")),
        State("English", "citizen"), missing(NO_BOOKING, "citizen"),
    )),
    Page("hall:move", number("booking"), states=(State("many", "citizen"), State("English", "citizen"),
        State("closed", "citizen", args=number("booking_cancelled")),
    )),
    Page("hall:cancel", number("booking"), states=(State("one", "citizen"), State("English", "citizen"))),
    Page("hall:calendar", number("booking"), kind="file"),
    Page("hall:terminal", states=(
        State("many", way=at_terminal), State("English", way=at_terminal), State("closed", status=403),
    )),
    Page("hall:check_in", states=(
        State("empty", way=at_terminal), State("English", way=at_terminal),
        State("error", way=at_terminal, fields={"tail": "1", "phone_tail": ""}, status=400),
    )),
    Page("hall:number", both(idof("queue"), idof("queue_number")), states=(
        State("one", way=at_terminal), State("English", way=at_terminal),
    )),
    Page("hall:halls", kind="leads_on"),
    Page("hall:manage", exactly("H1"), states=(
        State("many", "hall_manager"), forbidden("reviewer"),
        State("closed", "hall_manager", args=exactly("H2"), status=404),
    )),
    Page("hall:new", states=(
        State("one", "hall_manager"), State("error", "hall_manager", fields={"code": "H1", "name": "x"}, status=400),
        forbidden("reviewer"),
    )),
    Page("hall:windows", exactly("H1"), states=(
        State("many", "hall_manager"), State("closed", "hall_manager", args=exactly("H2"), status=404),
        State("error", "hall_manager", fields={"address": ""}, status=400), forbidden("reviewer"),
    )),
    Page("hall:change", exactly("H1"), kind="act"),
    Page("hall:keep_line", exactly("H1"), kind="act"),
    Page("hall:keep_window", exactly("H1"), kind="act"),
    Page("hall:parcels", states=(
        State("one", "window_clerk"), State("many", "window_clerk", query="show=open"),
        State("empty", "window_clerk", house="empty"),
        State("closed", "window_clerk", query="show=returned"), forbidden("reviewer"),
    )),
    Page("hall:parcel", number("sent"), states=(
        State("one", "window_clerk"), State("empty", "window_clerk", args=number("arrived")),
        State("many", "window_clerk", args=number("to_send")),
        State("closed", "window_clerk", args=number("accepted")),
        State("error", "window_clerk", args=number("arrived"), fields={"address": ""}, status=400),
        forbidden("reviewer"),
    )),
    Page("hall:export_parcels", kind="act"),
    Page("hall:cancel_parcel", both(number("sent"), idof("consignment")), kind="act"),
    Page("hall:own_parcel", number("sent"), states=(
        State("one", "citizen"), State("English", "citizen"), missing(number("arrived"), "citizen"),
    )),
    Page("hall:readdress", number("to_send"), states=(
        State("one", "citizen"), State("English", "citizen"),
        State("error", "citizen", fields={"delivery": "post", "phone": "12"}, status=400),
        missing(NO_CASE, "citizen"),
    )),
    Page("hall:double_courier", word("courier"), states=(State("one"), State("English"))),
    Page("hall:devices", exactly("H1", "1"), states=(
        State("many", "hall_manager"), State("empty", "hall_manager", args=exactly("H1", "2")),
        State("closed", "hall_manager", args=exactly("H1", "99"), status=404), forbidden("reviewer"),
    )),
    Page("hall:pairing_code", exactly("H1", "1"), kind="act"),
    Page("hall:end_pairing", exactly("H1", "1"), kind="act"),
    Page("workbench:ask_device", kind="act"),
    Page("hall:opening", exactly("H1"), kind="act"),
    Page("hall:close", exactly("H1"), kind="act"),
    Page("hall:reopen", exactly("H1"), kind="act"),
    Page("hall:register_terminal", exactly("H1"), kind="act"),
    Page("hall:end_terminal", both(exactly("H1"), idof("terminal")), kind="act"),
    Page("workbench:queue", states=(
        State("one", "window_clerk"), State("many", "window_clerk", way=at_window),
        State("middle of the way", "window_clerk", way=number_called), State("empty", "window_clerk", house="empty"),
        forbidden("reviewer"),
    )),
    Page("workbench:queue_act", kind="act"),
)  # fmt: skip

# Programs read these; a first answer of each.
API = (
    Page("api:openapi-json", kind="file"),
    Page("api:api-root", kind="file"),
    Page("api:service_list", kind="file"),
    Page("api:service", exactly(SERVICE), kind="file"),
    Page("api:form", exactly(SERVICE), kind="file"),
    Page("api:result_list", kind="file"),
    Page("api:progress", number("accepted"), kind="file"),
    Page("api:appointment_lines", kind="file"),
    Page("api:free_slots", idof("line"), kind="file"),
    Page("api:hold", kind="file"),
    Page("api:appointments", kind="file"),
    Page("api:book", kind="file"),
    Page("api:appointment", number("booking"), kind="file"),
    Page("api:move", number("booking"), kind="file"),
    Page("api:cancel", number("booking"), kind="file"),
    Page("api:courier_callback", exactly("double"), kind="file"),
    Page("api:device_pairing", kind="file"),
    Page("api:device_rating", kind="file"),
    Page("api:payment_callback", exactly("double"), kind="file"),
)
