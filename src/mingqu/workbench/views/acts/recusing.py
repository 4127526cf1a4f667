"""回避: asked for, decided without being asked, and a step that nobody is left for."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from mingqu.cases import services
from mingqu.cases.services.recusing import officers_of
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.forms import ActForm
from mingqu.workbench.recusing_forms import ExcludeForm, ReassignForm, RecuseForm
from mingqu.workbench.selectors.recusing import steps_and_posts
from mingqu.workbench.views.acts.shared import Act, page_of, plain

if TYPE_CHECKING:
    from mingqu.cases.models import Case

QUIET = "申请人不会收到通知，办理时限照常计算。"


def _recuse(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
    assert isinstance(form, RecuseForm)
    return services.recuse(case_id=case.pk, why=form.why, by=by, at=at, key=form.command_key)


def _exclude_form(case: "Case", data: Any, by: Actor, at: Instant) -> ExcludeForm:
    officers = officers_of(case, at)
    others = [one for one in officers if one.person_id not in {by.id, *case.barred_ids}]
    return ExcludeForm(data, officers=others)


def _exclude(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
    assert isinstance(form, ExcludeForm)
    return services.exclude(
        case_id=case.pk, person_id=form.person_id, why=form.why, by=by, at=at, key=form.command_key
    )


def _reassign_form(case: "Case", data: Any, by: Actor, at: Instant) -> ReassignForm:
    stranded, posts = steps_and_posts(case, at)
    return ReassignForm(data, stranded=stranded, posts=posts)


def _reassign(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
    given = form.cleaned_data
    return services.reassign(
        case_id=case.pk,
        task_id=UUID(given["task_id"]),
        post=given["post"],
        reason=given["reason"],
        by=by,
        at=at,
        key=form.command_key,
    )


recuse = page_of(
    Act(
        action="case.recuse",
        title="申请回避",
        sure="申请回避这件申请？",
        button="确认申请回避",
        done="已停止您办理这件申请，负责人会收到通知。",
        tab="mine",
        form=plain(RecuseForm),
        follows=lambda case, form, at: [
            "从现在起您不能再办这件申请的任何环节，换岗位、受委派、加签也不能。",
            "环节留在岗位上，由同岗位的其他人办；没有别人的，负责人另外指定。",
            "负责人审查以后决定回避还是不用回避。",
            QUIET,
        ],
        run=_recuse,
        kind="in",
        to_case=True,
    )
)
exclude = page_of(
    Act(
        action="case.exclude",
        title="决定回避",
        sure="决定这位工作人员回避？",
        button="确认决定回避",
        done="已决定回避，本人会收到通知。",
        tab="all",
        form=_exclude_form,
        follows=lambda case, form, at: [
            f"{form.person_name}从现在起不能办这件申请的任何环节。",
            "已经写的意见留着；环节留在岗位上，没有别人可以办的，由您另外指定岗位。",
            QUIET,
        ],
        run=_exclude,
        kind="in",
        to_case=True,
    )
)
reassign = page_of(
    Act(
        action="case.reassign",
        title="指定岗位",
        sure="把这个环节交给别的岗位？",
        button="确认指定",
        done="已交给那个岗位，出现在那里的“我的环节”里。",
        tab="all",
        form=_reassign_form,
        follows=lambda case, form, at: [
            "这个环节从此由那个岗位办。已经约定的现场核查取消，要重新约。",
            f"理由：{form.cleaned_data['reason']}",
            QUIET,
        ],
        run=_reassign,
        kind="in",
        to_case=True,
    )
)
