"""A person's own certificates: seen, downloaded, shown; nobody else's."""

import pytest

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
    assert code_of(certificate) in text
    assert response.content == data
    assert response["Content-Disposition"].startswith("attachment")
    assert documents.verify_pdf(response.content).valid


def test_shown_to_somebody_it_is_one_screen_with_code_and_last_day(client, owner):
    certificate, _ = with_file(owner.id)

    text = page(client.get(f"/certificates/{certificate.number}/show/"))

    assert "<svg" in text
    assert code_of(certificate) in text
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


def test_a_date_near_its_end_is_pointed_out(client, owner, monkeypatch):
    issued(owner.id)
    near_the_end = AT.replace(year=2031, month=11, day=1)
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: near_the_end)

    user, _ = people.citizen("王五", at=near_the_end)
    people.signed_in(client, user)

    assert client.get("/certificates/").status_code == 200
