"""The picture of a process or sub-process: compounds, levels, rows and lines put together. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mingqu.process.bpmn import model as m
from mingqu.process.bpmn.drawing import shapes as size
from mingqu.process.bpmn.drawing.levels import Chain, Layered, Link, layered
from mingqu.process.bpmn.drawing.parts import Compound, Picture, Rider
from mingqu.process.bpmn.drawing.rows import rows
from mingqu.process.bpmn.drawing.tracks import Ends, Tracks, columns, points, tracks, upright

DRAWN_DATA = frozenset({"dataObjectReference", "dataStoreReference", "dataObject"})


def picture_of(scope: m.Scope) -> Picture:
    """The picture of what lies in a scope, from (0, 0). Lines to data or notes drawn elsewhere are left out."""
    return _Drawing(scope).whole()


@dataclass(frozen=True, slots=True)
class Band:
    """A lane without lanes in it, and the lanes around it, outermost first."""

    lane: m.Lane
    around: tuple[m.Lane, ...]


def bands(lanes: tuple[m.Lane, ...], around: tuple[m.Lane, ...] = ()) -> Iterator[Band]:
    for lane in lanes:
        if lane.lanes:
            yield from bands(lane.lanes, (*around, lane))
        else:
            yield Band(lane, around)


@dataclass(slots=True)
class _Placed:
    """Everything worked out that lines need: `middle` of each compound, x of tracks, and which links turn where."""

    drawing: Layered
    line: dict[str, int]
    middle: dict[str, int]
    tracks: Tracks
    firsts: list[int]
    leaving: frozenset[str]
    entering: frozenset[str]


class _Drawing:
    def __init__(self, scope: m.Scope) -> None:
        self.scope = scope
        self.bands = list(bands(scope.lanes))
        self.compounds: dict[str, Compound] = {}
        self.host: dict[str, tuple[str, int]] = {}
        """Boundary event -> its activity and its place there."""
        self.exits: dict[str, int] = {}
        """Flow -> the place of the boundary event it leaves."""
        self.picture = Picture()

    def whole(self) -> Picture:
        self._make_compounds()
        self._let_ride()
        links = list(self._links())
        header = size.HEAD * (1 + max(len(band.around) for band in self.bands)) if self.bands else 0
        groups = [set(self.compounds)] if self.bands else _joined(list(self.compounds), links)
        for group in groups:
            if len(group) > 1 or self.bands:
                own = Picture()
                self._put(own, group, [link for link in links if link.source in group], header)
                self._below(own)
        self._row_of_single({name for group in groups if len(group) == 1 for name in group}, header)
        self._leftovers(header)
        return self.picture

    def _put(self, picture: Picture, group: set[str], links: list[Link], header: int) -> None:
        """Draw what is joined by flows, or all there is where lanes hold it together."""
        if not group:
            return
        placed = self._placed(picture, group, links, header)
        for name in placed.middle:
            self.compounds[name].place(picture, placed.middle[name], placed.line[name])
        for chain in placed.drawing.chains:
            self._draw(picture, chain, placed)

    def _below(self, own: Picture) -> None:
        top = self.picture.height + size.PART_GAP if self.picture.height else 0
        self.picture.include(own, 0, top)
        self.picture.height, self.picture.width = top + own.height, max(self.picture.width, own.width)

    def _row_of_single(self, names: set[str], header: int) -> None:
        """What no flow leads to or from stands below, side by side as far as the picture is wide."""
        if self.bands:
            return
        limit = max(self.picture.width, 8 * size.TASK[0])
        row, x, above, below = [], header, 0, 0
        parts = [self.compounds[name].part for name in self.compounds if name in names]
        for number, part in enumerate(parts):
            row.append((part, x + part.width // 2))
            x, above, below = x + part.width + size.PART_GAP, max(above, part.above), max(below, part.below)
            if number + 1 < len(parts) and x + parts[number + 1].width <= limit:
                continue
            own = Picture(x - size.PART_GAP, above + below)
            for placed, middle in row:
                self.compounds[placed.id].place(own, middle, above)
            self._below(own)
            row, x, above, below = [], header, 0, 0

    # -- what there is

    def _make_compounds(self) -> None:
        lane_of = {node: n for n, band in enumerate(self.bands) for node in band.lane.nodes}
        here = {node.id for node in self.scope.nodes}
        for node in self.scope.nodes:
            if node.attached in here and node.kind == "boundaryEvent" and node.attached != node.id:
                continue
            inner = picture_of(node.inside) if node.inside is not None and node.inside.nodes else None
            self.compounds[node.id] = Compound(node, lane_of.get(node.id, 0), inner)
        for node in self.scope.nodes:
            if node.id not in self.compounds and node.attached in self.compounds:
                on = self.compounds[node.attached].boundary
                self.host[node.id] = (node.attached, len(on))
                on.append(node)

    def _let_ride(self) -> None:
        """Data and notes go with the first element they are joined to."""
        names: dict[str, m.DataItem | m.Artifact] = {d.id: d for d in self.scope.data if d.kind in DRAWN_DATA}
        names |= {a.id: a for a in self.scope.artifacts if a.kind == "textAnnotation"}
        joined: dict[str, tuple[str, list[tuple[str, bool]]]] = {}
        for line, start, end in joins(self.scope):
            for rider, other, up in ((start, end, False), (end, start, True)):
                home = self.host[other][0] if other in self.host else other
                if rider in names and home in self.compounds:
                    held = joined.setdefault(rider, (home, []))
                    if held[0] == home and other == home:
                        held[1].append((line, up))
        for rider, (home, lines) in joined.items():
            what = names[rider]
            text = what.text if isinstance(what, m.Artifact) else what.name
            first = tuple(lines[:1])  # two lines on one place would look like one
            self.compounds[home].riders.append(Rider(rider, what.kind, text, first))
        self.riding = frozenset(joined)

    def _links(self) -> Iterator[Link]:
        for flow in self.scope.flows:
            source, number = self.host.get(flow.start, (flow.start, -1))
            target = self.host.get(flow.end, (flow.end, -1))[0]
            if source not in self.compounds or target not in self.compounds:
                continue
            if source == target:
                self.compounds[source].loops.append((flow.id, number))
                continue
            out = 0 if number < 0 else self.compounds[source].out(number)
            self.exits[flow.id] = number
            yield Link(flow.id, source, target, out, size.measure(flow.name))

    # -- where it goes

    def _placed(self, picture: Picture, group: set[str], links: list[Link], header: int) -> _Placed:
        parts = [compound.part for name, compound in self.compounds.items() if name in group]
        drawing = layered(parts, links)
        found = rows(drawing, len(self.bands))
        drawing.snap(found.line)
        line = found.line
        gateways = frozenset(
            name for name, c in self.compounds.items() if c.node.kind in m.GATEWAYS and not c.riders
        )
        leaving, entering = upright(drawing, line, gateways)
        turned = frozenset(
            (chain.link.id, gap)
            for chain in drawing.chains
            for gap in _upright_gaps(drawing, chain, leaving, entering)
        )
        ways = tracks(drawing, line, turned)
        middles, firsts, width = columns(drawing, parts, ways.widths)
        margin = header + (size.PAD if self.bands else 0)
        middle = {part.id: middles[drawing.level[part.id]] + margin for part in parts}
        firsts = [x + margin for x in firsts]
        picture.width = width + margin + (size.PAD if self.bands else 0)
        picture.height = found.height
        self._draw_lanes(picture, found.lanes)
        return _Placed(drawing, line, middle, ways, firsts, leaving, entering)

    def _draw_lanes(self, picture: Picture, edges: tuple[tuple[int, int], ...]) -> None:
        spans: dict[str, tuple[int, int, int]] = {}
        for band, (top, bottom) in zip(self.bands, edges, strict=False):
            for depth, lane in enumerate((*band.around, band.lane)):
                high, low, _ = spans.get(lane.id, (top, bottom, depth))
                spans[lane.id] = (min(high, top), max(low, bottom), depth)
        for name, (top, bottom, depth) in spans.items():
            x = depth * size.HEAD
            bounds = m.Bounds(x, top, picture.width - x, bottom - top)
            picture.put(name, bounds, horizontal=True)

    def _draw(self, picture: Picture, chain: Chain, placed: _Placed) -> None:
        link, line = chain.link, placed.line
        source, target = self.compounds[link.source], self.compounds[link.target]
        start = (placed.middle[link.source] + _half(source.box[0]), line[link.source])
        end = (placed.middle[link.target] - target.box[0] // 2, line[link.target])
        up, down = link.id in placed.leaving, link.id in placed.entering
        if up:
            start = _corner(source, placed.middle[link.source], line[link.source], line[chain.slots[1]])
        if down:
            port = line[chain.slots[-2]]
            end = _corner(target, placed.middle[link.target], line[link.target], port)
        first = []
        if link.out:
            first.append(source.exit_of(self.exits[link.id], placed.middle[link.source], line[link.source]))
            start = (first[0][0], line[link.source] + link.out)
        ends = Ends(start, end, up, down)
        way = points(placed.drawing, chain, line, placed.tracks, placed.firsts, ends)
        label = self._label(chain, placed)
        if label is not None and any(_on_one_place(label, other) for other in picture.labels):
            label = replace(label, y=label.y + label.height + 5)  # flows of one end: below the line
        picture.draw(link.id, [*first, *way], label)

    def _label(self, chain: Chain, placed: _Placed) -> m.Bounds | None:
        """Above the line: behind the tracks of the first gap, or on the way back under its source."""
        wide, tall = chain.link.label
        if not tall:
            return None
        level = placed.drawing.level[chain.link.source]
        if chain.back:
            x = placed.middle[chain.link.source] - wide // 2
            return m.Bounds(x, placed.line[chain.slots[-2]] - tall - 2, wide, tall)
        taken = max(0, placed.tracks.widths.get(level, 0) - 1) * size.TRACK
        x = placed.firsts[level] + taken + 6
        return m.Bounds(x, placed.line[chain.slots[1]] - tall - 2, wide, tall)

    def _leftovers(self, header: int) -> None:
        """Data and notes joined to nothing stand below in a row."""
        x, top, tallest = header, self.picture.height + size.PART_GAP, 0
        alone = [
            Rider(d.id, d.kind, d.name) for d in self.scope.data if d.kind in DRAWN_DATA - {"dataObject"}
        ]
        alone += [Rider(a.id, a.kind, a.text) for a in self.scope.artifacts if a.kind == "textAnnotation"]
        for rider in alone:
            if rider.element in self.riding:
                continue
            (width, height), (wide, tall) = rider.size, rider.label
            middle = x + rider.width // 2
            label = m.Bounds(middle - wide // 2, top, wide, tall) if tall else None
            self.picture.put(rider.element, m.Bounds(middle - width // 2, top + tall, width, height), label)
            x, tallest = x + rider.width + 24, max(tallest, height + tall)
        if tallest:
            self.picture.height = top + tallest + (size.PAD if self.bands else 0)
            self.picture.width = max(self.picture.width, x)


def joins(scope: m.Scope) -> Iterator[tuple[str, str, str]]:
    """(id, start, end) of each line between an element and data or a note."""
    for node in scope.nodes:
        inside = {item.id for item in node.items}
        for data in node.data:
            ends = (*data.sources[:1], data.target) if data.kind == "dataInputAssociation" else ()
            start, end = ends[0] if len(ends) > 1 else "", node.id
            if data.kind == "dataOutputAssociation":
                start, end = node.id, data.target
            if start and end and start not in inside and end not in inside and data.id:
                yield data.id, start, end
    for artifact in scope.artifacts:
        if artifact.kind == "association" and artifact.id:
            yield artifact.id, artifact.start, artifact.end


def _on_one_place(one: m.Bounds, other: m.Bounds) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def _half(width: int) -> int:
    return width - width // 2


def _corner(gateway: Compound, x: int, line: int, height: int) -> tuple[int, int]:
    half = gateway.box[1] // 2
    return x, line - half if height < line else line - half + gateway.box[1]


def _upright_gaps(
    drawing: Layered, chain: Chain, leaving: frozenset[str], entering: frozenset[str]
) -> Iterator[int]:
    if chain.link.id in leaving:
        yield drawing.level[chain.link.source]
    if chain.link.id in entering:
        yield drawing.level[chain.link.target] - 1


def _joined(names: list[str], links: list[Link]) -> list[set[str]]:
    """What flows join, the largest first."""
    group = {name: {name} for name in names}
    for link in links:
        one, other = group[link.source], group[link.target]
        if one is not other:
            one |= other
            group |= dict.fromkeys(other, one)
    found = list({id(held): held for held in group.values()}.values())
    return sorted(found, key=lambda held: -len(held))
