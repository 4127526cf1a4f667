"""A person's own things beside the list: what goes on, drafts, projects, what ends soon, what waits for a rating."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors as bundles
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.bundles import selectors as published
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView
from mingqu.forms import selectors as forms
from mingqu.kernel.types import Actor, Instant
from mingqu.outreach import selectors as outreach
from mingqu.portal.selectors import own_lines
from mingqu.portal.selectors.own_list import OWN, of_subject
from mingqu.portal.types import CaseLine, DraftLine

ON_FRONT = 3
LATEST = 10  # of what has ended so many are asked to be rated
MOST_PROJECTS = 50
ENDING_DAYS = 60  # a certificate that ends within so many days is pointed out


def on_front(actor: Actor) -> list[CaseLine]:
    """The latest cases that go on; two statements."""
    rows = _own(actor).filter(status__in=cases.OPEN, bundle_id=None)[:ON_FRONT]
    return [own_lines.line(case) for case in rows]


def to_rate(actor: Actor, whose: str = "") -> list[CaseLine]:
    """Of the latest ended cases those that wait for a rating; three statements."""
    rows = list(_own(actor).filter(of_subject(whose)).exclude(status__in=cases.OPEN)[:LATEST])
    waiting = own_lines.unrated(rows)
    return [own_lines.line(case) for case in rows if case.number in waiting]


def drafts(actor: Actor, at: Instant, whose: str = "") -> list[DraftLine]:
    """What was begun and not handed in, and which of it an agent is filling in; four statements at most."""
    found = [draft for draft in forms.drafts_of(actor, at=at) if _is_of(draft.context, whose)]
    codes = {draft.about for draft in found}
    names = catalogue.names(codes) if codes else {}
    if any("bundle_revision" in draft.context for draft in found):
        names |= dict(published.published_bundles().filter(code__in=codes).values_list("code", "name"))
    helped = outreach.helped_drafts(draft.draft_id for draft in found) if found else {}
    return [
        DraftLine(
            draft.draft_id,
            names.get(draft.about, draft.about) + _handling(draft.context),
            draft.saved_at,
            draft.expires_at,
            bundle="bundle_revision" in draft.context,
            errand=helped.get(draft.draft_id, ("", ""))[0],
            point=helped.get(draft.draft_id, ("", ""))[1],
        )
        for draft in found
    ]


def _handling(context: Mapping[str, Any]) -> str:
    """新办, 变更 and so on of a draft, as its case will be called; a bundle has none."""
    if not context.get("handling") or not context.get("revision_id"):
        return ""
    definition = catalogue.definition(UUID(context["revision_id"]), context["handling"])
    return f"（{definition.handling_item.name}）"


def _is_of(context: Mapping[str, Any], whose: str) -> bool:
    party = str(context.get("party") or "")
    return not whose or party == ("" if whose == OWN else whose)


def project_lines(actor: Actor, whose: str = "") -> list[Any]:
    """The projects one acts for, newest first."""
    found = bundles.projects(actor, limit=MOST_PROJECTS)
    return [project for project in found if whose in ("", _owner(project))]


def _owner(project: Any) -> str:
    return str(project.owner_id) if project.owner_kind == "firm" else OWN


def ending(actor: Actor, at: Instant) -> list[CertificateView]:
    """One's certificates that end soon."""
    return [
        certificate
        for certificate in certificates.wallet(actor, at)
        if certificate.days_left is not None and certificate.days_left <= ENDING_DAYS
    ]


def _own(actor: Actor) -> Any:
    rows = cases.visible_cases(actor).select_related("department").prefetch_related("materials")
    return cases.with_asked_fields(rows).order_by("-id")
