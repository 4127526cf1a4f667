"""Addresses found by their first word: the same answers as when each is asked in turn."""

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, URLResolver, get_resolver, include, path
from django.urls.resolvers import RoutePattern

from mingqu.config.routing import Room, first_word


def view(name):
    return lambda request: HttpResponse(name)


PATTERNS = [
    path("", view("front"), name="front"),
    path("services/", view("list"), name="list"),
    path("services/<slug:code>/", view("one"), name="one"),
    path("<slug:word>/new/", view("any"), name="any"),
    path("services/new/", view("never"), name="never"),
    path("help", view("help"), name="help"),
    path("my/", include([path("", view("mine"), name="mine"), path("a/", view("a"), name="a")])),
    path("", include([path("deep/<int:number>/", view("deep"), name="deep")])),
]
ASKED = [
    "", "services/", "services/QH-1/", "services/new/", "other/new/", "help", "help/", "my/", "my/a/", "my/b/",
    "deep/3/", "deep/x/", "nowhere", "services", "/",
]  # fmt: skip


def answer(resolver, address):
    try:
        found = resolver.resolve(address)
    except Resolver404:
        return None
    return found.view_name, found.kwargs, found.route


@pytest.mark.parametrize("address", ASKED)
def test_an_address_leads_where_it_would_if_each_were_asked_in_turn(address):
    pattern = RoutePattern("", is_endpoint=False)
    near, plain = (kind(pattern, PATTERNS, None, "app", "space") for kind in (Room, URLResolver))
    assert answer(near, address) == answer(plain, address)


def test_most_addresses_of_the_site_are_found_by_a_word():
    rooms = [one for one in get_resolver().url_patterns if isinstance(one, Room)]
    patterns = [one for room in rooms for one in room.url_patterns]
    assert len(rooms) > 10
    assert sum(first_word(one) is None for one in patterns) < len(patterns) / 20
