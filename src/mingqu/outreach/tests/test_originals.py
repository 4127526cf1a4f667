"""收取原件: what the person gives is signed for, one book says who has it, and it comes to the hall or back to her."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall
from mingqu.hall.errors import PaperNotYours
from mingqu.hall.models import KeptPaper
from mingqu.hall.types import Counted, NewPaper, Returned
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.models import AuditEntry
from mingqu.notifications.models import InboxMessage, Outgoing
from mingqu.outreach import selectors, services
from mingqu.outreach.errors import ErrandNotNow, ErrandUnknown, NotDelegated, SignatureNeeded
from mingqu.outreach.models import Collected
from mingqu.outreach.tests import factories as made

NOON = made.NOON
PAPERS = (NewPaper("身份证", "original", 1), NewPaper("平面图", "copy", 2))


@pytest.fixture
def w(db):
    return f.world()


@pytest.fixture
def p(w):
    return made.place(w)


@pytest.fixture
def helped(p):
    return made.with_telephone(p.clerk)


@pytest.fixture
def row(p, helped):
    """Handed in for somebody with a telephone of her own."""
    row = made.by_paper(p, made.errand(p, person=helped))
    made.hand_in(p, row, made.begun(p, row))
    relay.deliver_root(row.draft_id, NOON)
    row.refresh_from_db()
    return row


def collect(p, row, *, key=None, by=None, papers=PAPERS):
    key = key or uuid4()
    given = {"papers": papers, "drawn": None, "by": by or p.agent, "at": NOON}
    return services.collect_papers(errand_id=row.pk, key=key, **given)


def mine(p, row):
    return [one.id for one in selectors.originals_of(p.agent, row.number).mine]


def send(p, row, papers):
    return services.send_originals(errand_id=row.pk, papers=papers, by=p.agent, at=NOON, key=uuid4())


def test_what_she_gives_lies_with_the_agent_and_her_own_telephone_is_told(p, row, helped):
    key = uuid4()
    assert collect(p, row, key=key) == 2
    assert collect(p, row, key=key) == 2, "the same press"
    relay.deliver_root(row.pk, NOON)

    shown = selectors.originals_of(p.agent, row.number)
    assert [(one.name, one.form_words, one.copies) for one in shown.mine] == [
        ("身份证", "原件", 1),
        ("平面图", "复印件", 2),
    ]
    assert [(one.many, one.signed) for one in shown.given] == [(2, "已在纸上签名")]
    text = Outgoing.objects.get(kind="errand_collected").text
    assert "2种材料" in text and row.number in text
    assert InboxMessage.objects.filter(person_id=helped.id, kind="errand_collected").count() == 1
    assert AuditEntry.objects.get(root_id=row.pk, action="errand.collect").notes["papers"] == 2


def test_the_hall_counts_and_signs_and_till_then_they_are_his(p, row):
    collect(p, row)
    papers = mine(p, row)

    number = send(p, row, papers)
    shown = selectors.originals_of(p.agent, row.number)
    assert shown.mine == [] and [one.state for one in shown.sent] == ["等签收"] * 2
    assert KeptPaper.objects.filter(post_id=p.agent.post_id, state="moving").count() == 2

    slip = halls.slip_of_number(p.clerk, number)
    counted = [Counted(line.id, line.copies) for line in halls.lines_of_slip(slip.id)]
    hall.receive_papers(slip_id=slip.id, counted=counted, by=p.clerk, at=NOON, key=uuid4())

    assert set(KeptPaper.objects.values_list("post_id", flat=True)) == {p.clerk.post_id}
    after = selectors.originals_of(p.agent, row.number)
    assert after.papers == () and [one.state for one in after.sent] == ["已签收"] * 2
    with pytest.raises(PaperNotYours):
        send(p, row, papers)


def test_what_she_wants_back_is_given_back_against_her_signature_also_after_she_ended_it(p, row, helped):
    collect(p, row)
    services.end_errand(errand_id=row.pk, by=helped, at=NOON, key=uuid4())
    with pytest.raises(ErrandNotNow):
        collect(p, row)

    returned = Returned(tuple(mine(p, row)), "邱桂芬", "self", proof="在纸上签名")
    assert (
        services.give_back_originals(errand_id=row.pk, returned=returned, by=p.agent, at=NOON, key=uuid4())
        == 2
    )

    assert set(KeptPaper.objects.values_list("state", flat=True)) == {"returned"}


def test_nothing_is_taken_before_the_application_is_in_nor_by_another_agent(w, p, row):
    before = made.by_paper(p, made.errand(p))
    with pytest.raises(ErrandNotNow):
        collect(p, before)
    other = made.place(w, code="xihe")
    for deed in (
        lambda: collect(p, row, by=other.agent),
        lambda: selectors.originals_of(other.agent, row.number),
        lambda: selectors.originals_of(p.agent, before.number),
    ):
        with pytest.raises((ErrandUnknown, NotDelegated)):
            deed()
    assert not KeptPaper.objects.exists() and not Collected.objects.exists()


def test_nobody_gives_originals_away_unsigned(p, row):
    with pytest.raises(SignatureNeeded):
        services.signed(None, on_paper=False)
    collect(p, row)
    with pytest.raises(IntegrityError, match="collected_signed_for"), transaction.atomic():
        Collected.objects.create(
            root_id=row.pk, many=1, on_paper=False, agent_id=p.agent.id, post_id=p.agent.post_id, at=NOON
        )


def test_the_agents_page_takes_hands_on_and_prints(p, row):
    client = people.signed_in(Client(), User.objects.get(pk=p.agent.user_id))
    address = reverse("outreach:originals", args=[row.number])
    given = {"original_0": "1", "key": str(uuid4())}

    unsigned = client.post(address, given)
    assert unsigned.status_code == 422 or "签名" in unsigned.content.decode()
    assert not KeptPaper.objects.exists()
    assert client.post(address, {**given, "on_paper": "on"}).status_code == 302
    page = client.get(address).content.decode()
    assert "您手里有1种材料" in page and "打印清单" in page
    send_to = reverse("outreach:send_originals", args=[row.number])
    assert (
        client.post(send_to, {"key": str(uuid4()), "paper": [str(one) for one in mine(p, row)]}).status_code
        == 302
    )
    assert "等签收" in client.get(address).content.decode()
