"""A bundle is begun without signing in: its code opens the draft, signing in at the last look makes it one's own."""

from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.cases.bundles.services import window
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.models import Bundle, MaterialFile, SignedCommitment
from mingqu.cases.services import window as single_window
from mingqu.cases.tests import at_window as t
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.forms.errors import DraftNotFound
from mingqu.forms.models import Draft
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
PLAN, RULES = "food--floor-plan", "food--safety-rules"


@pytest.fixture
def w(monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: b.NOON))
    return b.world()


def begun(client, **changes) -> str:
    answer = client.post(reverse("bundles:begin", args=[b.CODE]), {**b.SITUATION, **changes})
    assert answer.status_code == 302
    return answer.url


def photo():
    return SimpleUploadedFile("图.png", b.f.PNG, content_type="image/png")


def code_of(client, draft) -> str:
    return client.get(draft).context["code"]


def typed(values, at=""):
    for name, value in values.items():
        path = f"{at}__{name}" if at else name
        if isinstance(value, dict):
            yield from typed(value, path)
        else:
            yield path, str(value)


def filled(client, draft) -> None:
    """Every page of the form and every material, as a browser without scripts sends them."""
    url = f"{draft}page/1/"
    while "/page/" in url:
        version = client.get(url).context["version"]
        url = client.post(url, {**dict(typed(b.ANSWERS)), "_version": version, "_end": "1"}).url
    of = catalogue.open_bundle(b.CODE)
    needed = catalogue.merged_materials(of, catalogue.needed_of_answers(of, b.SITUATION))
    chosen = {f"files--{one.code}": photo() for one in needed}
    assert client.post(url, {**chosen, "then": "on", "_end": "1"}).status_code == 302


def sign(client, draft, name="李晓禾"):
    fields = {"act": "sign", "kind": "promise", "name": name, "agreed": "on"}
    return client.post(f"{draft}materials/{RULES}/", fields)


def enter(client, actor) -> None:
    people.signed_in(client, User.objects.get(pk=actor.user_id))


def test_everything_but_the_last_look_is_done_without_signing_in(w):
    client = Client()
    draft = begun(client)
    filled(client, draft)
    assert Draft.objects.get().owner_id is None
    tasks = client.get(draft).content.decode()
    assert "登录，填姓名和公民身份号码" in tasks and "可以提交了" in tasks
    asked = client.get(f"{draft}check/")
    assert asked.status_code == 302 and asked.url == f"/sign-in/?next={quote(draft, safe='')}check%2F"

    enter(client, w.citizen)
    code = code_of(client, draft)
    claimed = client.get(f"{draft}check/", follow=True)

    assert "这份草稿已存到您名下" in claimed.content.decode()
    assert Draft.objects.get().owner_id == w.citizen.id
    assert AuditEntry.objects.filter(action="draft.claim", root_id=Draft.objects.get().pk).count() == 1
    form = claimed.context["form"]
    given = {"key": form["key"].value(), "version": form["version"].value(), "declared": "on"}
    assert client.post(f"{draft}check/", {**given, "delivery": "electronic"}).status_code == 302
    assert Bundle.objects.get().applicant_id == w.citizen.id
    assert code not in client.get(draft, follow=True).content.decode()


def test_the_code_and_a_press_open_it_elsewhere_and_nothing_once_it_is_claimed(w):
    client, other = Client(), Client()
    draft = begun(client)
    code = code_of(client, draft)

    other.get(reverse("cases:resume_link", args=[code]))
    assert other.get(draft).status_code == 404, "a stranger's link alone puts no draft into a browser"
    assert other.post(reverse("cases:resume"), {"code": f" {code.lower()} "}).url == draft
    assert other.get(f"{draft}page/1/").status_code == 200
    enter(client, w.citizen)
    client.get(f"{draft}check/")

    page = {"shop_name": "别人的店", "_version": "1", "_end": "1"}
    assert other.get(draft).status_code == other.post(f"{draft}page/1/", page).status_code == 404
    assert "没有保存" in other.post(f"{draft}page/1/autosave/", page).content.decode()
    assert Client().post(reverse("cases:resume"), {"code": code}).status_code == 404
    assert "别人的店" not in client.get(f"{draft}page/1/").content.decode()


