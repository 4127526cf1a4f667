"""What reviewers may do to a row in which state, and what that changes in its document. Pure."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from mingqu.catalogue.rules import ON_APPLICATION

PROPOSED, ACCEPTED, RETURNED, PUBLISHED, FAILED, REFUSED = (
    "proposed",
    "accepted",
    "returned",
    "published",
    "failed",
    "refused",
)
ALLOWED_IN: Mapping[str, tuple[str, ...]] = {
    "accept": (PROPOSED, RETURNED, FAILED),
    "return": (PROPOSED, ACCEPTED, FAILED),
    "confirm": (PROPOSED, RETURNED, FAILED),
    "propose": (PROPOSED, RETURNED, FAILED),
    "bases": (PROPOSED, RETURNED, FAILED),
    "publish": (ACCEPTED,),
}
WORDS = {
    "accept": "通过",
    "return": "退回",
    "confirm": "确认类型",
    "propose": "查找依据",
    "bases": "采纳依据",
    "publish": "发布",
}
BY_NAME = "name"  # of a proposed basis: not quoted by the source, found in the law library by the item's name
PROPOSED_BY_NAME = "来源没有写明依据，按事项名称在法规库里查到的建议，由审核的人采纳"
IN_FORCE = "in_force"
AROUND = 40  # signs of the article shown before and after the name
FARTHEST = timedelta(days=366)
KIND_PATHS = ("item.type", "item.handling_kind")


def refusal(deed: str, state: str, state_words: str) -> str:
    """Why a deed is not possible in a state, "" where it is."""
    return "" if state in ALLOWED_IN[deed] else f"这一行现在是“{state_words}”，不能{WORDS[deed]}"


def may_wait(deed: str, on: date, today: date) -> bool:
    """Only a publication waits for a day: from tomorrow on, within a year."""
    return deed == "publish" and today < on <= today + FARTHEST


def not_planned(state: str, waits_for: date | None) -> str:
    """Why a row can't be published on a later day, "" where it can: accepted, and planned for no day yet."""
    if waits_for is not None:
        return f"这一行已经定于{waits_for.year}年{waits_for.month}月{waits_for.day}日发布，要改日子请先收回"
    return "" if state == ACCEPTED else "这一行还没有通过，不能定日子发布"


def not_acceptable(*, listed: bool, kind_confirmed: bool, training: bool) -> list[str]:
    """
    What keeps a row from being accepted. Where it has effect, its type and handling kind must be confirmed by a
    person first: from them follows which list it must stand in.
    """
    found = [] if listed else ["还不能公布（事项名称、实施机关、咨询电话要齐全），通过了也发布不了"]
    if not (kind_confirmed or training):
        found.append("事项类型和办理性质还没有人确认")
    return found


def with_kinds(document: Mapping[str, Any], item_type: str, handling_kind: str, name: str) -> dict[str, Any]:
    """
    The document with its type and handling kind as a person confirmed them; "" keeps what was proposed. What is not
    applied for has no 业务办理项.
    """
    made = deepcopy(dict(document))
    item = made["item"]
    item["type"] = item_type or item.get("type", "")
    item["handling_kind"] = handling_kind or item.get("handling_kind", ON_APPLICATION)
    if item["handling_kind"] != ON_APPLICATION:
        made["handling"] = []
        made["sources"] = [s for s in made.get("sources", []) if not s["path"].startswith("handling")]
    made["sources"] = _confirmed(made.get("sources", []), KIND_PATHS, name)
    return made


def _confirmed(sources: Sequence[Mapping[str, Any]], paths: Sequence[str], name: str) -> list[dict[str, Any]]:
    """Whoever confirmed stands at the element; where it came from stays."""
    made = [{**one, "confirmed_by": name} if one["path"] in paths else dict(one) for one in sources]
    known = {one["path"] for one in made}
    made += [
        {"path": path, "source": "导入时没有写明来源", "confirmed_by": name}
        for path in paths
        if path not in known
    ]
    return made


def proposal_by_name(law: str, article: int, name: str, standing: Any) -> dict[str, Any]:
    """A basis somebody may accept though the source quotes none: where the name stands in the law."""
    text = standing.article.text
    at = text.find(name)
    around = text[max(0, at - AROUND) : at + len(name) + AROUND].replace("\n", " ")
    return {
        "law": law,
        "article": article,
        "suffix": 0,
        "paragraph": 0,
        "point": 0,
        "found_by": BY_NAME,
        "found_in": f"按事项名称里的“{name}”在法规库查到：…{around}…",
        "standing": standing.state,
        "sentence": standing.sentence,
        "accepted_by": "",
    }


def open_bases(bases: Sequence[Mapping[str, Any]], only: Sequence[int] | None = None) -> list[int]:
    """Which proposed bases may be accepted: in force, and nobody has yet; `only`: of these places."""
    return [
        place
        for place, basis in enumerate(bases)
        if basis.get("standing") == IN_FORCE
        and not basis.get("accepted_by")
        and (only is None or place in only)
    ]


def with_bases(
    document: Mapping[str, Any], bases: Sequence[Mapping[str, Any]], places: Sequence[int], name: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The document resting on these bases, confirmed by `name`, and the bases with who accepted them."""
    made, kept = deepcopy(dict(document)), [dict(basis) for basis in bases]
    resting = [dict(ref) for ref in made.get("basis", [])]
    for place in places:
        kept[place]["accepted_by"] = name
        wanted = _article(kept[place])
        for ref in resting:
            if _article(ref) == wanted:
                ref["confirmed_by"] = name
                break
        else:
            resting.append({**wanted, "confirmed_by": name})
    made["basis"] = resting
    by_name = {
        f"basis[{place}]"
        for place, ref in enumerate(resting)
        if any(one.get("found_by") == BY_NAME and _article(one) == _article(ref) for one in kept)
    }
    made["sources"] = [
        *(dict(one) for one in made.get("sources", []) if one["path"] not in by_name),
        *({"path": path, "source": PROPOSED_BY_NAME, "confirmed_by": name} for path in sorted(by_name)),
    ]
    return made, kept


def _article(ref: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "law": ref["law"],
        "article": ref.get("article", 0),
        "paragraph": ref.get("paragraph", 0),
        "point": ref.get("point", 0),
    }
