"""容缺补齐: what was promised to follow, until when; its files are brought here, all of them or some."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.cases import selectors, services
from mingqu.cases.errors import NotBrought, NothingBrought, NothingOwed
from mingqu.cases.forms import KeyForm
from mingqu.cases.models import Case, CaseMaterial
from mingqu.cases.services.files import add_owed_files, remove_owed_file
from mingqu.cases.views.shared import GET_OR_POST, WRONG
from mingqu.cases.views.uploads import ACCEPT, Taken, file_of, take, take_back
from mingqu.documents.selectors import FileView
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import on_behalf


@on_behalf("case.bring_owed")
@never_cache
@require_http_methods(GET_OR_POST)
def owed(request: Any, number: str) -> HttpResponse:
    """Each owed material with its last day and the files brought so far, and the button that hands them in."""
    case = selectors.case_visible_to(request.actor, number)
    if request.method == "POST":
        return _hand_in(request, case)
    if gone := _nothing_to_bring(case):
        return _gone(request, case, gone)
    return _page(request, case)


def _hand_in(request: Any, case: Case) -> HttpResponse:
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, case, errors=[_("页面没有传完整，请再点一次。")])
    try:
        services.bring_owed(case_id=case.pk, by=request.actor, at=request.at, key=form.cleaned_data["key"])
    except NothingBrought as refused:
        return _page(request, case, errors=[refused.message])
    except (NotBrought, NothingOwed) as refused:
        return _gone(request, case, refused)
    messages.success(request, _("补交的材料已经交上。"))
    return redirect("cases:progress", number=case.number)


def _nothing_to_bring(case: Case) -> DomainError | None:
    if case.status != Case.Status.ACCEPTED:
        return NotBrought()
    return None if selectors.owed_materials(case) else NothingOwed()


def _gone(request: Any, case: Case, refused: DomainError) -> HttpResponse:
    """A stale page: the case went on meanwhile, its own page says where it is."""
    messages.info(request, refused.message)
    return redirect("cases:progress", number=case.number)


def _page(
    request: Any, case: Case, *, taken: Taken | None = None, at: str = "", errors: list[str] | None = None
) -> HttpResponse:
    pending = selectors.waiting_uploads(case.pk)
    explain = {m.code: m.explain for m in selectors.definition_of(case).materials}
    found = selectors.owed_materials(case)
    rows = [
        _row(case, material, pending, explain, taken if material.code == at else None) for material in found
    ]
    if request.htmx:
        own = next(row for row in rows if row["material"].code == at)
        return render(request, "cases/_upload.html", own)
    context = {
        "case": case,
        "organ": identity.department(case.department_id).name,
        "rows": rows,
        "until": min((m.owed_until for m in found if m.owed_until), default=None),
        "today": legal_day(request.at),
        "key": new_id(),
        "errors": errors or [],
    }
    failed = errors or (taken and taken.errors)
    return render(request, "cases/owed.html", context, status=WRONG if failed else 200)


def _row(
    case: Case,
    material: CaseMaterial,
    pending: dict[str, list[FileView]],
    explain: dict[str, str],
    taken: Taken | None,
) -> dict[str, Any]:
    return {
        "material": material,
        "explain": explain.get(material.code, ""),
        "files": [(f, *_links(case, f)) for f in pending.get(material.code, [])],
        "taken": taken or Taken(),
        "accept": ACCEPT,
        "upload_url": reverse("cases:owed_upload", args=[case.number, material.code]),
    }


def _links(case: Case, file: FileView) -> tuple[str, str]:
    args = [case.number, file.id]
    return reverse("cases:file", args=args), reverse("cases:owed_remove", args=args)


@on_behalf("case.bring_owed")
@never_cache
@require_POST
def upload(request: Any, number: str, code: str) -> HttpResponse:
    """Files for one owed material; they wait until they are handed in."""
    case = selectors.case_visible_to(request.actor, number)
    try:
        taken = take(
            request,
            lambda uploads: add_owed_files(
                case_id=case.pk, material=code, uploads=uploads, by=request.actor, at=request.at
            ),
        )
    except (NotBrought, NothingOwed) as refused:
        if request.htmx:
            raise
        return _gone(request, case, refused)
    if request.htmx or taken.errors:
        return _page(request, case, taken=taken, at=code)
    messages.success(request, taken.words)
    return redirect(f"{reverse('cases:owed', args=[case.number])}#m-{code}")


@on_behalf("case.bring_owed")
@never_cache
@require_http_methods(GET_OR_POST)
def remove(request: Any, number: str, file_id: UUID) -> HttpResponse:
    """Take a file back before handing in, after a last question."""
    case = selectors.case_visible_to(request.actor, number)
    code, file = file_of(selectors.waiting_uploads(case.pk), file_id)
    return take_back(
        request,
        file,
        f"{reverse('cases:owed', args=[case.number])}#m-{code}",
        lambda: remove_owed_file(case_id=case.pk, file_id=file_id, by=request.actor),
    )
