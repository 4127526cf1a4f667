"""Seals: what they prove, to whom, and that any change is found."""

import io
import random
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.documents.seals.base import Subject
from mingqu.documents.seals.registry import provider
from mingqu.documents.seals.verify import verify_pdf
from mingqu.documents.tests.samples import AT, LONG_ORGAN, ORGAN, keys, pdf, sealed_pdf
from mingqu.documents.types import SealOrder

LOCAL = provider("local")
ORDER = SealOrder(ORGAN, "测试", AT)


def check(data: bytes):
    return verify_pdf(data, [keys()[0].certificate])


def changed(data: bytes, place: int, mask: int) -> bytes:
    altered = bytearray(data)
    altered[place] ^= mask
    return bytes(altered)


def signature_span(data: bytes) -> tuple[int, int]:
    """From `<` to the last hex digit that is not padding."""
    start = data.index(b"/Contents <") + len(b"/Contents ")
    end = data.index(b">", start)
    return start, start + len(data[start:end].rstrip(b"0")) + 1


def test_an_untouched_document_is_valid_and_names_its_organ_and_instant():
    report = check(sealed_pdf())

    assert report.valid
    assert (report.signer, report.signed_at, report.reasons) == (ORGAN, AT, ())


def test_an_organ_with_a_long_name_is_named_in_full():
    key = LOCAL.create_organ_key(keys()[0], Subject(LONG_ORGAN, "X"), AT)

    report = check(LOCAL.seal(pdf(), key, replace(ORDER, organ_name=LONG_ORGAN)))

    assert report.signer == LONG_ORGAN
    assert report.valid


def test_an_invisible_seal_proves_the_same():
    assert check(LOCAL.seal(pdf(), keys()[1], ORDER)).valid


@given(st.data())
def test_one_changed_byte_anywhere_is_found(data):
    original = sealed_pdf()
    place = data.draw(st.integers(0, len(original) - 1))
    mask = data.draw(st.integers(1, 255))

    report = check(changed(original, place, mask))

    assert not report.valid
    assert report.reasons


def test_changes_in_the_signature_itself_are_found():
    """The signature does not cover its own bytes: padding, hex digits, unsigned parts of the container."""
    original = sealed_pdf()
    start, end = signature_span(original)
    places = random.Random(7).sample(range(start, end), 120)

    assert [place for place in places if check(changed(original, place, 0x01)).valid] == []
    lower = original[:start] + original[start:end].lower() + original[end:]
    assert check(lower).reasons == ("signature_malformed",)
    padded = changed(original, end + 10, 0x01)
    assert "signature_malformed" in check(padded).reasons


@pytest.mark.long
def test_every_byte_of_the_signature_and_its_padding_is_guarded():
    original = sealed_pdf()
    start, end = signature_span(original)
    gap_end = original.index(b">", start) + 1
    places = [*range(start, end), *range(end, gap_end, 7)]

    missed = [
        (place - start, mask)
        for place in places
        for mask in (0x01, 0x02, 0x20, 0x80)
        if check(changed(original, place, mask)).valid
    ]
    assert missed == []


def test_an_incremental_update_is_found_even_when_it_leaves_every_signed_byte():
    original = sealed_pdf()
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(original))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(original)

    report = check(out.getvalue())

    assert not report.valid
    assert "added_after_sealing" in report.reasons


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF", b"\n1 0 obj\n<<>>\nendobj\n"])
def test_anything_put_behind_the_end_is_found(tail):
    assert not check(sealed_pdf() + tail).valid


def test_a_document_rewritten_by_another_program_is_no_longer_valid():
    out = io.BytesIO()
    pikepdf.open(io.BytesIO(sealed_pdf())).save(out)

    assert not check(out.getvalue()).valid


def test_a_seal_moved_to_another_document_does_not_fit():
    original, other = sealed_pdf(), LOCAL.seal(pdf(2), keys()[1], ORDER)
    start = other.index(b"/Contents <") + len(b"/Contents ")
    end = other.index(b">", start)
    taken = original[slice(*signature_span(original))]
    forged = (
        other[:start] + taken[:1] + taken[1:].ljust(end - start - 1, b"0")[: end - start - 1] + other[end:]
    )

    assert not check(forged).valid


def test_another_installations_seal_is_intact_but_not_trusted():
    stranger = LOCAL.create_root(Subject("别处", "0"), AT)
    key = LOCAL.create_organ_key(stranger, Subject(ORGAN, "QH-SCJG"), AT)

    report = check(LOCAL.seal(pdf(), key, ORDER))

    assert (report.intact, report.trusted, report.valid) == (True, False, False)
    assert report.reasons == ("signer_not_trusted",)


def test_a_root_of_the_same_name_does_not_make_its_seals_trusted():
    impostor = LOCAL.create_root(Subject("清禾区政务服务网", "990104"), AT)
    key = LOCAL.create_organ_key(impostor, Subject(ORGAN, "QH-SCJG"), AT)

    assert not check(LOCAL.seal(pdf(), key, ORDER)).trusted


@pytest.mark.parametrize("shift", [timedelta(days=-2), timedelta(days=6 * 365)])
def test_a_seal_set_outside_the_validity_of_its_certificate_is_not_trusted(shift):
    report = check(LOCAL.seal(pdf(), keys()[1], replace(ORDER, at=AT + shift)))

    assert report.intact
    assert report.reasons == ("signer_not_valid_then",)


def test_an_organs_key_can_not_issue_certificates_of_its_own():
    forged = LOCAL.create_organ_key(keys()[1], Subject("冒名机关", "X"), AT)

    assert not check(LOCAL.seal(pdf(), forged, ORDER)).trusted


def test_two_signatures_are_not_what_this_system_issues():
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    from mingqu.documents.seals.contrib import signing

    signer = signing._P256Signer(
        signing_cert=signing.asn1_x509.Certificate.load(signing._der(keys()[1].certificate)),
        signing_key=signing.asn1_keys.PrivateKeyInfo.load(keys()[1].private),
        cert_registry=signing.SimpleCertificateStore(),
    )
    meta = signers.PdfSignatureMetadata(field_name="second", md_algorithm="sha256")
    twice = signers.PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(sealed_pdf())))

    assert check(twice.getvalue()).reasons == ("several_signatures",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "not_a_pdf"), (b"hello", "not_a_pdf"), (pdf(), "not_signed"), (b"%PDF-1.7 nonsense", "not_a_pdf")],
)
def test_what_is_no_sealed_document_is_said_so_in_words(data, reason):
    report = check(data)

    assert (report.signed, report.valid, report.reasons) == (False, False, (reason,))
    assert report.sentences


@given(st.binary(max_size=400))
def test_no_file_makes_the_verification_break(data):
    assert not check(b"%PDF-1.7\n" + data).valid


def test_the_seal_can_be_checked_with_openssl_alone(tmp_path):
    """An independent reader: the detached CMS over the signed bytes, under our root."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl")
    data = sealed_pdf()
    start, _ = signature_span(data)
    close = data.index(b">", start)
    der = bytes.fromhex(data[start + 1 : close].decode())
    (tmp_path / "sig.der").write_bytes(der)
    (tmp_path / "body").write_bytes(data[:start] + data[close + 1 :])
    (tmp_path / "root.pem").write_text(keys()[0].certificate)
    command = (
        "openssl cms -verify -inform DER -in sig.der -content body -binary -CAfile root.pem"
        f" -purpose any -attime {int(AT.timestamp())} -out out"
    )
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
