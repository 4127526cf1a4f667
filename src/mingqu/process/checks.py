"""What keeps a plan from being published: each finding with its element and a sentence. Pure."""

from collections.abc import Collection, Iterator

from mingqu.process import element_checks
from mingqu.process.errors import PlanRefused
from mingqu.process.markings import search
from mingqu.process.plan import ENDS, RESTS, Kind, Node, Plan, reachable
from mingqu.process.regions import LEAVES, regions
from mingqu.process.signing import Mode, posts_of
from mingqu.process.types import Finding

SENTENCES = {
    "start_count": "流程要有且只有一个开始。",
    "start_in_middle": "开始之前不能再有别的环节，开始之后只能有一条路线。",
    "end_in_middle": "“{name}”是结束，后面不能再有路线。",
    "unreachable": "“{name}”永远轮不到：没有路线通到它。",
    "dead_end": "“{name}”之后没有通到结束的路线，办到这里会停住。",
    "many_ways_out": "“{name}”之后有几条路线，请用分支说明走哪一条。",
    "endless": "“{name}”处的路线会自己绕圈，中间没有一个要人办理的环节。",
    "no_default": "“{name}”没有写明各项条件都不成立时走哪一路。",
    "wrong_default": "“{name}”写明的其余情况不是它自己的一路。",
    "stray_condition": "“{name}”不是按条件分支，它后面的路线不能带条件。",
    "missing_join": "“{name}”分出的几路没有汇合，后面的环节会被重复办理。",
    "join_waits_for_all": "“{name}”可能只走其中几路，汇合处却要等齐全部几路。",
    "branches_mix": "“{name}”分出的几路在汇合之前混在了一起。",
    "branch_leaves": "“{name}”分出的一路没有经过汇合就跳了出去。",
    "branch_entered": "有路线从外面直接跳进“{name}”分出的一路。",
    "ends_beside": (
        "“{name}”在另一处并行里面，分出的几路只有一路接着走，别的都办到终止为止：接着走的汇合以后，别的还在办，"
        "退回重来就会办两遍。请让那几路也接到汇合，或者把这个分支移到并行外面。"
    ),
    "shared_join": "“{name}”与另一处并行共用一个汇合，请各用各的汇合。",
    "deadlock": "“{name}”会一直等下去：有的情况下等不齐它要汇合的各路。",
    "doubled": "“{name}”在有的情况下会被同时办理两次。",
    "too_many_ways": "流程的走法太多，无法在发布前证明它不会停住，请拆成几段。",
    "no_post": "“{name}”没有写明由哪个岗位办理。",
    "unknown_post": "“{name}”的岗位“{post}”不存在。",
    "no_name": "环节“{name}”没有名称。",
    "bad_limit": "“{name}”的时限要是1天以上的整数。",
    "bad_people": "“{name}”至少要有1人办理。",
    "bad_sign": "“{name}”的签署方式要是会签、或签、票签、依次之一。",
    "no_signers": "“{name}”由几个岗位签署，要写明除了承办岗位还有哪些岗位，每个岗位写一次。",
    "stray_signers": "“{name}”没有写签署方式，却写了别的签署岗位或者票数。",
    "bad_votes": "“{name}”是票签，要写明几票同意算通过，不多于签署的岗位数。",
    "long_id": "“{name}”的编号太长：加上调用它的环节的编号，最多{most}个字。",
    **element_checks.SENTENCES,
    "unknown_name": "“{name}”的条件用到了“{read}”，办件里没有这项内容。",
}


MOST_ID = 128
"""Signs of the id of an element, with the ids of the calls it lies in: as rows keep it."""


def publishable(
    plan: Plan, posts: Collection[str] | None = None, names: Collection[str] | None = None
) -> Plan:
    """The plan itself, or PlanRefused with every finding."""
    if found := findings(plan, posts, names):
        raise PlanRefused(found)
    return plan


