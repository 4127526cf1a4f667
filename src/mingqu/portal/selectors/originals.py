"""
One's own originals in other hands: what a window, an organ or an agent holds, since when, and where it is fetched.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.hall import selectors as halls
from mingqu.hall.types import OwnPaper, OwnReturn, Place
from mingqu.kernel.types import Actor
from mingqu.outreach import selectors as outreach
from mingqu.outreach.types import Handed


@dataclass(frozen=True)
class AtOnePlace:
    """What lies with one holder. `agent`: a point where somebody helps; `places`: where one goes for it."""

    holder: str
    agent: bool
    places: list[Place]
    papers: list[OwnPaper]


@dataclass(frozen=True)
class OfCase:
    """Of one application; `signed`: what was signed for when it was given to an agent."""

    number: str
    item: str
    held: list[AtOnePlace]
    signed: list[Handed]


@dataclass(frozen=True)
class Originals:
    cases: list[OfCase]
    returned: list[OwnReturn]

    @property
    def many(self) -> int:
        return sum(len(place.papers) for of in self.cases for place in of.held)


def originals(actor: Actor) -> Originals:
    """By case, the newest first; however many, in nine statements."""
    papers = halls.own_papers(actor)
    points = outreach.points_of_posts(one.post_id for one in papers) if papers else {}
    signed = outreach.signed_for(one.case_id for one in papers) if papers else {}
    windows = _windows(actor, [one for one in papers if one.hall is None and one.post_id not in points])
    found: dict[UUID, list[OwnPaper]] = {}
    for one in papers:
        found.setdefault(one.case_id, []).append(one)
    return Originals(
        cases=[
            OfCase(
                number=of[0].case_number,
                item=of[0].item_name,
                held=_by_holder(of, points, windows.get(case_id, [])),
                signed=signed.get(case_id, []),
            )
            for case_id, of in found.items()
        ],
        returned=halls.own_returns(actor),
    )


def _by_holder(
    papers: Iterable[OwnPaper], points: dict[UUID, Place], windows: list[Place]
) -> list[AtOnePlace]:
    by_post: dict[UUID, list[OwnPaper]] = {}
    for one in papers:
        by_post.setdefault(one.post_id, []).append(one)
    found = []
    for post_id, of in by_post.items():
        point, hall = points.get(post_id), of[0].hall
        if point:
            found.append(AtOnePlace(point.name, True, [point], of))
        else:
            found.append(AtOnePlace(of[0].department, False, [hall] if hall else windows, of))
    return found


def _windows(actor: Actor, papers: list[OwnPaper]) -> dict[UUID, list[Place]]:
    """Where an organ without a hall is found, as the guide of the service says, by case."""
    wanted = {one.case_id for one in papers}
    rows = cases.visible_cases(actor).filter(pk__in=wanted).defer("answers") if wanted else ()
    return {
        case.pk: [
            Place(one.name, one.address, one.hours, one.telephone)
            for one in cases.definition_of(case).guide.windows
        ]
        for case in rows
    }
