"""Devices at the window: the double plays each of them, with what goes wrong; beside each stands the keyboard."""

import http.client
import json
import threading
from base64 import b64decode, b64encode
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse

import mingqu
from mingqu.cases.tests import factories as f
from mingqu.documents import services as documents
from mingqu.evaluation.models import Rating
from mingqu.hall.bridge.double import CARD, DEVICES, Double, serve
from mingqu.hall.bridge.signing import opened, page_token
from mingqu.hall.errors import CardDiffers
from mingqu.hall.tests import factories as halls
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.workbench.tests.pages import key_in, text_of, url

pytestmark = pytest.mark.django_db
FIND, ASK = "/desk/window/", "/desk/window/devices/ask/"
SITE = "http://127.0.0.1:8000"
SCHEMA = Path(mingqu.__file__).parents[2] / "docs/devices/1.0.schema.json"
POLICY = "connect-src 'self' http://127.0.0.1:17630;"


@pytest.fixture
def made(db):
    return halls.hall(at=f.FRIDAY_NOON)


@pytest.fixture
def paired(made):
    return halls.devices(made, at=f.FRIDAY_NOON)


@pytest.fixture
def clerk(made):
    """At window 1."""
    client = people.signed_in(Client(), User.objects.get(pk=made.clerk.user_id))
    client.post(reverse("workbench:queue"), {"window": str(made.one)})
    return client


