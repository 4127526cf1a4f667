"""清单: editions on their way, from a file or entry by entry, to publication by a second person."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.catalogue.directory import columns, rules, selectors, services
from mingqu.catalogue.directory.models import ListEdition, ListEntry
from mingqu.catalogue.directory.services.editing import Listed
from mingqu.catalogue.directory.types import KINDS, READ_ONLY, Kind
from mingqu.catalogue.forms import DeedForm, ReasonForm
from mingqu.catalogue.list_forms import BeginListForm, EntryForm, ImportListForm, TypeForm
from mingqu.catalogue.lists import people_of
from mingqu.identity.services import access
from mingqu.kernel import regions
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import staff

WRONG = 400
SHOWN_DIFFERENCES = 200
SHOWN_FINDINGS = 200
STATES = (("", "全部"), ("open", "没有发布的"), *ListEdition.State.choices)


@staff("list.see")
@never_cache
@require_GET
def edition_list(request: Any) -> HttpResponse:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    rows = selectors.editions(request.actor, kind=kind, state=state)
    context = {
        "rows": [{"edition": row, "region": region_name(row.region_code)} for row in rows],
        "kind": kind,
        "kinds": ListEdition.Kind.choices,
        "state": state,
        "states": STATES,
        "may_edit": access.may(request.actor, "list.edit"),
    }
    return render(request, "catalogue/list_editions.html", context)


def region_name(code: str) -> str:
    found = regions.current(code)
    return found.name if found else code


@staff("list.edit")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_edition(request: Any) -> HttpResponse:
    """From a file, or (`deed` begin) with what the newest edition has."""
    beginning = request.POST.get("deed") == "begin"
    given = {"kind": request.GET.get("kind", ""), "region_code": _own_region(request.actor)}
    forms: dict[str, Any] = {"read": ImportListForm(initial=given), "begin": BeginListForm(initial=given)}
    if request.method != "POST":
        return _new_page(request, forms)
    form = BeginListForm(request.POST) if beginning else ImportListForm(request.POST, request.FILES)
    forms["begin" if beginning else "read"] = form
    if not form.is_valid():
        return _new_page(request, forms, form, WRONG)
    said = form.cleaned_data
    of = Listed(cast(Kind, said["kind"]), said["region_code"], said["title"], said["source"])
    who: dict[str, Any] = {"by": request.actor, "at": request.at, "key": form.command_key}
    try:
        if beginning:
            made = services.begin_edition(of=of, **who).edition_id
            messages.success(request, "已经建好草稿。")
        else:
            file = said["file"]
            read = services.import_list(of=of, data=bytes(file.read()), name=str(file.name), **who)
            made = read.edition_id
            messages.success(request, f"读了{read.rows}行，列入{read.taken}条，{read.refused}行没有列入。")
    except DomainError as refused:
        return _new_page(request, forms, form, form.tell(refused))
    return redirect("catalogue:edition", edition_id=made)


def _new_page(request: Any, forms: Mapping[str, Any], tried: Any = None, status: int = 200) -> HttpResponse:
    context = {
        "forms": forms,
        "tried": tried,
        "kinds": [(kind, ListEdition.Kind(kind).label) for kind in KINDS],
    }
    return render(request, "catalogue/list_new.html", context, status=status)


def _own_region(actor: Any) -> str:
    """The region this actor makes lists for, to begin with."""
    held = access.scope(actor, "list.edit").mandates
    return held[0].region.ljust(12, "0") if held and held[0].region else ""


@staff("list.edit")
@require_GET
def template(request: Any, kind: str) -> HttpResponse:
    """The table to fill in, with one row as an example."""
    if kind not in KINDS:
        raise NotFound()
    wanted = columns.OF_KIND[kind]
    words = ListEdition.Kind(kind).label
    headers, example = [one.header for one in wanted], [one.example for one in wanted]
    return as_file(book(words, headers, [example]), f"{words}模板.xlsx")


def as_file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@staff("list.see")
@require_GET
def download(request: Any, edition_id: UUID) -> HttpResponse:
    found = selectors.edition(request.actor, edition_id)
    headers, rows = selectors.table(cast(Kind, found.kind), found)
    return as_file(book(found.kind_words, headers, rows), f"{found.name}.xlsx")


@staff("list.see")
@never_cache
@require_GET
def edition(request: Any, edition_id: UUID) -> HttpResponse:
    return _page(request, selectors.edition(request.actor, edition_id))


def _page(
    request: Any, found: ListEdition, tried: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    words, after = request.GET.get("q", "").strip()[:60], request.GET.get("after", "")[:64]
    rows, more = selectors.entries(found, words=words, after=after)
    actor, seen = request.actor, {"version": found.version}
    before = found.before if found.before_id else selectors.newest(found.kind, found.region_code)
    before = None if before is not None and before.pk == found.pk else before
    changes = selectors.differences(before, found) if before else []
    can = _can(actor, found)
    report = found.report or {}
    names = people_of([found])  # type: ignore[list-item]  # anything with remarks
    context = {
        "edition": found,
        "region": region_name(found.region_code),
        "rows": rows,
        "q": words,
        "first_url": f"?{urlencode({'q': words})}" if after else "",
        "next_url": f"?{urlencode({'q': words, 'after': more})}" if more else "",
        "before": before,
        "changes": changes[:SHOWN_DIFFERENCES],
        "changes_more": max(0, len(changes) - SHOWN_DIFFERENCES),
        "report": report,
        "findings": report.get("findings", [])[:SHOWN_FINDINGS],
        "findings_more": max(0, report.get("found", 0) - SHOWN_FINDINGS),
        "types": [_type_row(one, codes, seen) for one, codes in report.get("proposed", {}).items()],
        "can": can,
        "read_only": found.kind == READ_ONLY,
        "remarks": [_remark(one, names) for one in reversed(found.remarks)],
        "forms": {
            "submit": DeedForm(initial=seen),
            "publish": DeedForm(initial=seen),
            "return": ReasonForm(initial=seen, prefix=None),
            "drop": ReasonForm(initial=seen),
            **(tried or {}),
        },
        "tried": next(iter((tried or {}).values()), None),
    }
    return render(request, "catalogue/list_edition.html", context, status=status)


def _can(actor: Any, found: ListEdition) -> dict[str, bool]:
    open_for = {
        "edit": services.DEEDS["修改"],
        "submit": services.DEEDS["送审"],
        "publish": services.DEEDS["发布"],
    }
    can = {
        name: found.state in states and access.allows(actor, f"list.{name}", found)
        for name, states in open_for.items()
    }
    can["drop"] = found.state in services.DEEDS["作废"] and access.allows(actor, "list.edit", found)
    can["entries"] = can["edit"] and found.kind != READ_ONLY
    can["own"] = actor.id in services.hands(found)
    return can


def _type_row(words: str, codes: list[str], seen: dict[str, int]) -> dict[str, Any]:
    proposed, _certain = rules.proposed_type(words)
    form = TypeForm(initial={**seen, "words": words, "item_type": proposed})
    return {"words": words, "count": len(codes), "form": form}


def _remark(one: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    who = names.get(one["who"], "系统")
    return {"deed": one["deed"], "name": who, "at": datetime.fromisoformat(one["at"]), "text": one["text"]}


Deed = Callable[..., Any]


@staff("list.see")
@require_POST
def act(request: Any, edition_id: UUID) -> HttpResponse:
    """送审, 退回, 发布, 作废, or the confirmation of a type."""
    found = selectors.edition(request.actor, edition_id)
    deeds: dict[str, tuple[type[DeedForm], Deed, list[str], str]] = {
        "submit": (DeedForm, services.submit_edition, ["version"], "已经送审，等另一个人审核发布。"),
        "publish": (
            DeedForm,
            services.publish_edition,
            ["version"],
            "已经发布。事项是否有效正在按新的一版核对。",
        ),
        "return": (ReasonForm, services.return_edition, ["version", "reason"], "已经退回。"),
        "drop": (ReasonForm, services.drop_edition, ["reason"], "已经作废。"),
        "type": (TypeForm, services.confirm_type, ["version", "words", "item_type"], "类型已经确认。"),
    }
    name = request.POST.get("deed", "")
    if name not in deeds:
        raise NotFound()
    kind, command, wanted, done = deeds[name]
    form = kind(request.POST)
    if not form.is_valid():
        return _page(request, found, {name: form}, WRONG)
    given = {one: form.cleaned_data[one] or (0 if one == "version" else "") for one in wanted}
    try:
        command(edition_id=edition_id, by=request.actor, at=request.at, key=form.command_key, **given)
    except DomainError as refused:
        return _page(request, found, {name: form}, form.tell(refused))
    messages.success(request, done)
    return redirect("catalogue:edition", edition_id=edition_id)


@staff("list.edit")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: Any, edition_id: UUID, entry_id: UUID | None = None) -> HttpResponse:
    """One entry of a draft: typed, changed, or taken out."""
    found = selectors.edition(request.actor, edition_id)
    kind = cast(Kind, found.kind)
    row = ListEntry.objects.filter(edition=found, pk=entry_id).first() if entry_id else None
    if entry_id and row is None:
        raise NotFound()
    initial: dict[str, Any] = {"version": found.version}
    if row is not None:
        wanted = columns.OF_KIND[kind]
        cells = columns.cells_of(kind, selectors.entry_of(row))
        initial |= {column.code: cell for column, cell in zip(wanted, cells, strict=True)}
    if request.method != "POST":
        return _entry_page(request, found, row, EntryForm(kind, initial=initial))
    form = EntryForm(kind, request.POST)
    if not form.is_valid():
        return _entry_page(request, found, row, form, WRONG)
    who: dict[str, Any] = {"by": request.actor, "at": request.at, "key": form.command_key}
    which: dict[str, Any] = {"edition_id": edition_id, "version": form.cleaned_data["version"] or 0}
    try:
        if request.POST.get("deed") == "remove" and row is not None:
            services.remove_entry(**which, entry_id=row.pk, **who)
        else:
            services.save_entry(**which, entry_id=entry_id, values=form.values, **who)
    except DomainError as refused:
        return _entry_page(request, found, row, form, form.tell(refused))
    messages.success(request, "条目已经保存。")
    return redirect("catalogue:edition", edition_id=edition_id)


def _entry_page(
    request: Any, found: ListEdition, row: ListEntry | None, form: EntryForm, status: int = 200
) -> HttpResponse:
    names = [column.code for column in columns.OF_KIND[cast(Kind, found.kind)]]
    context = {
        "edition": found,
        "row": row,
        "form": form,
        "fields": [form[name] for name in names],
        "back": reverse("catalogue:edition", args=[found.pk]),
    }
    return render(request, "catalogue/list_entry.html", context, status=status)
