"""
Pure rules of certificates: states, fields, validity, numbers, and what a check of a file or code says.

Standards section 4 (what becomes of a granted licence: 行政许可法 50, 69, 70), section 7 (电子证照标识).
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from mingqu.certificates.types import BeginRule, FieldSpec
from mingqu.clocks.types import Approver, Article, ClockSpec, ExtensionRule, Kind, StartedBy, Unit
from mingqu.kernel.errors import to_citizens

State = Literal[
    "valid",
    "renewed",
    "changed",
    "replaced",
    "suspended",
    "revoked",
    "withdrawn",
    "cancelled",
    "expired",
    "lapsed",
]

WORDS: dict[State, str] = {
    "valid": to_citizens("有效"),
    "renewed": to_citizens("已延续，由新证照替代"),
    "changed": to_citizens("已变更，由新证照替代"),
    "replaced": to_citizens("已补发，由新证照替代"),
    "suspended": to_citizens("已暂停使用"),
    "revoked": to_citizens("已撤销"),
    "withdrawn": to_citizens("已撤回"),
    "cancelled": to_citizens("已注销"),
    "expired": to_citizens("已过期"),
    "lapsed": to_citizens("已自行废止"),
}

STATES: dict[str, State] = {state: state for state in WORDS}

PROJECT_LINES = ("项目名称", "项目代码", "项目编号", "工程名称")

# A newer version of the same certificate stands in the place of these.
SUCCEEDED: frozenset[State] = frozenset({"renewed", "changed", "replaced"})

# From state to the states that may follow. Revoked, withdrawn and expired licences are then struck off (注销, art. 70).
TRANSITIONS: dict[State, frozenset[State]] = {
    "valid": frozenset(
        {
            "renewed",
            "changed",
            "replaced",
            "suspended",
            "revoked",
            "withdrawn",
            "cancelled",
            "expired",
            "lapsed",
        }
    ),
    "suspended": frozenset({"valid", "revoked", "withdrawn", "cancelled", "expired", "lapsed"}),
    "expired": frozenset(
        {"cancelled", "renewed"}
    ),  # renewed: applied in time, decided late (deemed, art. 50)
    "lapsed": frozenset({"cancelled"}),  # 建筑法 9: void by itself, then struck off
    "revoked": frozenset({"cancelled"}),
    "withdrawn": frozenset({"cancelled"}),
    "renewed": frozenset(),
    "changed": frozenset(),
    "replaced": frozenset(),
    "cancelled": frozenset(),
}

# Without 0 O 1 I L U: read aloud over the telephone, typed from paper.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
TYPE_CODE_LENGTH = 21


def may_become(now: State, then: State) -> bool:
    return then in TRANSITIONS[now]


def effective(state: State, valid_until: date | None, day: date, begin_by: date | None = None) -> State:
    """
    The state on that day: a valid or suspended certificate is expired after its last day, without a deed; and void by
    itself where what it allows was to be begun by `begin_by` and was not (建筑法 9).
    """
    if state not in {"valid", "suspended"}:
        return state
    if begin_by is not None and day > begin_by:
        return "lapsed"
    return "expired" if valid_until is not None and day > valid_until else state


def begin_clock(rule: BeginRule) -> ClockSpec:
    """The clock of 建筑法 9: months from receipt, by 民法典 201 to 203."""
    article = Article(rule.law, rule.article)
    extension = ExtensionRule(rule.extension_months, Approver.ISSUING_ORGAN, article, rule.extensions)
    return ClockSpec(
        Kind.BEGIN,
        rule.months,
        Unit.MONTHS,
        article=article,
        started_by=StartedBy.COLLECTED,
        extension=extension if rule.extensions else None,
    )


def read_begin(stored: Mapping[str, Any]) -> BeginRule | None:
    """The typed form of CertificateType.begin; None: nothing is to be begun. Raises ValueError for another version."""
    if not stored:
        return None
    if stored.get("version") != 1:
        raise ValueError(f"rule of beginning in version {stored.get('version')}")
    return BeginRule(**stored["rule"])


def write_begin(rule: BeginRule | None) -> dict[str, Any]:
    return {"version": 1, "rule": asdict(rule)} if rule else {}


def last_day(valid_from: date, years: int) -> date:
    """
    The last day of a validity of whole years: five years from 2026-11-20 end on 2031-11-19.

    From 29 February, the last day of February of a common year. The first day is counted, as licences in use
    have it; by 民法典 201 and 202 alone it would not be and the validity would end a day later.
    """
    try:
        anniversary = valid_from.replace(year=valid_from.year + years)
    except ValueError:
        return date(valid_from.year + years, 2, 28)
    return date.fromordinal(anniversary.toordinal() - 1)


# From this many days before the last day in time on, a renewal may be applied for. No law names it: our own measure.
RENEWAL_OPEN_DAYS = 60


@dataclass(frozen=True, slots=True)
class Renewal:
    """
    When a renewal may be applied for. `in_time_until` is what 行政许可法 50 asks for: so many days before the end
    (thirty, or what the law of the licence says); who applies later, up to the end, may come to be without a licence.
    """

    opens_on: date
    in_time_until: date
    ends_on: date

    def on(self, day: date) -> Literal["early", "open", "late", "over"]:
        if day < self.opens_on:
            return "early"
        if day <= self.in_time_until:
            return "open"
        return "late" if day <= self.ends_on else "over"


def renewal(valid_until: date, renew_before_days: int) -> Renewal:
    in_time = valid_until - timedelta(days=renew_before_days)
    return Renewal(in_time - timedelta(days=RENEWAL_OPEN_DAYS), in_time, valid_until)


def renewed_validity(valid_until: date, decided_on: date, years: int) -> tuple[date, date]:
    """
    The validity of a renewed certificate: `years` from the day after the old end, so that no day is lost and none is
    without a licence, also where the decision came late or the law made it (行政许可法 50).

    Decided before the old end, the new version stands in from that day on: one certificate is in force on each day.
    """
    following = valid_until + timedelta(days=1)
    return min(decided_on, following), last_day(following, years)


def certificate_number(prefix: str, region_code: str, year: int, serial: int) -> str:
    """Our own number: word of the type, region (6), year, serial of the year (6). No ministry's rule is claimed."""
    return f"{prefix}{region_code[:6]}{year}{serial:06d}"


