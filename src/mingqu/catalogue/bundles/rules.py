"""What follows from a bundle and the definitions of its parts: pure."""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mingqu.catalogue import rules as services
from mingqu.catalogue.bundles.types import (
    BRINGS_FIRM,
    FILLS,
    FORMAT,
    KINDS,
    SUBJECTS,
    BundleDocument,
    Elapsed,
    MergedForm,
    MergedMaterial,
    Needed,
    OpenBundle,
    Part,
    Question,
    SharedField,
    SharedMaterial,
)
from mingqu.catalogue.types import Definition, Material

Evaluate = services.Evaluate
Json = dict[str, Any]

# Between a part and its own material or field, where the two make one name.
OF = "--"


# The graph


def cycle(after: Mapping[str, Sequence[str]]) -> list[str]:
    """The parts of a circle of prerequisites in their order, the first again at the end; [] when there is none."""
    done: set[str] = set()

    def walk(code: str, way: list[str]) -> list[str]:
        if code in way:
            return [*way[way.index(code) :], code]
        if code in done:
            return []
        for before in after.get(code, ()):
            if found := walk(before, [*way, code]):
                return found
        done.add(code)
        return []

    for code in after:
        if found := walk(code, []):
            return found[::-1]  # from prerequisite to what needs it
    return []


def among(after: Mapping[str, Sequence[str]], kept: Iterable[str]) -> dict[str, list[str]]:
    """
    Prerequisites among the parts kept. What comes after a part that falls away comes after what that one waited
    for.
    """
    chosen = set(kept)

    def nearest(code: str) -> Iterator[str]:
        for before in after.get(code, ()):
            if before in chosen:
                yield before
            else:
                yield from nearest(before)

    return {code: list(dict.fromkeys(nearest(code))) for code in after if code in chosen}


def in_order(after: Mapping[str, Sequence[str]]) -> list[str]:
    """Every part after its prerequisites. The graph has no circle."""
    placed: dict[str, None] = {}

    def place(code: str) -> None:
        for before in after.get(code, ()):
            place(before)
        placed.setdefault(code)

    for code in after:
        place(code)
    return list(placed)


def depending_on(after: Mapping[str, Sequence[str]], code: str) -> list[str]:
    """All that can't be had without this part, directly or not."""
    lost = {code}
    for one in in_order(after):
        if lost & set(after.get(one, ())):
            lost.add(one)
    return [one for one in after if one in lost and one != code]


def elapsed(after: Mapping[str, Sequence[str]], days: Mapping[str, int]) -> Elapsed:
    """The longest way through the graph, beside the sum of all (CAS-04)."""
    until: dict[str, int] = {}
    way: dict[str, list[str]] = {}
    for code in in_order(after):
        last = max(after.get(code, ()), key=lambda before: until[before], default="")
        until[code] = (until[last] if last else 0) + days[code]
        way[code] = [*(way[last] if last else []), code]
    end = max(until, key=lambda code: until[code], default="")
    return Elapsed(until.get(end, 0), sum(days[code] for code in after), way.get(end, []))


# Situation


def questions_asked(bundle: BundleDocument, answers: Mapping[str, Any], evaluate: Evaluate) -> list[Question]:
    """The questions that these answers leave open or have answered, in order."""
    return [q for q in bundle.situations if _holds(q.when, answers, evaluate)]


def cleaned(
    bundle: BundleDocument, given: Mapping[str, list[str]], evaluate: Evaluate
) -> tuple[dict[str, Any], Question | None]:
    """Answers from raw values, only of questions that are asked; and the first question with an unknown answer."""
    answers: dict[str, Any] = {}
    for question in bundle.situations:
        if not _holds(question.when, answers, evaluate):
            continue
        values = [value for value in given.get(question.ask, []) if value]
        if any(v not in question.options for v in values) or (len(values) > 1 and not question.many):
            return answers, question
        if values:
            answers[question.ask] = values if question.many else values[0]
    return answers, None


