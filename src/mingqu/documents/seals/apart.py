"""
Verifies a stranger's file in a limited process: `python -m mingqu.documents.seals.apart MEMORY SECONDS`.

A few hundred kilobytes can unpack to tables that keep a processor busy for minutes; here that ends the
process, and the answer is that the file can't be read. Stdin: a line of JSON with the trusted roots, then the
file. Stdout: the report as JSON. Imports no Django.
"""

import json
import sys
from collections.abc import Sequence

from mingqu.documents import apart
from mingqu.documents.seals import findings
from mingqu.documents.types import SignatureReport
from mingqu.kernel.json import load, plain

MEMORY = 1_000_000_000  # bytes
SECONDS = 10


def verify_apart(data: bytes, roots: Sequence[str]) -> SignatureReport:
    """The same report as `verify.verify_pdf`. Never raises for a bad file."""
    if not data.startswith(b"%PDF-"):
        return findings.unsigned("not_a_pdf")
    head = json.dumps(list(roots)).encode() + b"\n"
    answer = apart.run(__name__, [MEMORY, SECONDS], head + data, seconds=SECONDS)
    return load(SignatureReport, json.loads(answer)) if answer else findings.unreadable(data)


def main() -> None:
    from mingqu.documents.seals import verify

    memory, seconds = (int(text) for text in sys.argv[1:3])
    apart.limit(memory, seconds)
    roots = json.loads(sys.stdin.buffer.readline())
    report = verify.verify_pdf(sys.stdin.buffer.read(), roots)
    sys.stdout.write(json.dumps(plain(report)))


if __name__ == "__main__":
    main()
