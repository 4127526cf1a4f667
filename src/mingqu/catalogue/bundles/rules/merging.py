"""One form and one set of materials for all parts of a bundle: pure."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mingqu.catalogue import rules as services
from mingqu.catalogue.bundles.rules.situation import Evaluate, holds, situation_of_part
from mingqu.catalogue.bundles.types import (
    BundleDocument,
    MergedForm,
    MergedMaterial,
    OpenBundle,
    Part,
    SharedField,
    SharedMaterial,
)
from mingqu.catalogue.types import Material, MaterialSource, MayFollow

Json = dict[str, Any]

# Between a part and its own material or field, where the two make one name.
OF = "--"


# The one form


def merged_form(
    open_bundle: OpenBundle, parts: Sequence[Part], answers: Mapping[str, Any], evaluate: Evaluate
) -> MergedForm:
    """
    One form of all these parts (CAS-12): a common field stands once, under its own name; what is left of a
    part's form stands under the part's code; what the subject answers is not asked.
    """
    bundle, codes = open_bundle.document, [p.code for p in parts]
    properties: Json = {}
    required: list[str] = []
    for shared in bundle.fields:
        if not _asked(shared, codes, answers, evaluate):
            continue
        properties[shared.name] = copy.deepcopy(shared.schema)
        if shared.required or any(
            is_required(open_bundle.definitions[part].form.schema, path)
            for part, path in shared.to.items()
            if part in codes
        ):
            required.append(shared.name)
    pages = [
        {"title": page.title, "hint": page.hint, "fields": kept}
        for page in bundle.pages
        if (kept := [name for name in page.fields if name in properties])
    ]
    for part in parts:
        own = own_part_of_form(open_bundle, part)
        if own is None:
            continue
        properties[part.code] = own
        required.append(part.code)
        pages.append({"title": part.name, "fields": [part.code]})
    return MergedForm({"type": "object", "required": required, "properties": properties}, pages)


def _asked(shared: SharedField, codes: Sequence[str], answers: Mapping[str, Any], evaluate: Evaluate) -> bool:
    if shared.to:
        return any(part in codes for part in shared.to)
    return holds(shared.when, answers, evaluate)


def own_part_of_form(open_bundle: OpenBundle, part: Part) -> Json | None:
    """The part's form without what is asked once and what the subject answers; None when nothing is left."""
    definition = open_bundle.definitions.get(part.code)
    if definition is None:
        return None
    taken = {f.to[part.code] for f in open_bundle.document.fields if part.code in f.to} | set(part.fill)
    left = copy.deepcopy(dict(definition.form.schema))
    for path in taken:
        _take_out(left, path.split("."))
    _ask_as_merged(left, open_bundle.document, part)
    left["title"] = part.name
    return left if left.get("properties") else None


def _ask_as_merged(left: Json, bundle: BundleDocument, part: Part) -> None:
    """What waits for an earlier answer waits for it where the one form asks; for what the subject tells, no more."""
    for path, leaf in leaves(left).items():
        if "asked_when" not in leaf:
            continue
        waits = {
            place_in_merged(bundle, part, before): values
            for before, values in leaf["asked_when"].items()
            if before not in part.fill
        }
        _put(left, [*("properties." + path.replace(".", ".properties.")).split("."), "asked_when"], waits)


def _take_out(schema: Json, way: list[str]) -> None:
    head, *rest = way
    below = schema.get("properties", {}).get(head)
    if below is None:
        return
    if rest:
        _take_out(below, rest)
    if not rest or not below.get("properties"):
        del schema["properties"][head]
        if head in schema.get("required", []):
            schema["required"] = [name for name in schema["required"] if name != head]


def leaves(schema: Mapping[str, Any], at: str = "") -> dict[str, Mapping[str, Any]]:
    """Every field of a form's schema by its path."""
    found: dict[str, Mapping[str, Any]] = {}
    for name, below in schema.get("properties", {}).items():
        path = f"{at}.{name}" if at else name
        if below.get("type") == "object":
            found |= leaves(below, path)
        else:
            found[path] = below
    return found


def is_required(schema: Mapping[str, Any], path: str) -> bool:
    """Whether the form wants this field in any case: it and everything around it is required."""
    place: Mapping[str, Any] = schema
    for name in path.split("."):
        if name not in place.get("required", []):
            return False
        place = place["properties"][name]
    return "asked_when" not in place


