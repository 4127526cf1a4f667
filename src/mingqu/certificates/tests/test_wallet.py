"""A person's own certificates: seen, downloaded, shown; nobody else's."""

import textwrap

import pytest
from django.template.loader import render_to_string

from mingqu.certificates import selectors
from mingqu.certificates.tests.factories import AT, code_of, issued, with_file
from mingqu.documents import services as documents
from mingqu.identity.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    user, actor = people.citizen("张三")
    people.signed_in(client, user)
    return actor


@pytest.fixture
def stranger(client):
    user, actor = people.citizen("李四")
    people.signed_in(client, user)
    return actor


def page(response) -> str:
    return response.content.decode()


def test_an_empty_wallet_says_what_comes_next(client, owner):
    assert "还没有证照" in page(client.get("/certificates/"))


def test_the_wallet_lists_what_is_mine(client, owner):
    mine, others = issued(owner.id), issued()

    text = page(client.get("/certificates/"))

    assert mine.number in text
    assert others.number not in text


def test_the_holder_reads_it_in_full_and_downloads_the_very_bytes(client, owner):
    certificate, data = with_file(owner.id)
    url = f"/certificates/{certificate.number}/"

    text = page(client.get(url))
    response = client.get(f"{url}file/")

    assert "张三" in text
    assert "9901**********1234" in text
    assert f"/verify/{code_of(certificate)}/" in text
    assert response.content == data
    assert response["Content-Disposition"].startswith("attachment")
    assert documents.verify_pdf(response.content).valid


def test_shown_to_somebody_it_is_one_screen_with_code_and_last_day(client, owner):
    certificate, _ = with_file(owner.id)

    text = page(client.get(f"/certificates/{certificate.number}/show/"))
    assert "data-mq-now" in text and "停住不动的是截图" in text, "a running clock, where scripts run"
    assert "打开时间" in text and "data-mq-print" in text

    assert "<svg" in text
    assert all(f"<span>{part}</span>" in text for part in textwrap.wrap(code_of(certificate), 4))
    assert "2031年11月19日" in text
    assert "mq-nav" not in text


def test_before_its_file_is_made_it_is_valid_and_says_that_the_file_comes(client, owner):
    certificate = issued(owner.id)

    assert "正在生成" in page(client.get(f"/certificates/{certificate.number}/"))
    response = client.get(f"/certificates/{certificate.number}/file/")
    assert response.status_code == 409
    assert "certificate_not_ready" in page(response)


@pytest.mark.parametrize("part", ["", "file/", "show/"])
def test_another_persons_certificate_is_not_found(client, stranger, part):
    certificate, _ = with_file()

    assert client.get(f"/certificates/{certificate.number}/{part}").status_code == 404


@pytest.mark.parametrize("part", ["", "JY9901042026000001/", "JY9901042026000001/file/"])
def test_without_signing_in_there_is_no_wallet(client, part):
    response = client.get(f"/certificates/{part}")

    assert response.status_code == 302
    assert "/sign-in/" in response["Location"]


@pytest.mark.parametrize(
    ("day", "words"), [((2031, 11, 1), "还有18天到期"), ((2030, 1, 1), ""), ((2031, 12, 1), "已过期")]
)
def test_a_date_near_its_end_is_pointed_out(rf, owner, day, words):
    issued(owner.id)
    request = rf.get("/certificates/")
    request.actor, request.at = owner, AT.replace(year=day[0], month=day[1], day=day[2])

    (certificate,) = selectors.wallet(request.actor, request.at)
    text = render_to_string("certificates/wallet.html", {"certificates": [(certificate, [])]}, request)

    assert words in text
    assert ("还有" in text) == words.startswith("还有")
