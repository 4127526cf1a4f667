"""Signals between the parts of a 一件事: what a drawn flow waits for is thrown by another part of a bundle in force."""

from collections.abc import Iterator, Mapping

from mingqu.catalogue.bundles import selectors as bundles
from mingqu.catalogue.bundles.types import BundleDocument
from mingqu.catalogue.drawings.selectors import drawn_plan
from mingqu.catalogue.types import Definition
from mingqu.kernel.json import load
from mingqu.process import selectors as process
from mingqu.process.services import Plan


def unthrown(item: str, plans: Mapping[str, Plan]) -> Iterator[str]:
    """Signals that flows of an item, by 业务办理项, wait for and nobody throws; no statement where there are none."""
    for handling, plan in plans.items():
        heard, own = process.signals(plan)
        if missing := heard - own:
            missing -= _thrown_beside(item, handling)
        for name in sorted(missing):
            yield (
                f"流程图等信号“{name}”，但是没有一个一件事里的别的事项会发出它：先发布会发出它的事项，再发布这一项"
            )


def _thrown_beside(item: str, handling: str) -> set[str]:
    """What the other parts of the bundles throw that this is a part of, as they are in force now."""
    found: set[str] = set()
    for _code, written in bundles.documents_in_force():
        document = load(BundleDocument, written)
        mine = [part.code for part in document.parts if (part.item, part.handling) == (item, handling)]
        if not mine:
            continue
        definitions, _ = bundles.definitions_now(document)
        for code, definition in definitions.items():
            if code not in mine:
                found |= _thrown_by(definition)
    return found


def _thrown_by(definition: Definition) -> frozenset[str]:
    plan = drawn_plan(definition)
    return process.signals(plan)[1] if plan is not None else frozenset()