def place_in_merged(bundle: BundleDocument, part: Part, path: str) -> str:
    """Where the merged form asks for a part's field."""
    for shared in bundle.fields:
        if shared.to.get(part.code) == path:
            return shared.name
    return f"{part.code}.{path}"


def answers_of_part(
    bundle: BundleDocument, part: Part, merged: Mapping[str, Any], subject: Mapping[str, Any]
) -> Json:
    """
    The answers of one part's form: what was asked once, its own, and what the subject tells (`subject` has
    name and credit_code; what is not known yet is left out).
    """
    answers: Json = copy.deepcopy(dict(merged.get(part.code) or {}))
    for shared in bundle.fields:
        if part.code in shared.to and shared.name in merged:
            _put(answers, shared.to[part.code].split("."), merged[shared.name])
    for path, source in part.fill.items():
        if value := subject.get(source.removeprefix("subject.")):
            _put(answers, path.split("."), value)
    return answers


def _put(answers: Json, way: list[str], value: Any) -> None:
    *above, last = way
    for name in above:
        answers = answers.setdefault(name, {})
    answers[last] = value


# Materials


def merged_materials(
    open_bundle: OpenBundle, parts: Sequence[Part], answers: Mapping[str, Any], evaluate: Evaluate
) -> list[MergedMaterial]:
    """What is handed in: common materials once, then each part's own. What a part brings is not handed in."""
    wanted = {part.code: _materials(open_bundle, part, answers, evaluate) for part in parts}
    found: list[MergedMaterial] = []
    taken: set[tuple[str, str]] = set()
    for shared in open_bundle.document.materials:
        to = {part: code for part, code in shared.to.items() if code in wanted.get(part, {})}
        taken |= set(to.items())
        if not to or shared.brought_by in wanted:
            continue
        asked = [wanted[part][code] for part, code in to.items()]
        found.append(MergedMaterial(shared.code, _as_one(shared, asked), to))
    for part in parts:
        found += [
            MergedMaterial(name, replace(material, code=name), {part.code: code})
            for code, material in wanted[part.code].items()
            if (part.code, code) not in taken and (name := f"{part.code}{OF}{code}")
        ]
    return found


def _materials(
    open_bundle: OpenBundle, part: Part, answers: Mapping[str, Any], evaluate: Evaluate
) -> dict[str, Material]:
    definition = open_bundle.definitions.get(part.code)
    if definition is None:
        return {}
    own = situation_of_part(open_bundle.document, part, answers)
    return {m.code: m for m in services.situation_result(definition, own, evaluate).materials}


def _as_one(shared: SharedMaterial, asked: Sequence[Material]) -> Material:
    """
    The words of the bundle; needed as strictly as the strictest part needs it. It is looked up, promised or brought
    later only where every part allows that.
    """
    first = asked[0]
    accept = shared.accept or [kind for kind in first.accept if all(kind in m.accept for m in asked)]
    return Material(
        code=shared.code,
        name=shared.name,
        explain=shared.explain or first.explain,
        accept=accept,
        where=shared.where or first.where,
        key=any(m.key for m in asked),
        optional=all(m.optional for m in asked),
        check=list(dict.fromkeys(point for m in asked for point in m.check)),
        source=first.source if all(m.source == first.source for m in asked) else MaterialSource(),
        may_follow=_soonest([m.may_follow for m in asked]),
        copies=max(m.copies for m in asked),
        valid_days=min(m.valid_days for m in asked),
        standard=first.standard if all(m.standard == first.standard for m in asked) else "",
    )


def _soonest(follow: Sequence[MayFollow | None]) -> MayFollow | None:
    """The shortest time to bring it later; none where a part does not allow it, or counts in another unit."""
    given = [one for one in follow if one is not None]
    if len(given) < len(follow) or len({one.unit for one in given}) != 1:
        return None
    return min(given, key=lambda one: one.limit)


def brought(bundle: BundleDocument, part: Part, parts: Iterable[str]) -> dict[str, str]:
    """Materials of this part that another part's result stands for: code → the part that brings it."""
    there = set(parts)
    return {
        m.to[part.code]: m.brought_by for m in bundle.materials if part.code in m.to and m.brought_by in there
    }
