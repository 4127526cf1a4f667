"""审核导入的事项: batches, rows by filter or by chance, one row, deeds and their progress, a table of the rows."""

import secrets
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingqu.catalogue import reports, rules
from mingqu.catalogue.forms import DeedForm
from mingqu.catalogue.imports import (
    review_planning,
    review_publishing,
    review_rules,
    review_selectors,
    review_services,
)
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.report import NAMES
from mingqu.catalogue.imports.review_errors import RowUnknown
from mingqu.catalogue.imports.review_forms import MATCHING, ReviewActForm
from mingqu.catalogue.imports.review_models import ReviewDeed
from mingqu.catalogue.imports.review_selectors import Filter
from mingqu.identity.services import access
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import staff
from mingqu.ui.text import zh_day

GATES = (
    ("listed", "可以公布"), ("-listed", "不能公布"), ("applicable", "可以申请"), ("-applicable", "不能申请"),
    ("lawful", "依据已确认"), ("-lawful", "依据待确认"),
)  # fmt: skip
WHOLE = 5000
HEADERS = ("行", "事项编码", "名称", "部门", "事项类型", "来源的说法", "办理性质", "类型已确认", "可以公布", "可以申请",
           "依据已确认", "发现", "状态", "备注")  # fmt: skip


@staff("catalogue.review")
@never_cache
@require_safe
def review_batches(request: Any) -> HttpResponse:
    found = ImportBatch.objects.defer("content").order_by("-created_at", "id")[:50]
    lines = [{"batch": one, "counts": _numbers(request, one)} for one in found if _any(request, one)]
    return render(request, "catalogue/review_batches.html", {"lines": lines})


def _any(request: Any, of: ImportBatch) -> bool:
    own = review_selectors.within(request.actor, review_selectors.REVIEW, of)
    return ImportedItem.objects.filter(own, batch=of).exists()


def _numbers(request: Any, of: ImportBatch) -> dict[str, Any]:
    states, unconfirmed = review_selectors.numbers(request.actor, of)
    named = [(state, words, states.get(state, 0)) for state, words in ImportedItem.State.choices]
    return {
        "states": [one for one in named if one[2]],
        "unconfirmed": unconfirmed,
        "planned": review_selectors.planned(request.actor, of),
    }


@staff("catalogue.review")
@never_cache
@require_safe
def review_batch(request: Any, batch_id: UUID) -> HttpResponse:
    """The rows asked for, a page of them or a sample, and what may be done with them."""
    of = _batch(request, batch_id)
    return _page(request, of)


def _batch(request: Any, batch_id: UUID) -> ImportBatch:
    of = review_selectors.batch(batch_id)
    if not _any(request, of):
        raise RowUnknown()
    return of


def _page(
    request: Any, of: ImportBatch, given: Any = None, refused: str = "", status: int = 200
) -> HttpResponse:
    given = request.GET if given is None else given
    asked, actor = Filter.of(given), request.actor
    after, seed = _number(given.get("after")), given.get("seed", "")[: review_selectors.SEED_LONGEST]
    size = _number(given.get("sample"))
    if size:
        seed = seed or str(secrets.randbelow(10**6))
        rows, more = review_selectors.sample(actor, of, asked, min(size, 100), seed), 0
    else:
        rows, more = review_selectors.page(actor, of, asked, after)
    seen = review_selectors.fingerprint(actor, of, asked)
    days = review_selectors.planned_days(row.pk for row in rows)
    here = reverse("catalogue:review_batch", args=[of.pk])
    last = review_selectors.last_deed(of)
    context = {
        "batch": of,
        "numbers": _numbers(request, of),
        "rows": [_line(row) | {"planned": days.get(row.pk)} for row in rows],
        "asked": asked,
        "seen": seen,
        "sampled": {"size": size, "seed": seed} if size else None,
        "choices": _choices(actor, of, asked),
        "form": ReviewActForm(),
        "refused": refused,
        "own": of.author_id == actor.id,
        "may_publish": access.may(actor, "catalogue.publish"),
        "running": review_selectors.running(of),
        "last": last,
        "undo": {"form": DeedForm()} if last and not review_selectors.undoable(last) else None,
        "deeds": review_selectors.deeds(of, 6),
        "first_url": f"{here}?{asked.query}" if after else "",
        "next_url": f"{here}?{asked.query}&after={more}" if more else "",
        "here_query": f"{asked.query}&sample={size}&seed={seed}" if size else f"{asked.query}&after={after}",
    }
    return render(request, "catalogue/review_batch.html", context, status=status)


