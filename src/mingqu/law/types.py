"""What the law library answers with."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

State = Literal["in_force", "not_yet", "repealed", "no_such_article", "unknown_law", "unknown_date"]


@dataclass(frozen=True)
class Citation:
    """
    《…》第…条第…款第…项 as found in a text: the law as written there, numbers (0: not named), and where it stands
    (first character, one past the last).
    """

    law: str
    article: int
    paragraph: int
    point: int
    start: int
    end: int
    suffix: int = 0  # 第四十二条之一: 1


@dataclass(frozen=True)
class ArticleText:
    """An article as one version has it."""

    law: str  # full name
    article: int
    suffix: int
    heading: str  # 第四章 … 第二节 …
    text: str
    version: str  # as pages address it
    since: date | None  # in force from; None: the source does not say


@dataclass(frozen=True)
class Standing:
    """
    How a citation stands on a day: the state, a sentence an official understands, and the article where there is one.

    `until`: first day no longer in force, where known. `superseded_by`: the law or version that took its place.
    """

    state: State
    sentence: str
    article: ArticleText | None = None
    since: date | None = None
    until: date | None = None
    superseded_by: str = ""


@dataclass(frozen=True)
class Mention:
    """
    A law with the words in its name (only `law` and `slug`), or an article in which they stand: what is before them,
    the words, what is after. `slug`, `version` and `anchor`: its place on the pages. `sure`: the source says that it is
    in force; `points`: in the words of whoever made the collection, not the law's.
    """

    law: str
    slug: str
    version: str = ""
    place: str = ""  # 第四十二条之一
    anchor: str = ""
    before: str = ""
    words: str = ""
    after: str = ""
    sure: bool = True
    points: bool = False


ChangeKind = Literal["repealed", "restored", "new_version", "in_force"]


@dataclass(frozen=True)
class Change:
    """
    What became of a law, from when, why, and on what paper (文号 or where it was made public). `decided_on`: the day of
    the version meant; None: the newest.
    """

    kind: ChangeKind
    on: date
    reason: str
    paper: str
    decided_on: date | None = None
