"""
An approval by several organs, from the text in which sources write it, to a step table.

省级教育（受理,审核,决定与公开,证件制定与送达）、省级发改委（审核）: organs of one level review side by side; a lower
level before the higher (行政许可法 35: what goes through a lower organ first is reported upwards by it).
"""

import re
from itertools import groupby
from string import ascii_uppercase
from typing import Any

from mingqu.catalogue.imports.findings import finding
from mingqu.catalogue.imports.types import Finding, Stage

LEVELS = ("县级", "市级", "省级", "国家级")  # from below
ACCEPT, REVIEW, DECIDE, DELIVER = "受理", "审核", "决定与公开", "证件制定与送达"
DEEDS = (ACCEPT, REVIEW, DECIDE, DELIVER)
STEP_LIMIT = 1  # working days; no source says how long an organ has: a default

_ONE = re.compile(r"(国家级|省级|市级|县级)([^（）()、/]{1,25})[（(]([^（）()]+)[）)]")


def parse(text: str) -> list[Stage]:
    """The organs in the order they are written. Raises ValueError for anything that is not of this form."""
    found: list[Stage] = []
    rest = text.strip()
    while rest:
        one = _ONE.match(rest)
        if one is None:
            raise ValueError(text)
        deeds = tuple(deed.strip() for deed in re.split("[,，]", one[3]))
        if not set(deeds) <= set(DEEDS) or len(set(deeds)) != len(deeds):
            raise ValueError(text)
        found.append(Stage(one[1], one[2].strip(), deeds))
        rest = rest[one.end() :]
        if rest and not rest.startswith("、"):
            raise ValueError(text)
        rest = rest[1:]
    if not found or text.strip().endswith("、"):
        raise ValueError(text)
    return found


def write(stages: list[Stage]) -> str:
    """The text again."""
    return "、".join(f"{one.words}（{','.join(one.deeds)}）" for one in stages)


def steps(stages: list[Stage], posts: dict[str, str]) -> list[dict[str, Any]]:
    """
    The step table without the decision: a row for each organ that reviews, or takes in for others. `posts`: words of
    an organ → the post. Several of one level lie side by side.
    """
    at_work = [one for one in stages if REVIEW in one.deeds or (ACCEPT in one.deeds and not _ends(one))]
    ordered = sorted(at_work, key=lambda one: LEVELS.index(one.level))
    rows: list[dict[str, Any]] = []
    groups = iter(ascii_uppercase)
    for _, level in groupby(ordered, key=lambda one: one.level):
        side_by_side = list(level)
        letter = next(groups) if len(side_by_side) > 1 else ""
        rows += [_step(len(rows) + place, one, letter, posts) for place, one in enumerate(side_by_side, 1)]
    return rows


def _ends(stage: Stage) -> bool:
    """It decides or delivers: what it takes in it needs no step of its own for."""
    return DECIDE in stage.deeds or DELIVER in stage.deeds


def _step(number: int, stage: Stage, parallel: str, posts: dict[str, str]) -> dict[str, Any]:
    reviews = REVIEW in stage.deeds
    return {
        "id": f"s{number}",
        "name": f"{stage.words}{'审核' if reviews else '受理'}",
        "post": posts.get(stage.words, ""),
        "limit": STEP_LIMIT,
        "parallel": parallel,
        "result": "审核意见" if reviews else "受理意见",
    }


def decision(stages: list[Stage], post: str) -> dict[str, Any]:
    return {"id": "decide", "name": "作出决定", "kind": "decide", "post": post, "limit": STEP_LIMIT}


def decider(stages: list[Stage]) -> Stage | None:
    """The one organ that decides, if there is just one."""
    found = [one for one in stages if DECIDE in one.deeds]
    return found[0] if len(found) == 1 else None


def findings(stages: list[Stage], path: str) -> list[Finding]:
    """What the text leaves open, and who delivers where it is not who decides."""
    deciding = [one for one in stages if DECIDE in one.deeds]
    delivering = [one for one in stages if DELIVER in one.deeds]
    found = []
    if not deciding:
        found.append(finding("no_decider", path))
    if len(deciding) > 1:
        found.append(finding("several_deciders", path, count=len(deciding)))
    if len(deciding) == 1 and delivering and deciding[0] not in delivering:
        found.append(finding("delivered_elsewhere", path, organ=delivering[0].words))
    return found
