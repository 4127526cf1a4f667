"""
What this installation has published, as files that another system or an archive reads without it: definitions of
services and bundles, the files they name, the register of departments. All of it is public; nothing of a person or a
case.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.bundles import selectors as bundles
from mingqu.catalogue.checking import referred
from mingqu.catalogue.files import write_document
from mingqu.identity import organ_lists

MANIFEST = "manifest.json"


class NotEmpty(Exception):
    """The folder holds something already: nothing of it is written over."""


def export(folder: Path) -> int:
    """Writes everything into an empty folder, what it holds last of all (`manifest.json`); how many files."""
    if folder.exists() and any(folder.iterdir()):
        raise NotEmpty(str(folder))
    digests = {}
    for name, content in _files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        digests[name] = hashlib.sha256(content).hexdigest()
    said = {
        "made_at": timezone.now().isoformat(),
        "what": "definitions of services and bundles in force, files they name, departments",
        "sha256": digests,
    }
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, "utf-8")
    return len(digests)


def _files() -> Iterator[tuple[str, bytes]]:
    named: set[str] = set()
    for code, document in catalogue.documents_in_force():
        named.update(referred(document))
        yield f"definitions/{code}.yaml", write_document(document).encode()
    # Beside the definitions, where `mingqu definition check` looks for them, by digest.
    for digest, file in sorted(catalogue.files_of(named).items()):
        yield f"definitions/{digest}.{file.kind if file.kind in ('bpmn', 'dmn') else 'bin'}", file.content
    for code, document in bundles.documents_in_force():
        yield f"bundles/{code}.yaml", write_document(document).encode()
    yield "departments.csv", _departments()


def _departments() -> bytes:
    """With those that ended and every change, for who reads older papers."""
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow(organ_lists.HEADERS)
    writer.writerows(organ_lists.table(state="all"))
    return "".join(lines).encode("utf-8-sig")


class _Lines(list[str]):
    write = list.append
