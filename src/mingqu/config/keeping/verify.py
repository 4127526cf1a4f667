"""
What came back is what it was: ledger, stored files, due dates and service records of a database that was just brought
back.

    python -m mingqu.config.keeping.verify

A program of its own, with Django on that database. Prints JSON: what was looked at, and what does not hold.
"""

import json
import sys
from itertools import islice

OPENED = 50  # stored files and encrypted names that are opened, to see that the master key fits


def main() -> int:
    import django

    django.setup()
    said = verify()
    print(json.dumps(said, ensure_ascii=False))
    return 1 if said["findings"] else 0


def verify() -> dict[str, object]:
    from mingqu.cases.services.service_check import check_services
    from mingqu.clocks import services as clocks
    from mingqu.kernel.ledger_check import check_ledger

    report = check_ledger()
    opened, wrong = _open_some()
    wrong += [f"a stored due date differs from its ledger: {one}" for one in islice(clocks.check_stored(), 5)]
    wrong += [f"a service record differs from its facts: {one}" for one in islice(check_services(), 5)]
    return {
        "entries": report.entries,
        "checkpoints": report.checkpoints,
        "opened": opened,
        "findings": [*report.findings, *wrong],
        "broken": report.broken + len(wrong),
    }


def _open_some() -> tuple[int, list[str]]:
    """How many stored files were opened with the master key, and which did not open."""

    from mingqu.documents.models import StoredFile
    from mingqu.documents.storage import digest_of, get
    from mingqu.kernel.crypto import NotDecryptable

    wrong, opened = [], 0
    for file in StoredFile.objects.order_by("-id")[:OPENED].iterator(chunk_size=OPENED):
        try:
            whole = digest_of(get(file.address)) == bytes(file.digest)
        except (NotDecryptable, FileNotFoundError):
            whole = False
        opened += 1
        if not whole:
            wrong.append(f"stored file {file.id} does not open, or is not what was stored")
    return opened, wrong


if __name__ == "__main__":
    sys.exit(main())
