"""The order of the rooms, read from its one place."""

import configparser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "mingqu"

# The public face of a room; `kernel` and `ui` are open libraries, `config` wires all.
PUBLIC = {"services", "selectors", "events", "errors", "types"}
OPEN = {"kernel", "ui"}
# A part of a room with a face of its own: the same modules, one level down.
DIVISIONS = {
    "affected", "amending", "announcing", "archiving", "arriving", "bundles", "consulting", "directory", "discretion",
    "drawings", "expecting",
    "imports", "linting", "openid", "recusing", "revisions", "search", "simulation", "upward",
}  # fmt: skip


def is_public(path: list[str]) -> bool:
    """Whether `mingqu.room.module…` may be imported by another room."""
    inner = path[3:] if path[2] in DIVISIONS else path[2:]
    return bool(inner) and inner[0] in PUBLIC


def layers() -> list[list[str]]:
    """Rooms, lowest layer first."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:domains"]["layers"].split("\n")
    return [[room.strip() for room in line.split("|")] for line in reversed(lines) if line.strip()]


RANK = {room: rank for rank, layer in enumerate(layers()) for room in layer}
