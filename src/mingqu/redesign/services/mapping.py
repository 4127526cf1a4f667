"""The map of prerequisites: of the catalogue in force, and of tables that officials bring."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.catalogue.bundles import selectors as bundles
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.json import plain
from mingqu.kernel.tables import read_table, unescaped
from mingqu.kernel.training import is_training
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.redesign import prerequisites, rules
from mingqu.redesign.errors import MapHasCircle, MapNotRead
from mingqu.redesign.models import PrerequisiteMap
from mingqu.redesign.prerequisites import Approval, Before, Graph, Length

CATALOGUE = uuid5(NAMESPACE_URL, "mingqu:prerequisites:catalogue")
COLUMNS = {"approval": "审批事项", "before": "前置事项", "days": "天数", "why": "依据"}
MOST_ROWS = 2_000
MOST_DAYS = 3_650
CIRCLES_TOLD = 3


def map_again(at: Instant) -> None:
    """The map of what is in force; written only where it has changed. Safe to run twice."""
    graph = prerequisites.tied(of_catalogue())
    digest = rules.digest(graph)
    known = PrerequisiteMap.objects.filter(pk=CATALOGUE).values_list("digest", flat=True).first()
    if known != digest:
        PrerequisiteMap.objects.update_or_create(
            id=CATALOGUE,
            defaults={
                "source": PrerequisiteMap.Source.CATALOGUE,
                "title": "现行事项的前置关系",
                "graph": plain(graph),
                "digest": digest,
                "made_at": at,
            },
        )


def of_catalogue() -> Graph:
    """
    An item waits for another where a material of it is the certificate that the other gives, or where a bundle says so.
    An item of its own certificate's kind (变更, 延续) does not wait for itself.
    """
    approvals, needs, gives = [], [], dict[str, list[str]]()
    for code, name, organ, region, parts in revisions.needs_and_gives():
        if is_training(region):
            continue
        longest = max(
            (_limit(one) for one in parts["handling"]), key=lambda one: one.weight, default=Length()
        )
        approvals.append(_approval(code, name, organ, longest))
        for one in parts["handling"]:
            if certificate := _dig(one, "result", "certificate_type"):
                gives.setdefault(certificate, []).append(code)
            needs += [(code, *need) for need in _certificates(one)]
    lines = [
        Before(source, code, f"材料“{material}”是它的结果")
        for code, certificate, material in needs
        for source in dict.fromkeys(gives.get(certificate, []))
        if source != code
    ]
    return Graph(approvals, [*lines, *_of_bundles()])


def _limit(handling: Mapping[str, Any]) -> Length:
    """The promised limit; where nobody promised, the one in law; hours and months are not days."""
    for name in ("promised", "statutory"):
        rule = _dig(handling, "clocks", name)
        if isinstance(rule, Mapping) and rule.get("unit") in ("working_days", "days"):
            limit = int(rule["limit"])
            return Length(natural=limit) if rule["unit"] == "days" else Length(limit)
    return Length()


def _approval(code: str, name: str, organ: str, length: Length) -> Approval:
    return Approval(code, name, organ, length.natural or length.working, natural=bool(length.natural))


def _said(text: str) -> Length | None:
    """20, 20个工作日 or 30天; a bare number is working days, in which 行政许可法 82 counts. None: none of these."""
    number, natural = (text[:-1], True) if text.endswith("天") else (text.removesuffix("个工作日"), False)
    if not (number.isascii() and number.isdecimal() and int(number) <= MOST_DAYS):
        return None
    return Length(natural=int(number)) if natural else Length(int(number))


def _certificates(handling: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for material in handling.get("materials") or []:
        source = material.get("source") or {}
        if source.get("kind") == "certificate" and source.get("of") and not material.get("optional"):
            yield source["of"], material.get("name", "")


def _dig(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _of_bundles() -> Iterator[Before]:
    for kind in ("bundle", "stage"):
        for row in bundles.published_bundles(kind):
            if row.current_id is None or is_training(row.region_code):
                continue
            document = bundles.document(row.current_id)
            items = {part.code: part.item for part in document.parts}
            for part in document.parts:
                for code in part.after:
                    if items.get(code) and part.item and items[code] != part.item:
                        yield Before(items[code], part.item, f"“{row.name}”里排在前面")


def bring_map(*, title: str, data: bytes, by: Actor, at: Instant, key: CommandKey) -> UUID:
    """
    Keep the map of a table: a row for each prerequisite (审批事项, 前置事项, 天数, 依据).

    Raises NotAuthorised, MapNotRead, MapHasCircle (which names it), and what reading a table refuses; then nothing of
    it is kept.
    """
    access.require_may(by, "redesign.bring_map")
    graph = graph_of(data)
    analysis = prerequisites.analyse(graph)
    if analysis.circles:
        raise MapHasCircle(field="file", circles="；".join(_told(graph, analysis.circles[:CIRCLES_TOLD])))
    map_id = uuid5(by.id, f"prerequisites:{key}")
    with command("redesign.bring_map", map_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return map_id
        PrerequisiteMap(
            id=map_id,
            source=PrerequisiteMap.Source.TABLE,
            title=title.strip()[:80],
            graph=plain(graph),
            digest=rules.digest(graph),
            made_at=at,
            made_by=by.id,
        ).save(force_insert=True)
        cmd.note(rows=len(graph.lines))
        cmd.done(None)
    return map_id


def _told(graph: Graph, circles: Iterable[list[str]]) -> Iterator[str]:
    return ("→".join(graph.by_code[code].name for code in circle) for circle in circles)


def graph_of(data: bytes) -> Graph:
    """Raises MapNotRead with the line, and what reading a table refuses."""
    table = read_table(data)
    places = {
        name: table.headers.index(head) if head in table.headers else -1 for name, head in COLUMNS.items()
    }
    if places["approval"] < 0 or places["before"] < 0:
        raise MapNotRead(field="file", what="表头要有“审批事项”和“前置事项”两列")
    if len(table.rows) > MOST_ROWS:
        raise MapNotRead(field="file", what=f"最多{MOST_ROWS}行")
    days: dict[str, Length] = {}
    lines: list[Before] = []
    for line, raw in table.rows:
        said = {name: unescaped(raw[place]).strip() if place >= 0 else "" for name, place in places.items()}
        approval, before = said["approval"][:100], said["before"][:100]
        if not approval:
            raise MapNotRead(field="file", what=f"第{line}行没有写审批事项")
        limit = _said(said["days"]) if said["days"] else Length()
        if limit is None:
            raise MapNotRead(
                field="file", what=f"第{line}行的天数要写0到{MOST_DAYS}的整数，或者写成20个工作日、30天"
            )
        days[approval] = max(days.get(approval, Length()), limit, key=lambda one: one.weight)
        for one in filter(None, (part.strip() for part in before.replace(";", "；").split("；"))):
            days.setdefault(one, Length())
            lines.append(Before(one, approval, said["why"][:200]))
    return Graph([_approval(name, name, "", length) for name, length in days.items()], lines)
