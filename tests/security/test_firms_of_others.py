"""A name is anybody's to type: what a firm holds opens only to whom a document was seen of."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases import errors, services
from mingqu.cases.models import Case
from mingqu.cases.services import window
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import at_window as t
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import test_later_life as later
from mingqu.certificates.models import Certificate
from mingqu.documents import services as documents
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.identity import services as identity
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewFirm
from mingqu.kernel import middleware
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db
FIRM = "澜州市清禾餐饮有限公司"


@pytest.fixture
def w():
    w = f.world()
    documents.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="澜州市清禾区市场监督管理局",
        by=f.SYSTEM,
        at=f.FRIDAY_NOON,
        key=new_id(),
    )
    return w


def firm(representative):
    draft = NewFirm(
        name=FIRM,
        credit_code=str(CreditCode.build("9", "1", "990104", "MA000001")),
        legal_representative=representative,
    )
    return identity.create_firm(draft=draft, by=people.SYSTEM, at=people.NOON, key=new_id())


def licence_of(w, firm_id):
    issued = issue_certificate(case_id=f.decided_case(w).pk, at=f.FRIDAY_NOON)
    Certificate.objects.filter(pk=issued.certificate_id).update(holder_id=firm_id, case_id=None)
    return Certificate.objects.get(pk=issued.certificate_id)


def for_firm(w, started, firm_id):
    found = drafts.draft(started.draft_id, by=w.citizen, at=f.FRIDAY_NOON)
    return forms.change_context(
        draft_id=found.draft_id,
        context={**found.context, "party": str(firm_id)},
        base_version=found.version,
        by=w.citizen,
        at=f.FRIDAY_NOON,
    )


def test_who_only_calls_herself_like_the_representative_acts_on_no_certificate_of_the_firm(w):
    """She could have had the licence of another's shop struck off (行政许可法 70)."""
    firm_id = firm(w.citizen.name)
    licence = licence_of(w, firm_id)
    started = later.draft(w, "cancel", licence.pk, f.FRIDAY_NOON)
    saved = for_firm(w, started, firm_id)

    with pytest.raises(errors.CertificateNotYours):
        services.file_case(
            draft_id=started.draft_id, base_version=saved.version, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4()
        )

    assert not Case.objects.filter(pk=started.draft_id).exists()


def test_nor_does_she_read_what_it_says(w, monkeypatch):
    monkeypatch.setattr(middleware, "timezone", SimpleNamespace(now=lambda: f.FRIDAY_NOON))
    firm_id = firm(w.citizen.name)
    licence = licence_of(w, firm_id)
    licence.fields = licence.fields | {"premises": "青澜街道没有别人知道的路9号"}
    Certificate.objects.filter(pk=licence.pk).update(fields=licence.fields)
    started = later.draft(w, "change", licence.pk, f.FRIDAY_NOON)
    for_firm(w, started, firm_id)
    client = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
    query = {"_draft": str(started.draft_id), "_certificate": licence.number, "what": "name"}

    pages = [
        client.get(reverse(f"cases:{page}", args=[later.ITEM]), query, follow=True).content.decode()
        for page in ("start", "result")
    ]

    assert all("没有找到这个证照" in words and "没有别人知道的路" not in words for words in pages)


def test_at_a_window_she_bears_the_name_on_her_document(w):
    """A firm chosen online under its representative's name was taken over with the draft, unseen by the clerk."""
    person_id = t.walk_in(w, name="王真名")
    firm_id = firm("李晓禾")
    draft_id, version = t.window_draft(w, person_id)
    by = t.assisting(w, person_id)
    view = window.open_draft(draft_id=draft_id, by=by, at=f.FRIDAY_NOON).view
    saved = forms.change_context(
        draft_id=draft_id,
        context={**view.context, "party": str(firm_id)},
        base_version=version,
        by=by,
        at=f.FRIDAY_NOON,
    )

    assert window.open_draft(draft_id=draft_id, by=by, at=f.FRIDAY_NOON).party.id is None
    with pytest.raises(errors.PartyNotYours):
        t.file_it(w, person_id, (draft_id, saved.version))
    assert not Case.objects.filter(pk=draft_id).exists()


def test_a_representative_whose_document_was_seen_files_for_her_firm_at_the_window(w):
    person_id = t.walk_in(w, name="李晓禾")
    firm_id = firm("李晓禾")
    draft_id, version = t.window_draft(w, person_id)
    by = t.assisting(w, person_id)
    view = window.open_draft(draft_id=draft_id, by=by, at=f.FRIDAY_NOON).view
    saved = forms.change_context(
        draft_id=draft_id,
        context={**view.context, "party": str(firm_id)},
        base_version=version,
        by=by,
        at=f.FRIDAY_NOON,
    )

    t.file_it(w, person_id, (draft_id, saved.version))

    assert Case.objects.get(pk=draft_id).party_name == FIRM
