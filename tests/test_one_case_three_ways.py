"""ARC-07: begun at the window, gone on with online, finished at a terminal: one case, one trail, whatever the way."""

from types import SimpleNamespace

import pytest
from django.test import Client

from mingqu.cases.models import Case
from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as f
from mingqu.forms.models import Draft
from mingqu.identity import services as identity
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.workbench.tests import test_the_window as window

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: f.FRIDAY_NOON))
    return f.world()


def browser(user, *, terminal=False) -> Client:
    client = Client()
    if terminal:
        assert client.post("/kiosk/").status_code == 302
    return people.signed_in(client, user)


def her_account() -> tuple[User, str]:
    """She has an account with her number, as somebody who signed in once."""
    user, number = identity.open_account(phone=people.phone(), at=f.FRIDAY_NOON), people.citizen_number()
    by = f.Actor("citizen", user.person_id, user_id=user.id)
    identity.declare_identity(
        person_id=by.id, name="禾小满", citizen_number=number, by=by, at=f.FRIDAY_NOON, key=f.uuid4()
    )
    return user, number


def begun_at_the_window(w, user, number) -> str:
    clerk = browser(User.objects.get(pk=w.clerk.user_id))
    window.receive(clerk, number, phone=user.phone)
    return window.begin(clerk)


def test_begun_at_the_window_gone_on_with_online_finished_at_a_terminal_is_one_case(w):
    user, number = her_account()
    draft_id = begun_at_the_window(w, user, number)
    at_home = browser(user)
    assert f"/apply/draft/{draft_id}/" in a.body(at_home.get("/my/"))
    a.filled(at_home, draft_id)

    terminal = browser(user, terminal=True)
    assert "mq-kiosk" in a.body(terminal.get(f"/apply/draft/{draft_id}/check/"))
    assert a.hand_in(terminal, draft_id, delivery="window").status_code == 302

    case = Case.objects.get()
    assert (str(case.pk), case.applicant_id, case.channel) == (draft_id, user.person_id, "kiosk")
    assert Draft.objects.get(pk=draft_id).filed_at is not None and Draft.objects.count() == 1
    trail = AuditEntry.objects.filter(root_id=draft_id).order_by("seq")
    assert list(trail.values_list("action", flat=True)) == ["case.file"]
    assert trail.get().notes["channel"] == "kiosk"
    assert case.number in a.body(at_home.get("/my/")), "and is followed at home"


@pytest.mark.parametrize(("terminal", "channel"), [(True, "kiosk"), (False, "online")])
def test_the_channel_is_where_the_button_was_pressed_and_changes_nothing_else(w, terminal, channel):
    client = browser(User.objects.get(pk=w.citizen.user_id), terminal=terminal)
    draft_id = a.filled(client, a.begun(client))

    a.hand_in(client, draft_id)

    case = Case.objects.get()
    assert (case.channel, case.status, case.filed_by_post) == (channel, "received", None)


def test_nobody_files_for_a_window_by_saying_so(w):
    draft = f.draft(w)

    with pytest.raises(ValueError, match="channel"):
        f.services.file_case(
            draft_id=draft.draft_id,
            base_version=draft.version,
            by=w.citizen,
            at=f.FRIDAY_NOON,
            key=f.uuid4(),
            channel="window",
        )
    assert not Case.objects.exists()
