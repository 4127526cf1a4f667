"""授权: all that a grant can say, found by name, said in words; and what each role may do."""

import io

import openpyxl
import pytest
from django.urls import reverse

from mingqu.identity.models import RoleGrant
from mingqu.identity.roles import roles
from mingqu.identity.tests import factories
from mingqu.identity.tests.test_administration_pages import (  # noqa: F401 - fixtures
    _noon,
    _plain_site,
    carried,
    deed,
    officer,
    text_of,
)
from mingqu.kernel import regions

pytestmark = pytest.mark.django_db


@pytest.fixture
def post_id():
    regions.load_demo_district()
    return factories.post(None)


def tried(post_id, **given):
    client, address = officer("security_officer"), reverse("identity:grant", args=[post_id])
    return client.post(
        address, carried(client.get(address)) | {"role": "reviewer"} | given | {"stage": "check"}
    )


def test_a_street_another_department_and_a_type_are_found_by_name_and_said_in_words(post_id):
    other = factories.department(name="清禾区水务局")
    security = officer("security_officer")

    question, _done = deed(
        security,
        "grant",
        post_id,
        role="reviewer",
        region_code="清禾区青澜街道",
        within="other",
        department="水务",
        item_types="01",
    )

    words = "清禾区水务局和下级部门，澜州市清禾区青澜街道和下级区划，只办行政许可"
    assert words in text_of(question)
    grant = RoleGrant.objects.get(post_id=post_id)
    assert (grant.region_code, grant.department_id, grant.item_types) == ("990104001000", other, ["01"])
    assert words in text_of(security.get(reverse("identity:post", args=[post_id])))


def test_what_is_left_empty_is_no_limit_and_the_question_says_so(post_id):
    question, _done = deed(
        officer("security_officer"), "grant", post_id, role="reviewer", region_code="", within="all"
    )

    assert "范围：不限部门，不限区划，不限事项类型" in text_of(question)
    grant = RoleGrant.objects.get(post_id=post_id)
    assert (grant.region_code, grant.department_id, grant.item_types) == ("", None, [])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"within": "own", "region_code": "没有街道"}, "没有找到“没有街道”"),
        ({"within": "own", "region_code": "123"}, "区划代码"),
        ({"within": "other"}, "请写是哪一个部门"),
        ({"within": "other", "department": "没有局"}, "没有找到“没有局”"),
        ({"within": "other", "department": "局"}, "“局”不止一个"),
        ({"within": "own", "item_types": "99"}, "请选择列出的一项"),
    ],
)
def test_a_name_that_fits_nothing_or_several_stands_at_its_field(post_id, given, words):
    for name in ("甲局", "乙局"):
        factories.department(name=name)

    answer = tried(post_id, **given)

    assert answer.status_code == 400
    assert words in text_of(answer)
    assert not RoleGrant.objects.filter(post_id=post_id).exists()


def test_who_may_do_something_is_found_by_what_it_is_called_and_leads_to_the_posts(post_id):
    factories.post(None, "reviewer", name="取水许可岗")
    client = officer("security_officer")

    page = client.get(reverse("identity:roles"), {"q": "承办审查"})

    assert "承办审查，提出意见" in text_of(page) and "1个岗位" in text_of(page)
    assert roles()["audit_officer"].name not in text_of(page)
    posts = client.get(reverse("identity:organs"), {"role": "reviewer"})
    assert "取水许可岗" in text_of(posts) and "只看有“承办人”这个角色的岗位" in text_of(posts)


def test_the_table_of_roles_has_a_column_for_each_and_says_what_it_may(post_id):
    answer = officer("audit_officer").get(reverse("identity:role_table"))

    header, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert list(header) == ["权限", *(role.name for role in roles().values())]
    (accept,) = (dict(zip(header, row, strict=True)) for row in rows if row[0] == "受理")
    assert accept["综合窗口人员"] == "可以" and not accept["审计管理员"]
