"""Originals of applicants: what is in my drawer, the slip between two departments, what is given back."""

import io
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.across import selectors as across
from mingqu.cases import selectors as cases
from mingqu.documents import services as documents
from mingqu.hall import selectors as halls
from mingqu.hall import services
from mingqu.hall.types import PaperView, Returned
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX
from mingqu.ui.access import staff
from mingqu.ui.forms import tell
from mingqu.workbench import services as services_of_desk
from mingqu.workbench.paper_forms import CountForm, FindForm, KeepForm, ReturnForm, SendForm, words_of

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
PAGE = 50
MOST_ROWS = 2000  # of a file
ON_PAPER = "在纸上签名"


@staff("paper.keep")
@never_cache
@require_http_methods(GET_OR_POST)
def drawer(request: Any) -> HttpResponse:
    """What is still in my drawer; posted: the papers that are chosen go to a department."""
    if request.method != "POST":
        return _drawer(request)
    form = SendForm(_departments(request), request.POST)
    if form.is_valid():
        try:
            number = services.send_papers(
                chosen=_chosen(request.POST.getlist("paper")),
                department_id=form.cleaned_data["department"],
                by=request.actor,
                at=request.at,
                key=form.command_key,
            )
        except DomainError as refused:
            return _drawer(request, form=form, status=form.tell(refused))
        messages.success(request, "材料交接单已开出。打印出来随材料走，对方点数签收以前材料还算在您手里。")
        return redirect("workbench:paper_slip", number)
    return _drawer(request, form=form, status=WRONG)


def _drawer(
    request: Any, *, form: SendForm | None = None, find: FindForm | None = None, status: int = 200
) -> HttpResponse:
    rows = halls.papers_in_hands(request.actor, after=_after(request.GET.get("after", "")), limit=PAGE + 1)
    slips = halls.slips_of(request.actor, limit=PAGE)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = f"?{urlencode({'after': f'{last.kept_at.isoformat()}_{last.id}'})}" if last else ""
    context = {
        "rows": rows[:PAGE],
        "next_url": f"{reverse('workbench:paper')}{following}" if following else "",
        "picked": request.POST.getlist("paper"),
        "to_sign": halls.slips_to_sign(request.actor),
        "slips": slips,
        "form": form or SendForm(_departments(request)),
        "given": form,
        "find": find or FindForm(auto_id="find_%s"),
    }
    return render(request, "workbench/paper.html", context, status=status)


def _after(text: str) -> tuple[datetime, UUID] | None:
    """None for what is no cursor: a stale link shows the first page."""
    moment, _, paper = text.partition("_")
    try:
        found = datetime.fromisoformat(moment)
        return (found, UUID(paper)) if found.tzinfo else None
    except ValueError:
        return None


def _chosen(values: list[str]) -> list[tuple[UUID, UUID]]:
    """(case, paper) of each tick; what is none is left out, and nothing left is refused by the command."""
    found = []
    for value in values:
        case_id, _, paper_id = value.partition(":")
        try:
            found.append((UUID(case_id), UUID(paper_id)))
        except ValueError:
            continue
    return found


def _departments(request: Any) -> list[tuple[str, str]]:
    """
    Of the district of the acting post, then of districts whose halls receive for it (通办); its own last, for the
    hand-over of a shift.
    """
    post = identity.acting_post(request.actor)
    if post is None:
        return []
    own = identity.department(post.department_id)
    found = identity.departments_within(f"{own.region_code[:6]}000000")
    others = [(str(one.id), one.name) for one in found if one.id != own.id]
    others += [
        (str(pk), f"{name}（通办）") for pk, name in across.partners(request.actor, legal_day(request.at))
    ]
    return [*others, (str(own.id), f"{own.name}（换班：由本部门另一个岗位签收）")]


@staff("paper.keep")
@never_cache
@require_POST
def find(request: Any) -> HttpResponse:
    """A slip by its number; a paper or a case by the number of the case."""
    form = FindForm(request.POST, auto_id="find_%s")
    if not form.is_valid():
        return _drawer(request, find=form, status=WRONG)
    wanted = form.cleaned_data["number"].rstrip("/").rsplit("/", 1)[-1]
    try:
        if wanted.startswith("JJ"):
            return redirect("workbench:paper_slip", halls.slip_of_number(request.actor, wanted).number)
        case = cases.case_visible_to(request.actor, wanted.partition("-")[0])
    except DomainError as refused:
        refused.field = "number"
        return _drawer(request, find=form, status=tell(form, refused))
    return redirect("workbench:paper_case", case.number)


@staff("paper.keep")
@never_cache
@require_POST
def export(request: Any) -> HttpResponseBase:
    """The drawer as a file; that it was taken is written down."""
    rows = halls.papers_in_hands(request.actor, limit=MOST_ROWS)
    made = services_of_desk.export_papers(rows=rows, by=request.actor, at=request.at)
    name = f"在我手里的材料-{legal_day(request.at):%Y%m%d}.xlsx"
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)


# One slip ---------------------------------------------------------------------------------------------------------


