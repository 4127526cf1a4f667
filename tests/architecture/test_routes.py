"""
Every address is held to its mark: nobody gets more than the mark gives, and nobody an error of ours.

Visited as an unknown, a citizen, everybody on the staff, with arguments that lead to real rows.
"""

import re

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from mingqu.identity.roles import permissions, roles
from mingqu.identity.web import rule_of
from mingqu.ui.access import AccessRule
from tests.pages import PAGES
from tests.stage import Stage

PEOPLE = ("", "citizen", "newcomer", "rare", "no_post", "half_way", *roles())
NO_ROLE = tuple(who for who in PEOPLE if who not in roles())
FINE = {200, 204, 302, 400, 404, 405, 409, 422}
SIGN_IN = {"signed_in": "identity:sign_in", "staff": "identity:staff_sign_in"}
# Ends the session it is tried with: in this order, what is for staff alone before what everybody may.
LAST = (
    "identity:lock_screen",
    "portal:kiosk_leave",
    "identity:openid_sign_out",
    "identity:sign_out",
    "portal:kiosk_end",
)
# A public page whose whole content is a refusal.
SAYS_NO = {"identity:closed", "hall:terminal", "hall:check_in", "hall:number"}  # no terminal of a hall
# No program, no provider that signs.
SAYS_NO |= {
    page.url_name
    for page in PAGES
    if "notify_" in page.url_name
    or page.url_name in {"api:payment_callback", "api:exchange_callback", "api:courier_callback"}
}
# Of those whom the mark lets in, only some may act on the object (the two officers named in it; who may edit the
# draft); anybody of them may read the page.
NOBODYS = {"cases:many_prepare"}  # the table of a service, the same for whoever signs in
NAMED_IN_IT = {
    ("post", "workbench:visit"),
    ("post", "catalogue:draft_form"),
    ("post", "catalogue:draft_part"),
    ("post", "catalogue:draft_tables"),
    ("post", "catalogue:draft_flow"),
    ("post", "catalogue:draft_decision"),
}


def routes(patterns=None, prefix: str = "") -> dict[str, URLPattern]:
    """Every address by its full name."""
    found: dict[str, URLPattern] = {}
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            inner = f"{prefix}{one.namespace}:" if one.namespace else prefix
            found |= routes(one.url_patterns, inner)
        else:
            found[f"{prefix}{one.name or one.pattern}"] = one
    return found


def test_every_address_says_who_may_open_it():
    marks = {name: rule_of(route.callback) for name, route in routes().items()}

    assert [name for name, mark in marks.items() if mark is None] == []
    asked = {mark.action for mark in marks.values() if mark.kind == "staff" and mark.action}
    assert asked <= set(permissions()), "a misspelt action would shut the page to everybody"


def unmarked(request):
    return HttpResponse("open")


urlpatterns = [path("unmarked/", unmarked), *get_resolver(settings.ROOT_URLCONF).url_patterns]


@override_settings(ROOT_URLCONF=__name__)
def test_an_address_without_a_mark_is_shut_to_everybody(full_stage):
    for who in PEOPLE:
        answer = full_stage.client(who).get("/unmarked/")
        assert (answer.status_code, answer.content == b"open") == (403, False), who


def allowed(rule: AccessRule, who: str) -> str:
    """What the mark gives this person: "in", "sign in", "forbidden" or a page that must come first."""
    is_staff = who in roles() or who in {"no_post", "half_way"}
    if rule.kind == "public":
        return "in"
    if not who:
        return "sign in"
    if rule.kind == "signed_in":
        return "forbidden" if is_staff else "in"
    if not is_staff:
        return "forbidden"
    if who == "half_way":
        return "second factor"
    held = roles()[who].permissions if who in roles() else frozenset()
    return "in" if not rule.action or rule.action in held else "forbidden"


def told(answer: HttpResponse, rule: AccessRule) -> str:
    """The same, as the answer says it."""
    where = answer.headers.get("Location", "").split("?")[0]
    if answer.status_code == 302 and rule.kind in SIGN_IN and where == reverse(SIGN_IN[rule.kind]):
        return "sign in"
    if answer.status_code == 401 and answer.get("Content-Type") == "application/problem+json":
        return "sign in"  # as a program is told
    if answer.status_code == 401 and answer.get("WWW-Authenticate", "").startswith("Bearer"):
        return "in"  # an application without its token (RFC 6750 3.1)
    if answer.status_code == 302 and where == reverse("identity:second_factor_setup"):
        return "second factor"
    if answer.status_code == 403:
        return "forbidden"
    return "in" if answer.status_code in FINE else f"status {answer.status_code}"


