"""The pages of the 系统管理员 and the 安全管理员 (GB/T 22239-2019 8.1.4.2): each deed is confirmed, none does both."""

import html
import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.identity import staff_lists
from mingqu.identity.models import Department, Post, PostHolding, RoleGrant, User
from mingqu.identity.services import second_factor
from mingqu.identity.tests import factories
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
DAY = {"from_on_year": "2026", "from_on_month": "11", "from_on_day": "20"}  # that of factories.NOON


@pytest.fixture(autouse=True)
def _plain_site(settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    """Every request comes on the day of the factories."""
    hand = SimpleNamespace(now=lambda: factories.NOON)
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", hand)


def officer(role: str) -> Client:
    return factories.signed_in(Client(), factories.staff_user("管理", factories.post(None, role)))


def text_of(answer) -> str:
    body = re.sub(r"<(script|style|svg).*?</\1>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", body)))


def carried(page) -> dict[str, str]:
    body = page.content.decode()
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body))
    return {name: html.unescape(value) for name, value in found.items() if name != "csrfmiddlewaretoken"}


def deed(client: Client, route: str, *args, **given):
    """Fill in, read the question, confirm: the question and the answer."""
    address = reverse(f"identity:{route}", args=args)
    page = client.get(address)
    assert page.status_code == 200
    question = client.post(address, carried(page) | given | {"stage": "check"})
    assert question.status_code == 200, text_of(question)
    return question, client.post(address, carried(question) | {"stage": "do"})


def test_the_system_officer_makes_an_account_that_can_do_nothing_yet():
    question, done = deed(officer("system_officer"), "create_account", username="zhoumin2", name="周敏敏")

    assert "新账号没有岗位，什么也不能办" in text_of(question)
    password = re.search(r'mq-code mq-nb">([^<]+)<', done.content.decode()).group(1)
    user = User.objects.get(username="zhoumin2")
    assert user.check_password(password)
    assert user.must_change_password
    assert password not in str(list(AuditEntry.objects.values()))


def test_a_second_press_shows_the_password_that_was_set_and_makes_no_second_account():
    client, address = officer("system_officer"), reverse("identity:create_account")
    given = carried(client.get(address)) | {"username": "zhoumin2", "name": "周敏敏", "stage": "do"}

    first, second = client.post(address, given), client.post(address, given)

    password = re.search(r'mq-code mq-nb">([^<]+)<', second.content.decode()).group(1)
    assert password in first.content.decode()
    assert User.objects.get(username="zhoumin2").check_password(password)


def test_the_security_officer_gives_a_post_its_role_and_its_holder():
    post_id = factories.post(None)
    user = factories.staff_user("周敏")
    security = officer("security_officer")

    question, _ = deed(security, "grant", post_id, role="reviewer", within="own")
    assert "得到角色“承办人”，范围：清禾区市场监督管理局和下级部门" in text_of(question)
    question, _ = deed(security, "assign", post_id, user=user.username, **DAY)
    assert f"账号{user.username}从2026年11月20日起担任" in text_of(question)

    page = text_of(security.get(reverse("identity:post", args=[post_id])))
    assert "承办人" in page and f"周敏（{user.username}）" in page
    grant = RoleGrant.objects.get(post_id=post_id)
    deed(security, "revoke", grant.pk)
    assert not RoleGrant.objects.filter(pk=grant.pk).exists()
    end = {"until_on_year": "2026", "until_on_month": "12", "until_on_day": "31"}
    deed(security, "end", post_id, user.pk, **end)
    assert PostHolding.objects.get(post_id=post_id).until_on is not None


def test_an_account_is_stopped_with_a_reason_and_let_in_again():
    user = factories.staff_user("周敏")
    system = officer("system_officer")

    question, _ = deed(system, "lock", user.pk, reason="调离")
    assert "马上退出登录，不能再登录" in text_of(question)
    assert not User.objects.get(pk=user.pk).is_active
    assert "已停用" in text_of(system.get(reverse("identity:account", args=[user.pk])))
    deed(system, "unlock", user.pk)
    assert User.objects.get(pk=user.pk).is_active


def test_a_lost_second_factor_is_taken_away_by_the_security_officer_only():
    user = factories.staff_user("周敏")
    second_factor.add_totp(user=user, secret="JBSWY3DPEHPK3PXP", step=1, at=factories.NOON)

    deed(officer("security_officer"), "reset_factor", user.pk)

    assert not second_factor.is_set_up(user.pk)
    address = reverse("identity:reset_factor", args=[user.pk])
    assert officer("system_officer").get(address).status_code == 403


