"""Files from strangers: what is taken, what is refused, what does not survive."""

import io
import os
import zlib
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mingqu.documents import errors, rules
from mingqu.documents.tests.samples import pdf, picture, saved, sealed_pdf
from mingqu.documents.uploads.intake import check, merge_photos
from mingqu.documents.uploads.limits import DEFAULT

GPS = 0x8825
ORIENTATION = 0x0112


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def with_action(**entries: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.OpenAction = pikepdf.Dictionary(entries)
    return saved(document)


def with_script() -> bytes:
    return with_action(**{"/S": pikepdf.Name.JavaScript, "/JS": "app.alert(1)"})


def with_launch_in_an_annotation() -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page()
    action = pikepdf.Dictionary({"/S": pikepdf.Name.Launch, "/F": "cmd.exe"})
    page.obj.Annots = pikepdf.Array([pikepdf.Dictionary({"/Subtype": pikepdf.Name.Link, "/A": action})])
    return saved(document)


def with_script_nobody_refers_to() -> bytes:
    document = pikepdf.open(io.BytesIO(pdf()))
    hidden = document.make_indirect(pikepdf.Dictionary({"/S": pikepdf.Name.JavaScript, "/JS": "x"}))
    document.Root["/Anything"] = hidden
    return saved(document)


def with_attachment() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["virus.exe"] = b"MZ"
    return saved(document)


def with_xfa_form() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.AcroForm = pikepdf.Dictionary({"/XFA": pikepdf.Array([]), "/Fields": pikepdf.Array([])})
    return saved(document)


def with_giant_picture() -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page()
    image = pikepdf.Stream(document, b"\0")
    for key, value in {"/Subtype": pikepdf.Name.Image, "/Width": 60_000, "/Height": 60_000}.items():
        image[key] = value
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Giant=image))
    return saved(document)


def bomb(megabytes: int = 800) -> bytes:
    """A valid small file whose object stream, which holds its catalogue, unpacks to `megabytes`."""
    catalogue, pages = b"<</Type/Catalog/Pages 3 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"
    index = b"2 0 3 %d " % (len(catalogue) + 1)
    start, block = index + catalogue + b" " + pages, b" " * 1_000_000
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = squeeze.compress(start) + squeeze.flush(zlib.Z_FULL_FLUSH)
    again = squeeze.compress(block) + squeeze.flush(zlib.Z_FULL_FLUSH)
    check_sum = zlib.adler32(start)
    for _ in range(megabytes):
        check_sum = zlib.adler32(block, check_sum)
    stream = b"\x78\xda" + first + again * megabytes + squeeze.flush() + check_sum.to_bytes(4, "big")
    settings = b"/N 2/First %d/Filter/FlateDecode/Length %d" % (len(index), len(stream))
    body = b"%%PDF-1.7\n1 0 obj\n<</Type/ObjStm%b>>stream\n%b\nendstream\nendobj\n" % (settings, stream)
    rows = [(0, 0, 65535), (1, 9, 0), (2, 1, 0), (2, 1, 1), (1, len(body), 0)]
    table = b"".join(
        bytes([kind]) + at.to_bytes(4, "big") + extra.to_bytes(2, "big") for kind, at, extra in rows
    )
    xref = b"<</Type/XRef/Size 5/W[1 4 2]/Root 2 0 R/Length %d>>stream\n%b\nendstream" % (len(table), table)
    return body + b"4 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, len(body))


def png_that_claims_a_billion_pixels() -> bytes:
    header = b"\0\0\x80\0" * 2 + b"\x08\x02\0\0\0"
    chunk = b"IHDR" + header
    body = b"\0\0\0\x0d" + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + body + b"\0\0\0\x08IDATxxxxxxxx"


