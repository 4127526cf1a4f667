"""公告送达: a paper that no other way reached is announced; the announcement is withdrawn, or runs its time."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.cases import selectors as cases
from mingqu.cases.announcing import selectors, services
from mingqu.cases.announcing.errors import NothingToAnnounce
from mingqu.clocks import selectors as clocks
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.ui.text import zh_day
from mingqu.workbench.announcing_forms import AnnounceForm, WithdrawAnnouncementForm

if TYPE_CHECKING:
    from mingqu.cases.models import Case

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("case.announce")
@never_cache
@require_http_methods(GET_OR_POST)
def announcement(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """What is announced of this paper and until when; posted: it is announced from today."""
    case = cases.case_visible_to(request.actor, number)
    form, status = AnnounceForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            new = services.NewAnnouncement(**form.given("text", "place", "tried"))
            acting = {"by": request.actor, "at": request.at, "key": form.command_key}
            try:
                until = services.announce(case_id=case.pk, paper_id=paper_id, new=new, **acting)
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(
                    request, f"已公告。满{zh_day(until)}还没有用别的方式送到的，系统记为公告送达。"
                )
                return redirect("workbench:announce", number, paper_id)
    return _shown(request, case, paper_id, form=form, status=status)


@staff("case.withdraw_announcement")
@never_cache
@require_POST
def withdraw(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """Announced wrongly, or no more needed."""
    case = cases.case_visible_to(request.actor, number)
    form, status = WithdrawAnnouncementForm(request.POST, auto_id="withdraw_%s"), WRONG
    if form.is_valid():
        given = form.given("announcement_id", "reason")
        acting = {"by": request.actor, "at": request.at, "key": form.command_key}
        try:
            services.withdraw_announcement(case_id=case.pk, **given, **acting)
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(request, "公告已撤回，网站上看不到了。")
            return redirect("workbench:announce", number, paper_id)
    return _shown(request, case, paper_id, wrong=form, status=status)


def _shown(
    request: Any,
    case: "Case",
    paper_id: UUID,
    *,
    form: AnnounceForm | None = None,
    wrong: WithdrawAnnouncementForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Raises NothingToAnnounce where it is no paper that is served and nothing of it was ever announced."""
    made = [one for one in selectors.of_case(case.pk) if one.paper_id == paper_id]
    paper = selectors.paper_to_announce(case, paper_id)
    if paper is None and not made:
        raise NothingToAnnounce()
    posted = next((one for one in made if one.state == "posted"), None)
    today = legal_day(request.at)
    context = {
        "case": case,
        "paper_id": paper_id,
        "title": paper.title if paper else made[-1].title,
        "made": made,
        "posted": posted,
        "form": form or AnnounceForm(),
        "may_announce": paper is not None and posted is None,
        "wrong": wrong or WithdrawAnnouncementForm(auto_id="withdraw_%s"),
        "given": wrong,
        "until": selectors.until(today, clocks.current_calendar()),
    }
    return render(request, "workbench/announcement.html", context, status=status)
