"""Departments and posts: found, made; who holds a post. What a post may do is given in `granting`."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.identity import selectors, staff_lists
from mingqu.identity.admin_forms import (
    AssignForm,
    EndForm,
    NewDepartmentForm,
    NewPostForm,
    RankForm,
    ReviewOrganForm,
)
from mingqu.identity.errors import UnknownPost
from mingqu.identity.models import Post
from mingqu.identity.ranks import rank_words
from mingqu.identity.roles import roles
from mingqu.identity.services import access, organs
from mingqu.identity.types import DepartmentView, NewDepartment, NewPost, Span
from mingqu.identity.views.admin.deeds import Deed, page_of
from mingqu.kernel.errors import NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.ui.text import zh_day

THE_THREE = "系统管理员、安全管理员、审计管理员不能由同一个人担任；自己的岗位不能由自己授权。"


@staff("identity.see_accounts")
@never_cache
@require_GET
def post_list(request: Any) -> HttpResponse:
    words, after = request.GET.get("q", "").strip()[:60], request.GET.get("after", "")
    role = request.GET.get("role", "")
    role = role if role in roles() else ""
    lines, more = staff_lists.posts(words=words, after=after, role=role)
    here, asked = reverse("identity:organs"), {"q": words, **({"role": role} if role else {})}
    context = {
        "lines": lines,
        "asked": words,
        "role": role,
        "role_words": staff_lists.role_name(role) if role else "",
        "first_url": f"{here}?{urlencode(asked)}" if after else "",
        "next_url": f"{here}?{urlencode({**asked, 'after': more})}" if more else "",
        "may_department": access.may(request.actor, "identity.create_department"),
        "may_post": access.may(request.actor, "identity.create_post"),
    }
    return render(request, "identity/organs.html", context)


@staff("identity.see_accounts")
@never_cache
@require_GET
def post(request: Any, post_id: UUID) -> HttpResponse:
    found = post_of(post_id)
    context = {
        "post": found,
        "holders": staff_lists.holders_of(post_id, legal_day(request.at)),
        "grants": staff_lists.grants_of(post_id),
        "rank": rank_words(found),
        "item_types": staff_lists.item_type_names(found.item_types),
        "may": {
            name: access.may(request.actor, f"identity.{name}")
            for name in (
                "assign_post",
                "end_post",
                "grant_role",
                "revoke_role",
                "create_department",
                "rank_post",
            )
        },
    }
    return render(request, "identity/post.html", context)


def post_of(post_id: UUID) -> Post:
    found = staff_lists.post(post_id)
    if found is None:
        raise UnknownPost()
    return found


def _holding(post_id: UUID, user_id: UUID) -> tuple[Post, staff_lists.AccountLine]:
    holder = staff_lists.account(user_id)
    if holder is None:
        raise NotFound()
    return post_of(post_id), holder


def words_of(post: Post) -> str:
    return f"{post.department.name}·{post.name}"


def back_to(post: Post) -> str:
    return reverse("identity:post", args=[post.pk])


def _create_department(request: Any, about: None, form: Any) -> None:
    given = form.cleaned_data
    parent = UUID(given["parent"]) if given["parent"] else None
    draft = NewDepartment(given["code"], given["name"], given["region_code"], parent, given["credit_code"])
    organs.create_department(draft=draft, by=request.actor, at=request.at, key=form.command_key)


def _department(department_id: UUID) -> DepartmentView:
    found = selectors.departments_by_id([department_id]).get(department_id)
    if found is None:
        raise NotFound()
    return found


def _name_review_organ(request: Any, about: DepartmentView, form: Any) -> None:
    organs.name_review_organ(
        department_id=about.id,
        organ=form.cleaned_data["organ"],
        by=request.actor,
        at=request.at,
        key=form.command_key,
    )


def _rank_post(request: Any, post: Post, form: Any) -> None:
    rank = form.cleaned_data["rank"]
    organs.rank_post(post_id=post.pk, rank=rank, by=request.actor, at=request.at, key=form.command_key)


def _create_post(request: Any, about: None, form: Any) -> None:
    given = form.cleaned_data
    draft = NewPost(given["code"], given["name"], UUID(given["department"]))
    organs.create_post(draft=draft, by=request.actor, at=request.at, key=form.command_key)


def _assign(request: Any, post: Post, form: Any) -> None:
    given = form.cleaned_data
    user = selectors.staff_account(given["user"])
    deputed = selectors.staff_account(given["deputy_for"]).pk if given["deputy_for"] else None
    span = Span(given["from_on"], given["until_on"], deputed)
    organs.assign_post(
        user_id=user.pk, post_id=post.pk, span=span, by=request.actor, at=request.at, key=form.command_key
    )


def _end(request: Any, about: Any, form: Any) -> None:
    post, holder = about
    organs.end_post(
        user_id=holder.id,
        post_id=post.pk,
        until_on=form.cleaned_data["until_on"],
        by=request.actor,
        at=request.at,
        key=form.command_key,
    )


def _assign_follows(post: Post, form: Any) -> list[str]:
    given = form.cleaned_data
    until = f"到{zh_day(given['until_on'])}止" if given["until_on"] else "没有截止日"
    may = "、".join(line.role for line in staff_lists.grants_of(post.pk)) or "还没有任何角色"
    deputy = [f"代理账号{given['deputy_for']}（AB岗），办的事记两个人的名字。"] if given["deputy_for"] else []
    return [
        *deputy,
        f"账号{given['user']}从{zh_day(given['from_on'])}起担任{words_of(post)}，{until}。",
        f"这个岗位现在的角色：{may}。",
        THE_THREE,
    ]


create_department = page_of(
    Deed(
        action="identity.create_department",
        title="新建部门",
        button="确认新建",
        done="部门已新建。",
        about=lambda: None,
        form=lambda about, data: NewDepartmentForm(data),
        follows=lambda about, form: [
            f"新建部门{form.cleaned_data['name']}（{form.cleaned_data['code']}）。",
            "部门代码以后不能修改；名称和上级部门以后可以变更。",
        ],
        run=_create_department,
        back=lambda about: reverse("identity:departments"),
    )
)
review_organ = page_of(
    Deed(
        action="identity.create_department",
        title="行政复议机关",
        button="确认登记",
        done="行政复议机关已登记。",
        about=_department,
        form=lambda about, data: ReviewOrganForm(data, initial={"organ": about.review_organ}),
        follows=lambda about, form: [
            f"对{about.name}的行政行为不服的，向{form.cleaned_data['organ'] or '每个事项写明的机关'}申请行政复议。",
            "以后发布的事项必须写同一个机关，指南和决定书照此告知；已经发布的不变，要改的重新发布。",
        ],
        run=_name_review_organ,
        back=lambda about: reverse("identity:department", args=[about.id]),
        subject=lambda about: about.name,
    )
)
rank_post = page_of(
    Deed(
        action="identity.rank_post",
        title="岗位层级",
        button="确认登记",
        done="岗位层级已登记。",
        about=post_of,
        form=lambda about, data: RankForm(data, initial={"rank": str(about.rank)}),
        follows=lambda about, form: [
            f"{words_of(about)}的层级：{form.words}。",
            "从现在起，层级低的岗位不能复核层级高的岗位提出的裁量；已经提出的不变。",
        ],
        run=_rank_post,
        back=back_to,
        subject=words_of,
    )
)
create_post = page_of(
    Deed(
        action="identity.create_post",
        title="新建岗位",
        button="确认新建",
        done="岗位已新建。",
        about=lambda: None,
        form=lambda about, data: NewPostForm(data),
        follows=lambda about, form: [
            f"新建岗位{form.cleaned_data['name']}（{form.cleaned_data['code']}）。",
            "岗位代码以后不能修改。新岗位没有角色，由安全管理员授权。",
        ],
        run=_create_post,
        back=lambda about: reverse("identity:organs"),
    )
)
assign = page_of(
    Deed(
        action="identity.assign_post",
        title="任命",
        button="确认任命",
        done="已任命。",
        about=post_of,
        form=lambda post, data: AssignForm(data),
        follows=_assign_follows,
        run=_assign,
        back=back_to,
        subject=words_of,
    )
)
end = page_of(
    Deed(
        action="identity.end_post",
        title="免去岗位",
        button="确认免去",
        done="已免去。",
        about=_holding,
        form=lambda about, data: EndForm(data),
        follows=lambda about, form: [
            f"{about[1].name}（{about[1].username}）担任{words_of(about[0])}，到{zh_day(form.cleaned_data['until_on'])}止。",
            "没有办完的环节留在岗位上，由接任的人办。",
        ],
        run=_end,
        back=lambda about: back_to(about[0]),
        subject=lambda about: f"{words_of(about[0])}，{about[1].name}",
        kind="warn",
    )
)
