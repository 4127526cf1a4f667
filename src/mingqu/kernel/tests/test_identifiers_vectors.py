"""Vectors of the standards; the mark after each says how sure its source is."""

from datetime import date

import pytest

from mingqu.kernel.identifiers import (
    BaseCode,
    CaseNumber,
    CertificateId,
    CitizenNumber,
    CreditCode,
    HandlingItemCode,
    IdentifierRefused,
    NationalCaseNumber,
    OrganisationCode,
    Phone,
    RegionCode,
    TaskCode,
)
from mingqu.kernel.identifiers.errors import KINDS

CREDIT_CODES = [  # [RUN] codes of real bodies, public
    "113700000045046442",
    "11110000000021135M",
    "11100000000013338W",
    "11100000000013661B",
    "11370800MB28559184",
    "115113010833722043",
    "11511301008778183N",
    "11330105002500287C",
    "91350100M000100Y43",
    "11440232MB2D06811W",
]
TASK_CODES = [  # [SEEN], split [INFER]
    ("11440232MB2D06811W4000117051000", 4, ("00", "01", "17", "051", "000")),
    ("11370800MB285591843370117002011", 3, ("37", "01", "17", "002", "011")),
    ("11370800MB285591843370117002016", 3, ("37", "01", "17", "002", "016")),
]
CERTIFICATE = "1.2.156.3005.2.11100000000013338W011.11110000000021135M.20230329701.003.Y"  # [RUN + SEEN]


def refused(parse, text, code, **kwargs):
    with pytest.raises(IdentifierRefused) as caught:
        parse(text, **kwargs)
    assert caught.value.code == code
    said = str(caught.value).replace(KINDS[caught.value.kind][2], "")
    assert text == "" or text not in said  # never the number itself, only the standard's example
    return caught.value


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_a_real_credit_code_and_the_organisation_code_inside_it_are_valid(code):
    parsed = CreditCode.parse(code)

    assert str(parsed) == code
    assert str(OrganisationCode.parse(code[8:17])) == code[8:17]
    assert parsed.region == code[2:8]


def test_a_credit_code_is_read_in_lower_case_full_width_and_with_spaces():
    assert str(CreditCode.parse(" 9135 0100 ｍ000100y43 ")) == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "credit_code_empty"),
        ("91350100M000100Y4", "credit_code_length"),
        ("91350100M000100I43", "credit_code_characters"),
        ("9135010AM000100Y43", "credit_code_characters"),
        ("91350100M000100Y44", "credit_code_check_character"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_reason(text, code):
    refused(CreditCode.parse, text, code)


def test_a_credit_code_with_a_wrong_organisation_code_inside_is_refused():
    body = "91350100M000100Y" + "5"
    from mingqu.kernel.identifiers.checks import credit_check

    refused(CreditCode.parse, body + credit_check(body), "credit_code_organisation_check")


def test_two_department_codes_of_the_real_item_lists_fail_their_check_digit():
    for code in ("GD030003V", "515356094"):  # [RUN] known defects of the Guangdong list
        with pytest.raises(IdentifierRefused):
            OrganisationCode.parse(code)


def test_an_organisation_code_is_printed_with_a_dash():
    assert OrganisationCode.parse("00001333-8").printed() == "00001333-8"


def test_the_sample_citizen_number_of_the_standard_is_valid():  # [RUN]
    number = CitizenNumber.parse("11010519491231002x")

    assert (str(number), number.birth, number.sex) == ("11010519491231002X", date(1949, 12, 31), "female")
    assert number.age_on(date(2009, 12, 30)) == 59
    assert number.age_on(date(2009, 12, 31)) == 60


def _number(body: str) -> str:
    from mingqu.kernel.identifiers.checks import citizen_check

    return body + citizen_check(body)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "citizen_number_empty"),
        ("110105491231002", "citizen_number_length"),
        ("1101051949123X0021", "citizen_number_characters"),
        ("110105194912310021", "citizen_number_check_character"),
        (_number("11010519490230002"), "citizen_number_birth_date"),
        (_number("11010517490228002"), "citizen_number_birth_date"),
        (_number("98010519491231002"), "citizen_number_region_unknown"),
        (_number("99010419491231002"), "citizen_number_demo_only"),
    ],
)
def test_a_wrong_citizen_number_is_refused_with_its_reason(text, code):
    refused(CitizenNumber.parse, text, code)


