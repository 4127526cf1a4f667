"""
What the form of an application asks and a certificate or an earlier application already says (国务院令第716号 7):
offered with its source, put in only when the person says so, and hers to change.

A line of a certificate is plainly one field of the form that brought it. It answers a field of another form of the same
name and shape, or one that is filled from the same slot (organisation.credit_code …). The last application for the same
service, of the same party, answers its own fields again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from mingqu.cases import again, carry, selectors
from mingqu.cases.models import Case
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, Document
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView
from mingqu.kernel.types import Actor, Instant

SAME = ("type", "format", "enum", "oneOf")  # what makes two fields of one name the same question
TYPED = ("string", "integer", "number")  # what an earlier application answers again
OFFERS_AT_MOST = 3  # of different values for one field
HOLDER = {"organisation.name": "holder_name", "organisation.credit_code": "holder_number"}


@dataclass(frozen=True)
class Offer:
    """
    A value for a field of the form, and what says it: a certificate, or an application of the day `on`. `of_firm`:
    whose, where not the person's.
    """

    path: str
    title: str
    value: Any
    source: str
    number: str
    of_firm: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Sources:
    """What is there to say something: certificates with their definition (and the firm's name or ""), applications."""

    certificates: Sequence[tuple[CertificateView, str, Document | None]]
    applications: Sequence[Case]


def sources(by: Actor, at: Instant, party_id: UUID | None) -> Sources:
    """The person's own certificates in force, those of firms she acts for, and the party's earlier applications."""
    held = [(one, firm, _document_of(one)) for one, firm in _held(by, at, party_id)]
    return Sources(held, again.earlier(by, party_id))


def offers(definition: Definition, by: Actor, at: Instant, party_id: UUID | None) -> list[Offer]:
    """What is answered of this form, the party's own first, then the newest; at most a few values for each field."""
    return answered(definition, sources(by, at, party_id)) if _asks(definition) else []


def answered(definition: Definition, known: Sources) -> list[Offer]:
    """The same from what was looked for already."""
    asked = _asks(definition)
    found: dict[str, list[Offer]] = {}
    for offer in [*_of_certificates(asked, known), *_of_the_last(definition, asked, known)]:
        given = found.setdefault(offer.path, [])
        if len(given) < OFFERS_AT_MOST and offer.value not in [one.value for one in given]:
            given.append(offer)
    return [one for name in asked for one in found.get(name, [])]


def _asks(definition: Definition) -> dict[str, Mapping[str, Any]]:
    """The fields that may be answered; 变更 延续 补办 注销 begin with what their certificate says (`carry`)."""
    if definition.handling_item.kind != "new":
        return {}
    properties = definition.form.schema.get("properties", {})
    return {name: spec for name, spec in properties.items() if spec.get("type") in TYPED}


def _of_certificates(asked: Mapping[str, Any], known: Sources) -> Iterator[Offer]:
    texts = {name: spec for name, spec in asked.items() if spec["type"] == "string"}
    for held, firm, document in known.certificates:
        for name, value in _said(held, document, texts, of_firm=bool(firm)):
            yield Offer(name, _title(asked, name), value, held.type_name, held.number, firm)


def _of_the_last(definition: Definition, asked: Mapping[str, Any], known: Sources) -> Iterator[Offer]:
    """What was answered to the same question when this service was applied for last."""
    last = next((c for c in known.applications if c.item_code == definition.item.code), None)
    if last is None:
        return
    before = selectors.definition_of(last).form.schema.get("properties", {})
    name_of = again.name_of(last)
    for name, spec in asked.items():
        value = last.answers.get(name)
        same = all(before.get(name, {}).get(key) == spec.get(key) for key in SAME)
        if same and value not in (None, ""):
            yield Offer(name, _title(asked, name), value, name_of, last.number, on=last.received_on)


def _title(asked: Mapping[str, Any], name: str) -> str:
    return str(asked[name].get("title", name))


def _held(by: Actor, at: Instant, party_id: UUID | None) -> list[tuple[CertificateView, str]]:
    """(certificate, the firm's name or "")."""
    rows = [(one, "") for one in certificates.wallet(by, at)]
    for firm in certificates.firms_of(by):
        rows += [(one, firm.name) for one in certificates.wallet_of_firm(firm, at)]
    wanted = party_id or by.id
    return sorted(
        (row for row in rows if row[0].state == "valid"), key=lambda row: row[0].holder_id != wanted
    )


def _said(
    held: CertificateView, document: Document | None, asked: Mapping[str, Any], *, of_firm: bool
) -> Iterator[tuple[str, str]]:
    slots = {slot: str(getattr(held, name)) for slot, name in HOLDER.items()} if of_firm else {}
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
