"""公告送达: a paper that no other way reached is announced; the announcement is withdrawn, or runs its time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.cases import selectors as cases
from mingqu.cases.announcing import selectors, services
from mingqu.cases.announcing.errors import NothingToAnnounce
from mingqu.cases.bundles import selectors as bundles
from mingqu.clocks import selectors as clocks
from mingqu.documents.selectors import DocumentView
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.ui.text import zh_day
from mingqu.workbench.announcing_forms import AnnounceForm, WithdrawAnnouncementForm

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@dataclass(frozen=True)
class _Of:
    """The case or bundle a paper belongs to, with its deeds; `noun`: what officers call it."""

    root_id: UUID
    number: str
    noun: str
    paper: DocumentView | None
    here: str
    withdraw_url: str
    back: str
    announce: Callable[..., Any]
    withdraw: Callable[..., Any]


def _of_case(request: Any, number: str, paper_id: UUID) -> _Of:
    case = cases.case_visible_to(request.actor, number)
    return _Of(
        case.pk,
        case.number,
        "办件",
        selectors.paper_to_announce(case, paper_id),
        here=reverse("workbench:announce", args=[number, paper_id]),
        withdraw_url=reverse("workbench:withdraw_announcement", args=[number, paper_id]),
        back=reverse("workbench:case", args=[number]),
        announce=partial(services.announce, case_id=case.pk),
        withdraw=partial(services.withdraw_announcement, case_id=case.pk),
    )


def _of_bundle(request: Any, number: str, paper_id: UUID) -> _Of:
    bundle = bundles.bundle_visible_to(request.actor, number)
    return _Of(
        bundle.pk,
        bundle.number,
        "一件事",
        selectors.paper_of_bundle_to_announce(bundle, paper_id),
        here=reverse("workbench:announce_bundle", args=[number, paper_id]),
        withdraw_url=reverse("workbench:withdraw_bundle_announcement", args=[number, paper_id]),
        back=reverse("workbench:bundle", args=[number]),
        announce=partial(services.announce_of_bundle, bundle_id=bundle.pk),
        withdraw=partial(services.withdraw_of_bundle, bundle_id=bundle.pk),
    )


@staff("case.announce")
@never_cache
@require_http_methods(GET_OR_POST)
def announcement(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """What is announced of this paper and until when; posted: it is announced from today."""
    return _announcement(request, _of_case(request, number, paper_id), paper_id)


@staff("bundle.announce")
@never_cache
@require_http_methods(GET_OR_POST)
def bundle_announcement(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """The same of a merged notice of a bundle (一件事)."""
    return _announcement(request, _of_bundle(request, number, paper_id), paper_id)


@staff("case.withdraw_announcement")
@never_cache
@require_POST
def withdraw(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """Announced wrongly, or no more needed."""
    return _withdrawal(request, _of_case(request, number, paper_id), paper_id)


@staff("bundle.withdraw_announcement")
@never_cache
@require_POST
def withdraw_of_bundle(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """The same of a merged notice of a bundle (一件事)."""
    return _withdrawal(request, _of_bundle(request, number, paper_id), paper_id)


def _announcement(request: Any, of: _Of, paper_id: UUID) -> HttpResponse:
    form, status = AnnounceForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            new = services.NewAnnouncement(**form.given("text", "place", "tried"))
            acting = {"by": request.actor, "at": request.at, "key": form.command_key}
            try:
                until = of.announce(paper_id=paper_id, new=new, **acting)
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(
                    request, f"已公告。满{zh_day(until)}还没有用别的方式送到的，系统记为公告送达。"
                )
                return redirect(of.here)
    return _shown(request, of, paper_id, form=form, status=status)


def _withdrawal(request: Any, of: _Of, paper_id: UUID) -> HttpResponse:
    form, status = WithdrawAnnouncementForm(request.POST, auto_id="withdraw_%s"), WRONG
    if form.is_valid():
        given = form.given("announcement_id", "reason")
        acting = {"by": request.actor, "at": request.at, "key": form.command_key}
        try:
            of.withdraw(**given, **acting)
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(request, "公告已撤回，网站上看不到了。")
            return redirect(of.here)
    return _shown(request, of, paper_id, wrong=form, status=status)


def _shown(
    request: Any,
    of: _Of,
    paper_id: UUID,
    *,
    form: AnnounceForm | None = None,
    wrong: WithdrawAnnouncementForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Raises NothingToAnnounce where it is no paper that is served and nothing of it was ever announced."""
    made = [one for one in selectors.of_root(of.root_id) if one.paper_id == paper_id]
    if of.paper is None and not made:
        raise NothingToAnnounce()
    posted = next((one for one in made if one.state == "posted"), None)
    today = legal_day(request.at)
    context = {
        "of": of,
        "title": of.paper.title if of.paper else made[-1].title,
        "made": made,
        "posted": posted,
        "form": form or AnnounceForm(),
        "may_announce": of.paper is not None and posted is None,
        "wrong": wrong or WithdrawAnnouncementForm(auto_id="withdraw_%s"),
        "given": wrong,
        "until": selectors.until(today, clocks.current_calendar()),
    }
    return render(request, "workbench/announcement.html", context, status=status)