def _number(text: Any) -> int:
    return int(text) if str(text or "").isdecimal() and len(str(text)) < 8 else 0


def _line(row: ImportedItem) -> dict[str, Any]:
    return {
        "row": row,
        "type": reports.named("item_type", row.item_type) or "没有写明",
        "kind": reports.named("handling_kind", row.handling_kind),
        "findings": len(row.finding_codes),
        "proposed": [
            (_article(row.bases[place]), row.bases[place].get("found_by") == review_rules.BY_NAME)
            for place in review_rules.open_bases(row.bases)
        ],
    }


def _choices(actor: Any, of: ImportBatch, asked: Filter) -> dict[str, Any]:
    known = review_selectors.choices(actor, of)
    findings = dict(known["findings"])
    codes = [*findings, *([asked.finding] if asked.finding and asked.finding not in findings else [])]
    return {
        "states": [*ImportedItem.State.choices, (review_selectors.PLANNED, "已通过，等日子发布")],
        "gates": GATES,
        "findings": [(code, _finding(code), findings.get(code, "")) for code in codes],
        "organs": [(code, name) for code, name in known["organs"] if code],
        "types": [
            (code or "-", reports.named("item_type", code) if code else "没有写明") for code in known["types"]
        ],
        "kinds": [(code, reports.named("handling_kind", code)) for code in known["kinds"]],
        "samples": review_selectors.SAMPLES,
    }


def _finding(code: str) -> str:
    """What a finding is about, without the particulars of a row."""
    return NAMES.get(code, code)


