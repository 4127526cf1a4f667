"""Public pages in Chromium where a person acts: elder mode, rating, a receipt, no scripts, going back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.evaluation.tests.factories import delivered_case, withdrawn_case
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import ledger
from mingqu.portal.tests import samples
from mingqu.ui.tests.browsing import chromium, looked_at, serving, watched

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed_db, settings) -> Iterator[str]:
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.MINGQU_SITE = settings.MINGQU_SITE | {
        "name": "清禾区政务服务网",
        "region_name": "澜州市 清禾区",
        "organiser": "澜州市清禾区人民政府（演示）",
    }
    with serving() as address:
        yield address


@pytest.fixture
def world(site) -> f.World:
    """Before the browser starts: its event loop forbids the database."""
    made = f.world()
    samples.many(3)
    return made


@pytest.fixture
def browser(world):
    with chromium() as opened:
        yield opened


ELDER = {
    "front": "/",
    "services": "/services/?audience=all",
    "guide": "/services/QH-SPJYXK/",
    "ledger": "/ledger/",
}


def test_public_pages_are_readable_in_elder_mode(browser, site):
    page, wrong = watched(browser, site, mq_elder="on")
    for name, address in ELDER.items():
        page.goto(address)
        wrong += [fault for width in (320, 1280) for fault in looked_at(page, f"elder-{name}", width=width)]

    assert wrong == []


@pytest.fixture
def citizen(world) -> str:
    """Somebody with a case to rate."""
    delivered_case(world, at=timezone.now() - 9 * f.DAY)
    user = User.objects.get(pk=world.citizen.user_id)
    return people.signed_in(Client(), user).cookies["mingqu_session"].value


def test_a_person_rates_a_case_by_pressing_rows(citizen, browser, site):
    page, _ = watched(browser, site, mingqu_session=citizen)
    page.goto("/my/")
    page.get_by_role("link", name="评一评").first.click()
    page.get_by_text("非常满意", exact=True).click()
    page.get_by_text("办事便捷度").click()
    page.get_by_label("想说的话").fill("一次办成，谢谢。")
    page.get_by_role("button", name="提交评价").click()

    page.get_by_role("heading", name="谢谢您的评价").wait_for()
    assert page.get_by_text("一次办成，谢谢。").is_visible()


@pytest.fixture
def receipt(world) -> dict[str, Any]:
    case = withdrawn_case(world, at=timezone.now())
    ledger.seal(timezone.now())
    return ledger.receipt(case.pk)


def test_a_receipt_given_by_its_owner_is_checked(receipt, browser, site, tmp_path):
    page, wrong = watched(browser, site)
    file = tmp_path / "receipt.json"
    for name, words in (("good", "核验通过"), ("bad", "核验没有通过")):
        if name == "bad":
            receipt["entries"][0]["body"]["action"] = "case.refuse"
        file.write_text(json.dumps(receipt), "utf-8")
        page.goto("/ledger/")
        page.get_by_label("存证文件", exact=True).set_input_files(file)
        page.get_by_role("button", name="核验", exact=True).click()
        page.get_by_text(words, exact=True).wait_for()
        wrong += [fault for width in (320, 1280) for fault in looked_at(page, f"verdict-{name}", width=width)]

    assert wrong == []


def test_the_guide_is_whole_without_scripts(browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/services/QH-SPJYXK/")

    assert page.get_by_role("link", name="在线办理").first.is_visible()
    assert not page.get_by_text("打印本指南").is_visible()
    page.get_by_role("link", name="在线办理").first.click()
    assert "/apply/" in page.url


def test_back_to_a_form_that_was_refused_shows_the_form_and_sends_nothing_again(browser, site):
    page = browser.new_page()
    page.goto(f"{site}/progress/")
    page.locator("main input[name=number]").fill("123")
    page.locator("main input[name=code]").fill("x")
    page.locator("main form button").first.click()
    page.wait_for_selector(".govuk-error-summary")
    page.goto(f"{site}/accessibility/")

    back = page.go_back()

    assert page.url == f"{site}/progress/"
    assert back is None or back.request.method == "GET"  # None: the page was still there as it stood
    page.close()
