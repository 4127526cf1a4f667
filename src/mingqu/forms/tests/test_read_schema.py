"""A form that can't be asked is refused when the definition is read."""

import copy

import pytest

from mingqu.forms.errors import FormSchemaRefused
from mingqu.forms.rules import read_schema
from mingqu.forms.tests.samples import PAGES, SCHEMA


def changed(path, **keywords):
    schema = copy.deepcopy(SCHEMA)
    place = schema
    for name in path.split(".") if path else []:
        place = place["properties"][name]
    for keyword, value in keywords.items():
        if value is None:
            place.pop(keyword)
        else:
            place[keyword] = value
    return schema


def test_a_form_is_read_with_its_kinds_grades_and_pages():
    form = read_schema(SCHEMA, PAGES)

    assert {path: field.kind for path, field in form.fields.items()} == {
        "operator.name": "person_name",
        "operator.number": "citizen_number",
        "operator.phone": "phone",
        "premises.address": "address",
        "premises.area_m2": "number",
        "premises.seats": "integer",
        "premises.open_fire": "yes_no",
        "premises.kind": "choice",
        "foods": "choices",
        "opens_on": "date",
        "firm.name": "firm_name",
        "firm.code": "credit_code",
        "sign": "text",
        "remark": "long_text",
        "truth": "confirm",
    }
    assert form.fields["operator.phone"].grade == "L3"  # personal, though the definition did not say so
    assert form.fields["sign"].grade == "L2"
    assert form.page(2).title == "店铺多大、在什么楼里？"
    assert form.page_of("premises.seats") == 2


def test_a_page_may_be_only_a_list_as_in_the_sketch_of_a_definition():
    schema = {
        "type": "object",
        "required": ["premises"],
        "properties": {
            "premises": {
                "type": "object",
                "properties": {
                    "address": {"type": "string", "title": "地址", "data_grade": "L3"},
                    "area_m2": {"type": "number", "title": "面积", "minimum": 1},
                },
            }
        },
    }

    form = read_schema(schema, [["premises"]])

    assert form.page(1).paths == ("premises.address", "premises.area_m2")
    assert form.fields["premises.address"].is_personal


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        (changed("", type="array"), "schema"),
        (changed("", properties={}, required=[]), "schema"),
        (changed("", required=["nothing"]), "schema"),
        (changed("", additionalProperties=False), "schema"),
        (changed("operator.name", title=None), "operator.name"),
        (changed("operator.name", type="null"), "operator.name"),
        (changed("operator.name", format="postcode"), "operator.name"),
        (changed("operator.name", prefill="applicant.horoscope"), "operator.name"),
        (changed("operator.name", data_grade="L2"), "operator.name"),
        (changed("operator.name", data_grade="L9"), "operator.name"),
        (changed("operator.name", **{"$ref": "#/x"}), "operator.name"),
        (changed("premises.kind", oneOf=[{"const": "a"}, {"const": "a"}]), "premises.kind"),
        (changed("foods", items={"type": "string"}), "foods"),
        (changed("truth", const=False), "truth"),
        (changed("sign", pattern="("), "sign"),
        (changed("sign", pattern="(a+)+"), "sign"),
        (changed("sign", pattern="a" * 201), "sign"),
        (changed("opens_on", earliest="tomorrow"), "opens_on"),
    ],
)
def test_a_wrong_schema_is_refused_with_the_path(schema, path):
    with pytest.raises(FormSchemaRefused) as refusal:
        read_schema(schema, PAGES)

    assert refusal.value.params["path"] == path
    assert refusal.value.code == "form_schema_wrong"


@pytest.mark.parametrize(
    "pages",
    [
        PAGES[:-1],  # a question on no page
        [*PAGES, ["truth"]],  # on two
        [*PAGES, ["nothing"]],
        [*PAGES, []],
        [*PAGES[:-1], {"fields": ["truth"], "colour": "red"}],
    ],
)
def test_every_question_stands_on_exactly_one_page(pages):
    with pytest.raises(FormSchemaRefused):
        read_schema(SCHEMA, pages)


def test_a_name_that_html_could_not_carry_is_refused():
    for name in ("Area", "area__m2", "area.m2", "_area", "面积"):
        schema = {"type": "object", "properties": {name: {"type": "string", "title": "面积"}}}
        with pytest.raises(FormSchemaRefused):
            read_schema(schema, [[name]])