def test_a_birth_date_in_the_future_is_refused_when_the_day_is_known():
    number = _number("11010520300101002")

    assert CitizenNumber.parse(number).birth.year == 2030
    refused(CitizenNumber.parse, number, "citizen_number_birth_date_future", today=date(2026, 11, 21))


def test_a_number_given_in_a_county_that_is_gone_stays_valid():
    assert CitizenNumber.parse(_number("43222119600101001")).region == "432221"  # 岳阳县 until 1981


def test_only_a_demo_installation_accepts_numbers_codes_and_phones_of_the_demo_district():
    number = CitizenNumber.build("990104", date(1980, 1, 1), "001")
    firm = CreditCode.build("9", "1", "990104", "MA000000")

    assert CitizenNumber.parse(str(number), demo=True) == number and number.is_demo
    assert CreditCode.parse(str(firm), demo=True) == firm and firm.is_demo
    assert Phone.parse("19900000001", demo=True).is_demo
    refused(CitizenNumber.parse, str(number), "citizen_number_demo_only")
    refused(CreditCode.parse, str(firm), "credit_code_demo_only")
    refused(Phone.parse, "19900000001", "phone_demo_only")


@pytest.mark.parametrize(
    ("digits", "level", "prefix", "parent"),
    [
        ("510000000000", "province", "51", None),
        ("511600000000", "city", "5116", "510000000000"),
        ("511602000000", "county", "511602", "511600000000"),  # [SEEN sample; rule MEM]
        ("990104001000", "town", "990104001", "990104000000"),
        ("990104001003", "village", "990104001003", "990104001000"),
    ],
)
def test_a_region_code_tells_its_level_prefix_and_parent(digits, level, prefix, parent):
    region = RegionCode.parse(digits)

    assert (region.level, region.prefix) == (level, prefix)
    assert str(region.parent) == parent if parent else region.parent is None


def test_six_and_nine_digits_are_the_same_region_as_twelve():
    assert RegionCode.parse("511602") == RegionCode.parse("511602000000")
    assert RegionCode.parse("990104001") == RegionCode.parse("990104001000")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "region_code_empty"),
        ("5116", "region_code_length"),
        ("51160A", "region_code_characters"),
        ("001602", "region_code_structure"),
        ("511602000001", "region_code_structure"),
    ],
)
def test_a_wrong_region_code_is_refused_with_its_reason(text, code):
    refused(RegionCode.parse, text, code)


def test_a_region_contains_itself_and_what_lies_below():
    city, county = RegionCode.parse("990100"), RegionCode.parse("990104")

    assert city.contains(city) and city.contains(county) and not county.contains(city)


@pytest.mark.parametrize(("code", "level", "parts"), TASK_CODES)
def test_a_task_code_splits_into_organ_level_and_base_code(code, level, parts):
    task = TaskCode.parse(code)
    base = task.base

    assert str(task) == code
    assert task.level == level
    assert (base.catalogue, base.item_type, base.system, base.main, base.sub) == parts
    assert base.is_national == (parts[0] == "00")
    assert str(BaseCode.parse(code[19:])) == code[19:]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "task_code_empty"),
        ("11440232MB2D06811W400011705100", "task_code_length"),
        ("11440232MB2D06811W7000117051000", "task_code_level"),
        ("11440232MB2D06811X4000117051000", "credit_code_check_character"),
        ("11440232MB2D06811W400011705100-", "task_code_characters"),
    ],
)
def test_a_wrong_task_code_is_refused_with_its_reason(text, code):
    refused(TaskCode.parse, text, code)


