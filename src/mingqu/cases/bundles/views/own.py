"""One's own bundle: handed in, how far each part is, taking it back; one's project. By query code: how far it is."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.cases import handovers
from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.coming import coming
from mingqu.cases.bundles.selectors import timetable
from mingqu.cases.bundles.selectors.asking import asked_fields
from mingqu.cases.bundles.selectors.drawing import look
from mingqu.cases.forms import KeyForm
from mingqu.cases.further import further_of
from mingqu.cases.models import Bundle, BundlePart
from mingqu.cases.views.files import file_or_small
from mingqu.cases.views.progress import shown_root
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import CORRECTION_NOTICE
from mingqu.documents import selectors as documents
from mingqu.exchange.types import HandoverView
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.payments import selectors as payments
from mingqu.ui.access import public, signed_in
from mingqu.ui.types import Action

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]
# State of a part → the class of its mark.
MARKS = {
    "waiting": "received",
    "outside": "accepted",
    "due": "received",
    "filed": "received",
    "correction": "correct",
    "accepted": "accepted",
    "granted": "done",
    "not_required": "done",
    "refused": "refused",
    "not_accepted": "refused",
}


@signed_in
@never_cache
@require_safe
def progress(request: Any, number: str) -> HttpResponse:
    """The applicant's own view of her bundle and its parts."""
    return _progress(request, selectors.bundle_visible_to(request.actor, number), own=True)


@public
@never_cache
@require_safe
def public_progress(request: Any, number: str) -> HttpResponse:
    """The same without papers, reasons and names in full, for half an hour after the query code was given."""
    bundle = shown_root(request, number, lambda: Bundle.objects.get(pk=selectors.bundle_id_of(number)))
    if bundle is None:
        return redirect(f"{reverse('cases:query')}?number={number}")
    return _progress(request, bundle, own=False)


def _progress(request: Any, bundle: Bundle, *, own: bool) -> HttpResponse:
    parts = selectors.parts_of(bundle)
    made = [
        (paper, reverse("bundles:file", args=[bundle.number, paper.file_id]))
        for paper in (documents.documents_of(bundle.pk) if own else [])
        if paper.file_id
    ]
    owed = selectors.owed_materials(parts)
    seen = look(bundle, parts, request.at)
    away = handovers.views_of(bundle.pk) if any(part.is_outside for part in parts) else {}
    asks = next(
        (away[p.code] for p in parts if p.state == "outside" and p.code in away and away[p.code].asks), None
    )
    visits = selectors.visit_days(bundle, parts, request.at) if own else []
    allowed = selectors.actions_now(request.actor, bundle) if own else frozenset()
    context = {
        "bundle": bundle,
        "own": own,
        "rows": [part_row(part, parts, seen.standing.get(part.code), away.get(part.code)) for part in parts],
        "timetable": seen.times,
        "seen": seen,
        "today": legal_day(request.at),
        "limits": selectors.limits(bundle, parts),
        "answer_by": min((p.due_on for p in parts if p.state == "filed" and p.due_on), default=None),
        "licences": selectors.licences(parts),
        "asked": selectors.asked_materials(bundle, parts),
        "fields": asked_fields(bundle, parts),
        "asks": asks,
        "to_answer": _to_answer(asks),
        "owed": owed,
        "owed_by": min((m.owed_until for _part, m in owed if m.owed_until), default=None),
        "to_correct": [Action(_("去补正"), reverse("bundles:correction", args=[bundle.number]), kind="out")],
        "fees": payments.owed_of_cases([p.case_id for p in parts if p.case_id]) if own else [],
        "visits": visits,
        "be_there": any(day.to_come for day in visits),
        "together": selectors.looked_together(bundle, parts) if own else [],
        "papers": made,
        "allowed": allowed,
        "coming": coming(bundle, parts, request.at, own=own, allowed=allowed),
        # Of her own parts each page has its offers.
        "further": further_of(bundle.number, place="code")
        if not own and any(p.case_id for p in parts)
        else [],
    }
    return render(request, "bundles/progress.html", context)


