"""What each check claims to find, it finds; parse and format are inverse."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mingqu.kernel.identifiers import (
    CaseNumber,
    CertificateId,
    CitizenNumber,
    CreditCode,
    IdentifierRefused,
    OrganisationCode,
    RegionCode,
    TaskCode,
)
from mingqu.kernel.identifiers.checks import (
    ALPHANUMERIC,
    CREDIT_ALPHABET,
    citizen_check,
    credit_check,
    mod37_36_check,
    mod37_36_step,
    organisation_check,
)
from mingqu.kernel.identifiers.divisions import known_codes
from mingqu.kernel.identifiers.item_codes import BaseCode

DIGITS = "0123456789"
REGIONS = sorted(known_codes())

organisations = st.text(CREDIT_ALPHABET, min_size=8, max_size=8)
credit_codes = st.builds(
    CreditCode.build,
    st.sampled_from("159Y"),
    st.sampled_from("1239"),
    st.sampled_from(REGIONS),
    organisations,
)
citizens = st.builds(
    CitizenNumber.build,
    st.sampled_from([*REGIONS, "990104"]),
    st.dates(date(1900, 1, 1), date(2026, 12, 31)),
    st.text(DIGITS, min_size=3, max_size=3),
)


def one_wrong(text, alphabet, place, letter):
    place %= len(text)
    assume(text[place] != alphabet[letter % len(alphabet)])
    return text[:place] + alphabet[letter % len(alphabet)] + text[place + 1 :]


def swapped(text, place):
    place %= len(text) - 1
    assume(text[place] != text[place + 1])
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


place = st.integers(0, 100)


@given(credit_codes)
def test_a_credit_code_read_and_written_is_the_same(code):
    assert CreditCode.parse(str(code), demo=True) == code


@given(credit_codes, place, place)
def test_a_credit_code_with_one_wrong_character_is_refused(code, where, letter):
    with pytest.raises(IdentifierRefused):
        CreditCode.parse(one_wrong(str(code), CREDIT_ALPHABET, where, letter), demo=True)


@given(st.text(CREDIT_ALPHABET, min_size=17, max_size=17), place)
def test_the_credit_check_finds_every_adjacent_swap(body, where):
    wrong = swapped(body + credit_check(body), where)

    assert credit_check(wrong[:17]) != wrong[17]


@given(citizens)
def test_a_citizen_number_read_and_written_is_the_same(number):
    assert CitizenNumber.parse(str(number), demo=True) == number


@given(citizens, place, place)
def test_a_citizen_number_with_one_wrong_digit_is_refused(number, where, letter):
    with pytest.raises(IdentifierRefused):
        CitizenNumber.parse(one_wrong(str(number), DIGITS, where, letter), demo=True)


@given(citizens, place)
def test_a_citizen_number_with_two_neighbours_swapped_is_refused(number, where):
    with pytest.raises(IdentifierRefused):
        CitizenNumber.parse(swapped(str(number), where), demo=True)


def test_the_citizen_check_finds_all_single_errors_and_swaps_of_the_standard_sample():
    number = "11010519491231002X"
    for at in range(17):
        for digit in DIGITS:
            if digit != number[at]:
                wrong = number[:at] + digit + number[at + 1 :]
                assert citizen_check(wrong[:17]) != wrong[17]


@given(organisations.map(lambda body: body + organisation_check(body)), place, place)
def test_the_organisation_check_finds_what_its_modulus_can(code, where, letter):
    wrong = one_wrong(code, ALPHANUMERIC, where % 8, letter)
    apart = ALPHANUMERIC.index(code[where % 8]) - ALPHANUMERIC.index(wrong[where % 8])

    found = organisation_check(wrong[:8]) != wrong[8]

    assert found == (apart % 11 != 0)  # 0 for B, A for L: the standard's own blind spot


@given(organisations, place)
def test_the_organisation_check_finds_an_adjacent_swap_its_modulus_can(body, where):
    code = body + organisation_check(body)
    wrong = swapped(code, where % 7)
    apart = ALPHANUMERIC.index(code[where % 7]) - ALPHANUMERIC.index(code[where % 7 + 1])

    assert (organisation_check(wrong[:8]) != wrong[8]) == (apart % 11 != 0)


@given(organisations)
def test_an_organisation_code_read_and_written_is_the_same(body):
    assert str(OrganisationCode.parse(str(OrganisationCode(body)))) == body + organisation_check(body)


alphanumeric = st.text(ALPHANUMERIC, min_size=2, max_size=60)


@given(alphanumeric, place, place)
def test_mod_37_36_finds_every_single_error(body, where, letter):
    code = body + mod37_36_check(body)
    wrong = one_wrong(code, ALPHANUMERIC, where, letter)

    assert mod37_36_check(wrong[:-1]) != wrong[-1]


def test_mod_37_36_misses_exactly_one_adjacent_swap_in_each_of_its_states():
    missed = {
        (state, a, b)
        for state in range(1, 37)
        for a in ALPHANUMERIC
        for b in ALPHANUMERIC
        if a < b and mod37_36_step(mod37_36_step(state, a), b) == mod37_36_step(mod37_36_step(state, b), a)
    }

    assert len(missed) == 36 and len({state for state, _, _ in missed}) == 36


serials = st.text(ALPHANUMERIC, min_size=1, max_size=20)


@given(credit_codes, credit_codes, st.integers(0, 999), serials, st.integers(0, 999))
def test_a_certificate_identifier_read_and_written_is_the_same(definer, issuer, kind, serial, version):
    made = CertificateId.build(f"{definer}{kind:03d}", issuer, serial, version)

    assert CertificateId.parse(str(made), demo=True) == made


@given(st.sampled_from(REGIONS), st.dates(date(1980, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999))
def test_a_case_number_read_and_written_is_the_same(region, day, serial):
    number = CaseNumber(region, day, serial)

    assert CaseNumber.parse(str(number)) == CaseNumber.parse(number.grouped()) == number


@given(credit_codes, st.integers(1, 6), st.text(ALPHANUMERIC, min_size=12, max_size=12))
def test_a_task_code_read_and_written_is_the_same(organ, level, base):
    task = TaskCode(organ, level, BaseCode.parse(base))

    assert TaskCode.parse(str(task), demo=True) == task


@given(st.sampled_from(REGIONS), st.integers(0, 999), st.integers(0, 999))
def test_a_region_lies_inside_its_parent(six, town, village):
    region = RegionCode.parse(f"{six}{town:03d}{village if town else 0:03d}")

    assert RegionCode.parse(str(region)) == region
    above = region.parent
    while above is not None:
        assert above.contains(region)
        above = above.parent
