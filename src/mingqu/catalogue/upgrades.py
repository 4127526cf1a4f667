"""
From one format of definitions to the next, a step at a time: on import, and in memory where a stored revision of
an older format is read. What is stored is never rewritten: its digest is what cases were promised.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mingqu.catalogue.types import FORMAT

Json = dict[str, Any]

# What 0.9 kept at the top and 1.0 keeps for each 业务办理项.
_PARTICULAR = (
    "conditions",
    "situations",
    "stops",
    "not_needed",
    "materials",
    "form",
    "clocks",
    "steps",
    "decide",
    "result",
)


def upgraded(document: Mapping[str, Any]) -> Json:
    """The document in the newest format; as it is if its format is unknown (the shape check says so)."""
    now = dict(document)
    while step := _STEPS.get(str(now.get("format"))):
        now = step(now)
    return now


def _from_0_9(old: Json) -> Json:
    """One 业务办理项 to a document became several; visits and fee went from the guide to each of them."""
    guide = dict(old.get("guide", {}))
    visits, guide_fee = guide.pop("visits", 0), guide.pop("fee", "不收费")
    handling = {
        **old.get("handling_item", {}),
        "kind": "new",
        **{name: old[name] for name in _PARTICULAR if name in old},
        "visits": visits,
        "fees": []
        if guide_fee == "不收费"
        else [{"name": "费用", "standard": guide_fee, "basis": old["basis"][0]}],
    }
    handling["decide"] = {"kind": "decide", **handling.get("decide", {})}
    return {
        "format": FORMAT,
        "item": old.get("item", {}),
        "basis": old.get("basis", []),
        "guide": guide,
        "handling": [handling],
    }


_STEPS: dict[str, Callable[[Json], Json]] = {"0.9": _from_0_9}
