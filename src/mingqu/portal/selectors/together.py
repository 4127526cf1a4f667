"""What is done together for a life event, in its order; each of it can be had alone too (PRT-04)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.bundles import selectors as bundles
from mingqu.catalogue.bundles.types import BundleDocument


@dataclass(frozen=True)
class Turn:
    """One matter: what it comes after, the outside system that handles it, the guide of who wants it alone."""

    name: str
    after: list[str]
    system: str
    guide: str  # code of a listed item; empty where there is none


@dataclass(frozen=True)
class Together:
    """
    A bundle (一件事) with its matters in order. `once`: materials that several of them need; `brought`: those that one
    of them brings for the others.
    """

    name: str
    turns: list[Turn]
    once: list[str]
    brought: list[str]


def in_order(found: Iterable[tuple[str, UUID | None]]) -> list[Together]:
    """Of (name, revision in force). Two statements a bundle that was not read before; the documents are kept."""
    read = [(name, bundles.document(current)) for name, current in found if current]
    listed = catalogue.listed_codes(code for _, document in read for code in _guides(document).values())
    return [Together(name, _turns(document, listed), *_shared(document)) for name, document in read]


def _guides(document: BundleDocument) -> dict[str, str]:
    """Matter → the item that is the same thing alone."""
    return {p.code: p.item or (p.external.guide if p.external else "") for p in document.parts}


def _turns(document: BundleDocument, listed: set[str]) -> list[Turn]:
    names, guides = {p.code: p.name for p in document.parts}, _guides(document)
    return [
        Turn(
            part.name,
            [names[code] for code in part.after],
            part.external.system if part.external else "",
            guides[part.code] if guides[part.code] in listed else "",
        )
        for part in document.parts
    ]


def _shared(document: BundleDocument) -> tuple[list[str], list[str]]:
    several = [shared for shared in document.materials if len(shared.to) > 1]
    once = [shared.name for shared in several if not shared.brought_by]
    return once, [shared.name for shared in several if shared.brought_by]
