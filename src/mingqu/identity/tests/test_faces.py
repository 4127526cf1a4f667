"""人脸核验: asked for last, by a service of another owner, with consent of its own; the window stays open."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.test import Client

from mingqu.cases.errors import FaceNeeded, LevelAtWindow, LevelNeeded
from mingqu.cases.services.filing import require_level
from mingqu.identity import selectors
from mingqu.identity.account_errors import FaceDiffers
from mingqu.identity.errors import (
    ConsentMissing,
    IdentityVerified,
    RealNameNeeded,
    SourceUnavailable,
    TooManyAttempts,
)
from mingqu.identity.models import Person
from mingqu.identity.services import faces as services
from mingqu.identity.sources import faces
from mingqu.identity.tests import factories as f
from mingqu.kernel import gateways
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
BACK = "https://here.example.org/back"


@pytest.fixture(autouse=True)
def _a_demo(settings):
    settings.MINGQU_DEMO = True


@pytest.fixture
def known():
    user, actor = f.citizen("禾小满")
    Person.objects.filter(pk=user.person_id).update(assurance=2)
    return user, actor


def begin(actor, **changed):
    given = {"reference": "r1", "back": BACK, "consent": True, "by": actor, "at": f.NOON}
    return services.begin(**given | changed)


def finish(actor, *, passed=True, of="r1", reference="r1"):
    ticket = faces.double_ticket(of, passed=passed)
    services.finish(reference=reference, ticket=ticket, by=actor, at=f.NOON, key=new_id())


def test_passed_she_has_the_level_and_the_ledger_has_her_consent(known):
    user, actor = known
    assert begin(actor) == "/double/face/r1/"

    finish(actor)

    assert selectors.person(user.person_id).assurance == 3
    notes = AuditEntry.objects.get(action="identity.verify_face").notes
    assert notes == {"matched": True, "consent": services.CONSENT}
    with pytest.raises(IdentityVerified):
        begin(actor)


@pytest.mark.parametrize("wrong", [{"passed": False}, {"of": "r2"}])
def test_what_was_not_passed_or_belongs_to_another_check_changes_nothing(wrong, known):
    user, actor = known
    with pytest.raises(FaceDiffers):
        finish(actor, **wrong)
    assert selectors.person(user.person_id).assurance == 2


def test_it_is_refused_without_consent_before_the_document_too_often_and_without_a_service(known, settings):
    _user, actor = known
    with pytest.raises(ConsentMissing):
        begin(actor, consent=False)
    with pytest.raises(RealNameNeeded):
        begin(f.citizen()[1])
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"face_person": (1, 3600)}
    begin(actor)
    with pytest.raises(TooManyAttempts):
        begin(actor)
    settings.MINGQU_DEMO = False
    assert not services.available()
    with pytest.raises(SourceUnavailable):
        faces.faces()


def test_a_matter_that_wants_it_asks_for_the_document_first_then_the_face_else_the_window(known, settings):
    person = selectors.person(known[0].person_id)
    wants = SimpleNamespace(item=SimpleNamespace(assurance="AAL3"))
    with pytest.raises(LevelNeeded):
        require_level(wants, replace(person, assurance=1))
    with pytest.raises(FaceNeeded):
        require_level(wants, person)
    require_level(wants, replace(person, assurance=3))
    settings.MINGQU_DEMO = False
    with pytest.raises(LevelAtWindow):
        require_level(wants, person)


def test_over_http_it_asks_with_the_reference_and_trusts_no_strange_address(monkeypatch):
    said: list[tuple[str, str]] = []
    answers = {"begin": {"address": "https://face.example.org/x"}, "result": {"passed": True}}

    def ask(method, url, body, headers, timeout):
        said.append((url, body.decode()))
        return gateways.Reply("answered", 200, answers[url.rpartition("/")[2]])

    monkeypatch.setattr(gateways, "ask", ask)
    source = faces.HttpFaces("https://gate.example.org/faces")
    assert source.begin(name="禾", number="1", reference="r", back=BACK) == "https://face.example.org/x"
    assert source.passed("r", "t") is True and '"ticket": "t"' in said[-1][1]
    answers["begin"] = {"address": "javascript:alert(1)"}
    with pytest.raises(SourceUnavailable):
        source.begin(name="禾", number="1", reference="r", back=BACK)
    with pytest.raises(ValueError, match="https"):
        faces.HttpFaces("http://gate.example.org")


def test_by_the_pages_from_the_consent_back_to_what_she_was_doing(known):
    user, _actor = known
    browser = f.signed_in(Client(), user)
    page = "/my/profile/face/?next=/my/"
    assert browser.post(page, {}).status_code == 400
    shown = browser.post(page, {"consent": "on", "next": "/my/"}).content.decode()
    address = shown.partition("/double/face/")[2].partition("/")[0]
    assert Client().get(f"/double/face/{address}/").status_code == 404, "of the session that began it alone"
    back = browser.post(f"/double/face/{address}/", {"choice": "yes"})["Location"]
    assert browser.get(back)["Location"] == "/my/"
    assert selectors.person(user.person_id).assurance == 3
    assert browser.get(back)["Location"] == "/my/profile/face/", "a ticket counts once"
