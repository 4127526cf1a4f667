"""便民服务点: for everybody by street; for who sets them up and says what is delegated to them."""

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from mingqu.catalogue import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity.types import Place
from mingqu.kernel import regions
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import FILE_BYTES, XLSX, book, read_table
from mingqu.outreach import selectors, services
from mingqu.outreach.errors import DelegationRows, PointCodeTaken, PointUnknown
from mingqu.outreach.forms import DelegateForm, ImportItemsForm, KeyForm, PointForm
from mingqu.outreach.models import Point
from mingqu.outreach.rules import lies_in
from mingqu.ui.access import public, staff
from mingqu.ui.forms import tell

if TYPE_CHECKING:
    from mingqu.catalogue.models import ServiceItem

WRONG = 400
MOST_FOUND = 30  # items found by a word
LONGEST_WORDS = 60
GET_OR_POST = ["GET", "HEAD", "POST"]
RESERVED = ("new", "export")  # addresses of their own


@public
@require_GET
def points(request: Any) -> HttpResponse:
    """就近办理: which points there are, by street, what is done there, when, and the telephone."""
    streets = selectors.streets()
    chosen = request.GET.get("street", "")
    chosen = chosen if chosen in dict(streets) else ""
    context = {
        "points": selectors.public_points(legal_day(request.at), chosen),
        "streets": streets,
        "chosen": chosen,
    }
    return render(request, "outreach/points.html", context)


@staff("point.keep")
@never_cache
@require_safe
def manage(request: Any) -> HttpResponse:
    """All within the acting post's scope, closed ones too."""
    context = {"points": selectors.points_managed(request.actor, legal_day(request.at))}
    return render(request, "outreach/manage.html", context)


@staff("point.keep")
@never_cache
@require_safe
def export(request: Any) -> HttpResponseBase:
    """委托事项清单 of every point, as a table; public facts, so nothing is written down."""
    today = legal_day(request.at)
    rows = [
        [
            one.name,
            one.region,
            line.item_code,
            line.item_name,
            f"{line.from_on}",
            f"{line.until_on or ''}",
            "是" if line.in_force else "否",
        ]
        for one in selectors.points_managed(request.actor, today)
        for line in one.items
    ]
    made = book(
        "委托事项清单", ["便民服务点", "区域", "事项编码", "事项", "从哪天起", "到哪天止", "今天有效"], rows
    )
    name = f"委托事项清单-{today:%Y%m%d}.xlsx"
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)


@staff("point.keep")
@never_cache
@require_http_methods(GET_OR_POST)
def new(request: Any) -> HttpResponse:
    """A point of the acting post's department."""
    own = identity.acting_post(request.actor)
    if own is None:
        raise PointUnknown()
    organ = identity.department(own.department_id)
    posts = identity.posts_that_may("errand.open", Place(organ.id, organ.region_code, ""))
    form, status = PointForm(request.POST or None, posts=posts, region=organ.region_code), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                if form.cleaned_data["code"].lower() in RESERVED:
                    raise PointCodeTaken(field="code")
                given = {"department_id": organ.id, "by": request.actor, "at": request.at}
                done = services.keep_point(point=form.point(), key=form.cleaned_data["key"], **given)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "便民服务点已设好。接着写委托给它的事项。")
                return redirect("outreach:point", point=done.number)
    return render(request, "outreach/point_new.html", {"form": form}, status=status)


@staff("point.keep")
@never_cache
@require_http_methods(GET_OR_POST)
def point(request: Any, point: str) -> HttpResponse:
    """One point: what is public of it, who serves there, what is delegated."""
    row = selectors.point_managed(request.actor, point)
    form, status = _form(row), 200
    if request.method == "POST":
        form, status = _form(row, request.POST), WRONG
        if form.is_valid():
            try:
                services.keep_point(
                    point=form.point(row.code),
                    department_id=row.department_id,
                    by=request.actor,
                    at=request.at,
                    key=form.cleaned_data["key"],
                    new=False,
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "已保存，马上公开。")
                return redirect("outreach:point", point=row.code)
    return _page(request, row, status=status, form=form)


def _words(request: Any) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return " ".join(given.get("find", "").split())[:LONGEST_WORDS]


