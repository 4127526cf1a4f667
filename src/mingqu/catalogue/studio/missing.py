"""What a draft still lacks, told while it is edited and not only when it is checked or published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingqu.catalogue import gates, rules
from mingqu.catalogue.directory.selectors import lists_in_force
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.studio.locating import in_words, located
from mingqu.catalogue.studio.remarks import url_of
from mingqu.catalogue.studio.sections import Section
from mingqu.kernel import regions
from mingqu.kernel.identifiers import IdentifierRefused, RegionCode

ON_APPLICATION = "on_application"


@dataclass(frozen=True)
class Lack:
    """One thing: what, in words, and where it is put right."""

    words: str
    url: str


@dataclass(frozen=True)
class Lacking:
    """`here`: of the sheet that is open; `elsewhere`: how many on other sheets; `unlisted`: as `unlisted_because`."""

    here: list[Lack]
    elsewhere: int = 0
    unlisted: str = ""


@dataclass(frozen=True)
class _Item:
    """So much of an item as a list is asked about, from a document that may lack the rest."""

    code: str
    base_code: str
    organ: str
    type: str


def lacking(draft: DefinitionDraft, of: Section, on: date) -> Lacking:
    """What keeps the draft from having the shape of a definition, by sheet; on the first sheet also its entry."""
    here, elsewhere = [], 0
    for sentence in dict.fromkeys(rules.shape_problems(draft.document)):
        section, anchor = located(draft.document, sentence)
        if section.name == of.name:
            url = f"#{anchor}" if anchor else url_of(draft, section)
            here.append(Lack(in_words(draft.document, sentence), url))
        else:
            elsewhere += 1
    unlisted = unlisted_because(draft.document, on) if of.handling is None else ""
    return Lacking(here, elsewhere, unlisted)


def unlisted_because(document: Mapping[str, Any], on: date) -> str:
    """
    Why staff can't publish the item yet for want of an entry (清单之外无权力: `publishing.require_entry`), as soon as
    its code, organ, type and region are written; "" where nothing stands in the way or no list is in force there.
    """
    item = document.get("item")
    if not isinstance(item, Mapping) or item.get("handling_kind", ON_APPLICATION) != ON_APPLICATION:
        return ""
    said = {name: item.get(name, "") for name in ("code", "base_code", "organ", "type", "region_code")}
    if not all(isinstance(value, str) for value in said.values()):
        return ""
    region = said.pop("region_code")
    if not (said["code"] and said["organ"] and said["type"]):
        return ""
    try:
        region = str(RegionCode.parse(region))
    except IdentifierRefused:
        return ""  # the findings say so
    if regions.is_training(region, now=True):
        return ""
    asked, lists = _Item(**said), lists_in_force(region, on)
    power = gates.is_power(asked.type)
    entered = lists.power_entry(asked) if power else lists.service_entry(asked)
    return lists.why_not(asked, power=power) if entered is False else ""
