"""PRT-02: one sign-in, one site: a person applies, follows, receives, rates and complains."""

from uuid import uuid4

import pytest
from django.utils import timezone

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.applying import begun, body, filled, hand_in, user_of
from mingqu.documents import services as documents
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.relay import round_once
from mingqu.process import selectors as tasks
from mingqu.voice.models import Ticket
from mingqu.voice.tests.factories import answered, head_of

pytestmark = pytest.mark.django_db


def test_apply_follow_receive_rate_and_complain_in_one_place(client):
    w = f.world()
    documents.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="清禾区市场监督管理局",
        by=f.SYSTEM,
        at=timezone.now(),
        key=new_id(),
    )
    people.signed_in(client, user_of(w.citizen))

    # Apply.
    assert hand_in(client, filled(client, begun(client))).status_code == 302
    case = Case.objects.get()

    # Follow: her own list leads to the page that says whose turn it is.
    progress = f"/cases/{case.number}/progress/"
    assert progress in body(client.get("/my/"))
    assert "最晚" in body(client.get(progress))

    # Receive: the decision, and the certificate in her wallet.
    now = timezone.now()
    services.accept_case(case_id=case.pk, by=w.clerk, at=now, key=uuid4())
    while steps := [t.step for t in tasks.open_tasks(case.pk) if t.step != "decide"]:
        f.review(w, case, steps[0], at=now)
    services.decide_case(case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=now, key=uuid4())
    while round_once(timezone.now()):
        pass
    assert "食品经营许可" in body(client.get("/certificates/"))

    # Rate.
    assert client.post(f"/rate/{case.number}/", {"key": str(uuid4()), "level": "5"}).status_code == 302

    # Complain, be answered, and have the last word.
    about = f"/voice/new/?case={case.number}"
    assert about in body(client.get(progress))
    client.post(about, {"key": str(uuid4()), "kind": "complaint", "text": "送达晚了一天"})
    ticket = answered(w, Ticket.objects.get(), head_of(w), at=now)
    here = f"/voice/{ticket.number}/"
    client.post(here, {"key": str(uuid4()), "settled": "yes"})
    assert "已解决" in body(client.get(here))
