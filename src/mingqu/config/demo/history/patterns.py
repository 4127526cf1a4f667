"""A case that was really handled, as a pattern of others: what of it differs from case to case, and by what series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from django.apps import apps

from mingqu.cases.models import Case, Decision
from mingqu.certificates.models import Certificate
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.history import ledger
from mingqu.config.demo.history.copying import field
from mingqu.config.demo.history.templates import TABLES, Dumped, Gaps, Parts, dump, own_ids
from mingqu.documents.models import DocumentRequest
from mingqu.identity import selectors as identity
from mingqu.kernel.crypto import decrypt_bytes, encrypt_bytes
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.legal_day import legal_day

ALL = (*TABLES, "certificates.Certificate", "certificates.CertificateDirectory", "evaluation.Rating")
NAMES = 300
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
PEOPLE = [a + b for a in SURNAMES for b in GIVEN][:NAMES]
SHOPS = [f"{name[1]}记{('小馆', '面馆', '早餐店', '茶饮')[n % 4]}" for n, name in enumerate(PEOPLE)]


@dataclass(frozen=True)
class Series:
    """Where a number comes from: of which kind and organ, with what before it, so many working days after receipt."""

    kind: str
    organ: str
    prefix: str
    days: int


@dataclass(frozen=True)
class Licence:
    """The certificate that a grant brought."""

    series: Series
    region: str
    type_code: str
    issuer: CreditCode
    years: int | None


@dataclass(frozen=True)
class Pattern:
    """`sealed`: of each encrypted value with a name in it, the same with each of the names; `rated`: days after."""

    root: int
    tables: tuple[tuple[str, tuple[str, ...], Parts], ...]
    chains: tuple[ledger.Chain, ...]
    sealed: dict[str, list[str]]
    paper: Series | None
    licence: Licence | None
    department: str
    item: str
    rated: int


def read(cursor: psycopg.Cursor[Any], case: Case) -> Pattern:
    """What stands in every table of this case."""
    granted = Certificate.objects.select_related("type").filter(case_id=case.pk).first()
    dumped = dump(cursor, [case.pk, *([granted.pk] if granted else [])], ALL)
    named, sealed = _named(case), _sealed(dumped, case)
    named |= {hidden: f"sealed {n}" for n, hidden in enumerate(sealed)}
    named |= _unlike(dumped, "cases_case", "query_code", "query")
    if granted:
        named |= _named_of(granted) | _unlike(dumped, "certificates_certificate", "verification_code", "code")
    gaps = Gaps(case.received_on, own_ids(dumped), named, clocks.current_calendar())
    rated = next((one.values("rated_on")[0] for one in dumped if one.table == "evaluation_rating"), "")
    return Pattern(
        root=case.pk.int,
        tables=tuple((one.table, one.columns, gaps.split(one.text)) for one in dumped),
        chains=tuple(ledger.chain_of(root, gaps) for root in (case.pk, granted and granted.pk) if root),
        sealed={f"sealed {n}": texts for n, texts in enumerate(sealed.values())},
        paper=_paper(case),
        licence=_licence(case, granted),
        department=str(case.department_id),
        item=case.item_code,
        rated=_after(case, date.fromisoformat(rated)) if rated else 0,
    )


def _after(case: Case, day: date) -> int:
    return clocks.current_calendar().working_days_between(case.received_on, day)


def _named(case: Case) -> dict[str, str]:
    decided = Decision.objects.filter(case=case).values_list("document_number", flat=True)
    return {case.number: "number", str(case.applicant_id): "person", **dict.fromkeys(decided, "paper")}


def _named_of(granted: Certificate) -> dict[str, str]:
    """The file of a certificate of long ago is not there, and nobody asked for it."""
    (digest,) = (
        apps.get_model("certificates.CertificateDirectory")
        .objects.filter(certificate_id=granted.pk, kind="code")
        .values_list("value", flat=True)
    )
    found = {granted.number: "licence", granted.identifier: "identifier", digest: "digest"}
    if granted.valid_until:
        found[granted.valid_until.isoformat()] = "until"
    return found | {str(granted.request_id): "none"}


def _unlike(dumped: Sequence[Dumped], table: str, column: str, name: str) -> dict[str, str]:
    """A code that no two cases share."""
    return {value: name for one in dumped if one.table == table for value in one.values(column)}


def _sealed(dumped: Sequence[Dumped], case: Case) -> dict[str, list[str]]:
    """Encrypted values that say who it is, as the database has them -> the same of everybody else."""
    found, whose = dict[str, list[str]](), (case.applicant_name, str(case.answers["shop_name"]))
    models = {model._meta.db_table: model for model in apps.get_models()}
    for one in dumped:
        for column in models[one.table]._meta.concrete_fields:
            if isinstance(column, EncryptedTextField | EncryptedJSONField):
                for value in one.values(str(column.column)):
                    if value != "\\N" and (texts := _of_everybody(column, value, *whose)):
                        found[value] = texts
    return found


def _of_everybody(column: Any, value: str, person: str, shop: str) -> list[str]:
    plain = decrypt_bytes(bytes.fromhex(value.removeprefix("\\\\x")), context=column.context).decode()
    if person not in plain and shop not in plain:
        return []
    others = zip(PEOPLE, SHOPS, strict=True)
    return [sealed(column, plain.replace(person, name).replace(shop, named)) for name, named in others]


def sealed(column: Any, text: str) -> str:
    """As an encrypted column has it, in COPY's format."""
    return field(encrypt_bytes(text.encode(), context=column.context))


def _paper(case: Case) -> Series | None:
    """The series of its decision's 文号."""
    decided = Decision.objects.filter(case=case).first()
    if decided is None:
        return None
    asked = DocumentRequest.objects.get(root_id=case.pk, number=decided.document_number)
    prefix, _, _ = decided.document_number.partition("〔")
    at = case.decided_on or legal_day(decided.at)
    return Series(f"document.{asked.kind}"[:32], asked.organ_code, prefix, _after(case, at))


def _licence(case: Case, granted: Certificate | None) -> Licence | None:
    if granted is None:
        return None
    kind, organ = granted.type, identity.department_by_code(granted.organ_code)
    assert case.decided_on is not None
    days = _after(case, case.decided_on)
    series = Series(f"certificate.{kind.code}"[:32], granted.region_code[:6], kind.number_prefix, days)
    issuer = CreditCode.parse(organ.credit_code, demo=True)
    return Licence(series, granted.region_code, kind.code, issuer, kind.validity_years)