REFUSED = {
    "an empty file": (lambda: b"", errors.FileEmpty),
    "a program": (lambda: b"MZ" + b"\0" * 100, errors.FileTypeNotAllowed),
    "a zip": (lambda: b"PK\x03\x04" + b"\0" * 100, errors.FileTypeNotAllowed),
    "a web page": (lambda: b"<html><script>1</script>", errors.FileTypeNotAllowed),
    "a drawing with script": (
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='1'/>",
        errors.FileTypeNotAllowed,
    ),
    "a gif": (lambda: picture("GIF"), errors.FileTypeNotAllowed),
    "a film": (lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 60, errors.FileTypeNotAllowed),
    "a program with a PDF behind it": (lambda: b"MZ\0\0" + pdf(), errors.FileTypeNotAllowed),
    "half a picture": (lambda: picture(size=(900, 900), quality=95)[:2000], errors.ImageUnreadable),
    "half a HEIC": (lambda: picture("HEIF", (64, 64))[:200], errors.ImageUnreadable),
    "noise after a picture's first bytes": (
        lambda: b"\xff\xd8\xff" + os.urandom(400),
        errors.ImageUnreadable,
    ),
    "a picture of a billion pixels": (png_that_claims_a_billion_pixels, errors.ImageTooManyPixels),
    "noise after a PDF's first bytes": (lambda: b"%PDF-1.7\n" + os.urandom(400), errors.PdfUnreadable),
    "a PDF without pages": (lambda: pdf(0), errors.PdfUnreadable),
    "a PDF behind a password": (
        lambda: pdf(encryption=pikepdf.Encryption(user="a", owner="b")),
        errors.PdfEncrypted,
    ),
    "a PDF with restrictions": (
        lambda: pdf(encryption=pikepdf.Encryption(user="", owner="b")),
        errors.PdfEncrypted,
    ),
    "a PDF with a script": (with_script, errors.PdfActiveContent),
    "a PDF that starts a program": (with_launch_in_an_annotation, errors.PdfActiveContent),
    "a PDF with a script in a corner": (with_script_nobody_refers_to, errors.PdfActiveContent),
    "a PDF with a dynamic form": (with_xfa_form, errors.PdfActiveContent),
    "a PDF with a file inside": (with_attachment, errors.PdfEmbeddedFiles),
    "a PDF of 101 pages": (lambda: pdf(101), errors.PdfTooManyPages),
    "a PDF with a picture of 3.6 billion pixels": (with_giant_picture, errors.PdfTooHeavy),
    "a PDF bomb": (bomb, errors.PdfTooHeavy),
    "a signed PDF with something behind it": (lambda: sealed_pdf() + b"PK\x03\x04", errors.PdfUnreadable),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_its_own_code_and_sentence(what):
    make, refusal = REFUSED[what]

    with pytest.raises(refusal) as caught:
        check(make(), limits=replace(DEFAULT, pdf_memory=600_000_000))

    assert caught.value.code == refusal.code
    assert "{" not in caught.value.message


def test_a_file_over_the_size_limit_is_refused_unread():
    with pytest.raises(errors.FileTooLarge, match="1MB"):
        check(b"%PDF-1.7" + b"\0" * 1_000_001, limits=replace(DEFAULT, file_bytes=1_000_000))


def test_a_place_that_takes_pictures_only_refuses_a_pdf_and_says_what_it_takes():
    with pytest.raises(errors.FileTypeNotAllowed, match="JPG、PNG"):
        check(pdf(), allowed=("image/jpeg", "image/png"))


def test_where_a_photo_was_taken_does_not_arrive():
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (31.0, 0.0, 0.0)}
    exif[0x010F] = "SecretCamera"
    given_photo = picture(exif=exif.tobytes())
    assert b"SecretCamera" in given_photo

    kept = check(given_photo)

    assert b"SecretCamera" not in kept.data
    assert dict(opened(kept.data).getexif()) == {}


def test_what_hides_behind_a_picture_does_not_arrive():
    kept = check(picture("PNG") + b"PK\x03\x04hidden-archive")

    assert b"hidden-archive" not in kept.data
    assert kept.media_type == "image/png"


def test_what_hides_behind_a_pdf_does_not_arrive():
    kept = check(pdf() + b"\nPK\x03\x04hidden-archive")

    assert b"hidden-archive" not in kept.data


