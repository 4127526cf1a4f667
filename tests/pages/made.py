"""What a row of the list of pages is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.test import Client
from django.urls import reverse

from tests.stage import Stage

Args = Callable[[Stage], tuple[Any, ...]]
Way = Callable[[Client, Stage], "str | None"]
# What an address gives: a page; an act that is only posted; a page that only leads on to another; a file or data.
Kind = Literal["page", "act", "leads_on", "file"]
StateName = Literal[
    "empty", "one", "many", "error", "forbidden", "closed", "long names", "middle of the way", "English"
]  # 生僻字 stand in "long names"
SERVICE = "QH-SPJYXK"
STALL_LAW = "yang-li-tan-wei-guan-li-tiao-li"  # of our own sample texts
TRAINING_VILLAGE = "990104100201"  # nothing else of the stage lies there
BUNDLE = "QH-KCYD"
BUNDLE_SITUATION = (
    "subject=firm&open_fire=no&above_homes=no&foods=hot&fire_area=small"
    "&signboard=large&sign_place=front&discharge=yes&outlet=sewer"
)
SITUATION = "subject=person&open_fire=no&above_homes=no&foods=hot"


def no_args(stage: Stage) -> tuple[Any, ...]:
    return ()


@dataclass(frozen=True)
class State:
    """
    One look of a page. `who` is a person of the stage, "" nobody; `house` the stage it is seen on.

    `way`: what was done before in the same browser; it may return the address to go to. `fields`: what is then typed
    into the page's form (the first that is posted, or the one that has the first of these fields) and sent.
    "English": whatever the page's state, seen by somebody who chose English.
    """

    name: StateName
    who: str = ""
    args: Args | None = None
    query: str = ""
    way: Way | None = None
    fields: Mapping[str, str] | None = None
    status: int = 200
    house: Literal["full", "empty"] = "full"


@dataclass(frozen=True)
class Page:
    """An address by its name, with arguments that lead somewhere."""

    url_name: str
    args: Args = no_args
    kind: Kind = "page"
    states: tuple[State, ...] = ()

    def address(self, stage: Stage, state: State | None = None) -> str:
        make = state.args if state and state.args else self.args
        query = f"?{state.query}" if state and state.query else ""
        return reverse(self.url_name, args=make(stage)) + query