@staff("paper.keep")
@never_cache
@require_http_methods(GET_OR_POST)
def slip(request: Any, number: str) -> HttpResponse:
    """材料交接单: to print, to count and sign. Posted by who signs."""
    found = halls.slip_of_number(request.actor, number)
    lines = halls.lines_of_slip(found.id)
    form, status = CountForm(lines, request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                state = services.receive_papers(
                    slip_id=found.id,
                    counted=form.counted,
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                _say_signed(request, state)
                return redirect("workbench:paper_slip", number)
    context = {
        "slip": found,
        "lines": lines,
        "turn": words_of(found),
        "form": form,
        "qr": _qr(f"{settings.MINGQU_BASE_URL}{reverse('workbench:paper_slip', args=[found.number])}"),
        "key": new_id(),
        "total": sum(line.copies for line in lines),
    }
    return render(request, "workbench/paper_slip.html", context, status=status)


def _say_signed(request: Any, state: str) -> None:
    if state == "differs":
        messages.warning(request, "已签收点到齐的。没有点齐的整份退给交出的人，他的工作台上会提示。")
    else:
        messages.success(request, "已签收，材料在您手里了。")


def _qr(text: str) -> SafeString:
    return mark_safe(documents.qr_svg(text))  # noqa: S308 - drawn by segno from our own address and number


@staff("paper.call_back")
@never_cache
@require_POST
def call_back(request: Any, number: str) -> HttpResponse:
    """A slip made out wrongly, before anybody signed."""
    found = halls.slip_of_number(request.actor, number)
    form = CountForm([], request.POST)
    if not form.is_valid():
        messages.error(request, "这一页放得太久了，请再按一次。")
        return redirect("workbench:paper_slip", number)
    try:
        services.call_back_slip(slip_id=found.id, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("workbench:paper_slip", number)
    messages.success(request, "已撤回，材料还在您手里。")
    return redirect("workbench:paper")


# One case ---------------------------------------------------------------------------------------------------------


@staff("paper.keep")
@never_cache
@require_http_methods(GET_OR_POST)
def of_case(request: Any, number: str) -> HttpResponse:
    """Every paper that was ever kept of a case and who has it; posted: more of them stay here."""
    case = cases.case_visible_to(request.actor, number)
    materials, rows = cases.materials_of(case), halls.papers_of_case(request.actor, case.pk)
    names = [one.name for one in materials]
    copies = [] if rows else [one.copies if one.how == "copy" else 0 for one in materials]
    form, status = KeepForm(names, request.POST or None, copies), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                kept = services.keep_papers(
                    case_id=case.pk, papers=form.papers, by=request.actor, at=request.at, key=form.command_key
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, f"已收存{kept}种材料。打印收存清单，一份给申请人。")
                return redirect("workbench:paper_case", number)
    context = {
        "case": case,
        "rows": rows,
        "codes": [(row, _qr(row.code)) for row in rows if row.mine],
        "mine": [row for row in rows if row.mine],
        "returns": halls.returns_of_case(case.pk),
        "form": form,
        "given": form if request.method == "POST" else None,
        "key": new_id(),
        "today": request.at,
    }
    return render(request, "workbench/paper_case.html", context, status=status)


@staff("paper.file")
@never_cache
@require_POST
def file(request: Any, number: str) -> HttpResponse:
    """The chosen ones stay with the file of the case."""
    case = cases.case_visible_to(request.actor, number)
    form = CountForm([], request.POST)
    if form.is_valid():
        own = [one for one in _chosen(request.POST.getlist("paper")) if one[0] == case.pk]
        try:
            done = services.file_papers(chosen=own, by=request.actor, at=request.at, key=form.command_key)
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, f"{done}种材料已归入案卷，不再退还。")
    return redirect("workbench:paper_case", number)


@staff("paper.give_back")
@never_cache
@sensitive_post_parameters("signature", "document", "receiver")
@require_http_methods(GET_OR_POST)
def give_back(request: Any, number: str) -> HttpResponse:
    """退还: what is in my hands goes back to the applicant's side, who signs."""
    case = cases.case_visible_to(request.actor, number)
    mine = [row for row in halls.papers_of_case(request.actor, case.pk) if row.mine]
    if not mine:
        messages.error(request, "这件申请没有在您手里的材料可以退还。")
        return redirect("workbench:paper_case", number)
    asked = request.POST if request.method == "POST" else request.GET
    picked = {paper for _, paper in _chosen(asked.getlist("paper"))} or {row.id for row in mine}
    form, status = ReturnForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                _give_back(request, case, form, [row for row in mine if row.id in picked])
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "已登记退还，正在告诉申请人。")
                return redirect("workbench:paper_case", number)
    context = {"case": case, "rows": mine, "picked": picked, "form": form}
    return render(request, "workbench/paper_return.html", context, status=status)


def _give_back(request: Any, case: Any, form: ReturnForm, rows: list[PaperView]) -> None:
    given = form.cleaned_data
    own = given["relation"] == "self"
    services.give_back_papers(
        case_id=case.pk,
        returned=Returned(
            paper_ids=tuple(row.id for row in rows),
            receiver=given["receiver"] or (case.applicant_name if own else ""),
            relation=given["relation"],
            document=given["document"],
            proof=ON_PAPER if given["on_paper"] else "",
            drawn=documents.check_signature(given["signature"]),
        ),
        by=request.actor,
        at=request.at,
        key=form.command_key,
    )
