"""
The pictures of a file: one for each collaboration, with its pools and messages, and one for each process that
is in none. Pure.
"""

import itertools
from dataclasses import replace

from mingqu.process.bpmn import model as m
from mingqu.process.bpmn.drawing import shapes as size
from mingqu.process.bpmn.drawing.parts import Picture, Rider
from mingqu.process.bpmn.drawing.router import plain, routed
from mingqu.process.bpmn.drawing.scope import joins, picture_of

MARGIN = 40
MAX_LINES = 500
"""In a picture of more, further lines are drawn without looking what is in their way."""


def diagrams(file: m.BpmnFile) -> tuple[m.Diagram, ...]:
    """A diagram with positions for everything in the file that has a shape."""
    found: list[m.Diagram] = []
    drawn = {p.process for collaboration in file.collaborations for p in collaboration.participants}
    for collaboration in file.collaborations:
        picture = _pools(file, collaboration)
        for process in _spoken_to(file, collaboration, drawn):
            drawn.add(process.id)
            picture.include(picture_of(process.scope), MARGIN, picture.height)
            picture.height = _floor(picture) + size.POOL_GAP
            _join(picture, process.scope)
        _messages(picture, collaboration)
        _notes(picture, collaboration)
        found.append(_diagram(collaboration.id, collaboration.name, picture))
    for process in file.processes:
        if process.id not in drawn and process.scope.nodes:
            picture = Picture()
            picture.include(picture_of(process.scope), MARGIN, MARGIN)
            _join(picture, process.scope)
            found.append(_diagram(process.id, process.name, picture))
    return tuple(found)


def _spoken_to(file: m.BpmnFile, talk: m.Collaboration, drawn: set[str]) -> list[m.Process]:
    """Processes that have no pool, but messages of this collaboration."""
    ends = {end for message in talk.messages for end in (message.start, message.end)}
    return [
        process
        for process in file.processes
        if process.id not in drawn and any(node.id in ends for node in m.all_nodes(process.scope))
    ]


def _floor(picture: Picture) -> int:
    return int(max((box.y + box.height for box in picture.boxes.values()), default=0))


def _diagram(element: str, name: str, picture: Picture) -> m.Diagram:
    return m.Diagram(f"{element}_diagram", name, element, tuple(picture.shapes), tuple(picture.edges))


def _pools(file: m.BpmnFile, collaboration: m.Collaboration) -> Picture:
    inner: list[tuple[m.Participant, Picture | None]] = []
    for participant in collaboration.participants:
        process = file.process(participant.process)
        drawn = picture_of(process.scope) if process is not None and process.scope.nodes else None
        inner.append((participant, drawn))
    width = max((p.width for _, p in inner if p is not None), default=400) + size.HEAD + 2 * size.PAD
    whole = Picture()
    top = MARGIN
    for participant, own in inner:
        process = file.process(participant.process)
        laned = process is not None and bool(process.scope.lanes)
        pad = 0 if laned else size.PAD
        drawn = _widened(own, width - size.HEAD) if own is not None and laned else own
        height = size.POOL_GAP if drawn is None else drawn.height + 2 * pad
        bounds = m.Bounds(MARGIN, top, width, height)
        whole.put(participant.id, bounds, horizontal=True)
        if drawn is None:
            whole.solid.append(bounds)
        else:
            whole.include(drawn, MARGIN + size.HEAD + pad, top + pad)
        top += height + size.POOL_GAP
    for participant, _ in inner:
        process = file.process(participant.process)
        if process is not None:
            _join(whole, process.scope)
    whole.height = top
    return whole


def _widened(drawn: Picture, width: int) -> Picture:
    """Lanes reach to the right edge of their pool."""
    shapes = [
        replace(s, bounds=replace(s.bounds, width=width - s.bounds.x)) if s.horizontal else s
        for s in drawn.shapes
    ]
    return Picture(width, drawn.height, shapes, drawn.edges, drawn.solid)


def _join(picture: Picture, scope: m.Scope) -> None:
    """Lines to data and notes that ride elsewhere, and flows that leave the sub-process they begin in."""
    boxes = picture.boxes
    drawn = {edge.element for edge in picture.edges}
    edges = {edge.element: edge for edge in picture.edges}
    for inner in m.all_scopes(scope):
        for line, start, end in (*joins(inner), *((f.id, f.start, f.end) for f in inner.flows)):
            if line in drawn:
                continue
            ends = [boxes.get(name) or _on_line(edges.get(name)) for name in (start, end)]
            if ends[0] is not None and ends[1] is not None:
                _draw(picture, line, ends[0], ends[1])


def _on_line(edge: m.Edge | None) -> m.Bounds | None:
    """A note may stand at a flow: its line ends at the middle of it."""
    if edge is None:
        return None
    (ax, ay), (bx, by) = max(
        zip(edge.points, edge.points[1:], strict=False),
        key=lambda ends: abs(ends[0][0] - ends[1][0]) + abs(ends[0][1] - ends[1][1]),
    )
    return m.Bounds((ax + bx) // 2, (ay + by) // 2, 0, 0)


def _messages(picture: Picture, collaboration: m.Collaboration) -> None:
    boxes = picture.boxes
    pools = {participant.id for participant in collaboration.participants}
    for message in collaboration.messages:
        start, end = boxes.get(message.start), boxes.get(message.end)
        if start is None or end is None:
            continue
        start, end = _opposite(start, end, message.start in pools, message.end in pools)
        wide, tall = size.measure(message.name)
        _draw(picture, message.id, start, end, (wide, tall))


def _notes(picture: Picture, collaboration: m.Collaboration) -> None:
    """Notes of the collaboration itself stand below the pools."""
    x, top = MARGIN, _floor(picture) + size.POOL_GAP
    for note in collaboration.artifacts:
        if note.kind == "textAnnotation":
            width, height = Rider(note.id, note.kind, note.text).size
            picture.put(note.id, m.Bounds(x, top, width, height))
            x += width + size.PART_GAP
    boxes = picture.boxes
    for line in collaboration.artifacts:
        start, end = boxes.get(line.start), boxes.get(line.end)
        if line.kind == "association" and start is not None and end is not None:
            _draw(picture, line.id, start, end)


def _opposite(start: m.Bounds, end: m.Bounds, from_pool: bool, to_pool: bool) -> tuple[m.Bounds, m.Bounds]:
    """A line to a whole pool ends where it comes to it, not at the pool's middle."""
    if from_pool and not to_pool:
        start = replace(start, x=end.x, width=end.width)
    elif to_pool and not from_pool:
        end = replace(end, x=start.x, width=start.width)
    return start, end


def _draw(
    picture: Picture, element: str, start: m.Bounds, end: m.Bounds, label: tuple[int, int] = (0, 0)
) -> None:
    lines = [edge.points for edge in picture.edges]
    found = plain(start, end)
    if len(lines) < MAX_LINES:
        found = routed(start, end, picture.solid, picture.labels, lines)
    way = [(round(x), round(y)) for x, y in found]
    named = None
    if label[1]:
        (ax, ay), (bx, by) = max(
            itertools.pairwise(way),
            key=lambda ends: abs(ends[0][0] - ends[1][0]) + abs(ends[0][1] - ends[1][1]),
        )
        named = m.Bounds((ax + bx) // 2 + 4, (ay + by) // 2 - label[1] - 2, *label)
    picture.draw(element, way, named)
