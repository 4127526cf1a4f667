"""代办 at the agent's desk: open, consent by code or paper, the result; and the second person who looks at papers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.documents import services as documents
from mingqu.documents.services.files import limits
from mingqu.identity.types import SeenDocument
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.outreach import selectors, services
from mingqu.outreach.errors import ErrandUnknown
from mingqu.outreach.forms import AnswerPaperForm, BringForm, CodeForm, KeyForm, OpenForm, PaperForm
from mingqu.outreach.types import ErrandView, PaperAnswer
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]
TABS = (
    ("consent", "等本人同意"),
    ("fill", "要填写、提交的"),
    ("filed", "部门在办的"),
    ("done", "办完和停下的"),
)
ID_CARD = "citizen_number"


@staff("errand.open")
@never_cache
@require_safe
def desk(request: Any) -> HttpResponse:
    """People this post helps: what waits for consent, what is to be handed in, results to bring."""
    waiting = selectors.waiting_of_agent(request.actor)
    first = "fill" if waiting else "consent"  # what is the agent's turn
    tab = request.GET.get("tab", first)
    tab = tab if tab in dict(TABS) else first
    page = selectors.errands_at_desk(request.actor, tab, request.GET.get("after", ""))
    context = {"page": page, "tab": tab, "tabs": TABS, "waiting": waiting}
    return render(request, "outreach/desk.html", context)


@staff("errand.open")
@never_cache
@sensitive_post_parameters("name", "number")
@require_http_methods(GET_OR_POST)
def new(request: Any) -> HttpResponse:
    """The person's card, and one of the delegated items."""
    point = selectors.point_of(request.actor)
    offered = selectors.offered_at(point, legal_day(request.at))
    form, status = OpenForm(request.POST or None, offered=offered), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                opened = services.open_errand(
                    document=SeenDocument(ID_CARD, given["number"], given["name"]),
                    offered=form.chosen,
                    by=request.actor,
                    at=request.at,
                    key=given["key"],
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("outreach:at_desk", number=opened.number)
    context = {"form": form, "point": point, "offered": offered}
    return render(request, "outreach/new.html", context, status=status)


@staff("errand.confirm")
@never_cache
@require_safe
def papers(request: Any) -> HttpResponse:
    """Consent papers for a second person; any errand by its number, to take down that consent is taken back."""
    if number := "".join(request.GET.get("number", "").split()).upper():
        try:
            return redirect("outreach:at_desk", number=_shown(request, number).line.number)
        except DomainError as refused:
            messages.error(request, refused.message)
    return render(request, "outreach/papers.html", {"lines": selectors.papers_to_check(request.actor)})


@staff("workbench.see")
@never_cache
@require_safe
def at_desk(request: Any, number: str) -> HttpResponse:
    """One errand: for the agent what to do now; for the second person the paper."""
    return _page(request, _shown(request, number))


def _shown(request: Any, number: str) -> ErrandView:
    return selectors.errand_at_desk(request.actor, number, legal_day(request.at))


def _page(request: Any, shown: ErrandView, *, status: int = 200, **forms: Any) -> HttpResponse:
    state = shown.line.state
    context = {
        "shown": shown,
        "own": shown.own,
        "checks": not shown.own and state == "paper",
        "send": KeyForm(auto_id="send_%s"),
        "code": forms.get("code") or CodeForm(auto_id="code_%s"),
        "paper": forms.get("paper") or PaperForm(auto_id="paper_%s"),
        "answer": forms.get("answer") or AnswerPaperForm(auto_id="answer_%s"),
        "bring": forms.get("bring") or BringForm(auto_id="bring_%s"),
        "end": KeyForm(auto_id="end_%s"),
        "wrong": next((form for form in forms.values() if form.errors), None),
        "over": shown.line.next.startswith("有结果了"),
    }
    return render(request, "outreach/at_desk.html", context, status=status)


@staff("errand.open")
@require_POST
def send_code(request: Any, number: str) -> HttpResponse:
    """A code to the person's own telephone."""
    shown, form = _shown(request, number), KeyForm(request.POST)
    if form.is_valid():
        try:
            services.send_code(
                errand_id=shown.id, by=request.actor, at=request.at, key=form.cleaned_data["key"]
            )
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "同意码已发到本人手机。")
    return redirect("outreach:at_desk", number=number)