def test_a_handling_item_is_its_task_and_two_digits():  # length [SEEN], split [INFER]
    item = HandlingItemCode.parse(TASK_CODES[0][0] + "07")

    assert (str(item.task), item.serial, str(item)) == (TASK_CODES[0][0], 7, TASK_CODES[0][0] + "07")
    refused(HandlingItemCode.parse, TASK_CODES[0][0] + "0A", "handling_item_code_characters")
    refused(HandlingItemCode.parse, TASK_CODES[0][0], "handling_item_code_length")


def test_a_case_number_is_read_grouped_or_not_and_shown_in_groups():
    number = CaseNumber.parse("990104 20261109 000318")

    assert number == CaseNumber("990104", date(2026, 11, 9), 318)
    assert str(number) == "99010420261109000318"
    assert CaseNumber.parse(str(number)).grouped() == "990104 20261109 000318"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "case_number_empty"),
        ("9901042026110900031", "case_number_length"),
        ("9901042026110900031A", "case_number_characters"),
        ("99010420261309000318", "case_number_day"),
        ("99010420261109000000", "case_number_serial"),
    ],
)
def test_a_wrong_case_number_is_refused_with_its_reason(text, code):
    refused(CaseNumber.parse, text, code)


def test_the_national_case_number_has_43_characters():  # [SEEN], split [INFER]
    text = "11440232MB2D06811W4000117051000" + "20201020" + "0008"
    number = NationalCaseNumber.parse(text)

    assert (number.day, number.serial, str(number)) == (date(2020, 10, 20), 8, text)
    refused(NationalCaseNumber.parse, text[:-4] + "000X", "national_case_number_characters")
    with pytest.raises(IdentifierRefused, match="流水号"):
        str(NationalCaseNumber(number.task, number.day, 10_000))


def test_the_check_of_the_certificate_vector_is_y():
    certificate = CertificateId.parse(CERTIFICATE)

    assert (certificate.check, certificate.version, certificate.serial) == ("Y", 3, "20230329701")
    assert str(certificate.issuer) == "11110000000021135M"
    assert str(certificate) == CERTIFICATE


def test_the_swagger_example_that_is_no_real_identifier_is_refused():
    # standards.md 7: an example ending in .001.M whose check comes out otherwise; any M here is wrong too.
    refused(CertificateId.parse, CERTIFICATE[:-1] + "M", "certificate_id_check_character")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "certificate_id_empty"),
        (CERTIFICATE.removeprefix("1."), "certificate_id_structure"),
        (CERTIFICATE[:-2], "certificate_id_structure"),
        (CERTIFICATE.replace(".003.", ".03.", 1), "certificate_id_structure"),
        (CERTIFICATE.replace("W011", "W0A1"), "certificate_id_structure"),
    ],
)
def test_a_wrong_certificate_identifier_is_refused_with_its_reason(text, code):
    refused(CertificateId.parse, text, code)


@pytest.mark.parametrize(
    "text", ["13800138000", "+86 138-0013-8000", "8613800138000", "１３８００１３８０００"]
)
def test_a_phone_number_is_read_as_people_write_it(text):
    assert str(Phone.parse(text)) == "13800138000"
    assert Phone.parse(text).grouped() == "138 0013 8000"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "phone_empty"),
        ("1391234567", "phone_length"),
        ("1391234567a", "phone_characters"),
        ("12800138000", "phone_prefix"),
        ("21234567890", "phone_prefix"),
    ],
)
def test_a_wrong_phone_number_is_refused_with_its_reason(text, code):
    refused(Phone.parse, text, code)


def test_every_refusal_has_a_sentence_without_open_placeholders():
    from mingqu.kernel.identifiers.errors import KINDS, REASONS

    for kind in KINDS:
        for reason in REASONS:
            message = IdentifierRefused(kind, reason, field="x", got=3, position=2).message
            assert message.endswith("。") and "{" not in message
