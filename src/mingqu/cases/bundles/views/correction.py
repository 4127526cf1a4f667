"""补正 of a bundle: what all parts asked for, each material once, chosen and handed in with one form."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.errors import BundleRefusal
from mingqu.cases.bundles.selectors import AskedMaterial
from mingqu.cases.bundles.services import files
from mingqu.cases.errors import MaterialsMissing
from mingqu.cases.forms import KeyForm
from mingqu.cases.models import Bundle
from mingqu.cases.views.uploads import ACCEPT, AT_ONCE_MB, Taken, file_of, take_back, take_each
from mingqu.kernel.ids import new_id
from mingqu.ui.access import signed_in

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]
Wrong = list[tuple[str, str]]


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def correction(request: Any, number: str) -> HttpResponse:
    """What was asked for each material, the files brought so far, and the button that hands all in."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    asked = _asked(bundle)
    if not asked:
        messages.info(request, _("这件“一件事”现在没有要补正的材料。"))
        return redirect("bundles:progress", number=bundle.number)
    if request.method != "POST":
        return _page(request, bundle, asked, [])

    def keep(code: str, uploads: Any) -> object:
        return files.add_correction_files(
            bundle=bundle, material=code, uploads=uploads, by=request.actor, at=request.at
        )

    taken = take_each(request, [one.code for one in asked], keep)
    if request.htmx:
        return _one_row(request, bundle, asked, taken)
    wrong = [(code, words) for code, one in taken.items() for words in one.errors]
    if wrong:
        return _page(request, bundle, asked, wrong)
    if kept := sum(one.kept for one in taken.values()):
        messages.success(request, Taken(kept).words)
    then = request.POST.get("then", "")
    if then.startswith("remove:"):
        return _to_remove(bundle, then.removeprefix("remove:"))
    if then:
        return redirect("bundles:correction", number=bundle.number)
    return _hand_in(request, bundle, asked)


def _hand_in(request: Any, bundle: Bundle, asked: list[AskedMaterial]) -> HttpResponse:
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, bundle, asked, [("", _("页面没有传完整，请再点一次。"))])
    try:
        services.supplement_bundle(
            bundle_id=bundle.pk, by=request.actor, at=request.at, key=form.cleaned_data["key"]
        )
    except (MaterialsMissing, BundleRefusal) as refused:
        return _page(request, bundle, asked, [("", refused.message)])
    messages.success(request, _("补正材料已经交上，正在分送各部门。"))
    return redirect("bundles:progress", number=bundle.number)


def _asked(bundle: Bundle) -> list[AskedMaterial]:
    return selectors.asked_materials(bundle, selectors.parts_of(bundle))


def _to_remove(bundle: Bundle, file_id: str) -> HttpResponse:
    known = {str(f.id) for found in cases.waiting_uploads(bundle.pk).values() for f in found}
    if file_id not in known:
        return redirect("bundles:correction", number=bundle.number)
    return redirect("bundles:correction_remove", number=bundle.number, file_id=file_id)


def _page(request: Any, bundle: Bundle, asked: list[AskedMaterial], wrong: Wrong) -> HttpResponse:
    waiting = cases.waiting_uploads(bundle.pk)
    context = {
        "bundle": bundle,
        "rows": [_row(one, waiting, [words for code, words in wrong if code == one.code]) for one in asked],
        "missing": [one.name for one in asked if not waiting.get(one.code)],
        "accept": ACCEPT,
        "at_once": AT_ONCE_MB,
        "errors": wrong,
        "key": new_id(),
    }
    return render(request, "bundles/correction.html", context, status=WRONG if wrong else 200)


def _row(one: AskedMaterial, waiting: Any, errors: list[str]) -> dict[str, Any]:
    return {"one": one, "files": waiting.get(one.code, []), "errors": errors}


def _one_row(
    request: Any, bundle: Bundle, asked: list[AskedMaterial], taken: dict[str, Taken]
) -> HttpResponse:
    """The answer to a file that was sent as it was chosen; HTMX swaps only what came well."""
    code = request.GET.get("of", "")
    one = next((one for one in asked if one.code == code), None)
    if one is None:
        return HttpResponse(status=404)
    waiting, found = cases.waiting_uploads(bundle.pk), taken.get(code) or Taken()
    context = {
        "bundle": bundle,
        "row": _row(one, waiting, found.errors),
        "missing": [one.name for one in asked if not waiting.get(one.code)],
        "accept": ACCEPT,
        "said": found,
    }
    return render(request, "bundles/_corrected.html", context)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def remove(request: Any, number: str, file_id: UUID) -> HttpResponse:
    """Take a file back before handing in, after a last question."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    code, file = file_of(cases.waiting_uploads(bundle.pk), file_id)
    return take_back(
        request,
        file,
        f"{reverse('bundles:correction', args=[bundle.number])}#m-{code}",
        lambda: files.remove_correction_file(bundle=bundle, file_id=file_id, by=request.actor),
    )
