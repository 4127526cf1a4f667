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
from mingqu.cases.bundles.selectors.asking import AskedField, asked_fields
from mingqu.cases.bundles.services import answers, files
from mingqu.cases.errors import AnswersMissing, FormIncomplete, MaterialsMissing
from mingqu.cases.forms import KeyForm
from mingqu.cases.models import Bundle
from mingqu.cases.views.uploads import ACCEPT, AT_ONCE_MB, Taken, file_of, take_back, take_each
from mingqu.forms.services import PageForm, html_name
from mingqu.kernel.ids import new_id
from mingqu.ui.access import signed_in

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]
ANSWERS, END = "answers", "_end"
Wrong = list[tuple[str, str]]


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def correction(request: Any, number: str) -> HttpResponse:
    """What was asked for each material, the files brought so far, and the button that hands all in."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    asked, fields = _asked(bundle)
    if not asked and not fields:
        messages.info(request, _("这件“一件事”现在没有要补正的材料。"))
        return redirect("bundles:progress", number=bundle.number)
    if request.method != "POST":
        return _page(request, bundle, asked, [])
    if request.POST.get("act") == ANSWERS:
        return _keep_answers(request, bundle, asked, fields)

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
    except (AnswersMissing, MaterialsMissing, BundleRefusal) as refused:
        return _page(request, bundle, asked, [("", refused.message)])
    messages.success(request, _("补正材料已经交上，正在分送各部门。"))
    return redirect("bundles:progress", number=bundle.number)


def _keep_answers(
    request: Any, bundle: Bundle, asked: list[AskedMaterial], fields: list[AskedField]
) -> HttpResponse:
    """The questions of the one form that were asked for, typed anew; they wait until all is handed in."""
    if END not in request.POST:
        return _page(request, bundle, asked, [("", _("页面没有传完整，请再点一次。"))])
    form = answers.page_of(bundle, fields, request.at, request.POST)
    if not form.is_valid():
        return _page(request, bundle, asked, [], typed=form)
    try:
        answers.keep_answers(bundle_id=bundle.pk, changes=form.changes, by=request.actor, at=request.at)
    except (FormIncomplete, BundleRefusal) as refused:
        return _page(request, bundle, asked, [("", refused.message)], typed=form)
    messages.success(request, _("改好的内容已经保存，还没有交上。"))
    return redirect(f"{reverse('bundles:correction', args=[bundle.number])}#go")


def _asked(bundle: Bundle) -> tuple[list[AskedMaterial], list[AskedField]]:
    parts = selectors.parts_of(bundle)
    return selectors.asked_materials(bundle, parts), asked_fields(bundle, parts)


def _missing(asked: list[AskedMaterial], fields: list[AskedField], waiting: Any) -> list[str]:
    """Names of what nothing stands for yet."""
    return [one.name for one in fields if not one.given] + [
        one.name for one in asked if not waiting.get(one.code)
    ]


def _to_remove(bundle: Bundle, file_id: str) -> HttpResponse:
    known = {str(f.id) for found in cases.waiting_uploads(bundle.pk).values() for f in found}
    if file_id not in known:
        return redirect("bundles:correction", number=bundle.number)
    return redirect("bundles:correction_remove", number=bundle.number, file_id=file_id)


def _page(
    request: Any,
    bundle: Bundle,
    asked: list[AskedMaterial],
    wrong: Wrong,
    *,
    typed: PageForm | None = None,
) -> HttpResponse:
    waiting, fields = cases.waiting_uploads(bundle.pk), _asked(bundle)[1]
    form = typed
    if fields and form is None:
        form = answers.page_of(bundle, fields, request.at)
    context = {
        "bundle": bundle,
        "rows": [_row(one, waiting, [words for code, words in wrong if code == one.code]) for one in asked],
        "form": form,
        "fields": [(one, form[html_name(one.path)]) for one in fields] if form else [],
        "missing": _missing(asked, fields, waiting),
        "accept": ACCEPT,
        "at_once": AT_ONCE_MB,
        "errors": wrong,
        "key": new_id(),
    }
    return render(
        request, "bundles/correction.html", context, status=WRONG if wrong or typed is not None else 200
    )


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
        "missing": _missing(asked, _asked(bundle)[1], waiting),
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
