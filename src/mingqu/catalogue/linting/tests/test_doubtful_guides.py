"""The list of doubtful guides: what it holds, who sees it, and that it follows the law without a publication."""

import copy
import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.catalogue import services
from mingqu.catalogue.linting.selectors import doubtful, remarks_of
from mingqu.catalogue.linting.services import look_again
from mingqu.catalogue.models import Revision, ServiceItem
from mingqu.catalogue.selectors import document
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from mingqu.law import selectors as law
from mingqu.law.types import Standing

pytestmark = pytest.mark.django_db
NOW = people.NOON + timedelta(days=1)
SERVICE = "QH-SPJYXK"


@pytest.fixture
def w():
    return f.world()


def published_with_a_vague_material(w):
    changed = copy.deepcopy(Revision.objects.get(item__code=SERVICE).document)
    changed["handling"][0]["materials"][2]["name"] = "其他材料"
    services.publish_revision(document=changed, by=Actor.system("editor"), at=NOW, key=new_id())
    return ServiceItem.objects.get(code=SERVICE)


def test_publication_keeps_what_the_linter_says_and_the_list_finds_it(w):
    before = ServiceItem.objects.get(code=SERVICE)
    assert "vague_material" not in before.remarks
    item = published_with_a_vague_material(w)
    assert "vague_material" in item.remarks
    assert [one.code for one in doubtful(rule="vague_material")] == [SERVICE]
    assert [one.code for one in doubtful(only_wrong=True)] == [SERVICE]
    assert not doubtful(rule="vague_material", organ="NOBODY")
    assert not doubtful(rule="vague_material", words="招牌")


def test_a_law_that_ended_is_found_the_next_day_though_nobody_published(w, monkeypatch):
    """LAW-01: a repeal names the guides it touches"""
    item = ServiceItem.objects.get(code=SERVICE)
    assert "basis_not_in_force" not in item.remarks

    def standings(places, *, on: date):
        ended = Standing("repealed", "《食品安全法》已经废止")
        fine = Standing("in_force", "")
        return {place: ended if place[0].endswith("食品安全法") else fine for place in places}

    monkeypatch.setattr(law, "standings", standings)
    assert look_again(NOW) == 1
    item.refresh_from_db()
    assert "basis_not_in_force" in item.remarks
    assert look_again(NOW) == 0, "nothing new, nothing written"
    paths = {
        r.path for r in remarks_of(document(item.current_id), NOW.date()) if r.code == "basis_not_in_force"
    }
    assert any(path.startswith("basis[") for path in paths)


def test_an_empty_library_accuses_no_basis(w):
    item = ServiceItem.objects.get(code=SERVICE)
    assert not law.known("中华人民共和国食品安全法")
    assert not [
        r for r in remarks_of(document(item.current_id), NOW.date()) if r.code == "basis_not_in_force"
    ]


def editor(w) -> Client:
    post = people.post(people.department("编办", code="QH-BB"), "catalogue_editor")
    return people.signed_in(Client(), people.staff_user("叶知秋", post))


def test_an_editor_sees_the_list_its_table_and_the_remarks_at_the_item(w):
    published_with_a_vague_material(w)
    client = editor(w)
    page = client.get(reverse("catalogue:doubtful"), {"rule": "vague_material"}).content.decode()
    assert "食品经营许可" in page and "材料写得笼统" in page and "行政许可法 30" in page
    table = client.get(reverse("catalogue:doubtful_table"), {"rule": "vague_material"})
    rows = list(openpyxl.load_workbook(io.BytesIO(table.content)).active.values)
    assert rows[0][0] == "事项编码" and rows[1][0] == SERVICE and "材料写得笼统" in rows[1][3]
    shown = client.get(reverse("catalogue:item", args=[SERVICE])).content.decode()
    assert "材料“其他材料”说不清要交什么" in shown
    unknown = client.get(reverse("catalogue:doubtful"), {"rule": "x' or 1=1"})
    assert unknown.status_code == 200


def test_a_citizen_does_not_see_the_list(w):
    client = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
    assert client.get(reverse("catalogue:doubtful")).status_code in (302, 403)


def test_the_list_costs_the_same_few_statements_however_long_it_is(w, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        list(doubtful()[:31])
