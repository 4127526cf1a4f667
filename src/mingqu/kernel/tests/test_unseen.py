"""Signs that nobody sees are kept of nothing that people type."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as some

from mingqu.forms import rules as forms
from mingqu.forms.types import FormField
from mingqu.identity.errors import NameMissing
from mingqu.identity.services.people import name_of
from mingqu.kernel.middleware import UnseenSignsMiddleware
from mingqu.kernel.unseen import UNSEEN, without_unseen

MARKS = (0, 0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
SIGNS = [chr(one) for one in MARKS]


@given(some.text([*SIGNS, "田", "a", " ", "\n", "\u200d", "𠮷"], max_size=12))
def test_nothing_else_is_taken_away_and_nothing_of_it_is_left(text):
    plain = without_unseen(text)

    assert not UNSEEN.search(plain) and without_unseen(plain) == plain
    assert plain == "".join(one for one in text if not UNSEEN.fullmatch(one))


@pytest.mark.parametrize("kept", ["田桂香", "阿卜杜拉·买买提", "a\tb\nc", "م\u200cن", "ᠮ\u200d", "𠮷野家"])
def test_what_is_seen_stays_and_what_joins_letters(kept):
    assert without_unseen(kept) == kept


@pytest.mark.parametrize("sign", SIGNS, ids=lambda one: f"U+{ord(one):04X}")
def test_names_and_answers_are_kept_without_them(sign):
    field = FormField(path="shop_name", title="字号", kind="text", required=False, grade="L1")

    assert name_of(f"田{sign}桂香") == "田桂香" == forms.coerce(field, f"{sign}田桂香{sign}")
    with pytest.raises(NameMissing):
        name_of(sign * 3)


def test_every_form_is_read_without_them_but_what_programs_sign():
    def view(request):
        return HttpResponse()

    def signed(request):
        return HttpResponse()

    signed.csrf_exempt = True
    given_back = {}
    for one in (view, signed):
        request = RequestFactory().post(
            "/", {"name": "田\u202e桂香", "lines": ["a\u200b", "b"], "plain": "c"}
        )
        UnseenSignsMiddleware(view).process_view(request, one, (), {})
        given_back[one] = (request.POST["name"], request.POST.getlist("lines"), request.POST["plain"])
    assert given_back == {
        view: ("田桂香", ["a", "b"], "c"),
        signed: ("田\u202e桂香", ["a\u200b", "b"], "c"),
    }
