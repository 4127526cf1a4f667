"""Blank form and sample of a material, for whoever prepares an application (行政许可法 30; CAS-09)."""

import io

import pikepdf
import pytest
from django.urls import reverse

from mingqu.cases.tests import factories as f

pytestmark = pytest.mark.django_db
SERVICE = "QH-SPJYXK"


@pytest.fixture
def licence(db):
    f.world(f.drawn_food_licence())


def address(material, *, file=False, sample=False, handling="01"):
    name = "cases:material_form_file" if file else "cases:material_form"
    query = f"?_handling={handling}" + ("&sample=1" if sample else "")
    return reverse(name, args=[SERVICE, material]) + query


def page(client, *args, **kwargs):
    answer = client.get(address(*args, **kwargs))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_blank_form_asks_and_says_nothing_of_the_sample(client, licence):
    blank, sample = page(client, "safety-rules"), page(client, "safety-rules", sample=True)

    assert "食品安全管理人员姓名" in blank and "样例人甲" not in blank and "第1版" in blank
    assert "样例人甲" in sample and "样例</strong>" in sample and "不是真人真事" in sample


def test_both_come_as_a_pdf_that_says_what_it_is(client, licence):
    papers = [client.get(address("safety-rules", file=True, sample=sample)) for sample in (False, True)]

    assert {answer["Content-Type"] for answer in papers} == {"application/pdf"}
    titles = []
    for answer in papers:
        with pikepdf.open(io.BytesIO(answer.content)) as pdf:
            titles.append(str(pdf.docinfo["/Title"]))
    assert titles == ["食品安全管理制度范本", "食品安全管理制度范本（样例）"]


def test_a_drawn_sample_is_the_file_that_was_put_in(client, licence):
    assert "下载文件" in page(client, "floor-plan", sample=True)

    answer = client.get(address("floor-plan", file=True, sample=True))

    assert answer.content.startswith(b"%PDF-1.")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(address("floor-plan", file=True)).status_code == 404, "there is no blank floor plan"


@pytest.mark.parametrize("material", ["business-licence", "none"])
def test_what_has_no_form_has_no_page(client, licence, material):
    assert client.get(address(material)).status_code == 404
    assert client.get(address(material, file=True)).status_code == 404


def test_the_result_of_the_questions_and_the_page_of_the_material_lead_to_them(client, licence):
    answered = "&subject=person&open_fire=no&above_homes=no&foods=hot"
    link = address("safety-rules", sample=True).replace("&", "&amp;")
    result = client.get(reverse("cases:result", args=[SERVICE]) + "?_handling=01" + answered)
    assert link in result.content.decode()

    situation = dict(pair.split("=") for pair in answered[1:].split("&"))
    begun = client.post(reverse("cases:begin", args=[SERVICE]) + "?_handling=01" + answered, situation)
    material = client.get(begun["Location"].split("page/")[0] + "material/safety-rules/")
    assert link in material.content.decode()
