"""Values of search: what stands in the index, what was asked, what was found and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["item", "bundle"]


@dataclass(frozen=True)
class Source:
    """One service or bundle as it is put into the index. `situations`: the questions of 情形引导 with their choices."""

    code: str
    name: str
    kind: Kind = "item"
    aliases: Sequence[str] = ()
    summary: str = ""
    department_code: str = ""
    department_name: str = ""
    region_code: str = ""
    item_type: str = ""
    audience: Sequence[str] = ()
    theme: str = ""
    life_events: Sequence[str] = ()
    handling_kind: str = "on_application"
    applicable: bool = False
    materials: Sequence[str] = ()
    situations: Sequence[str] = ()


@dataclass(frozen=True)
class Narrow:
    """
    What a search is narrowed to; "" means everything. `audience`: personal, legal or all; `gate`: applicable; `codes`:
    these services alone, None: any.
    """

    audience: str = "all"
    theme: str = ""
    department: str = ""
    life_event: str = ""
    region: str = ""
    gate: str = ""
    handling_kind: str = ""
    item_type: str = ""
    kind: str = ""
    codes: frozenset[str] | None = None


@dataclass(frozen=True)
class Way:
    """One way to say a part of a question: all `words` should stand in what is found. `factor`: how sure, at most 1."""

    words: tuple[str, ...]
    factor: float = 1.0


@dataclass(frozen=True)
class Part:
    """A part of a question: what was said and the ways to say it. `weak`: it ranks but finds nothing alone; `light`:
    a word that tells what happens rather than what it is about (verbs, adverbs, numbers)."""

    said: str
    ways: tuple[Way, ...]
    weak: bool = False
    deed: str = ""  # of a verb: the deed it stands for (replace, renew, …)
    light: bool = False


@dataclass(frozen=True)
class Question:
    """
    What was asked, taken apart, in one spelling. `letters`: it was typed in Latin letters; `deeds`: what is to be done
    to a licence.
    """

    text: str
    parts: tuple[Part, ...]
    letters: str = ""
    deeds: frozenset[str] = frozenset()


class Row(NamedTuple):
    """What ranking looks at: one row of the index. `names`: name and other names in normal spelling, a line each."""

    id: str
    kind: Kind
    code: str
    names: str
    body: str
    sounds: str
    initials: str
    applicable: bool


@dataclass(frozen=True)
class Score:
    """`cover`: how much of what was asked for stands there, 0 to 1; `points` order what is found."""

    cover: float
    points: float
    why: tuple[
        tuple[str, str, str], ...
    ] = ()  # what was said, where it was found (name, alias, text …), as what


@dataclass(frozen=True)
class Hit:
    """Something found, as a list shows it. `marks`: words to be set off in the name."""

    kind: Kind
    code: str
    name: str
    summary: str
    department: str
    audience: tuple[str, ...]
    handling_kind: str
    applicable: bool
    marks: tuple[str, ...] = ()
    why: tuple[tuple[str, str, str], ...] = ()
    cover: float = 1.0
    points: float = 0.0


@dataclass(frozen=True)
class Found:
    """What a search came to. `more`: there are more; `said`: everyday words that were read as official ones."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Listed:
    """Some entries by name; `before` and `after` are codes to turn the page with, "" where there is none."""

    hits: tuple[Hit, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Bucket:
    """Neighbouring first letters with few enough names for one page: from `first` to `last`."""

    first: str
    last: str
    number: int


@dataclass(frozen=True)
class Saying:
    """
    An everyday phrase and the official words it stands for; `deed` for verbs. A phrase may have a gap, written _.
    Without official words: no service is about it.
    """

    everyday: str
    official: tuple[str, ...]
    deed: str = ""


@dataclass(frozen=True)
class Book:
    """All sayings of the product, and words that carry no meaning or little of it."""

    sayings: tuple[Saying, ...]
    fillers: tuple[str, ...]
    weak: frozenset[str]
    deeds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class AskedLine:
    """A text over some days. `abandoned`: something was found and nothing of it opened."""

    text: str
    asked: int
    nothing: int
    abandoned: int
    before: int  # asked in as many days before


@dataclass(frozen=True)
class SayingLine:
    everyday: str
    official: tuple[str, ...]
    active: bool
    own: bool