def findings(
    plan: Plan, posts: Collection[str] | None = None, names: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """
    Everything that is wrong, in the order of the elements; () if it can be published.

    `posts`: codes that exist. `names`: names a condition may read (a name covers what lies in it). None:
    not checked here.
    """
    starts = [node for node in plan.nodes.values() if node.kind is Kind.START and not node.scope]
    if len(starts) != 1:
        return (finding(starts[0].id if starts else "", "start_count"),)
    found = [_of(node, code) for node, code in element_checks.findings(plan)]
    if not found:
        found += _parts(plan)
    if not found:  # what follows takes for granted that every way leads somewhere
        found += _blocks(plan)
        known = {f.element for f in found}
        for region in regions(plan):
            found += _ways(region.view, known)
    found += [_of(n, "long_id", most=str(MOST_ID)) for n in plan.nodes.values() if len(n.id) > MOST_ID]
    found += _people(plan, posts)
    found += _conditions(plan, names)
    place = {name: number for number, name in enumerate(plan.nodes)}
    return tuple(sorted(dict.fromkeys(found), key=lambda f: place.get(f.element, -1)))


def finding(element: str, code: str, name: str = "", **more: str) -> Finding:
    return Finding(element, code, SENTENCES[code].format(name=name or element, **more))


def _of(node: Node, code: str, **more: str) -> Finding:
    return finding(node.id, code, node.name, **more)


def _parts(plan: Plan) -> Iterator[Finding]:
    """The shape of each part; what lies in none is reached by nothing."""
    reached: set[str] = set()
    for region in regions(plan):
        reached |= set(region.nodes)
        for found in _shape(region.view):
            element = found.element.partition(LEAVES)[0]
            yield Finding(element, found.code, found.sentence)
    for name, node in plan.nodes.items():
        if name not in reached and node.kind is not Kind.EVENT_SUB:
            yield _of(node, "unreachable")
    for node, code in element_checks.of_regions(plan):
        yield _of(node, code)


def _shape(plan: Plan) -> Iterator[Finding]:
    seen = reachable(plan, plan.start.id) | {plan.start.id}
    lead_out = _lead_to_an_end(plan)
    if plan.into[plan.start.id] or len(plan.out[plan.start.id]) != 1:
        yield finding(plan.start.id, "start_in_middle")
    for node in plan.nodes.values():
        out = plan.out[node.id]
        if node.id not in seen:
            yield _of(node, "unreachable")
        elif node.id not in lead_out:
            yield _of(node, "dead_end")
        if node.kind in ENDS and out:
            yield _of(node, "end_in_middle")
        if node.kind in RESTS and len(out) > 1:
            yield _of(node, "many_ways_out")
    for name in _circles(plan):
        yield _of(plan.nodes[name], "endless")


def _lead_to_an_end(plan: Plan) -> set[str]:
    found = {node.id for node in plan.nodes.values() if node.kind in ENDS}
    waiting = list(found)
    while waiting:
        for flow in plan.into[waiting.pop()]:
            if flow.source not in found:
                found.add(flow.source)
                waiting.append(flow.source)
    return found


def _circles(plan: Plan) -> list[str]:
    """Gateways left after taking away, again and again, what only leads on to what was taken away."""
    left = {name for name, node in plan.nodes.items() if node.kind not in RESTS}
    while True:
        done = {name for name in left if not any(flow.target in left for flow in plan.out[name])}
        done |= {name for name in left - done if not any(flow.source in left for flow in plan.into[name])}
        if not done:
            return sorted(left)
        left -= done


def _blocks(plan: Plan) -> Iterator[Finding]:
    for split, code in plan.problems:
        yield _of(plan.nodes[split], code)


def _ways(plan: Plan, known: set[str]) -> Iterator[Finding]:
    result = search(plan)
    for name in sorted(result.stuck):
        yield _of(plan.nodes[name], "deadlock")
    if not known:  # a missing join says the same thing better, at its cause
        for name in sorted(result.doubled):
            yield _of(plan.nodes[name], "doubled")
    if not result.complete:
        yield finding(plan.start.id, "too_many_ways")


def _people(plan: Plan, posts: Collection[str] | None) -> Iterator[Finding]:
    for node in plan.nodes.values():
        if node.kind is not Kind.USER:
            continue
        if not node.name.strip():
            yield _of(node, "no_name")
        if not node.post.strip():
            yield _of(node, "no_post")
        elif posts is not None and node.post not in posts:
            yield _of(node, "unknown_post", post=node.post)
        if node.limit is not None and node.limit < 1:
            yield _of(node, "bad_limit")
        if node.people < 1:
            yield _of(node, "bad_people")
        yield from _signatures(node, posts)


def _signatures(node: Node, posts: Collection[str] | None) -> Iterator[Finding]:
    if not node.sign:
        if node.signers or node.votes:
            yield _of(node, "stray_signers")
        return
    if node.sign not in set(Mode):
        yield _of(node, "bad_sign")
    asked = posts_of(node)
    if len(asked) < 2 or len(set(asked)) < len(asked):
        yield _of(node, "no_signers")
    if (node.votes != 0) != (node.sign == Mode.VOTES) or not 0 <= node.votes <= len(asked):
        yield _of(node, "bad_votes")
    for post in node.signers:
        if posts is not None and post not in posts:
            yield _of(node, "unknown_post", post=post)


def _conditions(plan: Plan, names: Collection[str] | None) -> Iterator[Finding]:
    for node in plan.nodes.values():
        flows = plan.out[node.id]
        choosing = node.kind in (Kind.EXCLUSIVE, Kind.INCLUSIVE) and len(flows) > 1
        if not choosing and any(flow.condition is not None for flow in flows):
            yield _of(node, "stray_condition")
        if node.default is not None and node.default not in {flow.id for flow in flows}:
            yield _of(node, "wrong_default")
        if choosing and node.default is None and not any(flow.condition is None for flow in flows):
            yield _of(node, "no_default")
        for read in {*node.reads, *(read for flow in flows for read in flow.reads)}:
            if names is not None and not _known(read, names):
                yield _of(node, "unknown_name", read=read)


def _known(read: str, names: Collection[str]) -> bool:
    parts = read.split(".")
    return any(".".join(parts[: size + 1]) in names for size in range(len(parts)))