@staff("catalogue.review")
@require_POST
def review_act(request: Any, batch_id: UUID) -> HttpResponse:
    """A deed on the chosen rows: at once if they are few, else asked once more and then done by a job."""
    of = _batch(request, batch_id)
    form = ReviewActForm(request.POST)
    if not form.is_valid():
        return _page(request, of, QueryDict(request.POST.get("asked", "")), form.wrong, 400)
    matching = form.cleaned_data["scope"] == MATCHING
    if matching and request.POST.get("stage") != "do":
        context = {"batch": of, "form": form, "words": ReviewDeed.Kind(form.cleaned_data["deed"]).label}
        return render(request, "catalogue/review_confirm.html", context)
    try:
        begun = review_services.begin(
            batch_id=of.pk,
            order=form.order,
            chosen=form.chosen,
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        return _page(request, of, QueryDict(form.cleaned_data["asked"]), refused.message, refused.status)
    while begun.at_once and (
        review_services.work(begun.deed_id, request.at) or review_publishing.work(begun.deed_id, request.at)
    ):
        pass
    deed = ReviewDeed.objects.get(pk=begun.deed_id)
    if begun.planned:
        assert deed.publish_on is not None
        messages.success(request, f"定于{zh_day(deed.publish_on)}发布：{deed.total - deed.refused}行。")
    if not begun.at_once or deed.refused:
        return redirect("catalogue:review_deed", deed_id=deed.pk)
    messages.success(request, f"{deed.get_kind_display()}：{deed.done}行。")
    if row := _number(form.cleaned_data["next"]):
        address = reverse("catalogue:review_row", args=[of.pk, row])
        return redirect(f"{address}?{form.cleaned_data['asked']}")
    return redirect(f"{reverse('catalogue:review_batch', args=[of.pk])}?{form.cleaned_data['asked']}")


@staff("catalogue.review")
@never_cache
@require_safe
def review_deed(request: Any, deed_id: UUID) -> HttpResponse:
    """How far a deed is; what was refused, and why."""
    deed = review_selectors.deed(request.actor, deed_id)
    last = review_selectors.last_deed(deed.batch)
    context = {
        "deed": deed,
        "percent": 100 * deed.done // deed.total if deed.total else 100,
        "succeeded": deed.done - deed.refused,
        "waiting": deed.total - deed.done,
        "refused": review_selectors.refused_rows(request.actor, deed) if deed.refused else [],
        "undo": {"form": DeedForm()}
        if last and last.pk == deed.pk and not review_selectors.undoable(deed)
        else None,
        "call_off": DeedForm()
        if deed.state == ReviewDeed.State.PLANNED and access.may(request.actor, "catalogue.publish")
        else None,
    }
    part = "_review_state" if request.htmx else "review_deed"
    return render(request, f"catalogue/{part}.html", context)


@staff("catalogue.review")
@require_POST
def review_undo(request: Any, deed_id: UUID) -> HttpResponse:
    deed = review_selectors.deed(request.actor, deed_id)
    form = DeedForm(request.POST)
    if not form.is_valid():
        return redirect("catalogue:review_deed", deed_id=deed_id)
    undone = review_services.undo(deed_id=deed_id, by=request.actor, at=request.at, key=form.command_key)
    messages.success(request, f"已撤销“{deed.get_kind_display()}”，{undone}行恢复原样。")
    return redirect("catalogue:review_batch", batch_id=deed.batch_id)


@staff("catalogue.publish")
@require_POST
def review_call_off(request: Any, deed_id: UUID) -> HttpResponse:
    """A publication that waits for its day is taken back."""
    deed = review_selectors.deed(request.actor, deed_id)
    form = DeedForm(request.POST)
    if not form.is_valid():
        return redirect("catalogue:review_deed", deed_id=deed_id)
    rows = review_planning.call_off(deed_id=deed_id, by=request.actor, at=request.at, key=form.command_key)
    messages.success(request, f"已收回，{rows}行不再到日子发布，仍然是已通过。")
    return redirect("catalogue:review_batch", batch_id=deed.batch_id)


@staff("catalogue.review")
@never_cache
@require_safe
def review_row(request: Any, batch_id: UUID, line: int) -> HttpResponse:
    """One row: what the file said beside what was made of it; what was found; what would change."""
    row = review_selectors.row(request.actor, batch_id, line)
    asked = Filter.of(request.GET)
    before, after = review_selectors.neighbours(request.actor, row, asked)
    current = review_selectors.in_force(row.item_code)
    shaped = not rules.shape_problems(row.document)
    open_places = review_rules.open_bases(row.bases)
    context = {
        "row": row,
        "batch": row.batch,
        "asked": asked,
        "line": _line(row),
        "planned": review_selectors.planned_days([row.pk]).get(row.pk),
        "raw": [
            {"key": str(key), "value": _said(value)}
            for key, value in row.raw.items()
            if value not in ("", None)
        ],
        "read": reports.read(rules.document_of(row.document)) if shaped else None,
        "bases": [
            {"place": place, "basis": one, "words": _article(one), "open": place in open_places}
            for place, one in enumerate(row.bases)
        ],
        "open_bases": len(open_places),
        "current": current,
        "differences": reports.rows(current.current.document, row.document)
        if current and current.current and shaped
        else [],
        "before": before,
        "after": after,
        "form": ReviewActForm(),
        "own": row.batch.author_id == request.actor.id,
        "can": {kind: not review_rules.refusal(kind, row.state, "") for kind in review_rules.ALLOWED_IN},
        "may_publish": access.may(request.actor, "catalogue.publish"),
        "places": [("门户的办事指南、列表和搜索", row.listed), ("网上申请和综合窗口", row.applicable)],
    }
    return render(request, "catalogue/review_row.html", context)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "；".join(
            f"{key}：{_said(inner)}" for key, inner in value.items() if inner not in ("", None, [], {})
        )
    if isinstance(value, list):
        return "\n".join(f"{place}. {_said(inner)}" for place, inner in enumerate(value, start=1))
    return str(value)


def _article(basis: dict[str, Any]) -> str:
    parts = ((basis.get("article"), "条"), (basis.get("paragraph"), "款"), (basis.get("point"), "项"))
    return f"《{basis['law']}》" + "".join(f"第{number}{word}" for number, word in parts if number)


@staff("catalogue.review")
@require_safe
def review_table(request: Any, batch_id: UUID) -> HttpResponse:
    """What is filtered, as a table."""
    of = _batch(request, batch_id)
    rows = review_selectors.rows(request.actor, of, Filter.of(request.GET))[:WHOLE]
    answer = HttpResponse(book("导入的事项", HEADERS, _cells(rows)), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"审核-{of.file_name}.xlsx") or ""
    return answer


def _cells(rows: Any) -> Iterator[list[str]]:
    types, kinds = code_list("item_type"), code_list("handling_kind")
    for row in rows:
        yield [
            str(row.line), row.item_code, row.name, row.organ_name,
            types.name(row.item_type) if row.item_type in types else row.item_type, row.type_words,
            kinds.name(row.handling_kind) if row.handling_kind in kinds else row.handling_kind,
            *("是" if value else "否" for value in (row.kind_confirmed, row.listed, row.applicable, row.lawful)),
            "、".join(_finding(code) for code in row.finding_codes), row.get_state_display(), row.remark,
        ]  # fmt: skip