def situation_of_part(bundle: BundleDocument, part: Part, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The part's own questions, answered by what was asked once."""
    mapped = {
        q.to[part.code]: answers[q.ask] for q in bundle.situations if part.code in q.to and q.ask in answers
    }
    return {**part.situation, **mapped}


def needed(open_bundle: OpenBundle, answers: Mapping[str, Any], evaluate: Evaluate) -> Needed:
    """Which parts these answers need, in which order, what stops them, how long they take."""
    bundle = open_bundle.document
    missing = [q.ask for q in questions_asked(bundle, answers, evaluate) if q.ask not in answers]
    parts = [p for p in bundle.parts if _holds(p.when, answers, evaluate)]
    after = among({p.code: p.after for p in bundle.parts}, [p.code for p in parts])
    stops, spared = [], [n for n in bundle.not_needed if _holds(n.when, answers, evaluate)]
    for part in parts:
        definition = open_bundle.definitions.get(part.code)
        if definition is None:
            continue
        result = services.situation_result(definition, situation_of_part(bundle, part, answers), evaluate)
        if result.stop:
            stops.append((part, result.stop))
        spared += [n for n in result.not_needed if n not in spared]
    return Needed(
        answers=dict(answers),
        missing=missing,
        parts=parts,
        left_out=[p for p in bundle.parts if p not in parts],
        after=after,
        stops=stops,
        not_needed=spared,
        elapsed=elapsed(after, {p.code: promised_days(open_bundle, p) for p in parts}),
    )


def promised_days(open_bundle: OpenBundle, part: Part) -> int:
    """Working days this part may take: what its definition promises, or the limit of the outside system."""
    if part.external:
        return part.external.limit
    return open_bundle.definitions[part.code].clocks.promised.limit


def _holds(expression: str, answers: Mapping[str, Any], evaluate: Evaluate) -> bool:
    return not expression or evaluate(expression, {"situation": dict(answers)}) is True


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
    return _holds(shared.when, answers, evaluate)


def own_part_of_form(open_bundle: OpenBundle, part: Part) -> Json | None:
    """The part's form without what is asked once and what the subject answers; None when nothing is left."""
    definition = open_bundle.definitions.get(part.code)
    if definition is None:
        return None
    taken = {f.to[part.code] for f in open_bundle.document.fields if part.code in f.to} | set(part.fill)
    left = copy.deepcopy(dict(definition.form.schema))
    for path in taken:
        _take_out(left, path.split("."))
    left["title"] = part.name
    return left if left.get("properties") else None


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
    return True


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
            MergedMaterial(f"{part.code}{OF}{code}", material, {part.code: code})
            for code, material in wanted[part.code].items()
            if (part.code, code) not in taken
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
    """The words of the bundle; needed as strictly as the strictest part needs it."""
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
    )


def brought(bundle: BundleDocument, part: Part, parts: Iterable[str]) -> dict[str, str]:
    """Materials of this part that another part's result stands for: code → the part that brings it."""
    there = set(parts)
    return {
        m.to[part.code]: m.brought_by for m in bundle.materials if part.code in m.to and m.brought_by in there
    }


# What keeps a bundle from being published


def problems(bundle: BundleDocument, definitions: Mapping[str, Definition]) -> list[str]:
    """Each in one sentence; empty when the bundle fits the definitions of its parts."""
    return [
        *_words_problems(bundle),
        *_graph_problems(bundle),
        *(line for part in bundle.parts for line in _part_problems(bundle, part, definitions.get(part.code))),
        *_field_problems(bundle, definitions),
        *_material_problems(bundle, definitions),
    ]


def expressions(bundle: BundleDocument) -> list[str]:
    """Every FEEL expression of the bundle; their vocabulary is `vocabulary`."""
    found = [
        *(p.when for p in bundle.parts),
        *(q.when for q in bundle.situations),
        *(f.when for f in bundle.fields),
        *(n.when for n in bundle.not_needed),
        bundle.provisional.when if bundle.provisional else "",
    ]
    return [text for text in found if text]


def vocabulary(bundle: BundleDocument) -> set[str]:
    return {f"situation.{question.ask}" for question in bundle.situations}


def _words_problems(bundle: BundleDocument) -> Iterator[str]:
    if bundle.format != FORMAT:
        yield f"格式版本应为 {FORMAT}"
    if bundle.kind not in KINDS:
        yield "kind应是bundle或stage"
    if bundle.accept not in ("each", "together"):
        yield "accept应是each或together"
    if bundle.on_refusal not in ("others_go_on", "end_all"):
        yield "on_refusal应是others_go_on或end_all"
    if not bundle.parts:
        yield "没有包含的事项"
    for what, codes in (
        ("事项", [p.code for p in bundle.parts]),
        ("情形问题", [q.ask for q in bundle.situations]),
        ("共用字段", [f.name for f in bundle.fields]),
        ("共用材料", [m.code for m in bundle.materials]),
    ):
        yield from (f"{what}编码“{code}”重复" for code in sorted({c for c in codes if codes.count(c) > 1}))
    for name in {f.name for f in bundle.fields} & {p.code for p in bundle.parts}:
        yield f"共用字段“{name}”与事项编码相同"
    paged = [name for page in bundle.pages for name in page.fields]
    for shared in bundle.fields:
        if paged.count(shared.name) != 1:
            yield f"共用字段“{shared.name}”应恰好出现在一页上"


def _graph_problems(bundle: BundleDocument) -> Iterator[str]:
    names = {p.code: p.name for p in bundle.parts}
    for part in bundle.parts:
        yield from (f"“{part.name}”的前置事项“{code}”不存在" for code in part.after if code not in names)
    after = {p.code: [code for code in p.after if code in names] for p in bundle.parts}
    if circle := cycle(after):
        yield f"前置关系成环：{' → '.join(names[code] for code in circle)}"
        return
    bringing = {p.code for p in bundle.parts if p.brings}
    for part in bundle.parts:
        if part.subject == "firm" and not any(part.code in depending_on(after, code) for code in bringing):
            yield f"“{part.name}”要以登记后的主体办理，但它前面没有产生主体的事项"


