"""
Reads one stranger's PDF in a process of its own: `python -m mingqu.documents.uploads.pdf_reader`.

The PDF comes by stdin. Stdout gets a line of JSON {code, pages, notes, kept}, then, unless refused
or `kept`, the rewritten file. Memory and processor time are limited before the first byte is read, so a file
that unpacks without end stops this process and nothing else. Imports no Django.
"""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from mingqu.documents import apart

PIXELS_PER_PICTURE = 100_000_000
# Actions that do something to the reader's machine (ISO 32000-1, 12.6.4); following a link is not one.
ACTIVE = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/Rendition",
    "/RichMediaExecute",
    "/GoTo3DView",
    "/Movie",
    "/Sound",
}
EMBEDDED = {"/EF", "/EmbeddedFiles"}
ACTIVE_ANNOTATIONS = {"/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"}


class Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def inspect(data: bytes, page_limit: int, object_limit: int) -> tuple[bytes | None, int, list[str]]:
    """
    The rewritten file (None: keep the original, it bears somebody's signature), its pages, and notes.

    Raises Refused with the code of one of the errors of the documents room.
    """
    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refused("pdf_encrypted") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise Refused("pdf_unreadable") from None
    with pdf:
        if pdf.is_encrypted:
            raise Refused("pdf_encrypted")
        pages = len(pdf.pages)
        if pages == 0:
            raise Refused("pdf_unreadable")
        if pages > page_limit:
            raise Refused("pdf_too_many_pages")
        if len(pdf.objects) > object_limit:
            raise Refused("pdf_too_heavy")
        if _look_at_every_object(pdf):
            if not data.rstrip().endswith(b"%%EOF"):
                raise Refused("pdf_unreadable")  # a second file behind the first
            if _acts_by_itself(pdf):
                raise Refused("pdf_active_content")  # it can't be taken out without breaking the signature
            return None, pages, ["文件带有电子签名，按原样保存"]
        _drop_opening_actions(pdf)
        out = io.BytesIO()
        pdf.remove_unreferenced_resources()
        pdf.save(out, deterministic_id=True, fix_metadata_version=False)
        return out.getvalue(), pages, []


def _look_at_every_object(pdf: pikepdf.Pdf) -> bool:
    """Whether the file is signed. Every object is looked at: readers differ in which they reach."""
    signed = False
    for thing in dictionaries(pdf):
        kind, action = str(thing.get("/Type", "")), str(thing.get("/S", ""))
        if "/JS" in thing or action in ACTIVE or "/XFA" in thing:
            raise Refused("pdf_active_content")
        if "/JavaScript" in thing and kind != "/Font":
            raise Refused("pdf_active_content")
        subtype = str(thing.get("/Subtype", ""))
        if subtype in ACTIVE_ANNOTATIONS:
            raise Refused("pdf_active_content")
        if subtype == "/FileAttachment" or kind == "/EmbeddedFile" or EMBEDDED & set(thing.keys()):
            raise Refused("pdf_embedded_files")
        if subtype == "/Image" and _number(thing, "/Width") * _number(thing, "/Height") > PIXELS_PER_PICTURE:
            raise Refused("pdf_too_heavy")
        signed = signed or "/ByteRange" in thing
    return signed


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """All dictionaries: every numbered object, and those written straight into it."""
    for found in pdf.objects:
        waiting = [(found, 0)]
        while waiting:
            thing, depth = waiting.pop()
            if depth > 60:
                raise Refused("pdf_unreadable")
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                yield thing
                children = [value for _, value in thing.items()]
            elif isinstance(thing, pikepdf.Array):
                children = list(thing)
            else:
                continue
            waiting.extend(
                (c, depth + 1) for c in children if isinstance(c, pikepdf.Object) and not c.is_indirect
            )


def _number(thing: pikepdf.Object, key: str) -> int:
    try:
        return int(thing.get(key, 0))
    except (TypeError, ValueError):
        raise Refused("pdf_unreadable") from None


def _acts_by_itself(pdf: pikepdf.Pdf) -> bool:
    """Whether something happens on opening, printing or showing, other than going to a place in the file."""
    opening = pdf.Root.get("/OpenAction")
    jumps = isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S", "")) != "/GoTo"
    return jumps or any("/AA" in thing for thing in dictionaries(pdf))


def _drop_opening_actions(pdf: pikepdf.Pdf) -> None:
    """What would happen by itself on opening, printing or showing; bookmarks and links stay."""
    if "/OpenAction" in pdf.Root:
        del pdf.Root["/OpenAction"]
    for thing in [found for found in dictionaries(pdf) if "/AA" in found]:
        del thing["/AA"]


def _ran_out(memory: int) -> bool:
    """qpdf takes a failed allocation for a damaged object and reads on; the peak tells what it was."""
    status = Path("/proc/self/status")  # getrusage would count the peak of the process we were forked from
    if not status.exists():
        return False
    peak = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 > memory // 3


def main() -> None:
    memory, seconds, page_limit, object_limit = (int(text) for text in sys.argv[1:5])
    apart.limit(memory, seconds)
    answer: dict[str, object]
    body: bytes | None = None
    try:
        body, pages, notes = inspect(sys.stdin.buffer.read(), page_limit, object_limit)
        answer = {"code": "", "pages": pages, "notes": notes, "kept": body is None}
    except Refused as refusal:
        answer = {"code": "pdf_too_heavy" if _ran_out(memory) else refusal.code}
    except MemoryError:
        answer = {"code": "pdf_too_heavy"}
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError):
        answer = {"code": "pdf_too_heavy" if _ran_out(memory) else "pdf_unreadable"}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n" + (body or b""))


if __name__ == "__main__":
    main()