def new_code() -> str:
    """A public verification code: 78 bits, so that trying them out finds nothing."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def typed_code(text: str) -> str:
    """A code as typed from paper: without gaps and dashes, capitals; empty if it can't be one."""
    code = "".join(text.split()).replace("-", "").upper()
    fits = len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET)
    return code if fits else ""


def certificate_id(case_id: UUID, type_code: str) -> UUID:
    """
    The id of the certificate of this case and type: always the same, so that issuing twice finds the first.

    A UUID version 7 with the instant of the case's own id, the rest from a digest.
    """
    digest = hashlib.sha256(case_id.bytes + type_code.encode()).digest()
    raw = bytearray(case_id.bytes[:6] + digest[:10])
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return UUID(bytes=bytes(raw))


def read_fields(stored: Mapping[str, Any]) -> tuple[FieldSpec, ...]:
    """The typed form of CertificateType.fields. Raises ValueError for a version this code does not know."""
    if stored.get("version") != 1:
        raise ValueError(f"fields of a certificate type in version {stored.get('version')}")
    return tuple(FieldSpec(**field) for field in stored["fields"])


def about_a_project(spec: FieldSpec) -> bool:
    """Whether a line says for which project (工程建设项目) the certificate is: by its code or its label."""
    return spec.code.startswith("project") or any(words in spec.label for words in PROJECT_LINES)


def write_fields(specs: Iterable[FieldSpec]) -> dict[str, Any]:
    fields = [{"code": s.code, "label": s.label, "required": s.required, "public": s.public} for s in specs]
    return {"version": 1, "fields": fields}


def field_problems(specs: Iterable[FieldSpec], values: Mapping[str, str]) -> list[str]:
    """Labels of required fields without a value, and codes no field has."""
    known = list(specs)
    absent = [s.label for s in known if s.required and not str(values.get(s.code) or "").strip()]
    return absent + sorted(set(values) - {s.code for s in known})


def same_name(one: str, other: str) -> bool:
    """The same name, however its parts are set apart."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name) if c.isalnum()).casefold()


Finding = Literal["in_force", "not_in_force", "altered", "unknown", "genuine_document"]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """
    What is known of an uploaded file.

    registered: its digest is that of a certificate in the register. signed, intact, trusted: its seal.
    asked_for: it was uploaded as the file of a certificate whose code was given.
    """

    registered: bool
    signed: bool
    intact: bool
    trusted: bool
    asked_for: bool = False


def finding(facts: FileFacts, state: State | None) -> Finding:
    """
    One answer for a person who holds a file. The register's digest decides before the seal: it covers every byte.

    A file that is not registered though a certificate was named, or whose seal is broken, is altered. A whole and
    trusted seal on an unregistered file is some other document of ours. Without a seal nothing can be said.
    """
    if facts.registered and state is not None:
        return "in_force" if state == "valid" else "not_in_force"
    if facts.asked_for or (facts.signed and not facts.intact):
        return "altered"
    if facts.signed and facts.intact and facts.trusted:
        return "genuine_document"
    return "unknown"