def _part_problems(bundle: BundleDocument, part: Part, definition: Definition | None) -> Iterator[str]:
    if part.subject not in SUBJECTS:
        yield f"“{part.name}”的subject不认识“{part.subject}”"
    if part.brings not in ("", BRINGS_FIRM):
        yield f"“{part.name}”的brings不认识“{part.brings}”"
    if bool(part.item) == bool(part.external):
        yield f"“{part.name}”应写明事项，或者写明由哪个系统办理，二者取一"
    if part.external:
        if part.where != "handed_over":
            yield f"“{part.name}”由外部系统办理，where应是handed_over"
        return
    if definition is None:
        yield f"“{part.name}”的事项“{part.item}”没有发布，或者没有业务办理项“{part.handling}”"
        return
    if definition.item.handling_kind != "on_application":
        yield f"“{part.name}”不是依申请办理的事项"
    if definition.handling_item.acts_on_certificate:
        yield f"“{part.name}”要从已有证照发起，不能放进一件事"
    if definition.clocks.promised.unit != "working_days":
        yield f"“{part.name}”的承诺时限应以工作日计"
    yield from _situation_problems(bundle, part, definition)
    paths = leaves(definition.form.schema)
    for path, source in part.fill.items():
        if path not in paths:
            yield f"“{part.name}”的表单没有“{path}”"
        if source not in FILLS:
            yield f"“{part.name}”的fill不认识“{source}”"


def _situation_problems(bundle: BundleDocument, part: Part, definition: Definition) -> Iterator[str]:
    """Every question of the service is answered exactly once, with answers it knows."""
    own = {q.ask: q for q in definition.situations}
    answered = [q.to[part.code] for q in bundle.situations if part.code in q.to] + list(part.situation)
    yield from (f"“{part.name}”没有情形问题“{ask}”" for ask in answered if ask not in own)
    for ask, asked in own.items():
        if (times := answered.count(ask)) != 1:
            yield f"“{part.name}”的情形问题“{asked.text}”应恰好对应一次，现在是{times}次"
    for question in bundle.situations:
        target = own.get(question.to.get(part.code, ""))
        if target and (set(question.options) - set(target.options) or (question.many and not target.many)):
            yield f"情形问题“{question.text}”的答案与“{part.name}”的不一致"
    for ask, value in part.situation.items():
        values = value if isinstance(value, list) else [value]
        if ask in own and any(v not in own[ask].options for v in values):
            yield f"“{part.name}”的情形问题“{own[ask].text}”没有答案“{value}”"


def _field_problems(bundle: BundleDocument, definitions: Mapping[str, Definition]) -> Iterator[str]:
    """Each field of each part is asked in one place: a common field, the subject, or the part's own page."""
    seen: set[tuple[str, str]] = {(p.code, path) for p in bundle.parts for path in p.fill}
    names = {p.code: p.name for p in bundle.parts}
    for shared in bundle.fields:
        for part, path in shared.to.items():
            definition = definitions.get(part)
            field = leaves(definition.form.schema).get(path) if definition else None
            if field is None:
                yield f"共用字段“{shared.name}”对应的“{names.get(part, part)}”没有“{path}”"
                continue
            if (part, path) in seen:
                yield f"“{names[part]}”的“{path}”对应了不止一次"
            seen.add((part, path))
            if _kind(shared.schema) not in (_kind(field), *_WIDER.get(str(field.get("type")), ())):
                yield f"共用字段“{shared.name}”与“{names[part]}”的“{path}”类型不同"
    own = {f.name for f in bundle.fields if not f.to}
    if bundle.provisional:
        for name in (bundle.provisional.name, bundle.provisional.number):
            if name not in own and name not in {f.name for f in bundle.fields}:
                yield f"临时主体的字段“{name}”不存在"


# A field of the form that takes the left kind of answer takes these too.
_WIDER = {"number": [("integer", "", ())]}


def _kind(schema: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """What decides whether an answer of one field may stand in another."""
    source = schema.get("items", {}) if schema.get("type") == "array" else schema
    values = [str(v) for v in source.get("enum", [])] or [str(o["const"]) for o in source.get("oneOf", [])]
    return str(schema.get("type", "")), str(schema.get("format", "")), tuple(sorted(values))


def _material_problems(bundle: BundleDocument, definitions: Mapping[str, Definition]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    parts = {p.code: p for p in bundle.parts}
    after = {p.code: [c for c in p.after if c in parts] for p in bundle.parts}
    circular = bool(cycle(after))
    for shared in bundle.materials:
        for part, code in shared.to.items():
            definition = definitions.get(part)
            if definition is None or code not in {m.code for m in definition.materials}:
                yield f"共用材料“{shared.name}”对应的“{part}”没有材料“{code}”"
            if (part, code) in seen:
                yield f"“{part}”的材料“{code}”对应了不止一次"
            seen.add((part, code))
            bringing = parts.get(shared.brought_by)
            if bringing and part in parts and not circular and part not in depending_on(after, bringing.code):
                yield f"“{parts[part].name}”要用到“{bringing.name}”的结果，但没有排在它后面"
        if shared.brought_by and shared.brought_by not in parts:
            yield f"共用材料“{shared.name}”由不存在的“{shared.brought_by}”产生"
