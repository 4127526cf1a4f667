"""What a post may do (授权): roles within a region, departments and item types; and what each role is, in words."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.identity import staff_lists
from mingqu.identity.admin_forms import DeedForm
from mingqu.identity.granting_forms import GrantForm
from mingqu.identity.models import Post, RoleGrant
from mingqu.identity.services import organs
from mingqu.identity.types import Within
from mingqu.identity.views.admin.deeds import Deed, page_of
from mingqu.identity.views.admin.organs import THE_THREE, back_to, post_of, words_of
from mingqu.kernel.errors import NotFound
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import staff


@staff("identity.see_accounts")
@never_cache
@require_GET
def role_list(request: Any) -> HttpResponse:
    """Every role with what it may do; `q`: roles that may do something called so."""
    words = request.GET.get("q", "").strip()[:60]
    context = {"lines": staff_lists.role_lines(words), "asked": words}
    return render(request, "identity/roles.html", context)


@staff("identity.see_accounts")
@never_cache
@require_GET
def role_table(request: Any) -> HttpResponse:
    """权限 × 角色 as a workbook."""
    headers, rows = staff_lists.role_matrix()
    name = content_disposition_header(True, "角色和权限.xlsx") or ""
    return HttpResponse(
        book("角色和权限", headers, rows), content_type=XLSX, headers={"Content-Disposition": name}
    )


def _grant(grant_id: UUID) -> RoleGrant:
    found = staff_lists.grant(grant_id)
    if found is None:
        raise NotFound()
    return found


def _grant_role(request: Any, post: Post, form: Any) -> None:
    given = form.cleaned_data
    within = Within(given["region_code"], form.department_id, tuple(given["item_types"]))
    organs.grant_role(
        post_id=post.pk,
        role=given["role"],
        within=within,
        by=request.actor,
        at=request.at,
        key=form.command_key,
    )


def _grant_follows(post: Post, form: Any) -> list[str]:
    given = form.cleaned_data
    where = staff_lists.where_words(given["region_code"], form.department_name, given["item_types"])
    return [
        f"{words_of(post)}得到角色“{form.role_words}”，范围：{where}。",
        "现在和以后担任这个岗位的人，马上都能办。",
        THE_THREE,
    ]


def _revoke(request: Any, grant: RoleGrant, form: Any) -> None:
    organs.revoke_role(grant_id=grant.pk, by=request.actor, at=request.at, key=form.command_key)


grant = page_of(
    Deed(
        action="identity.grant_role",
        title="授权",
        button="确认授权",
        done="已授权。",
        about=post_of,
        form=lambda post, data: GrantForm(data, post=post),
        follows=_grant_follows,
        run=_grant_role,
        back=back_to,
        subject=words_of,
    )
)
revoke = page_of(
    Deed(
        action="identity.revoke_role",
        title="收回授权",
        button="确认收回",
        done="已收回。",
        about=_grant,
        form=lambda about, data: DeedForm(data),
        follows=lambda grant, form: [
            f"{words_of(grant.post)}不再有角色“{staff_lists.role_name(grant.role)}”，担任它的人马上不能再办。",
            "已经办过的事不受影响。",
        ],
        run=_revoke,
        back=lambda grant: back_to(grant.post),
        subject=lambda grant: f"{words_of(grant.post)}，{staff_lists.role_name(grant.role)}",
        kind="warn",
    )
)
