"""What every request costs and what no request gets: marks, default deny, two statements."""

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from mingqu.identity.tests import factories
from mingqu.identity.urls import urlpatterns as own
from mingqu.ui.access import public, signed_in, staff


def page():
    """A view of its own each time: the mark is set on the function."""

    def view(request):
        return HttpResponse(request.actor.name if request.actor else "nobody")

    return view


def unmarked(request):
    return HttpResponse("should not be seen")


urlpatterns = [
    path("t/unmarked/", unmarked),
    path("t/public/", public(page())),
    path("t/mine/", signed_in(page())),
    path("t/review/", staff("case.review")(page())),
    path("api/t/review/", staff("case.review")(page())),
    path("", include("mingqu.config.urls")),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def as_role(*roles: str) -> Client:
    return factories.signed_in(Client(), factories.staff_user("周敏", factories.post(None, *roles)))


def test_a_view_without_a_mark_is_refused_for_everyone():
    citizen, _ = factories.citizen()
    for client in (Client(), factories.signed_in(Client(), citizen), as_role("reviewer", "system_officer")):
        answer = client.get("/t/unmarked/")
        assert answer.status_code == 403
        assert b"should not be seen" not in answer.content


def test_a_page_of_staff_opens_for_a_post_that_allows_it_only():
    citizen, _ = factories.citizen()

    assert as_role("reviewer").get("/t/review/").content.decode() == "周敏"
    assert as_role("window_clerk").get("/t/review/").status_code == 403
    assert factories.signed_in(Client(), citizen).get("/t/review/").status_code == 403
    assert Client().get("/t/review/").url == "/staff/sign-in/?next=%2Ft%2Freview%2F"
    assert factories.signed_in(Client(), factories.staff_user("无岗")).get("/t/review/").status_code == 403


def test_a_page_of_citizens_does_not_open_for_staff():
    citizen, _ = factories.citizen("李晓禾")

    assert factories.signed_in(Client(), citizen).get("/t/mine/").content.decode() == "李晓禾"
    assert as_role("reviewer").get("/t/mine/").status_code == 403
    assert Client().get("/t/mine/").url == "/sign-in/?next=%2Ft%2Fmine%2F"


def test_programs_are_told_in_their_own_way():
    refused = as_role("window_clerk").get("/api/t/review/")

    assert refused.status_code == 403
    assert refused.json()["code"] == "not_authorised"
    assert Client().get("/api/t/review/").status_code == 401


def test_a_fragment_sends_the_whole_page_to_sign_in():
    answer = Client().get(
        "/t/review/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/?page=2"}
    )

    assert answer.headers["HX-Redirect"] == "/staff/sign-in/?next=%2Fdesk%2F%3Fpage%3D2"


def test_two_statements_tell_session_person_posts_and_mandates(django_assert_num_queries):
    bureau = factories.department()
    for _ in range(3):
        factories.department("科", parent=bureau)
    user = factories.staff_user(
        "周敏", factories.post(bureau, "reviewer", "checker"), factories.post(bureau, "approver")
    )
    client = factories.signed_in(Client(), user)
    client.get("/t/review/")

    with django_assert_num_queries(2):
        assert client.get("/t/review/").status_code == 200
    citizen, _ = factories.citizen()
    client = factories.signed_in(Client(), citizen)
    client.get("/t/mine/")
    with django_assert_num_queries(2):
        assert client.get("/t/mine/").status_code == 200


def test_a_stranger_costs_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/t/public/").content == b"nobody"


def test_a_made_up_session_cookie_is_nobody():
    client = Client()
    client.cookies["mingqu_session"] = "0" * 32

    assert client.get("/t/public/").content == b"nobody"


@override_settings(MINGQU_BEHIND_PROXY=True)
def test_behind_a_proxy_the_address_is_the_one_the_proxy_wrote(rf):
    from mingqu.identity.web import client_address

    forged = rf.get("/", headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9"}, REMOTE_ADDR="10.0.0.1")
    assert client_address(forged) == "203.0.113.9"


@pytest.mark.parametrize(
    ("address", "counted"),
    [("203.0.113.9", "203.0.113.9"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", "unknown")],
)
def test_an_address_counts_as_one_customer(rf, address, counted):
    from mingqu.identity.web import client_address

    assert client_address(rf.get("/", REMOTE_ADDR=address)) == counted
    assert client_address(rf.get("/", REMOTE_ADDR=address, headers={"X-Forwarded-For": "1.1.1.1"})) == counted


def test_every_address_of_this_room_has_a_mark():
    from mingqu.identity.web import rule_of

    assert own
    assert [p.name for p in own if rule_of(p.callback) is None] == []
