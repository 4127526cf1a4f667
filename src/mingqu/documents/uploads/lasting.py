"""
Makes a PDF of pictures one that lasts (PDF/A-2b, ISO 19005-2), or says why it is kept as it is:
`python -m mingqu.documents.uploads.lasting`, in a process of its own, because the PDF may be a stranger's.

What has letters, transparency, notes or a signature is not converted: nothing here could prove that it looks as
before, and a signature would be broken. Imports no Django.
"""

import io
import json
import sys

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import ImageCms

from mingqu.documents import apart
from mingqu.documents.uploads.pdf_reader import Refused, dictionaries

CLAIMS = "PDF/A-"
PLAIN_COLOURS = {"/DeviceRGB", "/DeviceGray"}
PLAIN_FILTERS = {"/DCTDecode", "/FlateDecode", "/CCITTFaxDecode", "/RunLengthDecode"}
NOT_IN_PICTURES = ("/SMask", "/Alternates", "/OPI", "/Mask", "/Decode")


def stamp(pdf: pikepdf.Pdf) -> None:
    """What PDF/A-2b asks beside plain pictures: colours that mean something, and a statement of what it is."""
    profile = pikepdf.Stream(pdf, _srgb())
    profile["/N"] = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier="sRGB",
        Info="sRGB IEC61966-2.1",
        RegistryName="http://www.color.org",
        DestOutputProfile=pdf.make_indirect(profile),
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    if "/Metadata" in pdf.Root:
        del pdf.Root["/Metadata"]
    with pdf.open_metadata(set_pikepdf_as_editor=False) as told:
        told["pdfaid:part"], told["pdfaid:conformance"] = "2", "B"
    if "/Info" in pdf.trailer:  # an older way to say the same, which would have to agree
        del pdf.trailer["/Info"]


def _srgb() -> bytes:
    """The profile as our library draws it, as version 4.2 and without the second in which it was drawn."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[8:12] = b"\x04\x20\x00\x00"
    made[24:36] = b"\x07\xd0\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"
    return bytes(made)


def why_not(pdf: pikepdf.Pdf) -> str:
    """ "": pages of plain pictures and nothing else; else which code of `documents.services.keeping` says why not."""
    for thing in dictionaries(pdf):
        kind, subtype = str(thing.get("/Type", "")), str(thing.get("/Subtype", ""))
        if "/ByteRange" in thing:
            return "signed"
        if kind == "/Font" or "/Font" in thing:
            return "letters"
        if kind in ("/Annot", "/ExtGState", "/OCG", "/XObject") and subtype != "/Image":
            return "more"
        if subtype == "/Image":
            if not _plain(thing):
                return "colours"
        elif "/AcroForm" in thing or "/Annots" in thing or "/ExtGState" in thing or "/Group" in thing:
            return "more"
    return ""


def _plain(image: pikepdf.Object) -> bool:
    filters = image.get("/Filter", Array([]))
    names = {str(one) for one in filters} if isinstance(filters, Array) else {str(filters)}
    return (
        names <= PLAIN_FILTERS
        and str(image.get("/ColorSpace", "")) in PLAIN_COLOURS
        and not any(name in image for name in NOT_IN_PICTURES)
        and not bool(image.get("/Interpolate", False))
    )


def look(data: bytes) -> tuple[str, str, bytes]:
    """(what it claims to be, why it was not made one, the file made one)."""
    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return "", "unreadable", b""
    with pdf:
        if pdf.is_encrypted:
            return "", "unreadable", b""
        if claimed := str(pdf.open_metadata().pdfa_status or ""):
            return f"{CLAIMS}{claimed}", "", b""
        if why := why_not(pdf):
            return "", why, b""
        stamp(pdf)
        out = io.BytesIO()
        pdf.remove_unreferenced_resources()
        pdf.save(out, deterministic_id=True, fix_metadata_version=False)
        return "", "", out.getvalue()


def main() -> None:
    memory, seconds = (int(text) for text in sys.argv[1:3])
    apart.limit(memory, seconds)
    try:
        claimed, why, made = look(sys.stdin.buffer.read())
    except (Refused, MemoryError, pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError):
        claimed, why, made = "", "unreadable", b""
    answer = {"claims": claimed, "why": why}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n" + made)


if __name__ == "__main__":
    main()
