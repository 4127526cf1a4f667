"""What of a definition stands in the index."""

from collections.abc import Sequence

from mingqu.catalogue.bundles.types import BundleDocument
from mingqu.catalogue.search.types import Source
from mingqu.catalogue.types import Document


def of_item(whole: Document, organ: str, *, applicable: bool) -> Source:
    """`organ`: the department's name."""
    item = whole.item
    asked = [one for handling in whole.handling for one in handling.situations]
    return Source(
        code=item.code,
        name=item.name,
        aliases=[*item.aliases, *(f"{item.name}{h.name}" for h in whole.handling if h.kind != "new")],
        summary=item.summary,
        department_code=item.organ,
        department_name=organ,
        region_code=item.region_code,
        item_type=item.type,
        audience=item.audience,
        theme=item.theme,
        life_events=item.life_events,
        handling_kind=item.handling_kind,
        applicable=applicable,
        materials=list(dict.fromkeys(m.name for h in whole.handling for m in h.materials)),
        situations=list(dict.fromkeys(text for one in asked for text in (one.text, *one.options.values()))),
    )


def of_bundle(bundle: BundleDocument, organ: str, names: Sequence[str]) -> Source:
    """`organ`: the name of the department that leads; `names`: all names of the services in it."""
    return Source(
        kind="bundle",
        code=bundle.code,
        name=bundle.name,
        aliases=[f"{bundle.name}一件事", *names],
        summary=bundle.summary,
        department_code=bundle.lead,
        department_name=organ,
        region_code=bundle.region_code,
        audience=bundle.audience,
        life_events=[bundle.life_event] if bundle.life_event else [],
        applicable=bundle.kind == "bundle",
        materials=[part.name for part in bundle.parts],
        situations=[question.text for question in bundle.situations],
    )