@contextmanager
def running(paired, tell=lambda answer: None, **more):
    """The double of this window on a free port: asks it like a page; and its faults."""
    double = Double(paired.secret, SITE, paired.devices, tell, press_within=5, slow=0.01, **more)
    server = serve(double, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()

    def talk(device, body=None, *, path="/v1/", method="POST", **headers):
        here = f"127.0.0.1:{server.server_address[1]}"
        line = http.client.HTTPConnection(here, timeout=10)
        shown = {
            "Host": here,
            "Origin": SITE,
            "Authorization": f"Bearer {page_token(paired.secret)}",
            "Content-Type": "application/json",
        } | headers
        line.request(method, f"{path}{device}", json.dumps(body) if body is not None else None, shown)
        answer = line.getresponse()
        said = answer.status, answer.read(), answer.headers
        line.close()
        return said

    try:
        yield double, talk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(client, device, number="", key=None):
    return client.post(ASK, {"key": str(key or uuid4()), "device": device, "number": number})


def nonce(client, device, number=""):
    return ask(client, device, number).json()["nonce"]


def find(client, reading="", number=CARD["number"], **more):
    page = client.get(FIND)
    given = {"kind": "citizen_number", "number": number, "seen": "on", "reading": reading}
    return client.post(FIND, {"key": key_in(page), **given, **more})


def test_only_pages_of_a_paired_window_may_speak_with_its_program(made, clerk, paired):
    elsewhere = people.signed_in(Client(), User.objects.get(pk=made.clerk.user_id))

    page = clerk.get(FIND)
    assert POLICY in page["Content-Security-Policy"]
    assert page_token(paired.secret) in page.content.decode()
    assert paired.secret not in page.content.decode()
    for answer in (elsewhere.get(FIND), clerk.get("/desk/"), Client().get("/")):
        assert "17630" not in answer["Content-Security-Policy"]
        assert page_token(paired.secret) not in answer.content.decode()


def test_a_card_is_read_looked_up_and_registered_with_its_name(clerk, paired):
    with running(paired) as (_, talk):
        status, body, _ = talk("id_reader", {"nonce": nonce(clerk, "id_reader")})
    answer = json.loads(body)["answer"]

    page = find(clerk, answer)

    assert status == 200
    assert 'value="温小满"' in page.content.decode()
    again = find(clerk, answer)
    assert "已经用过" in text_of(again)
    assert answer not in again.content.decode()
    assert f'value="{CARD["number"]}"' in again.content.decode(), "what was read may be sent as typed"
    assert "登记申请人" in text_of(find(clerk))
    purposes = [
        entry.notes.get("purpose") for entry in AuditEntry.objects.filter(action="identity.look_up_person")
    ]
    assert sorted(purposes) == ["窗口办事", "窗口办事，读卡器读出"]


def test_what_the_clerk_changed_is_no_reading(clerk, paired):
    with running(paired) as (_, talk):
        answer = json.loads(talk("id_reader", {"nonce": nonce(clerk, "id_reader")})[1])["answer"]

    page = find(clerk, answer, people.citizen_number())

    assert page.status_code == 400
    assert CardDiffers.sentence in text_of(page)


def test_without_a_program_the_keyboard_finds_everybody(made, clerk):
    assert "data-mq-devices" not in clerk.get(FIND).content.decode()
    assert "登记申请人" in text_of(find(clerk))
    assert ask(clerk, "id_reader").json()["code"] == "bridge_missing"
    assert "还没有配对" in text_of(find(clerk, "whatever.signed"))


def test_every_device_of_the_double_says_what_the_protocol_says(clerk, paired):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    outside = jsonschema.Draft202012Validator(schema)
    inside = jsonschema.Draft202012Validator({**schema, "oneOf": [{"$ref": "#/$defs/answer"}]})
    with running(paired) as (double, talk):
        outside.validate(json.loads(talk("state", method="GET")[1]))
        for device in set(DEVICES) - {"rating"}:
            paper = {"document": b64encode(b"%PDF-1.7").decode(), "title": "收件凭证"}
            status, body, _ = talk(device, {"nonce": nonce(clerk, device)} | paper)
            assert status == 200, (device, body)
            outside.validate(json.loads(body))
            said = json.loads(opened_text(body))
            inside.validate(said)
            if device == "signature_pad":
                drawn = f"data:image/png;base64,{said['result']['image']}"
                assert documents.check_signature(drawn) is not None
            if device == "camera":
                assert b64decode(said["result"]["image"])[:2] == b"\xff\xd8"
        assert double.printed == 1
        status, body, _ = talk("printer", {"nonce": nonce(clerk, "printer"), "document": "bm8="})
        assert (status, json.loads(body)) == (409, {"error": "broken"})


def opened_text(body: bytes) -> bytes:
    return opened(json.loads(body)["answer"], 10**8)[0]


def test_what_goes_wrong_with_a_device_is_a_word_or_no_answer_at_all(clerk, paired):
    with running(paired) as (double, talk):
        for fault in ("no_card", "busy", "absent"):
            double.faults["id_reader"] = fault
            assert json.loads(talk("id_reader", {"nonce": nonce(clerk, "id_reader")})[1]) == {"error": fault}
        double.faults["id_reader"] = "slow"
        assert talk("id_reader", {"nonce": nonce(clerk, "id_reader")})[0] == 200
        for fault in ("cut_off", "nonsense"):
            double.faults["id_reader"] = fault
            with pytest.raises(ValueError):
                json.loads(talk("id_reader", {"nonce": nonce(clerk, "id_reader")})[1])
        double.faults["printer"] = "paper_out"
        assert json.loads(talk("printer", {"nonce": nonce(clerk, "printer")})[1]) == {"error": "paper_out"}


def test_the_double_answers_nobody_but_the_pages_of_its_window(clerk, paired):
    asked = {"nonce": nonce(clerk, "id_reader")}
    with running(paired) as (_, talk):
        strangers = (
            {"Origin": "http://elsewhere.example"},
            {"Origin": "null"},
            {"Host": "elsewhere.example"},
            {"Authorization": "Bearer wrong"},
            {"Authorization": ""},
        )
        for headers in strangers:
            status, body, answered = talk("id_reader", asked, **headers)
            assert (status, body) == (403, b"{}"), headers
            if "Authorization" not in headers:
                assert "Access-Control-Allow-Origin" not in answered
        assert talk("", method="OPTIONS", path="/v1/id_reader", Origin="http://elsewhere.example")[0] == 403
        assert talk("", method="OPTIONS", path="/v1/id_reader")[2]["Access-Control-Allow-Origin"] == SITE
        assert talk("fault", {}, path="/")[0] == 403, "a page of the site sets no faults"
        assert talk("id_reader", asked)[0] == 200
        assert json.loads(talk("id_reader", asked)[1]) == {"error": "replayed"}


def test_the_applicant_presses_a_level_that_no_page_of_the_clerk_has(w, browse):
    case = f.decided_case(w)
    hall = halls.hall(at=f.FRIDAY_NOON)
    paired, told = halls.devices(hall, at=f.FRIDAY_NOON), []
    client = browse("clerk")
    client.post(reverse("workbench:queue"), {"window": str(hall.one)})
    assert f'data-mq-rate="{case.number}"' in client.get(url("case", case)).content.decode()
    question = ask(client, "rating", case.number).json()
    assert [one["level"] for one in question["levels"]] == [5, 4, 3, 2, 1]

    with running(paired, told.append) as (double, talk):
        pressing = threading.Timer(0.3, double.press, [1])
        pressing.start()
        status, body, _ = talk("rating", question)
        pressing.join()
    assert (status, body) == (200, b'{"done": true}')
    program = Client(enforce_csrf_checks=True)
    for _ in range(3):
        heard = program.post("/api/v1/device-ratings", {"answer": told[0]}, content_type="application/json")
        assert (heard.status_code, heard.json()) == (200, {"heard": True})

    assert Rating.objects.get().level == 1
    page = client.get(url("case", case)).content.decode()
    assert "data-mq-rate" not in page
    assert "非常不满意" not in page
    assert ask(client, "rating", case.number).json()["code"] == "already_rated"


def test_a_program_is_paired_over_the_line_once(made):
    code = halls.pairing_code(made, at=f.FRIDAY_NOON)
    program = Client(enforce_csrf_checks=True)

    def pair(given):
        return program.post("/api/v1/device-pairings", given, content_type="application/json")

    assert pair({"code": "00000000", "port": 17630}).json()["code"] == "pairing_code_wrong"
    first = pair({"code": code, "port": 17630})
    assert first.status_code == 201
    assert len(first.json()["secret"]) >= 43
    assert pair({"code": code, "port": 17630}).status_code == 403


def test_a_scanner_gun_types_a_number_or_the_address_in_a_code(w, browse):
    case = f.decided_case(w)
    for typed in (case.number, f"https://site.example/cases/{case.number}/", f" {case.number}\n"):
        page = browse("clerk").post("/desk/counter/", {"number": typed})
        assert case.item_name in text_of(page), typed
