"""
`python tools/release.py` writes tests/upgrade/release.json: the migrations this version is released with. From then on
they are never edited, and upgrades are rehearsed from them (docs/operations/upgrade.md). Run when a version is tagged.
"""

import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "tests/upgrade/release.json"


def released(source: Path) -> dict[str, dict[str, str]]:
    """Room → migration → digest of its file."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(source.glob("*/migrations/[0-9]*.py")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found.setdefault(path.parts[-3], {})[path.stem] = digest
    return found


def main() -> None:
    """Of the tree given, or of this one."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    KEPT.write_text(json.dumps(released(root / "src/mingqu"), indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
