"""A citizen goes from the first question to one's own bundle, and answers one correction for all."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests.test_corrections import ask
from mingqu.cases.models import Bundle
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    hand = SimpleNamespace(at=b.NOON)
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: hand.at))
    return hand


@pytest.fixture
def w(clock):
    return b.world()


def client_of(actor) -> Client:
    return people.signed_in(Client(), User.objects.get(pk=actor.user_id))


def query(**changes):
    return {**b.SITUATION, **changes}


def photo():
    return SimpleUploadedFile("图.png", b.f.PNG, content_type="image/png")


def fields(values, at=""):
    """Answers as the form's fields name them."""
    for name, value in values.items():
        path = f"{at}__{name}" if at else name
        if isinstance(value, dict):
            yield from fields(value, path)
        else:
            yield path, str(value)


def test_questions_one_a_page_then_what_has_to_be_done(w):
    anonymous = Client()
    start = reverse("bundles:start", args=[b.CODE])

    first = anonymous.get(start)
    assert "打算用什么身份经营" in first.content.decode()
    unanswered = anonymous.get(start, {"_asked": "subject"})
    assert unanswered.status_code == 400 and "请选择一项" in unanswered.content.decode()
    last = anonymous.get(start, query())
    assert last.status_code == 302
    page = anonymous.get(last.url).content.decode()

    for words in ("要办的事项", "11个工作日", "一项一项办要23个工作日", "登录后开始填表"):
        assert words in page
    stopped = anonymous.get(reverse("bundles:result", args=[b.CODE]), query(outlet="rain")).content.decode()
    assert "不得将污水排入雨水管网" in stopped
    assert anonymous.get(reverse("bundles:start", args=["NONE"])).status_code == 404
    assert anonymous.get(reverse("bundles:result", args=[b.CODE]), query(subject="cat")).status_code == 302


def begun(client):
    began = client.post(reverse("bundles:begin", args=[b.CODE]), query())
    assert began.status_code == 302
    return began.url


def test_from_the_one_form_to_ones_own_bundle(w):
    client = client_of(w.citizen)
    draft = begun(client)
    typed = dict(fields(b.ANSWERS))
    page, url = 1, f"{draft}page/1/"
    while "/page/" in url:
        shown = client.get(url)
        version = shown.context["version"]
        answer = client.post(url, {**typed, "_version": version, "_end": "1"})
        assert answer.status_code == 302, answer.content.decode()[:3000]
        page, url = page + 1, answer.url
    of = catalogue.open_bundle(b.CODE)
    for one in catalogue.merged_materials(of, catalogue.needed_of_answers(of, b.SITUATION)):
        sent = client.post(f"{draft}materials/", {"material": one.code, "files": photo(), "_end": "1"})
        assert sent.status_code == 302
    assert "可以提交了" in client.get(draft).content.decode()
    check = client.get(f"{draft}check/")
    form = check.context["form"]
    given = {"key": form["key"].value(), "version": form["version"].value(), "delivery": "electronic"}
    undeclared = client.post(f"{draft}check/", given)
    assert undeclared.status_code == 400 and "请先勾选“我已核对”" in undeclared.content.decode()
    given["declared"] = "on"

    for _ in range(2):
        filed = client.post(f"{draft}check/", given)
        bundle = Bundle.objects.get()
        assert filed.url == reverse("bundles:progress", args=[bundle.number])

    b.settle()
    own = client.get(filed.url).content.decode()
    assert "外部系统办理中" in own and "营业执照办成后接着办" in own
    assert client.get(f"{draft}check/").url == filed.url, "an old tab leads to what was filed"


def test_a_page_cut_off_or_wrong_says_so_and_an_incomplete_draft_can_not_be_handed_in(w):
    client = client_of(w.citizen)
    draft = begun(client)

    cut = client.post(f"{draft}page/1/", {"shop_name": "望渠小馆"})
    assert cut.status_code == 400 and "没有传完整" in cut.content.decode()
    wrong = client.post(f"{draft}page/1/", {"shop_name": "", "_version": "1", "_end": "1"})
    assert wrong.status_code == 400 and "请填写店名" in wrong.content.decode()
    stale = client.post(f"{draft}page/1/", {"shop_name": "别的店", "_version": "7", "_end": "1"})
    assert stale.status_code == 409
    nothing = client.post(f"{draft}materials/", {"material": "food--floor-plan", "_end": "1"})
    assert nothing.status_code == 400
    check = client.get(f"{draft}check/").content.decode()
    assert "还不能提交" in check and "提交申请" not in check


def test_one_correction_page_for_all_parts(w):
    client, bundle = client_of(w.citizen), b.licensed(w)
    url = reverse("bundles:correction", args=[bundle.number])
    assert client.get(url).status_code == 302
    ask(w, bundle)
    b.settle()

    page = client.get(url)
    assert "看不清洗手池的位置" in page.content.decode() and "房东没有签名" in page.content.decode()
    early = client.post(url, {"key": uuid4()})
    assert early.status_code == 400 and "还缺3份材料" in early.content.decode()
    for one in selectors.asked_materials(bundle, selectors.parts_of(bundle)):
        sent = client.post(
            reverse("bundles:correction_upload", args=[bundle.number, one.code]),
            {"files": photo(), "_end": "1"},
        )
        assert sent.status_code == 302
    done = client.post(url, {"key": client.get(url).context["key"]})
    b.settle()

    assert done.status_code == 302
    assert b.states(bundle)["food"] == "filed"


def test_withdrawing_asks_once_more_and_then_does_it(w):
    client, bundle = client_of(w.citizen), b.licensed(w)
    url = reverse("bundles:withdraw", args=[bundle.number])

    page = client.get(url)
    client.post(url, {"key": page.context["key"]})
    b.settle()

    assert set(b.states(bundle).values()) == {"granted", "withdrawn"}


def test_another_person_finds_nothing(w):
    bundle = b.licensed(w)
    stranger = client_of(people.citizen()[1])
    draft = begun(client_of(w.citizen))

    for name in ("progress", "correction", "withdraw"):
        assert stranger.get(reverse(f"bundles:{name}", args=[bundle.number])).status_code == 404
    for page in ("", "page/1/", "materials/", "check/"):
        assert stranger.get(f"{draft}{page}").status_code == 404
