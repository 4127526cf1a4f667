"""One's own bundle: how far each part is, what has to be corrected, taking it back; one's project."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.errors import BundleRefusal
from mingqu.cases.bundles.services import files
from mingqu.cases.errors import MaterialsMissing
from mingqu.cases.forms import KeyForm
from mingqu.cases.models import Bundle, BundlePart
from mingqu.cases.views.uploads import ACCEPT, Taken, take
from mingqu.documents import selectors as documents
from mingqu.documents import services as papers
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import signed_in
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
    bundle = selectors.bundle_visible_to(request.actor, number)
    parts = selectors.parts_of(bundle)
    made = [
        (paper, reverse("bundles:file", args=[bundle.number, paper.file_id]))
        for paper in documents.documents_of(bundle.pk)
        if paper.file_id
    ]
    context = {
        "bundle": bundle,
        "rows": [part_row(part, parts) for part in parts],
        "limits": selectors.limits(bundle, parts),
        "asked": selectors.asked_materials(bundle, parts),
        "to_correct": [Action(_("去补正"), reverse("bundles:correction", args=[bundle.number]), kind="out")],
        "papers": made,
        "allowed": selectors.actions_now(request.actor, bundle),
    }
    return render(request, "bundles/progress.html", context)


def part_row(part: BundlePart, parts: list[BundlePart]) -> dict[str, Any]:
    names = {one.code: one.name for one in parts}
    return {
        "part": part,
        "mark": MARKS.get(part.state, "void"),
        "words": part.get_state_display(),
        "after": [names[code] for code in part.after] if part.state == "waiting" else [],
    }


@signed_in
@never_cache
@require_safe
def file(request: Any, number: str, file_id: UUID) -> HttpResponse:
    """A paper of the bundle, or a file that was handed in."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    return papers.file_response(bundle.pk, file_id, inline=True)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def correction(request: Any, number: str) -> HttpResponse:
    """What all parts asked for, each material once, handed in together."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    asked = selectors.asked_materials(bundle, selectors.parts_of(bundle))
    if not asked:
        messages.info(request, _("这件“一件事”现在没有要补正的材料。"))
        return redirect("bundles:progress", number=bundle.number)
    errors: list[str] = []
    if request.method == "POST":
        form = KeyForm(request.POST)
        if form.is_valid():
            try:
                services.supplement_bundle(
                    bundle_id=bundle.pk, by=request.actor, at=request.at, key=form.cleaned_data["key"]
                )
            except (MaterialsMissing, BundleRefusal) as refused:
                errors = [refused.message]
            else:
                messages.success(request, _("补正材料已经交上，正在分送各部门。"))
                return redirect("bundles:progress", number=bundle.number)
    return _correction_page(request, bundle, Taken(errors=errors))


@signed_in
@never_cache
@require_POST
def correction_upload(request: Any, number: str, code: str) -> HttpResponse:
    bundle = selectors.bundle_visible_to(request.actor, number)
    taken = take(
        request,
        lambda uploads: files.add_correction_files(
            bundle=bundle, material=code, uploads=uploads, by=request.actor, at=request.at
        ),
    )
    if taken.errors:
        return _correction_page(request, bundle, taken)
    messages.success(request, taken.words)
    return redirect(f"{reverse('bundles:correction', args=[bundle.number])}#m-{code}")


@signed_in
@never_cache
@require_POST
def correction_remove(request: Any, number: str, file_id: UUID) -> HttpResponse:
    bundle = selectors.bundle_visible_to(request.actor, number)
    files.remove_correction_file(bundle=bundle, file_id=file_id, by=request.actor)
    messages.success(request, _("已撤下这个文件。"))
    return redirect("bundles:correction", number=bundle.number)


def _correction_page(request: Any, bundle: Bundle, taken: Taken) -> HttpResponse:
    waiting = cases.waiting_uploads(bundle.pk)
    asked = selectors.asked_materials(bundle, selectors.parts_of(bundle))
    context = {
        "bundle": bundle,
        "rows": [{"one": one, "files": waiting.get(one.code, [])} for one in asked],
        "missing": [one.name for one in asked if not waiting.get(one.code)],
        "accept": ACCEPT,
        "errors": taken.errors,
        "key": new_id(),
    }
    return render(request, "bundles/correction.html", context, status=WRONG if taken.errors else 200)


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
            (
                one.stage,
                [
                    (bundle, [part_row(p, list(bundle.parts.all())) for p in bundle.parts.all()])
                    for bundle in one.bundles
                ],
            )
            for one in selectors.board(found)
        ],
    }
    return render(request, "bundles/project.html", context)
