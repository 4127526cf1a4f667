"""Pure rules of certificates."""

from datetime import date
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.certificates import rules
from mingqu.certificates.rules import FileFacts, finding
from mingqu.kernel.ids import new_id

STATES = sorted(rules.TRANSITIONS)


def test_every_state_has_its_word_and_its_ways_out():
    assert set(rules.WORDS) == set(rules.TRANSITIONS)
    assert set().union(*rules.TRANSITIONS.values()) <= set(rules.TRANSITIONS)


@pytest.mark.parametrize(("now", "then"), list(product(STATES, STATES)))
def test_what_may_become_of_a_licence(now, then):
    """Standards 4: VALID → RENEWED | CHANGED | SUSPENDED | REVOKED | WITHDRAWN | CANCELLED | EXPIRED, then 注销."""
    allowed = {
        "valid": STATES,
        "suspended": ["valid", "revoked", "withdrawn", "cancelled", "expired", "lapsed"],
        "lapsed": ["cancelled"],  # 建筑法 9: void by itself, then struck off (行政许可法 70)
        "expired": ["cancelled", "renewed"],
        "revoked": ["cancelled"],
        "withdrawn": ["cancelled"],
    }

    assert rules.may_become(now, then) == (then in allowed.get(now, []) and now != then)


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        (date(2026, 11, 20), 5, date(2031, 11, 19)),
        (date(2026, 1, 1), 1, date(2026, 12, 31)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 3, 1), 1, date(2025, 2, 28)),
        (date(2023, 3, 1), 1, date(2024, 2, 29)),
    ],
)
def test_a_validity_of_whole_years_ends_the_day_before_the_anniversary(start, years, end):
    assert rules.last_day(start, years) == end


def test_the_last_day_counts_and_the_day_after_it_is_expired():
    until = date(2031, 11, 19)

    assert rules.effective("valid", until, until) == "valid"
    assert rules.effective("valid", until, date(2031, 11, 20)) == "expired"
    assert rules.effective("revoked", until, date(2031, 11, 20)) == "revoked"
    assert rules.effective("valid", None, date(2999, 1, 1)) == "valid"


def test_a_code_is_long_random_and_without_look_alikes():
    codes = {rules.new_code() for _ in range(200)}

    assert len(codes) == 200
    assert all(len(code) == 16 for code in codes)
    assert not set("".join(codes)) & set("01IOLU")


@pytest.mark.parametrize("typed", ["7k3m 92qx ab42 cd34", "7K3M-92QX-AB42-CD34", " 7K3M92QXAB42CD34\n"])
def test_a_code_typed_from_paper_is_understood(typed):
    assert rules.typed_code(typed) == "7K3M92QXAB42CD34"


@given(st.text(max_size=40))
def test_nonsense_is_no_code(text):
    code = rules.typed_code(text)

    assert code == "" or (len(code) == 16 and set(code) <= set(rules.CODE_ALPHABET))


@given(st.uuids(), st.uuids())
def test_the_certificate_of_a_case_has_one_id_a_uuid_of_version_7(one, other):
    made = rules.certificate_id(one, "A")

    assert made == rules.certificate_id(one, "A")
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made != rules.certificate_id(one, "B")
    assert one == other or made != rules.certificate_id(other, "A")


def test_ids_of_certificates_keep_the_order_of_their_cases():
    first, second = UUID("01900000-0000-7000-8000-000000000000"), new_id()

    assert rules.certificate_id(first, "A") < rules.certificate_id(second, "A")


def test_fields_go_into_a_column_with_a_version_and_come_back():
    specs = (rules.FieldSpec("name", "名称", public=True), rules.FieldSpec("remark", "备注", required=False))

    assert rules.read_fields(rules.write_fields(specs)) == specs
    with pytest.raises(ValueError, match="version 2"):
        rules.read_fields({"version": 2, "fields": []})


def test_missing_and_unknown_fields_are_named():
    specs = (rules.FieldSpec("name", "名称"), rules.FieldSpec("remark", "备注", required=False))

    assert rules.field_problems(specs, {"name": "x"}) == []
    assert rules.field_problems(specs, {"name": "  ", "colour": "red"}) == ["名称", "colour"]


@pytest.mark.parametrize(
    ("facts", "state", "answer"),
    [
        (FileFacts(True, True, True, True), "valid", "in_force"),
        (FileFacts(True, True, True, True), "revoked", "not_in_force"),
        (FileFacts(True, True, True, True), "expired", "not_in_force"),
        (FileFacts(False, True, False, True), None, "altered"),
        (FileFacts(False, True, True, True), None, "genuine_document"),
        (FileFacts(False, True, True, False), None, "unknown"),
        (FileFacts(False, False, False, False), None, "unknown"),
        # A code was given: whatever is not that certificate's file, byte for byte, is not it.
        (FileFacts(False, False, False, False, asked_for=True), None, "altered"),
        (FileFacts(False, True, True, True, asked_for=True), None, "altered"),
    ],
)
def test_what_is_said_of_a_file(facts, state, answer):
    assert finding(facts, state) == answer
