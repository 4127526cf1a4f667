"""What a change of many does to one definition: which places say it, and what they say then."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

# What may be changed in many at once: code → (words, where it stands). A list is gone through; each of its elements.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "consult": ("咨询电话", ("guide", "consult")),
    "complain": ("监督投诉电话", ("guide", "complain")),
    "window_telephone": ("窗口电话", ("guide", "windows", "telephone")),
    "window_address": ("窗口地址", ("guide", "windows", "address")),
    "window_hours": ("窗口办公时间", ("guide", "windows", "hours")),
    "window_name": ("窗口名称", ("guide", "windows", "name")),
    "reconsideration_organ": ("行政复议机关", ("guide", "reconsideration_organ")),
    "court": ("行政诉讼法院", ("guide", "court")),
    "basis_law": ("设定依据的法律法规名称", ("basis", "law")),
    "basis_says": ("设定依据的说明", ("basis", "says")),
}
NAMED = ("basis_law", "basis_says", "window_name", "window_address")
"""Where items say different things side by side: what is to be replaced has to be said."""
LONGEST = 300


@dataclass(frozen=True)
class Change:
    """`before`: only what says this; "" whatever is there."""

    field: str
    before: str
    after: str


def changed(document: Mapping[str, Any], change: Change) -> tuple[Json, list[str]]:
    """(the changed copy, what was said at each place that changes)"""
    made = deepcopy(dict(document))
    before = []
    for holder, name in _places(made, FIELDS[change.field][1]):
        said = str(holder.get(name) or "")
        if said == change.after or (change.before and said != change.before):
            continue
        before.append(said)
        holder[name] = change.after
        if change.field == "basis_law":
            holder["confirmed_by"] = ""  # somebody confirmed the other law
    return made, before


def _places(here: Any, way: tuple[str, ...]) -> Iterator[tuple[Json, str]]:
    if isinstance(here, list):
        for one in here:
            yield from _places(one, way)
    elif isinstance(here, dict):
        name, *rest = way
        if rest:
            yield from _places(here.get(name), tuple(rest))
        else:
            yield here, name
