"""Maps of prerequisites as pages show them. They say nothing of anybody: who may see one may see all."""

from dataclasses import dataclass
from uuid import UUID

from mingqu.kernel.json import load
from mingqu.redesign import prerequisites
from mingqu.redesign.errors import MapUnknown
from mingqu.redesign.models import PrerequisiteMap
from mingqu.redesign.prerequisites import Analysis, Approval, Drawing, Graph, Length

LISTED = 50


@dataclass(frozen=True)
class Row:
    """One approval: what it waits for, by name, with why; when it can be done at the earliest."""

    approval: Approval
    before: list[tuple[str, str]]
    ready: Length
    on_way: bool


@dataclass(frozen=True)
class Shown:
    """A map in words and lines. `circles`: names in order, the first again at the end."""

    graph: Graph
    analysis: Analysis
    drawing: Drawing | None
    way: list[Approval]
    circles: list[str]
    rows: list[Row]


def of_catalogue() -> PrerequisiteMap | None:
    return PrerequisiteMap.objects.filter(source=PrerequisiteMap.Source.CATALOGUE).first()


def brought() -> list[PrerequisiteMap]:
    """Of tables, the newest first."""
    rows = PrerequisiteMap.objects.filter(source=PrerequisiteMap.Source.TABLE).defer("graph")
    return list(rows.order_by("-made_at", "-id")[:LISTED])


def one(map_id: UUID) -> PrerequisiteMap:
    """Raises MapUnknown."""
    found = PrerequisiteMap.objects.filter(pk=map_id).first()
    if found is None:
        raise MapUnknown()
    return found


def shown(row: PrerequisiteMap) -> Shown:
    graph = load(Graph, row.graph)
    analysis = prerequisites.analyse(graph)
    known = graph.by_code
    before: dict[str, dict[str, str]] = {}
    for line in graph.lines:
        if line.source in known and line.target in known:
            before.setdefault(line.target, {})[known[line.source].name] = line.why
    rows = [
        Row(
            each,
            list(before.get(each.code, {}).items()),
            analysis.ready[each.code],
            each.code in analysis.longest,
        )
        for each in sorted(graph.approvals, key=lambda one: (analysis.levels[one.code], one.name))
    ]
    return Shown(
        graph,
        analysis,
        prerequisites.draw(graph, analysis),
        [known[code] for code in analysis.longest],
        ["→".join(known[code].name for code in circle) for circle in analysis.circles],
        rows,
    )
