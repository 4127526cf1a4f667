"""Pages of bundles."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mingqu.cases.bundles import selectors
from mingqu.ui.access import signed_in


@signed_in
@never_cache
@require_safe
def progress(request: Any, number: str) -> HttpResponse:
    """The applicant's own view of her bundle and its parts."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    parts = selectors.parts_of(bundle)
    context = {
        "bundle": bundle,
        "parts": parts,
        "limits": selectors.limits(bundle, parts),
        "asked": selectors.asked_materials(bundle, parts),
        "allowed": selectors.actions_now(request.actor, bundle),
    }
    return render(request, "bundles/progress.html", context)
