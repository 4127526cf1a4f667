"""Words other rooms use with certificates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from mingqu.clocks.types import Explanation
from mingqu.identity.types import Place


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a certificate is for. `id` is a person or firm; name and number are printed in full."""

    kind: Literal["person", "firm"]
    id: UUID
    name: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A line of the certificate: code, label in print, whether it must be there, whether verification shows it."""

    code: str
    label: str
    required: bool = True
    public: bool = False


@dataclass(frozen=True, slots=True)
class RevocationView:
    """撤销 as the holder and the organ read it, or as it was proposed; `by`: who decided, or proposed."""

    on: date
    document_number: str
    ground: str
    basis: str
    reason: str = field(repr=False)
    heard: str
    told_on: date
    statement: str = field(repr=False)
    consequence: str
    reconsideration_organ: str
    court: str
    file_id: UUID | None
    by: UUID


@dataclass(frozen=True, slots=True)
class StrikeOffView:
    """注销 ex officio as it was proposed; `decided_on` None: it waits for a second person."""

    ground: str
    basis: str
    reason: str = field(repr=False)
    proof: str = field(repr=False)
    proposed_by: UUID
    proposed_on: date
    decided_on: date | None
    reconsideration_organ: str = ""
    court: str = ""
    document_number: str = (
        ""  # of the decision; "": it has none (yet, or it was decided before papers were made)
    )
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class BeginRule:
    """
    What is granted is to be begun within so many months of receipt, and may be put off `extensions` times by at most
    `extension_months`; not begun by then the certificate is void by itself (建筑法 9).
    """

    months: int
    extensions: int
    extension_months: int
    law: str
    article: int


@dataclass(frozen=True, slots=True)
class BeginView:
    """Where a certificate stands with it. `by` is the last day, with what put it off; `lapsed`: not begun by then."""

    by: date
    begun_on: date | None
    lapsed: bool
    article: str
    put_off: tuple[tuple[date, int], ...] = ()  # on which day the organ put it off, and by how many months
    explanation: Explanation | None = None
    left: int = 0  # how often it may still be put off


@dataclass(frozen=True, slots=True)
class Grant:
    """
    The decision a certificate follows from.

    Region, department and item type are the case's: they say who may see and revoke the certificate. `organ_code`:
    who decided, where it is not that department: the certificate is issued and sealed in its name.
    """

    case_id: UUID
    decided_on: date
    department_code: str
    region_code: str
    item_type: str
    organ_code: str = ""
    years: int | None = None  # 裁量: for how many years this one is valid; None: as its type says

    @property
    def issuer_code(self) -> str:
        """The organ in whose name it is issued."""
        return self.organ_code or self.department_code

    @property
    def place(self) -> Place:
        """Where the decision was made, for the access rule; the department is filled in by code."""
        return Place(None, self.region_code, self.item_type)


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    certificate_id: UUID
    number: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One deed on the use of a certificate in the clear: suspended in which way, or restored; why; until when."""

    kind: str  # suspended, restored
    words: str
    on: date
    basis: str
    reason: str = field(repr=False)
    document_number: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate in the clear, for its holder or a clerk who may see it."""

    id: UUID
    type_name: str
    number: str
    identifier: str
    organ_name: str
    holder_name: str
    holder_number: str
    fields: tuple[tuple[str, str], ...]  # label, value
    state: str
    state_words: str
    valid_from: date
    valid_until: date | None
    days_left: int | None
    case_id: UUID | None
    verification_code: str
    file_id: UUID | None
    issued_at: datetime
    type_code: str = ""
    version: int = 1
    replaces_id: UUID | None = None
    existing: bool = False  # taken over from the paper register: no file of ours yet
    renewal: str = ""  # early, open, late, over; "" where there is nothing to renew
    values: Mapping[str, str] = field(default_factory=dict, repr=False)  # code of the line → what it says
    holder_id: UUID | None = field(default=None, repr=False)
    holder_kind: str = ""
    renew_from: date | None = None  # the first day on which a renewal may be applied for
    renew_until: date | None = None  # the last day on which a renewal is in time
    begin_by: date | None = None  # what it allows is, or was, to be begun by then (建筑法 9)
    suspension: Standing | None = None  # while it is suspended

    @property
    def code_groups(self) -> tuple[str, ...]:
        """The verification code in fours, as it is read aloud."""
        return tuple(self.verification_code[at : at + 4] for at in range(0, len(self.verification_code), 4))


@dataclass(frozen=True, slots=True)
class HeldFirm:
    """
    A firm whose certificates a person may see: all of them and to apply about them (`cases` None), or only those that
    these applications of hers brought.
    """

    id: UUID
    name: str
    cases: frozenset[UUID] | None = None

    @property
    def may_apply(self) -> bool:
        return self.cases is None


@dataclass(frozen=True, slots=True)
class NextStep:
    """
    What the holder may do with a certificate: a word for the link, where it leads, why now. Without an address it can't
    be done yet, and the hint says why.
    """

    label: str
    url: str
    hint: str = ""
    now: bool = False  # what most holders want today: shown first


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """What anyone with the code may know: names masked, no numbers of people, no address."""

    certificate_id: UUID
    type_name: str
    number: str
    identifier: str
    organ_name: str
    holder_masked: str
    fields: tuple[tuple[str, str], ...]
    state: str
    state_words: str
    valid_from: date
    valid_until: date | None
    has_file: bool
    training: bool = False  # of a training region: never plainly valid
    begin: BeginView | None = None
    suspended_on: date | None = None
    suspended_until: date | None = None


@dataclass(frozen=True, slots=True)
class FileCheck:
    """The answer to an uploaded file. `finding` is a code of rules.Finding."""

    finding: str
    certificate: PublicCertificate | None
    signer: str
    signed_at: datetime | None
    sentences: tuple[str, ...]
