"""
What the form of an application asks and a certificate already says (国务院令第716号 7): offered with its source, put in
only when the person says so, and hers to change.

A line of a certificate is plainly one field of the form that brought it. It answers a field of another form of the same
name and shape, or one that is filled from the same slot (organisation.credit_code …).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mingqu.cases import carry
from mingqu.cases.models import Case
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, Document
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView
from mingqu.kernel.types import Actor, Instant

SAME = ("type", "format", "enum", "oneOf")  # what makes two fields of one name the same question
OFFERS_AT_MOST = 3  # of different values for one field
HOLDER = {"organisation.name": "holder_name", "organisation.credit_code": "holder_number"}


@dataclass(frozen=True)
class Offer:
    """A value for a field of the form, and the certificate that says it. `of_firm`: whose, where not the person's."""

    path: str
    title: str
    value: str
    certificate: str
    number: str
    of_firm: str = ""


def offers(definition: Definition, by: Actor, at: Instant, party_id: UUID | None) -> list[Offer]:
    """
    What the person's own certificates in force, and those of firms she acts for, answer of this form; of the party
    itself first, then the newest. At most a few values for each field.
    """
    asked = {
        name: spec
        for name, spec in definition.form.schema.get("properties", {}).items()
        if spec.get("type") == "string"
    }
    # 变更 延续 补办 注销 begin with what their certificate says (`carry`).
    if not asked or definition.handling_item.kind != "new":
        return []
    found: dict[str, list[Offer]] = {}
    for held, firm in _held(by, at, party_id):
        for name, value in _said(held, asked, of_firm=bool(firm)):
            given = found.setdefault(name, [])
            if len(given) < OFFERS_AT_MOST and value not in [one.value for one in given]:
                title = str(asked[name].get("title", name))
                given.append(Offer(name, title, value, held.type_name, held.number, firm))
    return [one for name in asked for one in found.get(name, [])]


def _held(by: Actor, at: Instant, party_id: UUID | None) -> list[tuple[CertificateView, str]]:
    """(certificate, the firm's name or "")."""
    rows = [(one, "") for one in certificates.wallet(by, at)]
    for firm in certificates.firms_of(by):
        rows += [(one, firm.name) for one in certificates.wallet_of_firm(firm, at)]
    wanted = party_id or by.id
    return sorted(
        (row for row in rows if row[0].state == "valid"), key=lambda row: row[0].holder_id != wanted
    )


def _said(held: CertificateView, asked: Mapping[str, Any], *, of_firm: bool) -> Iterator[tuple[str, str]]:
    slots = {slot: str(getattr(held, name)) for slot, name in HOLDER.items()} if of_firm else {}
    document = _document_of(held)
    for line in carry.lines(document, held.type_code) if document else ():
        where, _dot, field = line.value.strip().partition(".")
        text, before = held.values.get(line.code, ""), _field(document, field)
        if where != "form" or not text or not before:
            continue
        if field in asked and all(before.get(key) == asked[field].get(key) for key in SAME):
            yield field, text
        if slot := before.get("prefill", ""):
            slots.setdefault(slot, text)
    for name, spec in asked.items():
        # Who applies is known of herself; a certificate tells it of a firm and its place.
        slot = str(spec.get("prefill", ""))
        if spec.get("format") == "credit_code":
            slot = "organisation.credit_code"
        if slot.startswith("organisation.") and slots.get(slot):
            yield name, slots[slot]


def _document_of(held: CertificateView) -> Document | None:
    """The definition it was granted under; of one from the paper register, that of the service it belongs to."""
    if held.case_id is not None:
        revision = Case.objects.filter(pk=held.case_id).values_list("revision_id", flat=True).first()
        return catalogue.document(revision) if revision else None
    for item_code, _handling, _kind in catalogue.acting_on(held.type_code):
        return catalogue.current_document(item_code)[1]
    return None


def _field(document: Document | None, name: str) -> Mapping[str, Any]:
    for handling in document.handling if document else ():
        found = handling.form.schema.get("properties", {}).get(name) if handling.form else None
        if found:
            return dict(found)
    return {}
