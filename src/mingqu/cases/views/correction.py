"""补正: opens at what was asked, takes the files, hands them in; and taking an application back."""

from collections.abc import Sequence
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
from mingqu.cases.errors import AlreadyEnded, AnswersMissing, MaterialsMissing, NotAwaitingCorrection
from mingqu.cases.forms import KeyForm
from mingqu.cases.models import AskedAnswer, Bundle, Case, CaseMaterial
from mingqu.cases.services import answers
from mingqu.cases.services.files import add_correction_files, remove_correction_file
from mingqu.cases.views.shared import GET_OR_POST, WRONG
from mingqu.cases.views.uploads import ACCEPT, Taken, file_of, take, take_back
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import FileView
from mingqu.forms.services import PageForm, html_name
from mingqu.forms.services import rows as rows_of
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import on_behalf
from mingqu.ui.types import Action

ANSWERS, END = "answers", "_end"


@on_behalf("case.supplement")
@never_cache
@require_http_methods(GET_OR_POST)
def correction(request: Any, number: str) -> HttpResponse:
    """What was asked for each material, the files brought so far, and the button that hands all in."""
    case = selectors.case_visible_to(request.actor, number)
    if case.bundle_id and selectors.asked_answers(case):  # one form of all parts: changed there, once
        number = Bundle.objects.values_list("number", flat=True).get(pk=case.bundle_id)
        return redirect("bundles:correction", number=number)
    if request.method == "POST":
        return _keep_answers(request, case) if request.POST.get("act") == ANSWERS else _hand_in(request, case)
    if case.status != Case.Status.CORRECTION:
        return _too_late(request, case, NotAwaitingCorrection())
    return _page(request, case)


def _keep_answers(request: Any, case: Case) -> HttpResponse:
    """The fields of the form that were asked for, typed anew; they wait until all is handed in."""
    if END not in request.POST:
        return _page(request, case, errors=[_("页面没有传完整，请再点一次。")])
    asked = selectors.asked_answers(case)
    form = answers.page_of(case, asked, request.at, request.POST)
    try:
        if form.is_valid():
            answers.keep_answers(case_id=case.pk, changes=form.changes, by=request.actor, at=request.at)
            messages.success(request, _("改好的内容已经保存，还没有交上。"))
            return redirect(f"{reverse('cases:correction', args=[case.number])}#go")
    except NotAwaitingCorrection as refused:
        return _too_late(request, case, refused)
    return _page(request, case, typed=form)


def _hand_in(request: Any, case: Case) -> HttpResponse:
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, case, errors=[_("页面没有传完整，请再点一次。")])
    try:
        services.supplement_case(
            case_id=case.pk, by=request.actor, at=request.at, key=form.cleaned_data["key"]
        )
    except (AnswersMissing, MaterialsMissing) as refused:
        return _page(request, case, errors=[refused.message])
    except NotAwaitingCorrection as refused:
        return _too_late(request, case, refused)
    messages.success(request, _("补正的材料已经交上。"))
    return redirect("cases:progress", number=case.number)


def _too_late(request: Any, case: Case, refused: DomainError) -> HttpResponse:
    """A stale page: the case went on meanwhile, its own page says where it is."""
    messages.info(request, refused.message)
    return redirect("cases:progress", number=case.number)


def _page(
    request: Any,
    case: Case,
    *,
    taken: Taken | None = None,
    at: str = "",
    errors: list[str] | None = None,
    typed: PageForm | None = None,
) -> HttpResponse:
    shown = {file.id: file for file in documents.files_of(case.pk)}
    pending = selectors.waiting_uploads(case.pk)
    before: dict[str, list[FileView]] = {}
    for row in selectors.files_of(case):
        before.setdefault(row.material_code, []).append(shown[row.file_id])
    asked = [m for m in selectors.materials_of(case) if m.state == CaseMaterial.State.ASKED]
    explain = {m.code: m.explain for m in selectors.definition_of(case).materials}
    rows = [
        _row(case, material, pending, before, explain, taken if material.code == at else None)
        for material in asked
    ]
    wanted = selectors.asked_answers(case)
    missing = [row.name for row in wanted if not row.given]
    missing += [m.name for m in asked if not pending.get(m.code)]
    if request.htmx:
        own = next(row for row in rows if row["material"].code == at)
        return render(request, "cases/_upload.html", own | {"missing": missing})
    context = {
        "case": case,
        "organ": identity.department(case.department_id).name,
        "rows": rows,
        "missing": missing,
        **_form(request, case, wanted, typed),
        "key": new_id(),
        "errors": errors or [],
    }
    failed = errors or typed is not None or (taken and taken.errors)
    return render(request, "cases/correction.html", context, status=WRONG if failed else 200)


