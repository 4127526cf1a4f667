"""Narrowing what an application may be let in to ends, at once, what was given with more."""

import pytest
from django.test import Client

from mingqu.identity.models import AppGrant
from mingqu.identity.openid import services
from mingqu.identity.tests import factories as f
from mingqu.identity.tests.applications import BACK, Application, registrar
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


def narrowed(app: Application, *scopes: str) -> None:
    services.change_app(
        app_id=app.id, addresses=(BACK,), scopes=scopes, by=registrar(), at=f.NOON, key=new_id()
    )


def test_tokens_with_more_end_and_those_with_less_go_on():
    more, less = f.signed_in(Client(), f.citizen()[0]), f.signed_in(Client(), f.citizen()[0])
    app = Application()
    wide = app.tokens(app.code(more, "profile", "phone", "offline_access")).json()
    narrow = app.tokens(app.code(less, "profile")).json()
    waiting = app.code(more, "phone")
    assert app.facts(wide["access_token"]).status_code == 200

    narrowed(app, "openid", "profile")

    assert app.facts(wide["access_token"]).status_code == 401
    assert app.again(wide["refresh_token"]).status_code == 400
    assert app.tokens(waiting).status_code == 400
    assert app.facts(narrow["access_token"]).status_code == 200
    assert all(set(one.scopes) <= {"openid", "profile"} for one in AppGrant.objects.filter(app_id=app.id))
    entry = AuditEntry.objects.filter(root_id=app.id, action="identity.change_app").latest("seq")
    assert entry.notes["tokens_ended"] == 2


def test_widened_again_nobodys_old_consent_counts_and_another_application_loses_nothing():
    browser = f.signed_in(Client(), f.citizen()[0])
    app, other = Application(), Application()
    app.tokens(app.code(browser, "phone"))
    theirs = other.tokens(other.code(browser, "phone")).json()

    narrowed(app, "openid", "profile")
    narrowed(app, "openid", "profile", "phone")

    assert "phone" not in AppGrant.objects.get(app_id=app.id).scopes
    assert other.facts(theirs["access_token"]).status_code == 200
