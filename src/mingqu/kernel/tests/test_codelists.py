import re
from pathlib import Path

import pytest

import mingqu
from mingqu.kernel.codelists import UnknownCode, all_lists, code_list
from mingqu.kernel.identifiers import CitizenNumber, IdentifierRefused
from mingqu.kernel.identifiers.documents import _EXACT, _SHAPES, DocumentNumberRefused, check_document

# Only what a text we have read confirms, or what is this project's own decision.
VERIFIED = {
    "assurance_level",
    "data_grade",
    "extension_approver",
    "handling_item_kind",
    "handling_kind",
    "material_source",
    "risk_level",
    "sign_mode",
    "consulted_silence",
    "special_procedure",
    "step_kind",
    "where_handled",
}
# A theme is the word its item has; these two lists give it its English (tools/messages.py).
TRANSLATED = {"theme_person", "theme_enterprise"}


@pytest.mark.parametrize("listed", all_lists(), ids=lambda listed: listed.key)
def test_every_list_says_its_version_its_source_and_whether_it_is_verified(listed):
    codes = [value.code for value in listed]

    assert listed.title and listed.source and listed.version >= "2026-11-21"
    assert listed.verified is (listed.key in VERIFIED)
    assert len(codes) == len(set(codes)) > 1
    assert all(isinstance(code, str) and code for code in codes)
    assert all(isinstance(value.name, str) and value.name and value.source for value in listed)


def test_every_list_is_read_by_something():
    """One that nobody reads is nobody's word: it goes."""
    house = Path(mingqu.__file__).parent
    files = [path for kind in ("py", "html", "yaml") for path in house.rglob(f"*.{kind}")]
    kept = [path for path in files if "tests" not in path.parts and path.parent.name != "codelists"]
    said = "\n".join(path.read_text("utf-8") for path in kept)

    read = set(re.findall(r"""["'](\w+)["']""", said)) | set(re.findall(r"list: (\w+)", said))
    assert {listed.key for listed in all_lists()} - read == TRANSLATED


def test_a_value_that_is_not_in_a_list_is_refused_with_the_name_of_the_list():
    with pytest.raises(UnknownCode) as refusal:
        code_list("item_type").require("21", field="item.type")

    assert refusal.value.code == "unknown_code"
    assert refusal.value.field == "item.type"
    assert "事项类型" in refusal.value.message and "item_type" in refusal.value.message


def test_a_list_that_does_not_exist_is_a_programming_error():
    for key in ("no_such_list", "../errors", ""):
        with pytest.raises(LookupError):
            code_list(key)


def test_values_are_found_by_code_and_by_the_name_tables_use():
    types = code_list("item_type")

    assert types.name("01") == "行政许可"
    assert types.named("公共服务").code == "20"
    assert "10" in types and "1" not in types
    with pytest.raises(UnknownCode):
        types.named("行政审批")


def test_only_the_eight_procedures_of_the_licence_law_stop_the_clock():
    names = [value.name for value in code_list("special_procedure")]

    assert names == ["听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"]
    assert code_list("special_procedure").verified


def test_personal_grades_are_encrypted_and_masked():
    grades = {g.code: (g.attributes["encrypted"], g.attributes["masked"]) for g in code_list("data_grade")}

    assert grades == {"L1": (False, False), "L2": (False, False), "L3": (True, True), "L4": (True, True)}


def test_every_identity_document_has_a_validator_that_exists():
    assert {
        v.attributes["validator"] for v in code_list("identity_document")
    } == _EXACT.keys() | _SHAPES.keys()


@pytest.mark.parametrize(
    ("kind", "number", "kept"),
    [
        ("citizen_number", "11010519491231002x", "11010519491231002X"),
        ("household_register", "11010519491231002X", "11010519491231002X"),
        ("credit_code", "91350100m000100y43", "91350100M000100Y43"),
        ("passport", "e 12345678", "E12345678"),
        ("hk_macao_permit", "h12345678", "H12345678"),
        ("taiwan_permit", "12345678", "12345678"),
        ("birth_certificate", "A123456789", "A123456789"),
    ],
)
def test_each_document_number_is_brought_to_its_canonical_form(kind, number, kept):
    assert check_document(kind, number) == kept


@pytest.mark.parametrize("kind", sorted(_SHAPES))
def test_each_shape_accepts_its_own_example_and_refuses_nonsense(kind):
    import re

    pattern, shape, example = _SHAPES[kind]

    assert re.fullmatch(pattern, example) and shape
    with pytest.raises(DocumentNumberRefused, match="例如"):
        check_document(kind, "张三")


def test_a_wrong_document_number_or_kind_is_refused():
    demo = str(CitizenNumber.build("990104", CitizenNumber.parse("11010519491231002X").birth, "001"))

    assert check_document("citizen_number", demo, demo=True) == demo
    with pytest.raises(IdentifierRefused):
        check_document("citizen_number", demo)
    with pytest.raises(UnknownCode):
        check_document("library_card", "1")