def _form(request: Any, case: Case, wanted: Sequence[AskedAnswer], typed: PageForm | None) -> dict[str, Any]:
    """The fields asked for, each with what about it; and the rest of the form, to be read only."""
    if not wanted:
        return {}
    form = typed if typed is not None else answers.page_of(case, wanted, request.at)
    paths = {row.path for row in wanted}
    return {
        "form": form,
        "fields": [(row, form[html_name(row.path)]) for row in wanted],
        "locked": [
            row
            for row in rows_of(answers.schema_of(case), case.answers or {}, reveal=True)
            if row.path not in paths
        ],
    }


def _row(
    case: Case,
    material: CaseMaterial,
    pending: dict[str, list[FileView]],
    before: dict[str, list[FileView]],
    explain: dict[str, str],
    taken: Taken | None,
) -> dict[str, Any]:
    return {
        "material": material,
        "explain": explain.get(material.code, ""),
        "before": [
            (f, reverse("cases:file", args=[case.number, f.id])) for f in before.get(material.code, [])
        ],
        "files": [(f, *_links(case, f)) for f in pending.get(material.code, [])],
        "taken": taken or Taken(),
        "accept": ACCEPT,
        "upload_url": reverse("cases:correction_upload", args=[case.number, material.code]),
    }


def _links(case: Case, file: FileView) -> tuple[str, str]:
    args = [case.number, file.id]
    return reverse("cases:file", args=args), reverse("cases:correction_remove", args=args)


@on_behalf("case.supplement")
@never_cache
@require_POST
def upload(request: Any, number: str, code: str) -> HttpResponse:
    """Files for one asked material; they wait until all is handed in."""
    case = selectors.case_visible_to(request.actor, number)
    try:
        taken = take(
            request,
            lambda uploads: add_correction_files(
                case_id=case.pk, material=code, uploads=uploads, by=request.actor, at=request.at
            ),
        )
    except NotAwaitingCorrection as refused:
        if request.htmx:
            raise
        return _too_late(request, case, refused)
    if request.htmx or taken.errors:
        return _page(request, case, taken=taken, at=code)
    messages.success(request, taken.words)
    return redirect(f"{reverse('cases:correction', args=[case.number])}#m-{code}")


@on_behalf("case.supplement")
@never_cache
@require_http_methods(GET_OR_POST)
def remove(request: Any, number: str, file_id: UUID) -> HttpResponse:
    """Take a file back before handing in, after a last question."""
    case = selectors.case_visible_to(request.actor, number)
    code, file = file_of(selectors.waiting_uploads(case.pk), file_id)
    return take_back(
        request,
        file,
        f"{reverse('cases:correction', args=[case.number])}#m-{code}",
        lambda: remove_correction_file(case_id=case.pk, file_id=file_id, by=request.actor),
    )


@on_behalf("case.withdraw")
@never_cache
@require_http_methods(GET_OR_POST)
def withdraw(request: Any, number: str) -> HttpResponse:
    """撤回申请, after its consequences were told in words."""
    case = selectors.case_visible_to(request.actor, number)
    if request.method == "POST":
        form = KeyForm(request.POST)
        if form.is_valid():
            try:
                services.withdraw_case(
                    case_id=case.pk, by=request.actor, at=request.at, key=form.cleaned_data["key"]
                )
            except AlreadyEnded as refused:
                return _too_late(request, case, refused)
            messages.success(request, _("申请已经撤回。"))
            return redirect("cases:progress", number=case.number)
    if "case.withdraw" not in selectors.actions_now(request.actor, case):
        return _too_late(request, case, AlreadyEnded())
    context = {
        "case": case,
        "key": new_id(),
        "action": Action(_("确定撤回"), request.path, kind="warn"),
        "consequences": [
            _("这件申请到此为止，不再审查，也不会有决定。"),
            _("已交的材料不退，和这件办件一起存档。"),
            _("以后还要办，可以随时重新申请；期限从新的申请重新算。"),
            _("撤回以后不能恢复。只是想改材料的，请不要撤回，打电话问一下怎么改。"),
        ],
        "back_url": reverse("cases:progress", args=[case.number]),
    }
    return render(request, "cases/withdraw.html", context)
