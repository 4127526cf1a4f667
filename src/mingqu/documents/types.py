"""Words other rooms use when they talk about files and documents."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from mingqu.kernel.types import Actor

OWN, BY_CODE = "own", "code"  # grounds of reading a file that are no permission of a post


@dataclass(frozen=True, slots=True)
class Reader:
    """
    Who opens a file of somebody's, when, and on what ground: the permission of the post, or OWN, BY_CODE. `by` None:
    nobody signed in; `terminal`: at a self-service terminal of a hall.
    """

    by: Actor | None
    at: datetime
    ground: str
    terminal: bool = False


@dataclass(frozen=True, slots=True)
class ReadLine:
    """
    One line of who read a file. Grouped for the applicant (`times`, `first_at`); single for the auditor. `kind`: which
    material or paper, as the file has it.
    """

    root_id: UUID
    file_id: UUID
    kind: str
    title: str  # of a paper; "" for a material, whose name the owner of the file knows
    way: str
    ground: str
    terminal: bool
    actor_kind: str
    actor_id: UUID | None
    post_id: UUID | None
    at: datetime
    id: UUID | None = None
    times: int = 1
    first_at: datetime | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file, by the aggregate it serves."""

    root_id: UUID
    file_id: UUID


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """What may be stored: never the bytes a stranger sent, but a file made anew from them (see `notes`)."""

    media_type: str
    data: bytes
    pages: int
    notes: tuple[str, ...] = ()  # what was changed, in words the uploader can read
    taken_at: datetime | None = None  # what the camera said of a photo; nobody vouches for it


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where the organ's mark goes: page from 1, millimetres from the top left corner, width of the square."""

    page: int
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Rendered:
    pdf: bytes
    seal_place: SealPlace | None


@dataclass(frozen=True, slots=True)
class FormPaper:
    """
    A form on paper, blank or as a sample. `about`: of what it is the form, and which version; `paragraphs`: whether a
    heading, and (words, example) in order, the example empty where nothing is to be filled in.
    """

    title: str
    organ: str
    about: str
    sample: bool
    paragraphs: tuple[tuple[bool, tuple[tuple[str, str], ...]], ...]
    at: datetime
    training: bool = False


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """
    An application form as it was answered, to be kept: facts of the case, then page by page each question with its
    answer.
    """

    title: str
    organ: str
    facts: tuple[tuple[str, str], ...] = field(repr=False)
    pages: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = field(repr=False)
    at: datetime
    training: bool = False


@dataclass(frozen=True, slots=True)
class TablePaper:
    """
    A report of tables on paper, each (heading, heads, rows), its text before them. `under`: what stands below the
    title; `foot`: how it came about; `at`: as of when, the creation date of the file.
    """

    title: str
    organ: str
    under: str
    text: Sequence[str]
    tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]]
    foot: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SealOrder:
    """What a signer is asked to do. `at` is the instant of the decision's sealing, never the clock's."""

    organ_name: str
    reason: str
    at: datetime
    mark: bytes | None = None  # a one-page PDF drawn at `place`; None: invisible
    place: SealPlace | None = None


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """
    What a signed PDF proves.

    `intact`: no byte has changed since sealing and nothing was added after it. `trusted`: the key belongs
    to an organ of an installation whose root the verifier trusts. `reasons` are stable codes for what is
    wrong, empty when all is well; `sentences` says the same to people.
    """

    signed: bool
    intact: bool
    trusted: bool
    covers_whole_document: bool
    signer: str
    signed_at: datetime | None
    reasons: tuple[str, ...]
    fingerprint: str = ""  # SHA-256 of the signer's certificate, hex

    @property
    def valid(self) -> bool:
        return self.signed and self.intact and self.trusted and self.covers_whole_document

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(REASON_SENTENCES[code] for code in self.reasons)


REASON_SENTENCES = {
    "not_a_pdf": "这不是一份完整的PDF文件。",
    "not_signed": "这份文件没有电子签章。",
    "several_signatures": "这份文件有不止一个电子签章，本系统签发的文件只有一个。",
    "bytes_changed": "这份文件在盖章后被改动过。",
    "added_after_sealing": "这份文件在盖章后又追加了内容。",
    "signature_malformed": "电子签章的数据被改动过或者不完整。",
    "signer_not_trusted": "签章人不是本平台认可的机关。",
    "signer_not_valid_then": "签章时，签章人的证书不在有效期内或者已经停用。",
}


@dataclass(frozen=True, slots=True)
class OrganKeyView:
    """The key an organ signs with: by what it is known, since when, and, of a retired one, until when."""

    fingerprint: str
    since: datetime
    retired_at: datetime | None
    provider: str
    organ_name: str = ""  # as it stands in the seal
