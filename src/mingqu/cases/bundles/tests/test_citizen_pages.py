"""A citizen goes from the first question to one's own bundle, and answers one correction for all."""

import re
from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests.test_corrections import ask
from mingqu.cases.models import Bundle
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.documents.types import Reader
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.payments import services as payments
from mingqu.payments.models import FeeNotice
from mingqu.payments.tests import factories as money

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

    for words in ("要办的事项", "11个工作日", "一项一项办要23个工作日", "不用先登录"):
        assert words in page
    small = anonymous.get(reverse("bundles:result", args=[b.CODE]), query(fire_area="small")).content.decode()
    assert small.count("公众聚集场所消防安全检查") == 1 and "不到300平方米" in small, (
        "one line, with its reason"
    )
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
    needed = catalogue.merged_materials(of, catalogue.needed_of_answers(of, b.SITUATION))
    chosen = {f"files--{one.code}": photo() for one in needed}
    sent = client.post(f"{draft}materials/", {**chosen, "then": "on", "_end": "1"})
    assert sent.status_code == 302 and sent.url == draft, "every file arrives with one press"
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
        assert filed.status_code == 302
    handed_in = client.get(reverse("bundles:done", args=[bundle.number])).content.decode()
    assert bundle.number in handed_in and "查询码" in handed_in and "五个工作日" in handed_in

    b.settle()
    own = client.get(reverse("bundles:progress", args=[bundle.number])).content.decode()
    assert "外部系统办理中" in own and "营业执照办成后接着办" in own
    assert "先办排在前面的事项，后面的接着办" in own, "nobody looks at the materials yet"
    assert "各部门正在核对材料" not in own
    assert own.count("还没有开始") == len(selectors.parts_of(bundle)) - 1, "the outside system is at work"
    assert bundle.number in client.get(f"{draft}check/").url, "an old tab leads to what was filed"


