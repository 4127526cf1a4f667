"""What is searched for and where: every form in which a value could lie somewhere in the clear."""

import base64
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

LEAST = 6  # bytes: shorter ones stand in a hundred megabytes of cipher text by chance


@dataclass(frozen=True)
class Needle:
    """A value of somebody's: `what` it is, in words for the report, and the value."""

    what: str
    value: str


def forms(value: str) -> Iterator[tuple[str, bytes]]:
    """(how it is written, bytes) of a value: as text, and as programs write text into other text."""
    plain = value.encode()
    yield "UTF-8", plain
    yield "UTF-16", value.encode("utf-16-le")
    try:
        yield "GBK", value.encode("gbk")
    except UnicodeEncodeError:
        yield "GB 18030", value.encode("gb18030")
    yield "hex", plain.hex().encode()
    yield "HEX", plain.hex().upper().encode()
    yield "JSON", json.dumps(value).strip('"').encode()
    yield "percent", quote(value).encode()
    for place in range(3):
        yield "base64", _inner_base64(plain, place)


def _inner_base64(plain: bytes, place: int) -> bytes:
    """The characters that stay the same whatever stands before and after, when it begins at this place of three."""
    encoded = base64.b64encode(b"\0" * place + plain)
    first = -(-place * 8 // 6)  # characters that also hold bits of what stands before
    whole = (place + len(plain)) * 8 // 6  # characters without bits of what comes after
    return encoded[first:whole]


def by_chance(form: bytes, *, binary: bool) -> bool:
    """
    Whether a form so short stands there without anybody having written it.

    In binary files every short form does. In text it is one that reads as plain letters: 商典 in UTF-16 is "FUxQ",
    and of some hundred password hashes in base64 one has that in it sooner or later.
    """
    return len(form) < LEAST and (binary or form.isascii())


def find(needles: Iterable[Needle], folder: Path, *, binary: bool) -> list[tuple[str, str, str]]:
    """
    (file, what, how it is written) of every hit below a folder, but those by chance.

    grep looks for all forms at once; a folder of PostgreSQL has some hundred megabytes.
    """
    wanted: dict[bytes, tuple[str, str]] = {}
    for needle in needles:
        for how, form in forms(needle.value):
            if not by_chance(form, binary=binary):
                wanted.setdefault(form, (needle.what, how))
    with tempfile.NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join(wanted))
        patterns.flush()
        said = subprocess.run(
            ["grep", "-raoZF", "-f", patterns.name, "--", str(folder)],
            env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE,
            check=False,
        )
    if said.returncode > 1:
        raise RuntimeError("grep could not read everything")
    found = set()
    for line in said.stdout.split(b"\n"):
        path, separator, form = line.partition(b"\0")
        if separator:
            what, how = wanted[form]
            found.add((os.fsdecode(path).removeprefix(f"{folder}/"), what, how))
    return sorted(found)
