"""What accounts, second factors and organs refuse, each with its own sentence; nothing is changed by it."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from mingqu.identity import errors, selectors, services
from mingqu.identity.models import Department, Person, User
from mingqu.identity.services import codes, second_factor
from mingqu.identity.tests import factories
from mingqu.identity.types import NewAccount, NewDepartment
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db
ANOTHER = "Yunlan-2026-mountain"
SECRET = "JBSWY3DPEHPK3PXP"


def change(user, old, new):
    return services.change_password(
        user_id=user.id,
        old=old,
        new=new,
        by=Actor("staff", user.person_id, user_id=user.id),
        at=factories.NOON + timedelta(days=1),
        key=new_id(),
    )


def make(username):
    draft = NewAccount(username, "周敏", ANOTHER, must_change_password=False)
    return services.create_user(draft=draft, by=factories.SYSTEM, at=factories.NOON, key=new_id())


def test_ones_own_password_is_changed_by_who_knows_it_only():
    user = factories.staff_user()

    with pytest.raises(errors.WrongPassword):
        change(user, "not-the-password-2026", ANOTHER)
    assert User.objects.get(pk=user.pk).check_password(factories.PASSWORD)

    change(user, factories.PASSWORD, ANOTHER)
    assert User.objects.get(pk=user.pk).check_password(ANOTHER)


def test_the_new_password_is_another_one():
    user = factories.staff_user()

    with pytest.raises(errors.SamePassword):
        change(user, factories.PASSWORD, factories.PASSWORD)
    assert User.objects.get(pk=user.pk).password_changed_at == user.password_changed_at


@pytest.mark.parametrize("username", ["ab", "1zhou", "周敏", "zhou min", "a" * 33])
def test_a_name_of_an_account_is_written_in_small_letters(username):
    with pytest.raises(errors.WrongUsername):
        make(username)
    assert not Person.objects.exists()


def test_a_name_of_an_account_is_used_once():
    make("zhoumin")
    with pytest.raises(errors.UsernameTaken):
        make("ZhouMin")
    assert User.objects.count() == Person.objects.count() == 1


def test_a_second_secret_does_not_take_the_place_of_the_first():
    user = factories.staff_user()
    second_factor.add_totp(user=user, secret=SECRET, step=-1, at=factories.NOON)
    before = list(Authenticator.objects.filter(user=user).order_by("pk").values())

    with pytest.raises(errors.SecondFactorExists):
        second_factor.add_totp(user=user, secret="A" * 16, step=-1, at=factories.NOON)
    assert list(Authenticator.objects.filter(user=user).order_by("pk").values()) == before


def test_an_account_that_is_none_is_neither_stopped_nor_given_a_password():
    by = {"by": factories.SYSTEM, "at": factories.NOON}
    citizen, _ = factories.citizen()

    with pytest.raises(errors.UnknownAccount):
        services.lock_user(user_id=uuid4(), reason="离职", key=new_id(), **by)
    with pytest.raises(errors.UnknownAccount):  # who signs in by code has no password to be given
        services.reset_password(user_id=citizen.id, password=ANOTHER, key=new_id(), **by)


def test_a_department_that_is_none_is_no_parent_and_is_not_shown():
    draft = NewDepartment("below", "许可科", factories.REGION, uuid4())

    with pytest.raises(errors.UnknownDepartment) as refused:
        services.create_department(draft=draft, by=factories.SYSTEM, at=factories.NOON, key=new_id())
    assert refused.value.field == "parent"
    assert not Department.objects.exists()
    with pytest.raises(errors.UnknownDepartment):
        selectors.department_by_code("below")


def test_without_a_sender_of_codes_the_page_says_where_to_go_instead(monkeypatch, client):
    monkeypatch.setattr(codes, "_sender", [])

    answer = client.post(reverse("identity:sign_in"), {"phone": factories.phone()})

    assert answer.status_code == errors.CodesUnavailable.status
    assert "服务大厅窗口" in answer.content.decode()
    with pytest.raises(errors.CodesUnavailable):
        codes.send_code(factories.phone(), "123456", at=factories.NOON)


def test_a_program_that_is_nobody_is_told_so_and_staff_that_the_page_is_for_citizens():
    nobody = Client().post("/api/v1/appointment-holds")
    officer = factories.signed_in(Client(), factories.staff_user("周敏", factories.post(None, "reviewer")))

    assert (nobody.status_code, json.loads(nobody.content)["code"]) == (401, errors.NotSignedIn.code)
    refused = officer.get("/my/")
    assert refused.status_code == errors.StaffAccount.status
    assert errors.StaffAccount().message in refused.content.decode()