@staff("errand.open")
@never_cache
@sensitive_post_parameters("code")
@require_POST
def agree(request: Any, number: str) -> HttpResponse:
    """The code as the person reads it out."""
    shown, form = _shown(request, number), CodeForm(request.POST, auto_id="code_%s")
    status = WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.agree_by_code(
                errand_id=shown.id, code=given["code"], by=request.actor, at=request.at, key=given["key"]
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            fixing = shown.line.state == "filed"
            messages.success(
                request, "本人已同意。" + ("现在可以补正。" if fixing else "现在可以填写、提交。")
            )
            return redirect("outreach:at_desk", number=number)
    return _page(request, shown, status=status, code=form)


@staff("errand.open")
@never_cache
@require_http_methods(GET_OR_POST)
def paper(request: Any, number: str) -> HttpResponse:
    """The paper to print and sign; its photo comes back here."""
    shown = _shown(request, number)
    if request.method != "POST":
        return render(request, "outreach/paper.html", {"shown": shown, "today": legal_day(request.at)})
    form, status = PaperForm(request.POST, request.FILES, auto_id="paper_%s"), WRONG
    if form.is_valid():
        data = form.cleaned_data["photo"].read(limits().file_bytes + 1)
        try:
            services.hand_paper(
                errand_id=shown.id,
                photo=documents.check_upload(data),
                by=request.actor,
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except DomainError as refused:
            form.add_error("photo", refused.message)
            status = refused.status
        else:
            messages.success(request, "委托书已上传，等另一个人复核。可以先填申请。")
            return redirect("outreach:at_desk", number=number)
    return _page(request, shown, status=status, paper=form)


@staff("workbench.see")
@never_cache
@require_safe
def paper_file(request: Any, number: str) -> HttpResponseBase:
    """The photo, to the agent and to who looks at it; that it was read is written down."""
    shown = _shown(request, number)
    if shown.paper_id is None:
        raise ErrandUnknown()
    reader = documents.reader_of(request, "errand.confirm")
    return documents.file_response(shown.id, shown.paper_id, reader=reader, inline=True)


@staff("errand.confirm")
@never_cache
@require_POST
def answer_paper(request: Any, number: str) -> HttpResponse:
    """A second person agrees, or sends it back with the reason."""
    shown, form = _shown(request, number), AnswerPaperForm(request.POST, auto_id="answer_%s")
    status = WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.answer_paper(
                errand_id=shown.id,
                answer=PaperAnswer(given["agreed"] == "yes", given["reason"], given["covers_fixes"]),
                by=request.actor,
                at=request.at,
                key=given["key"],
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已告诉代办员。")
            return redirect("outreach:papers")
    return _page(request, shown, status=status, answer=form)


@staff("errand.open")
@never_cache
@require_POST
def bring(request: Any, number: str) -> HttpResponse:
    """The result is in the person's hands."""
    shown, form = _shown(request, number), BringForm(request.POST, auto_id="bring_%s")
    status = WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.bring_result(
                errand_id=shown.id, note=given["reason"], by=request.actor, at=request.at, key=given["key"]
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已登记送到。")
            return redirect("outreach:at_desk", number=number)
    return _page(request, shown, status=status, bring=form)


@staff("workbench.see")
@require_POST
def end(request: Any, number: str) -> HttpResponse:
    """The agent gives it up before anything is handed in; or a clerk takes down that the person takes it back."""
    shown, form = _shown(request, number), KeyForm(request.POST)
    if form.is_valid():
        try:
            services.end_errand(
                errand_id=shown.id, by=request.actor, at=request.at, key=form.cleaned_data["key"]
            )
            if not shown.own:
                messages.success(request, "已登记撤回，代办员从现在起看不到这件事。")
        except DomainError as refused:
            messages.error(request, refused.message)
    return redirect("outreach:at_desk", number=number)
