"""Anyone can check a certificate: by code, by file; a changed file is found."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingqu.certificates import errors, selectors
from mingqu.certificates.tests.factories import AT, code_of, issued, with_file
from mingqu.documents import services as documents
from mingqu.documents.tests.samples import pdf

pytestmark = pytest.mark.django_db
VERIFY = "/verify/"


def give(client, data: bytes, url: str = VERIFY):
    return client.post(url, {"file": SimpleUploadedFile("x.pdf", data, "application/pdf")})


def page(response) -> str:
    return response.content.decode()


def test_the_code_tells_the_state_and_masks_the_name(client):
    certificate = issued()

    response = client.get(reverse("certificates:verify_code", args=[code_of(certificate)]))

    text = page(response)
    assert response.status_code == 200
    assert "这个证照有效" in text
    assert certificate.number in text
    assert "张*" in text
    for secret in ("张三", "临河路", "990104199001011234", "9901**********1234"):
        assert secret not in text.replace("清禾区张三小吃店", "")  # the shop's name is public by its type


def test_a_typed_code_with_gaps_leads_to_the_result(client):
    code = code_of(issued()).lower()
    gaps = f"{code[:4]} {code[4:8]}-{code[8:12]} {code[12:]}"

    response = client.get(VERIFY, {"code": gaps}, follow=True)

    assert "这个证照有效" in page(response)


def test_a_mistyped_code_is_shown_back_with_an_example_of_a_right_one(client):
    response = client.get(VERIFY, {"code": "7K3M"})

    assert response.status_code == 400
    assert "您填的“7K3M”不是核验码" in page(response)


def test_a_code_nobody_was_given_is_unknown(client):
    response = client.get(f"{VERIFY}7K3M92QXAB42CD34/")

    assert response.status_code == 404
    assert "没有查到这个证照" in page(response)


def test_a_number_is_no_code_because_numbers_can_be_guessed(client):
    assert client.get(f"{VERIFY}{issued().number}/").status_code == 404


def test_the_true_file_is_in_force(client):
    _, data = with_file()

    assert "文件是真的，证照有效" in page(give(client, data))


def test_a_file_with_one_changed_byte_is_altered(client):
    _, data = with_file()
    changed = data[:2000] + bytes([data[2000] ^ 1]) + data[2001:]

    assert "文件被改动过" in page(give(client, changed))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(st.data())
def test_no_change_of_a_byte_passes(kept_file, data):
    _, original = kept_file
    place, mask = data.draw(st.integers(0, len(original) - 1)), data.draw(st.integers(1, 255))
    changed = original[:place] + bytes([original[place] ^ mask]) + original[place + 1 :]

    assert selectors.check_file(changed, AT).finding in {"altered", "unknown"}


@pytest.fixture
def kept_file():
    return with_file()


def test_a_file_with_something_appended_is_altered(client):
    _, data = with_file()

    assert "文件被改动过" in page(give(client, data + b"\n%%EOF\n"))


def test_a_rewritten_file_under_its_code_is_altered_even_without_any_seal(client):
    certificate, _ = with_file()
    url = reverse("certificates:verify_code", args=[code_of(certificate)])

    text = page(give(client, pdf(), url))

    assert "文件被改动过" in text
    assert "登记里的这个证照" in text


def test_another_certificates_true_file_does_not_pass_under_this_code(client):
    _, data = with_file()
    other, _ = with_file()
    url = reverse("certificates:verify_code", args=[code_of(other)])

    assert "文件被改动过" in page(give(client, data, url))


def test_a_scan_or_strangers_file_proves_nothing_either_way(client):
    text = page(give(client, pdf()))

    assert "不能证明这份文件是真的" in text


def test_a_genuine_notice_is_genuine_but_no_certificate(client):
    issued()
    notice = documents.seal_pdf(pdf(), organ_code="QH-SCJG", reason="受理通知书", at=AT)

    text = page(give(client, notice))

    assert "文件没有被改动，但它不是电子证照" in text
    assert "清禾区市场监督管理局" in text


def test_an_expired_certificate_says_so():
    certificate, data = with_file()
    later = AT + timedelta(days=6 * 366)

    assert selectors.public_by_code(code_of(certificate), later).state_words == "已过期"
    assert selectors.check_file(data, later).finding == "not_in_force"


def test_the_last_day_is_still_valid_in_beijing():
    certificate = issued()
    code = code_of(certificate)
    last_minute_in_beijing = AT.replace(year=2031, month=11, day=19, hour=15, minute=59)

    assert selectors.public_by_code(code, last_minute_in_beijing).state == "valid"
    assert selectors.public_by_code(code, last_minute_in_beijing + timedelta(minutes=1)).state == "expired"


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7 broken", b"\x00" * 50])
def test_any_file_gets_an_answer(client, data):
    response = give(client, data)

    assert response.status_code in {200, 400}


def test_no_file_and_a_too_large_file_are_said_so_beside_the_field(client):
    assert "错误：" in page(client.post(VERIFY, {}))
    response = give(client, b"%PDF-1.7" + b"0" * 10_000_001)
    assert response.status_code == 400
    assert "文件超过10MB" in page(response)


def test_looking_up_too_often_is_stopped(client, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"verify_address": (2, 600)}
    url = f"{VERIFY}7K3M92QXAB42CD34/"

    assert [client.get(url).status_code for _ in range(3)] == [404, 404, 429]


def test_a_code_that_is_none_is_refused_by_the_question_itself():
    with pytest.raises(errors.CertificateNotFound):
        selectors.check_file(b"", AT, code="nonsense")
