"""部门: every one with its history; another name, another place in the tree, an end, each by two officers."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.identity import organ_lists
from mingqu.identity.admin_forms import DeedForm
from mingqu.identity.models import Department, DepartmentChange
from mingqu.identity.organ_forms import ChangeForm, CloseForm, MoveForm, RenameForm
from mingqu.identity.organ_types import Change
from mingqu.identity.services import access, organ_carrying, organ_changes, settling
from mingqu.identity.views.admin.deeds import Deed, page_of
from mingqu.kernel.errors import NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import staff
from mingqu.ui.menu import Navigation
from mingqu.ui.text import zh_day

Kind, State = DepartmentChange.Kind, DepartmentChange.State
MOST_NAMED = 10
SECOND = "安全管理员复核以后才算数；生效以前随时可以作废。"


def _asked(request: Any) -> dict[str, str]:
    state = request.GET.get("state", "")
    return {
        "words": request.GET.get("q", "").strip()[:60],
        "state": state if state in organ_lists.STATES else "",
    }


@staff("identity.see_accounts")
@never_cache
@require_GET
def department_list(request: Any) -> HttpResponse:
    asked, after = _asked(request), request.GET.get("after", "")[:400]
    lines, more = organ_lists.departments(**asked, after=after)
    here = reverse("identity:departments")
    query = {"q": asked["words"], "state": asked["state"]}
    context = {
        "lines": lines,
        "asked": asked,
        "states": organ_lists.STATES.items(),
        "table_url": f"{reverse('identity:department_table')}?{urlencode(query)}",
        "first_url": f"{here}?{urlencode(query)}" if after else "",
        "next_url": f"{here}?{urlencode({**query, 'after': more})}" if more else "",
        "may_department": access.may(request.actor, "identity.create_department"),
    }
    return render(request, "identity/departments.html", context)


@staff("identity.see_accounts")
@never_cache
@require_GET
def department_table(request: Any) -> HttpResponse:
    """What the list shows, as a workbook with every change there was."""
    rows = organ_lists.table(**_asked(request))
    name = content_disposition_header(True, f"部门-{legal_day(request.at):%Y%m%d}.xlsx") or ""
    data = book("部门", organ_lists.HEADERS, rows)
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": name})


@staff("identity.see_accounts")
@never_cache
@require_GET
def department(request: Any, department_id: UUID) -> HttpResponse:
    found = _department(department_id)
    changes = organ_lists.changes_of([department_id])
    waiting = next((one for one in changes if one.row.state in DepartmentChange.OPEN), None)
    may_change = access.may(request.actor, organ_changes.CHANGE)
    may_agree = access.may(request.actor, organ_changes.AGREE)
    closing = waiting is not None and waiting.row.kind == Kind.CLOSED
    show_ties = found.closed_on is None and (closing or request.GET.get("ties") == "1")
    context = {
        "department": found,
        "posts": organ_lists.posts_of(department_id),
        "below": organ_lists.below(department_id),
        "predecessors": organ_lists.predecessors(department_id),
        "spells": organ_lists.spells(found),
        "changes": changes,
        "waiting": waiting,
        "hindrance": organ_changes.hindrance(waiting.row, request.at) if waiting else "",
        "show_ties": show_ties,
        "ties": _ties(request, department_id) if show_ties else [],
        "may_change": may_change and found.closed_on is None and waiting is None,
        "may_drop": waiting is not None and (may_change or may_agree),
        "may_agree": may_agree
        and waiting is not None
        and waiting.row.state == State.ASKED
        and waiting.row.asked_by != request.actor.id,
    }
    return render(request, "identity/department.html", context)


def _ties(request: Any, department_id: UUID) -> list[tuple[settling.Found, str, str]]:
    """What is unsettled, with the address and name of the page where the reader may deal with it."""
    nav = Navigation(request)
    nav.actor = request.actor
    links = {link.name: link for link in nav.links("staff")}
    found = []
    for one in settling.unsettled(department_id, legal_day(request.at)):
        link = links.get(one.page)
        found.append((one, link.url, str(link.label)) if link else (one, "", ""))
    return found


def _department(department_id: UUID) -> Department:
    found = organ_lists.department(department_id)
    if found is None:
        raise NotFound()
    return found


def _change(change_id: UUID) -> DepartmentChange:
    found = organ_lists.change(change_id)
    if found is None:
        raise NotFound()
    return found


def _asks(kind: str) -> Any:
    def run(request: Any, about: Department, form: ChangeForm) -> None:
        given = form.cleaned_data
        change = Change(
            kind,
            given["from_on"],
            given["basis"],
            given.get("name", ""),
            form.other,
            given.get("carries_posts", False),
        )
        organ_changes.ask(
            department_id=about.pk, change=change, by=request.actor, at=request.at, key=form.command_key
        )

    return run


def _agree(request: Any, about: DepartmentChange, form: DeedForm) -> None:
    organ_changes.agree(change_id=about.pk, by=request.actor, at=request.at, key=form.command_key)


def _drop(request: Any, about: DepartmentChange, form: DeedForm) -> None:
    organ_changes.drop(change_id=about.pk, by=request.actor, at=request.at, key=form.command_key)


def _page(department_id: UUID) -> str:
    return reverse("identity:department", args=[department_id])


def _rename_follows(about: Department, form: Any) -> list[str]:
    given = form.cleaned_data
    return [
        f"从{zh_day(given['from_on'])}起，{about.name}叫{given['name']}。依据：{given['basis']}。",
        "以前做好的文书、证照、印章和办件记录保留当时的名称；以后的指南、文书用新名称。",
        "电子印章上还是旧名称，要在“电子印章”里换成新的。",
        SECOND,
    ]


def _move_follows(about: Department, form: Any) -> list[str]:
    given = form.cleaned_data
    return [
        f"从{zh_day(given['from_on'])}起，{about.name}的上级部门是{form.other_name('parent')}。依据：{given['basis']}。"
        if given["parent"]
        else f"从{zh_day(given['from_on'])}起，{about.name}没有上级部门。依据：{given['basis']}。",
        "下级部门、岗位、人员、事项和办件一起跟着；按上级部门授权的岗位，从那天起看得到、办得了的范围随着变。",
        SECOND,
    ]


def _close_follows(about: Department, form: Any) -> list[str]:
    given = form.cleaned_data
    to = f"由{form.other_name('successor')}承接" if given["successor"] else "职责取消，没有部门承接"
    return [
        f"从{zh_day(given['from_on'])}起撤销{about.name}，{to}。依据：{given['basis']}。",
        *_posts_follow(about, form),
        "撤销以后不能再任命、授权、公布事项；以前的文书、证照和记录不变，仍然查得到。",
        SECOND,
    ]


def _posts_follow(about: Department, form: Any) -> list[str]:
    if not form.cleaned_data["carries_posts"]:
        return [
            "生效以前要处理完：没有办结的办件和环节、公布的事项、担任岗位的人、印章、下级部门等；部门页面上列出还有哪些。"
        ]
    names = organ_carrying.goes_along(about.pk)
    shown = "、".join(names[:MOST_NAMED]) + ("等" if len(names) > MOST_NAMED else "")
    return [
        f"{len(names)}个岗位（{shown or '没有'}）划转到{form.other_name('successor')}，岗位代码不变。"
        "担任的人、AB岗、授权范围、没有办完的环节、征求意见和约好的现场核查跟着走。",
        "办件由收下它的部门办结，不划转：没有办结的办件、公布的事项、印章、下级部门等仍要先处理完；"
        "部门页面上列出还有哪些。",
    ]


def _agree_follows(about: DepartmentChange, form: Any) -> list[str]:
    return [
        f"{organ_lists.change_words(about)}，从{zh_day(about.from_on)}起。",
        f"依据：{about.basis}。",
        "还没有到那一天的，到那天早上自动生效；已经过了的，从同意的这一天起生效，不往前算。",
    ]


def _subject(about: DepartmentChange) -> str:
    return about.department.name


rename = page_of(
    Deed(
        action=organ_changes.CHANGE,
        title="部门改名",
        button="提出改名",
        done="已提出，等安全管理员复核。",
        about=_department,
        form=lambda about, data: RenameForm(data),
        follows=_rename_follows,
        run=_asks(Kind.RENAMED),
        back=lambda about: _page(about.pk),
        subject=lambda about: about.name,
    )
)
move = page_of(
    Deed(
        action=organ_changes.CHANGE,
        title="部门改隶",
        button="提出改隶",
        done="已提出，等安全管理员复核。",
        about=_department,
        form=lambda about, data: MoveForm(data, about=about),
        follows=_move_follows,
        run=_asks(Kind.MOVED),
        back=lambda about: _page(about.pk),
        subject=lambda about: about.name,
    )
)
close = page_of(
    Deed(
        action=organ_changes.CHANGE,
        title="撤销部门",
        button="提出撤销",
        done="已提出，等安全管理员复核。下面列出还要处理的。",
        about=_department,
        form=lambda about, data: CloseForm(data, about=about),
        follows=_close_follows,
        run=_asks(Kind.CLOSED),
        back=lambda about: _page(about.pk),
        subject=lambda about: about.name,
        kind="warn",
    )
)
agree = page_of(
    Deed(
        action=organ_changes.AGREE,
        title="复核部门变更",
        button="同意",
        done="已同意。",
        about=_change,
        form=lambda about, data: DeedForm(data),
        follows=_agree_follows,
        run=_agree,
        back=lambda about: _page(about.department_id),
        subject=_subject,
    )
)
drop = page_of(
    Deed(
        action="identity.see_accounts",  # who may ask or agree; the command asks which
        title="作废部门变更",
        button="作废",
        done="已作废，什么都没有改。",
        about=_change,
        form=lambda about, data: DeedForm(data),
        follows=lambda about, form: [
            f"{organ_lists.change_words(about)}：不办了，部门保持现在的样子。",
        ],
        run=_drop,
        back=lambda about: _page(about.department_id),
        subject=_subject,
    )
)
