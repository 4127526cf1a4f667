"""/api/v1/: how a case stands, by its number and query code, as the public page shows it."""

from datetime import date, datetime
from typing import Any

from ninja import Router, Schema
from ninja.params.functions import Header

from mingqu.cases import selectors
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.overview import overview
from mingqu.cases.types import Turn
from mingqu.identity.services import client_address, limits
from mingqu.ui.access import public

router = Router(tags=["progress"])


class DeadlineOut(Schema):
    name: str
    day_on: date


class HappeningOut(Schema):
    at: datetime
    what: str


class ProgressOut(Schema):
    """`whose`: "you" where the applicant has something to do, the name of an organ, or "" for nobody."""

    number: str
    service: str
    service_name: str
    organ: str
    state: str
    state_words: str
    what: str
    whose: str
    by_on: date | None
    deadlines: list[DeadlineOut]
    happenings: list[HappeningOut]


@router.get("/cases/{slug:number}/progress", response=ProgressOut)
@public
def progress(request: Any, number: str, code: str = Header(..., alias="X-Query-Code", max_length=20)) -> Any:
    """The code goes in a header, which no log keeps; a wrong pair never tells which of the two is wrong."""
    address = client_address(request)
    limits.spend("progress_address", address, at=request.at)
    if not (number.isascii() and number.isdigit()):
        raise CaseUnknown()
    case = selectors.case_by_query_code(number, code)
    limits.give_back("progress_address", address)  # only wrong pairs count
    seen = overview(case, request.at, own=False)
    turn: Turn = seen.turn
    return {
        "number": case.number,
        "service": case.item_code,
        "service_name": case.item_name,
        "organ": seen.organ,
        "state": case.status,
        "state_words": turn.words,
        "what": turn.what,
        "whose": "you" if seen.yours else turn.whose,
        "by_on": turn.by,
        "deadlines": [{"name": one.label, "day_on": one.day} for one in seen.deadlines],
        "happenings": [{"at": one.at, "what": one.what} for one in seen.happenings],
    }
