"""The page of one case, its files, and what is posted from the page itself."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.across import selectors as across
from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.amending import selectors as amending
from mingqu.cases.arriving import selectors as arriving
from mingqu.cases.bundles import selectors as bundles
from mingqu.cases.consulting import selectors as consulting
from mingqu.cases.discretion import selectors as discretion
from mingqu.cases.recusing import selectors as recusing
from mingqu.cases.services import served
from mingqu.documents import services as documents
from mingqu.evaluation import selectors as evaluation
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import id_or_none, new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications import selectors as notifications
from mingqu.outreach import selectors as outreach
from mingqu.ui.access import staff
from mingqu.workbench import selectors
from mingqu.workbench.case_types import Looking
from mingqu.workbench.forms import ActForm, RevealForm
from mingqu.workbench.mark_forms import MarkForm
from mingqu.workbench.review_forms import OpinionForm
from mingqu.workbench.selectors import after_checks, fees
from mingqu.workbench.selectors.amending import why_not_void
from mingqu.workbench.selectors.answering import who_answers
from mingqu.workbench.selectors.tabs import TABS
from mingqu.workbench.types import ActLink, Revealed
from mingqu.workbench.views.devices import with_devices

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("case.see")
@never_cache
@with_devices
@require_GET
def case(request: Any, number: str) -> HttpResponse:
    return show_case(request, number)


def show_case(
    request: Any,
    number: str,
    *,
    opinion: OpinionForm | None = None,
    mark: MarkForm | None = None,
    shown: Revealed = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page as it stands now; `opinion` keeps what was typed, `problem` says what was refused."""
    found = cases.case_visible_to(request.actor, number)
    page = selectors.case_page(request.actor, found, request.at, shown=shown, looking=_looking(request.GET))
    if (
        opinion is None and page.task is not None and page.task.kind != "visit"
    ):  # a visit has pages of its own
        opinion = OpinionForm(task=page.task, own=cases.own_phrases(request.actor.id))
    received = across.received_at(found.pk) if found.channel == "window" else None
    consulted = consulting.of_case(found, legal_day(request.at))
    context = {
        "page": page,
        "bundle": bundles.bundle_of_case(found),
        "certificate": cases.certificate_of(found, request.at),
        "opinion": opinion,
        "visits": selectors.visit_panel(request.actor, found, request.at),
        "after_checks": after_checks.checks_of(found),
        "arrivals": arriving.of_case(found),
        "consultations": consulted,
        "answers": who_answers(found, page, consulted),
        "may_trace": access.allows(request.actor, "case.trace", found),
        "changes": amending.of_case(found),
        "no_void": why_not_void(
            request.actor, found, offered=any(act.route == "workbench:ask_void" for act in page.acts)
        ),
        "discretions": discretion.of_case(found),
        "automatic": cases.decided_by_rule(found),
        "recusals": recusing.of_case(found, request.actor),
        "helped": outreach.helped_with(found.number) if found.channel == "window" else None,
        "received_at": received,
        "gives": received.giver if received and across.may_move_giving(found) else "",
        "may_take_over": access.allows(request.actor, "across.take_over", found),
        "may_exclude": access.allows(request.actor, "case.exclude", found),
        "may_consult": "case.consult" in cases.actions_now(request.actor, found),
        "fees": fees.fees_of(request.actor, found),
        "may_check": "case.check_commitment" in cases.actions_now(request.actor, found),
        "problem": problem,
        "mark": mark or MarkForm(preview=page.preview),
        "reveal": RevealForm(auto_id="reveal_%s"),
        "key": new_id(),
        "today": legal_day(request.at),
        "groups": _groups(page.acts),
        "served": served.lines_at_desk(found, page.papers),
        "may_serve": access.allows(request.actor, "case.serve", found),
        "told": notifications.told_about(cases.whom_told(found, legal_day(request.at)), found.pk),
        "may_ask_rating": access.allows(request.actor, "evaluation.ask_at_window", found)
        and bool(evaluation.contact_now(found.status, found.item_type)),
        "may_be_rated": bool(getattr(request, "devices", None))
        and evaluation.may_be_rated_at_window(found.pk, found.status, found.item_type),
        "may_keep": access.may(request.actor, "paper.keep"),
        "left": _list_left(request),
    }
    return render(request, "workbench/case.html", context, status=status)


def _list_left(request: Any) -> tuple[str, str]:
    """
    The list of the desk the case was opened from, with its filters, and what it is called; else the desk and "".
    """
    desk, came = reverse("workbench:desk"), urlsplit(request.headers.get("Referer", ""))
    tab = TABS.get(parse_qs(came.query).get("tab", [""])[0])
    if tab is None or came.netloc != request.get_host() or came.path != desk:
        return desk, ""
    return f"{desk}?{came.query}", tab.label


def _groups(acts: list[ActLink]) -> list[dict[str, object]]:
    """What goes on, what goes out to the applicant, what stays inside: never side by side as equals."""
    parts = (
        ("往下走", "", [a for a in acts if not a.out and not a.inside]),
        ("发给申请人", "out", [a for a in acts if a.out]),
        ("留在机关内", "end", [a for a in acts if a.inside]),
    )
    return [{"title": title, "mod": mod, "acts": part} for title, mod, part in parts if part]