def test_a_bad_file_does_not_take_the_good_ones_with_it(w):
    client = client_of(w.citizen)
    draft = begun(client)
    bad = SimpleUploadedFile("坏.png", b"no picture", content_type="image/png")

    page = client.post(
        f"{draft}materials/",
        {"files--food--floor-plan": bad, "files--sign--sign-drawing": [photo(), photo()], "_end": "1"},
    )

    words = page.content.decode()
    assert page.status_code == 400 and "“坏.png”" in words and "有1处要改一下" in words
    assert [len(row["files"]) for row in page.context["rows"] if row["one"].code == "sign--sign-drawing"] == [
        2
    ]
    file_id = next(f.id for row in page.context["rows"] for f in row["files"])
    sure = client.post(f"{draft}materials/", {"then": f"remove:{file_id}", "_end": "1"})
    assert "撤下这个文件？" in client.get(sure.url).content.decode()
    assert client.post(sure.url).status_code == 302
    row = client.post(
        f"{draft}materials/?of=food--floor-plan",
        {"files--food--floor-plan": photo(), "_end": "1"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "图.png" in row and "还差：" in row and "<html" not in row


def test_a_promise_is_signed_on_the_page_of_its_material(w):
    client = client_of(w.citizen)
    draft = begun(client)
    page = f"{draft}materials/food--safety-rules/"
    assert "签告知承诺" in client.get(page).content.decode()

    unread = client.post(page, {"act": "sign", "kind": "promise", "name": "李晓禾"})
    signed = client.post(page, {"act": "sign", "kind": "promise", "name": "李晓禾", "agreed": "on"})

    assert unread.status_code == 400 and "请先勾选" in unread.content.decode()
    assert signed.status_code == 302
    assert "已签告知承诺，不用交文件" in client.get(f"{draft}materials/").content.decode()
    client.post(
        f"{draft}materials/food--floor-plan/",
        {"act": "sign", "kind": "gap", "name": "李晓禾", "agreed": "on"},
    )
    assert "受理后补交，已签承诺" in client.get(f"{draft}materials/").content.decode()


def test_with_number_and_query_code_anyone_sees_how_far_it_is_and_no_names(w):
    bundle, anonymous = b.licensed(w), Client()
    url = reverse("bundles:public_progress", args=[bundle.number])
    assert anonymous.get(url).status_code == 302

    wrong = anonymous.post(reverse("cases:query"), {"number": bundle.number, "code": "AAAAAAAA"})
    assert wrong.status_code == 404
    right = anonymous.post(reverse("cases:query"), {"number": bundle.number, "code": bundle.query_code})
    seen = anonymous.get(right.url).content.decode()

    assert right.url == url and "食品经营许可" in seen and "李*" in seen
    for hidden in ("李晓禾", bundle.party_name, bundle.query_code, "收件凭证", b.CREDIT_CODE):
        assert hidden not in seen
    assert f'href="/rate/?number={bundle.number}"' in seen, (
        "what rooms above offer by the code stands here, too"
    )


def test_a_page_cut_off_or_wrong_says_so_and_an_incomplete_draft_can_not_be_handed_in(w):
    client = client_of(w.citizen)
    draft = begun(client)
    assert re.search(r"还有\d+件事要做，做完就能提交", client.get(draft).content.decode()), "whose turn it is"

    cut = client.post(f"{draft}page/1/", {"shop_name": "望渠小馆"})
    assert cut.status_code == 400 and "没有传完整" in cut.content.decode()
    wrong = client.post(f"{draft}page/1/", {"shop_name": "", "_version": "1", "_end": "1"})
    assert wrong.status_code == 400 and "请填写店名" in wrong.content.decode()
    stale = client.post(f"{draft}page/1/", {"shop_name": "别的店", "_version": "7", "_end": "1"})
    assert stale.status_code == 409
    nothing = client.post(f"{draft}materials/", {"_end": "1"})
    assert nothing.status_code == 400 and "还没有选择文件" in nothing.content.decode()
    half = client.post(f"{draft}materials/", {"files--food--floor-plan": photo()})
    assert half.status_code == 400 and "没有传完整" in half.content.decode()
    kept = client.post(f"{draft}page/1/autosave/", {"shop_name": "望渠小馆", "_version": "2", "_end": "1"})
    assert "已保存 " in kept.content.decode()
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
    early = client.post(url, {"key": uuid4(), "_end": "1"})
    assert early.status_code == 400 and "还缺3份材料" in early.content.decode()
    asked = selectors.asked_materials(bundle, selectors.parts_of(bundle))
    chosen = {f"files--{one.code}": photo() for one in asked}
    done = client.post(url, {**chosen, "key": client.get(url).context["key"], "_end": "1"})
    b.settle()

    assert done.status_code == 302
    assert b.states(bundle)["food"] == "filed"


def test_while_some_parts_are_accepted_and_others_not_neither_page_says_all_are(w):
    client, bundle = client_of(w.citizen), b.licensed(w)
    b.accept(w, bundle, "food")
    b.settle()

    own = client.get(reverse("bundles:progress", args=[bundle.number])).content.decode()
    mine = client.get(reverse("portal:my")).content.decode()

    assert "有的事项已经受理，有的还在核对材料" in own and "有的事项已经受理，有的还在核对材料" in mine
    assert "各部门同时在办" not in own + mine


def test_while_a_fee_of_a_part_is_owed_no_page_says_that_nothing_is_to_be_done(w):
    client, bundle = client_of(w.citizen), b.licensed(w)
    part = next(one for one in selectors.parts_of(bundle) if one.case_id)
    fee = payments.issue_notice(
        of=money.of(w.citizen.id, case_id=part.case_id), charge=money.charge(), at=b.NOON
    )
    number = FeeNotice.objects.get(pk=fee).number

    own = client.get(reverse("bundles:progress", args=[bundle.number])).content.decode()
    mine = client.get(reverse("portal:my")).content.decode()

    assert "有费用还没有缴清" in own and reverse("payments:detail", args=[number]) in own
    assert "您不用做什么" not in own
    assert "1笔要缴" in mine


def test_what_was_read_of_another_part_of_the_bundle_stands_with_the_name_of_its_material(w):
    client, bundle = client_of(w.citizen), b.licensed(w)
    food, sign = b.case(bundle, "food"), b.case(bundle, "sign")
    mine = {material.code for material in cases.materials_of(food)}
    row = next(one for one in documents.files_of(sign.pk) if one.kind not in mine)
    row = replace(row, root_id=bundle.pk)
    document_services.note_reading(row, Reader(w.citizen, b.NOON, "own"), "small")

    page = client.get(reverse("cases:readers", args=[food.number])).content.decode()

    assert cases.names_across_bundle(sign)[row.kind] in page and "其他文件" not in page


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


def test_what_another_tab_saved_in_the_one_form_is_shown_beside_and_never_overwritten_unseen(w):
    client = client_of(w.citizen)
    draft = begun(client)
    here = {"shop_name": "望渠小馆", "_version": "1", "_end": "1"}
    client.post(f"{draft}page/1/autosave/", {**here, "shop_name": "清禾小馆"})

    answer = client.post(f"{draft}page/1/", here)
    text = answer.content.decode()

    assert answer.status_code == 409
    assert "那边保存的是“清禾小馆”，这一页填的是“望渠小馆”" in text
    assert "清禾小馆" in client.get(f"{draft}page/1/").content.decode(), "nothing was written"
    client.post(f"{draft}page/1/", {**here, "_version": str(answer.context["version"])})
    assert "望渠小馆" in client.get(f"{draft}page/1/").content.decode(), "chosen with both in sight"


def test_what_is_typed_in_the_one_form_while_the_session_ends_is_there_after_signing_in(w):
    client = client_of(w.citizen)
    draft = begun(client)
    typed = {"shop_name": "望渠小馆", "_version": "1", "_end": "1"}
    late = Client()

    line = late.post(f"{draft}page/1/autosave/", typed).content.decode()
    sent = late.post(f"{draft}page/1/", typed)
    people.signed_in(late, User.objects.get(pk=w.citizen.user_id))
    back = late.get(f"{draft}page/1/").content.decode()

    assert "没有保存：登录已过期" in line
    assert sent.status_code == 404 and "暂时留在这个浏览器里" in sent.content.decode()
    assert "已经带回来了" in back and "望渠小馆" in back
    assert late.get(f"{draft}page/1/").content.decode().count("望渠小馆") == 0, "once"