def test_a_department_and_a_post_are_made_by_the_system_officer():
    system = officer("system_officer")

    deed(system, "create_department", code="QH-NEW", name="清禾区数据局", region_code="990104000000")
    department = Department.objects.get(code="QH-NEW")
    deed(system, "create_post", code="SJJ-01", name="数据承办", department=str(department.pk))

    assert Post.objects.get(code="SJJ-01").department == department
    assert "数据承办" in text_of(system.get(reverse("identity:organs"), {"q": "数据局"}))


@pytest.mark.parametrize(
    ("route", "given", "words"),
    [
        ("create_account", {"username": "A", "name": "周"}, "账号名称用3到32个"),
        ("create_department", {"code": "X", "name": "局", "region_code": "1"}, "区划代码"),
    ],
)
def test_what_a_command_refuses_stands_at_its_field_and_nothing_is_made(route, given, words):
    client, address = officer("system_officer"), reverse(f"identity:{route}")
    before = User.objects.count(), Department.objects.count()

    answer = client.post(address, carried(client.get(address)) | given | {"stage": "do"})

    assert answer.status_code == 400
    assert words in text_of(answer)
    assert (User.objects.count(), Department.objects.count()) == before


def test_the_three_officers_exclude_each_other_on_the_page_too():
    post_id = factories.post(None, "system_officer")
    security = officer("security_officer")
    address = reverse("identity:grant", args=[post_id])

    given = {"role": "audit_officer", "within": "all", "region_code": "", "stage": "do"}
    answer = security.post(address, carried(security.get(address)) | given)

    assert answer.status_code >= 400
    assert "不能由同一个人担任" in text_of(answer)
    assert RoleGrant.objects.filter(post_id=post_id).count() == 1


def test_nobody_gives_a_role_to_their_own_post():
    post_id = factories.post(None, "security_officer")
    own = factories.signed_in(Client(), factories.staff_user("安全", post_id))
    address = reverse("identity:grant", args=[post_id])

    given = {"role": "reviewer", "within": "all", "region_code": "", "stage": "do"}
    answer = own.post(address, carried(own.get(address)) | given)

    assert "不能给自己的岗位授权" in text_of(answer)
    assert RoleGrant.objects.filter(post_id=post_id).count() == 1


ROUTES = {
    "accounts": "identity.see_accounts", "create_account": "identity.create_user", "lock": "identity.lock_user",
    "unlock": "identity.unlock_user", "reset_password": "identity.reset_password",
    "reset_factor": "identity.reset_second_factor", "create_department": "identity.create_department",
    "create_post": "identity.create_post", "assign": "identity.assign_post", "grant": "identity.grant_role",
}  # fmt: skip


@pytest.mark.parametrize(
    "role", ["system_officer", "security_officer", "audit_officer", "reviewer", "department_head"]
)
def test_each_officer_opens_their_own_deeds_and_no_others(role):
    from mingqu.identity.roles import roles

    client, user, post_id = officer(role), factories.staff_user("周敏"), factories.post(None)

    for route, action in ROUTES.items():
        args = {"assign": [post_id], "grant": [post_id]}.get(route, [])
        if route in {"lock", "unlock", "reset_password", "reset_factor"}:
            args = [user.pk]
        may = action in roles()[role].permissions
        assert (client.get(reverse(f"identity:{route}", args=args)).status_code == 403) is (not may), route


def test_lists_go_on_by_their_cursor_and_find_by_the_beginning(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(staff_lists, "PAGE", 2)
    for name in ("aa-one", "aa-two", "aa-three"):
        user = factories.staff_user("周敏")
        User.objects.filter(pk=user.pk).update(username=name)
    client = officer("security_officer")
    client.get(reverse("identity:organs"))  # a new session writes once

    with django_assert_max_num_queries(6):
        first = client.get(reverse("identity:accounts"), {"q": "aa-"})
    second = client.get(first.context["next_url"])

    assert [line.username for line in first.context["lines"]] == ["aa-one", "aa-three"]
    assert [line.username for line in second.context["lines"]] == ["aa-two"]
    assert second.context["next_url"] == ""
    assert "没有找到账号" in text_of(client.get(reverse("identity:accounts"), {"q": "zz"}))
