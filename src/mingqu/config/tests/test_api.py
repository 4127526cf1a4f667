"""The five functions for programs: services, forms, appointments, progress, results; the same rules as the pages."""

import json
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import schemathesis
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as tuned

from mingqu.cases.tests import factories as cases
from mingqu.config import api
from mingqu.hall.models import Booking, SlotPlace
from mingqu.hall.tests import factories as halls
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.portal.selectors import programs

ITEM = "QH-SPJYXK"
V1 = "/api/v1"


@pytest.fixture
def w(db):
    return cases.world()


@pytest.fixture
def me(w):
    return people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))


def sent(client, path, body=None, key=None, **headers):
    headers |= {"Idempotency-Key": str(key or uuid4())}
    return client.post(
        f"{V1}{path}", json.dumps(body or {}), content_type="application/json", headers=headers
    )


def refusal(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["detail"] and told["status"] == answer.status_code
    return answer.status_code, told["code"]


def test_services_are_listed_found_and_told(w, client):
    listed = client.get(f"{V1}/services").json()
    found = client.get(f"{V1}/services", {"q": "食品经营"}).json()
    told = client.get(f"{V1}/services/{ITEM}").json()

    assert ITEM in [one["code"] for one in listed["services"]]
    assert found["services"][0]["code"] == ITEM and "<" not in found["services"][0]["name"]
    assert told["name"] and told["materials"] and told["limits"] and told["conditions"]
    assert refusal(client.get(f"{V1}/services/NONE")) == (404, "item_unknown")


def test_the_page_for_programmers_has_words_for_every_operation_and_parameter_and_no_others(client):
    told = [(path, one) for path, methods in api.described()["paths"].items() for one in methods.values()]
    words = programs.words()
    assert set(words["operations"]) == {programs.key_of(one) for _, one in told}
    assert set(words["groups"]) == {one["tags"][0] for _, one in told}
    assert set(words["parameters"]) == {
        given["name"] for _, one in told for given in one.get("parameters", [])
    }

    page = client.get("/api/").content.decode()
    assert all(f"{path}</span>" in page for path, _ in told)
    who = {one.key: one.who for group in programs.groups() for one in group.operations}
    assert (who["service_list"], who["book"], who["payment_callback"]) == ("open", "session", "signed")
    assert "idempotency-key" in page.lower() and "item_unknown" in page


def test_the_form_of_a_service_is_its_schema(w, client):
    told = client.get(f"{V1}/services/{ITEM}/form").json()

    assert "shop_name" in json.dumps(told["fields"])
    assert told["pages"] and len(told["revision"]) == 64


def test_an_appointment_is_booked_moved_and_cancelled_by_a_program(w, me):
    made = halls.hall_from_tomorrow()
    (line, *_rest) = me.get(f"{V1}/appointment-lines", {"service": ITEM}).json()
    slots = me.get(f"{V1}/appointment-lines/{line['id']}/slots").json()
    assert line["id"] == str(made.a) and slots[0]["places_left"] == 2

    hold, key = sent(me, "/appointment-holds", {"slot": slots[0]["id"]}).json(), uuid4()
    asked = {
        "hold": hold["id"],
        "slot": hold["slot"],
        "name": "李晓禾",
        "phone": halls.PHONE,
        "service": ITEM,
    }
    first, second = (sent(me, "/appointments", asked, key=key) for _ in range(2))
    assert (first.status_code, first.json()) == (201, second.json())
    assert Booking.objects.count() == 1
    number = first.json()["number"]
    assert halls.PHONE not in first.content.decode()

    moved = sent(me, f"/appointments/{number}/time", {"slot": slots[1]["id"]}).json()
    assert moved["begins_at"] == slots[1]["begins_at"]
    assert sent(me, f"/appointments/{number}/cancellation").json()["state"] == "cancelled"
    assert [one["number"] for one in me.get(f"{V1}/appointments").json()] == [number]
    assert refusal(sent(me, f"/appointments/{number}/cancellation")) == (409, "booking_settled")


def test_who_is_not_signed_in_or_somebody_else_gets_no_appointment(w, me, client):
    made = halls.hall_from_tomorrow()
    row = halls.booked(halls.slots(made, days=1)[0], w.citizen, at=timezone.now())
    stranger = people.signed_in(Client(), people.citizen("张三")[0])

    assert refusal(client.get(f"{V1}/appointments"))[0] == 401
    assert refusal(sent(client, "/appointment-holds", {"slot": str(uuid4())}))[0] == 401
    for answer in (
        stranger.get(f"{V1}/appointments/{row.number}"),
        sent(stranger, f"/appointments/{row.number}/cancellation"),
    ):
        assert refusal(answer) == (404, "booking_not_found")
    assert stranger.get(f"{V1}/appointments").json() == []
    assert halls.again(row).state == "booked"


def test_a_write_needs_the_token_of_the_pages(w):
    strict = people.signed_in(Client(enforce_csrf_checks=True), User.objects.get(pk=w.citizen.user_id))
    made = halls.hall_from_tomorrow()

    answer = sent(strict, "/appointment-holds", {"slot": str(halls.slots(made, days=1)[0].pk)})
    assert answer.status_code == 403
    assert not SlotPlace.objects.exclude(booking_id=None).exists()


def test_progress_is_told_for_number_and_code_and_for_nothing_else(w, client):
    case = cases.accepted_case(w)
    path = f"{V1}/cases/{case.number}/progress"
    told = client.get(path, headers={"X-Query-Code": case.query_code})

    assert told.status_code == 200
    assert (told.json()["number"], told.json()["state"]) == (case.number, "accepted")
    assert told.json()["deadlines"] and told.json()["happenings"]
    assert "李晓禾" not in told.content.decode()
    wrong = refusal(client.get(path, headers={"X-Query-Code": "AAAAAAAA"}))
    absent = refusal(client.get(f"{V1}/cases/99010420200101000099/progress", headers={"X-Query-Code": "A"}))
    assert wrong == absent == (404, "case_not_found")


def test_wrong_codes_are_limited_as_on_the_page(w, client, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"progress_address": (2, 600)}
    path = f"{V1}/cases/99010420200101000099/progress"
    answers = [client.get(path, headers={"X-Query-Code": "A"}).status_code for _ in range(3)]

    assert answers == [404, 404, 429]


def test_results_are_open_to_everybody_with_names_masked(w, client):
    told = client.get(f"{V1}/results", {"service": ITEM})

    assert told.status_code == 200
    assert told.json() == {"results": [], "before": ""}


def test_what_is_wrong_in_a_request_is_named_and_never_repeated(w, me):
    answer = sent(me, "/appointment-holds", {"slot": "13800001234"})
    assert refusal(answer) == (422, "request_invalid")
    assert answer.json()["field"] == "slot" and "13800001234" not in answer.content.decode()
    broken = me.post(
        f"{V1}/appointment-holds",
        "{",
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert refusal(broken)[0] in {400, 422}


def test_every_operation_has_a_mark_and_is_described(client, db):
    schema = client.get(f"{V1}/openapi.json").json()
    marks = api._marks(api.ROUTERS)

    assert schema["openapi"].startswith("3.1")
    assert len(schema["paths"]) == 17
    assert {rule.kind for rule in marks.values()} == {"public", "signed_in"}
    assert marks["progress"].kind == "public" and marks["book"].kind == "signed_in"


@pytest.mark.parametrize(
    "examples", [pytest.param(2, id="short"), pytest.param(60, marks=pytest.mark.long, id="long")]
)
def test_no_request_a_machine_makes_up_is_an_error_of_ours(w, me, examples, settings):
    """schemathesis makes requests from the description: right ones, wrong ones, absurd ones."""
    settings.MINGQU_LIMITS = dict.fromkeys(settings.MINGQU_LIMITS, (10**6, 60))
    halls.hall_from_tomorrow()
    described = schemathesis.openapi.from_dict(me.get(f"{V1}/openapi.json").json())
    seen = set()
    for operation in (one.ok() for one in described.get_all_operations()):

        @tuned(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def tried(case):
            answer = asked_by(me, case)
            seen.add((case.method, case.operation.path))
            assert answer.status_code < 500
            if answer.status_code in {409, 422, 429}:
                assert answer["Content-Type"] == "application/problem+json"

        tried()
    assert len(seen) == 18


def asked_by(client, case):
    """The request as the test client sends it."""
    sent_headers = {k: v for k, v in dict(case.headers or {}).items() if v.isascii() and v.isprintable()}
    query = urlencode({k: v for k, v in dict(case.query or {}).items() if v is not None}, doseq=True)
    body = json.dumps(case.body) if isinstance(case.body, dict | list | str | int | float | bool) else ""
    return client.generic(
        case.method,
        case.formatted_path,
        body,
        content_type="application/json",
        query_params=None,
        QUERY_STRING=query,
        headers=sent_headers,
    )


def test_what_is_no_json_is_refused_without_a_word_of_it(w, me):
    answer = me.post(
        f"{V1}/appointment-holds",
        '{"slot": "李晓禾',
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())},
    )

    assert refusal(answer) == (400, "request_unreadable")
    assert "李晓禾" not in answer.content.decode()
    assert not SlotPlace.objects.exclude(booking_id=None).exists()


@pytest.mark.parametrize("sign", ["\\u0000", "\\ud800", "\\uffff"])
def test_no_sign_that_json_can_say_is_an_error_of_ours_or_comes_back(w, settings, sign):
    """PostgreSQL takes no NUL, and half a surrogate is no text at all: both are said in JSON by their numbers."""
    settings.MINGQU_LIMITS = dict.fromkeys(settings.MINGQU_LIMITS, (10**6, 60))
    me = people.signed_in(Client(raise_request_exception=False), User.objects.get(pk=w.citizen.user_id))
    slot = halls.slots(halls.hall_from_tomorrow(), days=1)[0]
    held = halls.hold(slot, w.citizen, at=timezone.now())
    right = {"hold": str(held.id), "slot": str(slot.pk), "name": "李晓禾", "phone": halls.PHONE}
    for field in ("name", "phone", "service", "hold"):
        body = json.dumps(right | {field: "SIGN食品"}).replace("SIGN", sign)
        answer = me.post(
            f"{V1}/appointments",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert 400 <= answer.status_code < 500 or field == "name", (field, answer.content)
        assert answer.status_code < 500 and "食品" not in answer.content.decode()
