"""
The package: a zip in the layout of BagIt 1.0 (RFC 8493), which an archive checks without this platform. Pure.

The same files and facts give the same bytes, so a package need not be kept beside the files it is made of: made again
it has the digest that was written down, or something has changed.
"""

import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import IO, Any

LAYOUT, BEFORE_COPIES = "3", "2"  # of metadata.json; a package made in an older one stays in it
MODE = 0o100600 << 16  # a plain file only its owner reads
UNIX = 3
CLAIM = re.compile(rb"pdfaid:part")  # in the plain text about itself that every PDF/A carries
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True)
class Piece:
    """
    One file of the package: what it is called there, what it is, its bytes. `lasting`: the PDF/A it says it is;
    `note`: why there is nothing of the kind; `copy_of`: the path of what it was made of.
    """

    path: str
    title: str
    number: str
    media_type: str
    pages: int
    data: bytes
    lasting: str = ""
    note: str = ""
    copy_of: str = ""

    def described(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "title": self.title,
            "document_number": self.number,
            "media_type": self.media_type,
            "pages": self.pages,
            "bytes": len(self.data),
            "sha256": sha256(self.data).hexdigest(),
            **{
                name: value
                for name, value in (
                    ("archival", self.lasting),
                    ("note", self.note),
                    ("copy_of", self.copy_of),
                )
                if value
            },
        }


def path_of(order: int, kind: str, media_type: str) -> str:
    """001-receipt.pdf: Latin letters alone, as every system unpacks them; the titles stand in metadata.json."""
    word = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in kind) or "file"
    return f"data/{order:03d}-{word}.{ENDINGS.get(media_type, 'bin')}"


def pack(
    out: IO[bytes],
    root: str,
    day: date,
    facts: Mapping[str, Any],
    pieces: Sequence[Piece],
    *,
    layout: str = LAYOUT,
) -> None:
    """Writes the package of the case `root`, archived on `day`."""
    listed = {**facts, "layout": layout, "files": [one.described() for one in pieces]}
    metadata = json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True).encode()
    payload = [("data/metadata.json", metadata), *((one.path, one.data) for one in pieces)]
    tags = [
        ("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
        ("bag-info.txt", _info(root, day, payload)),
        ("manifest-sha256.txt", _manifest(payload)),
    ]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
        for name, data in (*payload, *tags, ("tagmanifest-sha256.txt", _manifest(tags))):
            entry = zipfile.ZipInfo(f"{root}/{name}", (day.year, day.month, day.day, 0, 0, 0))
            entry.external_attr, entry.create_system = MODE, UNIX
            book.writestr(entry, data)


def faults(file: IO[bytes]) -> Iterator[str]:
    """What of a package is not as its own manifests say: names of files; nothing when it is whole."""
    with zipfile.ZipFile(file) as book:
        names = set(book.namelist())
        root = next(iter(names)).partition("/")[0]
        for list_name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
            if f"{root}/{list_name}" not in names:
                yield list_name
                continue
            for line in book.read(f"{root}/{list_name}").decode().splitlines():
                digest, _, name = line.partition("  ")
                if f"{root}/{name}" not in names or _sum(book.read(f"{root}/{name}")) != digest:
                    yield name
        yield from _faults_of_list(book, root, names)


def _faults_of_list(book: zipfile.ZipFile, root: str, names: set[str]) -> Iterator[str]:
    """Files that metadata.json tells otherwise: another sum, a copy of nothing, no PDF/A by its own statement."""
    if f"{root}/data/metadata.json" not in names:
        return  # the manifest has named it
    files = json.loads(book.read(f"{root}/data/metadata.json"))["files"]
    known = {one["path"] for one in files}
    for one in files:
        path = f"{root}/{one['path']}"
        if path not in names:
            continue
        data = book.read(path)
        claims = not one.get("archival") or CLAIM.search(data)
        if _sum(data) != one["sha256"] or not claims or one.get("copy_of", one["path"]) not in known:
            yield one["path"]


def _info(root: str, day: date, payload: Sequence[tuple[str, bytes]]) -> bytes:
    total = sum(len(data) for _, data in payload)
    return (
        f"External-Identifier: {root}\nBagging-Date: {day.isoformat()}\nPayload-Oxum: {total}.{len(payload)}\n"
    ).encode()


def _manifest(files: Sequence[tuple[str, bytes]]) -> bytes:
    return "".join(f"{_sum(data)}  {name}\n" for name, data in files).encode()


def _sum(data: bytes) -> str:
    return sha256(data).hexdigest()
