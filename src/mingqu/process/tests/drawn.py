"""Reading tests/drawn: a drawing, why it must run as told (BPMN 2.0.2), and the stories worked out by hand."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingqu.kernel.yaml_text import read_yaml
from mingqu.process import bpmn
from mingqu.process.conditions import names_read
from mingqu.process.plan import Plan

from .bpmn_files import end, file_of, flow, start

DRAWN = Path(__file__).parent / "drawn"


@dataclass(frozen=True)
class Told:
    plan: Plan
    lines: list[dict[str, Any]]


def _flows(ways: str) -> Iterator[str]:
    """Each line a chain `a -> b -> c`; with ` : FEEL` behind it a single flow and its condition."""
    for line in ways.strip().splitlines():
        chain, _, condition = line.partition(" : ")
        nodes = [name.strip() for name in chain.split("->")]
        for source, target in itertools.pairwise(nodes):
            yield flow(source, target, condition.strip() or None)


def told(file: str, story: str) -> Told:
    """A drawing between the start s and the end e, its tasks named by their ids, and one of its stories."""
    known = read_yaml((DRAWN / file).read_text(encoding="utf-8"))
    elements, roots = (
        re.sub(r'<userTask id="(\w+)"', r'<userTask id="\1" name="\1" mq:post="W"', known.get(part, ""))
        for part in ("elements", "roots")
    )
    drawing = file_of(start(), elements, end(), *_flows(known["ways"]), more=roots)
    return Told(bpmn.compile(drawing, "p", names_read), known["stories"][story])


def stories() -> list[tuple[str, str]]:
    found = []
    for path in sorted(DRAWN.glob("*.yaml")):
        known = read_yaml(path.read_text(encoding="utf-8"))
        found += [(path.name, story) for story in known["stories"]]
    return found