def _found(row: Point, words: str) -> dict[str, str]:
    """Items that may be delegated to it, by the words of their names; what people may mean where none has them."""
    if not words:
        return {}
    if coded := catalogue.items([words]):
        return _offered(row, coded.values())
    named = catalogue.published_items(words=words)[:MOST_FOUND] or catalogue.items_near(words, MOST_FOUND)
    return _offered(row, sorted(named, key=lambda one: words not in one.name))  # then aliases and materials


def _offered(row: Point, rows: "Iterable[ServiceItem]") -> dict[str, str]:
    return {
        one.code: f"{one.name}（{one.department.name}，{one.code}）"
        for one in rows
        if lies_in(row.region_code, one.region_code)
    }


def _form(row: Point, data: Any = None) -> PointForm:
    posts = identity.posts_that_may("errand.open", Place(row.department_id, row.region_code, ""))
    organ = identity.department(row.department_id)
    initial = {
        "name": row.name,
        "region_code": regions.full_name(row.region_code, within=organ.region_code) or row.region_code,
        "address": row.address,
        "hours": row.hours,
        "telephone": row.telephone,
        "posts": selectors.agents_of(row.pk),
        "closed": row.closed_on is not None,
    }
    form = PointForm(data, posts=posts, region=organ.region_code, initial=initial)
    del form.fields["code"]
    return form


def _page(
    request: Any, row: Point, *, status: int = 200, wrong_rows: Sequence[tuple[int, str]] = (), **forms: Any
) -> HttpResponse:
    today = legal_day(request.at)
    start, find = {"from_on": today}, _words(request)
    found = _found(row, find)
    context = {
        "point": row,
        "find": find,
        "found": found,
        "items": selectors.delegated(row.pk, today),
        "form": forms.get("form") or _form(row),
        "delegate": forms.get("delegate") or DelegateForm(found=found, initial=start, auto_id="item_%s"),
        "table": forms.get("table") or ImportItemsForm(auto_id="table_%s"),
        "wrong_rows": wrong_rows,
        "end": KeyForm(),
    }
    return render(request, "outreach/point.html", context, status=status)


@staff("point.delegate")
@never_cache
@require_POST
def delegate(request: Any, point: str) -> HttpResponse:
    """What was found by name and ticked, from a day to a day."""
    row = selectors.point_managed(request.actor, point)
    ticked = catalogue.items(request.POST.getlist("items"))
    found = {code: one.name for code, one in ticked.items()}  # whether it may be is the service's to say
    found |= _found(row, _words(request))
    form, status = DelegateForm(request.POST, found=found, auto_id="item_%s"), WRONG
    if form.is_valid():
        try:
            services.delegate(
                point_id=row.pk,
                items=form.chosen(),
                by=request.actor,
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已委托，从写的那天起可以代办。")
            return redirect("outreach:point", point=row.code)
    return _page(request, row, status=status, delegate=form)


@staff("point.delegate")
@never_cache
@require_POST
def import_items(request: Any, point: str) -> HttpResponse:
    """Items from a table: all of its rows, or none and what is wrong with each."""
    row = selectors.point_managed(request.actor, point)
    form, status, wrong = ImportItemsForm(request.POST, request.FILES, auto_id="table_%s"), WRONG, []
    if form.is_valid():
        try:
            items, wrong = services.read_items(read_table(form.cleaned_data["table"].read(FILE_BYTES + 1)))
            if wrong:
                raise DelegationRows(rows=len(wrong), field="table")
            services.delegate(
                point_id=row.pk, items=items, by=request.actor, at=request.at, key=form.cleaned_data["key"]
            )
        except DomainError as refused:
            status = refused.status
            form.add_error("table", refused.message)
        else:
            messages.success(request, f"已委托{len(items)}项，从写的那天起可以代办。")
            return redirect("outreach:point", point=row.code)
    return _page(request, row, status=status, table=form, wrong_rows=wrong)


@staff("point.delegate")
@require_POST
def end_delegation(request: Any, point: str, item_code: str) -> HttpResponse:
    """From today on nothing more of it is taken in; what was handed in goes on."""
    row = selectors.point_managed(request.actor, point)
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            services.end_delegation(
                point_id=row.pk,
                item_code=item_code,
                by=request.actor,
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "已停止委托。写新的日期可以恢复。")
    return redirect("outreach:point", point=row.code)
