"""The lists of 清禾区, written for the demo and marked so; and points of the articles they rest on, in own words."""

import hashlib
from pathlib import Path

from mingqu.catalogue.directory import selectors
from mingqu.catalogue.directory import services as lists
from mingqu.catalogue.directory.services.editing import Listed
from mingqu.catalogue.directory.types import KINDS, Kind
from mingqu.config.demo.district import REGION, SYSTEM, key
from mingqu.kernel.types import Instant
from mingqu.law import selectors as law
from mingqu.law.services import import_laws

HERE = Path(__file__).parent
LAWS, LISTS = HERE / "laws", HERE / "lists"
SOURCE = "演示：为清禾区编写，不是真实的清单"
TITLES: dict[Kind, str] = {
    "power": "清禾区权责清单（演示）",
    "service": "清禾区公共服务清单（演示）",
    "base": "基本目录（演示）",
    "negative": "市场准入负面清单（演示）",
}


def build(at: Instant) -> None:
    """Articles first, then the lists; idempotent. Items are looked at at once: the demo's people apply next."""
    if not all(law.known(title) for title in _titles()):
        import_laws(LAWS, by=SYSTEM, at=at)
    for kind in KINDS:
        bring_in(kind, at)
    lists.keep_items(at, region_code=REGION)


def _titles() -> list[str]:
    """What the files bring: the first line of each."""
    return [path.read_text("utf-8").split("\n", 1)[0].lstrip("# ") for path in sorted(LAWS.rglob("*.md"))]


def bring_in(kind: Kind, at: Instant, region: str = REGION) -> bool:
    """A file that was not brought in yet is a new edition."""
    data = (LISTS / f"{kind}.json").read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    newest = selectors.newest(kind, region)
    if newest is not None and newest.report.get("digest") == digest:
        return False
    said = f"{kind}:{region}:{digest}"
    of = Listed(kind, region, TITLES[kind], SOURCE)
    read = lists.import_list(of=of, data=data, name=f"{kind}.json", by=SYSTEM, at=at, key=key(f"list:{said}"))
    sent = lists.submit_edition(
        edition_id=read.edition_id, version=read.version, by=SYSTEM, at=at, key=key(f"list-submit:{said}")
    )
    lists.publish_edition(
        edition_id=read.edition_id, version=sent.version, by=SYSTEM, at=at, key=key(f"list-publish:{said}")
    )
    return True