@pytest.fixture
def stage(full_stage, settings) -> Stage:
    settings.DEBUG = False
    settings.MINGQU_LIMITS = dict.fromkeys(
        settings.MINGQU_LIMITS, (10**6, 60)
    )  # everybody comes from one address
    return full_stage


def answer_of(client: Client, method: str, address: str) -> HttpResponse:
    """As a browser would get it: an exception of a view is an answer 500, not a failure of this test's client."""
    client.raise_request_exception = False
    return getattr(client, method)(address)


def everybody(rule: AccessRule, turn: int) -> set[str]:
    return set(PEOPLE)


def some(rule: AccessRule, turn: int) -> set[str]:
    """
    For the short run: who is not signed in, and of each thing that this mark says to anybody else one of those to whom
    it says it, with a role and without, at each address others.

    Who holds which permission stands in roles.yaml; what is looked at here is that every mark asks for its own.
    """
    told_alike: dict[tuple[str, bool], list[str]] = {}
    for who in PEOPLE:
        told_alike.setdefault((allowed(rule, who), who in roles()), []).append(who)
    return {"", *(alike[turn % len(alike)] for alike in told_alike.values())}


@pytest.mark.parametrize(
    "chosen",
    [some, pytest.param(everybody, marks=pytest.mark.long)],
    ids=["short", "whole"],
)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("plain_refusals")
def test_everybody_gets_from_every_address_what_its_mark_gives(stage, method, chosen):
    marks = {name: rule_of(route.callback) for name, route in routes().items()}
    addresses = {page.url_name: page.address(stage) for page in PAGES}
    names = sorted(marks, key=lambda name: (LAST.index(name) + 1 if name in LAST else 0, name))
    visitors = {name: chosen(marks[name], turn) for turn, name in enumerate(names)}
    wrong, seen = [], 0
    for who in PEOPLE:
        client = stage.client(who)
        for name in names:
            rule = marks[name]
            if who not in visitors[name]:
                continue
            said = told(answer_of(client, method, addresses[name]), rule)
            if name == "readyz" and said == "status 503":  # a kept house has events that nobody delivers
                said = "in"
            expected = "forbidden" if name in SAYS_NO else allowed(rule, who)
            # Set-up of the second factor is public, so that a half-way session reaches it, and asks for itself.
            if (method, name) in NAMED_IN_IT and (said, expected) == ("forbidden", "in"):
                expected = said
            if said != expected and not (rule.kind == "public" and said in {"second factor", "in"}):
                wrong.append(f"{method} {addresses[name]} as {who or 'nobody'}: {said}, not {expected}")
            seen += 1

    assert wrong == []
    assert seen == sum(map(len, visitors.values())) >= 3 * len(names)
    assert set().union(*visitors.values()) == set(PEOPLE)


def test_what_is_somebody_elses_is_not_there(stage):
    """Object by object: a citizen who is signed in opens nothing of another's, by no address that has arguments."""
    own = [
        page
        for page in PAGES
        if page.url_name.startswith(("cases:", "certificates:", "evaluation:", "notif", "voice:", "hall:"))
    ]
    marks = {name: rule_of(route.callback) for name, route in routes().items()}
    stranger, citizen, bulk = (stage.client(who) for who in ("rare", "citizen", "bulk"))
    opened = []
    for page in own:
        if marks[page.url_name].kind != "signed_in" or not page.args(stage) or page.url_name in NOBODYS:
            continue
        owner = bulk if page.url_name.startswith("cases:many_") else citizen
        address = page.address(stage)
        assert answer_of(owner, "get", address).status_code != 404, f"{address} leads nowhere"
        for method in ("get", "post"):
            if (status := answer_of(stranger, method, address).status_code) not in {404, 405}:
                opened.append((method, address, status))

    assert opened == []
    assert re.fullmatch(r"\d{20}", stage.numbers["accepted"])
