"""/api/v1/: services, their guides and forms, and what was granted, as the public pages show them."""

from datetime import date, datetime
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from ninja import Router, Schema
from ninja.params.functions import Query

from mingqu.catalogue import selectors as catalogue
from mingqu.identity.services import client_address
from mingqu.identity.services.traffic import count
from mingqu.portal.rules import clean
from mingqu.portal.selectors import guide as guides
from mingqu.portal.selectors import results as granted
from mingqu.portal.selectors import services
from mingqu.portal.types import Filters
from mingqu.ui.access import public

router = Router(tags=["services"])


class ServiceOut(Schema):
    code: str
    name: str
    summary: str
    organ: str
    audiences: list[str]
    state: str
    guide: str


class ServicesOut(Schema):
    """`after` is the cursor of the next page, "" at the end."""

    services: list[ServiceOut]
    after: str


class FactOut(Schema):
    name: str
    value: str
    note: str


class MaterialOut(Schema):
    code: str
    name: str
    explain: str
    need: str
    how: list[str]


class WindowOut(Schema):
    name: str
    address: str
    hours: str
    telephone: str


class GuideOut(Schema):
    code: str
    name: str
    handling: str
    handling_name: str
    summary: str
    organ: str
    basis: list[str]
    conditions: list[str]
    materials: list[MaterialOut]
    limits: list[FactOut]
    fee: str
    windows: list[WindowOut]
    consult: str
    complain: str
    revision: int
    published_at: datetime


class FormOut(Schema):
    """`fields`: JSON Schema of the answers; `pages`: which are asked together, in order."""

    code: str
    handling: str
    revision: str
    fields: dict[str, Any]
    pages: list[dict[str, Any]]


class ResultOut(Schema):
    """行政许可法 40. People as 张*; where `not_public` says why, neither name nor number."""

    service: str
    service_name: str
    handling_name: str
    organ: str
    decided_on: date
    party: str
    document_number: str
    not_public: str


class ResultsOut(Schema):
    results: list[ResultOut]
    before: str


def _read(request: Any) -> None:
    count("reading_address", client_address(request), at=request.at)


@router.get("/services", response=ServicesOut)
@public
def service_list(
    request: Any, q: str = Query("", max_length=120), after: str = Query("", max_length=200)
) -> Any:
    """Every service by name, or those that answer the words, best first."""
    _read(request)
    words = clean(q)
    found: Any = (
        services.search(Filters(words=words), after=clean(after))
        if words
        else services.services(Filters(), after=clean(after))
    )
    return {
        "services": [
            {
                "code": one.code,
                "name": unescape(strip_tags(one.name)),
                "summary": one.summary,
                "organ": one.department,
                "audiences": list(one.audiences),
                "state": str(one.state),
                "guide": one.url,
            }
            for one in found.services
        ],
        "after": found.after,
    }


@router.get("/services/{slug:code}", response=GuideOut)
@public
def service(request: Any, code: str, handling: str = Query("", max_length=64)) -> Any:
    """The guide: what 行政许可法 30 wants told."""
    _read(request)
    found = guides.guide(code, handling)
    d = found.definition
    return {
        "code": found.code,
        "name": d.item.name,
        "handling": d.handling_item.code,
        "handling_name": d.handling_item.name,
        "summary": d.item.summary,
        "organ": found.organ,
        "basis": [f"《{ref.law}》{ref.article}" for ref in d.basis],
        "conditions": [one.text for one in found.conditions],
        "materials": [
            {
                "code": line.material.code,
                "name": line.material.name,
                "explain": line.material.explain,
                "need": str(line.need),
                "how": [str(words) for words in line.how],
            }
            for line in found.materials
        ],
        "limits": [
            {"name": str(one.key), "value": str(one.value), "note": str(one.note)} for one in found.limits
        ],
        "fee": d.fee_words,
        "windows": [
            {"name": w.name, "address": w.address, "hours": w.hours, "telephone": w.telephone}
            for w in d.guide.windows
        ],
        "consult": d.guide.consult,
        "complain": d.guide.complain,
        "revision": found.revision,
        "published_at": found.published_at,
    }


@router.get("/services/{slug:code}/form", response=FormOut)
@public
def form(request: Any, code: str, handling: str = Query("", max_length=64)) -> Any:
    """What is asked of who applies; the revision is the digest a draft begun now is bound to."""
    _read(request)
    item, definition = catalogue.current_definition(code, handling)
    assert item.current is not None
    return {
        "code": item.code,
        "handling": definition.handling_item.code,
        "revision": item.current.digest,
        "fields": definition.form.schema,
        "pages": definition.form.pages,
    }


@router.get("/results", response=ResultsOut)
@public
def result_list(
    request: Any,
    service: str = Query("", max_length=64),
    q: str = Query("", max_length=120),
    since: date | None = None,
    until: date | None = None,
    before: str = Query("", max_length=200),
) -> Any:
    """What was granted, the latest first."""
    _read(request)
    page = granted.page(granted.Asked("", clean(service), clean(q), since, until), before)
    return {
        "results": [
            {
                "service": line.what.item_code,
                "service_name": line.what.item_name,
                "handling_name": line.what.handling_item,
                "organ": line.organ,
                "decided_on": line.what.decided_on,
                "party": line.what.party,
                "document_number": line.what.document_number,
                "not_public": line.what.not_public,
            }
            for line in page.lines
        ],
        "before": page.more,
    }
