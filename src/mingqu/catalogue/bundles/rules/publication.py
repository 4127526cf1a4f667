"""What keeps a bundle from being published: pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from mingqu.catalogue.bundles.rules.graph import cycle, depending_on
from mingqu.catalogue.bundles.rules.merging import leaves
from mingqu.catalogue.bundles.types import BRINGS_FIRM, FILLS, FORMAT, KINDS, SUBJECTS, BundleDocument, Part
from mingqu.catalogue.types import LIFE_EVENTS, Definition, life_events


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
    if bundle.life_event and bundle.life_event not in life_events():
        yield f"life_event：代码表{'、'.join(LIFE_EVENTS)}里没有“{bundle.life_event[:40]}”"
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
    if bundle.kind == "stage":
        return  # its subject is the owner of the project, registered before
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
        if part.where not in ("handed_over", "assisted"):
            yield f"“{part.name}”由外部系统办理，where应是handed_over或者assisted"
        known = {one.name for one in bundle.fields} | {one.ask for one in bundle.situations}
        yield from (
            f"“{part.name}”要送的“{name}”不是共用字段或者情形问题"
            for name in part.external.sends
            if name not in known
        )
        return
    if definition is None:
        yield f"“{part.name}”的事项“{part.item}”没有发布，或者没有业务办理项“{part.handling}”"
        return
    if definition.item.handling_kind != "on_application":
        yield f"“{part.name}”不是依申请办理的事项"
    if definition.handling_item.acts_on_certificate:
        yield f"“{part.name}”要从已有证照发起，不能放进一件事"
    if definition.clocks.promised.unit not in ("working_days", "days"):
        yield f"“{part.name}”的承诺时限应以工作日或者自然日计"
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