def _to_answer(asks: HandoverView | None) -> list[Action]:
    """The way to what another system wants corrected."""
    if asks is None:
        return []
    return [Action(_("去补正"), reverse("cases:outside", args=[asks.reference]), kind="out")]


@signed_in
@never_cache
@require_safe
def done(request: Any, number: str) -> HttpResponse:
    """Number, query code, what happens next and by when; the receipt appears here when it is made."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    receipt = next((d for d in documents.documents_of(bundle.pk) if d.kind == "bundle_receipt"), None)
    if request.htmx:
        return render(request, "bundles/_receipt.html", {"bundle": bundle, "receipt": receipt})
    if bundle.status != Bundle.Status.RECEIVED:
        return redirect("bundles:progress", number=bundle.number)
    parts = selectors.parts_of(bundle)
    context = {
        "bundle": bundle,
        "receipt": receipt,
        "rows": [part_row(part, parts) for part in parts],
        "filed": any(part.state in ("due", "filed") for part in parts),
        "licences": selectors.licences(parts),
        "answer": clocks.preview(CORRECTION_NOTICE, legal_day(bundle.received_at)),
        "today": legal_day(request.at),
    }
    return render(request, "bundles/done.html", context)


def part_row(
    part: BundlePart,
    parts: list[BundlePart],
    standing: timetable.Standing | None = None,
    away: HandoverView | None = None,
) -> dict[str, Any]:
    names = {one.code: one.name for one in parts}
    still = standing is not None and standing.ground
    return {
        "part": part,
        "licence": cases.is_licence_type(selectors.item_type(part)),
        "mark": "special" if still else MARKS.get(part.state, "void"),
        "words": standing.ground if standing and still else part.get_state_display(),
        "standing": standing,
        "away": away,
        "after": [names[code] for code in part.after] if part.state == "waiting" else [],
    }


@signed_in
@never_cache
@require_safe
def file(request: Any, number: str, file_id: UUID) -> HttpResponse:
    """A paper of the bundle, or a file that was handed in."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    return file_or_small(request, bundle.pk, file_id)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def withdraw(request: Any, number: str) -> HttpResponse:
    """撤回, after its consequences were told in words."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    if request.method == "POST":
        form = KeyForm(request.POST)
        if form.is_valid():
            try:
                services.withdraw_bundle(
                    bundle_id=bundle.pk, by=request.actor, at=request.at, key=form.cleaned_data["key"]
                )
            except DomainError as refused:
                messages.info(request, refused.message)
            else:
                messages.success(request, _("还没有决定的事项已经撤回。"))
            return redirect("bundles:progress", number=bundle.number)
    context = {
        "bundle": bundle,
        "key": new_id(),
        "action": Action(_("确定撤回"), request.path, kind="warn"),
        "consequences": [
            _("还没有作出决定的事项都撤回，不再审查。"),
            _("已经有结果的事项不受影响。"),
            _("以后还要办，可以重新申请；期限从新的申请重新算。"),
        ],
        "back_url": reverse("bundles:progress", args=[bundle.number]),
    }
    return render(request, "bundles/withdraw.html", context)


@signed_in
@never_cache
@require_safe
def project(request: Any, number: str) -> HttpResponse:
    """The board of one's project: stages, their bundles, their parts."""
    found = selectors.project_visible_to(request.actor, number)
    context = {
        "project": found,
        "board": [
            (one.stage, [_on_board(request, bundle) for bundle in one.bundles])
            for one in selectors.board(found)
        ],
        "today": legal_day(request.at),
    }
    return render(request, "bundles/project.html", context)


def _on_board(request: Any, bundle: Bundle) -> dict[str, Any]:
    parts = list(bundle.parts.all())
    seen = look(bundle, parts, request.at)
    rows = [part_row(part, parts, seen.standing.get(part.code)) for part in parts]
    return {"bundle": bundle, "rows": rows, "seen": seen}
