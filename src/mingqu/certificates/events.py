"""What the certificates room tells the rooms above; root is the certificate."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class CertificateIssued(Event):
    """A certificate exists and is valid; its file is still being made."""

    name: ClassVar[str] = "certificates.certificate_issued"
    case_id: UUID
    number: str


@dataclass(frozen=True)
class CertificateReady(Event):
    """Its sealed file is there: it can be delivered."""

    name: ClassVar[str] = "certificates.certificate_ready"
    case_id: UUID
    number: str


@dataclass(frozen=True)
class CertificateDelayed(Event):
    """Its file could not be made: a clerk's task. `reason` is a code of documents.errors."""

    name: ClassVar[str] = "certificates.certificate_delayed"
    case_id: UUID
    number: str
    reason: str


@dataclass(frozen=True)
class CertificateRevoked(Event):
    """
    撤销 on that day, by the decision with that number. `case_id` is None for a certificate taken over from the paper
    register; `told`: the holder is a person and hears of it from this room.
    """

    name: ClassVar[str] = "certificates.certificate_revoked"
    case_id: UUID | None
    number: str
    document_number: str
    on: date
    told: bool


@dataclass(frozen=True)
class CertificateSuspended(Event):
    """
    暂停使用 from `since` on; `until`: as told, or None. `told`: the holder is a person and hears of it from this room.
    """

    name: ClassVar[str] = "certificates.certificate_suspended"
    case_id: UUID | None
    number: str
    way: str
    since: date
    until: date | None
    told: bool


@dataclass(frozen=True)
class CertificateRestored(Event):
    """恢复使用: in force again."""

    name: ClassVar[str] = "certificates.certificate_restored"
    case_id: UUID | None
    number: str
    on: date
    told: bool


@dataclass(frozen=True)
class CertificateBeginPutOff(Event):
    """延期开工 (建筑法 9): what it allows is to be begun by `begin_by` from now on."""

    name: ClassVar[str] = "certificates.certificate_begin_put_off"
    number: str
    begin_by: date


@dataclass(frozen=True)
class CertificateSucceeded(Event):
    """A new version took the place of `replaces_id`, which is now `state`: changed, renewed or replaced."""

    name: ClassVar[str] = "certificates.certificate_succeeded"
    case_id: UUID
    number: str
    replaces_id: UUID
    state: str


@dataclass(frozen=True)
class CertificateCancelled(Event):
    """注销; `case_id` is that of the application for it."""

    name: ClassVar[str] = "certificates.certificate_cancelled"
    case_id: UUID
    number: str


@dataclass(frozen=True)
class CertificateStruckOff(Event):
    """
    注销 ex officio (行政许可法 70): on which ground, in words, from that day on. `case_id` is that of the certificate,
    None for one taken over from the paper register; `told`: the holder is a person and hears of it from this room.
    """

    name: ClassVar[str] = "certificates.certificate_struck_off"
    case_id: UUID | None
    number: str
    ground: str
    on: date
    told: bool
