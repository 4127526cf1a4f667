"""A small file that unpacks to something huge costs its sender an answer and us a bounded time."""

import io
import resource
import struct
import subprocess
import sys
import zlib

import pikepdf
import pytest
from PIL import Image

from mingqu.documents import services
from mingqu.documents.errors import PdfActiveContent
from mingqu.documents.seals import apart
from mingqu.documents.seals.verify import verify_pdf
from mingqu.documents.tests.samples import pdf
from mingqu.documents.uploads import images
from mingqu.documents.uploads.limits import DEFAULT

MEGABYTE = 2**20


def table_bomb(megabytes: int) -> bytes:
    """A PDF whose cross-reference stream unpacks to a table of many million objects."""
    press, zeros = zlib.compressobj(9), bytes(MEGABYTE)
    packed = b"".join(press.compress(zeros) for _ in range(megabytes)) + press.flush()
    count = megabytes * MEGABYTE // 4
    entry = b"<</Type/XRef/Size %d/W[1 2 1]/Index[0 %d]/Root 2 0 R/Filter/FlateDecode/Length %d>>"
    head = b"%PDF-1.7\n"
    thing = entry % (count, count, len(packed)) + b"\nstream\n" + packed + b"\nendstream"
    return head + b"1 0 obj\n" + thing + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


@pytest.mark.django_db
def test_a_file_whose_tables_have_no_end_is_answered_in_seconds_of_processor(monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 3)
    monkeypatch.setattr(apart, "MEMORY", 400_000_000)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    report = services.verify_pdf(table_bomb(200))

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (report.signed, report.valid, report.reasons) == (False, False, ("not_a_pdf",))
    assert after.ru_utime - before.ru_utime < 8


@pytest.mark.django_db
def test_the_process_apart_reports_what_a_reader_here_reports():
    for data in (pdf(), b"%PDF-1.7\n/ByteRange", b"%PDF-", b"GIF89a"):
        assert apart.verify_apart(data, []) == verify_pdf(data, [])


# The peak of the child's own memory: ru_maxrss would begin with what the forking test process had.
PEAK = """
import re, sys
from pathlib import Path
from mingqu.documents.uploads import images
from mingqu.documents.uploads.limits import DEFAULT
images.remake(sys.stdin.buffer.read(), "image/png", DEFAULT)
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_a_picture_of_many_pixels_is_made_small_before_it_is_copied(mode):
    """60 megapixels of one colour are a few kilobytes; they used to take more than a gigabyte each."""
    drawn = Image.new(mode, (7700, 7700))
    file = io.BytesIO()
    drawn.save(file, "PNG", **({"transparency": 0} if mode == "P" else {}))

    done = subprocess.run(
        [sys.executable, "-c", PEAK], input=file.getvalue(), capture_output=True, check=True
    )

    assert int(done.stdout) < 900


def test_a_large_transparent_picture_still_lies_on_white():
    drawn = Image.new("P", (4200, 100), 1)
    drawn.putpalette([255, 0, 0, 0, 0, 255])
    file = io.BytesIO()
    drawn.save(file, "PNG", transparency=1)

    made = images.remake(file.getvalue(), "image/png", DEFAULT)

    with Image.open(io.BytesIO(made.data)) as picture:
        assert picture.size == (4000, 95)
        assert picture.convert("RGB").getpixel((2000, 50)) == (255, 255, 255)


def file_of(made: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def paper() -> pikepdf.Pdf:
    made = pikepdf.new()
    made.add_blank_page()
    return made


def tells_home() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://127.0.0.1/seen")


def test_a_file_kept_as_it_came_does_nothing_by_itself():
    """To name /ByteRange anywhere counts as a signature; such a file was kept with what opens by itself."""
    opening, showing = paper(), paper()
    for made in (opening, showing):
        made.Root.ByteRange = pikepdf.Array([0, 1, 2, 3])
    opening.Root.OpenAction = tells_home()
    showing.pages[0].AA = pikepdf.Dictionary(O=tells_home())

    for made in (opening, showing):
        with pytest.raises(PdfActiveContent):
            services.check_upload(file_of(made))


def test_what_a_field_or_note_does_when_it_is_shown_is_taken_out():
    made = paper()
    note = pikepdf.Dictionary(Subtype=pikepdf.Name.Text, Rect=pikepdf.Array([0, 0, 9, 9]))
    note.AA = pikepdf.Dictionary(PV=tells_home())
    made.pages[0].Annots = pikepdf.Array([note])

    assert b"127.0.0.1/seen" in file_of(made)
    assert b"127.0.0.1/seen" not in services.check_upload(file_of(made)).data


def photo(orientation: int, *, version: bytes) -> bytes:
    """A JPEG of 60 × 40 whose position data name their version (tag 0, four numbers) as a text."""
    first = struct.pack("<HHHII", 2, 0x0112, 3, 1, orientation) + struct.pack("<HHII", 0x8825, 4, 1, 38)
    gps = struct.pack("<HHHI4sI", 1, 0, 2, 4, version, 0)
    data = b"Exif\0\0II*\0" + struct.pack("<I", 8) + first + bytes(4) + gps
    plain = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(plain, "JPEG")
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(data) + 2) + data + plain.getvalue()[2:]


@pytest.mark.parametrize(("orientation", "size"), [(1, (60, 40)), (6, (40, 60)), (9, (60, 40))])
def test_odd_data_beside_a_picture_do_not_break_it(orientation, size):
    """Turning it upright wrote the data anew, of which this is not of the kind it should be: an error of ours."""
    made = services.check_upload(photo(orientation, version=b"222\0"))

    with Image.open(io.BytesIO(made.data)) as picture:
        assert (picture.size, dict(picture.getexif())) == (size, {})