@staff("case.see")
@never_cache
@require_GET
def dossier(request: Any, number: str) -> HttpResponse:
    """案卷目录: what is in the file of this case, in order, to be printed and to check a paper file against."""
    found = cases.case_visible_to(request.actor, number)
    page = selectors.case_page(request.actor, found, request.at)
    context = {
        "page": page,
        "rows": selectors.dossier_rows(
            page, consulting.of_case(found, legal_day(request.at)), arriving.of_case(found)
        ),
        "discretions": discretion.of_case(found),
        "today": request.at,
        "may_pack": found.status == "archived" and access.allows(request.actor, "case.keep_archive", found),
    }
    return render(request, "workbench/dossier.html", context)


@staff("case.see")
@never_cache
@require_GET
def file(request: Any, number: str, file_id: UUID) -> HttpResponse:
    """A material or a paper of this very case, shown in the browser."""
    found = cases.case_visible_to(request.actor, number)
    reader = documents.reader_of(request, "case.see")
    return documents.file_response(
        found.pk, selectors.file_of_case(found, file_id), reader=reader, inline=True
    )


@staff("case.reveal")
@never_cache
@require_http_methods(GET_OR_POST)
def reveal(request: Any, number: str) -> HttpResponse:
    """Shows what the page masks, in this one answer; a reload within ten minutes shows it again."""
    found = cases.case_visible_to(request.actor, number)
    if request.method != "POST":
        return redirect("workbench:case", found.number)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return show_case(request, number, problem="请选择用途后再显示。", status=WRONG)
    try:
        shown = services.reveal_applicant(
            case_id=found.pk,
            by=request.actor,
            at=request.at,
            key=form.command_key,
            why=form.cleaned_data["why"],
        )
    except DomainError as refused:
        return show_case(request, number, problem=refused.message, status=refused.status)
    return show_case(request, number, shown=shown)


@staff("case.review")
@never_cache
@require_http_methods(GET_OR_POST)
def opinion(request: Any, number: str) -> HttpResponse:
    """审查意见, posted from the case page; refused, the page comes back with what was typed."""
    found = cases.case_visible_to(request.actor, number)
    if request.method != "POST":
        return redirect("workbench:case", found.number)
    task_id = id_or_none(request.POST.get("task_id", ""))
    task = selectors.task_posted(found, task_id) if task_id else None
    if task is None:
        return show_case(request, number, problem="没有找到这个环节，请按页面现在的内容办理。", status=WRONG)
    form = OpinionForm(request.POST, task=task, own=cases.own_phrases(request.actor.id))
    if not form.is_valid():
        return show_case(request, number, opinion=form, status=WRONG)
    try:
        services.complete_step(
            case_id=found.pk,
            task_id=task.task_id,
            finding=form.finding_given(),
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        status = form.tell(refused)
        return show_case(request, number, opinion=form, problem=refused.message, status=status)
    messages.success(request, f"已提交“{task.name}”的审查意见。")
    return redirect(f"{reverse('workbench:desk')}?tab=mine")


@staff("case.retry_paper")
@require_POST
def retry_paper(request: Any, number: str, request_id: UUID) -> HttpResponse:
    found = cases.case_visible_to(request.actor, number)
    form = ActForm(request.POST)
    if not form.is_valid():
        return show_case(request, number, problem="请刷新后再试。", status=WRONG)
    try:
        services.retry_paper(
            case_id=found.pk, request_id=request_id, by=request.actor, at=request.at, key=form.command_key
        )
    except DomainError as refused:
        return show_case(request, number, problem=refused.message, status=refused.status)
    messages.success(request, "已重新排队生成，几秒后刷新可看到结果。")
    return redirect("workbench:case", found.number)


@staff("case.mark_material")
@never_cache
@require_http_methods(GET_OR_POST)
def mark(request: Any, number: str) -> HttpResponse:
    """A mark on the file looked at, posted from the case page; what is typed elsewhere on it stays (htmx)."""
    found = cases.case_visible_to(request.actor, number)
    if request.method != "POST":
        return redirect("workbench:case", found.number)
    form = MarkForm(request.POST)
    if not form.is_valid():
        return show_case(request, number, mark=form, problem=form.first_error, status=WRONG)
    try:
        services.mark_material(
            case_id=found.pk, mark=form.mark, by=request.actor, at=request.at, key=form.command_key
        )
    except DomainError as refused:
        status = form.tell(refused)
        return show_case(request, number, mark=form, problem=refused.message, status=status)
    given = {"file": form.mark.file_id, "page": form.mark.page or 1}
    return redirect(f"{reverse('workbench:case', args=[found.number])}?{urlencode(given)}#materials")


def _looking(given: Any) -> Looking:
    """Which file, page and view the address asks for; nonsense is the first page."""
    numbers = {name: _number(given.get(name, "")) for name in ("page", "turn", "zoom")}
    return Looking(id_or_none(given.get("file", "")), numbers["page"], numbers["turn"], numbers["zoom"])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
