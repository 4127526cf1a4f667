"""The one form and the one set of materials of a bundle offer what its applicant has said and handed in before."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.cases import again
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.models import MaterialFile
from mingqu.cases.tests import factories as f
from mingqu.catalogue import selectors as catalogue
from mingqu.forms.models import Draft
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day

pytestmark = pytest.mark.django_db
PLAN, SIGN = "food--floor-plan", "sign--sign-drawing"


@pytest.fixture
def w(monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: b.NOON))
    return b.world()


@pytest.fixture
def before(w):
    """Her food licence of a year's beginning, granted."""
    return f.decided_case(w.base, at=b.NOON - 20 * b.DAY)


def browser(actor) -> Client:
    return people.signed_in(Client(), User.objects.get(pk=actor.user_id))


def begun(client) -> str:
    return client.post(reverse("bundles:begin", args=[b.CODE]), b.SITUATION).url


def values() -> dict:
    return Draft.objects.get(about=b.CODE).answers["values"]


def test_what_the_last_application_of_a_part_answered_is_put_in_where_the_one_form_asks_it(w, before):
    client = browser(w.citizen)
    draft = begun(client)
    told = "".join(client.get(f"{draft}page/{n}/").content.decode() for n in (1, 2, 3))
    assert before.number in told and f.ANSWERS["shop_name"] in told

    for page in (1, 2, 3):
        version = client.get(f"{draft}page/{page}/").context["version"]
        answer = client.post(f"{draft}page/{page}/", {"_version": version, "_end": "1", "_known": "*"})
        assert answer.url == f"{draft}page/{page}/?filled=1"

    assert values()["shop_name"] == f.ANSWERS["shop_name"]
    assert values()["food"]["area_m2"] == f.ANSWERS["area_m2"]
    assert "填的一样，不对可以改" in client.get(f"{draft}page/1/").content.decode()


def test_a_file_handed_in_for_one_service_is_used_again_for_that_part_of_the_bundle(w, before):
    client = browser(w.citizen)
    draft = begun(client)
    page = client.get(f"{draft}materials/").content.decode()
    assert page.count("用上次交的") == 2, (
        "the plan and the rules of the food licence, nothing of the other parts"
    )
    chosen = SimpleUploadedFile("图.png", f.PNG, content_type="image/png")

    press = {"then": f"again:{PLAN}:{before.pk}", f"files--{SIGN}": chosen, "_end": "1"}
    told = client.post(f"{draft}materials/", press, follow=True).content.decode()

    assert "已用上次交的1个文件" in told
    draft_id = Draft.objects.get(about=b.CODE).pk
    there = MaterialFile.objects.filter(root_id=draft_id).values_list("material_code", flat=True)
    assert sorted(there) == [PLAN, SIGN], "what was chosen beside it is kept too"
    own_page = client.post(
        f"{draft}materials/food--safety-rules/", {"act": "again", "before": str(before.pk)}
    )
    assert own_page.status_code == 302
    assert MaterialFile.objects.filter(root_id=draft_id, material_code="food--safety-rules").exists()


def test_another_person_and_a_draft_that_is_nobodys_yet_are_offered_nothing(w, before):
    stranger, unclaimed = browser(people.citizen(name="王生人")[1]), Client()
    hers = begun(unclaimed)
    code = unclaimed.get(hers).context["code"]
    signed_in = browser(w.citizen)
    signed_in.post(reverse("cases:resume"), {"code": code})

    for client, draft in ((stranger, begun(stranger)), (unclaimed, hers), (signed_in, hers)):
        seen = (
            client.get(f"{draft}page/1/").content.decode() + client.get(f"{draft}materials/").content.decode()
        )
        client.post(f"{draft}materials/", {"then": f"again:{PLAN}:{before.pk}", "_end": "1"})
        assert before.number not in seen and "用上次交的" not in seen

    assert not MaterialFile.objects.exclude(root_id=before.pk).exists()


def test_the_files_of_a_part_may_be_used_again_for_its_service_alone(w):
    bundle = b.accepted(w)
    item, definition = catalogue.current_definition("QH-SPJYXK")
    wanted = {
        "floor-plan": again.Wanted(definition.material("floor-plan"), frozenset({(item.code, "floor-plan")}))
    }

    found = again.handed_in_before(wanted, w.citizen, bundle.party_id, legal_day(b.NOON))

    assert found["floor-plan"].case_id == b.part(bundle, "food").case_id
