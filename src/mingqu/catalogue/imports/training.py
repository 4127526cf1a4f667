"""
Departments, posts and seals of a training region: entered by the commands of their rooms, so that what was imported can
be tried.

Outside a training region nobody is entered: an organ the register does not know is a finding.
"""

from collections.abc import Iterable
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.catalogue.imports import selectors, stages
from mingqu.catalogue.imports.mapping import Mapping
from mingqu.catalogue.imports.organs import organs_named
from mingqu.catalogue.imports.takes import taken
from mingqu.catalogue.imports.templates import Seat, seats_of
from mingqu.catalogue.imports.types import Built, Row
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.identity import services
from mingqu.identity.types import NewDepartment, NewPost, Within
from mingqu.kernel.regions import is_training
from mingqu.kernel.types import Actor, CommandKey, Instant


def _key(what: str) -> CommandKey:
    """The same each time, so that entering again changes nothing."""
    return CommandKey(uuid5(NAMESPACE_URL, f"mingqu:training:{what}"))


def enter_organs(rows: list[Row], how: Mapping, region: str, by: Actor, at: Instant) -> int:
    """
    The organs of a file that the training regions do not have, how many: told by their credit code where the file has
    a right one, and those that only take part in an approval (省级发改委) under the words of the file.
    """
    known = selectors.departments(region)
    codes = {one.credit_code for one in known} | {one.code for one in identity.departments()}
    found = [(one.entered().code, one.name, one.credit_code) for one in organs_named(rows, how)]
    found += [(words, words, "") for words in sorted(_taking_part(rows, how))]
    new = [one for one in found if one[0] not in codes and one[2] not in codes - {""}]
    for code, name, credit_code in new:
        draft = NewDepartment(
            code, " ".join(name.replace("/", "／").split())[:120], region, None, credit_code
        )
        services.create_department(draft=draft, by=by, at=at, key=_key(f"department:{code}"))
    _provide_seals(rows, how, by, at)
    return len(new)


def _provide_seals(rows: list[Row], how: Mapping, by: Actor, at: Instant) -> None:
    """
    A key for each organ of the file that stands in a training region, so that its papers can be made. The round mark
    says 培训 before the name: a real organ's seal it is not.
    """
    named = {one.credit_code for one in organs_named(rows, how)}
    for one in identity.departments():
        if one.credit_code in named and is_training(one.region_code):
            documents.provide_organ_key(
                founding=True,
                organ_code=one.code,
                organ_name=f"（培训）{one.name}",
                by=by,
                at=at,
                key=_key(f"seal:{one.code}"),
            )


def _taking_part(rows: Iterable[Row], how: Mapping) -> set[str]:
    words: set[str] = set()
    for row in rows:
        text = taken(row, how).text("stages") if "stages" in how.takes else ""
        try:
            words |= {one.words for one in stages.parse(text)} if text else set()
        except ValueError:
            continue  # `building` says so, row by row
    return words


def enter_posts(built: Iterable[Built], entered: set[str], region: str, by: Actor, at: Instant) -> None:
    """
    The default posts which the definitions name, with their roles over the organs whose cases they take part in;
    `entered` remembers them between portions.
    """
    seats = {seat for one in built if one.document for seat in seats_of(one.document)}
    wanted = sorted((seat for seat in seats if _mark(seat) not in entered), key=_mark)
    there = {code: post.id for code, post in identity.posts_by_code(seat.post for seat in wanted).items()}
    # Of training regions only: a post of theirs never stands in an organ that has effect.
    departments: dict[str, UUID] = (
        {one.code: one.id for one in selectors.departments(region)} if wanted else {}
    )
    for seat in wanted:
        entered.add(_mark(seat))
        if seat.organ not in departments or seat.within not in departments:
            continue
        if seat.post not in there:
            draft = NewPost(seat.post, seat.name, departments[seat.organ])
            there[seat.post] = services.create_post(draft=draft, by=by, at=at, key=_key(f"post:{seat.post}"))
        elif there[seat.post] != _key(f"post:{seat.post}") and seat.within == seat.organ:
            continue  # a post that somebody else made has what it was given over its own organ
        within = Within(region, departments[seat.within])
        key = _key(f"grant:{_mark(seat)}")
        services.grant_role(post_id=there[seat.post], role=seat.role, within=within, by=by, at=at, key=key)


def _mark(seat: Seat) -> str:
    return seat.post if seat.within == seat.organ else f"{seat.post}@{seat.within}"
