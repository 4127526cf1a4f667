"""What the case page shows beside the facts of the case: marks on materials, the page looked at, similar cases."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from mingqu.documents.selectors import FileView
from mingqu.workbench.types import StatusWords

ZOOMS, TURNS = (1, 2, 3), (0, 90, 180, 270)


@dataclass(frozen=True)
class Looking:
    """Which file and page is looked at, how far it is turned (degrees) and made larger."""

    file: UUID | None = None
    page: int = 1
    turn: int = 0
    zoom: int = 1


@dataclass(frozen=True)
class ClaimMark:
    """认领, in the row of a list. `taken`: by somebody else."""

    words: str
    taken: bool


@dataclass(frozen=True)
class ClaimLine:
    """
    认领: an open step, who has it ("": nobody of the post) and since when, and what may be done about it.
    `may_put_back`: another's, by the head of the organ.
    """

    task_id: UUID
    step: str
    who: str
    since: datetime | None
    own: bool
    may_claim: bool
    may_release: bool
    may_put_back: bool


@dataclass(frozen=True)
class MarkView:
    """What an officer said of a file or of a page of it (0: the whole)."""

    file_id: UUID
    page: int
    fine: bool
    text: str
    by: str
    at: datetime

    @property
    def where(self) -> str:
        return f"第{self.page}页" if self.page else "整份"


@dataclass(frozen=True)
class Preview:
    """The file beside the form, with the links that turn its pages; each works without JavaScript."""

    file: FileView
    material: str
    material_name: str
    replaced: bool
    at: Looking
    before: UUID | None
    after: UUID | None

    def _link(self, at: Looking) -> str:
        given = {"file": at.file, "page": at.page, "turn": at.turn, "zoom": at.zoom}
        plain = {"page": 1, "turn": 0, "zoom": 1}
        return f"?{urlencode({k: v for k, v in given.items() if v != plain.get(k)})}"

    @property
    def is_pdf(self) -> bool:
        return self.file.media_type == "application/pdf"

    @property
    def turned(self) -> str:
        return self._link(replace(self.at, turn=(self.at.turn + 90) % 360))

    @property
    def larger(self) -> str:
        return self._link(replace(self.at, zoom=self.at.zoom + 1)) if self.at.zoom < ZOOMS[-1] else ""

    @property
    def smaller(self) -> str:
        return self._link(replace(self.at, zoom=self.at.zoom - 1)) if self.at.zoom > 1 else ""

    @property
    def previous(self) -> str:
        """A page back, or the file before."""
        if self.at.page > 1:
            return self._link(Looking(self.file.id, self.at.page - 1))
        return self._link(Looking(self.before)) if self.before else ""

    @property
    def next(self) -> str:
        """A page on, or the file after."""
        if self.at.page < self.file.pages:
            return self._link(Looking(self.file.id, self.at.page + 1))
        return self._link(Looking(self.after)) if self.after else ""

    @property
    def pages(self) -> range:
        return range(1, self.file.pages + 1)


@dataclass(frozen=True)
class SimilarCase:
    """A decided case of the same item."""

    number: str
    handling_item: str
    applicant: str  # masked
    status: StatusWords
    decided_on: date | None


@dataclass(frozen=True)
class Consulting:
    """
    What 征求意见 may be asked from a step: the posts (code, organ, post), the files of the case, the working days to
    begin with; `silence`: what the definition says of no answer, in words.
    """

    task_id: UUID | None
    name: str = ""
    posts: tuple[tuple[str, str, str], ...] = ()
    files: tuple[tuple[UUID, str], ...] = ()
    limit: int = 5
    silence: str = ""


@dataclass(frozen=True)
class Handing:
    """
    The step that may be given to others: the posts it may go to (code, name), those that 加签 added, who lent it
    (code, name), whether it stands still. `whole`: it is passed on whole, a decision or a visit.
    """

    task_id: UUID | None
    name: str = ""
    posts: tuple[tuple[str, str], ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    lender: tuple[str, str] | None = None
    held: bool = False
    whole: bool = False