def test_a_photo_taken_sideways_is_turned_upright_and_the_uploader_is_told():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was held so that the top is on the right

    kept = check(picture(exif=exif.tobytes(), quality=95))

    upright = opened(kept.data)
    assert upright.size == (40, 60)
    red, _, blue = upright.getpixel((20, 5))
    assert (red > 200, blue < 60) == (True, True)
    assert "已按拍摄方向转正" in kept.notes


def test_an_iphone_photo_becomes_a_jpeg():
    kept = check(picture("HEIF", (64, 48)))

    assert (kept.media_type, opened(kept.data).format, opened(kept.data).size) == (
        "image/jpeg",
        "JPEG",
        (64, 48),
    )
    assert kept.notes == ("已转换为JPG格式",)


def test_a_very_large_photo_is_scaled_down_to_what_paper_needs():
    kept = check(picture(size=(5000, 2500)), limits=replace(DEFAULT, side_pixels=1000))

    assert opened(kept.data).size == (1000, 500)


def test_transparency_is_laid_on_white_as_on_paper():
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")

    assert opened(check(out.getvalue()).data).getpixel((5, 5)) == (255, 255, 255)


def test_photos_of_one_paper_become_one_pdf_in_order():
    kept = merge_photos([picture(size=(40, 60)), picture("PNG", (60, 40)), picture("HEIF", (64, 64))])

    document = pikepdf.open(io.BytesIO(kept.data))
    widths = [round(float(page.MediaBox[2])) for page in document.pages]
    assert (kept.media_type, kept.pages, widths) == ("application/pdf", 3, [595, 842, 595])
    assert check(kept.data).pages == 3


def test_merging_refuses_too_many_photos_and_anything_that_is_no_photo():
    with pytest.raises(errors.TooManyPhotos):
        merge_photos([picture()] * 3, limits=replace(DEFAULT, photos=2))
    with pytest.raises(errors.FileTypeNotAllowed):
        merge_photos([picture(), pdf()])
    with pytest.raises(errors.FileEmpty):
        merge_photos([])


def test_a_pdf_is_rewritten_without_its_opening_action():
    document = pikepdf.new()
    page = document.add_blank_page()
    document.Root.OpenAction = pikepdf.Array([page.obj, pikepdf.Name.Fit])

    kept = check(saved(document))

    assert "/OpenAction" not in pikepdf.open(io.BytesIO(kept.data)).Root


def test_a_signed_pdf_keeps_its_bytes_because_rewriting_would_break_the_signature():
    kept = check(sealed_pdf())

    assert kept.data == sealed_pdf()
    assert kept.notes == ("文件带有电子签名，按原样保存",)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("平面图.HEIC", "平面图.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\照片\\一.png", "一.jpg"),
        ("发票\u202egpj.exe", "发票gpj.jpg"),
        ("a\x00b\r\nSet-Cookie: x.jpg", "abSet-Cookie x.jpg"),
        ("", "文件.jpg"),
        ("...", "文件.jpg"),
        ("长" * 300, "长" * 116 + ".jpg"),
    ],
)
def test_a_file_name_is_made_safe_and_says_what_the_file_is(given_name, shown):
    assert rules.clean_name(given_name, "image/jpeg") == shown


@given(st.text(max_size=200))
def test_no_file_name_can_hold_a_path_or_a_control_character(name):
    cleaned = rules.clean_name(name, "application/pdf")

    assert cleaned.endswith(".pdf")
    assert len(cleaned) <= rules.NAME_LIMIT
    assert not set(cleaned) & set('/\\"<>|:*?\r\n\x00\u202e')


@given(
    st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x1cftypheic"])
)
def test_whatever_follows_a_picture_header_is_taken_or_refused_never_an_error(rest, header):
    try:
        check(header + rest)
    except errors.UploadRefused as refusal:
        assert refusal.code in {"image_unreadable", "image_too_many_pixels"}
