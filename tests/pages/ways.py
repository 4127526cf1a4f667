"""How one gets to a state: what was done before in the same browser, and which address it has."""

from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.models import Bundle
from mingqu.identity.services import second_factor
from mingqu.identity.tests import factories as people
from mingqu.workbench.tests import test_the_window as window
from tests.pages.made import (
    BUNDLE,
    BUNDLE_SITUATION,
    SERVICE,
    SITUATION,
    Args,
    State,
    Way,
    no_args,
)
from tests.stage import PHONE, TOTP, Stage


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


def bundle_begun_unknown(part: str = "") -> Way:
    """A page of the draft of a bundle begun without signing in."""

    def way(client: Client, stage: Stage) -> str:
        begun = client.post(reverse("bundles:begin", args=[BUNDLE]), parse_qs(BUNDLE_SITUATION))
        return str(begun["Location"]) + part

    return way


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
