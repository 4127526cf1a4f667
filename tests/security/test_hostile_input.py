"""Whatever stands in an address, a field or a body is answered; nothing of it ends in an error of ours."""

import json
import re
from urllib.parse import quote

import pytest
from django.db.utils import DataError
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from mingqu.identity.tests import factories as people
from mingqu.ui.middleware import RefusalMiddleware, TextUnkeepable

pytestmark = pytest.mark.django_db
ID = "01930000-0000-7000-8000-000000000000"
NASTY = ["a\x00b", "\uffff\u202egpj.exe²'\"><script>", "9" * 400]
CURSORS = [
    f"2026-01-01T00:00:00+00:00_{ID}_99999999999999999999",
    f"999999999999999999_{ID}",
    f"9999-12-31_{ID}",
]
FIELDS = ["before", "after", "q", "account", "tab", "item", "next", "code", "show", "number", "page", "file",
          "_draft", "_asked", "_ask", "status", "phone", "key", "department"]  # fmt: skip


def addresses(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from addresses(entry, path)


def filled(path: str, value: str) -> str:
    def one(match):
        return {"uuid": ID, "int": "1"}.get(match.group(1)) or quote(value, safe="")

    return "/" + re.sub(r"<(\w+):\w+>", one, path)


@pytest.fixture(
    params=["nobody", "citizen", "window_clerk", pytest.param("audit_officer", marks=pytest.mark.long)]
)
def client(request, settings):
    """Most is refused; drawn it is for who is not signed in and in the long run, for others in a test of its own."""
    if request.param in {"citizen", "window_clerk"}:
        request.getfixturevalue("plain_refusals")
    settings.MINGQU_LIMITS = dict.fromkeys(settings.MINGQU_LIMITS, (10**6, 60))
    return client_of(request.param)


def client_of(who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who == "citizen":
        people.signed_in(client, people.citizen()[0])
    elif who != "nobody":
        people.signed_in(client, people.staff_user("周敏", people.post(None, who)))
    return client


@pytest.mark.parametrize("value", NASTY, ids=["nul", "signs", "long"])
@pytest.mark.parametrize(
    ("who", "path"), [("citizen", "certificates/<str:number>/"), ("window_clerk", "desk/cases/<str:number>/")]
)
def test_a_refusal_is_drawn_whatever_stands_in_the_address(who, path, value):
    assert path in set(addresses())

    answer = client_of(who).get(filled(path, value))

    page = answer.content.decode()
    assert 400 <= answer.status_code < 500
    assert "'\"><script>" not in page and 'href="/' in page, "a page that leads on"


def test_no_text_in_an_address_breaks_a_page(client):
    paths = sorted({path for path in addresses() if "<str:" in path})
    assert paths
    for path in paths:
        for value in NASTY:
            for method in (client.get, client.post):
                assert method(filled(path, value)).status_code < 500, (path, value, method)


def test_a_field_with_a_nul_is_refused_where_no_form_cleaned_it(settings):
    client = Client(raise_request_exception=False)
    people.signed_in(client, people.staff_user("周敏", people.post(None, "window_clerk")))
    answer = client.post("/desk/batch/accept/", {"item": "a\0b"})
    assert answer.status_code == 400 and TextUnkeepable.code in answer.content.decode()


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b", "\\udfff"])
@pytest.mark.parametrize("path", ["/api/v1/appointment-holds", "/api/v1/appointments"])
def test_a_program_that_sends_what_can_not_be_kept_is_told_so(path, text):
    client = Client(raise_request_exception=False)
    people.signed_in(client, people.citizen()[0])
    for body in (f'{{"slot": "{text}"}}', f'{{"{text}": 1}}', f'{{"a": [{{"b": "{text}"}}]}}'):
        answer = client.post(path, body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "text_unkeepable"), body


@pytest.mark.parametrize(
    "error",
    [
        DataError("unsupported Unicode escape sequence"),
        ValueError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    ],
)
def test_what_only_the_database_refuses_is_told_and_any_other_error_stays_one(rf, error):
    refused = RefusalMiddleware(lambda request: None)

    answer = refused.process_exception(rf.post("/api/v1/x"), error)

    assert (answer.status_code, json.loads(answer.content)["code"]) == (400, "text_unkeepable")
    assert refused.process_exception(rf.post("/api/v1/x"), ValueError("another")) is None


def every_value(turn: int) -> list[str]:
    return [*NASTY, *CURSORS]


def two_values(turn: int) -> list[str]:
    """For the short run: at each address another text and another cursor."""
    return [NASTY[turn % len(NASTY)], CURSORS[turn // len(NASTY) % len(CURSORS)]]


@pytest.mark.parametrize(
    "values", [two_values, pytest.param(every_value, marks=pytest.mark.long)], ids=["short", "whole"]
)
def test_no_query_or_field_breaks_a_page(client, values):
    paths = sorted({path for path in addresses() if "<" not in path} - {"readyz"})
    assert {value for turn in range(len(paths)) for value in values(turn)} == {*NASTY, *CURSORS}
    for turn, path in enumerate(paths):
        for value in values(turn):
            for method in (client.get, client.post):
                answer = method("/" + path, dict.fromkeys(FIELDS, value))
                assert answer.status_code < 500, (path, value, method)


@pytest.mark.parametrize(
    "credential",
    [
        "[" * 200_000,
        json.dumps({"id": "x", "rawId": 5, "response": {}}),
        '"\\ud800"',
        "1e999",
        "null",
        json.dumps(
            {
                "id": "AA",
                "rawId": "AA",
                "type": "public-key",
                "response": {
                    "authenticatorData": "AA",
                    "clientDataJSON": "AA",
                    "signature": "AA",
                    "userHandle": "/w==",
                },
            }
        ),
    ],
)
def test_a_passkeys_answer_may_be_anything(credential):
    client = Client(raise_request_exception=False)

    assert client.post("/staff/sign-in/passkey/", {"credential": credential}).status_code == 302


@pytest.mark.parametrize("code", ["１２３４５６", "é", "१२३४५६", "\x00", "9" * 5000, "\u202e123456"])
def test_a_code_may_be_anything(code):
    citizen, staff = Client(raise_request_exception=False), Client(raise_request_exception=False)
    user = people.staff_user("周敏", people.post(None, "window_clerk"))

    assert citizen.post("/sign-in/", {"phone": people.phone()}).status_code == 302
    assert citizen.post("/sign-in/code/", {"code": code}).status_code == 400
    assert (
        staff.post("/staff/sign-in/", {"username": user.username, "password": people.PASSWORD}).status_code
        == 302
    )
    assert staff.post("/staff/second-factor/set-up/", {"code": code}).status_code == 400


@pytest.mark.parametrize("address", ["/services/%00/", "/search/?q=a%00b", "/desk/%00"])
def test_an_address_nobody_types_is_refused_on_a_page_that_leads_on(address):
    answer = Client(raise_request_exception=False).get(address)

    page = answer.content.decode()
    assert answer.status_code == 400 and TextUnkeepable().message in page
    assert "\0" not in page and 'href="/"' in page
