"""机构和人员导入: a table is handed in, shown as what it would change, and done by a second officer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity import org_lists, selectors
from mingqu.identity.admin_forms import AgreeImportForm, DeedForm, OrgFileForm
from mingqu.identity.models import OrgImport
from mingqu.identity.org_plan import COLUMNS, WORDS, Plan
from mingqu.identity.services import access, org_import
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import staff

WRONG = 400
EXAMPLES = [
    ["QH-SWJ", "清禾区水务局", "", "990104000000", "", "QH-SWJ-CB", "取水许可承办岗", "承办人",
     "zhang.san", "张三", "", "", "", "", "", ""],
    ["QH-SWJ", "", "", "", "", "QH-SWJ-CB", "", "", "li.si", "李四", "", "2027-06-30", "zhang.san", "", "", ""],
    ["QH-SWJ", "", "", "", "", "QH-SWJ-CB", "", "审核人", "", "", "", "", "", "990104000000", "不限", "行政许可"],
]  # fmt: skip


@staff("identity.see_accounts")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Any) -> HttpResponse:
    """The tables there are, and handing one in."""
    form, status, may = OrgFileForm(), 200, access.may(request.actor, org_import.BRING)
    if request.method == "POST":
        form, status = OrgFileForm(request.POST, files=request.FILES), WRONG
        if form.is_valid():
            given = form.cleaned_data["file"]
            try:
                made = org_import.bring(
                    data=given.read(), name=given.name, by=request.actor, at=request.at, key=form.command_key
                )
            except DomainError as refused:
                refused.field = "file"
                status = form.tell(refused)
            else:
                return redirect("identity:org_import", made)
    rows = org_lists.imports()
    names = selectors.names_of({one.brought_by for one in rows})
    context = {
        "rows": [(one, names.get(one.brought_by, "")) for one in rows],
        "form": form if may else None,
        "columns": COLUMNS,
    }
    return render(request, "identity/org_imports.html", context, status=status)


@staff("identity.see_accounts")
@never_cache
@require_GET
def one(request: Any, import_id: UUID) -> HttpResponse:
    return _page(request, _known(import_id))


def _known(import_id: UUID) -> OrgImport:
    row = org_lists.import_of(import_id)
    if row is None:
        raise NotFound()
    return row


def _page(request: Any, row: OrgImport, problem: str = "", status: int = 200) -> HttpResponse:
    waiting = row.state == OrgImport.State.WAITING
    plan = org_lists.plan_of(row, legal_day(request.at)) if waiting else Plan((), ())
    own = row.brought_by == request.actor.id
    names = selectors.names_of({one for one in (row.brought_by, row.closed_by) if one})
    kinds = [(WORDS[kind], [one for one in plan.changes if one.kind == kind]) for kind in WORDS]
    context = {
        "row": row,
        "waiting": waiting,
        "plan": plan,
        "kinds": [(words, found) for words, found in kinds if found],
        "brought_by": names.get(row.brought_by, ""),
        "closed_by": names.get(row.closed_by, "") if row.closed_by else "",
        "may_agree": not own and access.may(request.actor, org_import.AGREE),
        "may_drop": waiting and _may_drop(request, row, own=own),
        "form": DeedForm(),
        "problem": problem,
    }
    return render(request, "identity/org_import.html", context, status=status)


def _may_drop(request: Any, row: OrgImport, *, own: bool) -> bool:
    if own:
        return access.may(request.actor, org_import.BRING)
    may = access.may(request.actor, org_import.AGREE)
    return may and org_import.line_outside(row, request.actor) is None


@staff("identity.agree_organisation")
@never_cache
@require_POST
def agree(request: Any, import_id: UUID) -> HttpResponse:
    """All of it or nothing, as it stood on the page."""
    row, form = _known(import_id), AgreeImportForm(request.POST)
    if not form.is_valid():
        return _page(request, row, "这一页不完整，请再看一遍要改的，再复核。", WRONG)
    try:
        many = org_import.agree(
            import_id=import_id,
            digest=form.cleaned_data["digest"],
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        return _page(request, _known(import_id), refused.message, refused.status)
    messages.success(request, f"已导入，一共{many}处改动。新账号要先由系统管理员给临时密码，才能登录。")
    return redirect("identity:org_import", import_id)


@staff("identity.see_accounts")
@never_cache
@require_POST
def drop(request: Any, import_id: UUID) -> HttpResponse:
    row, form = _known(import_id), DeedForm(request.POST)
    if not form.is_valid():
        return _page(request, row, "请再点一次。", WRONG)
    try:
        org_import.drop(import_id=import_id, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        return _page(request, row, refused.message, refused.status)
    messages.success(request, "已作废，什么都没有改。")
    return redirect("identity:org_imports")


@staff("identity.see_accounts")
@never_cache
@require_GET
def wrong(request: Any, import_id: UUID) -> HttpResponse:
    """The rows that can't be brought in, with what is wrong with each."""
    rows = org_lists.wrong_rows(_known(import_id), legal_day(request.at))
    answer = HttpResponse(book("不能导入的行", ("第几行", "什么问题", *COLUMNS), rows), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, "不能导入的行.xlsx") or ""
    return answer


@staff("identity.see_accounts")
@never_cache
@require_GET
def template(request: Any) -> HttpResponse:
    """Empty with two examples, or (`now=1`) with what there is, to be changed and handed in again."""
    filled = request.GET.get("now") == "1"
    rows = org_lists.present(legal_day(request.at)) if filled else EXAMPLES
    answer = HttpResponse(book("机构和人员", COLUMNS, rows), content_type=XLSX)
    name = f"机构和人员-{legal_day(request.at):%Y%m%d}.xlsx" if filled else "机构和人员-模板.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
