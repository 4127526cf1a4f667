"""一件事 at the window without JavaScript: questions, one form, one line a material, signed, filed; then handed out."""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests import test_at_window as at_window
from mingqu.cases.models import Bundle, ServiceOfPaper
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.workbench.tests import test_the_window as window
from mingqu.workbench.tests.pages import key_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return b.world()


@pytest.fixture
def clerk(w):
    return people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))


def flat(values, at=""):
    for name, value in values.items():
        path = f"{at}__{name}" if at else name
        if isinstance(value, dict):
            yield from flat(value, path)
        else:
            yield path, str(value)


def version_in(page, name):
    return re.search(rf'name="{name}" value="(\d+)"', page.content.decode()).group(1)


def filled_in(client):
    """At the window, all questions and pages answered; the address of the draft."""
    window.receive(client)
    start = reverse("workbench:window_bundle_start", args=[b.CODE])
    found = client.get("/desk/window/person/?" + urlencode({"item": "开餐饮店"}))
    assert start in found.content.decode()
    unanswered = client.post(start, {**b.SITUATION, "outlet": ""})
    assert unanswered.status_code == 400 and "请选择一项" in text_of(unanswered)
    at = client.post(start, b.SITUATION).url
    while "/page/" in at:
        given = {**dict(flat(b.ANSWERS)), "_version": version_in(client.get(at), "_version"), "_end": "1"}
        answer = client.post(at, given)
        assert answer.status_code == 302, text_of(answer)
        at = answer.url
    return at.removesuffix("materials/")


def ways(client, draft):
    fields = re.findall(r'name="(way-[^"]+)"', client.get(f"{draft}materials/").content.decode())
    return dict.fromkeys(fields, "paper")


def test_what_was_mistyped_is_mended_in_all_that_share_it_from_the_page_of_one_part(w, clerk):
    bundle = at_window.filed(w)
    b.settle()
    b.record(w, bundle)
    b.settle()
    sign, food = b.case(bundle, "sign"), b.case(bundle, "food")
    case_page, mend = (reverse(f"workbench:{name}", args=[sign.number]) for name in ("case", "mend"))
    page = clerk.get(case_page).content.decode()
    assert mend in page and "这件属于一件事，不能单独作废" in page

    form = clerk.get(mend, {"field": "shop_name"})
    assert "一件事里别的事项共用的" in text_of(form)
    given = {"shop_name": "望渠大馆", "reason": "录入打错", "key": key_in(form)}
    done = clerk.post(f"{mend}?field=shop_name", given, follow=True)
    assert "已更正" in text_of(done)
    b.settle()

    food.refresh_from_db()
    assert food.answers["shop_name"] == "望渠大馆"


def test_a_bundle_is_typed_signed_and_filed_for_a_walk_in(clerk):
    draft = filled_in(clerk)
    chosen = {**ways(clerk, draft), "way-food--safety-rules": "promise", "way-sign--premises-right": "owed"}

    unsigned = clerk.post(f"{draft}materials/", chosen)
    assert unsigned.status_code == 400
    kept = clerk.post(f"{draft}materials/", {**chosen, "signed_name": "禾小满", "agreed": "on"})
    assert kept.status_code == 302 and kept.url == f"{draft}check/", text_of(kept)
    check = clerk.get(kept.url)
    assert "容缺后补，已书面承诺" in text_of(check) and "告知承诺，已签名" in text_of(check)
    given = {
        "key": key_in(check),
        "version": version_in(check, "version"),
        "delivery": "window",
        "on_paper": "on",
    }
    filed = clerk.post(kept.url, given)

    bundle = Bundle.objects.get()
    slip = text_of(clerk.get(filed.url))
    assert bundle.number in slip and "收件凭条" in slip
    assert (bundle.channel, bundle.owed) == ("window", ["sign--premises-right"])
    assert clerk.get(f"{draft}check/").url == "/desk/window/person/", "filed once"
    assert bundle.number in text_of(clerk.get("/desk/window/person/"))


def test_what_was_promised_to_follow_is_brought_to_the_window(w, clerk):
    draft = filled_in(clerk)
    chosen = {
        **ways(clerk, draft),
        "way-sign--premises-right": "owed",
        "signed_name": "禾小满",
        "agreed": "on",
    }
    check = clerk.get(clerk.post(f"{draft}materials/", chosen).url)
    given = {"key": key_in(check), "version": version_in(check, "version")}
    clerk.post(f"{draft}check/", {**given, "delivery": "window", "on_paper": "on"})
    bundle = Bundle.objects.get()
    at = bundle.received_at
    b.settle(at)
    b.record(w, bundle, at=at)
    b.settle(at)
    b.accept(w, bundle, at=at)
    b.settle(at)
    sign = b.case(bundle, "sign")
    page = f"/desk/window/cases/{sign.number}/bring/"
    shown = clerk.get("/desk/window/person/")
    assert page in shown.content.decode() and "容缺补齐：户外招牌设置许可" in text_of(shown)

    photo = SimpleUploadedFile("同意书.png", b.f.PNG, content_type="image/png")
    done = clerk.post(page, {"key": key_in(clerk.get(page)), "files-premises-right": photo})

    assert done.status_code == 302, text_of(done)
    assert page not in clerk.get("/desk/window/person/").content.decode()


def test_all_results_are_handed_out_with_one_record_of_service(w, clerk):
    bundle = b.accepted(w, context={"delivery": "window"})
    for code in ("food", "sign", "drainage"):
        b.decide(w, bundle, code)
    b.seal_all()
    b.make_papers()
    page = reverse("workbench:bundle_delivery", args=[bundle.number])
    given = {"key": key_in(clerk.get(page)), "way": "window", "relation": "self", "on_paper": "on"}

    unseen = clerk.post(page, given)
    done = clerk.post(page, {**given, "seen": "on"})
    b.settle()

    assert unseen.status_code == 400 and done.status_code == 302
    assert ServiceOfPaper.objects.count() == 3
    assert clerk.get(page).status_code == 302, "nothing is left to hand out"