@pytest.mark.parametrize("who", ["nobody", "another citizen", "a clerk"])
def test_without_its_code_a_draft_does_not_exist(w, who):
    client = Client()
    draft = begun(client)
    client.post(f"{draft}materials/", {f"files--{PLAN}": photo(), "_end": "1"})
    file = MaterialFile.objects.get()
    stranger = Client()
    if who != "nobody":
        enter(stranger, people.citizen(name="王生人")[1] if who == "another citizen" else w.clerk)

    for page in (
        "", "page/1/", "materials/", f"materials/{PLAN}/", f"files/{file.file_id}/", f"files/{file.file_id}/remove/",
    ):  # fmt: skip
        assert stranger.get(f"{draft}{page}").status_code == 404, page
    assert (
        stranger.post(f"{draft}page/1/", {"shop_name": "x", "_version": "1", "_end": "1"}).status_code == 404
    )
    stranger.post(f"{draft}page/1/autosave/", {"shop_name": "x", "_version": "1", "_end": "1"})
    assert stranger.post(f"{draft}materials/", {f"files--{RULES}": photo(), "_end": "1"}).status_code == 404
    assert sign(stranger, draft).status_code == 404
    assert stranger.post(f"{draft}files/{file.file_id}/remove/").status_code == 404
    assert stranger.get(f"{draft}check/").status_code in (302, 403, 404)

    assert Draft.objects.get().version == 1 and Draft.objects.get().owner_id is None
    assert MaterialFile.objects.get().state == "pending" and not SignedCommitment.objects.exists()


def test_who_begins_and_uploads_without_signing_in_has_an_allowance(w, settings):
    few = {"draft_address_hour": (1, 3600), "upload_address_hour": (2, 3600)}
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | few
    client = Client()
    draft = begun(client)

    again = client.post(reverse("bundles:begin", args=[b.CODE]), b.SITUATION)
    sent = [
        client.post(f"{draft}materials/", {f"files--{PLAN}": photo(), "_end": "1"}).status_code
        for _ in range(2)
    ]

    assert again.status_code == 429 and Draft.objects.count() == 1
    assert sent == [302, 302] and sign(client, draft).status_code == 429
    assert client.post(f"{draft}materials/{PLAN}/", {"files": photo(), "_end": "1"}).status_code == 429
    enter(client, w.citizen)
    assert client.post(f"{draft}materials/{PLAN}/", {"files": photo(), "_end": "1"}).status_code == 302


def test_a_promise_signed_before_signing_in_must_be_the_applicants_own(w):
    client = Client()
    draft = begun(client)
    sign(client, draft, name="别的人")
    enter(client, w.citizen)

    told = client.get(f"{draft}check/", follow=True).content.decode()
    assert "还不能提交" in told and "签的姓名和申请人的姓名不一致" in told
    sign(client, draft)

    assert "签的姓名和申请人的姓名不一致" not in client.get(f"{draft}check/").content.decode()


def test_nobodys_certificates_are_looked_up_before_signing_in(w, monkeypatch):
    looked_for = []
    monkeypatch.setattr(
        "mingqu.cases.provisions.certificates.valid_of_holder",
        lambda owners, kind, day: looked_for.append(owners),
    )
    client = Client()
    draft = begun(client)

    client.get(f"{draft}materials/")

    assert looked_for == []


def test_a_clerk_takes_over_a_bundle_by_the_code_its_applicant_reads_out(w):
    client = Client()
    draft = begun(client)
    code = code_of(client, draft)
    by = t.assisting(w.base, t.walk_in(w.base))

    with pytest.raises(DraftNotFound):
        single_window.take_over(code=code, by=by, at=b.NOON, key=new_id())
    taken = window.take_over(code=code, by=by, at=b.NOON, key=new_id())

    assert str(taken) in draft
    assert Draft.objects.get().owner_id == by.applicant_id
    assert client.get(draft).status_code == 404


def test_a_stage_is_begun_signed_in_because_its_project_is_nobody_elses(w):
    b.publish(kind="stage", code="QH-JD")
    client = Client()
    page = client.get(reverse("bundles:result", args=["QH-JD"]), b.SITUATION).content.decode()

    answer = client.post(reverse("bundles:begin", args=["QH-JD"]), {**b.SITUATION, "_project": "P1"})

    assert "登录后开始填表" in page and answer.url.split("?")[0].endswith("/result/")
    assert not Draft.objects.exists()
