"""What a token that sets out can come to before it rests again: what an event must load and have decided. Pure."""

from collections.abc import Iterator, Mapping

from mingqu.process.plan import ENDS, RESTS, WORKS, Flow, Kind, Node, Plan, Reach, is_join

_SET_OUT = RESTS | WORKS | {Kind.RECEIVE, Kind.CATCH, Kind.BOUNDARY, Kind.START}
_INSIDE = frozenset({Kind.SUB, Kind.CALL, Kind.EVENT_SUB})
_HANDLED = frozenset({"error", "escalation"})


def reach_of(plan: Plan) -> Mapping[str, Reach]:
    return {node.id: _Ahead(plan).of(node) for node in plan.nodes.values() if node.kind in _SET_OUT}


def on_entry(plan: Plan, node: str) -> Reach:
    """What a token comes to that is put on this activity."""
    return _Ahead(plan).entered_at(plan.nodes[node])


class _Ahead:
    """One look ahead; errs on the side of more."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.joins: set[str] = set()
        self.conditional: dict[str, Flow] = {}
        self.counts: dict[str, None] = {}
        self.timers: dict[str, None] = {}
        self.until: dict[str, None] = {}
        self.everything = False
        self.entered: set[str] = set()
        self.left: set[str] = set()
        self.waiting: list[Node] = []

    def of(self, origin: Node) -> Reach:
        if origin.kind is Kind.START and origin.scope:  # of an event sub-process, or of one that is entered
            self._begin_scope(origin.scope)
            self.everything = self.plan.nodes[origin.scope].kind is Kind.EVENT_SUB
        elif origin.kind is Kind.START:
            self._begin_scope("")
        elif origin.loop or origin.kind is not Kind.BOUNDARY:
            self._finish(origin)
        else:
            self.everything = origin.interrupts
            self._leave(origin)
        return self._seen()

    def entered_at(self, node: Node) -> Reach:
        self.waiting.append(node)
        return self._seen()

    def _seen(self) -> Reach:
        while self.waiting:
            self._enter(self.waiting.pop())
        return Reach(
            frozenset(self.joins),
            tuple(self.conditional.values()),
            self.everything,
            tuple(self.counts),
            tuple(self.timers),
            tuple(self.until),
        )

    def _leave(self, node: Node) -> None:
        if node.id in self.left:
            return
        self.left.add(node.id)
        for flow in self.plan.out[node.id]:
            if flow.condition is not None:
                self.conditional[flow.id] = flow
            if flow.target not in self.entered:
                self.entered.add(flow.target)
                self.waiting.append(self.plan.nodes[flow.target])

    def _enter(self, node: Node) -> None:
        if is_join(self.plan, node):
            self.joins.add(node.id)
        self._timers(event for event in self.plan.boundaries.get(node.id, ()))
        if node.loop:
            self.counts[node.id] = None
            self._leave(node)  # there may be no instance
        if node.kind in _INSIDE:
            self._begin_scope(node.id)
        elif node.kind is Kind.CATCH:
            self._timers([node])
        elif node.kind is Kind.EVENTS:
            self._timers(self.plan.nodes[flow.target] for flow in self.plan.out[node.id])
        elif node.kind in ENDS:
            self._end(node)
        elif node.kind is Kind.THROW and node.occasion in _HANDLED:
            self._thrown(node)
            self._leave(node)
        elif node.kind not in RESTS | WORKS | {Kind.RECEIVE}:
            self._leave(node)

    def _timers(self, nodes: "Iterator[Node] | list[Node]") -> None:
        self.timers |= {node.id: None for node in nodes if node.occasion == "timer"}

    def _begin_scope(self, scope: str) -> None:
        self._timers(start for start in self.plan.event_subs.get(scope, ()))
        self._leave(self.plan.starts[scope])

    def _end(self, node: Node) -> None:
        self.everything = self.everything or node.kind is Kind.TERMINATE
        if node.occasion in _HANDLED:
            self._thrown(node)
        if node.scope:
            self._finish(self.plan.nodes[node.scope])

    def _finish(self, node: Node) -> None:
        """An instance of an activity ends: the next one may begin, or the activity is over."""
        if node.loop:
            self.until[node.id] = None
            if node.kind in _INSIDE and node.id in self.plan.starts and node.id not in self.left:
                self._begin_scope(node.id)
        self._leave(node)
        if node.kind is Kind.EVENT_SUB and node.scope:
            self._finish(self.plan.nodes[node.scope])

    def _thrown(self, node: Node) -> None:
        """Any handler around it may be met; which one, and what it breaks off, only the whole state says."""
        self.everything = True
        for scope in self.plan.scopes_around(node.id):
            for start in self.plan.event_subs.get(scope, ()):
                if start.occasion == node.occasion:
                    self._begin_scope(start.scope)
            for event in self.plan.boundaries.get(scope, ()):
                if event.occasion == node.occasion:
                    self._leave(event)
